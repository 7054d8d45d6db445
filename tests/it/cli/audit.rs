//! `hadir audit verify` finds what somebody changes in the store's file, whatever it is; and
//! `hadir audit export` prints what stands there.

use crate::support::boxed::TestBox;
use crate::support::program::text;
use hadir::base::json::{Value, decode};
use rusqlite::Connection;

/// A box with some rows.
fn filled() -> TestBox {
    let subject = TestBox::new("");
    for name in ["Budi", "Ani", "Sinta"] {
        subject.json(&["person", "add", name]);
    }
    subject
}

fn tamper(subject: &TestBox, sql: &str) {
    let file = subject.scratch.path("store").join(hadir::store::FILE);
    let connection = Connection::open(file).expect("the store's file");
    connection.execute_batch(sql).expect("tampering");
}

fn head(subject: &TestBox) -> String {
    let found = subject.json(&["audit", "verify"]);
    assert_eq!(found["whole"], true);
    found["head"].as_str().expect("a head").to_owned()
}

#[test]
fn planted_edits_are_found_and_named() {
    for (what, sql, says) in [
        (
            "a changed actor",
            "UPDATE audit SET actor = 'box' WHERE seq = 2",
            "row 2",
        ),
        (
            "a changed time",
            "UPDATE audit SET at = at + 1 WHERE seq = 3",
            "row 3",
        ),
        (
            "a changed detail",
            "UPDATE audit SET detail = X'00' WHERE seq = 2",
            "row 2",
        ),
        (
            "a gap",
            "DELETE FROM audit WHERE seq = 2",
            "missing before row 3",
        ),
        (
            "a cut tail",
            "DELETE FROM audit WHERE seq > 2",
            "missing at the end: 2 of",
        ),
        (
            "a row put in",
            "UPDATE audit SET seq = 900 WHERE seq = 2",
            "missing before row 3",
        ),
        (
            "a lost end",
            "DELETE FROM meta WHERE name = 'audit.head'",
            "record of its end",
        ),
    ] {
        let subject = filled();
        head(&subject);
        tamper(&subject, sql);
        let (status, said) = subject.refused(&["audit", "verify"]);
        assert_eq!(status, Some(1), "{what}: {said}");
        assert!(said.contains("the audit chain is broken"), "{what}: {said}");
        assert!(said.contains(says), "{what}: {said}");
    }
}

#[test]
fn a_store_that_was_put_back_is_told_by_an_end_that_was_kept() {
    let subject = filled();
    let old = head(&subject);
    let store = subject.scratch.path("store");
    let (file, aside) = (
        store.join(hadir::store::FILE),
        subject.scratch.path("aside"),
    );
    std::fs::copy(&file, &aside).expect("a copy");
    subject.json(&["person", "add", "Tono"]);
    let new = head(&subject);
    for kept in [&old, &new] {
        assert_eq!(
            subject.json(&["audit", "verify", "--head", kept])["whole"],
            true
        );
    }
    for entry in std::fs::read_dir(&store).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        if name.is_some_and(|n| n.ends_with("-wal") || n.ends_with("-shm")) {
            std::fs::remove_file(path).expect("removed");
        }
    }
    std::fs::copy(&aside, &file).expect("put back");
    // Whole in itself, and older than what was kept.
    assert_eq!(
        subject.json(&["audit", "verify", "--head", &old])["whole"],
        true
    );
    let (_, said) = subject.refused(&["audit", "verify", "--head", &new]);
    assert!(said.contains("put back to an older state"), "{said}");
    // Another history of the same length.
    subject.json(&["person", "add", "Lain"]);
    let (_, said) = subject.refused(&["audit", "verify", "--head", &new]);
    assert!(
        said.contains("is not the one that this end was taken from"),
        "{said}"
    );
    let (_, said) = subject.refused(&["audit", "verify", "--head", "12"]);
    assert!(said.contains("expected COUNT:LINK"), "{said}");
}

#[test]
fn the_trail_is_printed_whole() {
    let subject = filled();
    let rows = subject.json(&["audit", "verify"])["rows"]
        .as_u64()
        .expect("rows");
    let printed = subject.run(&["audit", "export", "--format", "ndjson"]);
    assert!(printed.status.success(), "{}", text(&printed.stderr));
    let lines: Vec<Value> = text(&printed.stdout)
        .lines()
        .map(|line| decode(line.as_bytes(), 10_000).expect("json"))
        .collect();
    assert_eq!(lines.len() as u64, rows + 1, "and the export's own");
    assert_eq!(lines[lines.len() - 1]["act"], "audit.export");
    let table = text(&subject.run(&["audit", "export"]).stdout);
    assert_eq!(table.trim_end().lines().count() as u64, rows + 3);
    assert!(!table.contains("Budi"), "{table}");
}
