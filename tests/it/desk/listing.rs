//! The list and the numbers that the desk shows.

use crate::domain::door::{Door, MORNING};
use hadir::base::time::Span;
use hadir::domain::actor::DeviceAccess;
use hadir::domain::checkin::listing::{self, Counts, Listed};
use hadir::domain::checkin::reason::{Direction, UndoReason, Verdict};
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Credential, Occasion, Request};

fn list(door: &Door, occasion: Occasion, before: Option<u64>, limit: u32) -> Vec<Listed> {
    let all = door.look(|view, call| listing::visits(view, call, occasion, before, limit));
    all.expect("a list")
}

fn counts(door: &Door, occasion: Occasion) -> Counts {
    let counted = door.look(|view, call| listing::counts(view, call, occasion));
    counted.expect("numbers")
}

#[test]
fn decisions_of_the_occasion_come_newest_first_page_by_page() {
    let door = Door::new();
    let (event, other) = (door.event(), door.event());
    let mut made = Vec::new();
    for _ in 0..5 {
        let issued = door.ticket(event, None);
        made.push(door.decide(&door.code(event, issued.code.as_str())));
        door.decide(&door.code(other, "NOWHERE-1"));
    }
    made.reverse();
    let occasion = Occasion::Event(event);
    let first = list(&door, occasion, None, 3);
    let rest = list(&door, occasion, first[2].decision.sequence, 3);
    let all: Vec<_> = first
        .iter()
        .chain(&rest)
        .map(|l| l.decision.clone())
        .collect();
    assert_eq!(all, made);
    assert!(first.iter().all(|l| !l.undone));
}

#[test]
fn numbers_follow_entries_exits_refusals_and_undos() {
    let door = Door::new();
    let event = door.event();
    let occasion = Occasion::Event(event);
    let tickets: Vec<_> = (0..4).map(|_| door.ticket(event, None)).collect();
    let code = |n: usize| door.code(event, tickets[n].code.as_str());
    assert_eq!(counts(&door, occasion).expected, Some(4));
    door.decide(&code(0));
    door.decide(&code(0));
    let second = door.decide(&code(1));
    door.advance(Span::from_millis(600_000));
    door.decide(&code(2));
    door.decide(&Request {
        direction: Direction::Exit,
        ..code(2)
    });
    door.decide(&door.code(event, "NOWHERE-1"));
    let start = MORNING.as_millis() / 600_000 * 600_000;
    let bars = |counts: &Counts| -> Vec<(i64, u32)> {
        let bars = counts.per_ten_minutes.iter();
        bars.map(|(at, n)| (at.as_millis() - start, *n)).collect()
    };
    let now = counts(&door, occasion);
    assert_eq!((now.inside, now.admitted, now.refused), (2, 3, 1));
    assert_eq!(bars(&now), [(0, 2), (600_000, 1)]);
    let wish = Undo {
        nonce: second.nonce,
        reason: UndoReason::Test,
        remark: None,
    };
    let undone = door.act(move |tx, call| undo::undo(tx, call, &wish));
    assert!(undone.is_ok());
    let now = counts(&door, occasion);
    assert_eq!((now.inside, now.admitted, now.refused), (1, 2, 1));
    assert_eq!(bars(&now), [(0, 1), (600_000, 1)]);
    let listed = list(&door, occasion, None, 20);
    let marked = listed.iter().filter(|l| l.undone).map(|l| l.decision.nonce);
    assert_eq!(marked.collect::<Vec<_>>(), [second.nonce]);
}

#[test]
fn entries_are_told_apart_by_gate_and_most_come_first() {
    let door = Door::new();
    let event = door.event();
    let north = [1, 2].map(|_| door.device(DeviceAccess::Scan, Some("utara")));
    let south = door.device(DeviceAccess::Desk, None);
    let mut last = None;
    for actor in [north[0], north[1], south, north[0]] {
        let issued = door.ticket(event, None);
        let request = Request {
            device: actor.device(),
            ..door.code(event, issued.code.as_str())
        };
        last = door.check_in_as(actor, &request).ok();
    }
    door.decide(&door.code(event, door.ticket(event, None).code.as_str()));
    let gates = |door: &Door| counts(door, Occasion::Event(event)).per_gate;
    let name = |(gate, entries): &(Option<String>, u32)| (gate.clone(), *entries);
    let all: Vec<_> = gates(&door).iter().map(name).collect();
    assert_eq!(all[0], (Some("utara".to_owned()), 3));
    assert_eq!(all.len(), 3);
    assert!(all.contains(&(None, 1)), "{all:?}");
    let wish = Undo {
        nonce: last.expect("a decision").nonce,
        reason: UndoReason::Double,
        remark: None,
    };
    let undone = door.act(move |tx, call| undo::undo(tx, call, &wish));
    assert!(undone.is_ok());
    assert_eq!(gates(&door)[0].1, 2);
}

#[test]
fn a_day_is_counted_without_tickets() {
    let door = Door::new();
    let occasion = Occasion::Daily(door.today());
    assert_eq!(counts(&door, occasion), Counts::default());
    let budi = door.person("Budi", None);
    let decision = door.decide(&door.request(occasion, Credential::Person(budi)));
    assert_eq!(decision.verdict, Verdict::Admitted);
    let now = counts(&door, occasion);
    assert_eq!((now.expected, now.inside, now.admitted), (None, 1, 1));
}

#[test]
fn a_kiosk_sees_neither_list_nor_numbers() {
    let door = Door::new();
    let occasion = Occasion::Daily(door.today());
    let kiosk = door.device(DeviceAccess::Scan, None);
    let refused = door.look_as(kiosk, |view, call| {
        listing::visits(view, call, occasion, None, 1)
    });
    assert!(refused.is_err_and(|e| e.denied().is_some()));
    let refused = door.look_as(kiosk, |view, call| listing::counts(view, call, occasion));
    assert!(refused.is_err_and(|e| e.denied().is_some()));
}
