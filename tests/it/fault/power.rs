//! Promise 1, power loss: what was acknowledged is on the disk, whatever happened to all
//! that had not been synced. A child works on a store while `recorder.c` records its calls;
//! then the disk is rebuilt as a power cut at any instant could have left it, and opened.

use super::disk::{self, Fate, Op, Record};
use super::ledger::{self, Ledger};
use crate::support::scratch::Scratch;
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::custody;
use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Tells the child where to work.
const CHILD: &str = "HADIR_POWER_CHILD";
/// Rounds of jobs of the child.
const ROUNDS: u64 = 60;
/// Of the calls between acknowledgements every so many is a crash point.
const STRIDE: usize = 2;

struct Acks(std::fs::File);

impl Acks {
    fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).expect("ack");
    }
}

/// The recorded process: does nothing unless it was started as the child.
#[test]
fn child() {
    let Some(root) = std::env::var_os(CHILD).map(PathBuf::from) else {
        return;
    };
    let mut acks = Acks(std::fs::File::create(root.join("acks")).expect("acks"));
    let mut ledger = Ledger::open(&root).expect("ledger");
    acks.say("key");
    let (mut seed, mut number) = (7, 0);
    for round in 0..ROUNDS {
        let jobs: Vec<_> = (0..1 + disk::chance(&mut seed) % 6)
            .map(|_| {
                number += 1;
                let bytes = 10 + disk::chance(&mut seed) as usize % 2500;
                let fails = disk::chance(&mut seed).is_multiple_of(7);
                (number, ledger.submit(number, bytes, fails))
            })
            .collect();
        for (number, job) in jobs {
            if job.wait().is_ok() {
                acks.say(&number.to_string());
            }
        }
        match round {
            12 | 30 => ledger.store.checkpoint().expect("checkpoint"),
            20 => {
                ledger.store.close();
                drop(ledger);
                ledger = Ledger::open(&root).expect("ledger again");
            }
            25 => {
                let place = ledger::key_place(&root);
                let mut source = Seeded::new(&Seed::from_number(2));
                custody::rotate(&ledger.store, &place, ledger::NOW, &mut source).expect("rotate");
                acks.say("key");
            }
            _ => {}
        }
    }
    ledger.store.close();
}

fn build_recorder(scratch: &Scratch) -> PathBuf {
    let library = scratch.path("recorder.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fault/recorder.c");
    let built = Command::new("cc")
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .args(["-ldl", "-lpthread"])
        .status()
        .expect("a C compiler");
    assert!(built.success(), "the recorder does not compile");
    library
}

fn record(scratch: &Scratch) -> Record {
    let (root, log) = (scratch.path("disk"), scratch.path("record"));
    std::fs::create_dir_all(&root).expect("root");
    let done = Command::new(std::env::current_exe().expect("this test"))
        .args(["fault::power::child", "--exact", "--test-threads=1"])
        .env(CHILD, &root)
        .env("HADIR_RECORD_DIR", &root)
        .env("HADIR_RECORD_LOG", &log)
        .env("LD_PRELOAD", build_recorder(scratch))
        .output()
        .expect("child");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}");
    let bytes = std::fs::read(log).expect("record");
    let inode = std::fs::metadata(&root).expect("root").ino();
    Record::read(&bytes, &root, inode)
}

/// Opens one image and says what is wrong with it.
fn examine(record: &Record, end: usize, fate: Fate, root: &Path) -> Result<(), String> {
    disk::lay_out(&record.image(end, fate), root);
    let found = Ledger::open(root)?.examine()?;
    let acked: BTreeSet<u64> = record.acks(end).filter_map(|a| a.parse().ok()).collect();
    let lost: Vec<_> = acked.difference(&found).collect();
    if !lost.is_empty() {
        return Err(format!("acknowledged and lost: {lost:?}"));
    }
    if record.acks(end).any(|a| a == "key") && !root.join("store/hadir.db").exists() {
        return Err(String::from("the store is gone"));
    }
    Ok(())
}

/// Where the power goes, and what becomes of what was not synced: every fate after each run
/// of acknowledgements, some fates in between.
fn crashes(record: &Record) -> Vec<(usize, Fate)> {
    let mut all = Vec::new();
    let is_ack = |i: usize| matches!(record.ops.get(i), Some(Op::Ack(_)));
    for i in 0..record.ops.len() {
        let (end, seed) = (i + 1, i as u64);
        if is_ack(i) && !is_ack(i + 1) {
            let fates = [Fate::Dropped, Fate::Kept, Fate::Torn];
            all.extend(fates.map(|fate| (end, fate)));
            all.extend([1, 2].map(|n| (end, Fate::Chance(n << 32 | seed))));
        } else if i.is_multiple_of(STRIDE) {
            all.push((end, Fate::Chance(seed)));
            all.push((end, Fate::Torn));
        }
    }
    all
}

#[test]
fn what_was_acknowledged_survives_a_power_cut_at_any_instant() {
    let scratch = Scratch::new();
    let record = record(&scratch);
    let acks = record.acks(record.ops.len()).count();
    assert!(acks > 80, "the child acknowledged only {acks} times");
    let syncs = |op: &&Op| matches!(op, Op::Sync { .. });
    let syncs = record.ops.iter().filter(syncs).count();
    let memory = Scratch::in_memory();
    let root = memory.path("image");
    let crashes = crashes(&record);
    let mut wrong = Vec::new();
    for (end, fate) in &crashes {
        if let Err(why) = examine(&record, *end, *fate, &root) {
            wrong.push(format!("after call {end}, {fate:?}: {why}"));
        }
    }
    println!(
        "{} calls, {syncs} syncs, {acks} acknowledgements, {} images, {} wrong",
        record.ops.len(),
        crashes.len(),
        wrong.len()
    );
    wrong.truncate(5);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_record_is_whole() {
    // With everything kept, the rebuilt disk is the real one to the byte: no call that
    // changes files has gone around the recorder.
    let scratch = Scratch::new();
    let record = record(&scratch);
    let image = record.image(record.ops.len(), Fate::Kept);
    let mut files = 0;
    for (path, body) in &image {
        let real = scratch.path("disk").join(path);
        match body {
            Some(body) => {
                files += 1;
                assert_eq!(
                    &std::fs::read(&real).expect("file"),
                    body,
                    "{}",
                    path.display()
                );
            }
            None => assert!(real.is_dir()),
        }
    }
    assert_eq!(files, 3, "store, lock and key: {:?}", image.keys());
}
