//! A disk that is full and a process that is killed while a backup is made: no file that counts is
//! left half made.

use super::fixture::{Kept, arg, left_in_store, people};
use crate::support::program::{Running, text};
use crate::support::{LONG, eventually};
use hadir::base::id::{BoxId, Id as _, NoticeId};
use hadir::base::time::Timestamp;
use hadir::store::{Options, Store, outbox};
use std::path::Path;
use std::process::Command;

/// Makes the store larger by this many rows of 100 kB.
fn fill(kept: &Kept, rows: u64) {
    let dir = kept.subject.scratch.path("store");
    let store = Store::open(&Options::new(dir, BoxId::from_bytes([1; 16]))).expect("the store");
    for number in 0..rows {
        let row = outbox::Row {
            id: NoticeId::from_bytes(u128::from(number).to_be_bytes()),
            kind: String::from("test"),
            payload: vec![7; 100_000],
            made_at: Timestamp::from_millis(1),
            due_at: Timestamp::from_millis(1),
            attempts: 0,
        };
        store
            .write(move |tx| outbox::insert(tx, &row))
            .expect("written");
    }
    store.close();
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).expect("a file").len()
}

/// `backup create` while no file may grow beyond this many blocks of 512 bytes.
fn limited(kept: &Kept, blocks: u64) -> std::process::Output {
    let inner = kept.subject.command(&["backup", "create"]);
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$@\"");
    command.args(["-c", &script, "sh"]).arg(inner.get_program());
    command.args(inner.get_args());
    command.output().expect("it ran")
}

#[test]
fn where_the_copy_or_the_backup_does_not_fit_nothing_is_left() {
    let kept = Kept::new();
    fill(&kept, 20);
    let first = kept.create();
    let names = kept.names();
    // The copy is a little shorter than the backup, which has seals and a header.
    let database = kept.subject.scratch.path("store/hadir.db");
    let whole = length(&first);
    assert!(length(&database) < whole);
    for blocks in [length(&database) / 2 / 512, whole / 512 - 1] {
        let output = limited(&kept, blocks);
        assert!(!output.status.success(), "{}", text(&output.stdout));
        let said = text(&output.stderr);
        assert!(said.contains("hadir:"), "{said}");
        assert_eq!(kept.names(), names, "{said}");
        assert_eq!(left_in_store(&kept.subject), Vec::<String>::new());
    }
    kept.subject.json(&["backup", "verify", arg(&first)]);
    assert_eq!(people(&kept.subject).len(), 2);
}

#[test]
fn a_restore_that_does_not_fit_leaves_the_store_as_it_was() {
    let kept = Kept::new();
    fill(&kept, 20);
    let path = kept.create();
    kept.subject.json(&["person", "add", "Sesudah"]);
    let inner = kept.subject.command(&["restore", arg(&path)]);
    let mut command = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -S -f 2000; exec \"$@\"";
    command.args(["-c", script, "sh"]).arg(inner.get_program());
    let output = command.args(inner.get_args()).output().expect("it ran");
    assert!(!output.status.success(), "{}", text(&output.stdout));
    assert_eq!(people(&kept.subject).len(), 3, "{}", text(&output.stderr));
    assert_eq!(left_in_store(&kept.subject), Vec::<String>::new());
}

/// Files in a folder whose names begin and end like this.
fn any(dir: &Path, begin: &str, end: &str) -> bool {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names = entries.filter_map(|e| e.file_name().into_string().ok());
    names.any(|n| n.starts_with(begin) && n.ends_with(end))
}

/// Every file that has a backup's name is a good one.
fn only_good_ones(kept: &Kept) {
    for name in kept.names() {
        if !name.starts_with('.') && name.ends_with(".backup") {
            let path = kept.shelf.join(name);
            kept.subject.json(&["backup", "verify", arg(&path)]);
        }
    }
}

#[test]
fn a_kill_at_any_stage_leaves_no_file_that_is_called_good() {
    let kept = Kept::new();
    fill(&kept, 60);
    let store = kept.subject.scratch.path("store");
    let stages: [&dyn Fn() -> bool; 4] = [
        &|| any(&store, "scratch-", ""),
        &|| any(&kept.shelf, ".hadir-", ".partial"),
        &|| {
            let entries = std::fs::read_dir(&store).expect("the folder").flatten();
            let mut dirs = entries.map(|e| e.path());
            dirs.any(|dir| dir.join("proof/hadir.db").exists())
        },
        &|| any(&kept.shelf, "hadir-", ".backup"),
    ];
    for (number, reached) in stages.iter().enumerate() {
        let mut running = Running::start(kept.subject.command(&["backup", "create"]));
        eventually(LONG, "the stage is reached", || {
            reached() || any(&kept.shelf, "hadir-", ".backup")
        });
        running.signal("KILL");
        running.end();
        only_good_ones(&kept);
        assert!(
            number > 0 || !any(&kept.shelf, "hadir-", ".backup"),
            "it was killed in time"
        );
    }
    // The next one works, and takes away what was left.
    kept.create();
    assert!(!any(&kept.shelf, ".hadir-", ".partial"));
    assert_eq!(left_in_store(&kept.subject), Vec::<String>::new());
    assert_eq!(kept.subject.json(&["audit", "verify"])["whole"], true);
}
