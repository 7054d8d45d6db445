//! Restoring: on the same box, on another one with another master key, over what is there.

use super::fixture::{Kept, arg, left_in_store, people, refusal, told};
use crate::support::boxed::TestBox;

#[test]
fn what_was_there_comes_back_and_what_is_there_is_kept_aside() {
    let kept = Kept::new();
    let path = kept.create();
    kept.subject.json(&["person", "add", "Sesudah"]);
    let dry = kept.subject.json(&["restore", arg(&path), "--dry-run"]);
    assert_eq!((&dry["dry_run"], &dry["people"]), (&true.into(), &2.into()));
    assert_eq!(people(&kept.subject).len(), 3, "nothing was done");
    assert_eq!(left_in_store(&kept.subject), Vec::<String>::new());
    let done = kept.subject.json(&["restore", arg(&path)]);
    assert_eq!(done["keys_wrapped_anew"], false);
    assert_eq!(people(&kept.subject), ["Sinta Dewi", "Budi"]);
    assert_eq!(kept.subject.json(&["audit", "verify"])["whole"], true);
    // The other one is whole, too: put back, it opens.
    let aside = done["aside"].as_str().expect("a folder").to_owned();
    let store = kept.subject.scratch.path("store");
    std::fs::rename(format!("{aside}/hadir.db"), store.join("hadir.db")).expect("back");
    assert_eq!(people(&kept.subject).len(), 3);
}

#[test]
fn a_new_box_with_another_key_takes_it_over() {
    let kept = Kept::new();
    drop(kept.subject.serve()); // The daemon makes the authority that phones trust.
    let path = kept.create();
    let other = TestBox::new("");
    let said = refusal(&other, &["restore", arg(&path)], "");
    assert!(said.contains("the recovery kit with fingerprint"), "{said}");
    let restore = ["restore", arg(&path), "--kit-stdin"];
    let said = refusal(&other, &restore, "hadir-master-key-1 12 34\n");
    assert!(said.contains("not a whole master key"), "{said}");
    assert!(!other.scratch.path("store/hadir.db").exists());
    let done = told(&other, &restore, &kept.kit());
    assert_eq!(done["keys_wrapped_anew"], true);
    assert_eq!(people(&other), ["Sinta Dewi", "Budi"]);
    assert_eq!(other.json(&["key", "status"])["fits"], true);
    assert_eq!(other.json(&["audit", "verify"])["whole"], true);
    let _daemon = other.serve();
    let again = other.json(&["backup", "create"]);
    assert_eq!(again["people"], 2);
    assert_ne!(again["opens_with"], done["opens_with"], "its own kit now");
    assert_eq!(again["box"], done["box"], "it is the same box");
}

#[test]
fn the_authority_that_phones_trust_comes_along() {
    let tls = "tls = \"box\"\n";
    let subject = TestBox::new(tls);
    drop(subject.serve());
    let authority = |subject: &TestBox| std::fs::read(subject.scratch.path("store/tls.authority"));
    let before = authority(&subject).expect("an authority");
    let made = subject.json(&["backup", "create"]);
    let other = TestBox::new(tls);
    drop(other.serve());
    assert_ne!(authority(&other).expect("its own"), before);
    let kit = std::fs::read_to_string(subject.scratch.path("master.key")).expect("the key");
    let path = made["file"].as_str().expect("a file");
    told(&other, &["restore", path, "--kit-stdin"], &kit);
    assert_eq!(authority(&other).expect("taken over"), before);
    assert_eq!(
        other
            .serve()
            .running
            .written()
            .matches("authority_made")
            .count(),
        0
    );
}

#[test]
fn a_running_daemon_is_not_restored_under() {
    let kept = Kept::new();
    let path = kept.create();
    let _daemon = kept.subject.serve();
    let said = refusal(&kept.subject, &["restore", arg(&path)], "");
    assert!(said.contains("stop it first"), "{said}");
    let dry = kept.subject.json(&["restore", arg(&path), "--dry-run"]);
    assert_eq!(dry["people"], 2);
}

#[test]
fn without_a_master_key_nothing_is_restored() {
    let kept = Kept::new();
    let path = kept.create();
    let other = TestBox::without_key("");
    let output =
        super::fixture::typed(&other, &["restore", arg(&path), "--kit-stdin"], &kept.kit());
    assert_eq!(output.status.code(), Some(78));
    assert!(!other.scratch.path("store/hadir.db").exists());
}

#[test]
fn a_damaged_store_is_replaced_and_kept() {
    let kept = Kept::new();
    let path = kept.create();
    let database = kept.subject.scratch.path("store/hadir.db");
    std::fs::write(&database, "this is no store at all").expect("damage");
    assert!(!kept.subject.run(&["person", "list"]).status.success());
    let done = kept.subject.json(&["restore", arg(&path)]);
    assert_eq!(people(&kept.subject).len(), 2);
    let aside = done["aside"].as_str().expect("a folder");
    let old = std::fs::read(format!("{aside}/hadir.db")).expect("kept");
    assert_eq!(old, b"this is no store at all");
}

#[test]
fn a_restore_that_was_cut_off_is_told_and_done_again() {
    let kept = Kept::new();
    let path = kept.create();
    std::fs::write(kept.subject.scratch.path("store/hadir.restore"), "").expect("the mark");
    let (status, said) = kept.subject.refused(&["person", "list"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("run `hadir restore` again"), "{said}");
    kept.subject.json(&["restore", arg(&path)]);
    assert_eq!(people(&kept.subject).len(), 2);
}

/// The key of an installed box is handed to its service alone: root is told the way.
#[test]
fn a_key_that_the_service_manager_has_is_asked_for_by_its_way() {
    let kept = Kept::new();
    let path = kept.create();
    let mut command = kept
        .subject
        .command(&["restore", arg(&path), "--kit-stdin"]);
    command.env("HADIR_KEYS__MASTER", "credential:hadir.master-key");
    let output = crate::support::program::run_with(command, &kept.kit());
    assert_eq!(output.status.code(), Some(78));
    let said = crate::support::program::text(&output.stderr);
    assert!(
        said.contains("systemd-run") && said.contains("LoadCredentialEncrypted=hadir.master-key"),
        "{said}"
    );
    assert_eq!(people(&kept.subject).len(), 2);
}
