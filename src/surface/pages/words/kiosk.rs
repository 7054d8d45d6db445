//! What the screen at the door says, besides the sentences of decisions (`domain::checkin::wording`):
//! one text for each of its states, its buttons, its menu. {0} in the sentences is the time or
//! the site's word for the desk.

use super::texts;

texts! {
    STAND_HERE: "Silakan berdiri di depan kamera.", "Please stand in front of the camera.";
    OR_CODE: "atau tunjukkan kode QR", "or show your QR code";
    SHOW_CODE: "Silakan tunjukkan kode QR.", "Please show your QR code.";
    OR_NUMBER: "atau ketik nomor induk", "or type your number";
    OPENS_AT: "Presensi dibuka pukul {0}.", "Check-in opens at {0}.";
    NOT_OPEN: "Presensi belum dibuka.", "Check-in is not open yet.";
    CLOSER: "Silakan mendekat.", "Please come closer.";
    BACK: "Mundur sedikit, ya.", "A little further back, please.";
    LOOK: "Lihat ke kamera.", "Look at the camera.";
    DARK: "Wajah kurang terang, geser sedikit.", "Too dark here, please move a little.";
    BRIGHT: "Terlalu terang, geser sedikit.", "Too bright here, please move a little.";
    STILL: "Diam sebentar, ya.", "Hold still, please.";
    UNCOVER: "Mohon lepas masker atau kacamata hitam.", "Please take off your mask or sunglasses.";
    ONE_BY_ONE: "Satu per satu, ya.", "One person at a time, please.";
    TURN_LEFT: "Tengok ke kiri.", "Turn left.";
    TURN_RIGHT: "Tengok ke kanan.", "Turn right.";
    BLINK: "Kedipkan mata.", "Blink.";
    NO_PHOTO: "Untuk memastikan ini bukan foto.", "So that a photo cannot be used.";
    ONCE_MORE: "Coba sekali lagi, ya.", "Please try once more.";
    ONE_MOMENT: "Sebentar, ya…", "One moment…";
    HELP_TOLD: "Panitia sudah diberi tahu.", "Staff have been told.";
    HELP_WAIT: "Mohon tunggu.", "Please wait here.";
    RECONNECTING: "Menghubungkan kembali…", "Reconnecting…";
    GO_TO_DESK: "Silakan ke {0}.", "Please go to {0}.";
    NO_CAMERA: "Kamera sedang bermasalah.", "The camera is not working.";
    NO_CAMERA_NEXT: "Ketik nomor induk atau silakan ke {0}.", "Type your number or go to {0}.";
    OUT_OF_SERVICE: "Layar ini sedang tidak dipakai.", "This screen is out of service.";
    TYPE_NUMBER: "Ketik nomor induk.", "Type your number.";
    TYPE_DIGITS: "Ketik empat angka terakhir.", "Type the last four digits.";
    OF_NUMBER: "dari nomor induk", "of your number";
    NUMBER_CLEARS: "Masih di sana? Angka dihapus dalam {0} detik.", "Still there? The number is cleared in {0} seconds.";
    NUMBER_STAY: "Masih di sini", "Still here";
    NUMBER_SEND: "Lanjut", "Next";
    NUMBER_DELETE: "Hapus satu angka", "Delete one digit";
    NUMBER_CLOSE: "Batalkan", "Cancel";
    NUMBER_OPEN: "Ketik nomor", "Type a number";
    CANNOT: "Tidak bisa?", "I can't do this";
    CALL_STAFF: "Panggil panitia", "Call staff";
    PRIVACY: "Gambar dibandingkan di perangkat ini saja dan tidak disimpan. Tanpa wajah: kode QR atau nomor.",
        "Pictures are compared on this device only and not kept. Without your face: QR code or number.";
    LANGUAGES: "Bahasa", "Language";
    TITLE: "Layar presensi", "Check-in screen";
    ATTENDANCE: "Presensi", "Attendance";
    PAIR_TITLE: "Pasangkan layar ini", "Pair this screen";
    PAIR_LEAD: "Buka Perangkat pada akun admin, tambahkan layar presensi, lalu ketik kodenya di sini.",
        "Open Devices as an administrator, add a check-in screen, then type its code here.";
    PAIR_CODE: "Kode pemasangan", "Pairing code";
    PAIR_HINT: "Delapan huruf dan angka, berlaku sepuluh menit.", "Eight letters and digits, valid for ten minutes.";
    PAIR_SEND: "Pasangkan", "Pair";
    PAIR_WRONG: "Kode ini tidak berlaku. Periksa kodenya atau buat kode baru.", "This code does not work. Check it or make a new one.";
    PAIR_TOO_OFTEN: "Terlalu banyak percobaan. Coba lagi dalam {0} menit.", "Too many tries. Try again in {0} minutes.";
    ADDRESS_LEAD: "Buka perangkat ini dari ponsel atau laptop di jaringan yang sama:", "Open the box from a phone or laptop on the same network:";
    ADDRESS_QR: "Alamat perangkat sebagai kode QR", "The address of the box as a QR code";
    PAIR_OWN_NAME: "Layar kotak ini", "The box's own screen";
    PAIR_OWN_WRONG: "Layar ini membawa token yang bukan milik kotak ini. Mulai ulang hadir, lalu layar ini.",
        "This screen has a token that is not this box's. Restart hadir, then this screen.";
    PAIR_OWN_REVOKED: "Layar ini sudah dicabut. Pasangkan lagi dengan kode, atau buat token baru di kotak ini.",
        "This screen was revoked. Pair it again with a code, or make a new token on the box.";
    MENU: "Menu petugas", "Staff menu";
    MENU_PIN: "PIN petugas", "Staff PIN";
    MENU_WRONG: "PIN salah.", "Wrong PIN.";
    MENU_LOCKED: "Terlalu banyak percobaan. Coba lagi dalam lima menit.", "Too many tries. Try again in five minutes.";
    MENU_NO_PIN: "PIN belum dibuat. Admin membuatnya di Pengaturan.", "No PIN has been set. An administrator sets it in Settings.";
    MENU_OPEN: "Buka", "Open";
    MENU_CLOSE: "Tutup", "Close";
    MENU_OUT: "Layar tidak dipakai", "Out of service";
    MENU_IN: "Pakai layar lagi", "Back in service";
    MENU_RELOAD: "Muat ulang", "Reload";
    MENU_SOUND: "Uji suara", "Test sound";
    MENU_CAMERA: "Kamera berikutnya", "Next camera";
    MENU_AIM: "Atur tinggi kamera", "Fit the camera";
    MENU_EVENT: "Acara", "Event";
    MENU_DIRECTION: "Arah", "Direction";
    MENU_CHOOSE: "Pakai pilihan ini", "Use this choice";
    MENU_CHOSEN: "Tersimpan.", "Saved.";
    MENU_NOT_CHOSEN: "Belum tersimpan. Masukkan PIN lagi.", "Not saved. Enter the PIN again.";
    MENU_FIXED: "Kamera kotak ini mengikuti acara di konfigurasi.", "The box's own camera follows the event in the configuration.";
    MENU_STATE: "Acara: {0} · arah: {1} · jaringan: {2}", "Event: {0} · direction: {1} · network: {2}";
    ENTRY: "masuk", "entry";
    EXIT: "keluar", "exit";
    GOOD: "baik", "good";
    BAD: "terputus", "lost";
    AIM_LEAD: "Wajah dari 1,00 m sampai 1,85 m harus terlihat pada jarak 0,8 m.", "Faces from 1.00 m to 1.85 m must be in the picture at 0.8 m.";
    AIM_FACE: "Wajah: lebar {0} piksel, {1}% tinggi gambar", "Face: {0} pixels wide, at {1}% of the picture's height";
    AIM_NOBODY: "Belum ada wajah", "No face yet";
    AIM_DONE: "Selesai", "Done";
}
