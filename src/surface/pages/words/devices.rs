//! What the page of devices says.

use super::texts;

texts! {
    TITLE: "Perangkat", "Devices";
    LEAD: "Layar presensi, meja panitia, dan kamera yang boleh mencatat kehadiran.", "Screens, desks and cameras that may record attendance.";
    EMPTY_TITLE: "Belum ada perangkat", "No devices yet";
    EMPTY: "Pasangkan layar presensi atau ponsel panitia dengan kode di bawah ini.", "Pair a screen or a staff phone with the code below.";
    ADD: "Pasangkan perangkat", "Pair a device";
    NAME: "Nama perangkat", "Name of the device";
    NAME_HINT: "Misalnya “Gerbang depan”.", "For example “Front gate”.";
    KIND: "Jenis", "Kind";
    KIND_KIOSK: "Layar presensi", "Screen at the door";
    KIND_KIOSK_MORE: "Tidak dijaga; hanya memindai.", "Unattended; scans only.";
    KIND_DESK: "Meja panitia", "Desk";
    KIND_DESK_MORE: "Dipegang petugas; juga mencari nama dan membatalkan.", "In a staff member's hands; also searches names and undoes.";
    KIND_CAMERA: "Kamera", "Camera";
    KIND_CAMERA_MORE: "Kamera yang terpasang di perangkat ini.", "A camera attached to the box.";
    OCCASION: "Untuk", "For";
    DAILY: "Presensi harian", "Daily attendance";
    DIRECTION: "Arah", "Direction";
    ENTRY: "Masuk", "Entry";
    EXIT: "Keluar", "Exit";
    DIAGONAL: "Ukuran layar (inci)", "Screen size (inches)";
    DISTANCE: "Jarak pengunjung (cm)", "Distance of the visitor (cm)";
    SIZE_HINT: "Untuk besar huruf di layar. Boleh kosong.", "For the size of the letters on the screen. May be empty.";
    SIZE_WRONG: "Tulis angka yang masuk akal.", "Write a sensible number.";
    MAKE: "Buat kode", "Make a code";
    STATE: "Keadaan", "State";
    PRESENT: "Terhubung", "Connected";
    GONE: "Tidak terdengar", "Not heard";
    OFFERED: "Menunggu kode", "Waiting for its code";
    UNPAIRED: "Belum terpasang", "Not paired";
    REVOKED: "Dicabut", "Revoked";
    SINCE: "Sejak {0}", "Since {0}";
    AGAIN: "Kode baru", "New code";
    REVOKE: "Cabut", "Revoke";
    REVOKED_DONE: "Perangkat itu dicabut dan langsung ditolak.", "That device was revoked and is refused at once.";
    CODE_TITLE: "Kode untuk {0}", "Code for {0}";
    CODE_LEAD: "Buka {0} di perangkat itu dan ketik kode ini, atau pindai kode QR-nya.", "Open {0} on that device and type this code, or scan the QR code.";
    CODE_UNTIL: "Berlaku 10 menit dan hanya sekali. Kode ini tidak ditampilkan lagi.", "Valid for 10 minutes and once only. It is not shown again.";
    CODE_QR: "Kode QR untuk memasangkan perangkat", "QR code for pairing the device";
    BACK: "Kembali ke perangkat", "Back to the devices";
}
