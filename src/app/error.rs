//! How a command ends: its message and its exit status, as sysexits(3) numbers them.

use crate::app::config::Problem;
use crate::journal::fields;
use std::fmt;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub enum Failure {
    /// It was called wrongly.
    Usage(String),
    /// The configuration has mistakes.
    Config(Vec<Problem>),
    /// A key is missing or wrong.
    Key(String),
    /// Something else that a restart cannot mend.
    Setup(String),
    /// It was tried and failed; the message has been shown already if it is empty.
    Failed(String),
}

impl Failure {
    /// A failure with anything that can be shown.
    pub fn of(error: impl fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }

    /// One line in the journal: what ended the daemon, and whether it is tried again.
    pub fn log(&self) {
        match self {
            Self::Key(_) => tracing::error!(
                { fields::EVENT } = "key_missing",
                { fields::MESSAGE_ID } = fields::KEY_MISSING,
                { fields::ERROR } = %self,
                "hadir cannot start, and a restart does not help: {self}."
            ),
            Self::Usage(_) | Self::Config(_) | Self::Setup(_) => tracing::error!(
                { fields::EVENT } = "start_refused",
                { fields::ERROR } = %self,
                "hadir cannot start, and a restart does not help: {self}."
            ),
            Self::Failed(_) => tracing::error!(
                { fields::EVENT } = "ended",
                { fields::ERROR } = %self,
                "hadir has ended, and is tried again: {self}."
            ),
        }
    }

    /// The exit status: 1, 64 (usage) or 78 (configuration or key). The service's unit does
    /// not restart after the last two.
    #[must_use]
    pub const fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 64,
            Self::Config(_) | Self::Key(_) | Self::Setup(_) => 78,
            Self::Failed(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Key(text) | Self::Setup(text) | Self::Failed(text) => {
                f.write_str(text)
            }
            Self::Config(problems) => {
                for (i, problem) in problems.iter().enumerate() {
                    let end = if i + 1 < problems.len() { "\n" } else { "" };
                    write!(f, "{problem}{end}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_those_that_the_unit_names() {
        assert_eq!(Failure::Usage(String::new()).status(), 64);
        assert_eq!(Failure::Config(vec![]).status(), 78);
        assert_eq!(Failure::Setup(String::new()).status(), 78);
        assert_eq!(Failure::Key(String::new()).status(), 78);
        assert_eq!(Failure::of("x").status(), 1);
    }
}
