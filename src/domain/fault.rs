//! What any service of the domain can meet besides its own refusals.

use crate::base::cause::Cause;
use crate::crypto::keyring::KeyError;
use crate::crypto::seal::SealError;
use crate::domain::actor::Denied;
use crate::store;
use std::fmt;

/// What any service of the domain can meet besides its own refusals.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The actor may not do this.
    Denied(Denied),
    /// The store failed or refused.
    Store(store::Error),
    /// Sealing failed, or a sealed value does not open.
    Seal(SealError),
    /// A key does not open.
    Key(KeyError),
    /// A stored value is not of its form: of which kind.
    Damaged(&'static str),
}

impl Fault {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Denied(denied) => denied.cause(),
            Self::Store(error) => error.cause(),
            Self::Seal(_) | Self::Key(_) => Cause::KeyUnavailable,
            Self::Damaged(_) => Cause::StoreCorrupt,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(denied) => denied.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Seal(error) => error.fmt(f),
            Self::Key(error) => error.fmt(f),
            Self::Damaged(what) => write!(f, "a stored {what} is damaged"),
        }
    }
}

impl std::error::Error for Fault {}

macro_rules! from {
    ($($variant:ident($from:ty)),* $(,)?) => {$(
        impl From<$from> for Fault {
            fn from(error: $from) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

from!(
    Denied(Denied),
    Store(store::Error),
    Seal(SealError),
    Key(KeyError)
);

/// Gives a service's error type, which has a variant `Fault(Fault)`, the conversions from all
/// that a fault is made of.
macro_rules! from_fault {
    ($error:ty) => {
        $crate::domain::fault::from_fault!(
            $error:
            $crate::domain::fault::Fault,
            $crate::domain::actor::Denied,
            $crate::store::Error,
            $crate::crypto::seal::SealError,
            $crate::crypto::keyring::KeyError
        );
    };
    ($error:ty: $($from:ty),*) => {$(
        impl From<$from> for $error {
            fn from(error: $from) -> Self {
                Self::Fault($crate::domain::fault::Fault::from(error))
            }
        }
    )*};
}

pub(in crate::domain) use from_fault;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_cause() {
        let table = [
            (Fault::Denied(Denied { right: "scan" }), Cause::Forbidden),
            (Fault::Store(store::Error::Full), Cause::StoreFull),
            (Fault::Damaged("name"), Cause::StoreCorrupt),
        ];
        for (fault, cause) in table {
            assert_eq!(fault.cause(), cause, "{fault}");
        }
    }
}
