//! Copies of a store in use, and the limits of readers.

use super::engine::{box_id, insert, open, waiting};
use crate::support::scratch::Scratch;
use hadir::base::limits;
use hadir::store::{Error, Health, Options, Store, outbox, snapshot};
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc;

#[test]
fn a_copy_holds_what_was_committed_and_is_for_the_owner_alone() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    for i in 0..30 {
        insert(&store, i).expect("insert");
    }
    let dir = scratch.path("copy");
    std::fs::create_dir(&dir).expect("directory");
    let target = dir.join("hadir.db");
    snapshot::write(&store, &target).expect("copy");
    insert(&store, 31).expect("the store goes on");
    let mode = std::fs::metadata(&target)
        .expect("copy")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let copy = Store::open(&Options::new(dir, box_id(2))).expect("opens");
    assert_eq!(waiting(&copy), 30);
    assert_eq!(copy.box_id(), box_id(1), "the copy is of the same box");
    assert_eq!(copy.read(snapshot::check), Ok(Vec::new()));
}

#[test]
fn a_copy_never_takes_the_place_of_a_file() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    let target = scratch.path("there");
    std::fs::write(&target, "something").expect("file");
    let refused = snapshot::write(&store, &target);
    assert!(matches!(refused, Err(Error::Io(_))), "{refused:?}");
    assert_eq!(std::fs::read(&target).expect("file"), b"something");
    let nowhere = snapshot::write(&store, &scratch.path("no/such/place"));
    assert!(matches!(nowhere, Err(Error::Io(_))), "{nowhere:?}");
}

#[test]
fn slow_when_every_reader_is_taken_the_next_is_told_so() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    let (taken, ready) = mpsc::channel::<()>();
    let mut held = Vec::new();
    for _ in 0..limits::READERS {
        let (store, taken) = (store.clone(), taken.clone());
        let (go, gate) = mpsc::channel::<()>();
        let reading = std::thread::spawn(move || {
            store.read(|view| {
                let found = outbox::count(view);
                taken.send(()).expect("taken");
                let _ = gate.recv();
                found
            })
        });
        held.push((go, reading));
    }
    for _ in 0..limits::READERS {
        ready.recv().expect("ready");
    }
    assert_eq!(store.read(outbox::count), Err(Error::Busy));
    insert(&store, 1).expect("writes go on");
    for (go, reading) in held {
        drop(go);
        reading.join().expect("thread").expect("read");
    }
    assert_eq!((waiting(&store), store.health()), (1, Health::Good));
}
