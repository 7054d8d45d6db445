//! Mails: how they stand, and trying them.

use super::texts;

texts! {
    MAIL: "Surel", "Mail";
    LEAD: "Tautan dan pemberitahuan yang dikirim perangkat ini.", "Links and notices that this box sends.";
    OFF: "Belum ada peladen surel. Setel [mail] di berkas konfigurasi.", "There is no mail server. Set [mail] in the configuration file.";
    OFF_SHORT: "belum disetel", "not set up";
    THROUGH: "Lewat {0}, dari {1}.", "Through {0}, from {1}.";
    GOOD: "semua terkirim", "everything was sent";
    WAITING: "{0} menunggu dikirim", "{0} waiting to be sent";
    FAILED: "{0} tidak dapat dikirim", "{0} could not be sent";
    TEST: "Kirim surel uji ke alamat saya", "Send a test mail to my address";
    TEST_POSTED: "Surel uji sedang dikirim. Muat ulang halaman ini untuk melihat hasilnya.", "The test mail is on its way. Load this page again to see what came of it.";
    NO_ADDRESS: "Anda belum punya surel di sini. Isi dahulu di halaman orang.", "You have no e-mail address here yet. Enter it on your page under People.";
    RETRIED: "Surel itu dicoba lagi sekarang.", "That mail is tried again now.";
    GONE: "Surel itu sudah terkirim atau sudah tidak ada.", "That mail was sent or is not there any more.";
    RETRY: "Coba lagi", "Try again";
    AGAIN_AT: "dicoba lagi {0}", "tried again {0}";
    GIVEN_UP: "tidak dicoba lagi", "not tried again";
    KIND_TEST: "Surel uji", "Test mail";
    KIND_RESET: "Tautan kata sandi baru", "Link for a new password";
    KIND_INVITATION: "Undangan", "Invitation";
    KIND_OTHER: "Surel", "Mail";
}
