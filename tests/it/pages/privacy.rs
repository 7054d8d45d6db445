//! `/privacy`: the notice for everybody, what one asks for, and its clock.

use super::house::{House, leads};
use hadir::domain::actor::Role;

/// The path of the first form that closes something.
fn closing(page: &str) -> String {
    let path = page
        .split("action=\"")
        .find(|rest| rest.contains("/close\""));
    path.and_then(|rest| rest.split('"').next())
        .expect("a form")
        .to_owned()
}

#[test]
fn everybody_reads_the_notice_and_its_version() {
    let house = House::set_up();
    let mut stranger = house.browser();
    stranger.says(
        "/privacy",
        &[
            "Pemberitahuan privasi",
            "Permintaan dijawab dalam 3×24 jam",
            "masuk dahulu",
        ],
        &[
            "Privacy notice",
            "answered within 3×24 hours",
            "sign in first",
        ],
    );
    let mut sari = house.signed_in("sari");
    let empty = sari.post("/privacy/notice", &[("text_id", "Teks"), ("text_en", "")]);
    assert_eq!(empty.status, 422);
    super::house::well_formed(&empty.body);
    assert!(empty.body.contains(">Teks</textarea>"), "{}", empty.body);
    let texts = [
        ("text_id", "Teks <kami>\r\n\r\nKedua"),
        ("text_en", "Our text"),
    ];
    assert_eq!(
        leads(&sari.post("/privacy/notice", &texts)),
        "/privacy?done=published"
    );
    assert_eq!(sari.post("/privacy/notice", &texts).status, 422, "the same");
    stranger.says(
        "/privacy",
        &[
            "<p>Teks &lt;kami&gt;</p><p>Kedua</p>",
            "Versi 1, terbit 21 November 2026",
        ],
        &["<p>Our text</p>", "Version 1, published 21 November 2026"],
    );
    house.add("Guru", "guru", Role::Teacher);
    let mut guru = house.signed_in("guru");
    assert_eq!(guru.post("/privacy/notice", &texts).status, 403);
    assert!(!guru.page("/privacy").contains("textarea"));
}

#[test]
fn what_is_asked_for_waits_with_its_clock_until_it_is_answered() {
    let house = House::set_up();
    house.add("Budi Santoso", "budi", Role::User);
    let mut budi = house.signed_in("budi");
    let asked = [("kind", "correct"), ("note", "Nama saya salah tulis")];
    assert_eq!(
        leads(&budi.post("/privacy/claims", &asked)),
        "/privacy?done=asked"
    );
    assert_eq!(
        leads(&budi.post("/privacy/claims", &asked)),
        "/privacy?done=waits"
    );
    assert_eq!(
        leads(&budi.post("/privacy/claims", &[])),
        "/privacy?done=kind"
    );
    budi.says(
        "/privacy?done=asked",
        &[
            "Permintaan sudah dicatat",
            "Membetulkan data",
            "Sisa 72 jam",
        ],
        &[
            "The request was recorded",
            "Correct the data",
            "72 hours left",
        ],
    );
    house.hand.advance(73 * 3_600_000);
    let mut sari = house.signed_in("sari");
    sari.says(
        "/privacy",
        &["Budi Santoso", "Nama saya salah tulis", "Terlambat 1 jam"],
        &["Requests that wait", "1 hours late"],
    );
    let path = closing(&sari.page("/privacy"));
    let mut budi = house.signed_in("budi");
    assert_eq!(budi.post(&path, &[("outcome", "done")]).status, 403);
    let none = sari.post(&path, &[("outcome", "refused")]);
    assert_eq!(leads(&none), "/privacy?done=reason");
    let answer = [("outcome", "refused"), ("answer", "Sudah sesuai KTP")];
    assert_eq!(leads(&sari.post(&path, &answer)), "/privacy?done=closed");
    assert_eq!(sari.post(&path, &answer).status, 404);
    assert!(sari.page("/privacy").contains("Nothing is waiting."));
    let page = budi.page("/privacy");
    assert!(
        page.contains("Sudah sesuai KTP") && page.contains("Ditolak"),
        "{page}"
    );
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_kept() {
    let house = House::set_up();
    house.add("Budi Santoso", "budi", Role::User);
    let mut budi = house.signed_in("budi");
    let long = "x".repeat(501);
    for note in [long.as_str(), "\u{202e}terbalik"] {
        let sent = [("kind", "access"), ("note", note)];
        assert_eq!(budi.post("/privacy/claims", &sent).status, 422, "{note}");
    }
    let unknown = budi.post("/privacy/claims", &[("kind", "money")]);
    assert_eq!(leads(&unknown), "/privacy?done=kind");
    let mut sari = house.signed_in("sari");
    assert!(sari.page("/privacy").contains("Tidak ada yang menunggu."));
    let nobody = "/privacy/claims/01JD5Z3N8GQ4X6V7W8Y9Z0A1B2/close";
    assert_eq!(sari.post(nobody, &[("outcome", "done")]).status, 404);
    assert_eq!(sari.post("/privacy/claims/7/close", &[]).status, 404);
    let long = "x".repeat(8_001);
    let texts = [("text_id", long.as_str()), ("text_en", "Text")];
    let refused = sari.post("/privacy/notice", &texts);
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("lebih dari 8.000 karakter"),
        "{}",
        refused.body
    );
    let mut stranger = house.browser();
    for path in ["/privacy/claims", "/privacy/notice", nobody] {
        let status = stranger.post(path, &texts).status;
        assert!([401, 403].contains(&status), "{path}: {status}");
    }
}

#[test]
fn a_form_of_another_page_asks_for_nothing() {
    let house = House::set_up();
    let mut sari = house.signed_in("sari");
    sari.origin = "https://evil.example".to_owned();
    for path in [
        "/privacy/claims",
        "/privacy/notice",
        "/me/export",
        "/people/bulk",
    ] {
        assert_eq!(sari.post(path, &[("kind", "erase")]).status, 403, "{path}");
    }
}

#[test]
fn one_s_own_requests_are_one_s_own() {
    let house = House::set_up();
    house.add("Budi Santoso", "budi", Role::User);
    house.add("Ani Lestari", "ani", Role::Teacher);
    let mut budi = house.signed_in("budi");
    let asked = [("kind", "pause"), ("note", "Sampai bulan depan")];
    assert_eq!(
        leads(&budi.post("/privacy/claims", &asked)),
        "/privacy?done=asked"
    );
    let mut ani = house.signed_in("ani");
    let page = ani.page("/privacy");
    assert!(
        !page.contains("Sampai bulan depan") && !page.contains("Budi"),
        "{page}"
    );
    assert!(!page.contains("Permintaan yang menunggu"), "{page}");
    let page = house.signed_in("sari").page("/privacy");
    assert!(
        page.contains("Sampai bulan depan") && page.contains("Budi Santoso"),
        "{page}"
    );
}
