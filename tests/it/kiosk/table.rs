//! Which test brings about each screen and each reason (`table.txt`): none is forgotten, and each
//! test that is named is there.

use super::sentence::{is_decision, written};
use hadir::domain::checkin::reason::Reason;
use std::collections::BTreeMap;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What is brought about → by which tests.
fn table() -> BTreeMap<String, Vec<String>> {
    let lines = include_str!("table.txt").lines();
    let lines = lines.filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let (what, tests) = line.split_once('|').expect("two columns");
            let tests = tests.split(';').map(|t| t.trim().to_owned()).collect();
            (what.trim().to_owned(), tests)
        })
        .collect()
}

/// The names of the page's screens.
fn screens() -> Vec<String> {
    let script = read("src/surface/pages/assets/kiosk_state.js");
    let (_, rest) = script
        .split_once("export const SCREENS = [")
        .expect("the list");
    let (list, _) = rest.split_once(']').expect("its end");
    let names = list
        .split(',')
        .map(|n| n.trim().trim_matches('"').to_owned());
    names.filter(|n| !n.is_empty()).collect()
}

/// Whether a test of this name is there: `module::name` of this binary, or
/// `file: name` of the browser's.
fn is_there(test: &str) -> bool {
    if let Some((file, name)) = test.split_once(": ") {
        return read(file).contains(name);
    }
    let (modules, name) = test.rsplit_once("::").expect("a path");
    let path = modules.replace("::", "/");
    let files = [
        format!("tests/it/{path}.rs"),
        format!("tests/it/{path}/mod.rs"),
    ];
    let function = format!("fn {name}()");
    files
        .iter()
        .filter(|file| root().join(file).exists())
        .any(|file| read(file).contains(&function))
}

#[test]
fn each_screen_and_each_reason_has_a_test_that_is_there() {
    let table = table();
    let mut wanted: Vec<String> = (Reason::ALL.iter().map(|r| format!("reason {r}"))).collect();
    wanted.extend(screens().into_iter().map(|s| format!("screen {s}")));
    wanted.sort_unstable();
    let listed: Vec<String> = table.keys().cloned().collect();
    assert_eq!(listed, wanted);
    for (what, tests) in &table {
        assert!(!tests.is_empty(), "{what}");
        for test in tests {
            assert!(is_there(test), "{what}: no test {test}");
        }
    }
    assert!(!is_there("kiosk::sentence::no_such_test"));
}

/// Each reason but the advisory one is in the list of sentences, so that a screen can say it.
#[test]
fn each_reason_has_its_sentence_in_the_list() {
    let list = written();
    for reason in Reason::ALL {
        if *reason == Reason::ClockUnsynced {
            continue; // refuses nobody, and visitors read nothing of it
        }
        let code = reason.code();
        let own = |name: &&String| is_decision(name) && name.split('.').nth(1) == Some(code);
        // A ticket used already, and a day recorded already, are screens of their own.
        let said = *reason == Reason::AlreadyAdmitted || list.keys().any(|name| own(&name));
        assert!(said, "{reason}");
    }
}
