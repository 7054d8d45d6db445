//! How a person signs in, and the links by which they choose a password.

use super::texts;

texts! {
    TITLE: "Akun", "Account";
    LEAD: "Tautan untuk memilih kata sandi, langkah kedua, dan tempat orang ini masuk.", "A link for choosing a password, the second step, and where this person is signed in.";
    OPEN: "Atur akun", "Manage the account";
    OF: "Akun {0}", "Account of {0}";
    DONE: "Sudah diubah.", "Changed.";
    SIGNS_IN: "Masuk", "Signing in";
    AS: "Masuk dengan nama pengguna {0}.", "Signs in with the user name {0}.";
    NEVER: "Belum punya nama pengguna dan kata sandi.", "Has no user name and no password yet.";
    LINK_LEAD: "Dengan tautan ini orang tersebut memilih sendiri kata sandinya. Tautan berlaku tiga hari dan sekali pakai.", "With this link the person chooses the password alone. It holds for three days and one use.";
    LINK_RESET: "Buat tautan kata sandi baru", "Make a link for a new password";
    LINK_INVITE: "Buat undangan", "Make an invitation";
    LINK_MAIL: "Kirim tautan lewat surel", "Send the link by mail";
    LINK_MAILED: "Surel dengan tautan sedang dikirim.", "The mail with the link is on its way.";
    LINK_SHOWN: "Tautan untuk {0}", "Link for {0}";
    LINK_QR: "Kode QR tautan", "QR code of the link";
    LINK_UNTIL: "Berlaku sampai {0}, untuk sekali pakai. Siapa pun yang memegangnya dapat memilih kata sandi.", "Holds until {0}, for one use. Whoever has it can choose the password.";
    FACTOR: "Langkah kedua saat masuk", "Second step at sign-in";
    FACTOR_ON: "Aktif. Matikan bila ponsel dan kode pemulihan hilang.", "It is on. Turn it off if the phone and the recovery codes are lost.";
    FACTOR_OFF: "Belum dipasang.", "Not set up.";
    FACTOR_TAKE: "Matikan langkah kedua", "Turn the second step off";
    SESSIONS: "Tempat orang ini masuk", "Where this person is signed in";
    SESSIONS_NOW: "Sekarang di {0} tempat.", "Now in {0} places.";
    SESSIONS_END: "Keluarkan dari semua perangkat", "Sign out everywhere";
    CHOOSE: "Pilih kata sandi", "Choose a password";
    CHOOSE_LEAD: "Untuk {0}. Setelah itu Anda masuk dengan nama pengguna dan kata sandi ini.", "For {0}. You then sign in with the user name and this password.";
    LOGIN_IS: "Nama pengguna Anda: {0}", "Your user name: {0}";
    SAVE: "Simpan kata sandi", "Save the password";
    GONE_TITLE: "Tautan ini tidak berlaku lagi", "This link does not hold any more";
    GONE: "Tautan sudah dipakai, sudah lewat waktunya, atau diganti. Minta administrator membuat yang baru.", "It was used, is over, or was replaced. Ask an administrator for a new one.";
    FORGOT: "Minta tautan lewat surel", "Get a link by mail";
    FORGOT_TITLE: "Kata sandi baru lewat surel", "New password by mail";
    FORGOT_LEAD: "Ketik nama pengguna Anda. Bila ada alamat surel untuknya, kami mengirim tautan untuk memilih kata sandi baru.", "Type your user name. If there is an e-mail address for it, we send a link for choosing a new password.";
    FORGOT_SEND: "Kirim tautan", "Send the link";
    FORGOT_SENT: "Bila nama itu ada dan punya alamat surel, tautannya sedang dikirim.", "If there is such a name with an e-mail address, the link is on its way.";
    CHOSEN: "Kata sandi sudah disimpan. Silakan masuk.", "The password was saved. You can sign in.";
}
