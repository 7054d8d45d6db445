//! How the box is.

use super::texts;

texts! {
    LEAD: "Semua bagian perangkat sekali pandang.", "Every part of the box at a glance.";
    GOOD: "Semuanya berjalan baik", "Everything works";
    DEGRADED: "Ada yang perlu diperhatikan", "Something needs attention";
    FAILING: "Presensi tidak dapat dicatat", "Check-ins cannot be recorded";
    PARTS: "Bagian", "Parts";
    STORE: "Penyimpanan data", "Storage";
    STORE_GOOD: "menulis dan membaca", "writing and reading";
    STORE_FULL: "penuh: kosongkan ruang", "full: make room";
    STORE_READ_ONLY: "rusak: hanya dapat dibaca", "damaged: read-only";
    STORE_FAILED: "tulisan terakhir gagal", "the last write failed";
    FACES: "Pengenalan wajah", "Face recognition";
    FACES_ON: "hidup", "on";
    FACES_NO_MODEL: "mati: model tidak ada atau berbeda", "off: a model is missing or differs";
    FACES_PANICS: "mati setelah beberapa kesalahan; nyalakan ulang layanan", "off after several failures; restart the service";
    CAMERA: "Kamera {0}", "Camera {0}";
    CAMERA_ON: "mengirim gambar", "sending pictures";
    CAMERA_OPENING: "sedang dibuka", "being opened";
    CAMERA_LOST: "terputus: periksa kabel dan daya", "lost: check cable and power";
    CAMERA_ENDED: "berhenti", "ended";
    CLOCK: "Jam", "Clock";
    CLOCK_SYNCED: "cocok dengan server waktu", "agrees with a time server";
    CLOCK_UNSYNCED: "belum dicocokkan dengan server waktu", "not checked against a time server";
    DISK: "Ruang kosong", "Free space";
    TIME_HERE: "Jam perangkat dan peramban", "Clocks of box and browser";
    ABOUT: "Tentang perangkat ini", "About this box";
    VERSION: "Versi", "Version";
    BOX: "Nomor perangkat", "Number of the box";
    ADDRESS: "Alamat Anda", "Your address";
    CONNECTION: "Sambungan", "Connection";
    CONNECTION_TLS: "terenkripsi (https)", "encrypted (https)";
    CONNECTION_LOCAL: "di perangkat ini sendiri", "on the box itself";
    CONNECTION_PLAIN: "tidak terenkripsi", "not encrypted";
    MEMORY: "Memori terbanyak", "Most memory used";
    KEY_PLACE: "Tempat kunci", "Place of the key";
    DATA_DIR: "Folder data", "Data folder";
    SUPPORT: "Untuk bantuan", "For support";
    SUPPORT_LEAD: "Teks ini tidak memuat nama, alamat, atau rahasia. Salin bila Anda meminta bantuan.", "This text has no names, addresses or secrets in it. Copy it when you ask for help.";
    COPY: "Salin", "Copy";
    COPIED: "Tersalin", "Copied";
    DOCTOR: "Pemeriksaan lengkap: jalankan perintah ini di perangkat.", "For a complete check run this command on the box.";
    OK: "baik", "good";
    LOOK: "perhatikan", "look";
    BAD: "gagal", "failing";
}
