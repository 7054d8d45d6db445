//! No page mixes languages: a page in one language has no sentence of the other, whichever
//! page and whoever reads it.

use super::house::{House, PASSWORD};
use hadir::domain::actor::Role;
use hadir::surface::pages::words;

/// Sentences of the catalogue that are long enough to belong to one language alone, as they
/// stand on a page.
fn sentences(of: fn(&words::Words) -> &'static str) -> Vec<String> {
    let all = words::all();
    let texts = all.iter().map(|(_, words)| of(words));
    texts
        .filter(|text| text.split(' ').count() >= 4 && !text.contains('{'))
        .map(|text| {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
        })
        .collect()
}

fn is_pure(page: &str, others: &[String], path: &str) {
    for sentence in others {
        assert!(
            !page.contains(sentence.as_str()),
            "{path}: {sentence:?} in {page}"
        );
    }
}

#[test]
fn pages_of_every_role_are_in_one_language() {
    let house = House::set_up();
    house.add("Tono", "tono", Role::Committee);
    house.add("Wati", "wati", Role::User);
    let both = [("id", sentences(|w| w.en)), ("en", sentences(|w| w.id))];
    let pages = [
        (
            "sari",
            vec![
                "/",
                "/settings",
                "/keys",
                "/kit",
                "/status",
                "/audit",
                "/me",
                "/me/second-factor",
                "/more",
                "/samples",
                "/setup/backup",
                "/setup/samples",
                "/setup/finished",
            ],
        ),
        ("tono", vec!["/", "/me", "/more"]),
        ("wati", vec!["/", "/me", "/more", "/privacy"]),
    ];
    for (login, paths) in pages {
        let mut browser = house.signed_in(login);
        for (language, others) in &both {
            browser.language = language;
            for path in &paths {
                is_pure(&browser.page(path), others, path);
            }
        }
    }
}

#[test]
fn refusals_and_forms_that_come_back_are_in_one_language() {
    let house = House::fresh();
    let both = [("id", sentences(|w| w.en)), ("en", sentences(|w| w.id))];
    for (language, others) in &both {
        let mut browser = house.browser();
        browser.language = language;
        is_pure(&browser.page("/setup"), others, "/setup");
        browser.post("/setup", &[("code", &house.code())]);
        for (path, sent) in [
            ("/setup/language", [("zone", "x"), ("language", "id")]),
            ("/setup/site", [("name", ""), ("kind", "event")]),
            ("/setup/administrator", [("name", ""), ("login", "!")]),
        ] {
            is_pure(&browser.page(path), others, path);
            let answer = browser.post(path, &sent);
            assert_eq!(answer.status, 422, "{path}");
            is_pure(&answer.body, others, path);
        }
    }
    house.add("Sari", "sari", Role::Admin);
    for (language, others) in &both {
        let mut browser = house.browser();
        browser.language = language;
        is_pure(&browser.page("/sign-in"), others, "/sign-in");
        is_pure(&browser.get("/nothing/here").body, others, "/nothing");
        let wrong = browser.post("/sign-in", &[("login", "sari"), ("password", "x")]);
        is_pure(&wrong.body, others, "/sign-in");
        browser.post("/sign-in", &[("login", "sari"), ("password", PASSWORD)]);
        for (path, sent) in [
            ("/settings/site", [("name", ""), ("zone", "UTC")]),
            ("/settings/pin", [("pin", "1"), ("x", "")]),
            ("/settings/backup", [("place", "other"), ("folder", "x")]),
            ("/me/password", [("current", "x"), ("password", "y")]),
            ("/me/second-factor", [("what", "on"), ("password", "x")]),
            ("/kit", [("password", "x"), ("y", "")]),
        ] {
            let answer = browser.post(path, &sent);
            assert_eq!(answer.status, 422, "{path}");
            is_pure(&answer.body, others, path);
        }
    }
}

#[test]
fn the_catalogue_has_sentences_to_look_for() {
    assert!(sentences(|w| w.id).len() > 60);
    assert!(sentences(|w| w.en).len() > 60);
}
