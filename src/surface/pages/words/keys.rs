//! What the page of API keys says.

use super::{Words, texts};
use crate::domain::actor::Scope;

texts! {
    TITLE: "Kunci API", "API keys";
    LEAD: "Dengan kunci, sebuah program memakai antarmuka perangkat ini tanpa masuk sebagai orang.", "With a key a program uses the interface of this box without signing in as a person.";
    EMPTY: "Belum ada kunci API.", "There are no API keys yet.";
    ADD: "Tambah kunci", "Add a key";
    NAME: "Nama", "Name";
    NAME_HINT: "Program apa yang memakainya, misalnya Laporan harian.", "Which program uses it, for example Daily report.";
    NAME_WRONG: "Beri nama.", "Give it a name.";
    DAYS: "Berlaku berapa hari", "Days that it holds";
    DAYS_WRONG: "Tulis angka dari 1 sampai {0}.", "Write a number from 1 to {0}.";
    FOR: "Untuk", "For";
    FOR_NONE: "Pilih sedikitnya satu.", "Choose at least one.";
    TOO_MANY: "Kunci sudah terlalu banyak. Cabut satu dahulu.", "There are too many keys. Revoke one first.";
    MAKE: "Buat kunci", "Make the key";
    MADE_TITLE: "Kunci API sudah siap", "The API key is ready";
    MADE_LEAD: "Salin sekarang ke dalam program; kunci ini tidak ditampilkan lagi.", "Copy it into the program now; it is not shown again.";
    MADE_ROTATED: "Kunci yang lama masih berlaku satu hari lagi.", "The text before it holds for one more day.";
    BACK: "Kembali ke kunci API", "Back to the API keys";
    UNTIL: "berlaku sampai {0}", "holds until {0}";
    ENDED: "sudah berakhir", "has ended";
    SEEN: "terakhir dipakai {0}", "last used {0}";
    NEVER: "belum pernah dipakai", "never used yet";
    OVERLAP: "kunci lama berlaku sampai {0}", "the text before it holds until {0}";
    ROTATE: "Ganti", "Rotate";
    REVOKE: "Cabut", "Revoke";
    DONE_REVOKED: "Kunci itu dicabut; program yang memakainya tidak dapat masuk lagi.", "That key was revoked; the program that used it gets in no more.";
    PEOPLE_READ: "melihat data orang", "seeing people's data";
    PEOPLE_WRITE: "menambah, mengubah, dan menghapus orang tanpa peran staf", "adding, changing and erasing people who are no staff";
    EVENTS: "acara dan tiket", "events and tickets";
    SCAN: "mencatat kehadiran dengan kode atau wajah", "checking in by code or face";
    ATTEND: "mencatat kehadiran dari daftar, dan membatalkannya", "checking in from the list, with undo";
    WEBHOOKS: "webhook", "webhooks";
}

/// What a key is for.
#[must_use]
pub const fn scope(scope: Scope) -> Words {
    match scope {
        Scope::PeopleRead => PEOPLE_READ,
        Scope::PeopleWrite => PEOPLE_WRITE,
        Scope::Events => EVENTS,
        Scope::Scan => SCAN,
        Scope::Attend => ATTEND,
        Scope::Webhooks => WEBHOOKS,
    }
}
