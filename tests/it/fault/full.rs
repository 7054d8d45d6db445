//! Promise 2, the disk: full, limited, damaged, or the clock going back. Reads go on, errors
//! say what is wrong, nothing acknowledged is lost, and it heals where it can.

use super::child::Worker;
use super::ledger::{self, Ledger};
use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, Id, NoticeId};
use hadir::base::time::Timestamp;
use hadir::store::{Error, Health, Options, Store, outbox};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;

fn options(root: &Path, pages_max: Option<u32>) -> Options {
    let mut options = Options::new(root.to_owned(), BoxId::from_bytes([1; 16]));
    options.pages_max = pages_max;
    options
}

fn row(number: u64, bytes: usize) -> outbox::Row {
    outbox::Row {
        id: NoticeId::from_bytes(u128::from(number).to_be_bytes()),
        kind: String::from("test"),
        payload: vec![7; bytes],
        made_at: ledger::NOW.at,
        due_at: ledger::NOW.at,
        attempts: 0,
    }
}

fn waiting(store: &Store) -> Result<u64, Error> {
    Ok(store.read(outbox::count)?.waiting)
}

#[test]
fn on_a_full_disk_only_what_does_not_fit_fails() {
    let scratch = Scratch::new();
    let root = scratch.path("store");
    let store = Store::open(&options(&root, Some(200))).expect("store");
    // The first job holds the writer until the others wait, so that they share a commit:
    // small jobs around one that is larger than the whole disk.
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let first = store.submit(move |tx| {
        let _ = gate.lock().expect("gate").recv();
        outbox::insert(tx, &row(1000, 10))
    });
    let jobs: Vec<_> = (0..30)
        .map(|i| {
            let bytes = if i == 15 { 300_000 } else { 100 };
            store.submit(move |tx| outbox::insert(tx, &row(i, bytes)))
        })
        .collect();
    drop(go);
    first.wait().expect("first");
    for (i, job) in jobs.into_iter().enumerate() {
        let want = if i == 15 { Err(Error::Full) } else { Ok(()) };
        assert_eq!(job.wait(), want, "job {i}");
    }
    assert_eq!(waiting(&store), Ok(30));
    assert_eq!(store.health(), Health::Good, "the last write fitted");
}

#[test]
fn a_full_disk_is_a_state_that_reads_survive_and_space_heals() {
    let scratch = Scratch::new();
    let root = scratch.path("store");
    let store = Store::open(&options(&root, Some(200))).expect("store");
    let mut written = 0;
    let error = loop {
        match store.write(move |tx| outbox::insert(tx, &row(written, 3000))) {
            Ok(()) => written += 1,
            Err(e) => break e,
        }
    };
    assert_eq!(error, Error::Full);
    assert!(written > 5, "{written}");
    assert_eq!(
        (store.health(), waiting(&store)),
        (Health::Full, Ok(written))
    );
    drop(store);
    let store = Store::open(&options(&root, None)).expect("store");
    assert_eq!(waiting(&store), Ok(written));
    store
        .write(move |tx| outbox::insert(tx, &row(written, 3000)))
        .expect("there is room again");
    assert_eq!(store.health(), Health::Good);
}

#[test]
fn a_limit_on_files_is_an_error_that_lifting_it_heals() {
    let scratch = Scratch::new();
    let root = scratch.path("ledger");
    std::fs::create_dir_all(&root).expect("root");
    // In blocks of 512 bytes: no file above 384 KiB. Without the trap the signal would kill.
    let mut worker = Worker::start(&root, "trap '' XFSZ; ulimit -S -f 768;");
    assert_eq!(worker.answer().as_deref(), Some("open"));
    let mut written: u64 = 0;
    let error = loop {
        match worker.ask(&format!("write {} 2000", written + 1)).as_str() {
            "ok" => written += 1,
            error => break error.to_owned(),
        }
        assert!(written < 1000, "the limit does not hold");
    };
    assert!(error.contains("Io(") || error.contains("Full"), "{error}");
    assert!(written > 20, "{written}");
    let health = worker.ask("health");
    assert!(
        health.starts_with("Failed(") || health == "Full",
        "{health}"
    );
    assert_eq!(worker.ask("read"), format!("found {written}"));
    let again = worker.ask(&format!("write {} 2000", written + 1));
    assert!(again.starts_with("error"), "still full: {again}");
    let lifted = Command::new("prlimit")
        .args([
            format!("--pid={}", worker.id()),
            String::from("--fsize=unlimited:"),
        ])
        .status();
    assert!(lifted.expect("prlimit").success());
    assert_eq!(worker.ask(&format!("write {} 2000", written + 1)), "ok");
    assert_eq!(worker.ask("health"), "Good");
    assert_eq!(worker.ask("read"), format!("found {}", written + 1));
    worker.stop();
    let found = Ledger::open(&root)
        .and_then(|l| l.examine())
        .expect("sound");
    assert_eq!(found.len() as u64, written + 1);
}

/// Overwrites the pages in which `text` stands with a pattern that is no page.
fn damage(file: &Path, text: &[u8]) -> usize {
    let mut bytes = Vec::new();
    let mut file = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(file)
        .expect("file");
    file.read_to_end(&mut bytes).expect("read");
    let mut hit = 0;
    for (i, page) in bytes.chunks(1024).enumerate().skip(1) {
        if page.windows(text.len()).any(|w| w == text) {
            file.seek(SeekFrom::Start(i as u64 * 1024)).expect("seek");
            file.write_all(&[0x5a; 1024]).expect("write");
            hit += 1;
        }
    }
    hit
}

#[test]
fn a_damaged_page_makes_the_store_read_only_and_other_reads_go_on() {
    let scratch = Scratch::new();
    let root = scratch.path("ledger");
    let ledger = Ledger::open(&root).expect("ledger");
    for number in 1..40 {
        ledger.submit(number, 200, false).wait().expect("write");
    }
    ledger.store.close();
    drop(ledger);
    // The outbox rows carry the word in their kind column beside a payload of the number.
    let hit = damage(&root.join("store/hadir.db"), &[9; 64]);
    assert!(hit > 0, "no page was damaged");
    let ledger = Ledger::open(&root).expect("opens: the damage is elsewhere");
    let found = ledger.store.read(outbox::list_waiting);
    assert!(matches!(found, Err(Error::Corrupt(_))), "{found:?}");
    let health = ledger.store.health();
    assert!(matches!(health, Health::ReadOnly(_)), "{health:?}");
    let refused = ledger.submit(100, 10, false).wait();
    assert!(matches!(refused, Err(Error::Corrupt(_))), "{refused:?}");
    let head = ledger
        .store
        .read(hadir::store::audit::head)
        .expect("reads go on");
    assert_eq!(head.count, 40);
    assert!(ledger.examine().is_err(), "and the check tells it");
}

#[test]
fn damage_that_a_write_meets_makes_the_store_read_only_too() {
    let scratch = Scratch::new();
    let root = scratch.path("ledger");
    let ledger = Ledger::open(&root).expect("ledger");
    for number in 1..40 {
        ledger.submit(number, 200, false).wait().expect("write");
    }
    ledger.store.close();
    drop(ledger);
    assert!(damage(&root.join("store/hadir.db"), &[39; 64]) > 0);
    let ledger = Ledger::open(&root).expect("opens");
    let refused = ledger.submit(40, 200, false).wait();
    assert!(matches!(refused, Err(Error::Corrupt(_))), "{refused:?}");
    assert!(matches!(ledger.store.health(), Health::ReadOnly(_)));
}

#[test]
fn a_file_whose_beginning_is_gone_is_refused_and_left_alone() {
    let scratch = Scratch::new();
    let root = scratch.path("ledger");
    let ledger = Ledger::open(&root).expect("ledger");
    ledger.submit(1, 200, false).wait().expect("write");
    ledger.store.close();
    drop(ledger);
    let path = root.join("store/hadir.db");
    let mut bytes = std::fs::read(&path).expect("file");
    bytes[..512].fill(0x5a);
    std::fs::write(&path, &bytes).expect("write");
    let found = Ledger::open(&root).map(|_| ()).expect_err("refused");
    assert!(found.contains("damaged"), "{found}");
    assert_eq!(std::fs::read(&path).expect("file"), bytes);
}

#[test]
fn a_clock_that_goes_back_does_not_take_the_last_time_with_it() {
    let scratch = Scratch::new();
    let root = scratch.path("ledger");
    let ledger = Ledger::open(&root).expect("ledger");
    ledger.submit(1, 10, false).wait().expect("write");
    assert_eq!(ledger.store.last_time(), ledger::NOW.at);
    let keyring = std::sync::Arc::clone(&ledger.keyring);
    ledger
        .store
        .write(move |tx| {
            let entry = hadir::store::audit::Entry {
                at: Timestamp::from_millis(5),
                clock: hadir::base::time::ClockState::Unsynced,
                actor: String::from("test"),
                origin: String::from("test"),
                act: String::from("test"),
                object: String::new(),
                detail: Vec::new(),
            };
            let chain = keyring.purpose(hadir::crypto::keyring::Purpose::AuditChain);
            hadir::store::audit::append(tx, chain, &entry)
        })
        .expect("a row of 1970 is taken");
    assert_eq!(ledger.store.last_time(), ledger::NOW.at);
    drop(ledger);
    let again = Ledger::open(&root).expect("again");
    assert_eq!(
        again.store.last_time(),
        ledger::NOW.at,
        "after a restart too"
    );
    assert!(again.examine().is_ok());
}
