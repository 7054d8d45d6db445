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

#[test]
fn garbage_in_the_address_is_no_filter_and_no_fault() {
    let house = House::set_up();
    let mut sari = house.signed_in("sari");
    let whole = sari.page("/audit").matches("<tr>").count();
    for query in [
        "person=7",
        "device=x",
        "act=person.fly",
        "before=-1",
        "before=zwei",
        "person=%3Cscript%3E",
        "from=&until=",
    ] {
        let page = sari.page(&format!("/audit?{query}"));
        assert_eq!(page.matches("<tr>").count(), whole, "{query}");
        assert!(!page.contains("<script>"), "{query}: {page}");
    }
    let none = sari.page("/audit?before=1");
    assert!(none.contains("Tidak ada baris yang cocok"), "{none}");
    let nobody = sari.page("/audit?person=01JD5Z3N8GQ4X6V7W8Y9Z0A1B2");
    assert!(nobody.contains("Tidak ada baris yang cocok"), "{nobody}");
}

#[test]
fn older_rows_are_a_page_further() {
    let house = House::set_up();
    for n in 0..60 {
        house.add_only(&format!("Orang {n}"));
    }
    let mut sari = house.signed_in("sari");
    let page = sari.page("/audit?act=person.add");
    assert_eq!(page.matches("<td>menambahkan orang</td>").count(), 50);
    let older = page.split("href=\"").find(|rest| rest.contains("before="));
    let older = older
        .and_then(|rest| rest.split('"').next())
        .expect("a way on");
    let older = older.replace("&amp;", "&");
    assert!(
        older.starts_with("/audit?act=person.add&before="),
        "{older}"
    );
    let page = sari.page(&older);
    assert_eq!(page.matches("<td>menambahkan orang</td>").count(), 11);
    assert!(!page.contains("before="), "{page}");
}

#[test]
fn a_device_has_its_name_and_its_rows() {
    let house = House::set_up();
    let mut sari = house.signed_in("sari");
    let offered = [("name", "Gerbang utara"), ("kind", "kiosk")];
    assert_eq!(sari.post("/devices", &offered).status, 200);
    let page = sari.page("/audit");
    let link = page
        .split("href=\"/audit?device=")
        .nth(1)
        .expect("a device");
    let id = link.split('"').next().expect("an id");
    assert!(link.contains(">Gerbang utara</a>"), "{link}");
    let own = sari.page(&format!("/audit?device={id}"));
    assert!(
        own.contains("Hanya yang menyangkut perangkat Gerbang utara."),
        "{own}"
    );
    assert!(own.contains("<td>membuat kode pemasangan</td>"), "{own}");
    assert!(!own.contains("<td>masuk</td>"), "{own}");
}
