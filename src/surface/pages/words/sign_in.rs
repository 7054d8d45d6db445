//! Signing in and out.

use super::texts;

texts! {
    TITLE: "Masuk", "Sign in";
    LOGIN: "Nama pengguna", "User name";
    PASSWORD: "Kata sandi", "Password";
    BUTTON: "Masuk", "Sign in";
    WRONG: "Nama pengguna atau kata sandi salah. Periksa huruf besar dan kecil, lalu coba sekali lagi.", "The user name or the password is wrong. Check capital and small letters, then try again.";
    DISABLED: "Akun ini sedang tidak aktif. Minta administrator untuk mengaktifkannya.", "This account is not active. Ask an administrator to activate it.";
    FORGOTTEN: "Lupa kata sandi?", "Forgot the password?";
    FORGOTTEN_HOW: "Administrator lain dapat memberi kata sandi baru di halaman Orang. Bila tidak ada, pemilik perangkat menjalankan perintah ini:", "Another administrator can give a new password on the People page. If there is none, whoever owns the box runs this command:";
    HERE_FOR: "Presensi, tiket, dan acara di perangkat ini.", "Attendance, tickets and events on this box.";
    KIOSK: "Ini akan menjadi layar presensi? Pasangkan perangkat", "Is this going to be a kiosk? Pair the device";
}
