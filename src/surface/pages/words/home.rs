//! The home page: what to do next, and today.

use super::texts;

texts! {
    HELLO: "Halo, {0}", "Hello, {0}";
    TODAY: "Hari ini", "Today";
    INSIDE: "Di dalam", "Inside";
    ADMITTED: "Diterima", "Admitted";
    CAPACITY: "Kapasitas", "Capacity";
    OPEN_EVENTS: "Acara yang sedang dibuka", "Events that are open";
    NO_EVENT: "Belum ada acara yang dibuka.", "No event is open yet.";
    EVENT_LINE: "{0} diterima, {1} di dalam", "{0} admitted, {1} inside";
    TO_DESK: "Buka meja panitia", "Open the desk";
    START: "Mulai dari sini", "Start here";
    START_LEAD: "{0} dari {1} selesai", "{0} of {1} completed";
    ALL_DONE: "Semua langkah awal sudah selesai.", "All first steps are completed.";
    DONE: "selesai", "completed";
    NOT_DONE: "belum", "not yet";
    CLOCK: "Jam cocok dengan server waktu", "The clock agrees with a time server";
    CLOCK_WHY: "Supaya waktu presensi benar.", "So that the times of check-ins are right.";
    PEOPLE: "Tambahkan orang", "Add people";
    PEOPLE_WHY: "Satu per satu atau impor daftar dari Excel (CSV).", "One by one, or import a list from Excel (CSV).";
    FACE: "Daftarkan wajah pertama", "Enrol the first face";
    FACE_WHY: "Dengan persetujuan. Kode QR selalu bisa dipakai sebagai gantinya.", "With consent. A QR code can always be used instead.";
    KIOSK: "Pasangkan layar presensi", "Pair a kiosk";
    KIOSK_WHY: "Tablet, laptop, atau layar perangkat ini sendiri.", "A tablet, a laptop or the box's own screen.";
    EVENT: "Buat acara pertama", "Make the first event";
    EVENT_WHY: "Dengan tiket, kapasitas, dan waktu buka.", "With tickets, capacity and opening times.";
    CHECK_IN: "Coba satu presensi", "Try one check-in";
    CHECK_IN_WHY: "Di meja panitia atau di layar presensi.", "At the desk or at the kiosk.";
    ATTENTION: "Perlu perhatian", "Needs attention";
    DISK: "Ruang penyimpanan hampir habis: tinggal {0}. Hapus berkas yang tidak perlu atau ganti penyimpannya.", "Storage is running out: {0} left. Remove what is not needed or replace the drive.";
    STORE: "Data tidak dapat ditulis. Presensi tidak tercatat sampai ini diperbaiki.", "Data cannot be written. Check-ins are not recorded until this is mended.";
    FACES_OFF: "Pengenalan wajah mati. Kode QR dan nomor tetap bisa dipakai.", "Face recognition is off. QR code and number still work.";
    CAMERA_LOST: "Kamera {0} tidak mengirim gambar. Periksa kabel dan dayanya.", "The camera {0} sends no pictures. Check its cable and power.";
    CLOCK_UNSYNCED: "Jam belum dicocokkan dengan server waktu. Sambungkan perangkat ke internet sebentar.", "The clock has not been checked against a time server. Connect the box to the internet for a while.";
    LOOK: "Lihat", "Look";
    VISITOR: "Anda sudah masuk. Di sini Anda dapat melihat dan mengatur data Anda sendiri.", "You are signed in. Here you can see and change your own data.";
    TO_ME: "Buka akun saya", "Open my account";
}
