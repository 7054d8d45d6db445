//! Files and functions stay small, and there is at least as much test as code.

use super::source::{Source, end_of_item, sources};

/// Most lines of one file, without its tests.
const FILE_LINES_MAX: usize = 500;
/// Most lines of nine files in ten.
const FILE_LINES_P90: usize = 350;
/// Most lines of every other file.
const FILE_LINES_MEDIAN: usize = 150;
/// Most lines of a function.
const FUNCTION_LINES_MAX: usize = 70;
/// Most lines of nine functions in ten.
const FUNCTION_LINES_P90: usize = 40;

/// A thing with a length in lines.
struct Sized {
    name: String,
    lines: usize,
}

fn measure_files(sources: &[Source]) -> Vec<Sized> {
    let sized = |s: &Source| Sized {
        name: s.path.clone(),
        lines: s.count(false),
    };
    sources.iter().map(sized).collect()
}

/// The functions of a file, tests excepted, each from its `fn` line to its last brace.
fn measure_functions(source: &Source) -> Vec<Sized> {
    let code = source.product_code();
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(at) = words.iter().position(|w| *w == "fn") else {
            continue;
        };
        let ahead = ["pub", "const", "async", "unsafe", "extern"];
        let qualified = |w: &&str| ahead.contains(w) || w.starts_with("pub(");
        if !words[..at].iter().all(|w| qualified(w) || w.ends_with(')')) {
            continue;
        }
        found.push(Sized {
            name: format!("{}:{}", source.path, i + 1),
            lines: end_of_item(&lines, i) + 1 - i,
        });
    }
    found
}

fn too_long(mut all: Vec<Sized>, max: usize, shares: &[(usize, usize)]) -> Vec<String> {
    all.sort_by_key(|s| s.lines);
    let mut faults: Vec<String> = all
        .iter()
        .filter(|s| s.lines > max)
        .map(|s| format!("{}: {} lines, at most {max}", s.name, s.lines))
        .collect();
    for (percent, limit) in shares {
        if let Some(at) = all.get(all.len() * percent / 100)
            && at.lines > *limit
        {
            faults.push(format!(
                "{} lines at {percent} %, at most {limit}",
                at.lines
            ));
        }
    }
    faults
}

/// Lines of tests and of code, comments and blank lines left out.
fn ratio(sources: &[Source]) -> (usize, usize) {
    let sum = |tests| sources.iter().map(|s| s.count_code(tests)).sum();
    (sum(true), sum(false))
}

#[test]
fn files_are_small() {
    let shares = [(50, FILE_LINES_MEDIAN), (90, FILE_LINES_P90)];
    let faults = too_long(measure_files(&sources(&["src"])), FILE_LINES_MAX, &shares);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn functions_are_small() {
    let all = sources(&["src"])
        .iter()
        .flat_map(measure_functions)
        .collect();
    let faults = too_long(all, FUNCTION_LINES_MAX, &[(90, FUNCTION_LINES_P90)]);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn there_is_as_much_test_as_code() {
    let (tests, code) = ratio(&sources(&["src", "tests"]));
    assert!(tests >= code, "{tests} lines of tests, {code} of code");
}

#[test]
fn a_long_file_is_seen() {
    let file = |lines: usize| Source::new("src/base/x.rs", &"const A: u8 = 1;\n".repeat(lines));
    let check = |files: &[usize]| {
        let files: Vec<Source> = files.iter().map(|n| file(*n)).collect();
        too_long(
            measure_files(&files),
            FILE_LINES_MAX,
            &[(50, FILE_LINES_MEDIAN)],
        )
        .len()
    };
    assert_eq!(check(&[10, 20, 500]), 0);
    assert_eq!(check(&[10, 20, 501]), 1);
    assert_eq!(check(&[10, 151, 200]), 1);
}

#[test]
fn a_long_function_is_seen() {
    let body = "    step();\n".repeat(69);
    let long = format!("impl A {{\n  pub(crate) async fn f(\n  ) {{\n{body}  }}\n}}\n");
    let test = format!("#[cfg(test)]\nmod tests {{\n{long}}}\n");
    let lines = |text: &str| -> Vec<usize> {
        let source = Source::new("src/base/x.rs", text);
        measure_functions(&source).iter().map(|f| f.lines).collect()
    };
    assert_eq!(lines(&long), [72]);
    assert_eq!(lines(&test), Vec::<usize>::new());
    assert_eq!(lines("fn a() {}\nstruct B { f: fn(u8) -> u8 }\n"), [1]);
}

#[test]
fn lines_are_counted_on_their_side() {
    let code = Source::new("src/base/x.rs", "fn a() {}\n#[cfg(test)]\nmod t {\n}\n");
    let tests = Source::new("tests/it/x.rs", "fn a() {}\n");
    assert_eq!(ratio(&[code, tests]), (4, 1));
}
