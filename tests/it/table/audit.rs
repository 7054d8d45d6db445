//! The audit rows and their chain.

use super::fixture::{TestStore, at};
use hadir::base::time::ClockState;
use hadir::crypto::keyring::{Key, Keyring, MasterKey, Purpose};
use hadir::crypto::random::{Seed, Seeded};
use hadir::store::audit::{self, ChainEnd, Entry, Verdict};
use proptest::prelude::*;

fn keyring(number: u64) -> Keyring {
    let mut chance = Seeded::new(&Seed::from_number(number));
    let master = MasterKey::generate(&mut chance);
    let (keyring, _) = Keyring::create(&master, &mut chance).expect("keyring");
    keyring
}

fn chain(keyring: &Keyring) -> &Key {
    keyring.purpose(Purpose::AuditChain)
}

fn entry(ms: i64, act: &str, object: &str) -> Entry {
    Entry {
        at: at(ms),
        clock: ClockState::Synced,
        actor: "operator:1".to_owned(),
        origin: "cli".to_owned(),
        act: act.to_owned(),
        object: object.to_owned(),
        detail: b"{}".to_vec(),
    }
}

fn append(store: &TestStore, entries: Vec<Entry>) -> Vec<u64> {
    store.put(move |tx| {
        let keyring = keyring(1);
        let append = |e: &Entry| audit::append(tx, chain(&keyring), e);
        entries.iter().map(append).collect()
    })
}

fn verify(store: &TestStore, number: u64) -> Verdict {
    store.get(|v| audit::verify(v, chain(&keyring(number))))
}

#[test]
fn an_empty_chain_is_whole() {
    let store = TestStore::new();
    let end = ChainEnd {
        count: 0,
        link: [0; 32],
    };
    assert_eq!(verify(&store, 1), Verdict::Whole(end));
    assert_eq!(store.get(audit::head), end);
}

#[test]
fn rows_are_numbered_from_one_over_jobs_and_openings() {
    let store = TestStore::new();
    let three = |from: i64| (from..from + 3).map(|ms| entry(ms, "a", "b")).collect();
    assert_eq!(append(&store, three(1)), [1, 2, 3]);
    let first = store.get(audit::head);
    let store = store.reopen();
    assert_eq!(store.get(audit::head), first);
    assert_eq!(append(&store, three(4)), [4, 5, 6]);
    let end = store.get(audit::head);
    assert_eq!((end.count, end.link == first.link), (6, false));
    assert_eq!(verify(&store, 1), Verdict::Whole(end));
}

#[test]
fn only_the_key_that_linked_the_rows_finds_them_whole() {
    let store = TestStore::new();
    append(&store, vec![entry(1, "a", "b")]);
    assert_eq!(verify(&store, 2), Verdict::Changed(1));
}

#[test]
fn a_job_that_fails_adds_no_row_and_no_link() {
    let store = TestStore::new();
    append(&store, vec![entry(1, "a", "b")]);
    let before = store.get(audit::head);
    let failed = store.write(|tx| {
        let keyring = keyring(1);
        audit::append(tx, chain(&keyring), &entry(2, "a", "c"))?;
        Err::<(), _>(hadir::store::Error::Missing("something"))
    });
    assert_eq!(failed, Err(hadir::store::Error::Missing("something")));
    assert_eq!(store.get(audit::head), before);
    assert_eq!(append(&store, vec![entry(3, "a", "d")]), [2]);
    assert!(matches!(
        verify(&store, 1),
        Verdict::Whole(ChainEnd { count: 2, .. })
    ));
}

#[test]
fn the_objects_of_an_act_are_listed_in_their_order() {
    let store = TestStore::new();
    let rows = [
        ("erased", "p2"),
        ("added", "p3"),
        ("erased", "p1"),
        ("erased", "p2"),
    ];
    append(
        &store,
        rows.map(|(act, object)| entry(1, act, object)).to_vec(),
    );
    let of = |act| store.get(|v| audit::list_objects(v, act));
    assert_eq!(of("erased"), ["p2", "p1", "p2"]);
    assert_eq!(of("added"), ["p3"]);
    assert!(of("opened").is_empty());
}

#[test]
fn a_row_cut_out_is_a_gap_and_rows_cut_off_are_missed() {
    let store = TestStore::new();
    append(&store, (1..=5).map(|ms| entry(ms, "a", "b")).collect());
    let tamper = |sql: &str| {
        store.connection().execute_batch(sql).expect("tampering");
        verify(&store, 1)
    };
    assert_eq!(
        tamper("DELETE FROM audit WHERE seq > 3"),
        Verdict::Cut {
            found: 3,
            written: 5
        }
    );
    assert_eq!(tamper("DELETE FROM audit WHERE seq = 2"), Verdict::Gap(3));
    assert_eq!(
        tamper("UPDATE audit SET seq = 2 WHERE seq = 3"),
        Verdict::Changed(2)
    );
}

#[test]
fn without_its_remembered_end_a_chain_is_not_believed() {
    for sql in [
        "DELETE FROM meta WHERE name = 'audit.head'",
        "UPDATE meta SET value = X'00' WHERE name = 'audit.head'",
        "UPDATE meta SET value = zeroblob(80) WHERE name = 'audit.head'",
    ] {
        let store = TestStore::new();
        append(&store, vec![entry(1, "a", "b")]);
        store.connection().execute_batch(sql).expect("tampering");
        assert_eq!(verify(&store, 1), Verdict::HeadChanged, "{sql}");
    }
}

prop_compose! {
    fn any_entry()(
        ms in any::<i64>(),
        synced in any::<bool>(),
        texts in ("\\PC{0,8}", "\\PC{0,8}", "\\PC{0,8}", "\\PC{0,8}"),
        detail in proptest::collection::vec(any::<u8>(), 0..20),
    ) -> Entry {
        Entry {
            at: at(ms),
            clock: if synced { ClockState::Synced } else { ClockState::Unsynced },
            actor: texts.0,
            origin: texts.1,
            act: texts.2,
            object: texts.3,
            detail,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// A change of any column of any row is found at that row, also one that moves a
    /// character from one column into the next.
    #[test]
    fn a_change_is_found_where_it_was_made(
        entries in proptest::collection::vec(any_entry(), 1..6),
        row in any::<proptest::sample::Index>(),
        change in proptest::sample::select(vec![
            "at = at - 1 + 2 * (at < 0)",
            "synced = 1 - synced",
            "actor = actor || 'x'",
            "origin = origin || 'x'",
            "act = act || 'x'",
            "object = object || 'x'",
            "detail = CAST(detail || X'00' AS BLOB)",
            "link = zeroblob(32)",
            "actor = actor || 'x', origin = substr(origin, 2)",
        ]),
    ) {
        let store = TestStore::in_memory();
        let seq = row.index(entries.len()) as u64 + 1;
        append(&store, entries);
        prop_assert!(matches!(verify(&store, 1), Verdict::Whole(_)));
        let sql = format!("UPDATE audit SET {change} WHERE seq = {seq}");
        store.connection().execute_batch(&sql).expect("tampering");
        prop_assert_eq!(verify(&store, 1), Verdict::Changed(seq));
    }
}
