//! Who of the staff may take back what, and until when: the table of `docs/desk.md`.

use crate::domain::door::Door;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::checkin::reason::UndoReason;
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Decision, Error, Request};

const MINUTE_MS: i64 = 60_000;

/// Whether the admission was one's own, minutes since, whether a supervisor asks, and whether
/// it may be undone.
const TABLE: [(bool, i64, bool, bool); 8] = [
    (true, 0, false, true),
    (true, 15, false, true),
    (true, 16, false, false),
    (false, 0, false, false),
    (false, 16, false, false),
    (true, 16, true, true),
    (false, 0, true, true),
    (false, 600, true, true),
];

fn undo_as(door: &Door, actor: Actor, decision: &Decision) -> Result<Decision, Error> {
    let wish = Undo {
        nonce: decision.nonce,
        reason: UndoReason::WrongPerson,
        remark: None,
    };
    door.act_as(actor, move |tx, call| undo::undo(tx, call, &wish))
}

/// Somebody admits, time goes by, somebody takes it back.
fn judge(door: &Door, who: Actor, asks: Actor, minutes: i64, may: bool) {
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = Request {
        device: who.device(),
        ..door.code(event, issued.code.as_str())
    };
    let decision = door.check_in_as(who, &request).expect("a decision");
    door.advance(Span::from_millis(minutes * MINUTE_MS));
    let undone = undo_as(door, asks, &decision);
    let place = format!("{} of {} after {minutes}", asks.label(), who.label());
    if may {
        assert_eq!(undone, Ok(decision), "{place}");
    } else {
        assert_eq!(undone, Err(Error::UndoWindow), "{place}");
    }
}

#[test]
fn devices_take_back_their_own_for_a_while_and_supervisors_everything() {
    for (own, minutes, supervisor, may) in TABLE {
        let door = Door::new();
        let access = if supervisor {
            DeviceAccess::Supervise
        } else {
            DeviceAccess::Desk
        };
        let (asks, other) = (
            door.device(access, None),
            door.device(DeviceAccess::Desk, None),
        );
        judge(&door, if own { asks } else { other }, asks, minutes, may);
    }
}

#[test]
fn people_take_back_their_own_for_a_while_and_supervisors_everything() {
    for (own, minutes, supervise, may) in TABLE {
        let door = Door::new();
        let person = |name: &str, supervise: bool| Actor::Person {
            id: door.person(name, None),
            role: Role::Committee,
            supervise,
        };
        let (asks, other) = (person("Ratna", supervise), person("Joko", false));
        judge(&door, if own { asks } else { other }, asks, minutes, may);
    }
}

#[test]
fn a_kiosk_takes_nothing_back() {
    let door = Door::new();
    let event = door.event();
    let kiosk = door.device(DeviceAccess::Scan, None);
    let issued = door.ticket(event, None);
    let request = Request {
        device: kiosk.device(),
        ..door.code(event, issued.code.as_str())
    };
    let decision = door.check_in_as(kiosk, &request).expect("a decision");
    let refused = undo_as(&door, kiosk, &decision);
    assert!(refused.is_err_and(|e| e.denied().is_some()));
}
