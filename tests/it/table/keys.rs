//! The wrapped root keys.

use super::fixture::{TestStore, at};
use hadir::crypto::keyring::WrappedRoot;
use hadir::store::Error;
use hadir::store::keys;

fn root(number: u32, master: u8, envelope: &[u8]) -> WrappedRoot {
    WrappedRoot {
        number,
        master: [master; 16],
        envelope: envelope.to_vec(),
    }
}

fn put(store: &TestStore, number: u32, master: u8, envelope: &'static [u8], ms: i64) {
    store.put(move |tx| keys::insert_root(tx, &root(number, master, envelope), at(ms)));
}

/// Number, fingerprint's first byte, envelope.
fn listed(store: &TestStore) -> Vec<(u32, u8, Vec<u8>)> {
    let roots = store.get(keys::list_roots);
    roots
        .into_iter()
        .map(|r| (r.number, r.master[0], r.envelope))
        .collect()
}

fn delete(store: &TestStore, number: u32, master: u8) -> Result<(), Error> {
    store.write(move |tx| keys::delete_root(tx, number, [master; 16]))
}

#[test]
fn roots_come_back_the_latest_last() {
    let store = TestStore::new();
    assert_eq!(listed(&store), []);
    put(&store, 2, 1, b"second", 5);
    put(&store, 1, 9, b"later", 7);
    put(&store, 1, 8, b"earlier", 6);
    let store = store.reopen();
    let want = [
        (1, 8, b"earlier".to_vec()),
        (1, 9, b"later".to_vec()),
        (2, 1, b"second".to_vec()),
    ];
    assert_eq!(listed(&store), want);
}

#[test]
fn a_root_wrapped_anew_by_the_same_master_key_takes_its_place() {
    let store = TestStore::new();
    put(&store, 1, 1, b"old", 5);
    put(&store, 1, 1, b"new", 6);
    assert_eq!(listed(&store), [(1, 1, b"new".to_vec())]);
}

#[test]
fn deleting_takes_the_one_root_that_is_named() {
    let store = TestStore::new();
    put(&store, 1, 1, b"a", 5);
    put(&store, 1, 2, b"b", 6);
    put(&store, 2, 1, b"c", 7);
    for (number, master) in [(1, 3), (2, 2), (3, 1)] {
        assert_eq!(
            delete(&store, number, master),
            Err(Error::Missing("root_key"))
        );
    }
    assert_eq!(delete(&store, 1, 1), Ok(()));
    assert_eq!(delete(&store, 1, 1), Err(Error::Missing("root_key")));
    assert_eq!(
        listed(&store),
        [(1, 2, b"b".to_vec()), (2, 1, b"c".to_vec())]
    );
}

#[test]
fn number_zero_is_no_key() {
    let store = TestStore::new();
    let answer = store.write(|tx| keys::insert_root(tx, &root(0, 1, b"x"), at(1)));
    assert!(matches!(answer, Err(Error::Conflict(_))), "{answer:?}");
    assert_eq!(listed(&store), []);
}
