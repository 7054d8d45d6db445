//! A supervisor overrules: somebody is let in again, or in spite of a condition, with a reason
//! that is kept; nobody else may, and nothing else can be overruled.

use crate::domain::door::Door;
use hadir::base::id::{EventId, Nonce};
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, DeviceAccess};
use hadir::domain::audit::Act;
use hadir::domain::checkin::again::{self, Again};
use hadir::domain::checkin::listing;
use hadir::domain::checkin::reason::{Direction, Mode, Reason, UndoReason, Verdict};
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Decision, Error, Occasion, Request};
use hadir::domain::ticketing::{capacity, event};
use hadir::store::audit;

fn wish(door: &Door, instead_of: Nonce) -> Again {
    Again {
        nonce: door.nonce(),
        instead_of,
        device: None,
        remark: "Tas tertinggal".parse().expect("a remark"),
    }
}

fn admit(door: &Door, again: &Again) -> Result<Decision, Error> {
    admit_as(door, Actor::Operator, again)
}

fn admit_as(door: &Door, actor: Actor, again: &Again) -> Result<Decision, Error> {
    let again = again.clone();
    door.act_as(actor, move |tx, call| again::admit(tx, call, &again))
}

fn counts(door: &Door, event: EventId) -> (u32, u32) {
    let fill = door.look(|v, c| capacity::fill(v, c, event));
    fill.map(|f| (f.inside, f.admitted)).expect("an event")
}

fn acts(door: &Door, act: Act) -> usize {
    let rows = door.look(|view, _| audit::list_objects(view, act.code()));
    rows.expect("rows").len()
}

/// A ticket that is used: the event, the request, the decision `already`.
fn used(door: &Door) -> (EventId, Request, Decision) {
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    door.decide(&request);
    let again = door.code(event, issued.code.as_str());
    let already = door.decide(&again);
    assert_eq!(already.verdict, Verdict::Already);
    (event, again, already)
}

#[test]
fn a_used_ticket_lets_in_again_once_for_each_intent() {
    let door = Door::new();
    let (event, _, already) = used(&door);
    let wish = wish(&door, already.nonce);
    let decision = admit(&door, &wish).expect("a decision");
    assert_eq!(
        (decision.verdict, decision.mode, decision.reason),
        (Verdict::Admitted, Mode::Online, None)
    );
    assert_eq!(decision.conflict, Some(Reason::AlreadyAdmitted));
    assert_eq!(decision.nonce, wish.nonce);
    assert_eq!(admit(&door, &wish), Ok(decision.clone()));
    let other = Again {
        remark: "Lain".parse().expect("a remark"),
        ..wish
    };
    assert_eq!(admit(&door, &other), Err(Error::NonceReused));
    // One ticket is one guest, however often it let in.
    assert_eq!(counts(&door, event), (1, 1));
    assert_eq!(acts(&door, Act::CheckInOverride), 1);
    let before = door.look(|v, c| listing::earlier(v, c, already.nonce));
    let (nobody, before) = before.expect("a list");
    assert_eq!(nobody, None, "the ticket is nobody's");
    assert_eq!(before.len(), 2);
    assert_eq!(before[0].decision, decision);
}

#[test]
fn a_condition_that_is_not_met_is_for_a_person_to_decide() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket_with(event, |new| new.settled = false);
    let asked = door.decide(&door.code(event, issued.code.as_str()));
    assert_eq!(
        (asked.verdict, asked.reason),
        (Verdict::Attention, Some(Reason::NotSettled))
    );
    let decision = admit(&door, &wish(&door, asked.nonce)).expect("a decision");
    assert_eq!(decision.conflict, Some(Reason::NotSettled));
    assert_eq!(counts(&door, event), (1, 1));
    let back = Undo {
        nonce: decision.nonce,
        reason: UndoReason::WrongPerson,
        remark: None,
    };
    let undone = door.act(move |tx, call| undo::undo(tx, call, &back));
    assert!(undone.is_ok());
    assert_eq!(counts(&door, event), (0, 0));
}

#[test]
fn what_was_admitted_refused_or_is_of_yesterday_is_not_overruled() {
    let door = Door::new();
    let (event, request, already) = used(&door);
    let unknown = door.decide(&door.code(event, "NOWHERE-1"));
    let nobody = door.nonce();
    let out = door.decide(&Request {
        nonce: door.nonce(),
        direction: Direction::Exit,
        ..request
    });
    for nonce in [unknown.nonce, out.nonce, nobody] {
        assert_eq!(admit(&door, &wish(&door, nonce)), Err(Error::NoVisit));
    }
    let late = wish(&door, already.nonce);
    door.advance(Span::from_millis(15 * 60_000 + 1));
    assert_eq!(admit(&door, &late), Err(Error::NoVisit));
    let (event, _, already) = used(&door);
    let closed = door.act(move |tx, call| event::close(tx, call, event));
    assert!(closed.is_ok());
    assert_eq!(
        admit(&door, &wish(&door, already.nonce)),
        Err(Error::NoEvent)
    );
}

#[test]
fn only_a_supervisor_may_and_as_nobody_else_s_device() {
    let door = Door::new();
    let (_, _, already) = used(&door);
    for access in [DeviceAccess::Scan, DeviceAccess::Desk] {
        let actor = door.device(access, None);
        let own = Again {
            device: actor.device(),
            ..wish(&door, already.nonce)
        };
        let refused = admit_as(&door, actor, &own);
        assert!(refused.is_err_and(|e| e.denied().is_some()), "{access}");
    }
    let actor = door.device(DeviceAccess::Supervise, None);
    let nameless = wish(&door, already.nonce);
    assert_eq!(admit_as(&door, actor, &nameless), Err(Error::NoDevice));
    let own = Again {
        device: actor.device(),
        ..nameless
    };
    let decision = admit_as(&door, actor, &own).expect("a decision");
    assert_eq!(decision.device, actor.device());
}

#[test]
fn on_a_day_of_attendance_the_arrival_is_told_anew() {
    let door = Door::new();
    let day = Occasion::Daily(door.today());
    let budi = door.person("Budi", Some("2026-001"));
    let pick = |door: &Door| {
        let picked = hadir::domain::checkin::Credential::Person(budi);
        door.decide(&door.request(day, picked))
    };
    pick(&door);
    let already = pick(&door);
    assert_eq!(already.verdict, Verdict::Already);
    let decision = admit(&door, &wish(&door, already.nonce)).expect("a decision");
    assert!(decision.arrival.is_some());
    assert_eq!(decision.person, Some(budi));
}
