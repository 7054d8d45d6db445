//! Events and their two counts.

use super::fixture::{TestStore, add_events, at, conflict, event, id};
use hadir::base::id::EventId;
use hadir::store::Error;
use hadir::store::events::{self, CapacityOf, EntryRule, EventRow, EventState};
use proptest::prelude::*;

fn add(store: &TestStore, row: EventRow) -> Result<(), Error> {
    store.write(move |tx| events::insert_event(tx, &row))
}

fn find(store: &TestStore, number: u64) -> EventRow {
    let found = store.get(|v| events::find_event(v, id(number)));
    found.expect("the event")
}

fn count(store: &TestStore, number: u64, inside: i32, admitted: i32) -> Result<(), Error> {
    store.write(move |tx| events::update_counts(tx, id(number), inside, admitted))
}

#[test]
fn every_kind_of_event_comes_back_as_it_was_made() {
    let store = TestStore::new();
    let mut rows = Vec::new();
    for state in EventState::ALL {
        for entry_rule in EntryRule::ALL {
            for capacity_of in CapacityOf::ALL {
                let number = rows.len() as u64 + 1;
                rows.push(EventRow {
                    state: *state,
                    entry_rule: *entry_rule,
                    capacity_of: *capacity_of,
                    capacity: [None, Some(0), Some(u32::MAX)][rows.len() % 3],
                    face_allowed: number.is_multiple_of(2),
                    starts_at: number.is_multiple_of(2).then_some(at(1)),
                    ends_at: number.is_multiple_of(3).then_some(at(i64::MAX)),
                    inside: 3,
                    admitted: u32::MAX,
                    ..event(number)
                });
            }
        }
    }
    for row in rows.clone() {
        add(&store, row).expect("event");
    }
    let store = store.reopen();
    for (number, row) in (1u64..).zip(&rows) {
        assert_eq!(&find(&store, number), row);
    }
    assert_eq!(store.get(|v| events::list_events(v, None, 100)), rows);
}

#[test]
fn an_event_ends_after_it_starts() {
    let store = TestStore::new();
    let from_to = |from, to| EventRow {
        starts_at: from,
        ends_at: to,
        ..event(1)
    };
    for (from, to) in [(5, 5), (6, 5)] {
        conflict(add(&store, from_to(Some(at(from)), Some(at(to)))));
    }
    assert_eq!(store.rows("event"), 0);
    add(&store, from_to(Some(at(4)), Some(at(5)))).expect("event");
    assert_eq!(conflict(add(&store, event(1))), "event.id");
}

#[test]
fn pages_of_events_follow_each_other() {
    let store = TestStore::new();
    add_events(&store, 1..=5);
    let page = |after: Option<u64>, limit| -> Vec<EventId> {
        let rows = store.get(|v| events::list_events(v, after.map(id), limit));
        rows.iter().map(|e| e.id).collect()
    };
    assert_eq!(page(None, 3), [id(1), id(2), id(3)]);
    assert_eq!(page(Some(3), 3), [id(4), id(5)]);
    assert!(page(Some(5), 3).is_empty());
}

#[test]
fn an_event_opens_and_closes_alone() {
    let store = TestStore::new();
    add_events(&store, 1..=2);
    for state in [
        EventState::Closed,
        EventState::Draft,
        EventState::Open,
        EventState::Closed,
    ] {
        assert!(store.put(move |tx| events::update_state(tx, id(1), state)));
        assert_eq!(find(&store, 1).state, state);
        assert_eq!(find(&store, 2).state, EventState::Open);
    }
    assert!(!store.put(|tx| events::update_state(tx, id(9), EventState::Open)));
}

#[test]
fn a_count_does_not_fall_below_zero_and_a_refused_move_moves_neither() {
    let store = TestStore::new();
    add_events(&store, 1..=2);
    count(&store, 1, 1, 1).expect("in");
    for (inside, admitted) in [(-2, 0), (0, -2), (-2, 1), (1, -2)] {
        conflict(count(&store, 1, inside, admitted));
        let row = find(&store, 1);
        assert_eq!((row.inside, row.admitted), (1, 1));
    }
    count(&store, 1, -1, 0).expect("out");
    let (row, other) = (find(&store, 1), find(&store, 2));
    assert_eq!((row.inside, row.admitted), (0, 1));
    assert_eq!((other.inside, other.admitted), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn counts_are_the_sum_of_the_moves_that_were_taken(
        moves in proptest::collection::vec((-2..4i32, -2..4i32), 1..30),
    ) {
        let store = TestStore::in_memory();
        add_events(&store, 1..=1);
        let (mut inside, mut admitted) = (0, 0);
        for (i, a) in moves {
            let fits = inside + i >= 0 && admitted + a >= 0;
            prop_assert_eq!(count(&store, 1, i, a).is_ok(), fits);
            if fits {
                inside += i;
                admitted += a;
            }
        }
        let row = find(&store, 1);
        prop_assert_eq!((row.inside, row.admitted), (inside as u32, admitted as u32));
    }
}
