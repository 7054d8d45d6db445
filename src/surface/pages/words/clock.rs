//! The box's clock, and setting it.

use super::texts;

texts! {
    TITLE: "Jam perangkat", "The box's clock";
    RIGHT: "Jam cocok dengan server waktu. Tidak ada yang perlu disetel.", "The clock agrees with a time server. There is nothing to set.";
    WRONG: "Jam belum dicocokkan dengan server waktu.", "The clock has not been checked against a time server.";
    WRONG_MORE: "Presensi tetap dicatat. Terlambat atau tidaknya bersifat sementara dan dihitung ulang begitu jam cocok.", "Check-ins are recorded all the same. Who is late is provisional, and is computed again once the clock is right.";
    SET_BY: "{0} memajukan jam {1}, menjadi {2}. Ini berakhir sendiri begitu jam cocok.", "{0} set the clock forward by {1}, to {2}. This ends by itself once the clock is right.";
    SOMEBODY: "Petugas", "A staff member";
    PHONE: "Pakai jam ponsel ini", "Use this phone's time";
    PHONE_HINT: "Sebelum disetel, selisihnya ditunjukkan.", "The difference is shown before anything is set.";
    TYPE: "Ketik jamnya", "Type the time";
    TIME: "Tanggal dan jam sekarang ({0})", "Date and time now ({0})";
    TIME_BAD: "Isi tanggal dan jam, misalnya 2026-11-21 06:52.", "Fill in date and time, for example 2026-11-21 06:52.";
    COMPARE: "Bandingkan", "Compare";
    BOX_SAYS: "Perangkat ini", "This box";
    YOU_SAY: "Jam Anda", "Your time";
    FORWARD: "Jam perangkat akan dimajukan {0}.", "The box's clock will be set forward by {0}.";
    SAME: "Keduanya sama. Tidak ada yang perlu disetel.", "Both are the same. There is nothing to set.";
    BEHIND: "Jam Anda {0} di belakang. Perangkat ini sudah mencatat sesuatu pada jamnya sendiri dan tidak pernah disetel mundur. Sambungkan perangkat ke internet sebentar.", "Your time is {0} behind. This box has recorded things at its own time and is never set back. Connect it to the internet for a while.";
    RANGE: "Waktu itu tidak mungkin. Periksa tanggal di ponsel Anda.", "That time cannot be. Check the date on your phone.";
    SURE: "Setel jam", "Set the clock";
    BACK: "Jangan disetel", "Do not set it";
    SIGN_IN: "Jam sistem tidak diubah. Setelah lompatan besar Anda mungkin perlu masuk lagi.", "The system's clock is not changed. After a large step you may have to sign in again.";
    DONE: "Jam sudah disetel.", "The clock is set.";
    YEARS: "{0} tahun", "{0} years";
    DAYS: "{0} hari", "{0} days";
    HOURS: "{0} jam", "{0} hours";
    MINUTES: "{0} menit", "{0} minutes";
    SECONDS: "{0} detik", "{0} seconds";
    YEAR: "1 tahun", "1 year";
    DAY: "1 hari", "1 day";
    HOUR: "1 jam", "1 hour";
    MINUTE: "1 menit", "1 minute";
    SECOND: "1 detik", "1 second";
    OPEN: "Setel jam", "Set the clock";
}
