//! Files that are torn, changed or something else: told, and nothing is done with them.

use super::fixture::{Kept, arg, left_in_store, people, refusal};
use std::path::Path;

/// The store's files and what is in them.
fn store(kept: &Kept) -> Vec<(String, Vec<u8>)> {
    let dir = kept.subject.scratch.path("store");
    let entries = std::fs::read_dir(&dir).expect("the folder");
    let mut all: Vec<_> = entries
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.is_file())
        .map(|p| (p.display().to_string(), std::fs::read(&p).expect("a file")))
        .collect();
    all.sort();
    all
}

/// Neither verifying nor restoring takes this file, and the store stays as it is.
fn refused(kept: &Kept, path: &Path, bytes: &[u8], says: &str) {
    std::fs::write(path, bytes).expect("write");
    let before = store(kept);
    for arguments in [
        &["backup", "verify", arg(path)][..],
        &["restore", arg(path), "--dry-run"],
        &["restore", arg(path)],
    ] {
        let said = refusal(&kept.subject, arguments, "");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    assert!(store(kept) == before, "the store was touched");
    assert_eq!(left_in_store(&kept.subject), Vec::<String>::new());
}

#[test]
fn a_file_that_is_torn_or_changed_anywhere_is_refused() {
    let kept = Kept::new();
    let good = std::fs::read(kept.create()).expect("the file");
    let path = kept.shelf.join("other.backup");
    let length = good.len();
    for cut in [17, 200, length / 3, length - 65_552, length - 1] {
        refused(&kept, &path, &good[..cut], "cut off or changed");
    }
    for cut in [0, 5, 15] {
        refused(&kept, &path, &good[..cut], "not a backup of hadir");
    }
    for at in [60, length / 2, length - 1] {
        let mut changed = good.clone();
        changed[at] ^= 0x10;
        let said = "the backup";
        refused(&kept, &path, &changed, said);
    }
    let mut longer = good.clone();
    longer.push(0);
    refused(&kept, &path, &longer, "cut off or changed");
    let mut newer = good.clone();
    newer[13] = b'2';
    refused(&kept, &path, &newer, "a newer hadir");
    std::fs::write(&path, &good).expect("write");
    kept.subject.json(&["backup", "verify", arg(&path)]);
}

#[test]
fn chunks_of_two_backups_do_not_mix() {
    let kept = Kept::new();
    let one = std::fs::read(kept.create()).expect("the file");
    let other = std::fs::read(kept.create()).expect("the file");
    let path = kept.shelf.join("mixed.backup");
    // Where the first chunk ends: after the mark, the header's length and the header.
    let first = |bytes: &[u8]| {
        let length = u32::from_be_bytes(bytes[16..20].try_into().expect("four bytes"));
        20 + length as usize + 65_552
    };
    let mut mixed = one[..first(&one)].to_vec();
    mixed.extend(&other[first(&other)..]);
    refused(&kept, &path, &mixed, "cut off or changed");
}

#[test]
fn a_backup_of_a_newer_schema_is_refused() {
    let kept = Kept::new();
    let mut bytes = std::fs::read(kept.create()).expect("the file");
    let text = b"\"schema\":2";
    let at = bytes
        .windows(text.len())
        .position(|w| w == text)
        .expect("the number");
    bytes[at + text.len() - 1] = b'9';
    let path = kept.shelf.join("newer.backup");
    refused(&kept, &path, &bytes, "has schema 9");
    assert_eq!(people(&kept.subject).len(), 2);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let kept = Kept::new();
    let said = refusal(&kept.subject, &["restore", "/nonexistent.backup"], "");
    assert!(said.contains("/nonexistent.backup"), "{said}");
}
