//! The state of the store as others see it: on the status page, in `/ready`, in `doctor`.

use crate::store::error::Error;
use std::sync::{Mutex, PoisonError};

/// The state of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// Reads and writes work.
    Good,
    /// The last write did not fit the disk. Reads work; writes do again once there is room.
    Full,
    /// The file is damaged: reads go on where they can, nothing is written any more.
    ReadOnly(String),
    /// The last write failed for this reason. The next one is tried.
    Failed(String),
}

/// The state, shared by the writer and the readers.
pub(in crate::store) struct HealthCell(Mutex<Health>);

impl HealthCell {
    pub const fn new() -> Self {
        Self(Mutex::new(Health::Good))
    }

    pub fn get(&self) -> Health {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Why nothing may be written, if so.
    pub fn refusal(&self) -> Option<Error> {
        match self.get() {
            Health::ReadOnly(why) => Some(Error::Corrupt(why)),
            Health::Good | Health::Full | Health::Failed(_) => None,
        }
    }

    /// A commit has succeeded.
    pub fn mend(&self) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*now, Health::Full | Health::Failed(_)) {
            tracing::info!("the store writes again");
            *now = Health::Good;
        }
    }

    /// Something went wrong that is not the job's fault. Damage is final until a restart.
    pub fn note(&self, trouble: &Error) {
        let next = match trouble {
            Error::Full => Health::Full,
            Error::Corrupt(why) => Health::ReadOnly(why.clone()),
            Error::Io(why) => Health::Failed(why.clone()),
            Error::Busy
            | Error::Conflict(_)
            | Error::Missing(_)
            | Error::Closed
            | Error::InUse(_)
            | Error::Newer(..)
            | Error::Foreign(_)
            | Error::Unfinished(_)
            | Error::TooSlow
            | Error::Panicked
            | Error::Internal(_) => return,
        };
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*now, Health::ReadOnly(_)) || *now == next {
            return;
        }
        match &next {
            Health::ReadOnly(why) => tracing::error!("the store is read-only: {why}"),
            Health::Full => tracing::warn!("the store's disk is full"),
            Health::Failed(why) => tracing::warn!("the store cannot write: {why}"),
            Health::Good => {}
        }
        *now = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_and_failed_heal_and_damage_does_not() {
        let cell = HealthCell::new();
        cell.note(&Error::Busy);
        assert_eq!(cell.get(), Health::Good);
        cell.note(&Error::Full);
        assert_eq!((cell.get(), cell.refusal()), (Health::Full, None));
        cell.mend();
        assert_eq!(cell.get(), Health::Good);
        cell.note(&Error::Corrupt(String::from("page 3")));
        cell.mend();
        cell.note(&Error::Full);
        assert_eq!(cell.get(), Health::ReadOnly(String::from("page 3")));
        assert!(cell.refusal().is_some());
    }
}
