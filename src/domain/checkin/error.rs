//! Why a check-in or an undo gave no decision.

use crate::base::cause::Cause;
use crate::domain::actor::Denied;
use crate::domain::device;
use crate::domain::fault::{Fault, from_fault};
use std::fmt;

/// Why a check-in or an undo gave no decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The nonce was used with other contents.
    NonceReused,
    /// There is no such event.
    NoEvent,
    /// The device is not known, revoked, or not the one that asks.
    NoDevice,
    /// There is no such admission.
    NoVisit,
    /// It was undone before.
    UndoneBefore,
    /// Undoing for another reason needs a remark.
    RemarkMissing,
    /// Only whoever admitted may undo it, and not for long: a supervisor may.
    UndoWindow,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl From<device::Error> for Error {
    fn from(error: device::Error) -> Self {
        match error {
            device::Error::NoDevice => Self::NoDevice,
            device::Error::NoEvent => Self::NoEvent,
            device::Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NonceReused => Cause::NonceReused,
            Self::NoEvent | Self::NoVisit => Cause::Missing,
            Self::NoDevice | Self::UndoWindow => Cause::Forbidden,
            Self::UndoneBefore => Cause::Conflict,
            Self::RemarkMissing => Cause::Invalid,
            Self::Fault(fault) => fault.cause(),
        }
    }

    /// Whether the actor lacked a right.
    #[must_use]
    pub const fn denied(&self) -> Option<Denied> {
        if let Self::Fault(Fault::Denied(denied)) = self {
            Some(*denied)
        } else {
            None
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonceReused => f.write_str("this nonce was used for another request"),
            Self::NoEvent => f.write_str("there is no such event"),
            Self::NoDevice => f.write_str("this device may not check in"),
            Self::NoVisit => f.write_str("there is no such admission"),
            Self::UndoneBefore => f.write_str("this admission was undone before"),
            Self::RemarkMissing => f.write_str("the reason `other` needs a remark"),
            Self::UndoWindow => f.write_str("only a supervisor may undo this now"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_cause_and_its_sentence() {
        let denied = Denied { right: "undo" };
        let table = [
            (Error::NonceReused, Cause::NonceReused),
            (Error::NoEvent, Cause::Missing),
            (Error::NoVisit, Cause::Missing),
            (Error::NoDevice, Cause::Forbidden),
            (Error::UndoWindow, Cause::Forbidden),
            (Error::UndoneBefore, Cause::Conflict),
            (Error::RemarkMissing, Cause::Invalid),
            (Error::from(denied), Cause::Forbidden),
            (Error::from(crate::store::Error::Busy), Cause::Busy),
        ];
        let mut sentences = Vec::new();
        for (error, cause) in table {
            assert_eq!(error.cause(), cause, "{error}");
            assert_eq!(error.denied().is_some(), error == Error::from(denied));
            sentences.push(error.to_string());
        }
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), 9, "each says something of its own");
    }
}
