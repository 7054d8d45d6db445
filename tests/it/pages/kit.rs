//! The recovery kit: shown to an administrator who types the password again, and audited.

use super::house::{House, PASSWORD, well_formed};

fn rows(house: &House) -> usize {
    let store = &house.native().core.store;
    let rows = store.read(|view| hadir::store::audit::list_objects(view, "key.reveal"));
    rows.expect("audit rows").len()
}

#[test]
fn the_key_is_shown_for_the_password_and_each_showing_is_a_row() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let key = std::fs::read_to_string(house.scratch.path("master.key")).expect("the key");
    let key = key.trim();
    let page = browser.page("/kit");
    assert!(
        !page.contains(key) && page.contains("jejak audit"),
        "{page}"
    );
    let answer = browser.post("/kit", &[("password", "salah")]);
    assert_eq!((answer.status, rows(&house)), (422, 0));
    well_formed(&answer.body);
    assert!(!answer.body.contains(key));
    for (language, sentence) in [("id", "Cara memakai"), ("en", "How to use it")] {
        browser.language = language;
        let answer = browser.post("/kit", &[("password", PASSWORD)]);
        assert_eq!(answer.status, 200);
        well_formed(&answer.body);
        assert!(
            answer.body.contains(key) && answer.body.contains(sentence),
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains("aria-label=\""),
            "a QR code with a name"
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert_eq!(rows(&house), 2);
}

/// What the page shows opens a backup, on a box that has nothing else.
#[test]
fn the_key_on_the_sheet_opens_a_backup() {
    let house = House::set_up();
    let answer = house
        .signed_in("sari")
        .post("/kit", &[("password", PASSWORD)]);
    let sheet = answer.body.split("<pre>").nth(1).expect("the key");
    let key = sheet.split("</pre>").next().expect("its end").to_owned();
    let core = &house.native().core;
    let made = hadir::surface::backup::create::create(core, None, None).expect("a backup");
    let opener = hadir::surface::backup::kit(&hadir::base::secret::Secret::new(key));
    let file = made["file"].as_str().expect("a file");
    let verified = hadir::surface::backup::verify::verify(
        std::path::Path::new(file),
        &[opener.expect("a key")],
        house.scratch.dir(),
    );
    assert_eq!(verified.expect("opens")["box"], made["box"]);
}
