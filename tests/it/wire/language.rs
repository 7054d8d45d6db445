//! Which language a caller reads, over the wire: cookie, the person's own choice,
//! `Accept-Language`, the site's, in this order; and at a screen the language of whom it knows.

use crate::api::house::{House, Key};
use crate::support::desk::{direction, face};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::language;
use hadir::domain::rule::Language;
use hadir::surface::door::Aim;
use hadir::surface::told;

/// The language of a page, as its root says.
fn shown(house: &House, path: &str, cookie: &str, accept: &str) -> String {
    let lines = format!("cookie: {cookie}\r\naccept-language: {accept}\r\n");
    let answer = house.send(&format!("GET {path}"), &lines, b"");
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let lang = answer.body.split("<html lang=\"").nth(1);
    lang.expect("a root")[..2].to_owned()
}

fn token(key: &Key) -> String {
    match key {
        Key::Session(token) => format!("hadir_native={token}"),
        Key::Nobody | Key::Device(_) => panic!("a session"),
    }
}

/// Written by hand. The site's language is Indonesian.
#[test]
fn cookie_person_browser_site() {
    let house = House::new();
    let signed_in = token(&house.admin());
    let admin = house.admin;
    let choose = |to| {
        let actor = Actor::Person {
            id: admin,
            role: Role::Admin,
            supervise: false,
        };
        let chosen = house.desk.core.write(actor, "test", move |tx, call| {
            language::choose(tx, call, to)
        });
        chosen.expect("chosen");
    };
    // Nobody has signed in, and nobody has chosen.
    for (accept, want) in [
        ("", "id"),
        ("fr, de;q=0.8", "id"),
        ("en", "en"),
        ("en-US,en;q=0.9,id;q=0.8", "en"),
        ("id;q=0.9, en;q=0.8", "id"),
        ("en;q=0.3, in;q=0.7", "id"),
        ("en;q=0, fr", "id"),
        ("EN-gb;q=1.0", "en"),
        ("*;q=0.5", "id"),
    ] {
        assert_eq!(shown(&house, "/sign-in", "", accept), want, "{accept}");
    }
    assert_eq!(shown(&house, "/sign-in", "lang=en", "id"), "en");
    assert_eq!(shown(&house, "/sign-in", "lang=xx", "en"), "en");
    // Somebody has signed in who has chosen nothing, then English, then Indonesian.
    assert_eq!(shown(&house, "/me", &signed_in, "en"), "en");
    choose(Language::En);
    assert_eq!(shown(&house, "/me", &signed_in, "id"), "en");
    assert_eq!(shown(&house, "/me", &signed_in, ""), "en");
    assert_eq!(
        shown(&house, "/me", &format!("{signed_in}; lang=id"), "en"),
        "id"
    );
    choose(Language::Id);
    assert_eq!(shown(&house, "/me", &signed_in, "en"), "id");
    // A session that is none says nothing.
    assert_eq!(shown(&house, "/sign-in", "hadir_native=hdrs_x", "en"), "en");
}

#[test]
fn what_is_chosen_while_signed_in_holds_in_the_next_browser() {
    let house = House::new();
    let lines = format!("cookie: {}\r\n", token(&house.admin()));
    let chosen = house.send("GET /language/en?to=/me", &lines, b"");
    assert_eq!(chosen.status, 303);
    let elsewhere = token(&house.admin());
    assert_eq!(shown(&house, "/me", &elsewhere, "id"), "en");
    // Who has not signed in chooses for this browser alone.
    house.send("GET /language/id", "", b"");
    assert_eq!(shown(&house, "/me", &elsewhere, "id"), "en");
}

#[test]
fn a_screen_is_told_the_language_of_whom_it_knows_and_of_nobody_else() {
    let house = House::new();
    let desk = &house.desk;
    let rina = desk.enrolled("Rina", &direction(&[1.0]));
    let tells = |along: &[f32]| {
        let mut door = desk.door(Aim::Today);
        for _ in 0..6 {
            desk.tick();
            let shown = desk.faces(vec![face(200.0, 120.0, Some(direction(along)))]);
            let sighting = door.look(shown).expect("a sighting");
            if let Some(decision) = sighting.decisions.first() {
                let told = told::for_screen(&desk.core, decision);
                return told["language"].clone();
            }
        }
        panic!("nothing was decided")
    };
    assert!(tells(&[1.0]).is_null(), "she has chosen none");
    let actor = Actor::Person {
        id: rina,
        role: Role::User,
        supervise: false,
    };
    let core = &desk.core;
    core.write(actor, "test", |tx, call| {
        language::choose(tx, call, Language::En)
    })
    .expect("chosen");
    assert_eq!(tells(&[1.0]), "en");
    assert!(tells(&[0.0, 1.0]).is_null(), "a stranger");
}
