//! Forms that no browser would send: each is refused as a page, and nothing is done.

use super::house::{House, PASSWORD, leads};
use hadir::domain::actor::Role;

#[test]
fn fields_that_are_not_there_are_empty() {
    let house = House::set_up();
    let mut browser = house.browser();
    assert_eq!(browser.post("/sign-in", &[]).status, 401);
    assert_eq!(browser.post("/sign-in", &[("login", "sari")]).status, 401);
    assert_eq!(
        browser.post("/sign-in", &[("password", PASSWORD)]).status,
        401
    );
    let mut sari = house.signed_in("sari");
    let before = house.native().core.site().rules.clone();
    for part in ["site", "speech", "pin"] {
        assert_eq!(
            sari.post(&format!("/settings/{part}"), &[]).status,
            422,
            "{part}"
        );
    }
    assert_eq!(
        leads(&sari.post("/settings/faces", &[])),
        "/settings?done=yes"
    );
    assert_eq!(house.native().core.site().rules, before);
}

#[test]
fn names_of_choices_that_are_none_change_nothing() {
    let house = House::set_up();
    let mut sari = house.signed_in("sari");
    let before = house.native().core.site().rules.clone();
    let sent = [("unattended", "sometimes"), ("attended", "")];
    assert_eq!(sari.post("/settings/faces", &sent).status, 303);
    assert_eq!(house.native().core.site().rules.liveness, before.liveness);
    let sent = [
        ("name", "Sekolah"),
        ("kind", "museum"),
        ("language", "fr"),
        ("zone", "UTC"),
    ];
    assert_eq!(sari.post("/settings/site", &sent).status, 303);
    let after = house.native().core.site().rules.clone();
    assert_eq!((after.kind, after.language), (before.kind, before.language));
    assert_eq!(after.name, "Sekolah");
}

#[test]
fn what_was_typed_comes_back_as_text() {
    let house = House::set_up();
    let nasty = "\"><script>alert(1)</script>&amp;'";
    let mut browser = house.browser();
    let answer = browser.post("/sign-in", &[("login", nasty), ("password", "x")]);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    assert!(
        answer.body.contains("&quot;&gt;&lt;script&gt;"),
        "{}",
        answer.body
    );
    let mut sari = house.signed_in("sari");
    let sent = [
        ("name", nasty),
        ("kind", "event"),
        ("language", "id"),
        ("zone", nasty),
    ];
    let answer = sari.post("/settings/site", &sent);
    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    let sent = [("address", "anda"), ("desk_id", nasty), ("desk_en", "x")];
    assert_eq!(sari.post("/settings/speech", &sent).status, 303);
    assert!(!sari.page("/settings").contains("<script>alert"));
}

#[test]
fn a_form_of_another_type_is_refused() {
    let house = House::set_up();
    let host = house.server.address;
    for (kind, body) in [
        ("application/json", "{\"login\":\"sari\"}"),
        ("text/plain", "login=sari"),
        ("multipart/form-data; boundary=x", "--x--"),
        ("application/x-www-form-urlencoded", "login=%zz"),
        ("application/x-www-form-urlencoded", "login=%ff"),
    ] {
        let answers = house.server.talk(format!(
            "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nOrigin: http://{host}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        let answer = answers.first().expect("an answer");
        assert_eq!(answer.status, 400, "{kind} {body}: {}", answer.body);
        assert!(
            answer.body.contains("Isian tidak dapat dibaca."),
            "{}",
            answer.body
        );
    }
}

#[test]
fn a_form_that_is_too_long_is_refused() {
    let house = House::set_up();
    let long = "a".repeat(70 * 1024);
    let answer = house
        .browser()
        .post("/sign-in", &[("login", &long), ("password", "x")]);
    assert_eq!(answer.status, 413, "{}", answer.body);
}

#[test]
fn a_disabled_person_is_out_at_once_and_told_when_signing_in() {
    let house = House::set_up();
    let budi = house.add("Budi", "budi", Role::Committee);
    let mut browser = house.signed_in("budi");
    browser.page("/me");
    let disabled = house.native().core.write(
        hadir::domain::actor::Actor::Operator,
        "cli",
        move |tx, call| hadir::domain::identity::person::set_enabled(tx, call, budi, false),
    );
    disabled.expect("disabled");
    assert_eq!(browser.get("/me").status, 303, "out with the next request");
    for (language, sentence) in [
        ("id", "Akun ini sedang tidak aktif."),
        ("en", "This account is not active."),
    ] {
        let mut browser = house.browser();
        browser.language = language;
        let answer = browser.post("/sign-in", &[("login", "budi"), ("password", PASSWORD)]);
        assert_eq!(answer.status, 403);
        assert!(answer.body.contains(sentence), "{}", answer.body);
    }
}
