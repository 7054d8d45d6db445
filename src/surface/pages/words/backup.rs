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
    TODAY: "hadir belum membuat cadangan sendiri. Pilihan ini disimpan untuk itu. Sampai saat itu salin folder data ke tempat lain secara berkala, saat layanan dihentikan.", "hadir does not make backups by itself yet. This choice is kept for when it does. Until then copy the data folder to another place from time to time, while the service is stopped.";
    SETTINGS: "Cadangan", "Backup";
}
