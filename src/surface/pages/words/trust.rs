//! The texts of `/trust`. Menus are named as the systems name them.

use super::texts;

texts! {
    TITLE: "Percayai kotak ini", "Trust this box";
    LEAD: "Kotak hadir membuat sertifikatnya sendiri, karena di jaringan setempat tidak ada pihak lain yang dapat memeriksanya. Pasang sertifikat ini satu kali di setiap ponsel dan laptop. Setelah itu peringatan peramban hilang, dan kamera di halaman meja panitia dapat dipakai.",
          "The box makes its own certificate, because on a local network nobody else can vouch for it. Install it once on each phone and laptop. After that the browser stops warning, and the camera on the desk page can be used.";
    STEP_OPEN: "Buka halaman ini di ponsel", "Open this page on the phone";
    STEP_OPEN_TEXT: "Pindai kode ini dengan kamera ponsel yang tersambung ke jaringan yang sama. Peramban memberi peringatan satu kali: pilih “Lanjutan”, lalu lanjutkan.",
                    "Scan this code with a phone on the same network. The browser warns once: choose “Advanced”, then continue.";
    QR_LABEL: "Kode QR dengan alamat {0}", "QR code with the address {0}";
    STEP_FILE: "Unduh sertifikat", "Download the certificate";
    FILE_DER: "Sertifikat untuk ponsel, Windows, macOS (.crt)", "Certificate for phones, Windows, macOS (.crt)";
    FILE_PEM: "Sertifikat untuk Linux (.pem)", "Certificate for Linux (.pem)";
    STEP_COMPARE: "Bandingkan sidik sertifikat", "Compare the fingerprint";
    COMPARE_TEXT: "Saat memasang, ponsel atau laptop menampilkan sidik SHA-256. Isinya harus sama dengan yang ada di layar kotak atau di halaman pengurus ini. Kalau berbeda, jangan dipasang dan beri tahu pengurus.",
                  "While installing, the device shows a SHA-256 fingerprint. It must be the same as on the box's own screen or on this page of the administrator. If it differs, do not install it, and tell the administrator.";
    FINGERPRINT: "Sidik SHA-256", "SHA-256 fingerprint";
    STEP_INSTALL: "Pasang", "Install it";
    ANDROID: "Android", "Android";
    ANDROID_1: "Buka Setelan → Keamanan & privasi → Setelan keamanan lainnya → Enkripsi & kredensial.",
               "Open Settings → Security & privacy → More security settings → Encryption & credentials.";
    ANDROID_2: "Pilih Instal sertifikat → Sertifikat CA → Tetap instal.",
               "Choose Install a certificate → CA certificate → Install anyway.";
    ANDROID_3: "Pilih berkas hadir.crt dari folder Unduhan. Nama menu dapat berbeda di merek lain: cari kata “sertifikat” di Setelan.",
               "Choose hadir.crt from Downloads. Menus differ between makers: search Settings for “certificate”.";
    IOS: "iPhone dan iPad", "iPhone and iPad";
    IOS_1: "Buka halaman ini di Safari dan unduh sertifikat; pilih Izinkan.",
           "Open this page in Safari and download the certificate; choose Allow.";
    IOS_2: "Buka Pengaturan → Profil Diunduh → Instal.", "Open Settings → Profile Downloaded → Install.";
    IOS_3: "Buka Pengaturan → Umum → Mengenai → Pengaturan Kepercayaan Sertifikat, lalu nyalakan hadir. Tanpa langkah ini sertifikat belum dipercaya.",
           "Open Settings → General → About → Certificate Trust Settings and switch hadir on. Without this step it is not trusted yet.";
    WINDOWS: "Windows", "Windows";
    WINDOWS_1: "Klik dua kali hadir.crt, lalu pilih Install Certificate.",
               "Double-click hadir.crt and choose Install Certificate.";
    WINDOWS_2: "Pilih Current User → Place all certificates in the following store → Browse → Trusted Root Certification Authorities.",
               "Choose Current User → Place all certificates in the following store → Browse → Trusted Root Certification Authorities.";
    WINDOWS_3: "Selesaikan dengan Finish, bandingkan sidik di peringatan, lalu buka ulang peramban.",
               "Choose Finish, compare the fingerprint in the warning, then restart the browser.";
    MACOS: "macOS", "macOS";
    MACOS_1: "Klik dua kali hadir.crt: Akses Rantai Kunci terbuka; tambahkan ke rantai kunci Sistem.",
             "Double-click hadir.crt: Keychain Access opens; add it to the System keychain.";
    MACOS_2: "Klik dua kali hadir di daftar, buka bagian Kepercayaan, dan pilih Selalu Percayai.",
             "Double-click hadir in the list, open Trust, and choose Always Trust.";
    LINUX: "Linux", "Linux";
    LINUX_1: "Firefox: Pengaturan → Privasi & Keamanan → Lihat Sertifikat → Otoritas → Impor, lalu centang situs web.",
             "Firefox: Settings → Privacy & Security → View Certificates → Authorities → Import, then tick websites.";
    LINUX_2: "Chrome dan Chromium: buka chrome://certificate-manager → Khusus → Tepercaya → Impor.",
             "Chrome and Chromium: open chrome://certificate-manager → Custom → Trusted → Import.";
    LINUX_3: "Untuk seluruh sistem (Debian, Ubuntu): salin hadir.pem menjadi /usr/local/share/ca-certificates/hadir.crt, lalu jalankan",
             "For the whole system (Debian, Ubuntu): copy hadir.pem to /usr/local/share/ca-certificates/hadir.crt, then run";
    NAMES: "Alamat yang berlaku", "Addresses that it covers";
    NAMES_TEXT: "Buka kotak lewat salah satu alamat ini. Alamat lain tetap memberi peringatan.",
                "Open the box by one of these addresses. Any other one still gives a warning.";
    REMOVE: "Perangkat pinjaman? Hapus lagi sertifikat ini di tempat yang sama sesudah acara.",
            "A borrowed device? Remove the certificate again in the same place after the event.";
    NONE_TITLE: "Tidak ada yang perlu dipasang", "Nothing to install";
    NONE_TEXT: "Kotak ini tidak memakai sertifikat buatannya sendiri. Bila peramban tetap memberi peringatan, beri tahu pengurus: sertifikat yang dipasang di pengaturan kotak belum sesuai.",
               "This box does not use a certificate of its own making. If the browser warns all the same, tell the administrator: the certificate in the box's configuration does not fit.";
}
