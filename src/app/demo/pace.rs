//! The clock of a demo that is played once: time passes with the pictures, so that what is decided
//! is the same on a machine of any speed and under any load.

use crate::base::time::{Clock, Span, Stamp};
use crate::host::clock::SystemClock;
use std::sync::atomic::{AtomicI64, Ordering};

/// Between two pictures, in milliseconds: what a slow box needs for one.
const PICTURE_MS: i64 = 200;

/// A clock that stands still between pictures.
#[derive(Debug)]
pub struct Pace {
    from: Stamp,
    pictures: AtomicI64,
}

impl Pace {
    /// It begins at the system's time.
    #[must_use]
    pub fn new(clock: &SystemClock) -> Self {
        Self {
            from: clock.stamp(),
            pictures: AtomicI64::new(0),
        }
    }

    /// The next picture comes.
    pub fn step(&self) {
        self.pictures.fetch_add(1, Ordering::Relaxed);
    }
}

impl Clock for Pace {
    fn stamp(&self) -> Stamp {
        let passed = self.pictures.load(Ordering::Relaxed) * PICTURE_MS;
        Stamp {
            at: self.from.at.plus(Span::from_millis(passed)),
            ..self.from
        }
    }
}
