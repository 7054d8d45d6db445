//! Tickets.

use super::fixture::{TestStore, add_events, add_people, at, conflict, digest, id, ticket};
use hadir::base::id::TicketId;
use hadir::store::Error;
use hadir::store::tickets::{self, TicketRow, TicketState};

fn add(store: &TestStore, row: TicketRow, code: u8) -> Result<(), Error> {
    store.write(move |tx| {
        let sealed = format!("sealed {code}").into_bytes();
        tickets::insert_ticket(tx, &row, digest(code), &sealed)
    })
}

/// Two events and two people.
fn venue() -> TestStore {
    let store = TestStore::new();
    add_events(&store, 1..=2);
    add_people(&store, 1..=2);
    store
}

fn find(store: &TestStore, number: u64) -> Option<TicketRow> {
    store.get(|v| tickets::find_ticket(v, id(number)))
}

fn ids(rows: &[TicketRow]) -> Vec<TicketId> {
    rows.iter().map(|t| t.id).collect()
}

#[test]
fn a_ticket_comes_back_as_it_was_issued() {
    let store = venue();
    let mut rows = Vec::new();
    for state in TicketState::ALL {
        for bits in 0..8u64 {
            let number = rows.len() as u64 + 1;
            rows.push(TicketRow {
                state: *state,
                holder: (bits & 1 == 1).then(|| id(1)),
                settled: bits & 2 == 2,
                answered: bits & 4 == 4,
                valid_from: (bits & 1 == 0).then_some(at(-5)),
                valid_until: (bits & 2 == 0).then_some(at(5)),
                gates: (bits & 4 == 0).then(|| "utara,selatan".to_owned()),
                ..ticket(number, 1, None)
            });
        }
    }
    for (code, row) in (1u8..).zip(rows.clone()) {
        add(&store, row, code).expect("ticket");
    }
    let store = store.reopen();
    for (number, row) in (1u8..).zip(&rows) {
        assert_eq!(find(&store, u64::from(number)).as_ref(), Some(row));
        let by_code = store.get(|v| tickets::find_by_code(v, digest(number)));
        assert_eq!(by_code.as_ref(), Some(row));
        let code = store.get(|v| tickets::get_code(v, row.id));
        assert_eq!(code, format!("sealed {number}").into_bytes());
    }
    assert_eq!(store.get(|v| tickets::find_by_code(v, digest(200))), None);
    let none = store.read(|v| tickets::get_code(v, id(200)));
    assert_eq!(none, Err(Error::Missing("ticket")));
}

#[test]
fn a_code_is_one_ticket_s_even_over_events() {
    let store = venue();
    add(&store, ticket(1, 1, None), 1).expect("ticket");
    assert_eq!(
        conflict(add(&store, ticket(2, 2, None), 1)),
        "ticket.code_digest"
    );
    assert_eq!(conflict(add(&store, ticket(1, 1, None), 2)), "ticket.id");
    assert_eq!(store.rows("ticket"), 1);
}

#[test]
fn a_ticket_needs_an_event_a_holder_that_is_there_and_an_end_after_its_start() {
    let store = venue();
    conflict(add(&store, ticket(1, 9, None), 1));
    conflict(add(&store, ticket(1, 1, Some(9)), 1));
    for (from, until) in [(5, 5), (6, 5)] {
        let row = TicketRow {
            valid_from: Some(at(from)),
            valid_until: Some(at(until)),
            ..ticket(1, 1, None)
        };
        conflict(add(&store, row, 1));
    }
    assert_eq!(store.rows("ticket"), 0);
}

#[test]
fn a_revoked_ticket_stays_revoked() {
    use TicketState::{Blocked, Revoked, Valid};
    let store = venue();
    add(&store, ticket(1, 1, None), 1).expect("ticket");
    add(&store, ticket(2, 1, None), 2).expect("ticket");
    let steps = [
        (Blocked, true, Blocked),
        (Valid, true, Valid),
        (Revoked, true, Revoked),
        (Valid, false, Revoked),
        (Blocked, false, Revoked),
        (Revoked, false, Revoked),
    ];
    for (to, done, now) in steps {
        assert_eq!(
            store.put(move |tx| tickets::update_state(tx, id(1), to)),
            done
        );
        assert_eq!(find(&store, 1).expect("ticket").state, now);
    }
    assert_eq!(find(&store, 2).expect("ticket").state, Valid);
    assert!(!store.put(|tx| tickets::update_state(tx, id(9), Valid)));
}

#[test]
fn conditions_change_alone_and_only_of_a_ticket_that_is_there() {
    let store = venue();
    add(&store, ticket(1, 1, None), 1).expect("ticket");
    for (settled, answered) in [(false, false), (true, false), (false, true), (true, true)] {
        store.put(move |tx| tickets::update_conditions(tx, id(1), settled, answered));
        let want = TicketRow {
            settled,
            answered,
            ..ticket(1, 1, None)
        };
        assert_eq!(find(&store, 1), Some(want));
    }
    let none = store.write(|tx| tickets::update_conditions(tx, id(9), true, true));
    assert_eq!(none, Err(Error::Missing("ticket")));
}

#[test]
fn a_holder_s_tickets_are_those_of_one_event_oldest_first() {
    let store = venue();
    let rows = [
        (4, 1, Some(1)),
        (1, 1, Some(1)),
        (2, 2, Some(1)),
        (3, 1, Some(2)),
        (5, 1, None),
    ];
    for (code, (number, event, holder)) in (1u8..).zip(rows) {
        add(&store, ticket(number, event, holder), code).expect("ticket");
    }
    let of = |event, holder| ids(&store.get(|v| tickets::list_of_holder(v, id(event), id(holder))));
    assert_eq!(of(1, 1), [id(1), id(4)]);
    assert_eq!(of(2, 1), [id(2)]);
    assert_eq!(of(2, 2), []);
}

#[test]
fn a_holder_s_list_ends_after_thirty_two() {
    let store = venue();
    store.put(|tx| {
        for number in 1..=40u8 {
            let row = ticket(u64::from(number), 1, Some(1));
            tickets::insert_ticket(tx, &row, digest(number), b"code")?;
        }
        Ok(())
    });
    let rows = store.get(|v| tickets::list_of_holder(v, id(1), id(1)));
    assert_eq!(ids(&rows), (1..=32).map(id).collect::<Vec<TicketId>>());
}

#[test]
fn pages_of_an_event_s_tickets_cover_all_once() {
    let store = venue();
    for number in 1..=7u8 {
        let holder = [None, Some(2), Some(1)][usize::from(number) % 3];
        let event = if number == 7 { 2 } else { 1 };
        add(&store, ticket(u64::from(number), event, holder), number).expect("ticket");
    }
    let want = [3, 6, 2, 5, 1, 4].map(id);
    for limit in [1, 2, 3, 6, 10] {
        let (mut seen, mut skip) = (Vec::new(), 0);
        loop {
            let page = store.get(|v| tickets::list_tickets(v, id(1), skip, limit));
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= limit as usize);
            skip += limit;
            seen.extend(ids(&page));
        }
        assert_eq!(seen, want, "limit {limit}");
    }
}

#[test]
fn erasing_a_holder_revokes_all_and_only_their_tickets() {
    let store = venue();
    let rows = [
        (1, 1, Some(1)),
        (2, 2, Some(1)),
        (3, 1, Some(2)),
        (4, 1, None),
    ];
    for (code, (number, event, holder)) in (1u8..).zip(rows) {
        add(&store, ticket(number, event, holder), code).expect("ticket");
    }
    store.put(|tx| tickets::update_revoked_of_holder(tx, id(1)));
    let revoked: Vec<u64> = (1..=4)
        .filter(|n| find(&store, *n).expect("ticket").state == TicketState::Revoked)
        .collect();
    assert_eq!(revoked, [1, 2]);
}
