//! One's own account: data, password, sessions.

use super::house::{House, PASSWORD, leads, well_formed};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::consent::{self, Consent, ConsentMeans, ConsentPurpose, Giver};
use hadir::domain::identity::refresh::{self, Answer};
use hadir::domain::surface::Surface;

const NEW: &str = "tiga gajah ungu";

#[test]
fn ones_own_data_is_shown_to_every_role() {
    let house = House::set_up();
    house.add("Budi Santoso", "budi", Role::User);
    let mut browser = house.signed_in("budi");
    browser.says(
        "/me",
        &[
            "Data saya",
            "Budi Santoso",
            "peserta",
            "Tempat Anda masuk",
            "perangkat ini",
        ],
        &[
            "My data",
            "Budi Santoso",
            "attendee",
            "Where you are signed in",
            "this device",
        ],
    );
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    let house = House::set_up();
    let mut phone = house.signed_in("sari");
    let mut laptop = house.signed_in("sari");
    let sent = [("current", PASSWORD), ("password", NEW), ("again", NEW)];
    assert_eq!(
        leads(&laptop.post("/me/password", &sent)),
        "/me?done=password"
    );
    assert!(
        laptop
            .page("/me?done=password")
            .contains("Kata sandi sudah diganti.")
    );
    assert_eq!(phone.get("/me").status, 303, "signed out");
    let old = house
        .browser()
        .post("/sign-in", &[("login", "sari"), ("password", PASSWORD)]);
    assert_eq!(old.status, 401);
    let new = house
        .browser()
        .post("/sign-in", &[("login", "sari"), ("password", NEW)]);
    assert_eq!(new.status, 303);
}

#[test]
fn a_password_is_changed_by_its_owner_and_by_the_rules() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for (current, new, again, field, sentence) in [
        ("salah", NEW, NEW, "current", "Kata sandi sekarang salah."),
        (PASSWORD, "pendek", "pendek", "password", "terlalu pendek"),
        (
            PASSWORD,
            NEW,
            "lain sekali",
            "again",
            "Kedua kata sandi berbeda.",
        ),
    ] {
        let sent = [("current", current), ("password", new), ("again", again)];
        let answer = browser.post("/me/password", &sent);
        assert_eq!(answer.status, 422);
        well_formed(&answer.body);
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains(sentence) && !answer.body.contains(NEW),
            "{}",
            answer.body
        );
    }
    assert_eq!(
        house
            .browser()
            .post("/sign-in", &[("login", "sari"), ("password", PASSWORD)])
            .status,
        303
    );
}

#[test]
fn another_session_is_ended_from_the_list() {
    let house = House::set_up();
    let mut phone = house.signed_in("sari");
    let mut laptop = house.signed_in("sari");
    let page = laptop.page("/me");
    assert_eq!(
        page.matches("action=\"/me/sessions/").count(),
        2,
        "one other, and all: {page}"
    );
    let path = page
        .split("action=\"")
        .find(|rest| rest.contains("/end\""))
        .expect("a form");
    let path = path.split('"').next().expect("a path").to_owned();
    assert_eq!(leads(&laptop.post(&path, &[])), "/me?done=session");
    assert_eq!(phone.get("/me").status, 303, "it is out within the request");
    assert_eq!(laptop.post(&path, &[]).status, 404, "it is gone");
    assert_eq!(laptop.get("/me").status, 200);
    assert_eq!(leads(&laptop.post("/me/sessions/end-all", &[])), "/sign-in");
    assert!(!laptop.cookies.contains_key("hadir_native"));
}

#[test]
fn nobody_ends_the_session_of_somebody_else() {
    let house = House::set_up();
    house.add("Budi", "budi", Role::Committee);
    let mut sari = house.signed_in("sari");
    let _second = house.signed_in("sari");
    let page = sari.page("/me");
    let path = page
        .split("action=\"")
        .find(|rest| rest.contains("/end\""))
        .expect("a form");
    let path = path.split('"').next().expect("a path").to_owned();
    assert_eq!(house.signed_in("budi").post(&path, &[]).status, 404);
    assert!(sari.page("/me").contains(&path), "it goes on");
}

#[test]
fn a_program_stands_in_the_list_and_is_signed_out_there() {
    let house = House::set_up();
    let sari = house.find("Sari Wulandari");
    let opened = (house.native().core).write(Actor::Stranger, "native", move |tx, call| {
        refresh::open(tx, call, sari, Surface::Native, "::1", "curl/8.9")
    });
    let token = opened.expect("a session").token.expose().clone();
    let mut browser = house.signed_in("sari");
    let page = browser.page("/me");
    assert!(page.contains("Program curl/8.9"), "{page}");
    let path = page
        .split("action=\"")
        .find(|rest| rest.contains("/end\""))
        .expect("a form");
    let path = path.split('"').next().expect("a path").to_owned();
    assert_eq!(leads(&browser.post(&path, &[])), "/me?done=session");
    let answer = (house.native().core).write(Actor::Stranger, "native", move |tx, call| {
        refresh::rotate(tx, call, Surface::Native, &token)
    });
    assert!(matches!(answer.expect("an answer"), Answer::Unknown));
}

#[test]
fn one_s_own_data_come_as_a_file_and_a_consent_is_withdrawn() {
    let house = House::set_up();
    let budi = house.add("Budi Santoso", "budi", Role::User);
    let consent = Consent {
        person: budi,
        purpose: ConsentPurpose::Face,
        giver: Giver::Person,
        means: ConsentMeans::Screen,
        text_version: "2026-1".parse().expect("a version"),
    };
    let core = &house.native().core;
    core.write(Actor::Operator, "test", move |tx, call| {
        consent::record(tx, call, &consent)
    })
    .expect("a consent");
    let mut browser = house.signed_in("budi");
    browser.says(
        "/me",
        &["Unduh data saya", "Pengenalan wajah", "teks 2026-1"],
        &["Download my data", "Face recognition", "text 2026-1"],
    );
    let file = browser.post("/me/export", &[]);
    assert_eq!(file.status, 200);
    assert!(
        file.body.contains("\"name\": \"Budi Santoso\""),
        "{}",
        file.body
    );
    assert!(file.body.contains("\"login\": \"budi\""), "{}", file.body);
    let done = browser.post("/me/consents/face/withdraw", &[]);
    assert_eq!(leads(&done), "/me?done=withdrawn");
    let page = browser.page("/me?done=withdrawn");
    assert!(page.contains("The consent was withdrawn."), "{page}");
    assert!(!page.contains("/me/consents/face/withdraw"), "{page}");
    let again = browser.post("/me/consents/face/withdraw", &[]);
    assert_eq!(again.status, 404);
    assert_eq!(browser.post("/me/consents/soul/withdraw", &[]).status, 404);
}
