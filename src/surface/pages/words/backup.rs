//! Where backups go.

use super::texts;

texts! {
    PLACE: "Ke mana cadangan disimpan?", "Where do backups go?";
    DRIVE_OTHER: "Penyimpan lain daripada data; ruang kosong {0}.", "Another drive than that of the data; {0} free.";
    DRIVE_SAME: "Penyimpan yang sama dengan data; ruang kosong {0}.", "The same drive as that of the data; {0} free.";
    OTHER: "Folder lain", "Another folder";
    LATER: "Tentukan nanti", "Decide later";
    LATER_MORE: "Beranda akan mengingatkan Anda.", "The home page will remind you.";
    FOLDER: "Folder", "Folder";
    FOLDER_HINT: "Alamat lengkap di perangkat ini, misalnya /mnt/cadangan.", "The whole path on this box, for example /mnt/copies.";
    NO_DRIVE: "Tidak ada penyimpan lain yang terpasang sekarang. Pasang penyimpan USB lalu muat ulang halaman ini, atau tentukan nanti.", "No other drive is mounted now. Plug in a USB drive and reload this page, or decide later.";
    CHOOSE: "Pilih salah satu.", "Choose one of these.";
    NO_PATH: "Tulis alamat folder yang lengkap, mulai dengan garis miring.", "Write the whole path of the folder, beginning with a slash.";
    MISSING: "Folder ini tidak ada atau tidak boleh dilihat oleh hadir. Buat dulu foldernya atau pasang penyimpannya.", "This folder is not there, or hadir may not look at it. Make the folder first, or plug in the drive.";
    NO_FOLDER: "Ini bukan folder.", "This is not a folder.";
    WITHIN_DATA: "Folder ini ada di dalam folder data. Cadangan harus di tempat lain.", "This folder lies in the data folder. Backups have to be somewhere else.";
    READ_ONLY: "hadir tidak dapat menulis di folder ini. Beri pengguna hadir hak menulis, dan izinkan layanan dengan ReadWritePaths (systemctl edit hadir).", "hadir cannot write to this folder. Let the user hadir write there, and allow it to the service with ReadWritePaths (systemctl edit hadir).";
    SAME_DRIVE: "Folder ini ada di penyimpan yang sama dengan data. Kalau penyimpan itu rusak atau hilang, data dan cadangannya hilang bersama.", "This folder is on the same drive as the data. When that drive breaks or is lost, data and backup are lost together.";
    SAME_AGREE: "Saya mengerti; tetap pakai folder ini.", "I understand; use this folder anyway.";
    DIR: "Folder data", "Data folder";
    FREE: "Ruang kosong", "Free space";
    TODAY: "hadir membuat cadangan setiap malam dan membuktikannya: isinya dipulihkan ke tempat sementara dan dicocokkan. Selama belum ada tempat yang dipilih, cadangan ada di penyimpan yang sama dengan data.", "hadir makes a backup every night and proves it: it is restored to a scratch place and compared. While no place is chosen, backups lie on the same drive as the data.";
    PROVEN: "Cadangan terakhir terbukti dapat dipulihkan: {0}.", "The last backup is proven by restoring it: {0}.";
    NEVER: "Belum ada cadangan.", "There is no backup yet.";
    OLD: "Cadangan terakhir yang terbukti sudah {0} hari: {1}. Periksa penyimpannya.", "The last proven backup is {0} days old: {1}. Check its drive.";
    SAME: "Cadangan terakhir ({0}) ada di penyimpan yang sama dengan data. Pilih tempat lain.", "The last backup ({0}) is on the same drive as the data. Choose another place.";
    SETTINGS: "Cadangan", "Backup";
}
