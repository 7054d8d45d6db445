//! Keys that are missing, wrong, torn or open to others; a rotation that is cut short
//! anywhere; an audit chain that somebody has changed.

use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, Id};
use hadir::base::time::{ClockState, Stamp, Timestamp};
use hadir::crypto::keyring::{KeyError, Keyring, MasterKey, Purpose};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::custody::{self, Error, Rotation};
use hadir::host::credential::Place;
use hadir::store::audit::{self, Entry, Verdict};
use hadir::store::{self, Options, Store};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

fn stamp(ms: i64) -> Stamp {
    Stamp {
        at: Timestamp::from_millis(ms),
        clock: ClockState::Synced,
    }
}

fn source(number: u64) -> Seeded {
    Seeded::new(&Seed::from_number(number))
}

struct Site {
    scratch: Scratch,
}

impl Site {
    fn new() -> Self {
        Self {
            scratch: Scratch::new(),
        }
    }
    fn key(&self) -> PathBuf {
        self.scratch.path("master.key")
    }
    fn place(&self) -> Place {
        Place::File(self.key())
    }
    fn store(&self) -> Store {
        let options = Options::new(self.scratch.path("store"), BoxId::from_bytes([1; 16]));
        Store::open(&options).expect("store")
    }
    fn unlock(&self, store: &Store, seed: u64) -> Result<Keyring, Error> {
        custody::unlock(store, &self.place(), true, stamp(1000), &mut source(seed))
    }
}

fn chain_probe(keyring: &Keyring) -> [u8; 32] {
    let context = hadir::crypto::seal::Context {
        table: "t",
        column: "c",
        row: b"",
    };
    hadir::crypto::seal::digest(keyring.purpose(Purpose::AuditChain), &context, b"")
}

#[test]
fn the_first_start_makes_a_key_for_the_owner_alone_and_the_second_uses_it() {
    let site = Site::new();
    let store = site.store();
    let first = site.unlock(&store, 1).expect("first");
    let mode = std::fs::metadata(site.key())
        .expect("key")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let second = site.unlock(&store, 2).expect("second");
    assert_eq!(chain_probe(&first), chain_probe(&second));
    let status = custody::status(&store, &site.place()).expect("status");
    assert!(status.fits && status.roots.len() == 1, "{status:?}");
}

#[test]
fn a_key_is_never_made_over_a_store_that_has_one() {
    let site = Site::new();
    let store = site.store();
    site.unlock(&store, 1).expect("first");
    std::fs::remove_file(site.key()).expect("remove");
    let found = site.unlock(&store, 2);
    assert!(
        matches!(found, Err(Error::Key(KeyError::Missing(_)))),
        "{found:?}"
    );
    assert!(!site.key().exists(), "nothing was made");
    let message = found.expect_err("error").to_string();
    assert!(message.contains("missing"), "{message}");
}

#[test]
fn outside_of_development_no_key_is_made() {
    let site = Site::new();
    let store = site.store();
    let found = custody::unlock(&store, &site.place(), false, stamp(1), &mut source(1));
    assert!(matches!(found, Err(Error::Key(KeyError::Missing(_)))));
    assert!(!site.key().exists());
    custody::init(&site.key(), &mut source(1)).expect("init");
    let again = custody::init(&site.key(), &mut source(2));
    assert!(matches!(again, Err(Error::Exists(_))));
    custody::unlock(&store, &site.place(), false, stamp(1), &mut source(2)).expect("unlock");
}

#[test]
fn wrong_torn_and_exposed_keys_are_told_apart() {
    let site = Site::new();
    let store = site.store();
    site.unlock(&store, 1).expect("first");
    let right = std::fs::read(site.key()).expect("key");
    let wrong = MasterKey::generate(&mut source(9)).to_file_text();
    let tampered: Vec<u8> = right
        .iter()
        .map(|b| if *b == b'7' { b'8' } else { *b })
        .collect();
    let table: [(&str, &[u8]); 5] = [
        ("empty", b""),
        ("torn", &right[..50]),
        ("one byte short of its check sum", &right[..right.len() - 2]),
        ("tampered", &tampered),
        ("zeros", &[0; 100]),
    ];
    for (what, bytes) in table {
        std::fs::write(site.key(), bytes).expect("write");
        let found = site.unlock(&store, 2);
        assert!(
            matches!(found, Err(Error::Key(KeyError::Damaged(_)))),
            "{what}: {found:?}"
        );
        assert_eq!(
            std::fs::read(site.key()).expect("key"),
            bytes,
            "{what}: left alone"
        );
    }
    std::fs::write(site.key(), wrong.expose()).expect("write");
    let found = site.unlock(&store, 2);
    assert!(
        matches!(found, Err(Error::Key(KeyError::Wrong(..)))),
        "{found:?}"
    );
    let status = custody::status(&store, &site.place()).expect("status");
    assert!(!status.fits && status.fingerprint.is_ok());
    std::fs::write(site.key(), &right).expect("write");
    std::fs::set_permissions(site.key(), PermissionsExt::from_mode(0o640)).expect("mode");
    let found = site.unlock(&store, 2);
    assert!(
        matches!(found, Err(Error::Key(KeyError::Exposed(_, 0o640)))),
        "{found:?}"
    );
    std::fs::set_permissions(site.key(), PermissionsExt::from_mode(0o600)).expect("mode");
    site.unlock(&store, 2).expect("the right key opens");
}

#[test]
fn a_rotation_changes_the_file_and_keeps_the_keys() {
    let site = Site::new();
    let store = site.store();
    let before = chain_probe(&site.unlock(&store, 1).expect("first"));
    let old = std::fs::read(site.key()).expect("key");
    let done = custody::rotate(&store, &site.place(), stamp(5), &mut source(2)).expect("rotate");
    let new = std::fs::read(site.key()).expect("key");
    assert_ne!(old, new);
    let status = custody::status(&store, &site.place()).expect("status");
    assert!(matches!(&done, Rotation::Done(f) if status.fingerprint.as_ref() == Ok(f)));
    assert_eq!(status.roots.len(), 1);
    assert_eq!(chain_probe(&site.unlock(&store, 3).expect("again")), before);
    std::fs::write(site.key(), &old).expect("write");
    let found = site.unlock(&store, 4);
    assert!(
        matches!(found, Err(Error::Key(KeyError::Wrong(..)))),
        "{found:?}"
    );
}

#[test]
fn a_rotation_cut_short_anywhere_leaves_a_key_that_fits() {
    // The states on disk between the steps of a rotation, made by hand: the waiting file
    // alone, the waiting file and the new row, the new file and both rows.
    for stop in 1..=3 {
        let site = Site::new();
        let store = site.store();
        let keyring = site.unlock(&store, 1).expect("first");
        let before = chain_probe(&keyring);
        let new = MasterKey::generate(&mut source(7));
        let waiting = site.scratch.path("master.key.new");
        std::fs::write(&waiting, new.to_file_text().expose()).expect("write");
        std::fs::set_permissions(&waiting, PermissionsExt::from_mode(0o600)).expect("mode");
        if stop >= 2 {
            let root = keyring.rewrap(&new, &mut source(8)).expect("wrap");
            let at = Timestamp::from_millis(2000);
            store
                .write(move |tx| store::keys::insert_root(tx, &root, at))
                .expect("row");
        }
        if stop >= 3 {
            std::fs::rename(&waiting, site.key()).expect("rename");
        }
        store.close();
        let store = {
            drop(store);
            site.store()
        };
        let after = site.unlock(&store, 2).expect("unlock");
        assert_eq!(chain_probe(&after), before, "stopped after step {stop}");
        assert!(!waiting.exists(), "no spare key lies about");
        let status = custody::status(&store, &site.place()).expect("status");
        assert!(
            status.fits && status.roots.len() == 1,
            "step {stop}: {status:?}"
        );
        custody::rotate(&store, &site.place(), stamp(3000), &mut source(9)).expect("rotates");
        assert_eq!(chain_probe(&site.unlock(&store, 3).expect("again")), before);
    }
}

#[test]
fn without_its_wrapped_root_a_store_with_data_stays_shut() {
    let site = Site::new();
    let store = site.store();
    site.unlock(&store, 1).expect("first");
    store
        .write(|tx| -> Result<(), store::Error> {
            let roots = store::keys::list_roots(tx)?;
            store::keys::delete_root(tx, roots[0].number, roots[0].master)
        })
        .expect("delete");
    let found = site.unlock(&store, 2);
    assert!(
        matches!(found, Err(Error::Key(KeyError::NoRoot))),
        "{found:?}"
    );
}

fn append(store: &Store, keyring: &std::sync::Arc<Keyring>, number: i64) {
    let keyring = std::sync::Arc::clone(keyring);
    store
        .write(move |tx| {
            let entry = Entry {
                at: Timestamp::from_millis(number),
                clock: ClockState::Synced,
                actor: String::from("box"),
                origin: String::from("test"),
                act: String::from("test"),
                object: format!("thing {number}"),
                detail: b"detail".to_vec(),
            };
            audit::append(tx, keyring.purpose(Purpose::AuditChain), &entry)
        })
        .expect("append");
}

/// Changes the store's file behind its back and gives what the chain's check says.
fn verdict_after(sql: &str) -> Verdict {
    let site = Site::new();
    let store = site.store();
    let keyring = std::sync::Arc::new(site.unlock(&store, 1).expect("unlock"));
    for i in 0..9 {
        append(&store, &keyring, 2000 + i);
    }
    let chain = keyring.purpose(Purpose::AuditChain);
    let whole = store.read(|v| audit::verify(v, chain)).expect("verify");
    assert!(
        matches!(whole, Verdict::Whole(end) if end.count == 10),
        "{whole:?}"
    );
    assert_eq!(store.last_time(), Timestamp::from_millis(2008));
    store.close();
    drop(store);
    let file = rusqlite::Connection::open(site.scratch.path("store").join("hadir.db"));
    file.and_then(|f| f.execute_batch(sql)).expect(sql);
    let store = site.store();
    store.read(|v| audit::verify(v, chain)).expect("verify")
}

#[test]
fn any_change_of_the_chain_is_found() {
    let table = [
        ("SELECT 1", None),
        ("UPDATE audit SET at = at + 1 WHERE seq = 5", Some(Verdict::Changed(5))),
        ("UPDATE audit SET synced = 0 WHERE seq = 5", Some(Verdict::Changed(5))),
        ("UPDATE audit SET actor = 'x' WHERE seq = 5", Some(Verdict::Changed(5))),
        ("UPDATE audit SET origin = 'x' WHERE seq = 5", Some(Verdict::Changed(5))),
        ("UPDATE audit SET act = 'x' WHERE seq = 5", Some(Verdict::Changed(5))),
        ("UPDATE audit SET object = 'x' WHERE seq = 5", Some(Verdict::Changed(5))),
        ("UPDATE audit SET detail = x'00' WHERE seq = 5", Some(Verdict::Changed(5))),
        ("UPDATE audit SET link = zeroblob(32) WHERE seq = 5", Some(Verdict::Changed(5))),
        // What belongs to one column must not be movable into the next.
        ("UPDATE audit SET act = 'tes', object = 't' || object WHERE seq = 5", Some(Verdict::Changed(5))),
        ("DELETE FROM audit WHERE seq = 5", Some(Verdict::Gap(6))),
        ("DELETE FROM audit WHERE seq = 1", Some(Verdict::Gap(2))),
        ("DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5", Some(Verdict::Changed(5))),
        ("DELETE FROM audit WHERE seq > 8", Some(Verdict::Cut { found: 8, written: 10 })),
        ("DELETE FROM audit", Some(Verdict::Cut { found: 0, written: 10 })),
        ("DELETE FROM meta WHERE name = 'audit.head'", Some(Verdict::HeadChanged)),
        (
            // Cut, and the head's count lowered to match.
            "DELETE FROM audit WHERE seq > 8;
             UPDATE meta SET value = CAST(x'0000000000000008' || (SELECT link FROM audit WHERE seq = 8)
               || substr(value, 41) AS BLOB) WHERE name = 'audit.head'",
            Some(Verdict::HeadChanged),
        ),
    ];
    for (sql, want) in table {
        let found = verdict_after(sql);
        match want {
            Some(want) => assert_eq!(found, want, "{sql}"),
            None => assert!(matches!(found, Verdict::Whole(_)), "{found:?}"),
        }
    }
}
