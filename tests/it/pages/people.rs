//! People: searched, added, changed, disabled, erased; consents by the person or the guardian.

use super::house::{Browser, House, leads, well_formed};
use hadir::base::id::PersonId;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::consent::{self, ConsentGiver, ConsentMeans, ConsentPurpose};
use hadir::domain::identity::person::PersonState;
use hadir::http::problem::Problem;

/// Adds Budi by the form and returns where the browser is then.
fn add_budi(browser: &mut Browser<'_>) -> String {
    let fields = [
        ("name", "Budi Santoso"),
        ("number", "007"),
        ("class", "X IPA"),
        ("email", ""),
    ];
    let answer = browser.post("/people/new", &fields);
    let to = leads(&answer).to_owned();
    to.strip_suffix("?done=added").expect("added").to_owned()
}

fn id_of(path: &str) -> PersonId {
    let id = path.strip_prefix("/people/").expect("a person's page");
    id.parse().expect("an id")
}

#[test]
fn a_person_is_added_found_and_shown_in_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let path = add_budi(&mut browser);
    browser.says(
        &format!("{path}?done=added"),
        &[
            "Orang ini sudah ditambahkan.",
            "Persetujuan wajah",
            "Hapus permanen",
            "Belum",
        ],
        &[
            "This person was added.",
            "Consent for the face",
            "Erase",
            "Not yet",
        ],
    );
    let list = browser.page("/people");
    assert!(
        list.contains("Budi Santoso") && list.contains("X IPA"),
        "{list}"
    );
    let found = browser.page("/people?q=007");
    assert!(
        found.contains(&path) && !found.contains("Sari Wulandari"),
        "{found}"
    );
    let nobody = browser.page("/people?q=zzz");
    assert!(nobody.contains("Nothing matches “zzz”."), "{nobody}");
    let short = browser.page("/people?q=z");
    assert!(short.contains("Type at least three letters."), "{short}");
}

#[test]
fn a_part_of_a_name_finds_the_person() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let path = add_budi(&mut browser);
    for query in ["sant", "Budi", "santoso+bud"] {
        let found = browser.page(&format!("/people?q={query}"));
        assert!(found.contains(&path), "{query}: {found}");
    }
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_nothing_is_lost() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    add_budi(&mut browser);
    for (fields, field, sentence) in [
        (
            [("name", " "), ("number", "8"), ("email", "")],
            "name",
            "Nama tidak boleh kosong.",
        ),
        (
            [("name", "Ani"), ("number", "=1+1"), ("email", "")],
            "number",
            "1–32 huruf",
        ),
        (
            [("name", "Ani"), ("number", "007"), ("email", "")],
            "number",
            "sudah dipakai orang lain",
        ),
        (
            [("name", "Ani"), ("number", "9"), ("email", "ani")],
            "email",
            "Tulis seperti",
        ),
    ] {
        let answer = browser.post("/people/new", &fields);
        assert_eq!(answer.status, 422, "{fields:?}");
        well_formed(&answer.body);
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains(sentence),
            "{sentence} in {}",
            answer.body
        );
        assert!(
            answer.body.contains(&format!("value=\"{}\"", fields[1].1)),
            "{}",
            answer.body
        );
    }
    assert!(!browser.page("/people").contains("Ani"));
}

#[test]
fn a_person_is_changed_and_an_empty_field_is_empty_then() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let path = add_budi(&mut browser);
    let fields = [
        ("name", "Budi S."),
        ("number", ""),
        ("class", "XI"),
        ("email", "b@b.id"),
    ];
    assert_eq!(
        leads(&browser.post(&path, &fields)),
        format!("{path}?done=changed")
    );
    let found = house.person(id_of(&path));
    assert_eq!((found.name.as_str(), found.number), ("Budi S.", None));
    assert_eq!(
        (found.class.as_deref(), found.email.as_deref()),
        (Some("XI"), Some("b@b.id"))
    );
    let wrong = browser.post(&path, &[("name", ""), ("number", "1")]);
    assert_eq!(wrong.status, 422);
    well_formed(&wrong.body);
    assert_eq!(house.person(id_of(&path)).name, "Budi S.");
}

#[test]
fn disabling_is_taken_back_and_erasing_asks_for_the_name() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let path = add_budi(&mut browser);
    let id = id_of(&path);
    browser.post(&format!("{path}/disable"), &[]);
    assert_eq!(house.person(id).state, PersonState::Disabled);
    assert!(browser.page(&path).contains("Aktifkan lagi"));
    browser.post(&format!("{path}/enable"), &[]);
    assert_eq!(house.person(id).state, PersonState::Active);
    let wrong = browser.post(&format!("{path}/erase"), &[("typed", "Budi")]);
    assert_eq!(leads(&wrong), format!("{path}?erase=wrong"));
    assert!(
        browser
            .page(&format!("{path}?erase=wrong"))
            .contains("Tidak ada yang dihapus.")
    );
    let right = browser.post(&format!("{path}/erase"), &[("typed", "Budi Santoso")]);
    assert_eq!(leads(&right), "/people?done=erased");
    assert_eq!(browser.get(&path).status, 404);
    assert!(!browser.page("/people?done=erased").contains("Budi"));
}

#[test]
fn a_consent_is_the_person_s_or_the_guardian_s_and_can_be_withdrawn() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let path = add_budi(&mut browser);
    let page = browser.page(&path);
    assert!(page.contains("Belum ada persetujuan"), "{page}");
    let give = format!("{path}/consent");
    let unticked = [("giver", "person"), ("means", "paper")];
    let answer = browser.post(&give, &unticked);
    assert_eq!(answer.status, 422);
    well_formed(&answer.body);
    assert!(answer.body.contains("Centang dulu"), "{}", answer.body);
    let guardian = [
        ("giver", "guardian"),
        ("guardian", "Ibu Ratna"),
        ("relation", "ibu"),
        ("means", "paper"),
        ("agreed", "yes"),
    ];
    assert_eq!(
        leads(&browser.post(&give, &guardian)),
        format!("{path}?done=consent")
    );
    let page = browser.page(&path);
    assert!(
        page.contains("Diberikan oleh Ibu Ratna (ibu) pada 21 November 2026"),
        "{page}"
    );
    // Pressed twice, and with a way on that leads out of the box.
    let twice = [&guardian[..], &[("to", "//evil.example")]].concat();
    assert_eq!(leads(&browser.post(&give, &twice)), "/");
    let core = &house.native().core;
    let found = core.read(Actor::Operator, "test", |v, _| {
        Ok::<_, Problem>(consent::find(v, id_of(&path), ConsentPurpose::Face)?)
    });
    let found = found.expect("read").expect("a consent");
    assert_eq!(
        (found.given_by, found.means),
        (ConsentGiver::Guardian, ConsentMeans::Paper)
    );
    browser.post(&format!("{path}/consent/withdraw"), &[]);
    assert!(
        browser
            .page(&path)
            .contains("Ditarik pada 21 November 2026.")
    );
}

#[test]
fn teachers_see_people_and_change_nobody() {
    let house = House::set_up();
    let mut sari = house.signed_in("sari");
    let path = add_budi(&mut sari);
    house.add("Guru", "guru", Role::Teacher);
    let mut guru = house.signed_in("guru");
    let page = guru.page(&path);
    assert!(
        page.contains("hanya bisa dilakukan administrator"),
        "{page}"
    );
    assert!(
        !page.contains("/erase\"") && !page.contains("/disable\""),
        "{page}"
    );
    assert!(!guru.page("/people").contains("/people/import"));
    for (path, fields) in [
        (path.clone(), vec![("name", "X")]),
        (format!("{path}/disable"), vec![]),
        (format!("{path}/erase"), vec![("typed", "Budi Santoso")]),
        ("/people/new".to_owned(), vec![("name", "X")]),
        ("/people/import".to_owned(), vec![("table", "nama\nX")]),
        (
            "/people/import/apply".to_owned(),
            vec![("table", "nama\nX")],
        ),
    ] {
        assert_eq!(guru.post(&path, &fields).status, 403, "{path}");
    }
    assert_eq!(house.person(id_of(&path)).name, "Budi Santoso");
    house.add("Tamu", "tamu", Role::User);
    assert_eq!(house.signed_in("tamu").get("/people").status, 403);
    assert_eq!(
        leads(&house.browser().get("/people")),
        "/sign-in?to=/people"
    );
}

#[test]
fn several_are_changed_disabled_and_erased_at_once() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let ids: Vec<String> = ["Budi", "Ani", "Tono"]
        .iter()
        .map(|name| {
            browser.post("/people/new", &[("name", name)]);
            house.find(name).to_string()
        })
        .collect();
    browser.says(
        "/people",
        &["Yang dipilih sekaligus", "aria-label=\"Pilih Budi\""],
        &["Several at once", "aria-label=\"Choose Budi\""],
    );
    let (budi, ani) = (("person", ids[0].as_str()), ("person", ids[1].as_str()));
    let send = |browser: &mut Browser<'_>, fields: &[(&str, &str)]| {
        leads(&browser.post("/people/bulk", fields)).to_owned()
    };
    let class = [budi, ani, ("act", "class"), ("class", "XI IPA 2")];
    assert_eq!(send(&mut browser, &class), "/people?bulk=done");
    assert_eq!(
        house.person(house.find("Ani")).class.as_deref(),
        Some("XI IPA 2")
    );
    assert_eq!(
        send(&mut browser, &[budi, ("act", "disable")]),
        "/people?bulk=done"
    );
    assert_eq!(
        house.person(house.find("Budi")).state,
        PersonState::Disabled
    );
    assert_eq!(
        send(&mut browser, &[("act", "disable")]),
        "/people?bulk=nobody"
    );
    let wrong = [budi, ani, ("act", "erase"), ("count", "3")];
    assert_eq!(send(&mut browser, &wrong), "/people?bulk=count");
    assert_eq!(house.people().len(), 4);
    let page = browser.page("/people?bulk=count");
    assert!(page.contains("Nothing was erased."), "{page}");
    let right = [budi, ani, ("act", "erase"), ("count", "2")];
    assert_eq!(send(&mut browser, &right), "/people?bulk=done");
    let left: Vec<String> = house.people().into_iter().map(|p| p.name).collect();
    assert_eq!(left, ["Sari Wulandari", "Tono"]);
    // Sari would be the last administrator; Tono is not touched either.
    let sari = house.find("Sari Wulandari").to_string();
    let both = [
        ("person", ids[2].as_str()),
        ("person", &sari),
        ("act", "disable"),
    ];
    assert_eq!(browser.post("/people/bulk", &both).status, 409);
    assert_eq!(house.person(house.find("Tono")).state, PersonState::Active);
    house.add("Guru", "guru", Role::Teacher);
    let mut guru = house.signed_in("guru");
    assert_eq!(guru.post("/people/bulk", &right).status, 403);
    assert!(!guru.page("/people").contains("tick-"));
}

#[test]
fn the_copy_of_a_person_s_data_is_for_administrators() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let path = add_budi(&mut browser);
    let page = browser.page(&path);
    assert!(
        page.contains(&format!("action=\"{path}/export\"")),
        "{page}"
    );
    assert!(page.contains("/audit?person="), "{page}");
    let file = browser.post(&format!("{path}/export"), &[]);
    assert_eq!(file.status, 200);
    assert!(file.body.contains("\"number\": \"007\""), "{}", file.body);
    house.add("Guru", "guru", Role::Teacher);
    let mut guru = house.signed_in("guru");
    assert_eq!(guru.post(&format!("{path}/export"), &[]).status, 403);
    assert!(!guru.page(&path).contains("/export\""));
}

#[test]
fn two_entries_of_one_person_become_one() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let gone = add_budi(&mut browser);
    browser.post("/people/new", &[("name", "Budi")]);
    let stays = format!("/people/{}", house.find("Budi"));
    let send = |browser: &mut Browser<'_>, other: &str, same: &str| {
        let fields = [("other", other), ("same", same)];
        leads(&browser.post(&format!("{stays}/merge"), &fields)).to_owned()
    };
    let wrong = format!("{stays}?merge=wrong");
    assert_eq!(send(&mut browser, "999", "Budi Santoso"), wrong);
    assert_eq!(send(&mut browser, "007", "Budi"), wrong);
    assert_eq!(send(&mut browser, &stays, "Budi"), wrong, "with itself");
    browser.says(
        &wrong,
        &["Tidak ada yang digabung."],
        &["Nothing was merged."],
    );
    house.add("Guru", "guru", Role::Teacher);
    let mut guru = house.signed_in("guru");
    let fields = [("other", "007"), ("same", "Budi Santoso")];
    assert_eq!(guru.post(&format!("{stays}/merge"), &fields).status, 403);
    assert_eq!(
        send(&mut browser, "007", "Budi Santoso"),
        format!("{stays}?done=merged")
    );
    assert_eq!(browser.get(&gone).status, 404);
    let one = house.person(id_of(&stays));
    assert_eq!(
        (one.name.as_str(), one.number.as_deref()),
        ("Budi", Some("007"))
    );
    assert!(
        browser
            .page(&format!("{stays}?done=merged"))
            .contains("Both entries are one now.")
    );
}
