//! Any sequence of what happens to mails, beside a model in memory: who is claimed when, what is
//! empty, what can be tried again.

use crate::table::delivery::mail;
use crate::table::fixture::{TestStore, at, id};
use hadir::base::id::NoticeId;
use hadir::store::Tx;
use hadir::store::mails::{self, MailCounts};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy)]
enum Op {
    Add(u64, i64),
    Claim(i64, i64, u32),
    Sent(u64, i64),
    Failed(u64, i64, Option<i64>),
    Retry(u64, i64),
    Forget(i64),
}

fn op() -> impl Strategy<Value = Op> {
    let number = 1..9u64;
    let time = 0..60i64;
    let retry = proptest::option::of(time.clone());
    prop_oneof![
        4 => (number.clone(), time.clone()).prop_map(|(n, t)| Op::Add(n, t)),
        3 => (time.clone(), 1..30i64, 0..5u32).prop_map(|(now, more, l)| Op::Claim(now, now + more, l)),
        2 => (number.clone(), time.clone()).prop_map(|(n, t)| Op::Sent(n, t)),
        2 => (number.clone(), time.clone(), retry).prop_map(|(n, t, r)| Op::Failed(n, t, r)),
        2 => (number, time.clone()).prop_map(|(n, t)| Op::Retry(n, t)),
        1 => time.prop_map(Op::Forget),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Sent,
    Failed,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    state: State,
    due: i64,
    attempts: u32,
}

type Model = BTreeMap<u64, Entry>;

fn settled(
    store: &TestStore,
    model: &mut Model,
    number: u64,
    job: impl Fn(&Tx<'_>) -> Result<(), hadir::store::Error> + Send + 'static,
    to: (State, i64),
) {
    let waits = model
        .get(&number)
        .is_some_and(|e| e.state == State::Waiting);
    assert_eq!(store.write(job).is_ok(), waits);
    if waits {
        let entry = model.get_mut(&number).expect("an entry");
        (entry.state, entry.due) = to;
    }
}

fn step(store: &TestStore, model: &mut Model, op: Op) {
    match op {
        Op::Add(n, due) => {
            let added = store.write(move |tx| mails::insert_mail(tx, &mail(n, due, None)));
            assert_eq!(added.is_ok(), !model.contains_key(&n));
            let entry = Entry {
                state: State::Waiting,
                due,
                attempts: 0,
            };
            model.entry(n).or_insert(entry);
        }
        Op::Claim(now, until, limit) => claim(store, model, now, until, limit),
        Op::Sent(n, now) => {
            let job = move |tx: &Tx<'_>| mails::update_sent(tx, id(n), at(now));
            settled(store, model, n, job, (State::Sent, now));
        }
        Op::Failed(n, now, retry) => {
            let job = move |tx: &Tx<'_>| {
                mails::update_failed(tx, id(n), at(now), "silence", retry.map(at))
            };
            let to = match retry {
                Some(due) => (State::Waiting, due),
                None => (State::Failed, now),
            };
            settled(store, model, n, job, to);
        }
        Op::Retry(n, now) => {
            let may = model.get(&n).is_some_and(|e| e.state != State::Sent);
            let done = store.write(move |tx| mails::update_retried(tx, id(n), at(now)));
            assert_eq!(done.is_ok(), may);
            if may {
                let entry = model.get_mut(&n).expect("an entry");
                (entry.state, entry.due, entry.attempts) = (State::Waiting, now, 0);
            }
        }
        Op::Forget(before) => {
            let gone = store.put(move |tx| mails::delete_mails_before(tx, at(before)));
            let old = |e: &Entry| e.state != State::Waiting && e.due < before;
            assert_eq!(gone, model.values().filter(|e| old(e)).count());
            model.retain(|_, e| !old(e));
        }
    }
}

fn claim(store: &TestStore, model: &mut Model, now: i64, until: i64, limit: u32) {
    let mut due: Vec<i64> = (model.values())
        .filter(|e| e.state == State::Waiting && e.due <= now)
        .map(|e| e.due)
        .collect();
    let rows = store.put(move |tx| mails::update_claimed(tx, at(now), at(until), limit));
    due.sort_unstable();
    due.truncate(limit as usize);
    let mut former = Vec::new();
    for row in &rows {
        let number = model
            .keys()
            .find(|n| id::<NoticeId>(**n) == row.id)
            .copied();
        let entry = model
            .get_mut(&number.expect("one that was added"))
            .expect("an entry");
        former.push(entry.due);
        (entry.due, entry.attempts) = (until, entry.attempts + 1);
        assert_eq!((row.due_at, row.attempts), (at(until), entry.attempts));
    }
    assert_eq!(former, due, "the oldest, in their order");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_mails_agree_with_a_model(ops in proptest::collection::vec(op(), 1..40)) {
        let store = TestStore::in_memory();
        let mut model = Model::new();
        for op in ops {
            step(&store, &mut model, op);
        }
        let of = |state| model.values().filter(|e| e.state == state).count() as u64;
        let want = MailCounts { waiting: of(State::Waiting), failed: of(State::Failed) };
        prop_assert_eq!(store.get(mails::count_mails), want);
        let next = model.values().filter(|e| e.state == State::Waiting).map(|e| e.due).min();
        prop_assert_eq!(store.get(mails::find_next_due), next.map(at));
        let empty = "SELECT count(*) FROM mail WHERE (letter IS NULL) <> (state = 'sent')";
        let wrong: i64 = store.connection().query_row(empty, [], |r| r.get(0)).expect("a count");
        prop_assert_eq!(wrong, 0, "what was sent is empty, and nothing else");
    }
}
