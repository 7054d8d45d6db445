//! The scenes: for each reason the smallest situation that leads to it.

use crate::domain::door::{Door, axis, direction, evidence, frame};
use hadir::base::id::{EventId, PersonId};
use hadir::base::time::{ClockState, Span};
use hadir::domain::actor::Actor;
use hadir::domain::checkin::face::{FaceVerdict, Finding, judge};
use hadir::domain::checkin::reason::{Direction, Liveness, Reason};
use hadir::domain::checkin::track::Frame;
use hadir::domain::checkin::{Credential, Decision, Occasion, Request, scan};
use hadir::domain::rule::{FacePolicy, LivenessPolicy};
use hadir::domain::ticketing::event::{self, CapacityOf};
use hadir::domain::ticketing::ticket;
use hadir::store::{Error, outbox};
use hadir::vision::quality::QualityIssue;

/// What was asked and decided, and which notices it left.
pub struct Scene {
    pub door: Door,
    pub request: Request,
    pub decision: Decision,
    pub notices: Vec<String>,
}

fn notices(door: &Door) -> Vec<String> {
    let (now, later) = (door.now().at, door.now().at.plus(Span::from_seconds(60)));
    let due = door
        .store
        .write(move |tx| outbox::claim_due(tx, now, later, 1_000));
    let rows: Result<Vec<outbox::Row>, Error> = due;
    rows.expect("notices")
        .into_iter()
        .map(|row| row.kind)
        .collect()
}

fn act_out(door: Door, request: Request) -> Scene {
    door.tells_somebody();
    let decision = door.decide(&request);
    let notices = notices(&door);
    Scene {
        door,
        request,
        decision,
        notices,
    }
}

/// Plays the scene of a reason.
pub fn play(reason: Reason) -> Scene {
    let mut door = Door::new();
    if matches!(reason, Reason::LivenessFailed | Reason::LivenessUnavailable) {
        door.site.rules.liveness.unattended = LivenessPolicy::Required;
    }
    if reason == Reason::ClockUnsynced {
        door.set_clock(ClockState::Unsynced);
    }
    if reason == Reason::SecondFactor {
        door.site.rules.face = FacePolicy {
            strangers_per_day: 100_000.0,
            ..FacePolicy::default()
        };
    }
    let request = request_for(&door, reason);
    if reason == Reason::RateLimited {
        let asked = request.clone();
        let decision = door
            .act(move |_, call| Ok::<_, Error>(scan::rate_limited(call, &asked)))
            .expect("a decision");
        return Scene {
            door,
            request,
            decision,
            notices: Vec::new(),
        };
    }
    act_out(door, request)
}

/// Prepares the door for a reason and gives the request that will meet it.
pub fn request_for(door: &Door, reason: Reason) -> Request {
    let daily = Occasion::Daily(door.today());
    let hour = Span::from_seconds(3_600);
    let now = door.now().at;
    match reason {
        Reason::UnknownFace => {
            door.enrolled("Budi Santoso", &axis(0));
            door.face(daily, &axis(5))
        }
        Reason::AmbiguousFace => {
            door.enrolled("Budi Santoso", &axis(0));
            door.enrolled("Siti Aminah", &axis(1));
            door.face(daily, &direction(&[0.6, 0.57]))
        }
        Reason::NoFace => door.request(daily, evidence(seen(door, daily, Frame::empty(now)))),
        Reason::ManyFaces => {
            let mut two = frame(&axis(0));
            two.faces = 2;
            door.request(daily, evidence(seen(door, daily, two)))
        }
        Reason::LowQuality => {
            let mut dark = frame(&axis(0));
            dark.quality = 0.1;
            dark.issues = vec![QualityIssue::Dark, QualityIssue::Small];
            door.request(daily, evidence(seen(door, daily, dark)))
        }
        Reason::LivenessFailed => {
            door.enrolled("Budi Santoso", &axis(0));
            with_liveness(door.face(daily, &axis(0)), Liveness::Fail)
        }
        Reason::LivenessUnavailable | Reason::SecondFactor | Reason::ClockUnsynced => {
            door.enrolled("Budi Santoso", &axis(0));
            door.face(daily, &axis(0))
        }
        Reason::FaceEngineError => {
            let off = FaceVerdict::without_comparison(Finding::EngineError);
            door.request(daily, evidence(off))
        }
        Reason::NotEnrolled => {
            let person = door.enrolled("Budi Santoso", &axis(0));
            let request = door.face(daily, &axis(0));
            remove_face(door, person);
            request
        }
        Reason::AlreadyAdmitted => {
            let event = door.event();
            let issued = door.ticket(event, None);
            door.decide(&door.code(event, issued.code.as_str()));
            door.advance(hour);
            door.code(event, issued.code.as_str())
        }
        Reason::RateLimited => door.request(daily, Credential::Number("12345".to_owned())),
        Reason::UnknownTicket
        | Reason::TicketRevoked
        | Reason::TicketBlocked
        | Reason::NotSettled
        | Reason::WrongEvent
        | Reason::NotYetValid
        | Reason::Expired
        | Reason::EventClosed
        | Reason::CapacityReached
        | Reason::NotPermitted
        | Reason::AnswersMissing => ticket_request(door, reason),
    }
}

fn ticket_request(door: &Door, reason: Reason) -> Request {
    let hour = Span::from_seconds(3_600);
    let now = door.now().at;
    let event = door.event_with(|new| {
        new.capacity = (reason == Reason::CapacityReached).then_some(1);
        new.capacity_of = CapacityOf::Inside;
    });
    let issued = door.ticket_with(event, |new| {
        new.settled = reason != Reason::NotSettled;
        new.answered = reason != Reason::AnswersMissing;
        new.valid_from = (reason == Reason::NotYetValid).then(|| now.plus(hour));
        new.valid_until = (reason == Reason::Expired).then_some(now);
    });
    let id = issued.id;
    let code = issued.code.as_str();
    if reason == Reason::UnknownTicket {
        return door.code(event, "TIDAK-ADA");
    }
    if reason == Reason::WrongEvent {
        return door.code(door.event(), code);
    }
    if reason == Reason::NotPermitted {
        let person = door.person("Tamu", None);
        return door.request(Occasion::Event(event), Credential::Person(person));
    }
    if reason == Reason::TicketRevoked {
        door.revoke(id);
    }
    if reason == Reason::TicketBlocked {
        door.act(move |tx, call| ticket::block(tx, call, id))
            .expect("blocked");
    }
    if reason == Reason::EventClosed {
        close(door, event);
    }
    if reason == Reason::CapacityReached {
        let other = door.ticket(event, None);
        door.decide(&door.code(event, other.code.as_str()));
    }
    door.code(event, code)
}

fn close(door: &Door, event: EventId) {
    door.act(move |tx, call| event::close(tx, call, event))
        .expect("closed");
}

fn remove_face(door: &Door, person: PersonId) {
    use hadir::domain::identity::enrol;
    door.act_as(Actor::Operator, move |tx, call| {
        enrol::remove(tx, call, person)
    })
    .expect("removed");
}

fn seen(door: &Door, occasion: Occasion, frame: Frame) -> FaceVerdict {
    judge(
        &[frame],
        &door.gallery(occasion).gallery,
        &door.site.rules.face,
    )
}

fn with_liveness(mut request: Request, liveness: Liveness) -> Request {
    if let Credential::Face(evidence) = &mut request.credential {
        evidence.liveness = liveness;
    }
    request
}

/// The names of the admissions that are recorded besides the reasons.
pub const ADMISSIONS: [&str; 4] = [
    "admitted_entry",
    "admitted_exit",
    "admitted_present",
    "admitted_late",
];

/// Admissions of every kind.
pub fn admissions() -> Vec<(&'static str, Scene)> {
    let ticketed = |direction| {
        let door = Door::new();
        let event = door.event();
        let issued = door.ticket(event, None);
        if direction == Direction::Exit {
            door.decide(&door.code(event, issued.code.as_str()));
        }
        let mut request = door.code(event, issued.code.as_str());
        request.direction = direction;
        act_out(door, request)
    };
    let daily = |late: i64| {
        let door = Door::new();
        door.enrolled("Budi Santoso", &axis(0));
        door.advance(Span::from_seconds(late * 60));
        let request = door.face(Occasion::Daily(door.today()), &axis(0));
        act_out(door, request)
    };
    vec![
        ("admitted_entry", ticketed(Direction::Entry)),
        ("admitted_exit", ticketed(Direction::Exit)),
        ("admitted_present", daily(0)),
        ("admitted_late", daily(31)),
    ]
}
