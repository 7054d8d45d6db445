//! Importing people from a table over the interface.

use super::exchange::{Talk, json};
use super::house::{House, Key};
use hadir::domain::actor::Role;

const TABLE: &str = "Nama;NIS;Kelas\nBudi Santoso;2026001;X-1\nSiti Aminah;2026001;X-1\nAyu;;X-2\n";
const HEAD: &str = "POST /api/v1/people/import";

fn people(house: &House, key: &Key) -> usize {
    let page = house.call(key, "GET /api/v1/people", b"").json();
    page["items"].as_array().expect("items").len()
}

#[test]
fn a_table_is_looked_at_first_and_imported_as_far_as_was_said() {
    let house = House::new();
    let admin = house.admin();
    let before = people(&house, &admin);
    let mut talk = Talk::new(&house);
    let lines = r#""lines":[
        {"line":2,"name":"Budi Santoso","person":null,"skipped":true,"reasons":["<text>"]},
        {"line":3,"name":"Siti Aminah","person":null,"skipped":true,"reasons":["<text>"]},
        {"line":4,"name":"Ayu","person":null,"skipped":false,"reasons":["<text>"]}]"#;
    let counts = r#""create":1,"update":0,"unchanged":0,"skipped":2"#;
    talk.send(&admin, HEAD, TABLE)
        .gets(200, &format!("{{\"written\":false,{counts},{lines}}}"));
    talk.send(&admin, &format!("{HEAD}?extent=all"), TABLE)
        .refused(422, "lines_refused");
    assert_eq!(people(&house, &admin), before, "nothing was imported");
    talk.send(&admin, &format!("{HEAD}?extent=valid"), TABLE)
        .gets(200, &format!("{{\"written\":true,{counts},{lines}}}"));
    assert_eq!(people(&house, &admin), before + 1);
    let good = TABLE.replace("Siti Aminah;2026001", "Siti Aminah;2026002");
    talk.send(&admin, &format!("{HEAD}?extent=all"), &good);
    let done = json(&talk.answer().body);
    assert_eq!(
        (&done["create"], &done["skipped"]),
        (&3.into(), &0.into()),
        "{done}"
    );
    talk.send(&admin, "GET /api/v1/people?search=siti", "");
    assert_eq!(json(&talk.answer().body)["items"][0]["number"], "2026002");
    let changed = "Nama;NIS;Kelas\nBudi Santoso;2026001;XI-1\nSiti Aminah;2026002;X-1\n";
    talk.send(&admin, &format!("{HEAD}?extent=all"), changed);
    let done = json(&talk.answer().body);
    assert_eq!(
        (&done["update"], &done["unchanged"]),
        (&1.into(), &1.into()),
        "{done}"
    );
}

#[test]
fn what_is_no_table_is_refused_with_what_to_do() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    for (body, told) in [
        ("", "header line"),
        ("PK\u{3}\u{4}rest", "workbook"),
        ("Kota;Negara\nBogor;Indonesia\n", "No column"),
    ] {
        talk.send(&admin, HEAD, body).refused(422, "no_table");
        let error = json(&talk.answer().body)["error"].clone();
        assert_eq!(error["field"], "body");
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(told), "{message}");
    }
    talk.send(&admin, &format!("{HEAD}?extent=some"), TABLE)
        .refused(422, "unprocessable");
    let teacher = house.person(Role::Teacher);
    talk.send(&teacher, HEAD, TABLE).refused(403, "forbidden");
}
