//! Undoing an admission: who, until when, and what goes back.

use super::door::Door;
use hadir::base::id::{EventId, Id, Nonce, PersonId};
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::checkin::reason::{Direction, UndoReason, Verdict};
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Decision, Error};
use hadir::domain::ticketing::capacity::{self, Fill};
use hadir::domain::ticketing::event::{CapacityOf, EntryRule};
use hadir::store::visits;

fn take_back(
    door: &Door,
    actor: Actor,
    nonce: Nonce,
    reason: UndoReason,
) -> Result<Decision, Error> {
    let wish = Undo {
        nonce,
        reason,
        remark: None,
    };
    door.act_as(actor, move |tx, call| undo::undo(tx, call, &wish))
}

fn fill(door: &Door, event: EventId) -> Fill {
    door.look(|v, c| capacity::fill(v, c, event))
        .expect("an event")
}

#[test]
fn ticket_and_counts_go_back_in_the_same_commit() {
    let door = Door::new();
    let event = door.event_with(|new| {
        new.capacity = Some(1);
        new.capacity_of = CapacityOf::Inside;
    });
    let issued = door.ticket(event, None);
    let other = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    let first = door.decide(&request);
    assert_eq!(
        fill(&door, event),
        Fill {
            inside: 1,
            admitted: 1,
            free: Some(0)
        }
    );
    let undone = take_back(&door, Actor::Operator, first.nonce, UndoReason::WrongPerson);
    assert_eq!(undone, Ok(first.clone()));
    assert_eq!(
        fill(&door, event),
        Fill {
            inside: 0,
            admitted: 0,
            free: Some(1)
        }
    );
    assert_eq!(door.decide(&request), first, "the nonce keeps its decision");
    assert_eq!(
        door.decide(&door.code(event, other.code.as_str())).verdict,
        Verdict::Admitted
    );
    let rows = door
        .look(|v, _| visits::list_visits(v, 0, 10))
        .expect("visits");
    assert_eq!(
        (rows.len(), rows[0].undone, rows[1].undone),
        (2, true, false)
    );
    let twice = take_back(&door, Actor::Operator, first.nonce, UndoReason::Test);
    assert_eq!(twice, Err(Error::UndoneBefore));
}

#[test]
fn undoing_an_exit_puts_back_inside_and_undoing_an_entry_in_between_keeps_the_rest() {
    let door = Door::new();
    let event = door.event_with(|new| new.entry_rule = EntryRule::Any);
    let issued = door.ticket(event, None);
    let mut nonces = Vec::new();
    for direction in [
        Direction::Entry,
        Direction::Exit,
        Direction::Entry,
        Direction::Exit,
    ] {
        door.advance(Span::from_seconds(60));
        let mut request = door.code(event, issued.code.as_str());
        request.direction = direction;
        nonces.push(door.decide(&request).nonce);
    }
    let counts = || (fill(&door, event).inside, fill(&door, event).admitted);
    assert_eq!(counts(), (0, 1));
    take_back(&door, Actor::Operator, nonces[3], UndoReason::Double).expect("undone");
    assert_eq!(counts(), (1, 1));
    take_back(&door, Actor::Operator, nonces[0], UndoReason::Double).expect("undone");
    assert_eq!(counts(), (1, 1));
    take_back(&door, Actor::Operator, nonces[2], UndoReason::Double).expect("undone");
    assert_eq!(counts(), (0, 0));
}

#[test]
fn only_the_device_that_admitted_and_only_for_a_while() {
    let door = Door::new();
    let event = door.event();
    let (mine, theirs) = (
        door.device(DeviceAccess::Desk, None),
        door.device(DeviceAccess::Desk, None),
    );
    let (kiosk, chief) = (
        door.device(DeviceAccess::Scan, None),
        door.device(DeviceAccess::Supervise, None),
    );
    let admit = || {
        let issued = door.ticket(event, None);
        let request = door.code(event, issued.code.as_str());
        door.check_in_as(mine, &request).expect("decision").nonce
    };
    let (a, b) = (admit(), admit());
    let denied = take_back(&door, kiosk, a, UndoReason::Test).expect_err("a kiosk may not");
    assert!(denied.denied().is_some());
    assert_eq!(
        take_back(&door, theirs, a, UndoReason::Test),
        Err(Error::UndoWindow)
    );
    take_back(&door, mine, a, UndoReason::Test).expect("own and recent");
    door.advance(Span::from_seconds(15 * 60 + 1));
    assert_eq!(
        take_back(&door, mine, b, UndoReason::Test),
        Err(Error::UndoWindow)
    );
    take_back(&door, chief, b, UndoReason::Test).expect("a supervisor may");
}

#[test]
fn another_reason_needs_words_and_a_refusal_cannot_be_undone() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let admitted = door.decide(&door.code(event, issued.code.as_str()));
    let bare = take_back(&door, Actor::Operator, admitted.nonce, UndoReason::Other);
    assert_eq!(bare, Err(Error::RemarkMissing));
    let refused = door.decide(&door.code(event, "TIDAK-ADA"));
    let no = take_back(&door, Actor::Operator, refused.nonce, UndoReason::Test);
    assert_eq!(no, Err(Error::NoVisit));
    let unknown = take_back(&door, Actor::Operator, door.nonce(), UndoReason::Test);
    assert_eq!(unknown, Err(Error::NoVisit));
    let wish = Undo {
        nonce: admitted.nonce,
        reason: UndoReason::Other,
        remark: Some("salah pintu".parse().expect("a remark")),
    };
    door.act(move |tx, call| undo::undo(tx, call, &wish))
        .expect("with words");
}

/// Who picked somebody from the list takes that back alone, within the window; a colleague needs
/// the right to supervise.
#[test]
fn one_s_own_admission_is_taken_back_without_a_device() {
    let door = Door::new();
    let event = door.event();
    let staff = |number: u8| Actor::Person {
        id: PersonId::from_bytes([number; 16]),
        role: Role::Committee,
        supervise: false,
    };
    let admit = || {
        let issued = door.ticket(event, None);
        let request = door.code(event, issued.code.as_str());
        door.check_in_as(staff(1), &request).expect("a decision")
    };
    let first = admit();
    let other = take_back(&door, staff(2), first.nonce, UndoReason::Double);
    assert_eq!(other, Err(Error::UndoWindow));
    let own = take_back(&door, staff(1), first.nonce, UndoReason::Double);
    assert_eq!(own, Ok(first));
    let second = admit();
    door.advance(Span::from_millis(15 * 60_000 + 1));
    let late = take_back(&door, staff(1), second.nonce, UndoReason::Double);
    assert_eq!(late, Err(Error::UndoWindow));
}
