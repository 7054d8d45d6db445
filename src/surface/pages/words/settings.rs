//! The settings of the site.

use super::texts;

texts! {
    LEAD: "Yang diubah di sini berlaku seketika, tanpa menyalakan ulang.", "What you change here takes effect at once, without a restart.";
    SITE: "Tempat", "Site";
    SPEECH: "Sapaan di layar presensi", "How the kiosk speaks";
    ADDRESS: "Menyapa orang dengan", "Address people as";
    ADDRESS_ANDA: "Anda", "formal (“Anda” in Indonesian)";
    ADDRESS_KAMU: "kamu", "familiar (“kamu” in Indonesian)";
    DESK_ID: "Tempat bertanya, dalam bahasa Indonesia", "Where people are sent, in Indonesian";
    DESK_EN: "Tempat bertanya, dalam bahasa Inggris", "Where people are sent, in English";
    DESK_HINT: "Melengkapi “Silakan ke …”: meja panitia, guru piket, resepsionis.", "Completes “Please go to …”: the desk, the duty teacher, reception.";
    FACES: "Pengenalan wajah", "Face recognition";
    FACES_LEAD: "Wajah hanya dipakai dengan persetujuan. Kode QR dan nomor selalu setara.", "Faces are used with consent only. QR code and number always do as well.";
    UNATTENDED: "Uji keaslian di layar presensi tanpa petugas", "Liveness check at kiosks without staff";
    ATTENDED: "Uji keaslian di meja yang dijaga petugas", "Liveness check at desks with staff";
    REQUIRED: "Wajib", "Required";
    REQUIRED_MORE: "Tanpa hasil yang baik wajah tidak diterima; kode QR tetap bisa.", "Without a good result a face is not accepted; a QR code still is.";
    ADVISORY: "Hanya ditampilkan", "Shown only";
    ADVISORY_MORE: "Petugas melihat hasilnya; keputusan tidak berubah.", "Staff see the result; the decision does not change.";
    OFF: "Mati", "Off";
    OFF_MORE: "Tidak diperiksa. Foto seseorang dapat lolos.", "Not checked. A photo of somebody may get through.";
    THRESHOLDS: "Ambang kemiripan", "Similarity thresholds";
    THRESHOLDS_LEAD: "Makin banyak orang dalam satu acara, makin mirip wajah yang diminta.", "The more people an event has, the more alike a face must be.";
    PEOPLE_UP_TO: "Orang, sampai", "People, up to";
    THRESHOLD: "Ambang", "Threshold";
    MORE_PEOPLE: "Di atas itu wajah hanya mengusulkan; kode QR atau nomor memutuskan.", "Above that a face only proposes; a QR code or number decides.";
    PIN: "PIN layar presensi", "PIN of the kiosk";
    PIN_LEAD: "Untuk membuka menu petugas di layar presensi: tekan sudut layar 5 detik.", "Opens the staff menu at a kiosk: press a corner of the screen for 5 seconds.";
    PIN_NEW: "PIN baru, 4 sampai 12 angka", "New PIN, 4 to 12 digits";
    PIN_BAD: "PIN terdiri atas 4 sampai 12 angka.", "A PIN has 4 to 12 digits.";
    PIN_SET: "Sudah ada PIN.", "A PIN is set.";
    PIN_NONE: "Belum ada PIN; menu petugas tertutup.", "No PIN is set; the staff menu is closed.";
    KIT: "Lembar pemulihan", "Recovery kit";
    KIT_LEAD: "Kunci perangkat di atas kertas, untuk membuka salinan data di perangkat baru.", "The box's key on paper, to open a copy of the data on a new box.";
    KIT_OPEN: "Buka", "Open";
    CONSENT: "Teks persetujuan", "Consent text";
    CONSENT_LEAD: "Teks ini dibaca setiap orang sebelum wajahnya didaftarkan. Periksa apakah sesuai dengan cara Anda memakai perangkat ini.", "Everyone reads this text before their face is enrolled. Check that it fits the way you use this box.";
    CONSENT_AGREE: "Sudah saya baca, teks ini sesuai", "I have read it, this text fits";
    CONSENT_READ: "Sudah dibaca: teks {0}", "Read: text {0}";
    LOGO: "Logo", "Logo";
    LOGO_LEAD: "Tampil di atas setiap halaman.", "Shown above every page.";
    LOGO_FILE: "Pilih gambar", "Choose a picture";
    LOGO_HINT: "PNG, JPEG, atau WebP, paling besar 128 KiB. Langsung disimpan.", "PNG, JPEG or WebP, at most 128 KiB. It is kept at once.";
    LOGO_WITHOUT: "Mengganti logo memerlukan skrip. Nyalakan JavaScript di peramban ini, atau gantilah nanti dari peramban lain.", "Changing the logo needs scripts. Switch JavaScript on in this browser, or change it later from another one.";
    LOGO_KEPT: "Logo sudah disimpan.", "The logo was saved.";
    LOGO_REFUSED: "Gambar ini tidak bisa dipakai. Pilih PNG, JPEG, atau WebP paling besar 128 KiB.", "This picture cannot be used. Choose a PNG, JPEG or WebP of at most 128 KiB.";
    LOGO_REMOVE: "Hapus logo", "Remove the logo";
    ELSEWHERE: "Di tempat lain", "Elsewhere";
}
