//! Time as the program uses it: instants in milliseconds, days of the site's zone, and the
//! trait through which time comes in. No system clock in here: see `host::clock`.
//!
//! Owns `jiff`, whose time-zone database is compiled in: a box may have none.

use std::fmt;

/// An instant: milliseconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// An instant from milliseconds since 1970, UTC.
    #[must_use]
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970, UTC.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, UTC, rounded down.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// As the date of a mail (RFC 5322, section 3.3), in UTC.
    #[must_use]
    pub fn mail_date(self) -> String {
        let at = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
    }

    /// This instant and `span` more; saturates at the ends of the range.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// The time from `earlier` to this instant; negative if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with milliseconds; an instant outside of the years -9999 to 9999 is
    /// written as its number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(t) => write!(f, "{t:.3}"),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

/// A length of time in milliseconds, possibly negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

impl Span {
    /// A span of milliseconds.
    #[must_use]
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// A span of seconds.
    #[must_use]
    pub const fn from_seconds(s: i64) -> Self {
        Self(s.saturating_mul(1000))
    }

    /// The span in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

/// Whether the system clock has been set by somebody who knows the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// The clock may be believed.
    Synced,
    /// The box has no clock battery and nobody has told it the time yet.
    Unsynced,
}

/// The time of a request or frame: stamped once, at the surface, and handed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The instant.
    pub at: Timestamp,
    /// Whether it may be believed.
    pub clock: ClockState,
}

/// How many times slower a slow stretch runs than time does.
const SLOWNESS: i64 = 8;

/// One start of the box: the kernel's own id of it, so that two starts are never taken for one.
pub type Boot = [u8; 16];

/// From when on stamps follow which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first stamp.
    pub from: Timestamp,
    /// In which start of the box.
    pub boot: Boot,
    /// Time since that start, at the first stamp.
    pub up: Span,
    /// Whether time runs slowly, so that the true one catches up: stamps never go back.
    pub slow: bool,
}

impl Stretch {
    /// The stamp when this much time has passed since the box was started; of a moment before
    /// the stretch its first.
    #[must_use]
    pub fn at(&self, up: Span) -> Timestamp {
        let passed = (up.as_millis() - self.up.as_millis()).max(0);
        let shown = if self.slow { passed / SLOWNESS } else { passed };
        self.from.plus(Span::from_millis(shown))
    }

    /// The time since the box was started at which `stamp` was given, to the millisecond; in a
    /// slow stretch to eight.
    #[must_use]
    pub fn up_at(&self, stamp: Timestamp) -> Span {
        let shown = stamp.since(self.from).as_millis();
        let passed = if self.slow { shown * SLOWNESS } else { shown };
        Span::from_millis(self.up.as_millis().saturating_add(passed))
    }
}

/// One look at a clock that may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The time.
    pub stamp: Stamp,
    /// Time since the box was started.
    pub up: Span,
    /// The stretch that stamps follow now.
    pub stretch: Stretch,
    /// Whether that stretch is kept in the store.
    pub kept: bool,
    /// The stretch that they should follow instead: to be kept first, so that no stamp is
    /// given of which nobody could tell later how it came about.
    pub next: Option<Stretch>,
}

/// The true time of a stamp. `stretches` in the order of their first stamps; `start` is the true
/// time at which the box was started as `boot`. None: the stamp belongs to another start of
/// the box, and how long the box was off nobody knows.
#[must_use]
pub fn true_time(
    stretches: &[Stretch],
    boot: Boot,
    start: Timestamp,
    stamp: Timestamp,
) -> Option<Timestamp> {
    let stretch = stretches.iter().rev().find(|s| s.from <= stamp)?;
    (stretch.boot == boot).then(|| start.plus(stretch.up_at(stamp)))
}

/// Where a stamp comes from.
pub trait Clock: Send + Sync {
    /// The time now. Never goes back, not even when the system clock does.
    fn stamp(&self) -> Stamp;

    /// The time now with how it came about; None: of a clock that is never wrong.
    fn look(&self) -> Option<Look> {
        None
    }

    /// Follows a stretch that has been kept in the store, unless stamps would go back by it.
    fn follow(&self, _stretch: Stretch) {}
}

/// A day of the site's calendar, ISO 8601 (`2026-11-21`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDay(jiff::civil::Date);

impl LocalDay {
    /// The ISO week that the day lies in: year and number. Weeks begin on Monday.
    #[must_use]
    pub fn week(self) -> (i16, i8) {
        let week = self.0.iso_week_date();
        (week.year(), week.week())
    }

    /// The month that the day lies in: year and number.
    #[must_use]
    pub fn month(self) -> (i16, i8) {
        (self.0.year(), self.0.month())
    }
}

impl fmt::Display for LocalDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::str::FromStr for LocalDay {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text.len() != 10 {
            return Err(TimeError::Day);
        }
        text.parse().map(Self).map_err(|_| TimeError::Day)
    }
}

/// A time of day on the site's clock, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    minutes: u16,
}

impl TimeOfDay {
    /// The start of a day, 00:00.
    pub const MIDNIGHT: Self = Self { minutes: 0 };

    /// A time of day from minutes since midnight; None from 1440 on.
    #[must_use]
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes < 1440 {
            Some(Self { minutes })
        } else {
            None
        }
    }

    /// Minutes since midnight, 0 to 1439.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.minutes
    }
}

impl std::str::FromStr for TimeOfDay {
    type Err = TimeError;
    /// Reads `HH:MM` or `HH.MM`, 24 hours.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let (h, m) = text.split_once([':', '.']).ok_or(TimeError::TimeOfDay)?;
        let part = |t: &str| match t.len() {
            2 if t.bytes().all(|b| b.is_ascii_digit()) => t.parse::<u16>().ok(),
            _ => None,
        };
        match (part(h), part(m)) {
            (Some(h), Some(m)) if h < 24 && m < 60 => Ok(Self {
                minutes: h * 60 + m,
            }),
            _ => Err(TimeError::TimeOfDay),
        }
    }
}

impl fmt::Display for TimeOfDay {
    /// `HH:MM`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeError {
    /// Not a day of the form `2026-11-21`.
    Day,
    /// Not a time of the form `07:15`.
    TimeOfDay,
    /// Not a zone of the time-zone database, such as `Asia/Jakarta`.
    Zone,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Day => "expected a day such as 2026-11-21",
            Self::TimeOfDay => "expected a time of day such as 07:15",
            Self::Zone => {
                "expected a time zone such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura"
            }
        })
    }
}

impl std::error::Error for TimeError {}

/// The site's time zone.
#[derive(Debug, Clone)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// Looks a zone up by its name in the time-zone database.
    ///
    /// # Errors
    /// [`TimeError::Zone`] if the database has no such zone.
    pub fn parse(name: &str) -> Result<Self, TimeError> {
        jiff::tz::TimeZone::get(name)
            .map(Self)
            .map_err(|_| TimeError::Zone)
    }

    /// Coordinated universal time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// The zone's name in the database.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    fn civil(&self, at: Timestamp) -> jiff::civil::DateTime {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        self.0.to_datetime(at)
    }

    /// The day on which `at` falls at the site.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> LocalDay {
        LocalDay(self.civil(at).date())
    }

    /// The time of day of `at` at the site, rounded down to the minute.
    #[must_use]
    pub fn time_of_day(&self, at: Timestamp) -> TimeOfDay {
        let t = self.civil(at).time();
        let part = |v: i8| u16::try_from(v).unwrap_or(0);
        TimeOfDay {
            minutes: part(t.hour()) * 60 + part(t.minute()),
        }
    }

    /// The instant at which `time` of `day` begins at the site. A time that the change to
    /// summer time skips is moved forward.
    #[must_use]
    pub fn instant(&self, day: LocalDay, time: TimeOfDay) -> Timestamp {
        let part = |v: u16| i8::try_from(v).unwrap_or(0);
        let civil = day
            .0
            .at(part(time.minutes / 60), part(time.minutes % 60), 0, 0);
        match self.0.to_ambiguous_timestamp(civil).compatible() {
            Ok(t) => Timestamp(t.as_millisecond()),
            Err(_) => Timestamp::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_is_the_day_of_the_site() {
        let zone = Zone::parse("Asia/Jakarta").expect("zone");
        let at = Timestamp::from_millis(1_763_683_200_000); // 2025-11-21T00:00:00Z
        assert_eq!(zone.day(at).to_string(), "2025-11-21");
        assert_eq!(zone.time_of_day(at).to_string(), "07:00");
        let before = at.plus(Span::from_seconds(-7 * 3600 - 1));
        assert_eq!(zone.day(before).to_string(), "2025-11-20");
        let day = "2025-11-21".parse().expect("day");
        assert_eq!(zone.instant(day, "07:00".parse().expect("time")), at);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "7:15", "24:00", "07:60", "07-15", "+7:15", "07:1５"] {
            assert_eq!(
                text.parse::<TimeOfDay>(),
                Err(TimeError::TimeOfDay),
                "{text}"
            );
        }
        for text in ["", "2026-13-01", "2026-02-30", "20261121", "2026-11-21T00"] {
            assert_eq!(text.parse::<LocalDay>(), Err(TimeError::Day), "{text}");
        }
        assert!(Zone::parse("Mars/Olympus").is_err());
    }

    #[test]
    fn instants_are_written_in_utc() {
        assert_eq!(
            Timestamp::from_millis(0).to_string(),
            "1970-01-01T00:00:00.000Z"
        );
        assert_eq!(
            Timestamp::from_millis(i64::MAX).to_string(),
            format!("{}ms", i64::MAX)
        );
    }

    const BOOT: Boot = [1; 16];

    fn stretch(from: i64, up: i64, slow: bool) -> Stretch {
        Stretch {
            from: Timestamp::from_millis(from),
            boot: BOOT,
            up: Span::from_millis(up),
            slow,
        }
    }

    #[test]
    fn a_stamp_leads_back_to_the_moment_it_was_given_at() {
        // Started in 1970; at 10 s staff set it; at 60 s it was found to be fast.
        let all = [
            stretch(1_000, 1_000, false),
            stretch(900_000, 10_000, false),
            stretch(950_000, 60_000, true),
        ];
        let start = Timestamp::from_millis(5_000_000);
        let given = |up: i64, by: usize| all[by].at(Span::from_millis(up));
        for (up, by) in [
            (1_000, 0),
            (9_999, 0),
            (10_000, 1),
            (59_999, 1),
            (60_000, 2),
            (68_000, 2),
        ] {
            let told = true_time(&all, BOOT, start, given(up, by));
            assert_eq!(told, Some(start.plus(Span::from_millis(up))), "{up}");
        }
        assert_eq!(given(68_000, 2), Timestamp::from_millis(951_000));
    }

    #[test]
    fn stamps_of_another_start_of_the_box_stay_as_they_are() {
        let all = [stretch(1_000, 1_000, false)];
        let start = Timestamp::from_millis(0);
        let stamp = Timestamp::from_millis;
        assert_eq!(true_time(&all, [2; 16], start, stamp(5_000)), None);
        assert_eq!(true_time(&all, BOOT, start, stamp(999)), None);
        assert_eq!(true_time(&[], BOOT, start, stamp(999)), None);
    }

    proptest! {
        #[test]
        fn both_ways_agree(from in 0..4_000_000_000_000_i64, up in 0..9_000_000_i64,
            passed in 0..900_000_000_i64, slow: bool) {
            let stretch = stretch(from, up, slow);
            let when = Span::from_millis(up + passed);
            let back = stretch.up_at(stretch.at(when)).as_millis();
            prop_assert!((0..SLOWNESS).contains(&(when.as_millis() - back)));
        }
    }
}
