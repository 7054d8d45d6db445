//! Why something about an event or a ticket was not done.

use crate::base::cause::Cause;
use crate::domain::fault::{Fault, from_fault};
use std::fmt;

/// Why something about an event or a ticket was not done.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such event.
    NoEvent,
    /// There is no such ticket, or it was revoked.
    NoTicket,
    /// There is no such person, or it is erased.
    NoPerson,
    /// Another ticket has this code.
    CodeTaken,
    /// The end does not lie after the start.
    Times,
    /// The event is over.
    Closed,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoEvent | Self::NoTicket | Self::NoPerson => Cause::Missing,
            Self::CodeTaken | Self::Closed => Cause::Conflict,
            Self::Times => Cause::Invalid,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEvent => f.write_str("there is no such event"),
            Self::NoTicket => f.write_str("there is no such ticket in force"),
            Self::NoPerson => f.write_str("there is no such person"),
            Self::CodeTaken => f.write_str("another ticket has this code"),
            Self::Times => f.write_str("the end must lie after the start"),
            Self::Closed => f.write_str("the event is over"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_cause() {
        let table = [
            (Error::NoEvent, Cause::Missing),
            (Error::NoTicket, Cause::Missing),
            (Error::NoPerson, Cause::Missing),
            (Error::CodeTaken, Cause::Conflict),
            (Error::Closed, Cause::Conflict),
            (Error::Times, Cause::Invalid),
            (Error::from(crate::store::Error::Full), Cause::StoreFull),
        ];
        for (error, cause) in table {
            assert_eq!(error.cause(), cause, "{error}");
            assert!(!error.to_string().is_empty());
        }
    }
}
