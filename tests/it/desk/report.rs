//! Reports of admissions that staff made while the box was not heard: each visitor once,
//! whatever became of the request before.

use crate::domain::door::{Door, MORNING};
use hadir::base::id::{EventId, Nonce};
use hadir::base::time::Span;
use hadir::domain::actor::DeviceAccess;
use hadir::domain::checkin::reason::{Mode, Reason, UndoReason, Verdict};
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Decision, Error, Request, report};
use hadir::domain::device;
use hadir::domain::ticketing::{capacity, event};

fn report_of(door: &Door, request: &Request) -> Request {
    Request {
        nonce: door.nonce(),
        mode: Mode::Offline,
        happened: Some(MORNING),
        ..request.clone()
    }
}

fn send(door: &Door, instead_of: Nonce, request: &Request) -> Result<Decision, Error> {
    let request = request.clone();
    door.act(move |tx, call| report::stand_for(tx, call, instead_of, &request))
}

fn admitted(door: &Door, event: EventId) -> u32 {
    let fill = door.look(|v, c| capacity::fill(v, c, event));
    fill.expect("an event").admitted
}

#[test]
fn a_request_that_had_arrived_stands_and_nothing_is_counted_twice() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    let first = door.decide(&request);
    let report = report_of(&door, &request);
    assert_eq!(send(&door, request.nonce, &report), Ok(first.clone()));
    assert_eq!(send(&door, request.nonce, &report), Ok(first));
    assert_eq!(admitted(&door, event), 1);
}

#[test]
fn a_request_that_never_arrived_is_kept_as_the_report_says_and_only_once() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    door.advance(Span::from_millis(600_000));
    let report = report_of(&door, &request);
    let kept = send(&door, request.nonce, &report).expect("a decision");
    assert_eq!(
        (kept.verdict, kept.mode),
        (Verdict::Admitted, Mode::Offline)
    );
    assert_eq!((kept.nonce, kept.at), (report.nonce, MORNING));
    assert_eq!(kept.conflict, None);
    assert_eq!(send(&door, request.nonce, &report), Ok(kept));
    assert_eq!(admitted(&door, event), 1);
    // The request itself, arriving after all, admits nobody a second time.
    let late = door.decide(&request);
    assert_eq!(late.verdict, Verdict::Already);
    assert_eq!(admitted(&door, event), 1);
}

#[test]
fn a_request_that_was_refused_leaves_the_report_with_its_conflict() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    door.decide(&door.code(event, issued.code.as_str()));
    let again = door.code(event, issued.code.as_str());
    assert_eq!(door.decide(&again).verdict, Verdict::Already);
    let kept = send(&door, again.nonce, &report_of(&door, &again)).expect("a decision");
    assert_eq!(kept.verdict, Verdict::Admitted);
    assert_eq!(kept.conflict, Some(Reason::AlreadyAdmitted));
}

#[test]
fn an_admission_that_was_undone_no_longer_stands_for_the_report() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    door.decide(&request);
    let wish = Undo {
        nonce: request.nonce,
        reason: UndoReason::Double,
        remark: None,
    };
    let undone = door.act(move |tx, call| undo::undo(tx, call, &wish));
    assert!(undone.is_ok());
    let kept = send(&door, request.nonce, &report_of(&door, &request)).expect("a decision");
    assert_eq!(
        (kept.verdict, kept.mode),
        (Verdict::Admitted, Mode::Offline)
    );
    assert_eq!(admitted(&door, event), 1);
}

/// The device asked, was revoked, and whoever signed in on the phone delivers its report.
#[test]
fn staff_deliver_for_a_device_that_was_revoked_and_for_no_other() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let actor = door.device(DeviceAccess::Desk, None);
    let device = actor.device().expect("a device");
    let request = Request {
        device: Some(device),
        ..door.code(event, issued.code.as_str())
    };
    let asked = request.clone();
    let first = door.check_in_as(actor, &asked).expect("a decision");
    let report = Request {
        device: None,
        ..report_of(&door, &request)
    };
    assert_eq!(send(&door, request.nonce, &report), Err(Error::NonceReused));
    let revoked = door.act(move |tx, call| device::revoke(tx, call, device));
    assert!(revoked.is_ok());
    assert_eq!(send(&door, request.nonce, &report), Ok(first));
    assert_eq!(admitted(&door, event), 1);
    let own = Request {
        device: Some(device),
        ..report_of(&door, &request)
    };
    let nonce = request.nonce;
    let itself = door.act_as(actor, move |tx, call| {
        report::stand_for(tx, call, nonce, &own)
    });
    assert!(itself.is_ok_and(|d| d.nonce == nonce), "it had arrived");
    let late = Request {
        device: Some(device),
        ..report_of(&door, &door.code(event, "ABCD-1234"))
    };
    let nonce = door.nonce();
    let itself = door.act_as(actor, move |tx, call| {
        report::stand_for(tx, call, nonce, &late)
    });
    assert_eq!(itself, Err(Error::NoDevice));
}

/// What staff did without the box is kept as it was, with the rule that it went against.
#[test]
fn each_rule_that_a_report_goes_against_is_kept_with_it() {
    let door = Door::new();
    let full = door.event_with(|new| new.capacity = Some(1));
    let taken = door.ticket(full, None);
    door.decide(&door.code(full, taken.code.as_str()));
    let (open, closed) = (door.event(), door.event());
    let revoked = door.ticket(open, None);
    door.revoke(revoked.id);
    let late = door.ticket(closed, None);
    let ended = door.act(move |tx, call| event::close(tx, call, closed));
    assert!(ended.is_ok());
    let unpaid = door.ticket_with(open, |new| new.settled = false);
    let table = [
        (full, door.ticket(full, None), Reason::CapacityReached),
        (open, revoked, Reason::TicketRevoked),
        (closed, late, Reason::EventClosed),
        (open, unpaid, Reason::NotSettled),
    ];
    for (event, issued, conflict) in table {
        let request = door.code(event, issued.code.as_str());
        let report = report_of(&door, &request);
        let kept = send(&door, request.nonce, &report).expect("a decision");
        let fact = (kept.verdict, kept.mode, kept.conflict);
        assert_eq!(fact, (Verdict::Admitted, Mode::Offline, Some(conflict)));
        assert_eq!(send(&door, request.nonce, &report), Ok(kept));
    }
    // A code that no ticket has is nobody's admission, but the scan is kept.
    let unknown = door.code(open, "NOWHERE-1");
    let kept = send(&door, unknown.nonce, &report_of(&door, &unknown)).expect("a decision");
    assert_eq!(
        (kept.verdict, kept.reason),
        (Verdict::Refused, Some(Reason::UnknownTicket))
    );
}

#[test]
fn a_report_names_a_request_of_its_own_and_needs_the_right() {
    let door = Door::new();
    let (event, other) = (door.event(), door.event());
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    door.decide(&request);
    let report = report_of(&door, &request);
    let elsewhere = Request {
        occasion: door.code(other, "ABCD-1234").occasion,
        ..report.clone()
    };
    assert_eq!(
        send(&door, request.nonce, &elsewhere),
        Err(Error::NonceReused)
    );
    assert_eq!(send(&door, report.nonce, &report), Err(Error::NonceReused));
    let online = Request {
        mode: Mode::Online,
        ..report.clone()
    };
    assert_eq!(send(&door, request.nonce, &online), Err(Error::NonceReused));
    let actor = door.device(DeviceAccess::Scan, None);
    let nonce = request.nonce;
    let refused = door.act_as(actor, move |tx, call| {
        report::stand_for(tx, call, nonce, &report)
    });
    assert!(refused.is_err_and(|e| e.denied().is_some()));
}
