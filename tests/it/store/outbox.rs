//! Outgoing rows: claimed when due, kept from other workers, put off, given up, tried again.

use super::engine::{open, row, waiting};
use crate::support::scratch::Scratch;
use hadir::base::id::NoticeId;
use hadir::base::time::Timestamp;
use hadir::store::outbox::{self, Counts};
use hadir::store::{Error, Store};

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms)
}

fn claim(store: &Store, now: i64, until: i64, limit: u32) -> Vec<NoticeId> {
    store
        .write(move |tx| outbox::claim_due(tx, at(now), at(until), limit))
        .expect("claim")
        .iter()
        .map(|row| row.id)
        .collect()
}

fn due(number: u64, ms: i64) -> outbox::Row {
    outbox::Row {
        due_at: at(ms),
        ..row(number, 10)
    }
}

fn filled(scratch: &Scratch) -> Store {
    let store = open(scratch);
    for (number, ms) in [(1, 30), (2, 10), (3, 20), (4, 500)] {
        store
            .write(move |tx| outbox::insert(tx, &due(number, ms)))
            .expect("insert");
    }
    store
}

fn id(number: u64) -> NoticeId {
    row(number, 0).id
}

#[test]
fn what_is_due_is_claimed_oldest_first_and_once() {
    let scratch = Scratch::new();
    let store = filled(&scratch);
    assert_eq!(claim(&store, 5, 1000, 10), []);
    assert_eq!(claim(&store, 100, 1000, 2), [id(2), id(3)]);
    assert_eq!(claim(&store, 100, 1000, 2), [id(1)]);
    assert_eq!(
        claim(&store, 100, 1000, 2),
        [],
        "all that is due is claimed"
    );
    assert_eq!(claim(&store, 500, 1000, 2), [id(4)]);
    assert_eq!(
        claim(&store, 1000, 2000, 10).len(),
        4,
        "a worker that died gives its rows back"
    );
    let rows = store.read(outbox::list_waiting).expect("list");
    let tries: Vec<u32> = rows.iter().map(|r| r.attempts).collect();
    assert_eq!(tries, [2, 2, 2, 2]);
}

#[test]
fn a_failure_puts_off_or_gives_up_and_giving_up_can_be_taken_back() {
    let scratch = Scratch::new();
    let store = filled(&scratch);
    claim(&store, 100, 1000, 10);
    store
        .write(|tx| -> Result<(), Error> {
            outbox::mark_done(tx, id(1))?;
            outbox::mark_failed(tx, id(2), "no answer", Some(at(300)))?;
            outbox::mark_failed(tx, id(3), "refused", None)
        })
        .expect("marks");
    let counts = store.read(outbox::count).expect("count");
    let want = Counts {
        waiting: 2,
        done: 1,
        failed: 1,
    };
    assert_eq!(counts, want);
    assert_eq!(claim(&store, 299, 1000, 10), []);
    assert_eq!(claim(&store, 300, 1000, 10), [id(2)]);
    store
        .write(|tx| outbox::retry(tx, id(3), at(301)))
        .expect("retry");
    assert_eq!(claim(&store, 301, 1000, 10), [id(3)]);
}

#[test]
fn marks_on_rows_that_do_not_wait_are_errors_and_ids_are_unique() {
    let scratch = Scratch::new();
    let store = filled(&scratch);
    let missing = Err(Error::Missing("outbox"));
    assert_eq!(store.write(|tx| outbox::mark_done(tx, id(9))), missing);
    assert_eq!(store.write(|tx| outbox::retry(tx, id(1), at(1))), missing);
    store
        .write(|tx| outbox::mark_done(tx, id(1)))
        .expect("done");
    assert_eq!(store.write(|tx| outbox::mark_done(tx, id(1))), missing);
    let failed = store.write(|tx| outbox::mark_failed(tx, id(1), "late", None));
    assert_eq!(failed, missing, "what was delivered stays delivered");
    let again = store.write(|tx| outbox::insert(tx, &due(2, 1)));
    assert_eq!(again, Err(Error::Conflict(String::from("outbox.id"))));
    assert_eq!(waiting(&store), 3);
}
