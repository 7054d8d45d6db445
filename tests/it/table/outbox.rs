//! What waits to be told to the outside: claims, retries, giving up.

use super::fixture::{TestStore, at, conflict, id};
use hadir::base::id::NoticeId;
use hadir::store::Error;
use hadir::store::outbox::{self, Counts, Row};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn row(number: u64, due: i64) -> Row {
    Row {
        id: id(number),
        kind: "visit".to_owned(),
        payload: vec![1, 2, 3],
        made_at: at(10),
        due_at: at(due),
        attempts: 0,
    }
}

fn add(store: &TestStore, number: u64, due: i64) -> Result<(), Error> {
    store.write(move |tx| outbox::insert(tx, &row(number, due)))
}

fn claim(store: &TestStore, now: i64, until: i64, limit: u32) -> Vec<Row> {
    store.put(move |tx| outbox::claim_due(tx, at(now), at(until), limit))
}

fn numbers(rows: &[Row]) -> Vec<NoticeId> {
    rows.iter().map(|r| r.id).collect()
}

#[test]
fn rows_wait_as_they_were_put_in_the_next_due_first() {
    let store = TestStore::new();
    for (number, due) in [(1, 30), (2, 10), (3, 20)] {
        add(&store, number, due).expect("row");
    }
    assert_eq!(conflict(add(&store, 1, 5)), "outbox.id");
    let store = store.reopen();
    let waiting = store.get(outbox::list_waiting);
    assert_eq!(waiting, [row(2, 10), row(3, 20), row(1, 30)]);
}

#[test]
fn a_claim_takes_what_is_due_oldest_first_and_keeps_it_from_others() {
    let store = TestStore::new();
    for (number, due) in [(1, 30), (2, 10), (3, 20), (4, 31)] {
        add(&store, number, due).expect("row");
    }
    assert_eq!(claim(&store, 9, 100, 10), []);
    let first = claim(&store, 30, 100, 2);
    assert_eq!(numbers(&first), [id(2), id(3)]);
    assert!(first.iter().all(|r| r.due_at == at(100) && r.attempts == 1));
    assert_eq!(numbers(&claim(&store, 30, 100, 10)), [id(1)]);
    assert_eq!(claim(&store, 30, 100, 10), [], "all are claimed");
    assert_eq!(claim(&store, 30, 100, 0), []);
}

#[test]
fn rows_of_a_worker_that_died_come_back_by_themselves() {
    let store = TestStore::new();
    add(&store, 1, 10).expect("row");
    claim(&store, 10, 100, 1);
    let store = store.reopen();
    assert_eq!(claim(&store, 99, 200, 1), []);
    let again = claim(&store, 100, 200, 1);
    assert_eq!(
        again,
        [Row {
            due_at: at(200),
            attempts: 2,
            ..row(1, 10)
        }]
    );
}

#[test]
fn a_row_is_settled_only_while_it_waits() {
    let store = TestStore::new();
    add(&store, 1, 10).expect("row");
    add(&store, 2, 10).expect("row");
    let done = |number| store.write(move |tx| outbox::mark_done(tx, id(number)));
    let failed = |number, retry: Option<i64>| {
        store.write(move |tx| outbox::mark_failed(tx, id(number), "503", retry.map(at)))
    };
    let retry = |number| store.write(move |tx| outbox::retry(tx, id(number), at(5)));
    let missing = Err(Error::Missing("outbox"));
    assert_eq!(done(1), Ok(()));
    assert_eq!(
        [done(1), failed(1, None), retry(1)],
        [missing.clone(), missing.clone(), missing.clone()]
    );
    assert_eq!(retry(2), missing, "it still waits");
    assert_eq!(failed(2, None), Ok(()));
    assert_eq!(
        [done(2), failed(2, None)],
        [missing.clone(), missing.clone()]
    );
    assert_eq!(retry(2), Ok(()));
    assert_eq!(done(2), Ok(()));
    assert_eq!(
        [done(9), failed(9, None), retry(9)],
        [missing.clone(), missing.clone(), missing]
    );
    let counts = store.get(outbox::count);
    assert_eq!(
        counts,
        Counts {
            waiting: 0,
            done: 2,
            failed: 0
        }
    );
}

#[test]
fn the_last_error_is_kept_until_it_went_well() {
    let store = TestStore::new();
    add(&store, 1, 10).expect("row");
    let error = || {
        let found = store
            .connection()
            .query_row("SELECT error FROM outbox", [], |r| {
                r.get::<_, Option<String>>(0)
            });
        found.expect("a row")
    };
    store.put(|tx| outbox::mark_failed(tx, id(1), "no route", Some(at(20))));
    assert_eq!(error(), Some("no route".to_owned()));
    store.put(|tx| outbox::mark_done(tx, id(1)));
    assert_eq!(error(), None);
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Add(u64, i64),
    Claim(i64, i64, u32),
    Done(u64),
    Failed(u64, Option<i64>),
    Retry(u64, i64),
}

fn op() -> impl Strategy<Value = Op> {
    let number = 1..9u64;
    let time = 0..60i64;
    prop_oneof![
        3 => (number.clone(), time.clone()).prop_map(|(n, t)| Op::Add(n, t)),
        3 => (time.clone(), 0..30i64, 0..5u32).prop_map(|(now, more, l)| Op::Claim(now, now + 1 + more, l)),
        1 => number.clone().prop_map(Op::Done),
        1 => (number.clone(), proptest::option::of(time.clone())).prop_map(|(n, t)| Op::Failed(n, t)),
        1 => (number, time).prop_map(|(n, t)| Op::Retry(n, t)),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Done,
    Failed,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    state: State,
    due: i64,
    attempts: u32,
}

type Model = BTreeMap<u64, Entry>;

/// Does the operation to both and compares what they say.
fn step(store: &TestStore, model: &mut Model, op: Op) {
    let in_state = |model: &Model, n, state| model.get(&n).is_some_and(|e| e.state == state);
    match op {
        Op::Add(n, due) => {
            assert_eq!(add(store, n, due).is_ok(), !model.contains_key(&n));
            let entry = Entry {
                state: State::Waiting,
                due,
                attempts: 0,
            };
            model.entry(n).or_insert(entry);
        }
        Op::Claim(now, until, limit) => claim_both(store, model, now, until, limit),
        Op::Done(n) => {
            let taken = store.write(move |tx| outbox::mark_done(tx, id(n))).is_ok();
            assert_eq!(taken, in_state(model, n, State::Waiting));
            if taken {
                model.get_mut(&n).expect("entry").state = State::Done;
            }
        }
        Op::Failed(n, retry) => {
            let job =
                move |tx: &hadir::store::Tx<'_>| outbox::mark_failed(tx, id(n), "e", retry.map(at));
            let taken = store.write(job).is_ok();
            assert_eq!(taken, in_state(model, n, State::Waiting));
            if taken {
                let entry = model.get_mut(&n).expect("entry");
                entry.due = retry.unwrap_or(entry.due);
                entry.state = if retry.is_some() {
                    State::Waiting
                } else {
                    State::Failed
                };
            }
        }
        Op::Retry(n, due) => {
            let taken = store
                .write(move |tx| outbox::retry(tx, id(n), at(due)))
                .is_ok();
            assert_eq!(taken, in_state(model, n, State::Failed));
            if taken {
                let entry = model.get_mut(&n).expect("entry");
                (entry.due, entry.state) = (due, State::Waiting);
            }
        }
    }
}

/// Which of several rows that are due at the same time go first is not promised.
fn claim_both(store: &TestStore, model: &mut Model, now: i64, until: i64, limit: u32) {
    let due: Vec<i64> = model
        .values()
        .filter(|e| e.state == State::Waiting && e.due <= now)
        .map(|e| e.due)
        .collect();
    let claimed = claim(store, now, until, limit);
    assert_eq!(claimed.len(), due.len().min(limit as usize));
    let mut former = Vec::new();
    for row in &claimed {
        let number = model
            .keys()
            .find(|n| id::<NoticeId>(**n) == row.id)
            .copied();
        let entry = model
            .get_mut(&number.expect("a row that was put in"))
            .expect("entry");
        former.push(entry.due);
        (entry.due, entry.attempts) = (until, entry.attempts + 1);
        assert_eq!((row.due_at, row.attempts), (at(until), entry.attempts));
    }
    let mut oldest = due;
    oldest.sort_unstable();
    oldest.truncate(claimed.len());
    assert_eq!(former, oldest, "the oldest, in their order");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_outbox_agrees_with_a_model(ops in proptest::collection::vec(op(), 1..40)) {
        let store = TestStore::in_memory();
        let mut model = Model::new();
        for op in ops {
            step(&store, &mut model, op);
        }
        let of = |state| model.values().filter(|e| e.state == state).count() as u64;
        let want = Counts { waiting: of(State::Waiting), done: of(State::Done), failed: of(State::Failed) };
        prop_assert_eq!(store.get(outbox::count), want);
        let waiting = store.get(outbox::list_waiting);
        prop_assert!(waiting.is_sorted_by_key(|r| r.due_at));
        prop_assert_eq!(waiting.len() as u64, want.waiting);
    }
}
