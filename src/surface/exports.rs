//! How many files that are written while they are read are under way: each holds a place until its
//! end, and who finds none is told to come again.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::http::problem::Problem;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The exports under way.
#[derive(Debug, Clone)]
pub struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(limits::AUDIT_EXPORTS_MAX)))
    }
}

impl Exports {
    /// A place, which is free again when this is dropped.
    ///
    /// # Errors
    /// 503 while all are taken.
    pub fn begin(&self) -> Result<Place, Problem> {
        let permit = Arc::clone(&self.0).try_acquire_owned();
        let place = permit.map(|permit| Place { _permit: permit });
        place.map_err(|_| {
            let message = "Other exports are under way; try again in a moment.";
            Problem::new(Cause::Busy, message)
        })
    }
}

/// A place among the exports.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_come_back() {
        let exports = Exports::default();
        let mut places: Vec<Place> = (0..limits::AUDIT_EXPORTS_MAX)
            .map(|_| exports.begin().expect("a place"))
            .collect();
        let refused = exports.begin().expect_err("none is left");
        assert_eq!(refused.cause, Cause::Busy);
        // A clone counts the same places.
        assert!(exports.clone().begin().is_err());
        places.pop();
        assert!(exports.begin().is_ok());
    }
}
