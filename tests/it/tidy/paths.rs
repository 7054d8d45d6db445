//! Paths in code: `use` trees and paths in expressions, as lists of names.

use super::source::Source;

/// A path that code mentions.
pub struct Mention {
    /// Line, from 1.
    pub line: usize,
    /// Its names, such as `["crate", "store", "Tx"]`; a `*` stays as it is.
    pub names: Vec<String>,
    /// Whether it stands in a `use` declaration.
    pub import: bool,
}

struct Token {
    line: usize,
    text: String,
}

/// All paths with two names or more, and all imports, in code that has been blanked.
pub fn mentions(code: &str) -> Vec<Mention> {
    let tokens = tokenise(code);
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let import = tokens[i].text == "use";
        let start = if import { i + 1 } else { i };
        let begins = start < tokens.len()
            && (is_name(&tokens[start].text) || tokens[start].text == "::" || import)
            && (import || i == 0 || tokens[i - 1].text != "::");
        if begins && tokens[start].text != "<" {
            let before = found.len();
            let next = read_tree(&tokens, start, &[], import, &mut found);
            if !import {
                found.truncate(before + 1);
                if found.last().is_some_and(|m| m.names.len() < 2) {
                    found.pop();
                }
            }
            i = next.max(i + 1);
        } else {
            i += 1;
        }
    }
    found
}

/// Reads one path or one branch of a `use` tree; returns where it ends.
fn read_tree(
    tokens: &[Token],
    start: usize,
    prefix: &[String],
    import: bool,
    found: &mut Vec<Mention>,
) -> usize {
    let mut names = prefix.to_vec();
    let mut i = start;
    let line = tokens.get(start).map_or(0, |t| t.line);
    while let Some(token) = tokens.get(i) {
        match token.text.as_str() {
            "::" => i += 1,
            "{" if import => {
                i += 1;
                while tokens.get(i).is_some_and(|t| t.text != "}") {
                    i = read_tree(tokens, i, &names, import, found);
                    if tokens.get(i).is_some_and(|t| t.text == ",") {
                        i += 1;
                    }
                }
                return i + 1;
            }
            text if is_name(text) || (import && text == "*") => {
                names.push(text.to_owned());
                i += 1;
                if tokens.get(i).is_none_or(|t| t.text != "::") {
                    break;
                }
            }
            _ => break,
        }
    }
    if import && tokens.get(i).is_some_and(|t| t.text == "as") {
        i += 2;
    }
    if names.len() > prefix.len() {
        found.push(Mention {
            line,
            names,
            import,
        });
    }
    i.max(start + 1)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokenise(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let length = if c.is_alphanumeric() || c == '_' {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                end.unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                c.len_utf8()
            };
            let (text, after) = rest.split_at(length);
            if !c.is_whitespace() {
                tokens.push(Token {
                    line: number + 1,
                    text: text.to_owned(),
                });
            }
            rest = after;
        }
    }
    tokens
}

/// The mention as a path from the crate's root, if it is one of the crate itself.
pub fn absolute(source: &Source, mention: &Mention) -> Option<Vec<String>> {
    let mut base = source.module();
    let mut names = mention.names.iter().peekable();
    match names.peek()?.as_str() {
        "crate" => {
            names.next();
            base.clear();
        }
        "self" => {
            names.next();
        }
        "super" => {
            while names.next_if(|n| *n == "super").is_some() {
                base.pop();
            }
        }
        _ => return None,
    }
    base.extend(names.cloned());
    Some(base)
}

#[cfg(test)]
fn list(code: &str) -> Vec<String> {
    mentions(code).iter().map(|m| m.names.join("::")).collect()
}

#[test]
fn use_trees_are_read() {
    assert_eq!(
        list("use crate::{base::{id, time::Stamp as S}, store};"),
        [
            "crate::base::id",
            "crate::base::time::Stamp",
            "crate::store"
        ]
    );
    assert_eq!(list("pub use super::writer::*;"), ["super::writer::*"]);
    assert_eq!(list("use serde;"), ["serde"]);
}

#[test]
fn paths_in_expressions_are_read() {
    assert_eq!(
        list("let x: Vec<ring::hmac::Key> = crate::base::id::new(a.b);"),
        ["ring::hmac::Key", "crate::base::id::new"]
    );
    assert!(list("a + b; Vec::<u8>::new()").is_empty());
}

#[test]
fn relative_paths_become_absolute() {
    let source = Source::new("src/store/sql/plan.rs", "");
    let resolve = |code: &str| absolute(&source, &mentions(code)[0]).map(|p| p.join("::"));
    assert_eq!(
        resolve("use super::super::tx::Tx;").as_deref(),
        Some("store::tx::Tx")
    );
    assert_eq!(
        resolve("use self::inner::A;").as_deref(),
        Some("store::sql::plan::inner::A")
    );
    assert_eq!(resolve("use std::fmt;"), None);
}
