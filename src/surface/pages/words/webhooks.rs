//! What the page of webhooks says.

use super::texts;

texts! {
    TITLE: "Webhook", "Webhooks";
    LEAD: "Alamat di luar yang diberi tahu apa yang terjadi di sini. Isinya nomor dan kode, tanpa nama dan wajah.", "Addresses outside that are told what happens here. They get ids and codes, no names and no faces.";
    EMPTY: "Belum ada webhook.", "There are no webhooks yet.";
    ADD: "Tambah webhook", "Add a webhook";
    URL: "Alamat", "Address";
    URL_HINT: "Misalnya https://contoh.id/hadir. Perangkat ini sendiri tidak dapat dipanggil.", "For example https://example.id/hadir. The box itself cannot be called.";
    URL_WRONG: "Tulis alamat seperti https://contoh.id/hadir, tanpa nama pengguna.", "Write an address such as https://example.id/hadir, without a user name.";
    EVENTS: "Diberi tahu tentang", "Is told of";
    EVENTS_NONE: "Pilih sedikitnya satu.", "Choose at least one.";
    MAKE: "Buat webhook", "Make the webhook";
    TOO_MANY: "Webhook sudah terlalu banyak. Hapus satu dahulu.", "There are too many webhooks. Remove one first.";
    SECRET_TITLE: "Webhook sudah dibuat", "The webhook was made";
    SECRET_LEAD: "Dengan rahasia ini penerima memeriksa tanda tangan. Salin sekarang; rahasia ini tidak ditampilkan lagi.", "With this secret the receiver checks the signature. Copy it now; it is not shown again.";
    ON: "Hidup", "On";
    OFF: "Mati", "Off";
    FAILING: "gagal {0} kali berturut-turut", "has failed {0} times in a row";
    SWITCH_ON: "Hidupkan", "Switch on";
    SWITCH_OFF: "Matikan", "Switch off";
    TEST: "Coba", "Test";
    REMOVE: "Hapus", "Remove";
    LOG: "Kiriman terakhir", "Latest deliveries";
    LOG_NONE: "Belum ada kiriman.", "Nothing was sent yet.";
    LOG_EVENT: "Tentang", "Of";
    LOG_AT: "Waktu", "Time";
    LOG_STATE: "Keadaan", "State";
    WAITING: "menunggu", "waiting";
    DONE: "diterima", "taken";
    FAILED: "gagal", "failed";
    TRIES: "percobaan {0}", "attempt {0}";
    AGAIN: "Kirim lagi", "Send again";
    DONE_TEST: "Kiriman uji sedang dikirim. Muat ulang halaman ini untuk melihat hasilnya.", "The test is on its way. Load this page again to see what came of it.";
    DONE_ON: "Webhook itu hidup.", "That webhook is on.";
    DONE_OFF: "Webhook itu mati.", "That webhook is off.";
    DONE_REMOVED: "Webhook itu dihapus beserta catatannya.", "That webhook was removed with its log.";
    DONE_AGAIN: "Kiriman itu dicoba lagi sekarang.", "That delivery is tried again now.";
    BACK: "Kembali ke webhook", "Back to the webhooks";
}
