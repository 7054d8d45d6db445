//! The second factor.

use super::texts;

texts! {
    TITLE: "Langkah kedua saat masuk", "Second step at sign-in";
    LEAD: "Selain kata sandi, Anda memasukkan kode dari aplikasi autentikator di ponsel. Kata sandi yang bocor saja tidak cukup.", "Besides the password you type a code from an authenticator app on your phone. A leaked password alone is then not enough.";
    DUE: "Di sini semua petugas memakai langkah kedua. Pasang dahulu, setelah itu Anda dapat bekerja.", "All staff use a second step here. Set it up first, then you can work.";
    ON: "aktif", "on";
    OFF: "belum dipasang", "not set up";
    SINCE: "Sejak {0}. Sisa kode pemulihan: {1}.", "Since {0}. Recovery codes left: {1}.";
    TURN_ON: "Pasang langkah kedua", "Set up the second step";
    CHANGE: "Atur langkah kedua", "Manage the second step";
    TURN_OFF: "Matikan langkah kedua", "Turn the second step off";
    SCAN: "Pindai kode QR ini dengan aplikasi autentikator, lalu ketik enam angka yang ditampilkannya.", "Scan this QR code with an authenticator app, then type the six digits that it shows.";
    QR: "Kode QR untuk aplikasi autentikator", "QR code for the authenticator app";
    OPEN_APP: "Buka di aplikasi di ponsel ini", "Open in the app on this phone";
    BY_HAND: "Tidak dapat memindai? Ketik kunci ini di aplikasi:", "Cannot scan? Type this key into the app:";
    CODE: "Kode dari aplikasi", "Code from the app";
    WRONG_CODE: "Kode tidak cocok. Periksa jam ponsel, lalu ketik kode yang sekarang.", "The code does not fit. Check the phone's clock, then type the code of now.";
    CODES_LEAD: "Kode pemulihan dipakai bila ponsel hilang. Kode baru membuat yang lama tidak berlaku.", "Recovery codes are for when the phone is lost. New ones end the old ones.";
    NEW_CODES: "Buat kode pemulihan baru", "Make new recovery codes";
    CODES_TITLE: "Kode pemulihan", "Recovery codes";
    CODES_ONCE: "Kode ini hanya ditampilkan sekali. Cetak atau catat, dan simpan jauh dari ponsel. Setiap kode berlaku satu kali.", "These codes are shown this once. Print them or write them down, and keep them away from the phone. Each is good for one use.";
    DONE_ON: "Langkah kedua aktif.", "The second step is on.";
    DONE_OFF: "Langkah kedua sudah dimatikan.", "The second step was turned off.";
    ASK_TITLE: "Kode langkah kedua", "Code of the second step";
    ASK_LEAD: "Kata sandi benar. Ketik kode dari aplikasi autentikator, atau salah satu kode pemulihan.", "The password is right. Type the code from the authenticator app, or one of your recovery codes.";
    ASK_WRONG: "Kode tidak cocok. Tunggu kode berikutnya, atau pakai kode pemulihan.", "The code does not fit. Wait for the next one, or use a recovery code.";
    ASK_AGAIN: "Terlalu lama. Masuk lagi dengan nama dan kata sandi.", "This took too long. Sign in again with name and password.";
    REQUIRED: "Langkah kedua saat masuk", "Second step at sign-in";
    REQUIRED_LEAD: "Kode dari aplikasi di ponsel, selain kata sandi.", "A code from an app on the phone, besides the password.";
    OPTIONAL_ONE: "Boleh dipakai siapa saja", "Whoever wants to";
    REQUIRED_ONE: "Wajib untuk semua petugas", "Required for all staff";
}
