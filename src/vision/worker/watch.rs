//! Elapsed time of the stages. The one place of vision that looks at a clock.

use std::time::Instant;

/// Measures laps.
#[derive(Debug)]
pub struct Watch {
    last: Instant,
}

impl Watch {
    /// Starts now.
    #[must_use]
    #[allow(
        clippy::disallowed_methods,
        reason = "the engine measures its own stages"
    )]
    pub fn start() -> Self {
        Self {
            last: Instant::now(),
        }
    }

    /// Microseconds since the start or the last lap; starts the next lap.
    #[allow(
        clippy::disallowed_methods,
        reason = "the engine measures its own stages"
    )]
    pub fn lap_us(&mut self) -> u64 {
        let now = Instant::now();
        let lap = now.duration_since(self.last);
        self.last = now;
        u64::try_from(lap.as_micros()).unwrap_or(u64::MAX)
    }

    /// Milliseconds since the start or the last lap, without ending the lap.
    #[must_use]
    pub fn elapsed_ms(&self) -> i64 {
        i64::try_from(self.last.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}
