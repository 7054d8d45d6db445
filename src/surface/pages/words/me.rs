//! One's own account.

use super::texts;

texts! {
    LEAD: "Data, kata sandi, dan tempat Anda masuk.", "Your data, your password and where you are signed in.";
    DATA: "Data saya", "My data";
    NAME: "Nama", "Name";
    LOGIN: "Nama pengguna", "User name";
    ROLE: "Peran", "Role";
    ROLE_USER: "peserta", "attendee";
    ROLE_DEVELOPER: "pengembang", "developer";
    ROLE_TEACHER: "guru", "teacher";
    ROLE_COMMITTEE: "panitia", "committee";
    ROLE_ADMIN: "administrator", "administrator";
    PASSWORD: "Ganti kata sandi", "Change the password";
    PASSWORD_LEAD: "Setelah diganti, Anda keluar dari semua perangkat lain.", "You are then signed out everywhere else.";
    CURRENT: "Kata sandi sekarang", "Current password";
    NEW: "Kata sandi baru", "New password";
    AGAIN: "Kata sandi baru sekali lagi", "New password once more";
    CHANGE: "Ganti", "Change";
    CHANGED: "Kata sandi sudah diganti.", "The password was changed.";
    WRONG: "Kata sandi sekarang salah.", "The current password is wrong.";
    SESSIONS: "Tempat Anda masuk", "Where you are signed in";
    THIS: "perangkat ini", "this device";
    SINCE: "Sejak {0}, terakhir dipakai {1}", "Since {0}, last used {1}";
    END: "Keluarkan", "Sign out";
    END_OF: "Keluarkan {0}", "Sign out {0}";
    END_ALL: "Keluar dari semua perangkat", "Sign out everywhere";
    ENDED: "Perangkat itu sudah dikeluarkan.", "That device was signed out.";
    UNKNOWN_AGENT: "Peramban tidak dikenal", "Unknown browser";
    PROGRAM: "Program {0}", "Program {0}";
    BROWSER_ON: "{0} di {1}", "{0} on {1}";
    LANGUAGE: "Bahasa halaman", "Language of the pages";
}
