//! A configuration file as a tree whose every value knows where it stands, with the
//! overrides of the environment laid over it.

use std::collections::BTreeMap;
use std::fmt;
use toml::de::{DeTable, DeValue};

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of the file, counted from 1.
    Line(usize),
    /// A variable of the environment.
    Variable(String),
}

/// A mistake in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named; unused if the place is a variable.
    pub file: String,
    /// Where.
    pub place: Place,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Line(line) => write!(f, "{}:{line}: {}", self.file, on_one_line(&self.message)),
            Place::Variable(name) => write!(f, "{name}: {}", on_one_line(&self.message)),
        }
    }
}

/// A message may quote what stands in the file, line breaks included.
fn on_one_line(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    for c in message.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What can stand in the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text in quotation marks.
    Text(String),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Flag(bool),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
    /// A variable's text, which is whatever its key wants.
    Raw(String),
    /// A date or time, which no key wants.
    Date,
}

/// Keys and values.
pub type Table = BTreeMap<String, Node>;

/// Reads a file's text. With mistakes of form, the rest is still read, so that all mistakes
/// are reported at once.
#[must_use]
pub fn parse(file: &str, text: &str) -> (Table, Vec<Problem>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let lines = Lines(text);
    let problems = errors.iter().map(|e| Problem {
        file: file.to_owned(),
        place: Place::Line(lines.of(e.span().map_or(0, |s| s.start))),
        message: e.message().replace('\n', "; "),
    });
    (lines.table(root.get_ref()), problems.collect())
}

struct Lines<'a>(&'a str);

impl Lines<'_> {
    fn of(&self, byte: usize) -> usize {
        let before = self.0.as_bytes().get(..byte).unwrap_or(self.0.as_bytes());
        1 + before.iter().filter(|b| **b == b'\n').count()
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        let node = |(key, value): (
            &toml::Spanned<std::borrow::Cow<'_, str>>,
            &toml::Spanned<DeValue<'_>>,
        )| {
            let line = self.of(key.span().start);
            (
                key.get_ref().clone().into_owned(),
                self.node(value, Some(line)),
            )
        };
        table.iter().map(node).collect()
    }

    /// `line`: where the key stands, which is what a reader looks for.
    fn node(&self, value: &toml::Spanned<DeValue<'_>>, line: Option<usize>) -> Node {
        let line = line.unwrap_or_else(|| self.of(value.span().start));
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(number) => integer(number.as_str(), number.radix()),
            DeValue::Float(number) => number
                .as_str()
                .replace('_', "")
                .parse()
                .map_or(Value::Date, Value::Number),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(_) => Value::Date,
            DeValue::Array(items) => {
                Value::List(items.iter().map(|i| self.node(i, None)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node {
            place: Place::Line(line),
            value,
        }
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "no key takes a number above 2^53"
)]
fn integer(text: &str, radix: u32) -> Value {
    i64::from_str_radix(&text.replace('_', ""), radix)
        .map_or(Value::Date, |n| Value::Number(n as f64))
}

/// Lays `HADIR_SECTION__KEY` variables over the tree. A number in the name chooses an entry
/// of a list of tables: `HADIR_LISTENER__0__ADDRESS`. Gives back a problem for each variable
/// that reaches nothing, so that none is ignored in silence.
pub fn override_with(root: &mut Table, variables: &[(String, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, text) in variables {
        let Some(path) = name.strip_prefix("HADIR_") else {
            continue;
        };
        let path: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        if path.len() < 2 {
            continue;
        }
        let place = Place::Variable(name.clone());
        let leaf = Node {
            place: place.clone(),
            value: Value::Raw(text.clone()),
        };
        if !set(root, &path, leaf) {
            problems.push(Problem {
                file: String::new(),
                place,
                message: "there is no such key to set, or a number before it is left out"
                    .to_owned(),
            });
        }
    }
    problems
}

/// Puts the leaf at its path; false: the path leads through something that is no table, or
/// past the end of a list.
fn set(table: &mut Table, path: &[String], leaf: Node) -> bool {
    let Some((key, rest)) = path.split_first() else {
        return false;
    };
    if rest.is_empty() {
        table.insert(key.clone(), leaf);
        return true;
    }
    let place = leaf.place.clone();
    let empty = |place| Node {
        place,
        value: Value::Table(Table::new()),
    };
    let Some((index, below)) = rest
        .split_first()
        .and_then(|(i, b)| Some((i.parse::<usize>().ok()?, b)))
    else {
        let node = table.entry(key.clone()).or_insert_with(|| empty(place));
        let Value::Table(inner) = &mut node.value else {
            return false;
        };
        return set(inner, rest, leaf);
    };
    let list = table.entry(key.clone()).or_insert_with(|| Node {
        place: place.clone(),
        value: Value::List(Vec::new()),
    });
    let Value::List(items) = &mut list.value else {
        return false;
    };
    // One past the end adds an entry; further on there would be a hole.
    if index == items.len() {
        items.push(empty(place));
    }
    let Some(Node {
        value: Value::Table(inner),
        ..
    }) = items.get_mut(index)
    else {
        return false;
    };
    set(inner, below, leaf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line() {
        let (table, problems) = parse(
            "t",
            "a = 1\n[site]\n# x\nname = \"S\"\n[[listener]]\nport = 0x10\n",
        );
        assert!(problems.is_empty());
        let Value::Table(site) = &table["site"].value else {
            panic!("no table")
        };
        assert_eq!(site["name"].place, Place::Line(4));
        assert_eq!(site["name"].value, Value::Text("S".into()));
        let Value::List(listeners) = &table["listener"].value else {
            panic!("no list")
        };
        let Value::Table(listener) = &listeners[0].value else {
            panic!("no table")
        };
        assert_eq!(listener["port"].value, Value::Number(16.0));
        assert_eq!(listener["port"].place, Place::Line(6));
    }

    #[test]
    fn all_mistakes_of_form_are_found() {
        let (_, problems) = parse(
            "hadir.toml",
            "[site]\nname = \nlanguage = \"id\"\nx = [1,\n",
        );
        assert!(problems.len() >= 2, "{problems:?}");
        for line in ["hadir.toml:2: ", "hadir.toml:4: "] {
            let named = problems.iter().any(|p| p.to_string().starts_with(line));
            assert!(named, "{line} {problems:?}");
        }
    }

    #[test]
    fn variables_reach_tables_and_lists() {
        let (mut table, _) = parse("t", "[site]\nname = \"S\"\n[[listener]]\naddress = \"a\"\n");
        let variable = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        override_with(
            &mut table,
            &[
                variable("HADIR_SITE__NAME", "T"),
                variable("HADIR_LISTENER__0__ADDRESS", "b"),
                variable("HADIR_LISTENER__1__ADDRESS", "c"),
                variable("HADIR_LISTENER__7__ADDRESS", "d"),
                variable("HADIR_NEW__KEY", "e"),
                variable("HADIR_BLESS", "1"),
                variable("PATH", "x"),
            ],
        );
        let Value::Table(site) = &table["site"].value else {
            panic!("no table")
        };
        assert_eq!(site["name"].value, Value::Raw("T".into()));
        assert_eq!(
            site["name"].place,
            Place::Variable("HADIR_SITE__NAME".into())
        );
        let Value::List(listeners) = &table["listener"].value else {
            panic!("no list")
        };
        assert_eq!(listeners.len(), 2);
        assert!(table.contains_key("new"));
        assert!(!table.contains_key("bless"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_and_every_problem_has_a_line(text in "[\\[\\]a-z=\"#.,{}0-9\\n -]{0,200}") {
            let (_, problems) = parse("f", &text);
            let lines = text.lines().count() + 1;
            for problem in problems {
                let Place::Line(line) = problem.place else { panic!("a file has lines") };
                proptest::prop_assert!((1..=lines).contains(&line), "{line} of {lines}");
            }
        }

        #[test]
        fn no_variable_makes_it_panic(name in "HADIR_[A-Z0-9_]{0,40}", text in "\\PC{0,20}") {
            let (mut table, _) = parse("f", "[site]\nname = \"S\"\n[[listener]]\nport = 1\n");
            override_with(&mut table, &[(name, text)]);
        }
    }
}
