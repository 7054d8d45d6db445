//! The home page: what to do next, what needs attention, today; each role sees its own.

use super::house::{House, MORNING};
use hadir::base::time::Timestamp;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::http::problem::Problem;

fn open_event(house: &House, name: &str, capacity: Option<u32>) {
    let mut new = NewEvent::open(name.parse().expect("a name"));
    new.capacity = capacity;
    new.starts_at = Some(Timestamp::from_millis(MORNING));
    let made = house
        .native()
        .core
        .write(Actor::Operator, "cli", move |tx, call| {
            event::create(tx, call, &new).map_err(Problem::from)
        });
    made.expect("an event");
}

#[test]
fn the_checklist_begins_empty_and_follows_what_is_done() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let page = browser.page("/");
    assert!(
        page.contains("Mulai dari sini") && page.contains("1 dari 6 selesai"),
        "{page}"
    );
    assert!(page.contains("Belum ada acara yang dibuka."));
    assert!(
        page.contains("<a href=\"/people\">Tambahkan orang</a>"),
        "{page}"
    );
    house.add("Budi", "budi", Role::User);
    open_event(&house, "Wisuda 2026", Some(500));
    let page = browser.page("/");
    assert!(page.contains("3 dari 6 selesai"), "{page}");
    assert!(
        !page.contains("<a href=\"/people\">Tambahkan orang</a>"),
        "{page}"
    );
    assert!(page.contains("Wisuda 2026") && page.contains("<progress max=\"500\" value=\"0\""));
}

#[test]
fn it_speaks_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for (language, sentences) in [
        (
            "id",
            [
                "Halo, Sari",
                "Hari ini",
                "Perlu perhatian",
                "Pengenalan wajah mati.",
                "Di dalam",
            ],
        ),
        (
            "en",
            [
                "Hello, Sari",
                "Today",
                "Needs attention",
                "Face recognition is off.",
                "Inside",
            ],
        ),
    ] {
        browser.language = language;
        let page = browser.page("/");
        for sentence in sentences {
            assert!(page.contains(sentence), "{sentence} in {page}");
        }
    }
}

#[test]
fn each_role_sees_what_it_may_do() {
    let house = House::set_up();
    open_event(&house, "Wisuda 2026", None);
    for (role, login, has, has_not) in [
        (
            Role::Committee,
            "panitia",
            vec!["Hari ini", "/desk", "/events"],
            vec!["Mulai dari sini", "/settings"],
        ),
        (
            Role::Teacher,
            "guru",
            vec!["Hari ini", "/people"],
            vec!["/events\"", "/status\""],
        ),
        (
            Role::User,
            "siswa",
            vec!["Buka akun saya"],
            vec!["Hari ini", "/desk", "Wisuda", "/people"],
        ),
    ] {
        house.add("Tono", login, role);
        let page = house.signed_in(login).page("/");
        // Troubles link to the status page for whoever sees them.
        for text in has {
            assert!(page.contains(text), "{role}: {text} in {page}");
        }
        for text in has_not {
            assert!(!page.contains(text), "{role}: {text} in {page}");
        }
    }
}
