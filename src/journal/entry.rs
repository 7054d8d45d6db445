//! One log entry, taken out of a tracing event, and its three written forms.

use crate::base::json;
use crate::base::time::Timestamp;
use crate::journal::fields;
use std::fmt::{self, Write as _};

/// How serious an entry is, in the words of the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Somebody must act.
    Error,
    /// Degraded, healing itself.
    Warning,
    /// One line per request and per change of state.
    Info,
    /// For finding a fault.
    Debug,
}

impl Level {
    /// The level of a tracing event; `TRACE` counts as [`Level::Debug`].
    #[must_use]
    pub const fn of(level: tracing::Level) -> Self {
        match level {
            tracing::Level::ERROR => Self::Error,
            tracing::Level::WARN => Self::Warning,
            tracing::Level::INFO => Self::Info,
            tracing::Level::DEBUG | tracing::Level::TRACE => Self::Debug,
        }
    }

    /// The word for texts: `error`, `warning`, `info`, `debug`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }

    /// The level of the journal's library whose priority is the right one. The library sends
    /// its `Info` as 5 (notice), so ours goes as its `Debug`, which is 6 (info).
    #[must_use]
    pub const fn record_level(self) -> log::Level {
        match self {
            Self::Error => log::Level::Error,
            Self::Warning => log::Level::Warn,
            Self::Info => log::Level::Debug,
            Self::Debug => log::Level::Trace,
        }
    }
}

/// One entry: level, target, message and the fields in [`fields::ALL`].
#[derive(Debug, Clone)]
pub struct Entry {
    /// How serious it is.
    pub level: Level,
    /// The module that wrote it.
    pub target: String,
    /// The sentence.
    pub message: String,
    /// Name and value; names are from [`fields::ALL`], each at most once.
    pub fields: Vec<(&'static str, String)>,
}

impl Entry {
    /// Takes the entry out of an event. Fields of foreign crates go into the message.
    #[must_use]
    pub fn of(event: &tracing::Event<'_>) -> Self {
        let mut entry = Self {
            level: Level::of(*event.metadata().level()),
            target: event.metadata().target().to_owned(),
            message: String::new(),
            fields: Vec::new(),
        };
        event.record(&mut entry);
        entry
    }

    /// Tells that so many entries could not be kept.
    #[must_use]
    pub fn dropped(number: u64) -> Self {
        Self {
            level: Level::Warning,
            target: "hadir::journal".to_owned(),
            message: "More was told than could be written; some entries are missing here."
                .to_owned(),
            fields: vec![
                (fields::EVENT, "entries_dropped".to_owned()),
                (fields::ROWS, number.to_string()),
            ],
        }
    }

    fn take(&mut self, name: &str, value: String) {
        if name == "message" {
            self.message.insert_str(0, &value);
        } else if let Some(known) = fields::ALL.iter().find(|f| **f == name) {
            self.fields.push((known, value));
        } else if !name.starts_with("log.") {
            // Writing to a String cannot fail.
            let _ = write!(self.message, " {name}={value}");
        }
    }

    /// One line of text: time, level, sentence, fields without their prefix.
    #[must_use]
    pub fn to_text(&self, at: Timestamp) -> String {
        let mut line = format!("{at} {:<7} {}", self.level.word(), one_line(&self.message));
        for (name, value) in &self.fields {
            if *name != fields::MESSAGE_ID {
                let short = name.strip_prefix("HADIR_").unwrap_or(name).to_lowercase();
                let _ = write!(line, " {short}={}", one_line(value));
            }
        }
        line
    }

    /// One line of JSON with the same names as the journal's fields.
    #[must_use]
    pub fn to_json(&self, at: Timestamp) -> String {
        let mut object = json::json!({
            "at": at.to_string(),
            "level": self.level.word(),
            "target": self.target,
            "message": self.message,
        });
        if let Some(map) = object.as_object_mut() {
            for (name, value) in &self.fields {
                map.insert((*name).to_owned(), json::Value::String(value.clone()));
            }
        }
        object.to_string()
    }
}

/// A text in which no line break or control character can pretend to be another entry.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

impl tracing::field::Visit for Entry {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        self.take(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        self.take(field.name(), value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            level: Level::Warning,
            target: "hadir::host".into(),
            message: "Camera door sends nothing.".into(),
            fields: vec![
                (fields::EVENT, "camera_lost".into()),
                (fields::MESSAGE_ID, fields::CAMERA_LOST.into()),
                (fields::ERROR, "refused\n1970 error forged".into()),
            ],
        }
    }

    #[test]
    fn a_line_of_text_stays_one_line() {
        assert_eq!(
            entry().to_text(Timestamp::from_millis(0)),
            "1970-01-01T00:00:00.000Z warning Camera door sends nothing. event=camera_lost error=refused 1970 error forged"
        );
    }

    #[test]
    fn a_line_of_json_has_the_names_of_the_journal() {
        let value: json::Value =
            json::decode(entry().to_json(Timestamp::from_millis(0)).as_bytes(), 4096)
                .expect("json");
        assert_eq!(value["level"], "warning");
        assert_eq!(value["HADIR_EVENT"], "camera_lost");
        assert_eq!(value["MESSAGE_ID"], fields::CAMERA_LOST);
        assert_eq!(value["HADIR_ERROR"], "refused\n1970 error forged");
    }

    #[test]
    fn priorities_are_those_of_the_journal() {
        // The library documents 3, 4, 6, 7 for these four.
        let table = [
            (tracing::Level::ERROR, log::Level::Error),
            (tracing::Level::WARN, log::Level::Warn),
            (tracing::Level::INFO, log::Level::Debug),
            (tracing::Level::DEBUG, log::Level::Trace),
            (tracing::Level::TRACE, log::Level::Trace),
        ];
        for (from, to) in table {
            assert_eq!(Level::of(from).record_level(), to);
        }
    }
}
