//! Why a request is refused, in the words of the caller: a cause, a stable code, a sentence.

use crate::base::cause::Cause;
use std::fmt;

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

    /// JSON of another shape: 422. The parser's text names the field between backticks; values
    /// are cut off, since they may be secret.
    #[must_use]
    pub fn shape(what: &str) -> Self {
        let field = what.split('`').nth(1).map(str::to_owned);
        let message = match (&field, what.split_once(' ')) {
            (Some(f), Some(("unknown", _))) => format!("There is no field {f} here."),
            (Some(f), Some(("missing", _))) => format!("The field {f} is missing."),
            (Some(f), Some(("duplicate", _))) => format!("The field {f} stands there twice."),
            (_, _) => {
                let wanted = what.split("expected ").nth(1).unwrap_or("another shape");
                let wanted = wanted.split(" at line").next().unwrap_or(wanted);
                format!("A value has the wrong type: expected {wanted}.")
            }
        };
        let place = what.split(" at line ").nth(1).unwrap_or_default();
        let field = field.unwrap_or_else(|| format!("line {place}").trim().to_owned());
        Self::new(Cause::Unprocessable, message).with_field(field)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}
