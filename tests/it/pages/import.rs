//! Importing people by the page: what would happen is shown, then it is done or not at all.

use super::house::{Browser, House, leads, well_formed};
use hadir::domain::actor::Role;

/// Everybody's name, in the order of the alphabet.
fn names(house: &House) -> Vec<String> {
    let mut names: Vec<String> = house.people().into_iter().map(|p| p.name).collect();
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
    press_of(browser, page, "/people/import/apply")
}

/// Presses the button of the form that leads to `action`.
fn press_of(browser: &mut Browser<'_>, page: &str, action: &str) -> crate::wire::server::Answer {
    let fields = hidden(page, action);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    browser.post(action, &fields)
}

/// Where the newest import is taken back.
fn newest(page: &str) -> String {
    let link = page.split("href=\"/people/import/").nth(1);
    let id = link.and_then(|rest| rest.split('"').next());
    format!("/people/import/{}", id.expect("an import"))
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

#[test]
fn the_bad_lines_come_as_a_file_with_their_reasons_and_no_formula() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let table = "Nama;NIM;Catatan\nBudi;1;=1+1\nAni;1;\nCici;2;\n";
    let answer = browser.post("/people/import", &[("table", table)]);
    assert!(
        answer.body.contains("Unduh baris yang bermasalah"),
        "{}",
        answer.body
    );
    let file = press_of(&mut browser, &answer.body, "/people/import/bad");
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = file.header("content-disposition").expect("a name");
    assert_eq!(name, "attachment; filename=\"baris-bermasalah.csv\"");
    let want = "\u{FEFF}Nama;NIM;Catatan;Baris;Alasan\r\n\
                Budi;1;'=1+1;2;Nomor induk sama dengan baris 3.\r\n\
                Ani;1;;3;Nomor induk sama dengan baris 2.\r\n";
    assert_eq!(file.body, want);
    // Mended, it is a table again.
    let mended = file.body.replace("Ani;1", "Ani;7");
    let file = digits(mended.as_bytes());
    let again = browser.post("/people/import", &[("file", &file)]);
    assert!(again.body.contains("Impor 2 orang"), "{}", again.body);
}

#[test]
fn an_import_is_taken_back_as_a_whole() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let first = browser.post("/people/import", &[("table", "nama,nim,kelas\nBudi,1,X\n")]);
    press(&mut browser, &first.body);
    // Two of one millisecond have no order.
    house.hand.advance(1);
    let second = "nama,nim,kelas\nBudi Santoso,1,XI\nAni,2,X\nCici,3,X\n";
    let looked = browser.post("/people/import", &[("table", second)]);
    let done = press(&mut browser, &looked.body);
    assert!(done.body.contains("2 baru, 1 berubah"), "{}", done.body);
    let path = newest(&done.body);
    let page = browser.page(&path);
    assert!(page.contains("Batalkan impor dan hapus 2 orang"), "{page}");
    let answer = browser.post(&format!("{path}/undo"), &[]);
    assert_eq!(leads(&answer), "/people/import?done=undone");
    assert!(
        browser
            .page("/people/import?done=undone")
            .contains("Impor sudah dibatalkan.")
    );
    assert_eq!(names(&house), ["Budi", "Sari Wulandari"]);
    assert_eq!(browser.get(&path).status, 404, "once");
    assert_eq!(browser.post(&format!("{path}/undo"), &[]).status, 404);
}

#[test]
fn who_has_got_something_since_stands_against_it_by_name() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let table = "nama,nim\nBudi,1\nAni,2\nCici,3\n";
    let looked = browser.post("/people/import", &[("table", table)]);
    let done = press(&mut browser, &looked.body);
    let path = newest(&done.body);
    let (ani, cici) = (house.find("Ani"), house.find("Cici"));
    let consent = [("giver", "person"), ("means", "paper"), ("agreed", "yes")];
    assert_eq!(
        browser
            .post(&format!("/people/{ani}/consent"), &consent)
            .status,
        303
    );
    let renamed = [("name", "Cici Lestari"), ("number", "3")];
    assert_eq!(
        browser.post(&format!("/people/{cici}"), &renamed).status,
        303
    );
    let answer = browser.post(&format!("{path}/undo"), &[]);
    assert_eq!(answer.status, 409);
    well_formed(&answer.body);
    for part in [
        "2 orang di dalamnya sudah punya data lain",
        "Ani</a>: sudah ada persetujuan",
        "Cici Lestari</a>: datanya sudah diubah",
    ] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    assert!(
        !answer.body.contains(">Budi</a>"),
        "nothing is in Budi's way"
    );
    assert_eq!(names(&house).len(), 4, "nothing was taken back");
    browser.post(&format!("/people/{ani}/erase"), &[("typed", "Ani")]);
    browser.post(
        &format!("/people/{cici}"),
        &[("name", "Cici"), ("number", "3")],
    );
    assert_eq!(
        leads(&browser.post(&format!("{path}/undo"), &[])),
        "/people/import?done=undone"
    );
    assert_eq!(names(&house), ["Sari Wulandari"]);
}

#[test]
fn an_import_can_be_taken_back_for_a_week() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let looked = browser.post("/people/import", &[("table", "nama,nim\nBudi,1\n")]);
    let path = newest(&press(&mut browser, &looked.body).body);
    let day = 24 * 3_600_000;
    house.hand.advance(7 * day);
    let mut browser = house.signed_in("sari");
    assert_eq!(browser.get(&path).status, 200);
    house.hand.advance(1);
    assert_eq!(browser.get(&path).status, 404);
    assert!(!browser.page("/people/import").contains("Impor terakhir"));
}

/// Each role at each page of importing; what is refused does nothing.
#[test]
fn only_administrators_import_look_and_take_back() {
    let house = House::set_up();
    let mut sari = house.signed_in("sari");
    let looked = sari.post("/people/import", &[("table", "nama,nim\nBudi,1\n")]);
    let path = newest(&press(&mut sari, &looked.body).body);
    let undo = format!("{path}/undo");
    for role in [Role::User, Role::Developer, Role::Teacher, Role::Committee] {
        let login = format!("orang.{role}");
        house.add("Tono", &login, role);
        let mut browser = house.signed_in(&login);
        for page in ["/people/import", path.as_str()] {
            let answer = browser.get(page);
            assert_eq!(answer.status, 403, "{role} {page}");
            assert!(!answer.body.contains("Budi"), "{}", answer.body);
        }
        let table = [("table", "nama\nWati\n"), ("extent", "valid")];
        for form in [
            "/people/import",
            "/people/import/apply",
            "/people/import/bad",
            undo.as_str(),
        ] {
            let answer = browser.post(form, &table);
            assert_eq!(answer.status, 403, "{role} {form}");
        }
    }
    let mut nobody = house.browser();
    assert!(leads(&nobody.get(&path)).starts_with("/sign-in"));
    assert_eq!(nobody.post(&undo, &[]).status, 401);
    assert_eq!(names(&house).len(), 6, "Sari, Budi and those who tried");
}

#[test]
fn an_import_that_is_none_is_not_found() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for id in ["x", "0", "00000000000000000000000000", "../sari"] {
        let path = format!("/people/import/{id}");
        assert_eq!(browser.get(&path).status, 404, "{id}");
    }
    let answer = browser.post("/people/import/00000000000000000000000000/undo", &[]);
    assert_eq!(answer.status, 404, "{}", answer.body);
}

#[test]
fn the_file_of_bad_lines_is_in_the_readers_language() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.language = "en";
    let table = "Nama,NIM\n,1\nBudi\n";
    let answer = browser.post("/people/import/bad", &[("table", table)]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let name = answer.header("content-disposition").expect("a name");
    assert!(name.contains("lines-with-problems.csv"), "{name}");
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(lines[0], "\u{FEFF}Nama,NIM,Line,Reason");
    assert!(
        lines[1].starts_with(",1,2,\"The name is empty"),
        "{lines:?}"
    );
    // The line with a cell missing has its number and reason in their columns all the same.
    assert!(lines[2].starts_with("Budi,,3,"), "{lines:?}");
    let nothing = browser.post("/people/import/bad", &[("table", "")]);
    assert_eq!(nothing.status, 422);
    well_formed(&nothing.body);
    assert!(
        nothing.body.contains("The table is empty"),
        "{}",
        nothing.body
    );
}

#[test]
fn each_of_several_imports_is_taken_back_for_itself() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let mut paths = Vec::new();
    for table in [
        "nama,nim\nAni,1\n",
        "nama,nim\nBudi,2\n",
        "nama,nim\nCici,3\n",
    ] {
        house.hand.advance(60_000);
        let looked = browser.post("/people/import", &[("table", table)]);
        paths.push(newest(&press(&mut browser, &looked.body).body));
    }
    let page = browser.page("/people/import");
    assert!(page.contains("Impor terakhir"), "{page}");
    for path in &paths {
        assert_eq!(page.matches(path.as_str()).count(), 1, "{path}");
    }
    browser.says(
        &paths[1],
        &["Batalkan impor", "1 baru, 0 berubah", "Semuanya sekaligus"],
        &["Take an import back", "1 new, 0 changed", "All at once"],
    );
    assert_eq!(browser.post(&format!("{}/undo", paths[1]), &[]).status, 303);
    assert_eq!(names(&house), ["Ani", "Cici", "Sari Wulandari"]);
    let page = browser.page("/people/import");
    assert!(
        !page.contains(&paths[1]) && page.contains(&paths[0]),
        "{page}"
    );
}
