//! Making a backup, with a daemon and without one; what is in it; how many stay.

use super::fixture::{Kept, arg, file, left_in_store, refusal, told};
use crate::support::boxed::TestBox;
use crate::support::program::text;
use hadir::base::id::BoxId;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn a_backup_is_made_proven_and_listed() {
    let kept = Kept::new();
    let made = kept.subject.json(&["backup", "create"]);
    assert_eq!(made["people"], 2);
    assert_eq!(made["same_drive"], true, "both lie on one drive here");
    let path = file(&made);
    assert_eq!(path.parent(), Some(kept.shelf.as_path()));
    let data = std::fs::metadata(&path).expect("the file");
    assert_eq!(made["bytes"], data.len());
    assert_eq!(data.permissions().mode() & 0o777, 0o600);
    let of_box = made["box"].as_str().expect("a box");
    assert!(of_box.parse::<BoxId>().is_ok());
    let names = kept.names();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(names[1], format!("hadir-{of_box}.erased"));
    assert_eq!(left_in_store(&kept.subject), Vec::<String>::new());
    let verified = kept.subject.json(&["backup", "verify", arg(&path)]);
    assert_eq!(verified["audit_rows"], made["audit_rows"]);
    let list = kept.subject.json(&["backup", "list"]);
    assert_eq!(list["backups"][0]["file"], made["file"]);
    assert_eq!(list["backups"].as_array().map(Vec::len), Some(1));
    let elsewhere = kept.subject.json(&["backup", "list", "/nonexistent"]);
    assert_eq!(elsewhere["backups"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_daemon_makes_it_while_it_serves() {
    let kept = Kept::new();
    let daemon = kept.subject.serve();
    let path = kept.create();
    kept.subject.json(&["person", "add", "Sesudah"]);
    assert_eq!(daemon.get("/health").0, 200);
    let verified = kept.subject.json(&["backup", "verify", arg(&path)]);
    assert_eq!(verified["people"], 2, "as it was then");
    let list = kept.subject.run(&["backup", "list"]);
    assert!(text(&list.stdout).contains(arg(&path)), "{list:?}");
    let written = daemon.running.written();
    assert!(written.contains("event=backup_made"), "{written}");
}

#[test]
fn a_file_that_is_named_is_made_and_never_overwritten() {
    let kept = Kept::new();
    let path = kept.shelf.join("sebelum acara.backup");
    kept.subject.json(&["backup", "create", arg(&path)]);
    let before = std::fs::read(&path).expect("the file");
    let said = refusal(&kept.subject, &["backup", "create", arg(&path)], "");
    assert!(said.contains("there already"), "{said}");
    assert_eq!(std::fs::read(&path).expect("the file"), before);
    let nowhere = kept.shelf.join("no/such.backup");
    let said = refusal(&kept.subject, &["backup", "create", arg(&nowhere)], "");
    assert!(said.contains("this folder is not there"), "{said}");
}

#[test]
fn a_folder_that_is_gone_is_told() {
    let kept = Kept::new();
    std::fs::remove_dir(&kept.shelf).expect("unplugged");
    let said = refusal(&kept.subject, &["backup", "create"], "");
    assert!(said.contains("plug the drive in"), "{said}");
    assert_eq!(left_in_store(&kept.subject), Vec::<String>::new());
}

#[test]
fn without_a_choice_backups_lie_beside_the_store_and_that_is_told() {
    let subject = TestBox::new("");
    let output = subject.run(&["backup", "create"]);
    let said = text(&output.stdout);
    assert!(
        said.contains("made and proven"),
        "{said}{}",
        text(&output.stderr)
    );
    assert!(said.contains("both are lost"), "{said}");
    assert_eq!(left_in_store(&subject), ["backups"]);
}

#[test]
fn older_ones_go_and_those_of_others_stay() {
    let kept = Kept::with("keep_daily = 1\nkeep_weekly = 0\nkeep_monthly = 0\n");
    let named = kept.shelf.join("pinned.backup");
    kept.subject.json(&["backup", "create", arg(&named)]);
    std::fs::write(kept.shelf.join("letter.txt"), "x").expect("not ours");
    let first = kept.create();
    let second = kept.subject.json(&["backup", "create"]);
    let gone = first.file_name().and_then(|n| n.to_str());
    assert_eq!(second["removed"][0].as_str(), gone);
    let names = kept.names();
    assert!(!first.exists() && file(&second).exists(), "{names:?}");
    assert!(named.exists() && names.contains(&"letter.txt".to_owned()));
}

#[test]
fn what_an_interrupted_one_left_goes_with_the_next() {
    let kept = Kept::new();
    let first = kept.create();
    let name = first.file_name().and_then(|n| n.to_str()).expect("a name");
    let left = kept.shelf.join(format!(".{name}.partial"));
    std::fs::write(&left, "half").expect("left");
    let scratch = kept.subject.scratch.path("store/scratch-1-0");
    std::fs::create_dir(&scratch).expect("left");
    std::fs::write(scratch.join("held"), "").expect("left");
    kept.create();
    assert!(!left.exists() && !scratch.exists());
}

#[test]
fn a_passphrase_opens_it_too() {
    let kept = Kept::new();
    let phrase = "kuda nil berenang malam\n";
    let made = told(
        &kept.subject,
        &["backup", "create", "--passphrase-stdin"],
        phrase,
    );
    let path = file(&made);
    let verify = ["backup", "verify", arg(&path), "--passphrase-stdin"];
    assert_eq!(told(&kept.subject, &verify, phrase)["people"], 2);
    let kit = ["backup", "verify", arg(&path), "--kit-stdin"];
    assert_eq!(told(&kept.subject, &kit, &kept.kit())["people"], 2);
    let said = refusal(&kept.subject, &verify, "kuda nil tidur siang\n");
    assert!(said.contains("passphrase is not the one"), "{said}");
    let said = refusal(
        &kept.subject,
        &["backup", "create", "--passphrase-stdin"],
        "pendek\n",
    );
    assert!(said.contains("fewer than 12"), "{said}");
    let said = refusal(
        &kept.subject,
        &["backup", "create", "--passphrase-stdin"],
        "",
    );
    assert!(said.contains("empty"), "{said}");
}

#[test]
fn the_configured_passphrase_must_be_there() {
    let kept = Kept::with("passphrase = \"file:/nonexistent/phrase\"\n");
    let said = refusal(&kept.subject, &["backup", "create"], "");
    assert!(said.contains("/nonexistent/phrase"), "{said}");
    assert_eq!(kept.names(), Vec::<String>::new());
}
