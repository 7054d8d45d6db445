//! The tables that name tests name tests that exist.

use super::source::{Source, files, read, sources};
use std::collections::BTreeSet;

/// The names of all test functions, each with its module path in front:
/// `store::writer::tests::a_full_queue_is_refused`, `fault::power::slow_…`.
fn tests(sources: &[Source]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in sources {
        let lines: Vec<&str> = source.code.lines().collect();
        let module = match source.path.strip_prefix("tests/it/") {
            Some(_) => Source::new(&source.path.replace("tests/it/", "src/"), "").module(),
            None => source.module(),
        };
        for (i, _) in lines.iter().enumerate().filter(|(_, l)| is_test_mark(l)) {
            let name = lines[i..].iter().take(12).find_map(|line| {
                let (_, rest) = line.split_once("fn ")?;
                rest.split(['(', '<']).next()
            });
            names.extend(name.map(|name| [module.join("::").as_str(), name].join("::")));
        }
    }
    names
}

fn is_test_mark(line: &str) -> bool {
    let line = line.trim();
    line == "#[test]" || line.starts_with("#[tokio::test")
}

/// Whether a name, which may leave out modules in front or the `tests` module, is a test.
fn exists(name: &str, tests: &BTreeSet<String>) -> bool {
    let short = name.replace("::tests::", "::");
    tests
        .iter()
        .any(|t| *t == short || t.ends_with(&format!("::{short}")))
}

/// The names in backticks of the rows of a document's tables that look like tests: words
/// joined by `_`, with or without modules in front.
fn named_tests(document: &str) -> Vec<String> {
    let rows = document.lines().filter(|l| l.trim_start().starts_with('|'));
    let words = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    let looks_like = |w: &&str| {
        let last = w.rsplit("::").next().unwrap_or_default();
        let plain = w
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
        plain && last.matches('_').count() >= 2 && !last.starts_with(char::is_uppercase)
    };
    words.filter(looks_like).map(str::to_owned).collect()
}

/// The `# test:` lines of a mutation.
fn mutation_tests(patch: &str) -> Vec<String> {
    let lines = patch.lines().filter_map(|l| l.strip_prefix("# test:"));
    lines.map(|l| l.trim().to_owned()).collect()
}

#[test]
fn each_promise_names_a_test_that_exists() {
    let tests = tests(&sources(&["src", "tests"]));
    let named = named_tests(&read("docs/reliability.md"));
    assert!(named.len() >= 8, "only {named:?}");
    let missing: Vec<_> = named.iter().filter(|n| !exists(n, &tests)).collect();
    assert!(missing.is_empty(), "docs/reliability.md: {missing:?}");
}

/// The rows of a document's tables, without their heads.
fn rows(document: &str) -> Vec<&str> {
    let lines: Vec<&str> = document.lines().collect();
    let row = |l: &&str| l.trim_start().starts_with('|');
    let head = |i: usize| lines.get(i + 1).is_some_and(|l| l.starts_with("|---"));
    let numbered = lines.iter().enumerate().filter(|(_, l)| row(l));
    let inside = numbered.filter(|(i, l)| !head(*i) && !l.starts_with("|---"));
    inside.map(|(_, l)| *l).collect()
}

/// What is wrong with the rows of a surface's document: none names a test that is not there, and
/// each names one.
fn unproven(path: &str, document: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows(document) {
        let named = named_tests(row);
        if named.is_empty() {
            faults.push(format!("{path}: no test in {row}"));
        }
        let missing = named.iter().filter(|n| !exists(n, tests));
        faults.extend(missing.map(|n| format!("{path}: there is no test {n}")));
    }
    faults
}

#[test]
fn each_row_of_a_surface_s_document_names_its_test() {
    let tests = tests(&sources(&["src", "tests"]));
    let documents = files(&["docs/surfaces"], &["md"]);
    assert!(!documents.is_empty(), "no documents of surfaces");
    let faults: Vec<String> = (documents.iter())
        .flat_map(|path| unproven(path, &read(path), &tests))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_row_without_a_test_is_seen() {
    let tests = BTreeSet::from(["identity::token::a_token_ends".to_owned()]);
    let head = "| original | here | test |\n|---|---|---|\n";
    let fine = format!("{head}| x | y | `a_token_ends` |\n\ntext\n");
    assert_eq!(unproven("d", &fine, &tests), Vec::<String>::new());
    for row in ["| x | y | |", "| x | y | `a_token_lives_on` |"] {
        assert_eq!(
            unproven("d", &format!("{head}{row}\n"), &tests).len(),
            1,
            "{row}"
        );
    }
}

#[test]
fn each_mutation_names_a_test_that_exists() {
    let tests = tests(&sources(&["src", "tests"]));
    let patches = files(&["tests/mutations"], &["patch"]);
    assert!(!patches.is_empty(), "no mutations");
    for path in patches {
        let named = mutation_tests(&read(&path));
        assert!(!named.is_empty(), "{path}: no `# test:` line");
        for name in named {
            assert!(exists(&name, &tests), "{path}: no test {name}");
        }
    }
}

#[test]
fn a_promise_without_its_test_is_seen() {
    let unit = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a_row_is_kept() {}\n}\n";
    let unit = Source::new("src/store/writer.rs", unit);
    let async_text = "#[tokio::test(flavor = \"multi_thread\")]\nasync fn slow_it_holds() {}\n";
    let whole = Source::new("tests/it/fault/power.rs", async_text);
    let tests = tests(&[unit, whole]);
    assert!(exists("store::writer::tests::a_row_is_kept", &tests));
    assert!(exists("fault::power::slow_it_holds", &tests));
    assert!(exists("slow_it_holds", &tests));
    assert!(!exists("fault::power::a_row_is_kept", &tests));
    let table = "| 1 | kept | `a_row_is_lost`, `synchronous=OFF` |\nsee `not_in_a_table`\n";
    assert_eq!(named_tests(table), ["a_row_is_lost"]);
    assert!(!exists("a_row_is_lost", &tests));
    assert_eq!(mutation_tests("# test: a::b\n--- a/x\n"), ["a::b"]);
}
