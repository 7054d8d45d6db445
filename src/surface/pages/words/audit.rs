//! What the page of the audit trail says; the words of the deeds are named after their codes.

use super::{Words, texts};

texts! {
    LEAD: "Siapa melakukan apa, kapan, pada apa. Baris di sini tidak dapat diubah atau dihapus tanpa ketahuan.", "Who did what, when, on what. No row here can be changed or removed unnoticed.";
    ACT: "Tindakan", "Deed";
    ANY: "Semua tindakan", "All deeds";
    FROM: "Dari tanggal", "From the day";
    UNTIL: "Sampai tanggal", "To the day";
    FILTER: "Saring", "Filter";
    OF_PERSON: "Hanya yang menyangkut {0}.", "Only what concerns {0}.";
    OF_DEVICE: "Hanya yang menyangkut perangkat {0}.", "Only what concerns the device {0}.";
    ALL_ROWS: "Tampilkan semua", "Show everything";
    WHEN: "Waktu", "Time";
    WHO: "Siapa", "Who";
    WHAT: "Apa", "What";
    ON: "Pada", "On";
    DETAIL: "Keterangan", "Remark";
    UNSYNCED: "jam belum disetel", "clock not set";
    ERASED: "orang yang sudah dihapus", "somebody who was erased";
    SEALED: "tidak dapat dibuka lagi", "cannot be opened any more";
    BOX: "perangkat ini sendiri", "the box itself";
    OPERATOR: "operator (baris perintah)", "operator (command line)";
    STRANGER: "belum masuk", "nobody signed in";
    KEY: "kunci API {0}", "API key {0}";
    KEY_GONE: "kunci API yang sudah dicabut", "an API key that was revoked";
    OLDER: "Yang lebih lama", "Older ones";
    NOTHING: "Tidak ada baris yang cocok di bagian ini.", "No row fits in this part.";
    DAY_WRONG: "Tulis tanggal seperti 2026-11-21.", "Write a day like 2026-11-21.";
    EXPORT: "Ekspor", "Export";
    EXPORT_LEAD: "Baris yang disaring sebagai berkas, tanpa keterangan yang disandikan. Ekspor ini sendiri ikut dicatat.", "The filtered rows as a file, without details that are sealed. The export itself is recorded, too.";
    EXPORT_CSV: "Tabel (CSV)", "Table (CSV)";
    EXPORT_NDJSON: "Untuk program (NDJSON)", "For programs (NDJSON)";
    CHAIN: "Rantai", "The chain";
    CHAIN_ROWS: "Jumlah baris", "Rows";
    CHAIN_LINK: "Sambungan terakhir", "Last link";
    CHAIN_HOW: "Kedua nilai ini masuk ke jurnal tiap jam dan ke setiap cadangan. “hadir audit verify” memeriksa semua baris; “hadir audit verify --head {0}” memeriksa juga apakah rantainya masih memuat baris ini.", "Both go to the journal every hour and into each backup. “hadir audit verify” checks every row; “hadir audit verify --head {0}” also checks that the chain still has this row.";
    PERSON_ADD: "menambahkan orang", "added a person";
    PERSON_CHANGE: "mengubah data orang", "changed a person's details";
    PEOPLE_IMPORT: "mengimpor orang dari tabel", "imported people from a table";
    PEOPLE_IMPORT_UNDO: "membatalkan sebuah impor", "took an import back";
    PERSON_ERASE: "menghapus permanen seseorang", "erased a person";
    PERSON_EXPORT: "mengekspor data seseorang", "exported a person's data";
    PERSON_MERGE: "menggabungkan entri lain ke orang ini", "merged another entry into this person";
    PERSON_DISABLE: "menonaktifkan orang", "disabled a person";
    PERSON_ENABLE: "mengaktifkan orang lagi", "enabled a person again";
    ROLE_GIVE: "memberi peran", "gave a role";
    LOGIN_SET: "menetapkan nama pengguna dan kata sandi", "set user name and password";
    SESSION_OPEN: "masuk", "signed in";
    SESSION_END: "mengeluarkan satu perangkat", "ended a session";
    SESSION_END_ALL: "mengeluarkan semua perangkat seseorang", "ended all sessions of a person";
    SETUP_CODE: "membuat kode penyiapan", "made a setup code";
    SETUP_WRONG_CODE: "memasukkan kode penyiapan yang salah", "entered a wrong setup code";
    SETUP_PASS: "memasukkan kode penyiapan", "entered the setup code";
    SETUP_ADMINISTRATOR: "menjadi administrator pertama", "became the first administrator";
    SETUP_STEP: "menyelesaikan langkah penyiapan", "finished a step of the setup";
    CLOCK_SET: "menyetel jam", "set the clock";
    CLOCK_SETTLE: "membetulkan waktu yang tercatat", "corrected recorded times";
    SETTING_CHANGE: "mengubah pengaturan", "changed a setting";
    CONSENT_GIVE: "mencatat persetujuan", "recorded a consent";
    CONSENT_WITHDRAW: "menarik persetujuan", "withdrew a consent";
    FACE_ENROL: "mendaftarkan wajah", "enrolled a face";
    FACE_NOT_SAME_PERSON: "menyatakan dua wajah mirip itu dua orang", "said that two like faces are two people";
    FACE_REMOVE: "menghapus wajah", "removed a face";
    DEVICE_ADD: "menambahkan perangkat", "added a device";
    DEVICE_OFFER: "membuat kode pemasangan", "made a pairing code";
    DEVICE_PAIR: "memasangkan perangkat", "paired a device";
    DEVICE_WRONG_CODE: "memasukkan kode pemasangan yang salah", "entered a wrong pairing code";
    DEVICE_OPTIONS: "mengubah pilihan perangkat", "changed a device's options";
    DEVICE_REVOKE: "mencabut perangkat", "revoked a device";
    EVENT_CREATE: "membuat acara", "made an event";
    EVENT_OPEN: "membuka acara", "opened an event";
    EVENT_CLOSE: "menutup acara", "closed an event";
    SAMPLES_REMOVE: "menghapus data contoh", "removed the sample data";
    TICKET_ISSUE: "menerbitkan tiket", "issued a ticket";
    TICKET_REVOKE: "mencabut tiket", "revoked a ticket";
    TICKET_BLOCK: "memblokir tiket", "blocked a ticket";
    TICKET_UNBLOCK: "membuka blokir tiket", "unblocked a ticket";
    TICKET_CONDITIONS: "mengubah syarat tiket", "changed a ticket's conditions";
    KEY_REVEAL: "membuka lembar kunci pemulihan", "opened the recovery kit";
    BACKUP_CREATE: "membuat cadangan", "made a backup";
    BACKUP_RESTORE: "memulihkan dari cadangan", "restored from a backup";
    LOGIN_REGISTER: "mendaftar sendiri", "registered";
    LOGIN_FORGOTTEN: "meminta tautan kata sandi lewat surel", "asked for a password link by mail";
    LOGIN_LINK: "membuat tautan kata sandi", "made a link for choosing a password";
    TOKEN_GIVE: "memberi token kepada program", "gave a program a token";
    SESSION_TOKEN_REUSED: "token lama dipakai lagi, jadi sesinya diakhiri", "an old token was used again, so the session ended";
    FACTOR_ON: "menyalakan faktor kedua", "switched the second factor on";
    FACTOR_OFF: "mematikan faktor kedua", "switched the second factor off";
    FACTOR_CODES: "membuat kode pemulihan baru", "made new recovery codes";
    FACTOR_RECOVER: "masuk dengan kode pemulihan", "signed in with a recovery code";
    MAIL_TEST: "mengirim surel percobaan", "sent a test mail";
    MAIL_RETRY: "mencoba lagi sebuah surel", "tried a mail again";
    WEBHOOK_ADD: "membuat webhook", "made a webhook";
    WEBHOOK_SWITCH: "menyalakan atau mematikan webhook", "switched a webhook on or off";
    WEBHOOK_REMOVE: "menghapus webhook", "removed a webhook";
    WEBHOOK_TEST: "mencoba webhook", "tried a webhook";
    WEBHOOK_RETRY: "mengirim ulang ke webhook", "sent to a webhook again";
    API_KEY_MAKE: "membuat kunci API", "made an API key";
    API_KEY_ROTATE: "mengganti kunci API", "rotated an API key";
    API_KEY_REVOKE: "mencabut kunci API", "revoked an API key";
    BOX_START: "perangkat dinyalakan", "the box started";
    KEY_CREATE: "membuat kunci", "made a key";
    KEY_ADOPT: "mengambil alih kunci", "took a key over";
    KEY_ROTATE: "mengganti kunci induk", "changed the master key";
    NOTICE_PUBLISH: "menerbitkan pemberitahuan privasi", "published a privacy notice";
    CLAIM_MAKE: "meminta sesuatu tentang datanya", "asked for something about their data";
    CLAIM_CLOSE: "menjawab permintaan tentang data", "answered a request about data";
    AUDIT_EXPORT: "mengekspor jejak audit", "exported the audit trail";
    CHECKIN_DECIDE: "mencatat kehadiran", "decided a check-in";
    CHECKIN_OVERRIDE: "mengizinkan masuk di luar aturan", "let somebody in against a rule";
    CHECKIN_UNDO: "membatalkan catatan kehadiran", "undid a check-in";
}

/// The words of a deed, by its code; None: there are none.
#[must_use]
pub fn act(code: &str) -> Option<Words> {
    let name = code.to_ascii_uppercase().replace('.', "_");
    let found = ALL.iter().find(|(of, _)| *of == name);
    found.map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::Act;

    #[test]
    fn every_deed_has_its_words() {
        for code in Act::CODES {
            assert!(act(code).is_some(), "{code}");
        }
        assert_eq!(act("nothing.like_this"), None);
        let first = ALL.iter().position(|(name, _)| *name == "PERSON_ADD");
        for (name, _) in ALL.iter().skip(first.expect("the first deed")) {
            let is = |code: &&str| code.to_ascii_uppercase().replace('.', "_") == *name;
            assert!(Act::CODES.iter().any(is), "{name} is no deed");
        }
    }
}
