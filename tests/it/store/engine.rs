//! Groups, answers, limits and states of the store, through its public face.

use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, Id, NoticeId};
use hadir::base::limits;
use hadir::base::time::Timestamp;
use hadir::store::{Error, Health, Options, Store, outbox};

pub fn box_id(number: u8) -> BoxId {
    BoxId::from_bytes([number; 16])
}

pub fn open(scratch: &Scratch) -> Store {
    Store::open(&Options::new(scratch.path("store"), box_id(1))).expect("store")
}

pub fn row(number: u64, bytes: usize) -> outbox::Row {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    outbox::Row {
        id: NoticeId::from_bytes(id),
        kind: String::from("test"),
        payload: vec![7; bytes],
        made_at: Timestamp::from_millis(1),
        due_at: Timestamp::from_millis(1),
        attempts: 0,
    }
}

pub fn insert(store: &Store, number: u64) -> Result<(), Error> {
    store.write(move |tx| outbox::insert(tx, &row(number, 10)))
}

pub fn waiting(store: &Store) -> u64 {
    store.read(outbox::count).expect("count").waiting
}

#[test]
fn what_was_written_is_there_after_opening_again_and_the_box_keeps_its_id() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    insert(&store, 1).expect("insert");
    assert_eq!(waiting(&store), 1);
    store.close();
    assert_eq!(insert(&store, 2), Err(Error::Closed));
    drop(store);
    let again = Store::open(&Options::new(scratch.path("store"), box_id(2))).expect("store");
    assert_eq!(waiting(&again), 1);
    assert_eq!(again.box_id(), box_id(1));
}

#[test]
fn a_failed_job_undoes_itself_alone() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    // The first job holds the writer until all others wait, so that they share a commit.
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let first = store.submit(move |tx| {
        let _ = gate.lock().expect("gate").recv();
        outbox::insert(tx, &row(1000, 10))
    });
    let jobs: Vec<_> = (0..50)
        .map(|i| {
            store.submit(move |tx| -> Result<(), Error> {
                outbox::insert(tx, &row(i, 10))?;
                match i % 5 {
                    3 => Err(Error::Missing("test")),
                    4 => panic!("a job of this test panics"),
                    _ => Ok(()),
                }
            })
        })
        .collect();
    drop(go); // not a message: a job may run twice
    first.wait().expect("first");
    for (i, job) in jobs.into_iter().enumerate() {
        let want = match i % 5 {
            3 => Err(Error::Missing("test")),
            4 => Err(Error::Panicked),
            _ => Ok(()),
        };
        assert_eq!(job.wait(), want, "job {i}");
    }
    assert_eq!(waiting(&store), 31);
}

#[test]
fn a_full_queue_answers_busy_at_once_and_loses_nothing_it_took() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let (running, started) = std::sync::mpsc::channel::<()>();
    let first = store.submit(move |tx| {
        let _ = running.send(());
        let _ = gate.lock().expect("gate").recv();
        outbox::insert(tx, &row(100_000, 10))
    });
    started.recv().expect("started");
    let jobs: Vec<_> = (0..limits::WRITE_QUEUE_JOBS_MAX as u64 + 3)
        .map(|i| store.submit(move |tx| outbox::insert(tx, &row(i, 10))))
        .collect();
    go.send(()).expect("go");
    first.wait().expect("first");
    let answers: Vec<_> = jobs.into_iter().map(|j| j.wait()).collect();
    let refused = answers.iter().filter(|a| **a == Err(Error::Busy)).count();
    assert_eq!(refused, 3);
    assert_eq!(waiting(&store), limits::WRITE_QUEUE_JOBS_MAX as u64 + 1);
}

#[test]
fn a_second_opener_is_told_and_the_first_goes_on() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    let second = Store::open(&Options::new(scratch.path("store"), box_id(2)));
    match second {
        Err(Error::InUse(path)) => assert!(path.ends_with("hadir.lock"), "{path}"),
        other => panic!("{other:?}"),
    }
    insert(&store, 1).expect("insert");
    drop(store);
    assert_eq!(waiting(&open(&scratch)), 1);
}

#[test]
fn readers_see_one_state_and_a_panicking_query_gives_its_reader_back() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    for _ in 0..2 * limits::READERS {
        let other = store.clone();
        let failed = std::thread::spawn(move || {
            other.read(|_| -> Result<(), Error> { panic!("a query of this test panics") })
        });
        assert!(failed.join().is_err());
    }
    let seen = store.read(|view| -> Result<_, Error> {
        let before = outbox::count(view)?;
        insert(&store, 1)?;
        Ok((before, outbox::count(view)?))
    });
    let (before, after) = seen.expect("read");
    assert_eq!(before, after, "a write in between is not seen");
    assert_eq!(waiting(&store), 1);
}

#[test]
fn files_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let store = open(&scratch);
    insert(&store, 1).expect("insert");
    let mode = |path: &std::path::Path| {
        let found = std::fs::metadata(path).expect("file").permissions().mode();
        found & 0o777
    };
    assert_eq!(mode(store.dir()), 0o700);
    let mut seen = 0;
    for entry in std::fs::read_dir(store.dir()).expect("dir") {
        let path = entry.expect("entry").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 4, "file, log, index of the log, lock");
}

#[test]
fn a_file_of_another_program_is_refused_and_left_alone() {
    let scratch = Scratch::new();
    let dir = scratch.path("store");
    std::fs::create_dir_all(&dir).expect("dir");
    std::fs::write(
        dir.join("hadir.db"),
        b"not a database at all, but long enough",
    )
    .expect("file");
    let found = Store::open(&Options::new(dir.clone(), box_id(1)));
    assert!(matches!(found, Err(Error::Corrupt(_))), "{found:?}");
    let left = std::fs::read(dir.join("hadir.db")).expect("file");
    assert!(left.starts_with(b"not a database"));
}

#[test]
fn the_log_is_copied_into_the_file_before_it_grows_long() {
    let scratch = Scratch::new();
    let store = open(&scratch);
    for i in 0..1200 {
        store
            .write(move |tx| outbox::insert(tx, &row(i, 8000)))
            .expect("insert");
    }
    let log = std::fs::metadata(store.dir().join("hadir.db-wal")).expect("log");
    let most = u64::from(limits::CHECKPOINT_PAGES) * 1048 + 100_000;
    assert!(log.len() < most, "{} bytes", log.len());
    store.checkpoint().expect("checkpoint");
    let log = std::fs::metadata(store.dir().join("hadir.db-wal")).expect("log");
    assert_eq!(log.len(), 0);
    assert_eq!((waiting(&store), store.health()), (1200, Health::Good));
}
