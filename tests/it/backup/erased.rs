//! Whoever was erased does not come back with a backup from before.

use super::fixture::{Kept, arg, file, people, told};
use crate::support::boxed::TestBox;
use std::path::PathBuf;

fn list_of(kept: &Kept) -> PathBuf {
    let names = kept.names();
    let name = names
        .iter()
        .find(|n| n.ends_with(".erased"))
        .expect("the list");
    kept.shelf.join(name)
}

/// Restores on a new box.
fn moved(kept: &Kept, path: &std::path::Path) -> (TestBox, hadir::base::json::Value) {
    let other = TestBox::new("");
    let done = told(&other, &["restore", arg(path), "--kit-stdin"], &kept.kit());
    (other, done)
}

#[test]
fn the_list_beside_the_backups_is_rewritten_at_each_erasure() {
    let kept = Kept::new();
    let path = kept.create();
    let list = list_of(&kept);
    let before = std::fs::read(&list).expect("the list");
    kept.subject.json(&["person", "erase", "2026-1"]);
    assert_ne!(std::fs::read(&list).expect("the list"), before);
    let (other, done) = moved(&kept, &path);
    assert_eq!(done["erased_again"], 1);
    assert!(done["erasures_trouble"].is_null(), "{done}");
    assert_eq!(people(&other), ["Budi"]);
    assert_eq!(other.json(&["audit", "verify"])["whole"], true);
}

#[test]
fn the_running_daemon_rewrites_it_too() {
    let kept = Kept::new();
    let daemon = kept.subject.serve();
    let path = kept.create();
    kept.subject.json(&["person", "erase", "2026-1"]);
    drop(daemon);
    let (other, done) = moved(&kept, &path);
    assert_eq!(
        (people(&other).len(), &done["erased_again"]),
        (1, &1.into())
    );
}

#[test]
fn without_the_list_it_is_told_since_when_erasures_are_unknown() {
    let kept = Kept::new();
    let made = kept.subject.json(&["backup", "create"]);
    kept.subject.json(&["person", "erase", "2026-1"]);
    let list = list_of(&kept);
    let good = std::fs::read(&list).expect("the list");
    let mut changed = good.clone();
    *changed.last_mut().expect("bytes") ^= 1;
    for (bytes, says) in [
        (None, "does not lie beside"),
        (Some(changed), "it was changed"),
        (Some(good[..10].to_vec()), "no list of the erased"),
    ] {
        let _ = std::fs::remove_file(&list);
        if let Some(bytes) = bytes {
            std::fs::write(&list, bytes).expect("write");
        }
        let (other, done) = moved(&kept, &file(&made));
        let trouble = done["erasures_trouble"].as_str().expect("told");
        assert!(trouble.contains(says), "{trouble}");
        assert_eq!(done["erasures_known_until"], made["made_at"]);
        assert_eq!(people(&other).len(), 2, "nobody knows of the erasure");
    }
}

/// The store that is replaced knows best whom it erased.
#[test]
fn on_the_same_box_the_present_store_is_asked() {
    let kept = Kept::new();
    let path = kept.create();
    kept.subject.json(&["person", "erase", "2026-1"]);
    std::fs::remove_file(list_of(&kept)).expect("lost");
    let done = kept.subject.json(&["restore", arg(&path)]);
    assert_eq!(done["erased_again"], 1);
    assert_eq!(people(&kept.subject), ["Budi"]);
}

#[test]
fn an_older_list_is_told_by_its_time() {
    let kept = Kept::new();
    let path = kept.create();
    let list = list_of(&kept);
    let old = std::fs::read(&list).expect("the list");
    kept.subject.json(&["person", "erase", "2026-1"]);
    std::fs::write(&list, old).expect("put back");
    let (other, done) = moved(&kept, &path);
    assert_eq!(people(&other).len(), 2);
    assert_eq!(done["erasures_known_until"], done["made_at"]);
}

/// Somebody who came and went after the first backup is in the second one: restoring the first and
/// then the second must not bring them back.
#[test]
fn whom_an_older_backup_never_knew_stays_on_the_list() {
    let kept = Kept::new();
    // With names of their own: of one day only the newest would be kept.
    let [first, second] = ["first.backup", "second.backup"].map(|name| kept.shelf.join(name));
    kept.subject.json(&["backup", "create", arg(&first)]);
    kept.subject
        .json(&["person", "add", "Citra", "--number", "2026-3"]);
    kept.subject.json(&["backup", "create", arg(&second)]);
    kept.subject.json(&["person", "erase", "2026-3"]);
    kept.subject.json(&["restore", arg(&first)]);
    assert_eq!(people(&kept.subject).len(), 2);
    kept.create(); // It writes the list anew, by a store that never knew Citra.
    let (other, done) = moved(&kept, &second);
    assert_eq!(people(&other), ["Sinta Dewi", "Budi"]);
    assert_eq!(done["erased_again"], 1);
    // Once more, on the box that was restored.
    std::fs::remove_file(list_of(&kept)).expect("lost");
    kept.subject.json(&["restore", arg(&second)]);
    assert_eq!(people(&kept.subject).len(), 2);
}

/// Merging erases the entry that goes: a backup from before has it, what is restored has not.
#[test]
fn an_entry_that_was_merged_away_does_not_come_back() {
    let kept = Kept::new();
    let path = kept.create();
    let merged = kept.subject.json(&["person", "merge", "2026-1", "2026-2"]);
    assert_eq!(people(&kept.subject), ["Budi"]);
    let (other, done) = moved(&kept, &path);
    assert_eq!(done["erased_again"], 1);
    assert_eq!(people(&other), ["Budi"]);
    let gone = merged["merged"].as_str().expect("an id");
    let (status, said) = other.refused(&["person", "export", gone]);
    assert_eq!(status, Some(1));
    assert!(said.contains("no such person"), "{said}");
    assert_eq!(other.json(&["audit", "verify"])["whole"], true);
}

/// The end of the chain that a backup has is one that the restored chain still has.
#[test]
fn the_chain_of_a_restored_store_goes_on_from_the_backup_s() {
    let kept = Kept::new();
    let before = kept.subject.json(&["audit", "verify"]);
    let head = before["head"].as_str().expect("a head").to_owned();
    let path = kept.create();
    let (other, _) = moved(&kept, &path);
    let after = other.json(&["audit", "verify", "--head", &head]);
    assert!(after["rows"].as_u64() > before["rows"].as_u64());
    // What was done on the old box since is not there.
    kept.subject.json(&["person", "add", "Tono"]);
    kept.subject.json(&["person", "add", "Tini"]);
    kept.subject.json(&["person", "add", "Toni"]);
    let newer = kept.subject.json(&["audit", "verify"]);
    let newer = newer["head"].as_str().expect("a head");
    let (status, said) = other.refused(&["audit", "verify", "--head", newer]);
    assert_eq!(status, Some(1));
    assert!(said.contains("the audit chain is broken"), "{said}");
}
