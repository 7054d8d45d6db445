//! Each decision that a screen can show is brought about, and what it says is compared in both
//! languages with a list that was written by hand (`sentences.txt`).

use crate::support::desk::{Desk, direction, face};
use hadir::base::id::{EventId, Nonce};
use hadir::base::json::Value;
use hadir::base::text::TicketCode;
use hadir::domain::actor::Actor;
use hadir::domain::checkin::reason::{Direction, Mode, Reason};
use hadir::domain::checkin::request::{Credential, Occasion, Request};
use hadir::domain::checkin::{Decision, scan};
use hadir::domain::rule::{Attended, LivenessPolicy};
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::surface::door::Aim;
use hadir::surface::told::{self, Show};
use hadir::vision::worker::EngineState;
use std::collections::BTreeMap;

/// Name of a state, and what it says: sentence and second line in Indonesian, then in English.
type Written = BTreeMap<String, [String; 4]>;

fn written() -> Written {
    let lines = include_str!("sentences.txt").lines();
    let lines = lines.filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let mut parts = line.split('|').map(|p| p.trim().to_owned());
            let name = parts.next().expect("a name");
            (
                name,
                std::array::from_fn(|_| parts.next().unwrap_or_default()),
            )
        })
        .collect()
}

fn is_decision(name: &str) -> bool {
    let head = name.split('.').next().unwrap_or(name);
    Show::ALL.iter().any(|show| show.code() == head)
}

/// What a screen is told, as the list writes it.
fn said(value: &Value) -> [String; 4] {
    let text = |language: &str, field: &str| {
        let text = &value["text"][language][field];
        text.as_str().unwrap_or_default().to_owned()
    };
    [
        text("id", "sentence"),
        text("id", "next_step"),
        text("en", "sentence"),
        text("en", "next_step"),
    ]
}

/// A hall with everybody that the decisions need.
struct Hall {
    desk: Desk,
    told: Written,
}

impl Hall {
    fn new() -> Self {
        Self {
            desk: Desk::new(),
            told: Written::new(),
        }
    }

    /// Notes what is said about a decision, under its picture and, if that is not enough, its
    /// reason.
    fn note(&mut self, decision: &Decision) {
        let show = Show::of(decision);
        let alone = !matches!(show, Show::Refused | Show::Attention | Show::Instruct);
        let name = match decision.reason {
            Some(reason) if !alone => format!("{}.{reason}", show.code()),
            _ => show.code().to_owned(),
        };
        let value = told::for_screen(&self.desk.core, decision);
        assert_eq!(value["show"], show.code());
        self.told.insert(name, said(&value));
    }

    fn check_in(&self, occasion: Occasion, credential: Credential, out: bool) -> Decision {
        let request = Request {
            occasion,
            credential,
            device: None,
            nonce: self.desk.core.new_id::<Nonce>(),
            direction: if out {
                Direction::Exit
            } else {
                Direction::Entry
            },
            mode: Mode::Online,
            attended: Attended::Unattended,
            happened: None,
        };
        let decided = self
            .desk
            .core
            .write(Actor::Operator, "test", move |tx, call| {
                scan::check_in(tx, call, &request)
            });
        decided.expect("a decision")
    }

    fn code(&mut self, event: EventId, code: &str, out: bool) {
        let credential = Credential::Code(code.to_owned());
        let decision = self.check_in(Occasion::Event(event), credential, out);
        self.note(&decision);
    }

    fn held(&self, event: EventId, name: &str) -> TicketCode {
        let holder = self.desk.person(name);
        let new = NewTicket::plain(event, Some(holder));
        let issued = self
            .desk
            .core
            .write(Actor::Operator, "test", move |tx, call| {
                ticket::issue(tx, call, &new)
            });
        issued.expect("a ticket").code
    }

    /// Attendance of a day: in time, late, already; days later, so that times are free.
    fn day(&mut self) {
        let budi = self.desk.person("Budi Santoso");
        let late = self.desk.person("Siti Aminah");
        // From 09:12 to 06:52 of the next day.
        let minutes = 24 * 60 - (9 * 60 + 12) + (6 * 60 + 52);
        self.desk.clock.advance(minutes * 60_000);
        let today = |hall: &Self| {
            let now = hall.desk.core.clock.stamp().at;
            Occasion::Daily(hall.desk.core.site().zone.day(now))
        };
        for _ in 0..2 {
            let decision = self.check_in(today(self), Credential::Person(budi), false);
            self.note(&decision);
        }
        // 07:16: the day began at 07:00, and until 07:15 nobody is late.
        self.desk.clock.advance(24 * 60_000);
        let decision = self.check_in(today(self), Credential::Person(late), false);
        self.note(&decision);
    }

    fn tickets(&mut self) {
        self.desk.clock.advance(12 * 60_000); // 09:12
        let event = self.desk.event();
        let code = self.held(event, "Budi Santoso");
        self.code(event, code.as_str(), false);
        self.code(event, code.as_str(), false);
        self.code(event, code.as_str(), true);
        self.code(event, "NEVER-ISSUED", false);
        let other = self.desk.event();
        self.code(other, code.as_str(), false);
        for block in [false, true] {
            let new = NewTicket::plain(event, None);
            let core = &self.desk.core;
            let code = core.write(Actor::Operator, "test", move |tx, call| {
                let issued = ticket::issue(tx, call, &new)?;
                if block {
                    ticket::block(tx, call, issued.id)?;
                } else {
                    ticket::revoke(tx, call, issued.id)?;
                }
                Ok::<_, hadir::domain::ticketing::error::Error>(issued.code)
            });
            let code = code.expect("a ticket");
            self.code(event, code.as_str(), false);
        }
        self.full();
    }

    fn full(&mut self) {
        let mut new = NewEvent::open("Kecil".parse().expect("a name"));
        new.capacity = Some(1);
        let core = &self.desk.core;
        let made = core.write(Actor::Operator, "test", move |tx, call| {
            event::create(tx, call, &new)
        });
        let small = made.expect("an event");
        let first = self.desk.ticket(small).as_str().to_owned();
        self.check_in(Occasion::Event(small), Credential::Code(first), false);
        let code = self.desk.ticket(small);
        self.code(small, code.as_str(), false);
    }

    /// What a face can come to.
    fn faces(&mut self) {
        let one = direction(&[1.0]);
        self.desk.enrolled("Budi Santoso", &one);
        let mut door = self.desk.door(Aim::Today);
        let none = door.conclude().expect("a decision");
        self.note(&none);
        let strangers = [
            vec![face(200.0, 120.0, Some(direction(&[0.0, 0.0, 1.0])))],
            vec![face(100.0, 120.0, Some(one)), face(400.0, 110.0, None)],
        ];
        for shown in strangers {
            door.clear();
            for _ in 0..5 {
                self.desk.tick();
                let picture = self.desk.faces(shown.clone());
                for decision in door.look(picture).expect("a sighting").decisions {
                    self.note(&decision);
                }
            }
        }
        let off = Desk::faces_off();
        let concluded = off.door(Aim::Today).conclude().expect("a decision");
        self.note(&concluded);
    }

    /// A required proof that was not given.
    fn proofs(&mut self) {
        let strict = Desk::with(LivenessPolicy::Required, EngineState::On);
        let mut door = strict.door(Aim::Today);
        let still = || vec![face(200.0, 120.0, Some(direction(&[1.0])))];
        strict.tick();
        door.look(strict.faces(still())).expect("a sighting");
        let decision = door.conclude().expect("a decision");
        self.note(&decision);
        for _ in 0..200 {
            strict.tick();
            let picture = strict.faces(still());
            for decision in door.look(picture).expect("a sighting").decisions {
                self.note(&decision);
            }
        }
    }

    /// Reasons that need a history of their own to come about; their sentences depend on
    /// nothing but the reason. The check-in's own tests bring them about.
    fn by_reason(&mut self, from: &Decision) {
        for reason in [
            Reason::AmbiguousFace,
            Reason::NotEnrolled,
            Reason::LivenessFailed,
        ] {
            let decision = Decision {
                reason: Some(reason),
                ..from.clone()
            };
            self.note(&decision);
        }
        let decision = Decision {
            verdict: hadir::domain::checkin::reason::Verdict::Attention,
            reason: Some(Reason::SecondFactor),
            ..from.clone()
        };
        self.note(&decision);
    }
}

#[test]
fn every_decision_says_what_the_list_says() {
    let mut hall = Hall::new();
    hall.tickets();
    hall.day();
    hall.faces();
    hall.proofs();
    let unknown = {
        let event = hall.desk.event();
        let code = Credential::Code("NEVER".to_owned());
        hall.check_in(Occasion::Event(event), code, false)
    };
    hall.by_reason(&unknown);
    let mut wanted = written();
    wanted.retain(|name, _| is_decision(name));
    for (name, lines) in &hall.told {
        assert_eq!(Some(lines), wanted.get(name), "{name}");
    }
    let missing: Vec<_> = (wanted.keys())
        .filter(|name| !hall.told.contains_key(*name))
        .collect();
    assert!(missing.is_empty(), "never brought about: {missing:?}");
}
