//! The configuration as it may leave the box: every key, and of the values what cannot name
//! or open anything.

use crate::app::config::document::{self, Node, Problem, Table, Value};
use crate::app::config::{DEFAULT_FILE, read};
use std::path::Path;

/// Keys whose texts are words of a few, times, rates or zones.
const SHOWN: [&str; 17] = [
    "timezone",
    "language",
    "surface",
    "tls",
    "level",
    "form",
    "start",
    "late_after",
    "unattended",
    "attended",
    "compat",
    "general",
    "auth",
    "login",
    "code",
    "poll",
    "workdays",
];

/// Keys and the texts that they hide.
pub type Hidden = Vec<(String, String)>;

/// The keys with their values, a text that may say something as `<key>`; and those texts with
/// their keys, so that they are found wherever else they occur. A mistake does not matter here.
///
/// # Errors
/// A file that cannot be read.
pub fn redacted(file: Option<&Path>) -> Result<(String, Hidden), Vec<Problem>> {
    let default = Path::new(DEFAULT_FILE);
    let file = file.or_else(|| default.exists().then_some(default));
    let text = file.map(read).transpose()?.unwrap_or_default();
    let variables: Vec<_> = std::env::vars_os()
        .filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?)))
        .collect();
    Ok(of(&text, &variables))
}

fn of(text: &str, variables: &[(String, String)]) -> (String, Hidden) {
    let (mut root, _) = document::parse("configuration", text);
    let _ = document::override_with(&mut root, variables);
    let mut walk = Walk::default();
    walk.table("", &root);
    (walk.shown, walk.hidden)
}

#[derive(Default)]
struct Walk {
    shown: String,
    hidden: Hidden,
}

impl Walk {
    fn table(&mut self, path: &str, table: &Table) {
        for (key, node) in table {
            let path = match path {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            self.node(&path, key, node);
        }
    }

    fn node(&mut self, path: &str, key: &str, node: &Node) {
        let value = match &node.value {
            Value::Table(table) => return self.table(path, table),
            Value::List(list) => {
                for (number, node) in list.iter().enumerate() {
                    self.node(&format!("{path}.{number}"), key, node);
                }
                return;
            }
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Date => "<date>".to_owned(),
            Value::Text(text) | Value::Raw(text) => self.text(path, key, text),
        };
        self.shown.push_str(path);
        self.shown.push_str(" = ");
        self.shown.push_str(&value);
        self.shown.push('\n');
    }

    fn text(&mut self, path: &str, key: &str, text: &str) -> String {
        let harmless = |c: char| c.is_ascii_alphanumeric() || "/:_-".contains(c);
        if SHOWN.contains(&key) && text.len() <= 32 && text.chars().all(harmless) {
            return format!("\"{text}\"");
        }
        self.hidden.push((path.to_owned(), text.to_owned()));
        format!("<{path}>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_as_their_keys() {
        let text = "[site]\nname = \"SMA Rahasia\"\nlanguage = \"id\"\n[limits]\nconnections = 5\n\
             [[listener]]\naddress = \"10.0.0.5:443\"\ntls = { cert = \"/a\", key = \"file:/b\" }\n";
        let variables = [("HADIR_STORE__DIR".to_owned(), "/srv/x".to_owned())];
        let (shown, hidden) = of(text, &variables);
        let want = "limits.connections = 5\nlistener.0.address = <listener.0.address>\n\
             listener.0.tls.cert = <listener.0.tls.cert>\nlistener.0.tls.key = <listener.0.tls.key>\n\
             site.language = \"id\"\nsite.name = <site.name>\nstore.dir = <store.dir>\n";
        assert_eq!(shown, want);
        let pair = ("site.name".to_owned(), "SMA Rahasia".to_owned());
        assert!(hidden.contains(&pair) && hidden.len() == 5, "{hidden:?}");
    }

    #[test]
    fn a_text_under_a_harmless_key_is_looked_at_all_the_same() {
        let (shown, hidden) = of("[site]\nlanguage = \"Budi Santoso\"\n", &[]);
        assert_eq!(shown, "site.language = <site.language>\n");
        assert_eq!(hidden.len(), 1);
    }
}
