//! Requests and the answers that they must get. In what is wanted `<id>` stands for any id,
//! `<text>` for any text, `<number>` for any number; a name in angle brackets that was kept
//! before stands for the kept value, in requests too.

use super::house::{House, Key};
use crate::wire::server::Answer;
use hadir::base::id::PersonId;
use hadir::base::json::{Value, decode};
use std::collections::BTreeMap;

/// A row of exchanges with one box.
pub struct Talk<'a> {
    house: &'a House,
    kept: BTreeMap<String, String>,
    last: Option<(String, Answer)>,
}

/// JSON of a test.
pub fn json(text: &str) -> Value {
    decode(text.as_bytes(), 4 * 1024 * 1024).unwrap_or_else(|e| panic!("{e}: {text}"))
}

impl<'a> Talk<'a> {
    /// With this box.
    pub fn new(house: &'a House) -> Self {
        Self {
            house,
            kept: BTreeMap::new(),
            last: None,
        }
    }

    fn fill(&self, text: &str) -> String {
        let fill = |text: String, (name, value): (&String, &String)| {
            text.replace(&format!("<{name}>"), value)
        };
        self.kept.iter().fold(text.to_owned(), fill)
    }

    /// Sends a request, `head` being method and path.
    pub fn send(&mut self, key: &Key, head: &str, body: &str) -> &mut Self {
        let (head, body) = (self.fill(head), self.fill(body));
        let answer = self.house.call(key, &head, body.as_bytes());
        self.last = Some((head, answer));
        self
    }

    /// The last answer.
    pub fn answer(&self) -> &Answer {
        &self.last.as_ref().expect("a request was sent").1
    }

    /// The last answer must have this status and this JSON; of an empty text, no body.
    pub fn gets(&mut self, status: u16, wanted: &str) -> &mut Self {
        let (head, answer) = self.last.as_ref().expect("a request was sent");
        assert_eq!(answer.status, status, "{head}: {}", answer.body);
        if wanted.is_empty() {
            assert_eq!(answer.body, "", "{head}");
            return self;
        }
        let wanted = json(&self.fill(wanted));
        let got = json(&answer.body);
        if let Some(fault) = differs("", &wanted, &got) {
            panic!("{head}: {fault}\nwanted {wanted}\ngot    {got}");
        }
        self
    }

    /// The last answer must be this refusal.
    pub fn refused(&mut self, status: u16, code: &str) -> &mut Self {
        let (head, answer) = self.last.as_ref().expect("a request was sent");
        assert_eq!(answer.status, status, "{head}: {}", answer.body);
        assert_eq!(json(&answer.body)["error"]["code"], code, "{head}");
        self
    }

    /// Keeps a value of the last answer under a name.
    pub fn keep(&mut self, name: &str, field: &str) -> &mut Self {
        let value = json(&self.answer().body);
        let text = value[field].as_str().expect("a text").to_owned();
        self.kept.insert(name.to_owned(), text);
        self
    }

    /// Keeps a value under a name.
    pub fn know(&mut self, name: &str, value: impl ToString) -> &mut Self {
        self.kept.insert(name.to_owned(), value.to_string());
        self
    }
}

/// Where what came is not what was wanted.
fn differs(place: &str, wanted: &Value, got: &Value) -> Option<String> {
    match (wanted, got) {
        (Value::String(w), Value::String(g)) if w == "<id>" => g
            .parse::<PersonId>()
            .err()
            .map(|e| format!("{place}: {g}: {e}")),
        (Value::String(w), Value::String(g)) if w == "<text>" => {
            g.is_empty().then(|| format!("{place} is empty"))
        }
        (Value::String(w), Value::Number(_)) if w == "<number>" => None,
        (Value::Array(w), Value::Array(g)) if w.len() == g.len() => w
            .iter()
            .zip(g)
            .enumerate()
            .find_map(|(i, (w, g))| differs(&format!("{place}[{i}]"), w, g)),
        (Value::Object(w), Value::Object(g)) => {
            let extra = g.keys().find(|k| !w.contains_key(*k));
            let missing = w.keys().find(|k| !g.contains_key(*k));
            if let Some(name) = extra.or(missing) {
                return Some(format!("{place}.{name} is on one side only"));
            }
            w.iter()
                .find_map(|(k, v)| differs(&format!("{place}.{k}"), v, &g[k]))
        }
        (w, g) => (w != g).then(|| format!("{place}: wanted {w}, got {g}")),
    }
}

#[test]
fn a_difference_is_seen() {
    let table = [
        (
            r#"{"a":"<id>"}"#,
            r#"{"a":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2"}"#,
            true,
        ),
        (r#"{"a":"<id>"}"#, r#"{"a":"x"}"#, false),
        (r#"{"a":"<text>"}"#, r#"{"a":""}"#, false),
        (r#"{"a":"<number>"}"#, r#"{"a":7}"#, true),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
        (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, false),
        (r#"[1,2]"#, r#"[1]"#, false),
        (r#"[1,[2]]"#, r#"[1,[3]]"#, false),
    ];
    for (wanted, got, same) in table {
        let found = differs("", &json(wanted), &json(got));
        assert_eq!(found.is_none(), same, "{wanted} {got}: {found:?}");
    }
}
