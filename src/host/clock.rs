//! The system's clock, which may be wrong: a box without a clock battery wakes in 1970, and
//! somebody may set it back. Time is the later of the system's clock and the last known
//! time plus what has passed since; it never goes back. Whether it may be believed goes with
//! each stamp, and nobody is refused because it may not.

use crate::base::time::{Clock, ClockState, Span, Stamp, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// No true time lies before it: 2026-11-01T00:00:00Z, the month of the first release.
pub const RELEASED: Timestamp = Timestamp::from_millis(1_793_491_200_000);

/// A clock that stands this far behind the last known time was set back, in milliseconds.
const BEHIND_MS_MAX: i64 = 2_000;

/// The folder of systemd-timesyncd: where it exists, the file `synchronized` in it says that
/// the clock has been set since the start of the box (systemd-timesyncd.service(8)).
const TIMESYNC_DIR: &str = "/run/systemd/timesync";

/// One look at the clocks.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// The system's clock.
    system: Timestamp,
    /// Time since the program started, by a clock that nobody sets.
    elapsed: Span,
    /// False if the system says that nobody has told it the time.
    told: bool,
}

/// The last known time and when it was known.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    at: Timestamp,
    elapsed: Span,
}

impl Anchor {
    /// The stamp of a reading; the anchor moves to it.
    fn step(&mut self, reading: Reading) -> Stamp {
        let passed = reading.elapsed.as_millis() - self.elapsed.as_millis();
        let known = self.at.plus(Span::from_millis(passed.max(0)));
        let behind = known.since(reading.system).as_millis() > BEHIND_MS_MAX;
        self.at = known.max(reading.system);
        self.elapsed = reading.elapsed;
        let believed = reading.told && !behind && reading.system >= RELEASED;
        Stamp {
            at: self.at,
            clock: if believed {
                ClockState::Synced
            } else {
                ClockState::Unsynced
            },
        }
    }
}

/// The clock of the box.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
    anchor: Mutex<Anchor>,
    timesync: PathBuf,
}

impl SystemClock {
    /// A clock that starts from the system's time.
    #[must_use]
    pub fn new() -> Self {
        Self::watching(Path::new(TIMESYNC_DIR))
    }

    #[allow(
        clippy::disallowed_methods,
        reason = "this module is the owner of the clocks"
    )]
    fn watching(timesync: &Path) -> Self {
        Self {
            started: Instant::now(),
            anchor: Mutex::new(Anchor {
                at: Timestamp::from_millis(0),
                elapsed: Span::from_millis(0),
            }),
            timesync: timesync.to_owned(),
        }
    }

    /// Takes into account that `committed` was once the time: the last row of the store.
    pub fn not_before(&self, committed: Timestamp) {
        let _ = self.stamp();
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        anchor.at = anchor.at.max(committed);
    }

    #[allow(
        clippy::disallowed_methods,
        reason = "this module is the owner of the clocks"
    )]
    fn read(&self) -> Reading {
        let since = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Reading {
            system: Timestamp::from_millis(millis(since)),
            elapsed: Span::from_millis(millis(self.started.elapsed())),
            told: !self.timesync.is_dir() || self.timesync.join("synchronized").exists(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn stamp(&self) -> Stamp {
        let reading = self.read();
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        anchor.step(reading)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: i64 = 1_800_000_000_000;

    fn reading(system: i64, elapsed: i64) -> Reading {
        Reading {
            system: Timestamp::from_millis(system),
            elapsed: Span::from_millis(elapsed),
            told: true,
        }
    }

    fn anchor(at: i64) -> Anchor {
        Anchor {
            at: Timestamp::from_millis(at),
            elapsed: Span::from_millis(0),
        }
    }

    #[test]
    fn the_systems_clock_counts_when_it_is_right() {
        let stamp = anchor(0).step(reading(NOON, 5));
        assert_eq!(
            stamp,
            Stamp {
                at: Timestamp::from_millis(NOON),
                clock: ClockState::Synced
            }
        );
    }

    #[test]
    fn a_box_that_wakes_in_1970_goes_on_from_the_last_row() {
        let stamp = anchor(NOON).step(reading(60_000, 4_000));
        assert_eq!(stamp.at, Timestamp::from_millis(NOON + 4_000));
        assert_eq!(stamp.clock, ClockState::Unsynced);
        let fresh = anchor(0).step(reading(60_000, 4_000));
        assert_eq!(
            fresh.clock,
            ClockState::Unsynced,
            "a new box in 1970 knows nothing"
        );
    }

    #[test]
    fn a_clock_set_back_is_not_followed_and_not_believed() {
        let mut anchor = anchor(0);
        assert_eq!(anchor.step(reading(NOON, 0)).clock, ClockState::Synced);
        let back = anchor.step(reading(NOON - 3_600_000, 1_000));
        assert_eq!(back.at, Timestamp::from_millis(NOON + 1_000));
        assert_eq!(back.clock, ClockState::Unsynced);
        let mended = anchor.step(reading(NOON + 2_000, 2_000));
        assert_eq!(mended.clock, ClockState::Synced);
    }

    #[test]
    fn a_clock_that_nobody_set_is_not_believed() {
        let dir = std::env::temp_dir().join(format!("hadir-timesync-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("dir");
        let clock = SystemClock::watching(&dir);
        assert!(!clock.read().told);
        std::fs::write(dir.join("synchronized"), "").expect("file");
        assert!(clock.read().told);
        std::fs::remove_dir_all(&dir).expect("remove");
        assert!(
            clock.read().told,
            "without timesyncd there is nobody to ask"
        );
    }

    #[test]
    fn the_last_row_lifts_the_clock() {
        let clock = SystemClock::new();
        let far = clock.stamp().at.plus(Span::from_seconds(86_400));
        clock.not_before(far);
        let stamp = clock.stamp();
        assert!(stamp.at >= far);
        assert_eq!(stamp.clock, ClockState::Unsynced);
    }

    proptest! {
        #[test]
        fn time_never_goes_back(steps in prop::collection::vec((0..NOON * 2, 0..10_000_i64), 1..50)) {
            let mut anchor = anchor(0);
            let (mut elapsed, mut last) = (0, Timestamp::from_millis(0));
            for (system, passed) in steps {
                elapsed += passed;
                let stamp = anchor.step(reading(system, elapsed));
                prop_assert!(stamp.at >= last.plus(Span::from_millis(passed)));
                last = stamp.at;
            }
        }
    }
}
