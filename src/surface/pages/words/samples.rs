//! The sample data, once it is to go.

use super::texts;

texts! {
    TITLE: "Hapus data contoh", "Remove the sample data";
    STILL: "Data contoh dari persiapan masih ada.", "The sample data of the setup is still there.";
    LOOK: "Lihat dan hapus", "Look and remove";
    LEAD: "Yang dihapus hanya yang dibuat saat persiapan:", "Only what the setup made is removed:";
    EVENT: "Acara", "Event";
    NOTHING: "Tidak ada hal lain yang melekat padanya.", "Nothing else is attached to it.";
    ATTACHED: "Ada hal nyata yang melekat padanya dan ikut terhapus:", "Real things are attached to it and go with it:";
    FACTS: "{0}: {1} persetujuan, {2} wajah, {3} tiket lain, {4} presensi, {5} akun.", "{0}: {1} consents, {2} faces, {3} other tickets, {4} check-ins, {5} logins.";
    RENAMED: "{0}: datanya sudah diubah sejak persiapan.", "{0}: was changed since the setup.";
    TICKETS: "{0} tiket orang lain untuk acara contoh.", "{0} tickets of other people to the sample event.";
    CHECK_INS: "{0} presensi di acara contoh. Catatannya tetap ada di jejak audit, tanpa nama.", "{0} check-ins at the sample event. Their record stays in the audit trail, without names.";
    DEVICES: "{0} layar menampilkan acara contoh; setelah ini layar itu mencatat presensi harian.", "{0} screens show the sample event; after this they record the daily attendance.";
    REMOVE: "Hapus data contoh", "Remove the sample data";
    REMOVED: "Data contoh sudah dihapus.", "The sample data was removed.";
    NONE: "Tidak ada data contoh.", "There is no sample data.";
}
