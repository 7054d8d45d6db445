//! Words that do not stand in the project: names that say nothing, work left for later,
//! places of one machine, sleeping tests, lints switched off outside of their owners.

use super::source::{Source, files, read, sources};

/// Names of modules that say nothing about what is in them.
const EMPTY_NAMES: [&str; 8] = [
    "common", "helper", "helpers", "manager", "misc", "util", "utils", "stuff",
];

/// Marks of unfinished work.
const UNFINISHED: [&str; 5] = ["TODO", "FIXME", "XXX", "unimplemented", "HACK"];

/// Texts that belong to one machine.
const ELSEWHERE: [&str; 4] = ["/root/", "/work/", "/home/", "/Users/"];

/// Lints that may be allowed, and the start of the paths where.
const ALLOWED: [(&str, &[&str]); 3] = [
    ("unsafe_code", &["src/vision/ops.rs"]),
    ("clippy::indexing_slicing", &["src/vision/"]),
    (
        "clippy::disallowed_methods",
        &[
            "src/host/clock.rs",
            "src/http/",
            "src/surface/",
            "src/app/",
            "src/vision/worker",
        ],
    ),
];

/// Lints that stay on everywhere.
const NEVER_ALLOWED: [&str; 7] = [
    "missing_docs",
    "clippy::unwrap_used",
    "clippy::expect_used",
    "clippy::panic",
    "clippy::wildcard_enum_match_arm",
    "clippy::await_holding_lock",
    "warnings",
];

/// This file itself names what it looks for.
const SELF: &str = "tests/it/tidy/words.rs";

fn empty_names(paths: &[String]) -> Vec<String> {
    let says_nothing = |path: &&String| {
        let name = path.trim_end_matches(".rs").trim_end_matches(".sql");
        name.split('/').any(|part| EMPTY_NAMES.contains(&part))
    };
    paths.iter().filter(says_nothing).cloned().collect()
}

fn find_words(path: &str, text: &str, words: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (i, line) in text.lines().enumerate() {
        for word in words.iter().filter(|w| stands_in(line, w)) {
            faults.push(format!("{path}:{}: `{word}`", i + 1));
        }
    }
    faults
}

/// Whether `word` is in the line and is no part of a longer word or path.
fn stands_in(line: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let open_start = !part(before) && before != Some('.') && before != Some('}');
        open_start && (word.ends_with('/') || !part(after))
    })
}

fn sleepers(source: &Source) -> Vec<String> {
    if source.path.starts_with("tests/it/support/") || source.path.starts_with("benches/") {
        return Vec::new();
    }
    let calls = |line: &str| {
        line.match_indices("sleep(").any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    };
    let sleeps = source.test_lines().filter(|(_, line)| calls(line));
    sleeps
        .map(|(n, _)| format!("{}:{n}: a test sleeps", source.path))
        .collect()
}

fn ignored(source: &Source) -> Vec<String> {
    let lines = source.code.lines().enumerate();
    let hits = lines.filter(|(_, line)| line.contains("#[ignore") || line.contains("should_panic"));
    hits.map(|(i, line)| format!("{}:{}: {}", source.path, i + 1, line.trim()))
        .collect()
}

fn switched_off(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let code = source.product_code();
    for (at, _) in code
        .match_indices("[allow(")
        .chain(code.match_indices("[expect("))
    {
        let inside = code[at..].split(']').next().unwrap_or_default();
        let line = code[..at].lines().count().max(1);
        let place = format!("{}:{line}", source.path);
        if code[..at].ends_with("#!") {
            faults.push(format!("{place}: a lint is switched off for a whole file"));
        }
        let names = |lint: &str| inside.split(|c| !is_lint(c)).any(|w| w == lint);
        for (lint, places) in ALLOWED {
            if names(lint) && !places.iter().any(|p| source.path.starts_with(p)) {
                faults.push(format!(
                    "{place}: `{lint}` may be allowed in {places:?} only"
                ));
            }
        }
        for lint in NEVER_ALLOWED.iter().filter(|lint| names(lint)) {
            faults.push(format!("{place}: `{lint}` is never allowed"));
        }
    }
    faults
}

fn is_lint(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

/// All texts that people read or that run.
fn texts() -> Vec<String> {
    let folders = [
        ".ci", "benches", "cross", "debian", "docs", "src", "systemd", "tests",
    ];
    let endings = [
        "rs", "md", "toml", "sh", "sql", "py", "c", "patch", "service",
    ];
    let mut paths = files(&folders, &endings);
    let roots = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "Cargo.toml",
        ".ci/run",
    ];
    paths.extend(roots.map(str::to_owned));
    paths.retain(|p| p != SELF && !p.starts_with("cross/spike/target/"));
    paths
}

#[test]
fn names_say_something() {
    let faults = empty_names(&files(&["src", "tests", "benches"], &["rs", "sql"]));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let mut faults = Vec::new();
    for path in texts() {
        // The linters' own settings and the changelog may name these words.
        if path != "Cargo.toml" {
            faults.extend(find_words(&path, &read(&path), &UNFINISHED));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_text_speaks_of_one_machine() {
    let mut faults = Vec::new();
    for path in texts() {
        faults.extend(find_words(&path, &read(&path), &ELSEWHERE));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn tests_do_not_sleep() {
    let faults: Vec<String> = sources(&["src", "tests"])
        .iter()
        .flat_map(sleepers)
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_test_is_switched_off() {
    let faults: Vec<String> = sources(&["src", "tests"])
        .iter()
        .flat_map(ignored)
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn lints_are_switched_off_by_owners_only() {
    let faults: Vec<String> = sources(&["src"]).iter().flat_map(switched_off).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_empty_name_is_seen() {
    let paths = ["src/base/util.rs", "src/misc/a.rs", "src/base/utility.rs"].map(str::to_owned);
    assert_eq!(empty_names(&paths), ["src/base/util.rs", "src/misc/a.rs"]);
}

#[test]
fn a_banned_word_is_seen() {
    let count = |line: &str| find_words("x", line, &UNFINISHED).len();
    assert_eq!(
        (
            count("// TODO: later"),
            count("METHODOLOGY"),
            count("TODOS")
        ),
        (1, 0, 0)
    );
    let count = |line: &str| find_words("x", line, &ELSEWHERE).len();
    assert_eq!(
        (
            count("see /work/a"),
            count("src/work/a"),
            count("$HOME/.cache")
        ),
        (1, 0, 0)
    );
}

#[test]
fn a_sleeping_test_is_seen() {
    let body = "#[cfg(test)]\nmod t {\n fn f() { std::thread::sleep(d) }\n}\n";
    let check = |path: &str, text: &str| sleepers(&Source::new(path, text)).len();
    assert_eq!(check("src/host/x.rs", body), 1);
    assert_eq!(check("src/host/x.rs", "fn f() { wait_or_sleep(d) }"), 0);
    assert_eq!(
        check("tests/it/x.rs", "fn f() { tokio::time::sleep(d) }"),
        1
    );
    assert_eq!(check("tests/it/support/x.rs", "fn f() { sleep(d) }"), 0);
}

#[test]
fn a_switched_off_test_is_seen() {
    let check = |text: &str| ignored(&Source::new("tests/it/x.rs", text)).len();
    assert_eq!(check("#[test]\n#[ignore = \"slow\"]\nfn f() {}"), 1);
    assert_eq!(check("// #[ignore]\nfn f() {}"), 0);
}

#[test]
fn a_switched_off_lint_is_seen() {
    let check = |path: &str, text: &str| switched_off(&Source::new(path, text)).len();
    let indexing = "#[allow(clippy::indexing_slicing, reason = \"x\")]\nfn f() {}";
    assert_eq!(check("src/store/x.rs", indexing), 1);
    assert_eq!(check("src/vision/x.rs", indexing), 0);
    assert_eq!(
        check(
            "src/app/x.rs",
            "#[expect(\n  clippy::unwrap_used,\n)]\nfn f() {}"
        ),
        1
    );
    assert_eq!(check("src/app/x.rs", "#![allow(dead_code)]"), 1);
    assert_eq!(
        check("src/app/x.rs", "#[allow(clippy::disallowed_methods)]"),
        0
    );
}
