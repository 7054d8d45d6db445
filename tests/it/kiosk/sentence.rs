//! Each decision that a screen can show is brought about over the screen's own routes, and what
//! it is told is compared in both languages with a list that was written by hand
//! (`sentences.txt`).

use super::hall::Hall;
use crate::support::desk::{Desk, direction, face};
use hadir::base::id::{EventId, Nonce};
use hadir::base::json::Value;
use hadir::base::time::{Span, Timestamp};
use hadir::domain::actor::Actor;
use hadir::domain::checkin::reason::{Direction, Mode};
use hadir::domain::checkin::request::{Credential, Occasion, Request};
use hadir::domain::checkin::scan;
use hadir::domain::device::Options;
use hadir::domain::rule::{Attended, LivenessPolicy};
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::surface::door::Aim;
use hadir::surface::told::{self, Show};
use hadir::vision::quality::QualityIssue;
use hadir::vision::worker::{EngineState, FaceSeen};
use std::collections::BTreeMap;

/// Name of a state, and what it says: sentence and second line in Indonesian, then in English.
type Written = BTreeMap<String, [String; 4]>;

/// The list.
pub fn written() -> Written {
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

/// Whether a state of the list is a decision's.
pub fn is_decision(name: &str) -> bool {
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

/// What screens have been told.
#[derive(Default)]
struct Told(Written);

impl Told {
    /// Notes what is said about a decision, under its picture and, if that is not enough, its
    /// reason; `more` tells apart what has the same reason.
    fn note_as(&mut self, value: &Value, more: &str) {
        let show = value["show"].as_str().expect("a picture");
        let alone = !["refused", "attention", "instruct"].contains(&show);
        let name = match value["reason"].as_str() {
            Some(reason) if !alone => format!("{show}.{reason}{more}"),
            _ => show.to_owned(),
        };
        self.0.insert(name, said(value));
    }

    fn note(&mut self, value: &Value) {
        self.note_as(value, "");
    }
}

/// Shows pictures of this until one is decided on, at most 200 of them, fifteen a second.
fn stand(hall: &Hall, mut shown: impl FnMut() -> Vec<FaceSeen>) -> Value {
    for _ in 0..200 {
        let picture = hall.desk.faces(shown());
        let answer = hall.frame(&picture);
        assert_eq!(answer.status, 200, "{}", answer.body);
        if let Some(decision) = answer.json()["decisions"]
            .as_array()
            .and_then(|d| d.first())
        {
            return decision.clone();
        }
    }
    panic!("no decision after 200 pictures");
}

/// Whoever stood there leaves for long enough to be forgotten.
fn leave(hall: &Hall) {
    hall.desk.clock.advance(10_000);
    hall.frame(&hall.desk.nobody());
}

fn at_event(hall: &Hall, event: EventId) {
    hall.set(Options {
        occasion: Some(event),
        ..Options::default()
    });
}

fn issue(desk: &Desk, new: NewTicket) -> String {
    let issued = desk.core.write(Actor::Operator, "test", move |tx, call| {
        ticket::issue(tx, call, &new)
    });
    issued.expect("a ticket").code.as_str().to_owned()
}

fn make(desk: &Desk, change: impl FnOnce(&mut NewEvent)) -> EventId {
    let mut new = NewEvent::open("Kecil".parse().expect("a name"));
    change(&mut new);
    let made = desk.core.write(Actor::Operator, "test", move |tx, call| {
        event::create(tx, call, &new)
    });
    made.expect("an event")
}

fn now(desk: &Desk) -> Timestamp {
    desk.core.clock.stamp().at
}

const HOUR: Span = Span::from_seconds(3_600);

/// A ticket's life at one event: in, again, out; and codes that are for nobody or elsewhere.
fn tickets(hall: &Hall, told: &mut Told) {
    hall.desk.clock.advance(12 * 60_000); // 09:12
    let event = hall.desk.event();
    at_event(hall, event);
    let budi = hall.numbered("Budi Santoso", "1001");
    let code = issue(&hall.desk, NewTicket::plain(event, Some(budi)));
    told.note(&hall.code(&code));
    told.note(&hall.code(&code));
    hall.set(Options {
        direction: Direction::Exit,
        ..hall.options()
    });
    told.note(&hall.code(&code));
    at_event(hall, event);
    told.note(&hall.code("NEVER-ISSUED"));
    hall.numbered("Tamu", "1002");
    told.note(&hall.number("1002")); // no ticket
    at_event(hall, hall.desk.event());
    told.note(&hall.code(&code));
}

/// Tickets that let nobody in, each for its own reason.
fn unusable(hall: &Hall, told: &mut Told) {
    let event = hall.desk.event();
    at_event(hall, event);
    for block in [false, true] {
        let new = NewTicket::plain(event, None);
        let core = &hall.desk.core;
        let code = core.write(Actor::Operator, "test", move |tx, call| {
            let issued = ticket::issue(tx, call, &new)?;
            if block {
                ticket::block(tx, call, issued.id)?;
            } else {
                ticket::revoke(tx, call, issued.id)?;
            }
            Ok::<_, hadir::domain::ticketing::error::Error>(issued.code)
        });
        told.note(&hall.code(code.expect("a ticket").as_str()));
    }
    let opens = now(&hall.desk).plus(HOUR); // 10:12
    let table = [
        NewTicket {
            settled: false,
            ..NewTicket::plain(event, None)
        },
        NewTicket {
            answered: false,
            ..NewTicket::plain(event, None)
        },
        NewTicket {
            valid_from: Some(opens),
            ..NewTicket::plain(event, None)
        },
        NewTicket {
            valid_until: Some(now(&hall.desk)),
            ..NewTicket::plain(event, None)
        },
    ];
    for new in table {
        let code = issue(&hall.desk, new);
        told.note(&hall.code(&code));
    }
}

/// Events that are full or closed.
fn events(hall: &Hall, told: &mut Told) {
    let small = make(&hall.desk, |new| new.capacity = Some(1));
    at_event(hall, small);
    let codes = [(); 2].map(|()| issue(&hall.desk, NewTicket::plain(small, None)));
    assert_eq!(hall.code(&codes[0])["show"], "admitted");
    told.note(&hall.code(&codes[1]));
    let core = &hall.desk.core;
    core.write(Actor::Operator, "test", move |tx, call| {
        event::close(tx, call, small)
    })
    .expect("closed");
    told.note(&hall.code(&codes[1]));
}

/// Attendance of a day, by number: in time, again, late; a day later, so that times are free.
fn day(hall: &Hall, told: &mut Told) {
    hall.set(Options::default());
    hall.numbered("Siti Aminah", "1003");
    // To 06:52 of the next day, as the first number comes in.
    let today = hall
        .desk
        .core
        .site()
        .zone
        .time_of_day(now(&hall.desk))
        .minutes();
    let minutes = 24 * 60 - i64::from(today) + (6 * 60 + 52);
    hall.desk.clock.advance(minutes * 60_000);
    told.note(&hall.number("1001"));
    told.note(&hall.number("1001"));
    // 07:16: the day began at 07:00, and until 07:15 nobody is late.
    hall.desk.clock.advance(24 * 60_000);
    told.note(&hall.number("1003"));
}

/// What a face can come to.
fn faces(told: &mut Told) {
    let hall = Hall::new();
    let one = direction(&[1.0]);
    hall.desk.enrolled("Budi Santoso", &one);
    hall.desk.enrolled("Siti Aminah", &direction(&[0.0, 1.0]));
    let stranger = direction(&[0.0, 0.0, 1.0]);
    let between = direction(&[0.6, 0.57]);
    let table = [
        vec![face(200.0, 120.0, Some(stranger))],
        vec![face(200.0, 120.0, Some(between))],
        vec![face(100.0, 120.0, Some(one)), face(400.0, 110.0, None)],
    ];
    for shown in table {
        told.note(&stand(&hall, || shown.clone()));
        leave(&hall);
    }
    for issue in [
        QualityIssue::Small,
        QualityIssue::Dark,
        QualityIssue::Bright,
        QualityIssue::Blurred,
        QualityIssue::TurnedAway,
        QualityIssue::Unsure,
    ] {
        let mut bad = face(200.0, 120.0, None);
        bad.quality.score = 0.1;
        bad.quality.issues = vec![issue];
        let decision = stand(&hall, || vec![bad.clone()]);
        told.note_as(&decision, &format!(".{}", issue.code()));
        leave(&hall);
    }
}

/// A required proof that was not given: a picture held still, and eyes that cannot be measured.
fn proofs(told: &mut Told) {
    let hall = Hall::of(Desk::with(LivenessPolicy::Required, EngineState::On));
    let seen = |openings| FaceSeen {
        openings,
        ..face(200.0, 120.0, Some(direction(&[1.0])))
    };
    told.note(&stand(&hall, || vec![seen(Some([0.3; 2]))]));
    for _ in 0..40 {
        leave(&hall);
        let decision = stand(&hall, || vec![seen(None)]);
        told.note(&decision);
        if decision["reason"] == "liveness_unavailable" {
            return;
        }
    }
    panic!("no blink was asked for in forty visits");
}

/// A face that only proposes, and one that was removed before its digits came.
fn second_factor(told: &mut Told) {
    let hall = super::second::large();
    let person = super::second::enrolled(&hall);
    told.note(&super::second::propose(&hall));
    let core = &hall.desk.core;
    core.write(Actor::Operator, "test", move |tx, call| {
        hadir::domain::identity::enrol::remove(tx, call, person)
    })
    .expect("removed");
    told.note(&super::second::digits(&hall, &hall.nonce(), "4321").json());
}

/// What the program says of itself to callers who ask for a decision at once; a screen asks for
/// none, but would show it.
fn at_once(told: &mut Told) {
    let off = Desk::faces_off();
    let concluded = off.door(Aim::Today).conclude().expect("a decision");
    told.note(&told::for_screen(&off.core, &concluded));
    let desk = Desk::new();
    let none = desk.door(Aim::Today).conclude().expect("a decision");
    told.note(&told::for_screen(&desk.core, &none));
    let request = Request {
        occasion: Occasion::Event(desk.event()),
        credential: Credential::Number("12345".to_owned()),
        device: None,
        nonce: desk.core.new_id::<Nonce>(),
        direction: Direction::Entry,
        mode: Mode::Online,
        attended: Attended::Unattended,
        happened: None,
    };
    let limited = desk.core.write(Actor::Operator, "test", move |_, call| {
        Ok::<_, hadir::domain::checkin::Error>(scan::rate_limited(call, &request))
    });
    told.note(&told::for_screen(&desk.core, &limited.expect("a decision")));
}

#[test]
fn every_decision_says_what_the_list_says() {
    let hall = Hall::new();
    let mut told = Told::default();
    tickets(&hall, &mut told);
    unusable(&hall, &mut told);
    events(&hall, &mut told);
    day(&hall, &mut told);
    faces(&mut told);
    proofs(&mut told);
    second_factor(&mut told);
    at_once(&mut told);
    let mut wanted = written();
    wanted.retain(|name, _| is_decision(name));
    for (name, lines) in &told.0 {
        assert_eq!(Some(lines), wanted.get(name), "{name}");
    }
    let missing: Vec<_> = (wanted.keys())
        .filter(|name| !told.0.contains_key(*name))
        .collect();
    assert!(missing.is_empty(), "never brought about: {missing:?}");
}

/// Pupils are addressed as pupils where the site wishes it.
#[test]
fn pupils_are_addressed_as_pupils() {
    let hall = Hall::of(Desk::ruled(EngineState::On, |rules| {
        rules.address = hadir::domain::rule::Address::Kamu;
    }));
    let event = hall.desk.event();
    at_event(&hall, event);
    let code = issue(
        &hall.desk,
        NewTicket {
            answered: false,
            ..NewTicket::plain(event, None)
        },
    );
    let told = hall.code(&code);
    assert_eq!(told["text"]["id"]["sentence"], "Datamu belum lengkap.");
    hall.numbered("Tamu", "1002");
    let told = hall.number("1002");
    assert_eq!(
        told["text"]["id"]["sentence"],
        "Kamu belum dapat masuk di sini."
    );
}
