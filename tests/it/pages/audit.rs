//! The page of the audit trail: in both languages, filtered, with names, and as a file.

use super::house::{House, leads};
use hadir::domain::actor::Role;

#[test]
fn the_trail_is_read_in_the_reader_s_language_with_names() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let added = browser.post("/people/new", &[("name", "Budi Santoso")]);
    let path = leads(&added).replace("?done=added", "");
    let id = path.strip_prefix("/people/").expect("a person").to_owned();
    let page = browser.page("/audit");
    assert!(
        page.contains("Budi Santoso") && page.contains("Sari Wulandari"),
        "{page}"
    );
    assert!(
        page.contains(&format!("href=\"/audit?person={id}\"")),
        "{page}"
    );
    browser.says(
        "/audit",
        &[
            "Siapa melakukan apa",
            "<td>menambahkan orang</td>",
            "operator (baris perintah)",
        ],
        &[
            "Who did what",
            "<td>added a person</td>",
            "operator (command line)",
        ],
    );
    browser.post(&format!("{path}/erase"), &[("typed", "Budi Santoso")]);
    let page = browser.page(&format!("/audit?person={id}"));
    assert!(!page.contains("Budi"), "{page}");
    assert!(page.contains("somebody who was erased"), "{page}");
    assert!(page.contains("cannot be opened any more"), "{page}");
}

#[test]
fn a_filter_stays_in_the_form_and_in_the_links() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let page = browser.page("/audit?act=session.open&from=2026-11-21&until=2026-11-21");
    assert!(page.contains("<td>masuk</td>"), "{page}");
    assert!(!page.contains("<td>menambahkan orang</td>"), "{page}");
    assert!(page.contains("value=\"session.open\" selected"), "{page}");
    let export =
        "/audit/export?format=csv&amp;act=session.open&amp;from=2026-11-21&amp;until=2026-11-21";
    assert!(page.contains(export), "{page}");
    let none = browser.page("/audit?from=2026-11-22");
    assert!(none.contains("Tidak ada baris yang cocok"), "{none}");
    let none = browser.page("/audit?until=2026-11-20");
    assert!(none.contains("Tidak ada baris yang cocok"), "{none}");
    let wrong = browser.page("/audit?from=kemarin");
    assert!(
        wrong.contains("Tulis tanggal seperti 2026-11-21."),
        "{wrong}"
    );
}

#[test]
fn the_file_is_for_administrators_alone() {
    let house = House::set_up();
    let mut sari = house.signed_in("sari");
    let file = sari.get("/audit/export?format=ndjson&act=person.add");
    assert_eq!(file.status, 200);
    assert_eq!(file.body.lines().count(), 1, "{}", file.body);
    house.add("Guru", "guru", Role::Teacher);
    let mut guru = house.signed_in("guru");
    assert_eq!(guru.get("/audit/export").status, 403);
    assert_eq!(guru.get("/audit").status, 403);
}
