//! Events and tickets: what is issued, found again, refused.

use super::door::{Door, name};
use hadir::base::id::{EventId, Id, PersonId, TicketId};
use hadir::base::time::Span;
use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::identity::person;
use hadir::domain::ticketing::capacity;
use hadir::domain::ticketing::error::Error;
use hadir::domain::ticketing::event::{self, EventState, NewEvent};
use hadir::domain::ticketing::ticket::{self, Issued, NewTicket, TicketState};

fn issue(door: &Door, new: NewTicket) -> Result<Issued, Error> {
    door.act(move |tx, call| ticket::issue(tx, call, &new))
}

#[test]
fn a_made_code_is_long_and_printed_again_as_it_was() {
    let door = Door::new();
    let event = door.event();
    let codes: Vec<Issued> = (0..50).map(|_| door.ticket(event, None)).collect();
    for issued in &codes {
        assert_eq!(issued.code.as_str().len(), 20);
        let id = issued.id;
        let printed = door.look(|v, c| ticket::code(v, c, id));
        assert_eq!(printed.as_deref(), Ok(issued.code.as_str()));
    }
    let mut texts: Vec<&str> = codes.iter().map(|i| i.code.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 50);
    let unknown = TicketId::from_bytes([9; 16]);
    assert_eq!(
        door.look(|v, c| ticket::code(v, c, unknown)),
        Err(Error::NoTicket)
    );
}

#[test]
fn a_code_printed_elsewhere_is_kept_and_is_one_ticket_s() {
    let door = Door::new();
    let (one, two) = (door.event(), door.event());
    let with = |event, code: &str| {
        let mut new = NewTicket::plain(event, None);
        new.code = Some(code.parse().expect("a code"));
        new
    };
    let issued = issue(&door, with(one, "KURSI-A-12")).expect("issued");
    assert_eq!(issued.code.as_str(), "KURSI-A-12");
    for event in [one, two] {
        assert_eq!(
            issue(&door, with(event, "KURSI-A-12")),
            Err(Error::CodeTaken)
        );
    }
    assert_eq!(
        door.decide(&door.code(one, "KURSI-A-12")).verdict,
        Verdict::Admitted
    );
    let elsewhere = door.decide(&door.code(two, "KURSI-A-12"));
    assert_eq!(elsewhere.reason, Some(Reason::WrongEvent));
    assert_eq!(elsewhere.detail, Some(format!("event:{one}")));
}

#[test]
fn what_cannot_be_issued() {
    let door = Door::new();
    let event = door.event();
    let nowhere = NewTicket::plain(EventId::from_bytes([9; 16]), None);
    assert_eq!(issue(&door, nowhere), Err(Error::NoEvent));
    let nobody = NewTicket::plain(event, Some(PersonId::from_bytes([9; 16])));
    assert_eq!(issue(&door, nobody), Err(Error::NoPerson));
    let gone = door.person("Budi", None);
    door.act(move |tx, c| person::erase(tx, c, gone))
        .expect("erased");
    assert_eq!(
        issue(&door, NewTicket::plain(event, Some(gone))),
        Err(Error::NoPerson)
    );
    let mut backwards = NewTicket::plain(event, None);
    backwards.valid_from = Some(door.now().at);
    backwards.valid_until = Some(door.now().at);
    assert_eq!(issue(&door, backwards), Err(Error::Times));
    door.act(move |tx, c| event::close(tx, c, event))
        .expect("closed");
    assert_eq!(
        issue(&door, NewTicket::plain(event, None)),
        Err(Error::Closed)
    );
}

#[test]
fn a_revoked_ticket_stays_revoked_and_a_blocked_one_does_not() {
    let door = Door::new();
    let event = door.event();
    let id = door.ticket(event, None).id;
    let state = || {
        let all = door
            .look(|v, c| ticket::list(v, c, event, 0, 10))
            .expect("tickets");
        all[0].state
    };
    door.act(move |tx, c| ticket::block(tx, c, id))
        .expect("blocked");
    assert_eq!(state(), TicketState::Blocked);
    door.act(move |tx, c| ticket::unblock(tx, c, id))
        .expect("unblocked");
    assert_eq!(state(), TicketState::Valid);
    door.revoke(id);
    for undo in [ticket::block, ticket::unblock, ticket::revoke] {
        assert_eq!(door.act(move |tx, c| undo(tx, c, id)), Err(Error::NoTicket));
    }
    assert_eq!(state(), TicketState::Revoked);
}

#[test]
fn conditions_come_and_go() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket_with(event, |new| {
        new.settled = false;
        new.answered = false;
    });
    let id = issued.id;
    let ask = || door.decide(&door.code(event, issued.code.as_str())).reason;
    assert_eq!(ask(), Some(Reason::NotSettled));
    door.act(move |tx, c| ticket::set_conditions(tx, c, id, true, false))
        .expect("paid");
    assert_eq!(ask(), Some(Reason::AnswersMissing));
    door.act(move |tx, c| ticket::set_conditions(tx, c, id, true, true))
        .expect("answered");
    assert_eq!(ask(), None);
    let unknown = TicketId::from_bytes([9; 16]);
    let missing = door.act(move |tx, c| ticket::set_conditions(tx, c, unknown, true, true));
    assert_eq!(missing, Err(Error::NoTicket));
}

#[test]
fn events_are_listed_opened_and_closed() {
    let mut door = Door::new();
    let draft = door.event_with(|new| {
        new.open = false;
        new.name = name("Rapat");
        new.capacity = Some(5);
    });
    door.advance(Span::from_millis(1));
    let open = door.event();
    let issued = door.ticket(draft, None);
    assert_eq!(
        door.decide(&door.code(draft, issued.code.as_str())).reason,
        Some(Reason::EventClosed)
    );
    door.act(move |tx, c| event::open(tx, c, draft))
        .expect("opened");
    assert_eq!(
        door.decide(&door.code(draft, issued.code.as_str())).verdict,
        Verdict::Admitted
    );
    door.reopen();
    let found = door.look(|v, c| event::find(v, c, draft)).expect("found");
    assert_eq!(
        (found.name.as_str(), found.state, found.inside),
        ("Rapat", EventState::Open, 1)
    );
    let all = door
        .look(|v, c| event::list(v, c, None, 10))
        .expect("events");
    assert_eq!(all.iter().map(|e| e.id).collect::<Vec<_>>(), [draft, open]);
    let rest = door
        .look(|v, c| event::list(v, c, Some(draft), 10))
        .expect("events");
    assert_eq!(rest.len(), 1);
    let fill = door
        .look(|v, c| capacity::fill(v, c, draft))
        .expect("an event");
    assert_eq!(fill.free, Some(5 - 1));
    let unknown = EventId::from_bytes([9; 16]);
    assert_eq!(
        door.look(|v, c| event::find(v, c, unknown)),
        Err(Error::NoEvent)
    );
    assert_eq!(
        door.look(|v, c| capacity::fill(v, c, unknown)),
        Err(Error::NoEvent)
    );
    assert_eq!(
        door.act(move |tx, c| event::open(tx, c, unknown)),
        Err(Error::NoEvent)
    );
    let mut backwards = NewEvent::open(name("Terbalik"));
    backwards.starts_at = Some(door.now().at);
    backwards.ends_at = Some(door.now().at.plus(Span::from_seconds(-1)));
    let refused = door.act(move |tx, c| event::create(tx, c, &backwards));
    assert_eq!(refused, Err(Error::Times));
}

#[test]
fn tickets_are_listed_page_by_page() {
    let door = Door::new();
    let (event, other) = (door.event(), door.event());
    let holder = door.person("Budi", None);
    let mut ids: Vec<TicketId> = (0..7)
        .map(|i| door.ticket(event, (i % 2 == 0).then_some(holder)).id)
        .collect();
    door.ticket(other, Some(holder));
    let mut seen = Vec::new();
    for page in 0..4 {
        let rows = door
            .look(|v, c| ticket::list(v, c, event, page * 2, 2))
            .expect("a page");
        seen.extend(rows.iter().map(|t| t.id));
    }
    ids.sort_unstable();
    seen.sort_unstable();
    assert_eq!(seen, ids);
}
