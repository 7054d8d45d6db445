//! Whatever a camera shows in whatever order: a door never lets in whom it does not know, and
//! nobody twice.

use crate::support::desk::{Desk, direction, face};
use hadir::base::id::PersonId;
use hadir::domain::checkin::reason::Verdict;
use hadir::domain::checkin::request::Occasion;
use hadir::surface::door::{Aim, Door};
use hadir::vision::worker::Analysis;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::collections::HashMap;

/// What one picture shows.
#[derive(Debug, Clone)]
enum Shown {
    Nobody,
    /// Number of the person, hundredths of the cosine, place, width.
    Face(usize, u8, u16, u16),
    /// Two people side by side.
    Pair(usize, usize),
    /// One of the tickets.
    Ticket(usize),
    Broken,
}

const PEOPLE: usize = 3;
const TICKETS: usize = 2;

fn shown(strangers: bool) -> impl Strategy<Value = Shown> {
    let cosine = if strangers { 0_u8..35 } else { 0_u8..100 };
    let tickets = if strangers {
        Just(0).boxed()
    } else {
        (0..TICKETS).boxed()
    };
    prop_oneof![
        2 => Just(Shown::Nobody),
        8 => (0..PEOPLE, cosine, 0_u16..400, 60_u16..200).prop_map(|(p, c, x, w)| Shown::Face(p, c, x, w)),
        1 => (0..PEOPLE, 0..PEOPLE).prop_map(|(a, b)| Shown::Pair(a, b)),
        1 => tickets.prop_map(move |t| if strangers { Shown::Nobody } else { Shown::Ticket(t) }),
        1 => Just(Shown::Broken),
    ]
}

/// The direction of a person's template.
fn template(person: usize) -> hadir::vision::embed::Embedding {
    let mut along = [0.0; PEOPLE];
    along[person] = 1.0;
    direction(&along)
}

/// A face whose cosine to the person is this, and nought to all others.
fn probe(person: usize, hundredths: u8) -> hadir::vision::embed::Embedding {
    let mut along = [0.0; PEOPLE];
    along[person] = f32::from(hundredths) / 100.0;
    direction(&along)
}

struct House {
    desk: Desk,
    people: Vec<PersonId>,
    codes: Vec<String>,
    event: hadir::base::id::EventId,
}

fn house() -> House {
    let desk = Desk::new();
    let people = (0..PEOPLE)
        .map(|i| desk.enrolled(&format!("P{i}"), &template(i)))
        .collect();
    let event = desk.event();
    let codes = (0..TICKETS)
        .map(|_| desk.ticket(event).as_str().to_owned())
        .collect();
    House {
        desk,
        people,
        codes,
        event,
    }
}

/// Plays pictures to a door; each decision with the number of the picture that brought it.
fn play(
    house: &House,
    door: &mut Door,
    pictures: &[Shown],
) -> Vec<(usize, hadir::domain::checkin::Decision)> {
    let mut decisions = Vec::new();
    for (number, picture) in pictures.iter().enumerate() {
        house.desk.tick();
        let bytes = match picture {
            Shown::Nobody => house.desk.nobody(),
            Shown::Face(person, cosine, left, width) => {
                let seen = face(
                    f32::from(*left),
                    f32::from(*width),
                    Some(probe(*person, *cosine)),
                );
                house.desk.faces(vec![seen])
            }
            Shown::Pair(a, b) => house.desk.faces(vec![
                face(0.0, 120.0, Some(probe(*a, 99))),
                face(300.0, 118.0, Some(probe(*b, 99))),
            ]),
            Shown::Ticket(number) => house.desk.picture(Ok(Analysis {
                codes: vec![house.codes[*number].clone()],
                ..Analysis::default()
            })),
            Shown::Broken => house
                .desk
                .picture(Err(hadir::vision::worker::EngineError::Panicked)),
        };
        if let Ok(sighting) = door.look(bytes) {
            decisions.extend(sighting.decisions.into_iter().map(|d| (number, d)));
        }
    }
    decisions
}

fn runner() -> TestRunner {
    // Each case opens the same store, so a few dozen are a matter of seconds.
    TestRunner::new(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

#[test]
fn strangers_are_never_let_in() {
    let house = house();
    let strategy = prop::collection::vec(shown(true), 1..60);
    let outcome = runner().run(&strategy, |pictures| {
        let mut door = house.desk.door(Aim::Today);
        for (number, decision) in play(&house, &mut door, &pictures) {
            let inside = matches!(decision.verdict, Verdict::Admitted | Verdict::Already);
            prop_assert!(!inside, "picture {number} let somebody in: {decision:?}");
            prop_assert_eq!(decision.person, None);
        }
        Ok(())
    });
    outcome.expect("no stranger is let in");
}

#[test]
fn nobody_is_let_in_twice_on_one_day_or_without_having_been_there() {
    let house = house();
    let strategy = prop::collection::vec(shown(false), 1..60);
    let outcome = runner().run(&strategy, |pictures| {
        // Each case is a day of its own.
        house.desk.clock.advance(24 * 3_600_000);
        let mut door = house.desk.door(Aim::Today);
        let mut inside: HashMap<PersonId, usize> = HashMap::new();
        for (number, decision) in play(&house, &mut door, &pictures) {
            let Some(person) = decision.person else {
                continue;
            };
            // A track is five frames at most; whoever is named was seen in one of them.
            let recent = &pictures[number.saturating_sub(4)..=number];
            let seen = recent.iter().any(|p| match p {
                Shown::Face(who, ..) => house.people[*who] == person,
                Shown::Nobody | Shown::Pair(..) | Shown::Ticket(_) | Shown::Broken => false,
            });
            prop_assert!(seen, "picture {} names somebody who was not there", number);
            if decision.verdict == Verdict::Admitted {
                let times = inside.entry(person).or_default();
                *times += 1;
                prop_assert_eq!(*times, 1, "admitted a second time by picture {}", number);
            }
        }
        Ok(())
    });
    outcome.expect("each is let in once");
}

#[test]
fn a_ticket_lets_in_once_at_all_doors_together() {
    let house = house();
    let strategy = prop::collection::vec(0..TICKETS, 1..30);
    let mut admitted: HashMap<usize, usize> = HashMap::new();
    let mut runner = runner();
    let cell = std::cell::RefCell::new(&mut admitted);
    let outcome = runner.run(&strategy, |tickets| {
        let mut door = house.desk.door(Aim::Fixed(Occasion::Event(house.event)));
        let pictures: Vec<_> = tickets.iter().map(|t| Shown::Ticket(*t)).collect();
        for (number, decision) in play(&house, &mut door, &pictures) {
            if decision.verdict == Verdict::Admitted {
                *cell.borrow_mut().entry(tickets[number]).or_default() += 1;
            }
        }
        Ok(())
    });
    outcome.expect("doors decide");
    assert!(admitted.values().all(|n| *n == 1), "{admitted:?}");
    assert!(!admitted.is_empty());
}
