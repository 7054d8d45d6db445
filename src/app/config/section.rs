//! Takes typed values out of one table of the configuration and notes every mistake: a value
//! of another kind, one that is not allowed, a key that nobody asked for.

use crate::app::config::document::{Node, Place, Problem, Table, Value};
use std::fmt::Display;
use std::str::FromStr;

/// All mistakes found so far.
#[derive(Debug)]
pub struct Problems {
    file: String,
    list: Vec<Problem>,
}

impl Problems {
    /// Begins with the mistakes of form.
    #[must_use]
    pub fn new(file: &str, list: Vec<Problem>) -> Self {
        Self {
            file: file.to_owned(),
            list,
        }
    }

    /// Notes a mistake.
    pub fn add(&mut self, place: &Place, message: String) {
        self.list.push(Problem {
            file: self.file.clone(),
            place: place.clone(),
            message,
        });
    }

    /// All of them, in the order of the file; those of variables last.
    #[must_use]
    pub fn into_list(self) -> Vec<Problem> {
        let mut list = self.list;
        list.sort_by_key(|p| match p.place {
            Place::Line(line) => line,
            Place::Variable(_) => usize::MAX,
        });
        list
    }
}

/// One table under its name.
#[derive(Debug)]
pub struct Section {
    name: String,
    table: Table,
    asked: Vec<&'static str>,
}

impl Section {
    /// Takes a table that has been found already.
    #[must_use]
    pub const fn new(name: String, table: Table) -> Self {
        Self {
            name,
            table,
            asked: Vec::new(),
        }
    }

    /// Takes the table `name` out of the file's root; an empty one if it is not there.
    pub fn take(root: &mut Table, name: &'static str, problems: &mut Problems) -> Self {
        let table = match root.remove(name) {
            None => Table::new(),
            Some(Node {
                value: Value::Table(table),
                ..
            }) => table,
            Some(node) => {
                problems.add(&node.place, format!("{name} is a section: write [{name}]"));
                Table::new()
            }
        };
        Self::new(name.to_owned(), table)
    }

    /// Takes the list of tables `[[name]]`; None if there is none.
    pub fn take_list(
        root: &mut Table,
        name: &'static str,
        problems: &mut Problems,
    ) -> Option<Vec<Self>> {
        let node = root.remove(name)?;
        let Value::List(items) = node.value else {
            problems.add(
                &node.place,
                format!("{name} is a list of sections: write [[{name}]]"),
            );
            return None;
        };
        let mut sections = Vec::new();
        for (i, item) in items.into_iter().enumerate() {
            match item.value {
                Value::Table(table) => sections.push(Self::new(format!("{name}.{i}"), table)),
                Value::Text(_)
                | Value::Number(_)
                | Value::Flag(_)
                | Value::List(_)
                | Value::Raw(_)
                | Value::Date => problems.add(&item.place, format!("write [[{name}]]")),
            }
        }
        Some(sections)
    }

    /// The name with which messages speak of `key`.
    #[must_use]
    pub fn full(&self, key: &str) -> String {
        format!("{}.{key}", self.name)
    }

    fn node(&mut self, key: &'static str) -> Option<Node> {
        self.asked.push(key);
        self.table.remove(key)
    }

    /// The table `{ … }` that stands there; None, and still there, if it is something else.
    pub fn inner(&mut self, key: &'static str) -> Option<Self> {
        if !matches!(self.table.get(key)?.value, Value::Table(_)) {
            return None;
        }
        match self.node(key)?.value {
            Value::Table(table) => Some(Self::new(self.full(key), table)),
            Value::Text(_)
            | Value::Number(_)
            | Value::Flag(_)
            | Value::List(_)
            | Value::Raw(_)
            | Value::Date => None,
        }
    }

    /// Where `key` is written, for checks between keys.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        self.table.get(key).map(|n| n.place.clone())
    }

    /// A text, read by `parse`; an error's text is the mistake's message.
    pub fn parsed_with<T, E: Display>(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let node = self.node(key)?;
        let text = match &node.value {
            Value::Text(text) | Value::Raw(text) => text,
            Value::Number(_) | Value::Flag(_) | Value::List(_) | Value::Table(_) | Value::Date => {
                problems.add(
                    &node.place,
                    format!("{} is a text in quotation marks", self.full(key)),
                );
                return None;
            }
        };
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                problems.add(&node.place, format!("{}: {error}", self.full(key)));
                None
            }
        }
    }

    /// A text that parses itself.
    pub fn parsed<T>(&mut self, key: &'static str, problems: &mut Problems) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.parsed_with(key, problems, str::parse)
    }

    /// One of a few words.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
        words: &[(&str, T)],
    ) -> Option<T> {
        self.parsed_with(key, problems, |text| {
            let found = words.iter().find(|(word, _)| *word == text);
            found.map(|(_, value)| *value).ok_or_else(|| {
                let allowed: Vec<_> = words.iter().map(|(w, _)| format!("\"{w}\"")).collect();
                format!("\"{text}\" is not allowed; allowed: {}", allowed.join(", "))
            })
        })
    }

    /// A list of texts that parse themselves; in a variable they are parted by commas.
    pub fn list<T>(&mut self, key: &'static str, problems: &mut Problems) -> Vec<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        let texts: Option<Vec<(Place, String)>> = match &node.value {
            Value::Raw(text) => {
                let items = text.split(',').map(str::trim).filter(|t| !t.is_empty());
                Some(items.map(|t| (node.place.clone(), t.to_owned())).collect())
            }
            Value::List(items) => items.iter().map(text_of).collect(),
            Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Table(_) | Value::Date => {
                None
            }
        };
        let Some(texts) = texts else {
            problems.add(
                &node.place,
                format!("{} is a list of texts", self.full(key)),
            );
            return Vec::new();
        };
        let mut all = Vec::new();
        for (place, text) in texts {
            match text.parse() {
                Ok(value) => all.push(value),
                Err(error) => problems.add(&place, format!("{}: {error}", self.full(key))),
            }
        }
        all
    }

    /// A number from `least` to `most`.
    pub fn number(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
        least: f64,
        most: f64,
    ) -> Option<f64> {
        let node = self.node(key)?;
        let number = match &node.value {
            Value::Number(number) => Some(*number),
            Value::Raw(text) => text.trim().parse().ok(),
            Value::Text(_) | Value::Flag(_) | Value::List(_) | Value::Table(_) | Value::Date => {
                None
            }
        };
        match number {
            Some(n) if n >= least && n <= most => Some(n),
            Some(_) | None => {
                problems.add(
                    &node.place,
                    format!("{} is a number from {least} to {most}", self.full(key)),
                );
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        let node = self.node(key)?;
        let flag = match &node.value {
            Value::Flag(flag) => Some(*flag),
            Value::Raw(text) => text.trim().parse().ok(),
            Value::Text(_) | Value::Number(_) | Value::List(_) | Value::Table(_) | Value::Date => {
                None
            }
        };
        if flag.is_none() {
            problems.add(&node.place, format!("{} is true or false", self.full(key)));
        }
        flag
    }

    /// Ends the section: every key that nobody asked for is a mistake.
    pub fn finish(self, problems: &mut Problems) {
        for (key, node) in &self.table {
            problems.add(
                &node.place,
                format!(
                    "{} is not a key; the keys are: {}",
                    self.full(key),
                    self.asked.join(", ")
                ),
            );
        }
    }
}

fn text_of(node: &Node) -> Option<(Place, String)> {
    match &node.value {
        Value::Text(text) => Some((node.place.clone(), text.clone())),
        Value::Number(_)
        | Value::Flag(_)
        | Value::List(_)
        | Value::Table(_)
        | Value::Raw(_)
        | Value::Date => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document::{override_with, parse};

    fn messages(text: &str, read: impl FnOnce(&mut Section, &mut Problems)) -> Vec<String> {
        let (mut root, list) = parse("f", text);
        let mut problems = Problems::new("f", list);
        override_with(&mut root, &[("HADIR_S__N".into(), "7".into())]);
        let mut section = Section::take(&mut root, "s", &mut problems);
        read(&mut section, &mut problems);
        section.finish(&mut problems);
        problems
            .into_list()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn mistakes_name_the_line_the_key_and_what_is_allowed() {
        let text = "[s]\nword = \"c\"\nflag = \"true\"\nm = 11\nrest = 1\n";
        let got = messages(text, |s, p| {
            assert_eq!(s.choice("word", p, &[("a", 1), ("b", 2)]), None);
            assert_eq!(s.flag("flag", p), None);
            assert_eq!(s.number("m", p, 0.0, 10.0), None);
            assert_eq!(
                s.number("n", p, 0.0, 10.0),
                Some(7.0),
                "the variable's text is a number"
            );
        });
        assert_eq!(
            got,
            [
                "f:2: s.word: \"c\" is not allowed; allowed: \"a\", \"b\"",
                "f:3: s.flag is true or false",
                "f:4: s.m is a number from 0 to 10",
                "f:5: s.rest is not a key; the keys are: word, flag, m, n",
            ]
        );
    }

    #[test]
    fn a_section_must_be_a_section() {
        let got = messages("s = 1\n", |_, _| {});
        assert_eq!(got, ["f:1: s is a section: write [s]"]);
    }
}
