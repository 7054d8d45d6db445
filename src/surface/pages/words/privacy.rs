//! What the pages say of privacy: the notice, what people may ask for, one's own data.

use super::texts;

texts! {
    OWN_DATA: "Privasi", "Privacy";
    OWN_COPY_LEAD: "Salinan semua data Anda sebagai satu berkas (JSON): profil, persetujuan, tiket, kehadiran, dan apa yang pernah dilakukan padanya.", "A copy of all your data as one file (JSON): profile, consents, tickets, attendance, and what was done with it.";
    OWN_COPY: "Unduh data saya", "Download my data";
    OWN_CONSENTS: "Persetujuan saya", "My consents";
    OWN_CONSENTS_NONE: "Belum ada persetujuan yang tercatat.", "No consent is recorded.";
    FOR_FACE: "Pengenalan wajah", "Face recognition";
    FOR_IMAGE: "Penyimpanan foto", "Keeping pictures";
    GIVEN: "Diberikan {0}, teks {1}.", "Given {0}, text {1}.";
    WITHDRAWN: "Ditarik {0}.", "Withdrawn {0}.";
    WITHDRAW: "Tarik", "Withdraw";
    WITHDRAW_OF: "Tarik persetujuan: {0}", "Withdraw consent: {0}";
    OWN_WITHDRAWN: "Persetujuan sudah ditarik. Kalau itu untuk wajah, wajahnya sudah dihapus; kode QR dan nomor induk tetap bisa dipakai.", "The consent was withdrawn. If it was for the face, the face was deleted; QR code and number keep working.";
    PERSON_COPY: "Unduh data orang ini", "Download this person's data";
    PERSON_COPY_LEAD: "Satu berkas JSON dengan semua yang disimpan tentang orang ini, misalnya untuk memenuhi permintaannya. Ekspor ini dicatat dalam jejak audit.", "One JSON file with everything that is kept of this person, for example to answer their request. The export stands in the audit trail.";
    PERSON_TRAIL: "Jejak audit orang ini", "This person's audit trail";
}
