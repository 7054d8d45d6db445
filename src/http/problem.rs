//! Why a request is refused, in the words of the caller: a cause, a stable code, a sentence.

use crate::base::cause::Cause;
use std::fmt;

/// The limit that a caller has used up (`RateLimit-Policy`, draft-ietf-httpapi-ratelimit-headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The class.
    pub name: &'static str,
    /// So many requests
    pub most: u32,
    /// in so many seconds.
    pub window_s: u32,
}

/// What a caller may still do (`RateLimit`, the same draft).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Of which limit.
    pub of: Quota,
    /// So many requests
    pub requests: u32,
    /// in the seconds until the count begins to fade.
    pub reset_s: u32,
}

/// A refusal. Its message is for the caller and tells nothing of the inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Decides about the status.
    pub cause: Cause,
    /// The stable code; the cause's own unless something says more.
    pub code: &'static str,
    /// What is wrong and what to do, in one or two sentences.
    pub message: String,
    /// The field or parameter that is wrong.
    pub field: Option<String>,
    /// Seconds after which to try again, where the cause's own do not fit.
    pub retry_after_s: Option<u32>,
    /// The limit that was reached, if it is one of rates.
    pub quota: Option<Quota>,
}

impl Problem {
    /// A refusal for this cause.
    pub fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self {
            cause,
            code: cause.code(),
            message: message.into(),
            field: None,
            retry_after_s: None,
            quota: None,
        }
    }

    /// The same with a code of its own.
    #[must_use]
    pub const fn with_code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// The same, naming the field.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// There is nothing of this name: 404.
    #[must_use]
    pub fn missing() -> Self {
        Self::new(Cause::Missing, "There is nothing here.")
    }

    /// Not of the right form: 400.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Cause::Invalid, message)
    }

    /// A field with a value that cannot be: 422.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Cause::Unprocessable, message).with_field(field)
    }

    /// JSON of another shape: 422. `what` is the text of `JsonError::Shape`; of it only the names
    /// of fields and what was expected are passed on, since values may be secret.
    #[must_use]
    pub fn shape(what: &str) -> Self {
        let (what, place) = what.rsplit_once(", in `").unwrap_or((what, ""));
        let place = place.trim_end_matches('`');
        let named = what.split('`').nth(1).unwrap_or_default();
        let what = what.split(" at line ").next().unwrap_or(what);
        let kind = what.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let (field, message) = match kind.as_str() {
            "unknown field" => (named, format!("There is no field {named} here.")),
            "missing field" => (named, format!("The field {named} is missing.")),
            "duplicate field" => (named, format!("The field {named} stands there twice.")),
            _ if kind.starts_with("invalid ") || kind == "unknown variant" => {
                let wanted = what.split("expected ").nth(1).unwrap_or("another type");
                (place, format!("This value cannot be: expected {wanted}."))
            }
            _ => (place, format!("This value cannot be: {what}.")),
        };
        let field = if field.is_empty() { "body" } else { field };
        Self::new(Cause::Unprocessable, message).with_field(field)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_shape_names_its_field_and_no_value() {
        let table = [
            (
                "unknown field `y`, expected `x` at line 1 column 9, in `a.y`",
                "y",
            ),
            ("missing field `x` at line 1 column 2, in ``", "x"),
            (
                "invalid type: string \"rahasia\", expected u32 at line 1 column 9, in `a.n`",
                "a.n",
            ),
            (
                "unknown variant `rahasia`, expected `a` or `b` at line 1 column 2, in `kind`",
                "kind",
            ),
            (
                "an id has 26 characters at line 1 column 2, in `person`",
                "person",
            ),
            (
                "invalid type: null, expected struct X at line 1 column 4, in ``",
                "body",
            ),
        ];
        for (what, field) in table {
            let problem = Problem::shape(what);
            assert_eq!(problem.field.as_deref(), Some(field), "{what}");
            assert_eq!(problem.cause, Cause::Unprocessable);
            assert!(!problem.message.contains("rahasia"), "{}", problem.message);
            assert!(!problem.message.contains("at line"), "{}", problem.message);
        }
    }
}
