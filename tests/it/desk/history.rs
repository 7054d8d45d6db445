//! What staff are told of somebody who stands there: where they were before, and by whose hand.

use crate::domain::door::Door;
use hadir::base::id::{EventId, PersonId};
use hadir::base::limits;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::checkin::listing::{self, Earlier};
use hadir::domain::checkin::reason::{Direction, Mode, UndoReason, Verdict};
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Credential, Decision, Error, Occasion, Request};
use hadir::domain::device;
use hadir::domain::ticketing::event::EntryRule;

type Told = Result<(Option<PersonId>, Vec<Earlier>), Error>;

fn told(door: &Door, of: &Decision) -> Told {
    door.look(|view, call| listing::earlier(view, call, of.nonce))
}

fn list(door: &Door, of: &Decision) -> Vec<Earlier> {
    told(door, of).expect("a list").1
}

/// An event to which a ticket lets in any number of times.
fn revolving(door: &Door) -> EventId {
    door.event_with(|new| new.entry_rule = EntryRule::Any)
}

fn take_back(door: &Door, decision: &Decision) {
    let wish = Undo {
        nonce: decision.nonce,
        reason: UndoReason::Double,
        remark: None,
    };
    let undone = door.act(move |tx, call| undo::undo(tx, call, &wish));
    assert!(undone.is_ok());
}

#[test]
fn passages_come_last_first_without_the_decision_itself_and_what_was_undone() {
    let door = Door::new();
    let event = revolving(&door);
    let issued = door.ticket(event, None);
    let entry = || door.code(event, issued.code.as_str());
    let mut made = Vec::new();
    for direction in [Direction::Entry, Direction::Exit, Direction::Entry] {
        let request = Request {
            direction,
            ..entry()
        };
        made.push(door.decide(&request));
        door.advance(Span::from_millis(1000));
    }
    let last = door.decide(&entry());
    let seen: Vec<_> = list(&door, &last).into_iter().map(|e| e.decision).collect();
    made.reverse();
    assert_eq!(seen, made);
    take_back(&door, &made[0]);
    let seen: Vec<_> = list(&door, &last).into_iter().map(|e| e.decision).collect();
    assert_eq!(seen, made[1..]);
}

#[test]
fn of_many_passages_the_last_twenty_are_told() {
    let door = Door::new();
    let event = revolving(&door);
    let issued = door.ticket(event, None);
    let mut last = door.decide(&door.code(event, issued.code.as_str()));
    for _ in 0..limits::EARLIER_VISITS_MAX + 5 {
        door.advance(Span::from_millis(1000));
        last = door.decide(&door.code(event, issued.code.as_str()));
    }
    let seen = list(&door, &last);
    let most = usize::try_from(limits::EARLIER_VISITS_MAX).expect("small");
    assert_eq!(seen.len(), most - 1, "the last twenty, of which one asks");
}

#[test]
fn a_holder_is_named_and_the_passages_of_others_are_not_told() {
    let door = Door::new();
    let event = door.event();
    let (budi, citra) = (door.person("Budi", None), door.person("Citra", None));
    let [first, second] = [budi, citra].map(|who| door.ticket(event, Some(who)));
    door.decide(&door.code(event, second.code.as_str()));
    let decision = door.decide(&door.code(event, first.code.as_str()));
    assert_eq!(told(&door, &decision), Ok((Some(budi), Vec::new())));
    let unknown = door.decide(&door.code(event, "NOWHERE-1"));
    assert_eq!(told(&door, &unknown), Ok((None, Vec::new())));
    let nowhere = Decision {
        nonce: door.nonce(),
        ..unknown
    };
    assert_eq!(told(&door, &nowhere), Err(Error::NoVisit));
}

#[test]
fn who_of_the_staff_saw_to_it_is_told() {
    let door = Door::new();
    let day = Occasion::Daily(door.today());
    let (staff, budi) = (door.person("Ratna", None), door.person("Budi", None));
    let actor = Actor::Person {
        id: staff,
        role: Role::Committee,
        supervise: false,
    };
    let picked = door.request(day, Credential::Person(budi));
    let first = door.check_in_as(actor, &picked).expect("a decision");
    assert_eq!(first.verdict, Verdict::Admitted);
    let again = door.decide(&door.request(day, Credential::Person(budi)));
    let seen = list(&door, &again);
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].staff, &seen[0].decision), (Some(staff), &first));
}

#[test]
fn a_report_made_later_stands_where_it_happened() {
    let door = Door::new();
    let event = revolving(&door);
    let issued = door.ticket(event, None);
    let early = door.now().at;
    door.advance(Span::from_millis(60_000));
    let online = door.decide(&door.code(event, issued.code.as_str()));
    let report = door.decide(&Request {
        mode: Mode::Offline,
        happened: Some(early),
        ..door.code(event, issued.code.as_str())
    });
    let last = door.decide(&door.code(event, issued.code.as_str()));
    let seen: Vec<_> = list(&door, &last).into_iter().map(|e| e.decision).collect();
    assert_eq!(seen, [online, report]);
}

#[test]
fn a_kiosk_is_told_neither_passages_nor_devices() {
    let door = Door::new();
    let event = door.event();
    let decision = door.decide(&door.code(event, "NOWHERE-1"));
    let kiosk = door.device(DeviceAccess::Scan, None);
    let id = kiosk.device().expect("a device");
    let refused = door.look_as(kiosk, |view, call| {
        listing::earlier(view, call, decision.nonce)
    });
    assert!(refused.is_err_and(|e| e.denied().is_some()));
    let refused = door.look_as(kiosk, |view, call| device::find(view, call, id));
    assert!(refused.is_err());
    let desk = door.device(DeviceAccess::Desk, Some("utara"));
    let found = door.look_as(desk, |view, call| device::find(view, call, id));
    assert_eq!(found.expect("a look").map(|d| d.revoked), Some(false));
    let revoked = door.act(move |tx, call| device::revoke(tx, call, id));
    assert!(revoked.is_ok());
    let found = door.look_as(desk, |view, call| device::find(view, call, id));
    assert_eq!(found.expect("a look").map(|d| d.revoked), Some(true));
}

/// The three ways in which entries are counted agree, whatever was done.
#[test]
fn entries_by_time_by_gate_and_in_all_are_the_same() {
    let door = Door::new();
    let event = revolving(&door);
    let gates = ["utara", "selatan"].map(|g| door.device(DeviceAccess::Desk, Some(g)));
    let mut standing = Vec::new();
    for turn in 0..12_usize {
        let issued = door.ticket(event, None);
        let actor = gates[turn % 2];
        let request = Request {
            device: actor.device(),
            ..door.code(event, issued.code.as_str())
        };
        standing.push(door.check_in_as(actor, &request).expect("a decision"));
        door.advance(Span::from_millis(200_000));
    }
    for decision in standing.iter().step_by(5) {
        take_back(&door, decision);
    }
    let counts = door.look(|view, call| listing::counts(view, call, Occasion::Event(event)));
    let counts = counts.expect("numbers");
    let by_time: u32 = counts.per_ten_minutes.iter().map(|(_, n)| n).sum();
    let by_gate: u32 = counts.per_gate.iter().map(|(_, n)| n).sum();
    assert_eq!((by_time, by_gate, counts.admitted), (9, 9, 9));
    let times: Vec<_> = counts.per_ten_minutes.iter().map(|(at, _)| *at).collect();
    assert!(times.is_sorted() && times.len() >= 4, "{times:?}");
}
