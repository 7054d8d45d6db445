//! Tickets for people without one: a ticket and its admission, whole or not at all.

use crate::domain::door::Door;
use hadir::base::cause::Cause;
use hadir::base::id::EventId;
use hadir::base::text::TicketCode;
use hadir::domain::actor::DeviceAccess;
use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::checkin::walk_in::{self, Error};
use hadir::domain::checkin::{Decision, Occasion, Request};
use hadir::domain::ticketing::{capacity, event, ticket};

const CODE: &str = "7K3M9QXW2P4R8T6V5YAB";

fn admit(door: &Door, request: &Request) -> Result<Decision, Error> {
    let (code, request): (TicketCode, _) = (CODE.parse().expect("a code"), request.clone());
    door.act(move |tx, call| walk_in::admit(tx, call, &code, &request))
}

fn tickets(door: &Door, event: EventId) -> usize {
    let all = door.look(|view, call| ticket::list(view, call, event, 0, 10));
    all.expect("a list").len()
}

#[test]
fn the_ticket_is_made_and_used_at_once_and_a_repetition_changes_nothing() {
    let door = Door::new();
    let event = door.event();
    let request = door.code(event, CODE);
    let first = admit(&door, &request).expect("a decision");
    assert_eq!(first.verdict, Verdict::Admitted);
    assert!(first.ticket.is_some());
    assert_eq!(admit(&door, &request), Ok(first));
    assert_eq!(tickets(&door, event), 1);
    let fill = door
        .look(|v, c| capacity::fill(v, c, event))
        .expect("an event");
    assert_eq!(fill.admitted, 1);
}

#[test]
fn a_full_room_refuses_the_walk_in_too() {
    let door = Door::new();
    let event = door.event_with(|new| new.capacity = Some(0));
    let decision = admit(&door, &door.code(event, CODE)).expect("a decision");
    assert_eq!(decision.reason, Some(Reason::CapacityReached));
}

#[test]
fn what_cannot_be_leaves_no_ticket_behind() {
    let door = Door::new();
    let event = door.event();
    let other = Request {
        credential: door.code(event, "ABCD-1234").credential,
        ..door.code(event, CODE)
    };
    assert_eq!(admit(&door, &other), Err(Error::OtherCode));
    let daily = Request {
        occasion: Occasion::Daily(door.today()),
        ..door.code(event, CODE)
    };
    let refused = admit(&door, &daily).expect_err("no tickets");
    assert_eq!(
        (refused.clone(), refused.cause()),
        (Error::NoTickets, Cause::Invalid)
    );
    assert_eq!(refused.to_string(), "a day of attendance has no tickets");
    let closed = door.act(move |tx, call| event::close(tx, call, event));
    assert!(closed.is_ok());
    let refused = admit(&door, &door.code(event, CODE)).expect_err("closed");
    assert_eq!(refused.cause(), Cause::Conflict);
    assert_eq!(tickets(&door, event), 0);
}

#[test]
fn devices_make_no_tickets() {
    let door = Door::new();
    let event = door.event();
    let (code, request) = (CODE.parse().expect("a code"), door.code(event, CODE));
    let actor = door.device(DeviceAccess::Desk, None);
    let refused: Result<Decision, Error> = door.act_as(actor, move |tx, call| {
        walk_in::admit(tx, call, &code, &request)
    });
    assert_eq!(refused.expect_err("no right").cause(), Cause::Forbidden);
}
