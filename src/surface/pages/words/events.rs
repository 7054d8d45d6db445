//! What the pages of events say.

use super::texts;

texts! {
    TITLE: "Acara", "Events";
    LEAD: "Presensi harian selalu ada. Buat acara bila tamu masuk dengan tiket.", "Daily attendance is always there. Make an event when guests come in with tickets.";
    EMPTY_TITLE: "Belum ada acara", "No events yet";
    EMPTY: "Acara punya tiket, kapasitas, dan daftar hadir sendiri.", "An event has its own tickets, capacity and attendance list.";
    ADD: "Buat acara", "Make an event";
    NAME: "Nama acara", "Name of the event";
    CAPACITY: "Kapasitas", "Capacity";
    CAPACITY_HINT: "Kosongkan bila tidak dibatasi.", "Leave empty for no limit.";
    CAPACITY_WRONG: "Tulis bilangan bulat mulai dari 1.", "Write a whole number from 1 on.";
    RULE: "Satu tiket berlaku", "One ticket lets in";
    RULE_EVENT: "Sekali untuk seluruh acara", "Once for the whole event";
    RULE_DAY: "Sekali sehari", "Once a day";
    RULE_EXIT: "Lagi setelah keluar", "Again after an exit";
    RULE_ANY: "Berapa kali pun", "Any number of times";
    FACE: "Wajah boleh dipakai selain tiket", "A face may be used besides the ticket";
    OPEN_NOW: "Langsung dibuka", "Open at once";
    CREATE: "Simpan acara", "Save the event";
    STATE: "Keadaan", "State";
    DRAFT: "Rancangan", "Draft";
    OPEN: "Dibuka", "Open";
    CLOSED: "Ditutup", "Closed";
    OPEN_IT: "Buka acara", "Open the event";
    CLOSE_IT: "Tutup acara", "Close the event";
    INSIDE: "Di dalam", "Inside";
    ADMITTED: "Diterima", "Admitted";
    TICKETS: "Tiket", "Tickets";
    TICKETS_EMPTY: "Belum ada tiket.", "No tickets yet.";
    ISSUE: "Terbitkan tiket", "Issue a ticket";
    ISSUE_NUMBER: "Nomor induk pemegang", "ID number of the holder";
    ISSUE_HINT: "Kosongkan untuk tiket tanpa nama: siapa pun yang membawanya.", "Leave empty for a ticket without a name: for whoever carries it.";
    ISSUE_NOBODY: "Tidak ada orang dengan nomor ini.", "Nobody has this number.";
    ISSUED: "Tiket sudah terbit. Kode QR-nya dipindai di pintu.", "The ticket was issued. Its QR code is scanned at the door.";
    CODE: "Kode tiket", "Ticket code";
    CODE_QR: "Kode QR tiket", "QR code of the ticket";
    SHOW: "Lihat tiket", "Show the ticket";
    REVOKE: "Cabut tiket", "Revoke the ticket";
    HOLDER_NONE: "Tanpa nama", "No name";
    TICKET_VALID: "Berlaku", "Valid";
    TICKET_BLOCKED: "Diblokir", "Blocked";
    TICKET_REVOKED: "Dicabut", "Revoked";
    CREATED: "Acara sudah dibuat.", "The event was made.";
    OPENED: "Acara dibuka.", "The event is open.";
    CLOSED_DONE: "Acara ditutup. Tidak ada yang bisa masuk lagi; yang di dalam bisa keluar.", "The event is closed. Nobody comes in any more; those inside can leave.";
    REVOKED_DONE: "Tiket dicabut dan langsung ditolak di pintu.", "The ticket was revoked and is refused at the door at once.";
    DESK: "Buka meja panitia", "Open the desk";
}
