//! What the list of a search says of each person.

use crate::domain::door::{Door, MORNING};
use hadir::base::time::Span;
use hadir::domain::actor::DeviceAccess;
use hadir::domain::checkin::reason::{Direction, UndoReason};
use hadir::domain::checkin::standing::{self, Place};
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Credential, Occasion, Request};
use hadir::domain::ticketing::event::EntryRule;

#[test]
fn tickets_and_entries_of_a_person_are_found() {
    let door = Door::new();
    let event = door.event();
    let (budi, citra) = (
        door.person("Budi Santoso", None),
        door.person("Citra", None),
    );
    let of =
        |who| door.look(|view, call| standing::of_person(view, call, Occasion::Event(event), who));
    let nothing = Place {
        tickets: Some(0),
        ..Place::default()
    };
    assert_eq!((of(budi), of(citra)), (Ok(nothing), Ok(nothing)));
    let issued = door.ticket(event, Some(budi));
    let entered = door.decide(&door.code(event, issued.code.as_str()));
    let inside = Place {
        tickets: Some(1),
        inside: true,
        first_at: Some(MORNING),
        entry_at: Some(MORNING),
        entry: Some(entered.nonce),
    };
    assert_eq!((of(budi), of(citra)), (Ok(inside), Ok(nothing)));
    let out = Request {
        direction: Direction::Exit,
        ..door.code(event, issued.code.as_str())
    };
    door.decide(&out);
    let outside = of(budi).expect("a place");
    assert_eq!((outside.inside, outside.entry), (false, None));
}

#[test]
fn a_day_has_no_tickets() {
    let door = Door::new();
    let day = Occasion::Daily(door.today());
    let budi = door.person("Budi Santoso", None);
    let request = Request {
        occasion: day,
        credential: Credential::Person(budi),
        ..door.code(door.event(), "ABCD-1234")
    };
    let entered = door.decide(&request);
    let place = door.look(|view, call| standing::of_person(view, call, day, budi));
    let inside = Place {
        tickets: None,
        inside: true,
        first_at: Some(MORNING),
        entry_at: Some(MORNING),
        entry: Some(entered.nonce),
    };
    assert_eq!(place, Ok(inside));
}

#[test]
fn the_entry_to_undo_is_the_last_one_that_stands() {
    let door = Door::new();
    let event = door.event_with(|new| new.entry_rule = EntryRule::Any);
    let budi = door.person("Budi Santoso", None);
    let issued = door.ticket(event, Some(budi));
    let first = door.decide(&door.code(event, issued.code.as_str()));
    door.advance(Span::from_millis(60_000));
    let second = door.decide(&door.code(event, issued.code.as_str()));
    let entry = || {
        let place =
            door.look(|view, call| standing::of_person(view, call, Occasion::Event(event), budi));
        place.expect("a place").entry
    };
    assert_eq!(entry(), Some(second.nonce));
    let wish = Undo {
        nonce: second.nonce,
        reason: UndoReason::Double,
        remark: None,
    };
    let undone = door.act(move |tx, call| undo::undo(tx, call, &wish));
    assert!(undone.is_ok());
    assert_eq!(entry(), Some(first.nonce));
}

#[test]
fn a_kiosk_may_not_look_people_up() {
    let door = Door::new();
    let budi = door.person("Budi Santoso", None);
    let actor = door.device(DeviceAccess::Scan, None);
    let day = Occasion::Daily(door.today());
    let refused = door.look_as(actor, |view, call| {
        standing::of_person(view, call, day, budi)
    });
    assert!(refused.is_err_and(|e| e.denied().is_some()));
}
