//! A Rust file as the checks see it: its code without comments and literals, and
//! which of its lines are tests. A small lexer does this; a wrong guess of it shows as a
//! failing check, never as silence in a file that was read.

use std::path::{Path, PathBuf};

/// One file of the project.
pub struct Source {
    /// Path from the top of the project, with `/`.
    pub path: String,
    /// The same lines with comments and the contents of literals blanked out.
    pub code: String,
    /// For each line, whether it belongs to a `#[cfg(test)]` module or a file of tests.
    test_lines: Vec<bool>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let code = blank_out(text);
        let test_lines = match path.starts_with("tests/") || path.starts_with("benches/") {
            true => vec![true; code.lines().count()],
            false => find_test_lines(&code),
        };
        Self {
            path: path.to_owned(),
            code,
            test_lines,
        }
    }

    /// Numbered lines of code (from 1) that are not tests.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines(false)
    }

    /// Numbered lines of code (from 1) that are tests.
    pub fn test_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines(true)
    }

    fn lines(&self, tests: bool) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .lines()
            .enumerate()
            .filter(move |(i, _)| self.test_lines[*i] == tests)
            .map(|(i, line)| (i + 1, line))
    }

    /// How many lines of the file itself, with comments and blank ones, are tests or not.
    pub fn count(&self, tests: bool) -> usize {
        self.test_lines.iter().filter(|t| **t == tests).count()
    }

    /// The same without comments and blank lines.
    pub fn count_code(&self, tests: bool) -> usize {
        let lines = self.lines(tests);
        lines.filter(|(_, line)| !line.trim().is_empty()).count()
    }

    /// The code that is not a test, as one text with the same line numbers.
    pub fn product_code(&self) -> String {
        let lines = self.code.lines().zip(&self.test_lines);
        lines
            .map(|(line, test)| if *test { "\n" } else { line }.to_owned() + "\n")
            .collect()
    }

    /// The names of the file's modules: `src/store/writer.rs` is `["store", "writer"]`.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let path = path.trim_end_matches("/mod");
        match path {
            "lib" | "main" => Vec::new(),
            _ => path.split('/').map(str::to_owned).collect(),
        }
    }
}

/// The top of the project.
pub fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project as text.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// All Rust files below the given folders.
pub fn sources(folders: &[&str]) -> Vec<Source> {
    let found = files(folders, &["rs"]);
    assert!(!found.is_empty(), "no source below {folders:?}");
    found
        .iter()
        .map(|path| Source::new(path, &read(path)))
        .collect()
}

/// The paths of all files with one of the endings, below the given folders, sorted.
pub fn files(folders: &[&str], endings: &[&str]) -> Vec<String> {
    let mut paths = Vec::new();
    for folder in folders {
        collect(&top().join(folder), endings, &mut paths);
    }
    paths.sort();
    paths
}

fn collect(folder: &Path, endings: &[&str], paths: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            collect(&path, endings, paths);
        } else if path
            .extension()
            .is_some_and(|e| endings.iter().any(|ending| e == *ending))
        {
            let short = path.strip_prefix(top()).expect("below the top");
            paths.push(short.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// Blanks comments and the contents of literals, keeping every line break.
fn blank_out(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let end = skip_comment(&chars, i).or_else(|| skip_literal(&chars, i));
        match end {
            Some(end) => {
                out.extend(
                    chars[i..end]
                        .iter()
                        .map(|c| if *c == '\n' { '\n' } else { ' ' }),
                );
                i = end;
            }
            None => {
                out.push(chars[i]);
                i += 1;
            }
        }
    }
    out
}

fn skip_comment(chars: &[char], start: usize) -> Option<usize> {
    match (chars[start], chars.get(start + 1)) {
        ('/', Some('/')) => {
            let length = chars[start..].iter().position(|c| *c == '\n');
            Some(length.map_or(chars.len(), |n| start + n))
        }
        ('/', Some('*')) => {
            let (mut depth, mut i) = (1, start + 2);
            while i < chars.len() && depth > 0 {
                match (chars[i], chars.get(i + 1)) {
                    ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
                    ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
            }
            Some(i)
        }
        _ => None,
    }
}

/// The end of the string, byte string, raw string or character that begins at `start`.
fn skip_literal(chars: &[char], start: usize) -> Option<usize> {
    let in_word = start > 0 && (chars[start - 1].is_alphanumeric() || chars[start - 1] == '_');
    let mut i = start;
    if !in_word {
        while matches!(chars.get(i), Some('b' | 'c')) && i < start + 1 {
            i += 1;
        }
        if chars.get(i) == Some(&'r') {
            let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
            if chars.get(i + 1 + hashes) == Some(&'"') {
                return Some(end_of_raw(chars, i + 2 + hashes, hashes));
            }
        }
    }
    match chars.get(i) {
        Some('"') => Some(end_of_quoted(chars, i + 1, '"')),
        // A lifetime has no closing quote right after its first character.
        Some('\'') if chars.get(i + 1) == Some(&'\\') || chars.get(i + 2) == Some(&'\'') => {
            Some(end_of_quoted(chars, i + 1, '\''))
        }
        _ => None,
    }
}

fn end_of_raw(chars: &[char], mut i: usize, hashes: usize) -> usize {
    while i < chars.len() {
        let closing = chars[i + 1..]
            .iter()
            .take(hashes)
            .filter(|c| **c == '#')
            .count();
        if chars[i] == '"' && closing == hashes {
            return i + 1 + hashes;
        }
        i += 1;
    }
    i
}

fn end_of_quoted(chars: &[char], mut i: usize, quote: char) -> usize {
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// Marks the lines from each `#[cfg(test)]` to the end of the item that it stands before.
fn find_test_lines(code: &str) -> Vec<bool> {
    let lines: Vec<&str> = code.lines().collect();
    let mut marks = vec![false; lines.len()];
    let mut i = 0;
    while i < lines.len() {
        if !lines[i].trim_start().starts_with("#[cfg(test)]") {
            i += 1;
            continue;
        }
        let end = end_of_item(&lines, i + 1);
        marks[i..=end].fill(true);
        i = end + 1;
    }
    marks
}

/// The last line of the item that begins at or after line `start`.
pub fn end_of_item(lines: &[&str], start: usize) -> usize {
    let mut depth = 0i32;
    for (i, line) in lines.iter().enumerate().skip(start) {
        for c in line.chars() {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        return i;
                    }
                }
                ';' if depth == 0 => return i,
                _ => {}
            }
        }
    }
    lines.len().saturating_sub(1)
}

#[test]
fn comments_and_literals_are_blanked() {
    let code =
        blank_out("let a = \"x // y\"; // z\nlet b = r#\"q\"q\"#; /* /* n */ m */ f('{', 'a)");
    assert_eq!(code.lines().count(), 2);
    assert!(
        !code.contains(['x', 'y', 'z', 'q', 'n', 'm', '{']),
        "{code}"
    );
    assert!(code.contains("'a)"), "a lifetime stays: {code}");
}

#[test]
fn lines_of_tests_are_found() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n";
    let source = Source::new("src/base/x.rs", text);
    let lines: Vec<usize> = source.product_lines().map(|(n, _)| n).collect();
    assert_eq!(lines, [1, 6]);
    assert_eq!(source.count(true), 4);
    assert!(!source.product_code().contains("fn b"));
}

#[test]
fn a_file_has_its_module_path() {
    let module = |path| Source::new(path, "").module().join("::");
    assert_eq!(module("src/store/mod.rs"), "store");
    assert_eq!(
        module("src/domain/checkin/scan.rs"),
        "domain::checkin::scan"
    );
    assert_eq!(module("src/lib.rs"), "");
}
