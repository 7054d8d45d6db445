//! Events by the page: made, opened, closed; tickets with their codes.

use super::house::{House, leads, well_formed};
use hadir::base::id::EventId;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::ticketing::event::{self, EventState};

#[test]
fn an_event_is_made_opened_and_closed() {
    let house = House::set_up();
    house.add("Panitia", "panitia", Role::Committee);
    let mut browser = house.signed_in("panitia");
    assert!(browser.page("/events").contains("Belum ada acara"));
    let fields = [
        ("name", "Wisuda"),
        ("capacity", "40"),
        ("rule", "once_per_day"),
        ("face", "yes"),
    ];
    let answer = browser.post("/events", &fields);
    let path = leads(&answer)
        .strip_suffix("?done=created")
        .expect("made")
        .to_owned();
    let id: EventId = path
        .strip_prefix("/events/")
        .expect("a path")
        .parse()
        .expect("an id");
    let core = &house.native().core;
    let find = || {
        core.read(Actor::Operator, "test", |v, c| event::find(v, c, id))
            .expect("an event")
    };
    assert_eq!(
        (find().state, find().capacity),
        (EventState::Draft, Some(40))
    );
    let page = browser.page(&path);
    assert!(
        page.contains("Rancangan") && page.contains("Sekali sehari"),
        "{page}"
    );
    assert_eq!(
        leads(&browser.post(&format!("{path}/open"), &[])),
        format!("{path}?done=opened")
    );
    assert_eq!(find().state, EventState::Open);
    browser.post(&format!("{path}/close"), &[]);
    assert_eq!(find().state, EventState::Closed);
    browser.language = "en";
    assert!(
        browser
            .page(&format!("{path}?done=closed"))
            .contains("Nobody comes in any more")
    );
    assert!(browser.page("/events").contains("Wisuda"));
}

#[test]
fn tickets_are_issued_shown_and_revoked() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.post("/people/new", &[("name", "Budi"), ("number", "7")]);
    let answer = browser.post("/events", &[("name", "Wisuda"), ("open", "yes")]);
    let path = leads(&answer)
        .strip_suffix("?done=created")
        .expect("made")
        .to_owned();
    let tickets = format!("{path}/tickets");
    let nobody = browser.post(&tickets, &[("number", "99")]);
    assert_eq!(nobody.status, 422);
    well_formed(&nobody.body);
    assert!(
        nobody.body.contains("Tidak ada orang dengan nomor ini."),
        "{}",
        nobody.body
    );
    for number in ["", "7"] {
        let issued = browser.post(&tickets, &[("number", number)]);
        let ticket = leads(&issued)
            .strip_suffix("?done=issued")
            .expect("issued")
            .to_owned();
        let page = browser.page(&ticket);
        assert!(
            page.contains("<svg") && page.contains("id=\"code\""),
            "{page}"
        );
        assert_eq!(
            leads(&browser.post(&format!("{ticket}/revoke"), &[])),
            format!("{path}?done=revoked")
        );
    }
    let page = browser.page(&path);
    assert_eq!(page.matches("Dicabut").count(), 2, "{page}");
    assert!(page.contains("Tanpa nama"), "{page}");
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_roles_hold() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let answer = browser.post("/events", &[("name", ""), ("capacity", "0")]);
    assert_eq!(answer.status, 422);
    well_formed(&answer.body);
    for id in ["name-error", "capacity-error"] {
        assert!(answer.body.contains(id), "{id} in {}", answer.body);
    }
    house.add("Guru", "guru", Role::Teacher);
    let mut guru = house.signed_in("guru");
    assert!(!guru.page("/events").contains("action=\"/events\""));
    assert_eq!(guru.post("/events", &[("name", "X")]).status, 403);
    house.add("Tamu", "tamu", Role::User);
    assert_eq!(house.signed_in("tamu").get("/events").status, 403);
}
