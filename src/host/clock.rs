//! The system's clock, which may be wrong: a box without a clock battery wakes in 1970, and
//! somebody may set it back. Time is the later of the system's clock and the last known
//! time plus what has passed since; it never goes back. Whether it may be believed goes with
//! each stamp, and nobody is refused because it may not.
//!
//! While it may not, stamps follow a [`Stretch`] over the time since the box was started. A
//! stretch changes only when [`Clock::follow`] says so, which is after the new one was kept:
//! the true time of every stamp can then be told later, also by the next process.

use crate::base::limits;
use crate::base::time::{Boot, Clock, ClockState, Look, Span, Stamp, Stretch, Timestamp};
use crate::crypto::random::{Entropy as _, Seed, Seeded};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// No true time lies before it: 2026-11-01T00:00:00Z, the month of the first release.
pub const RELEASED: Timestamp = Timestamp::from_millis(1_793_491_200_000);

/// A clock that stands this far behind the last known time was set back, in milliseconds.
const BEHIND_MS_MAX: i64 = 2_000;

/// A clock that nobody has told the time was set by hand if it leaps this far, in milliseconds.
const LEAP_MS_MIN: i64 = 1_000;

/// The folder of systemd-timesyncd: where it exists, the file `synchronized` in it says that
/// the clock has been set since the start of the box (systemd-timesyncd.service(8)). The unit's
/// `ProtectClock=` denies adjtimex(2), which would say it otherwise.
const TIMESYNC_DIR: &str = "/run/systemd/timesync";

/// Where the kernel names this start of the box. The unit's `ProcSubset=` hides it, and hands it
/// over in the environment.
const BOOT_FILE: &str = "/proc/sys/kernel/random/boot_id";
const BOOT_VARIABLE: &str = "HADIR_BOOT";

/// What the system says of its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Somebody who knows the time has set it.
    Yes,
    /// Nobody has set it yet.
    NotYet,
    /// There is nobody to ask.
    Unknown,
}

/// One look at the clocks.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// The system's clock.
    system: Timestamp,
    /// Time since the box was started, by a clock that nobody sets.
    up: Span,
    told: Told,
}

impl Reading {
    /// Whether the system's clock may be right.
    fn is_likely(self) -> bool {
        self.told != Told::NotYet && self.system >= RELEASED
    }
}

/// What stamps follow.
#[derive(Debug, Clone, Copy)]
struct Course {
    stretch: Stretch,
    /// Whether the store has the stretch.
    kept: bool,
}

impl Course {
    /// The stamp of a reading; a clock that may be believed is followed at once.
    fn step(&mut self, reading: Reading) -> Stamp {
        let known = self.stretch.at(reading.up);
        if !reading.is_likely() || known.since(reading.system).as_millis() > BEHIND_MS_MAX {
            return Stamp {
                at: known,
                clock: ClockState::Unsynced,
            };
        }
        let at = known.max(reading.system);
        self.set(at, reading.up);
        Stamp {
            at,
            clock: ClockState::Synced,
        }
    }

    fn set(&mut self, from: Timestamp, up: Span) {
        let boot = self.stretch.boot;
        self.stretch = Stretch {
            from,
            boot,
            up,
            slow: false,
        };
        self.kept = false;
    }

    /// The stretch that an unsynced clock should follow instead: a leap of a clock that somebody
    /// has set by hand, and a slower or the ordinary pace.
    fn next(&self, reading: Reading) -> Option<Stretch> {
        let known = self.stretch.at(reading.up);
        let boot = self.stretch.boot;
        let stretch = |from, slow| Stretch {
            from,
            boot,
            up: reading.up,
            slow,
        };
        let ahead = known.since(reading.system).as_millis();
        if !reading.is_likely() && -ahead > LEAP_MS_MIN {
            return Some(stretch(reading.system, false));
        }
        let most = match reading.told {
            Told::Yes => limits::CLOCK_SLOWED_TOLD_MS_MAX,
            Told::Unknown => limits::CLOCK_SLOWED_MS_MAX,
            Told::NotYet => 0,
        };
        let slow = reading.is_likely() && ahead > BEHIND_MS_MAX && ahead <= most;
        (slow != self.stretch.slow).then(|| stretch(known, slow))
    }
}

/// The clock of the box.
#[derive(Debug)]
pub struct SystemClock {
    course: Mutex<Course>,
    timesync: PathBuf,
}

impl SystemClock {
    /// A clock that starts from the system's time.
    #[must_use]
    pub fn new() -> Self {
        Self::watching(Path::new(TIMESYNC_DIR), boot())
    }

    fn watching(timesync: &Path, boot: Boot) -> Self {
        let reading = read(timesync);
        let stretch = Stretch {
            from: reading.system,
            boot,
            up: reading.up,
            slow: false,
        };
        Self {
            course: Mutex::new(Course {
                stretch,
                kept: false,
            }),
            timesync: timesync.to_owned(),
        }
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This start of the box.
    #[must_use]
    pub fn boot(&self) -> Boot {
        self.course().stretch.boot
    }

    /// Takes into account that `committed` was once the time: the last row of the store.
    pub fn not_before(&self, committed: Timestamp) {
        let up = read(&self.timesync).up;
        let mut course = self.course();
        if course.stretch.at(up) < committed {
            course.set(committed, up);
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "this module is the owner of the clocks"
)]
fn read(timesync: &Path) -> Reading {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let up = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let told = match (timesync.is_dir(), timesync.join("synchronized").exists()) {
        (false, _) => Told::Unknown,
        (true, true) => Told::Yes,
        (true, false) => Told::NotYet,
    };
    Reading {
        system: Timestamp::from_millis(millis(since)),
        up: Span::from_millis(up.tv_sec.saturating_mul(1000) + up.tv_nsec / 1_000_000),
        told,
    }
}

/// This start of the box: as the unit or the kernel names it, else a name of this process alone.
fn boot() -> Boot {
    let named = std::env::var(BOOT_VARIABLE).ok();
    let named = named.or_else(|| std::fs::read_to_string(BOOT_FILE).ok());
    named.as_deref().and_then(read_boot).unwrap_or_else(|| {
        let mut bytes = [0; 16];
        if let Ok(seed) = Seed::from_system() {
            Seeded::new(&seed).fill(&mut bytes);
        }
        bytes
    })
}

/// 32 hexadecimal digits, with or without dashes.
fn read_boot(text: &str) -> Option<Boot> {
    let digits = text.trim().replace('-', "");
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    Some(u128::from_str_radix(&digits, 16).ok()?.to_be_bytes())
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn stamp(&self) -> Stamp {
        let reading = read(&self.timesync);
        self.course().step(reading)
    }

    fn look(&self) -> Option<Look> {
        let reading = read(&self.timesync);
        let mut course = self.course();
        let stamp = course.step(reading);
        let next = match stamp.clock {
            ClockState::Synced => None,
            ClockState::Unsynced => course.next(reading),
        };
        Some(Look {
            stamp,
            up: reading.up,
            stretch: course.stretch,
            kept: course.kept,
            next,
        })
    }

    fn follow(&self, stretch: Stretch) {
        let up = read(&self.timesync).up;
        let mut course = self.course();
        if stretch.boot == course.stretch.boot && stretch.at(up) >= course.stretch.at(up) {
            *course = Course {
                stretch,
                kept: true,
            };
        }
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
    const HOUR: i64 = 3_600_000;

    fn reading(system: i64, up: i64) -> Reading {
        Reading {
            system: Timestamp::from_millis(system),
            up: Span::from_millis(up),
            told: Told::Unknown,
        }
    }

    fn told(told: Told, system: i64, up: i64) -> Reading {
        Reading {
            told,
            ..reading(system, up)
        }
    }

    fn course(at: i64) -> Course {
        let stretch = Stretch {
            from: Timestamp::from_millis(at),
            boot: [1; 16],
            up: Span::from_millis(0),
            slow: false,
        };
        Course {
            stretch,
            kept: false,
        }
    }

    #[test]
    fn the_systems_clock_counts_when_it_is_right() {
        let stamp = course(0).step(reading(NOON, 5));
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
        let stamp = course(NOON).step(reading(60_000, 4_000));
        assert_eq!(stamp.at, Timestamp::from_millis(NOON + 4_000));
        assert_eq!(stamp.clock, ClockState::Unsynced);
        let fresh = course(0).step(reading(60_000, 4_000));
        assert_eq!(
            fresh.clock,
            ClockState::Unsynced,
            "a new box in 1970 knows nothing"
        );
    }

    #[test]
    fn a_clock_set_back_is_not_followed_and_not_believed() {
        let mut course = course(0);
        assert_eq!(course.step(reading(NOON, 0)).clock, ClockState::Synced);
        let back = course.step(reading(NOON - HOUR, 1_000));
        assert_eq!(back.at, Timestamp::from_millis(NOON + 1_000));
        assert_eq!(back.clock, ClockState::Unsynced);
        assert_eq!(course.next(reading(NOON - HOUR, 1_000)), None);
        let mended = course.step(reading(NOON + 2_000, 2_000));
        assert_eq!(mended.clock, ClockState::Synced);
    }

    /// A clock that leaps while nobody has told it the time is followed after the leap was kept.
    #[test]
    fn a_leap_by_hand_is_proposed_and_not_followed() {
        let mut course = course(NOON);
        let set = told(Told::NotYet, NOON + HOUR, 1_000);
        let stamp = course.step(set);
        assert_eq!(stamp.at, Timestamp::from_millis(NOON + 1_000));
        assert_eq!(stamp.clock, ClockState::Unsynced);
        let next = course.next(set).expect("a leap");
        assert_eq!(next.from, Timestamp::from_millis(NOON + HOUR));
        let small = told(Told::NotYet, NOON + 1_900, 1_000);
        assert_eq!(course.next(small), None, "two clocks differ by a little");
    }

    /// A phone that was fast: the true time catches up, and is then believed.
    #[test]
    fn time_that_is_ahead_of_the_truth_runs_slowly_until_it_is_caught_up() {
        for told_by in [Told::Yes, Told::Unknown] {
            let mut course = course(NOON + 30_000);
            let now = |up: i64| told(told_by, NOON + up, up);
            assert_eq!(course.step(now(0)).clock, ClockState::Unsynced);
            let next = course.next(now(0)).expect("the slow pace");
            assert!(next.slow);
            course = Course {
                stretch: next,
                kept: true,
            };
            assert_eq!(course.next(now(1_000)), None);
            let stamp = course.step(now(32_000));
            assert_eq!(stamp.clock, ClockState::Synced, "within two seconds");
            assert_eq!(stamp.at, Timestamp::from_millis(NOON + 34_000));
        }
        let far = course(NOON + limits::CLOCK_SLOWED_TOLD_MS_MAX + 10_000);
        for reading in [told(Told::Yes, NOON, 0), told(Told::NotYet, NOON, 0)] {
            assert_eq!(far.next(reading), None, "nobody waits for years");
        }
        let hour = course(NOON + HOUR);
        assert!(hour.next(told(Told::Yes, NOON, 0)).is_some_and(|s| s.slow));
        assert_eq!(hour.next(reading(NOON, 0)), None, "set back, or set right?");
    }

    #[test]
    fn a_clock_that_nobody_set_is_not_believed() {
        let dir = std::env::temp_dir().join(format!("hadir-timesync-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("dir");
        let clock = SystemClock::watching(&dir, [1; 16]);
        assert_eq!(read(&dir).told, Told::NotYet);
        assert_eq!(clock.stamp().clock, ClockState::Unsynced);
        std::fs::write(dir.join("synchronized"), "").expect("file");
        assert_eq!(read(&dir).told, Told::Yes);
        assert_eq!(clock.stamp().clock, ClockState::Synced);
        std::fs::remove_dir_all(&dir).expect("remove");
        assert_eq!(
            read(&dir).told,
            Told::Unknown,
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

    #[test]
    fn a_stretch_is_followed_unless_time_went_back_by_it() {
        let clock = SystemClock::new();
        let look = clock.look().expect("a look");
        assert!(!look.kept);
        let at = |hours: i64| Stretch {
            from: look.stamp.at.plus(Span::from_millis(hours * HOUR)),
            up: look.up,
            ..look.stretch
        };
        clock.follow(at(5));
        clock.follow(at(3));
        clock.follow(Stretch {
            boot: [9; 16],
            ..at(7)
        });
        let now = clock.look().expect("a look");
        assert_eq!((now.stretch, now.kept), (at(5), true));
        assert_eq!(now.stamp.clock, ClockState::Unsynced);
        assert!(now.stamp.at >= at(5).from);
    }

    #[test]
    fn the_kernels_name_of_this_start_is_read() {
        let text = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\n";
        let boot = read_boot(text).expect("a name");
        assert_eq!((boot[0], boot[15]), (0x0f, 0xf0));
        assert_eq!(read_boot(&text.replace('-', "")), Some(boot));
        for text in ["", "+f1e2d3c4b5a69788796a5b4c3d2e1f0", "0f1e", "x"] {
            assert_eq!(read_boot(text), None, "{text}");
        }
        assert_eq!(SystemClock::new().boot(), SystemClock::new().boot());
    }

    proptest! {
        #[test]
        fn time_never_goes_back(steps in prop::collection::vec((0..NOON * 2, 0..10_000_i64, 0..3_u8), 1..50)) {
            let mut course = course(0);
            let (mut up, mut last) = (0, Timestamp::from_millis(0));
            for (system, passed, by) in steps {
                up += passed;
                let told = [Told::Yes, Told::NotYet, Told::Unknown][usize::from(by)];
                let reading = Reading { told, ..reading(system, up) };
                let slow = course.stretch.slow;
                let stamp = course.step(reading);
                // While it is slow, an eighth of what passes counts.
                let least = if slow { passed / 8 - 1 } else { passed };
                prop_assert!(stamp.at >= last.plus(Span::from_millis(least)));
                prop_assert!(stamp.at >= last);
                last = stamp.at;
                if let Some(stretch) = course.next(reading) {
                    course = Course { stretch, kept: true };
                }
            }
        }
    }
}
