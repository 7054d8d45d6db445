//! Promise 4 for backups: nothing in the file can be read, not even what the store does not seal.
//! The same search finds all of it in the store itself, and in a file that holds it as it is.

use super::fixture::{Kept, arg};
use std::path::Path;

/// What the store holds readably, and what it does not.
const OPEN: [&str; 5] = [
    "SQLite format 3",
    "CREATE TABLE person_key",
    "Wisuda Rahasia 2026",
    "event.create",
    "audit.head",
];
const SEALED: [&str; 3] = [
    "Raden Mas Prawirodirdjo",
    "2026.TI.0098765",
    "hadir-master-key-1",
];

fn found<'a>(path: &Path, texts: &[&'a str]) -> Vec<&'a str> {
    let bytes = std::fs::read(path).expect("a file");
    let has = |text: &&&str| {
        let text = text.as_bytes();
        bytes.windows(text.len()).any(|w| w == text)
    };
    texts.iter().filter(has).copied().collect()
}

#[test]
fn nothing_of_the_store_can_be_read_in_a_backup() {
    let kept = Kept::new();
    let person = ["person", "add", SEALED[0], "--number", SEALED[1]];
    kept.subject.json(&person);
    kept.subject.json(&["event", "add", OPEN[2]]);
    let all = [&OPEN[..], &SEALED[..]].concat();
    let database = kept.subject.scratch.path("store/hadir.db");
    assert_eq!(
        found(&database, &all),
        OPEN,
        "the search finds what is there"
    );
    let path = kept.create();
    assert_eq!(found(&path, &all), Vec::<&str>::new());
    let names = kept.names();
    let list = names
        .iter()
        .find(|n| n.ends_with(".erased"))
        .expect("the list");
    assert_eq!(found(&kept.shelf.join(list), &all), Vec::<&str>::new());
    let plain = kept.shelf.join("plain");
    std::fs::write(&plain, all.join("\n")).expect("written");
    assert_eq!(found(&plain, &all), all);
    // The key itself, by its digits.
    let kit = kept.kit();
    let digits = kit.split_whitespace().nth(1).expect("the key");
    assert_eq!(found(&path, &[digits, &digits[..16]]), Vec::<&str>::new());
}

/// What was typed is in no file and in no line of the journal.
#[test]
fn a_passphrase_is_written_nowhere() {
    let kept = Kept::new();
    let daemon = kept.subject.serve();
    let phrase = "burung hantu membaca koran";
    super::fixture::told(
        &kept.subject,
        &["backup", "create", "--passphrase-stdin"],
        &format!("{phrase}\n"),
    );
    assert!(!daemon.running.written().contains(phrase));
    for dir in [kept.subject.scratch.path("store"), kept.shelf.clone()] {
        for entry in std::fs::read_dir(dir).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_file() {
                assert!(found(&path, &[phrase]).is_empty(), "{}", path.display());
            }
        }
    }
    let names = kept.names();
    let name = names
        .iter()
        .find(|n| n.ends_with(".backup"))
        .expect("a backup");
    let path = kept.shelf.join(name);
    kept.subject.json(&["backup", "verify", arg(&path)]);
}
