//! What many pages say: the frame, buttons, refusals.

use super::texts;

texts! {
    SKIP: "Langsung ke isi", "Skip to content";
    LANGUAGE: "Bahasa", "Language";
    PAGES: "Halaman", "Pages";
    HOME: "Beranda", "Home";
    DESK: "Meja panitia", "Desk";
    PEOPLE: "Orang", "People";
    ENROL: "Pendaftaran wajah", "Face enrolment";
    EVENTS: "Acara", "Events";
    DEVICES: "Perangkat", "Devices";
    SETTINGS: "Pengaturan", "Settings";
    STATUS: "Keadaan", "Status";
    AUDIT: "Jejak audit", "Audit trail";
    PRIVACY: "Privasi", "Privacy";
    TRUST: "Sertifikat", "Certificate";
    ME: "Akun saya", "My account";
    MORE: "Lainnya", "More";
    SIGN_IN: "Masuk", "Sign in";
    SIGN_OUT: "Keluar", "Sign out";
    SAVE: "Simpan", "Save";
    NEXT: "Lanjut", "Next";
    BACK: "Kembali", "Back";
    CANCEL: "Batalkan", "Cancel";
    SKIP_STEP: "Lewati dulu", "Skip for now";
    SEARCH: "Pencarian", "Search";
    EDIT: "Ubah", "Edit";
    PRINT: "Cetak", "Print";
    DOWNLOAD: "Unduh", "Download";
    OPTIONAL: "boleh kosong", "optional";
    SAVED: "Sudah disimpan.", "Saved.";
    CHECK_FIELDS: "Ada isian yang perlu diperbaiki.", "Please correct the fields that are marked.";
    PROBLEM: "Belum bisa", "That did not work";
    MISSING_TITLE: "Halaman tidak ditemukan", "Page not found";
    MISSING: "Tidak ada apa-apa di alamat ini. Periksa alamatnya atau mulai dari beranda.", "There is nothing at this address. Check the address or start from the home page.";
    FORBIDDEN_TITLE: "Tidak diizinkan", "Not permitted";
    FORBIDDEN: "Peran Anda tidak mencakup halaman atau tindakan ini. Minta administrator bila Anda memerlukannya.", "Your role does not include this page or action. Ask an administrator if you need it.";
    ORIGIN: "Permintaan ini datang dari halaman lain, jadi ditolak. Buka halaman ini langsung dan coba sekali lagi.", "This request came from another page and was refused. Open this page directly and try again.";
    UNAUTHENTICATED: "Silakan masuk dahulu.", "Please sign in first.";
    INVALID: "Isian tidak dapat dibaca. Kembali, periksa isiannya, lalu coba sekali lagi.", "The input could not be read. Go back, check it and try again.";
    CONFLICT: "Ini bertentangan dengan yang sudah tercatat. Muat ulang halaman dan periksa.", "This contradicts what is already recorded. Reload the page and check.";
    LAST_ADMINISTRATOR: "Ini administrator terakhir yang dapat masuk. Angkat administrator lain dahulu.", "This is the last administrator who can sign in. Make somebody else an administrator first.";
    TOO_LARGE: "Berkasnya terlalu besar.", "The file is too large.";
    RATE_LIMITED: "Terlalu banyak percobaan. Tunggu sebentar, lalu coba sekali lagi.", "Too many attempts. Wait a moment, then try again.";
    BUSY: "Sedang ramai. Coba sekali lagi sebentar lagi; yang sudah tersimpan tetap aman.", "Busy right now. Try again in a moment; what was saved is safe.";
    STORE: "Penyimpanan bermasalah. Lihat halaman Keadaan atau jalankan hadir doctor.", "The storage has a problem. See the Status page or run hadir doctor.";
    FACES: "Pengenalan wajah sedang tidak tersedia. Kode QR dan nomor tetap bisa dipakai.", "Face recognition is not available right now. QR code and number still work.";
    STARTING: "Perangkat sedang dinyalakan atau dimatikan. Coba sekali lagi sebentar lagi.", "The box is starting or stopping. Try again in a moment.";
    INTERNAL: "Ada kesalahan di pihak kami. Sebutkan nomor di bawah ini bila Anda melaporkannya.", "Something went wrong on our side. Give the number below if you report it.";
    SETUP_REQUIRED: "Perangkat ini belum disiapkan.", "This box has not been set up yet.";
    REQUEST: "Nomor permintaan: {0}", "Request number: {0}";
}
