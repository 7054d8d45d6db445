//! Numbers that are counted on from the last look are those that are counted from the start.

use crate::domain::door::Door;
use hadir::base::time::Span;
use hadir::domain::checkin::listing::{self, Counts};
use hadir::domain::checkin::reason::{Direction, Mode, UndoReason};
use hadir::domain::checkin::tally::Tally;
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Credential, Occasion, Request};
use hadir::domain::ticketing::ticket::Issued;
use hadir::surface::tally::Tallies;

/// Looks at an occasion anew and on from what was counted, and gives the numbers.
fn look(door: &Door, occasion: Occasion, tally: &mut Tally, kept: &Tallies) -> Counts {
    let anew = door.look(|view, call| listing::counts(view, call, occasion));
    let on = door.look(|view, call| listing::counts_on(view, call, occasion, tally));
    let third = door.look(|view, call| kept.counts(view, call, occasion));
    let anew = anew.expect("numbers");
    assert_eq!(on.expect("numbers"), anew);
    assert_eq!(third.expect("numbers"), anew);
    anew
}

/// What somebody does at the door in step `n`.
fn step(door: &Door, occasion: Occasion, tickets: &[Issued], n: usize) {
    let Occasion::Event(event) = occasion else {
        let person = door.person("Budi", None);
        door.decide(&door.request(occasion, Credential::Person(person)));
        return;
    };
    let code = door.code(event, tickets[n * 7 % tickets.len()].code.as_str());
    match n % 6 {
        0..=2 => drop(door.decide(&code)),
        3 => drop(door.decide(&Request {
            direction: Direction::Exit,
            ..code
        })),
        4 => drop(door.decide(&door.code(event, "NOWHERE-1"))),
        _ => {
            let happened = Some(door.now().at.plus(Span::from_millis(-3_000_000)));
            let mode = Mode::Offline;
            let reported = door.decide(&Request {
                mode,
                happened,
                ..code
            });
            let wish = Undo {
                nonce: reported.nonce,
                reason: UndoReason::Test,
                remark: None,
            };
            // What let nobody in cannot be undone.
            let _ = door.act(move |tx, call| undo::undo(tx, call, &wish));
        }
    }
}

#[test]
fn counting_on_gives_the_same_numbers_as_counting_anew() {
    let door = Door::new();
    let occasions = [
        Occasion::Event(door.event()),
        Occasion::Event(door.event()),
        Occasion::Daily(door.today()),
    ];
    let kept = Tallies::default();
    let mut tallies = [const { None::<Tally> }; 3];
    let tickets = occasions.map(|occasion| match occasion {
        Occasion::Event(event) => (0..9).map(|_| door.ticket(event, None)).collect(),
        Occasion::Daily(_) => Vec::new(),
    });
    let mut last = Counts::default();
    for n in 0..72 {
        door.advance(Span::from_millis(120_000));
        let at = n % 3;
        step(&door, occasions[at], &tickets[at], n / 3);
        if n % 5 > 1 {
            let tally = tallies[at].get_or_insert_with(Tally::default);
            last = look(&door, occasions[at], tally, &kept);
        }
    }
    assert!(last.admitted > 0 && !last.per_ten_minutes.is_empty());
    let event = look(&door, occasions[0], &mut Tally::default(), &kept);
    assert!(
        event.refused > 0 && event.per_ten_minutes.len() > 2,
        "{event:?}"
    );
}

#[test]
fn more_occasions_than_are_kept_are_counted_all_the_same() {
    let door = Door::new();
    let kept = Tallies::default();
    let events: Vec<_> = (0..10).map(|_| door.event()).collect();
    for round in 1..=2 {
        for event in &events {
            door.decide(&door.code(*event, "NOWHERE-1"));
            let occasion = Occasion::Event(*event);
            let counts = look(&door, occasion, &mut Tally::default(), &kept);
            assert_eq!(counts.refused, round);
        }
    }
}
