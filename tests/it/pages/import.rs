//! Importing people by the page: what would happen is shown, then it is done or not at all.

use super::house::{Browser, House, leads, well_formed};
use hadir::domain::actor::Actor;
use hadir::domain::identity::person;

/// Everybody's name, in the order of the alphabet.
fn names(house: &House) -> Vec<String> {
    let core = &house.native().core;
    let people = core.read(Actor::Operator, "test", |v, c| {
        person::list(v, c, None, 100)
    });
    let mut names: Vec<String> = (people.expect("people").into_iter())
        .map(|p| p.name)
        .collect();
    names.sort();
    names
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The hidden fields of the form that leads to `action`.
fn hidden(page: &str, action: &str) -> Vec<(String, String)> {
    let form = page
        .split("<form")
        .find(|f| f.contains(&format!("action=\"{action}\"")));
    let form = form
        .expect("a form")
        .split("</form>")
        .next()
        .expect("its end");
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1)?;
        Some(value.split('"').next()?.to_owned())
    };
    form.split("<input ")
        .filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}

/// Presses the button of the outcome.
fn press(browser: &mut Browser<'_>, page: &str) -> crate::wire::server::Answer {
    let fields = hidden(page, "/people/import/apply");
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    browser.post("/people/import/apply", &fields)
}

#[test]
fn a_table_is_checked_then_imported_then_known() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let page = browser.page("/people/import");
    assert!(page.contains("Tidak ada yang disimpan sebelum"), "{page}");
    let table = "\u{FEFF}Nama Lengkap;NIS;Kelas\r\nBudi;007;X\r\nRené;8;X\r\n";
    let file = digits(table.as_bytes());
    let answer = browser.post("/people/import", &[("file", &file), ("table", "")]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    well_formed(&answer.body);
    for part in ["utf-8, semicolon, 2 baris", "Impor 2 orang", "Budi", "René"] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    assert_eq!(
        names(&house),
        ["Sari Wulandari"],
        "nothing is saved by looking"
    );
    let done = press(&mut browser, &answer.body);
    assert!(
        done.body
            .contains("Selesai: 2 baru, 0 berubah, 0 sama, 0 dilewati."),
        "{}",
        done.body
    );
    assert_eq!(names(&house), ["Budi", "René", "Sari Wulandari"]);
    let again = browser.post("/people/import", &[("file", &file)]);
    assert!(
        again.body.contains("Semua baris sudah ada"),
        "{}",
        again.body
    );
}

#[test]
fn bad_lines_are_named_and_stop_everything_until_they_are_left_out() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let table = "nama,nim,email\nBudi,1,\nAni,1,\n,3,\nCici,4,cici@b.id\n";
    let answer = browser.post("/people/import", &[("table", table)]);
    well_formed(&answer.body);
    for part in [
        "3 baris bermasalah",
        "Nomor induk sama dengan baris 3.",
        "Nomor induk sama dengan baris 2.",
        "Nama kosong",
        "<td>4</td>",
        "Impor 1 yang benar saja, lewati 3 baris",
    ] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    // All of it was asked for: nothing is half-imported.
    let all = browser.post(
        "/people/import/apply",
        &[("table", table), ("extent", "all")],
    );
    assert!(all.body.contains("3 baris bermasalah"), "{}", all.body);
    assert_eq!(names(&house), ["Sari Wulandari"]);
    let done = press(&mut browser, &answer.body);
    assert!(done.body.contains("Selesai: 1 baru"), "{}", done.body);
    assert_eq!(names(&house), ["Cici", "Sari Wulandari"]);
}

#[test]
fn files_that_are_no_table_are_refused_with_what_to_do() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.language = "en";
    let large = "00".repeat(1024 * 1024 + 1);
    let mixed = digits(&[b"nama,nim\nRen\xE9,1\n".as_slice(), "Zoë,2\n".as_bytes()].concat());
    let workbook = digits(b"PK\x03\x04");
    for (file, sentence) in [
        ("", "The table is empty"),
        ("zz", "The table is empty"),
        (workbook.as_str(), "This is an Excel file."),
        (mixed.as_str(), "letters that cannot be read in line 2"),
        (large.as_str(), "more than 1 MB"),
    ] {
        let answer = browser.post("/people/import", &[("file", file)]);
        assert_eq!(answer.status, 422, "{sentence}");
        well_formed(&answer.body);
        assert!(
            answer.body.contains(sentence),
            "{sentence} in {}",
            answer.body
        );
    }
    assert_eq!(names(&house).len(), 1);
}

#[test]
fn a_column_without_a_known_name_is_chosen_by_hand() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let table = "a;b\nBudi;1\n";
    let answer = browser.post("/people/import", &[("table", table)]);
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("Pilih kolom yang berisi nama."),
        "{}",
        answer.body
    );
    well_formed(&answer.body);
    let file = digits(table.as_bytes());
    let chosen = [
        ("file", file.as_str()),
        ("column-name", "0"),
        ("column-number", "1"),
    ];
    let answer = browser.post("/people/import", &chosen);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(
        press(&mut browser, &answer.body)
            .body
            .contains("Selesai: 1 baru")
    );
    assert_eq!(names(&house), ["Budi", "Sari Wulandari"]);
}

#[test]
fn what_has_changed_since_the_look_is_looked_at_again() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let looked = browser.post("/people/import", &[("table", "nama,nim\nBudi,1\n")]);
    let added = browser.post("/people/new", &[("name", "Budiman"), ("number", "1")]);
    assert!(leads(&added).ends_with("?done=added"));
    let answer = press(&mut browser, &looked.body);
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("berubah sejak pemeriksaan"),
        "{}",
        answer.body
    );
    assert_eq!(names(&house), ["Budiman", "Sari Wulandari"]);
    assert!(
        press(&mut browser, &answer.body)
            .body
            .contains("Selesai: 0 baru, 1 berubah")
    );
    assert_eq!(names(&house), ["Budi", "Sari Wulandari"]);
}
