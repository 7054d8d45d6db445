//! The rule for a clock that is not synchronised: staff may say what the time is, which is kept
//! until the true time is known. The system's clock is not touched, and the time never goes
//! back behind what was recorded.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::base::time::{ClockState, Look, Span, Stretch, Timestamp};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::site::Call;
use crate::host::clock::RELEASED;
use crate::store::stretches::{self, StretchRow};
use crate::store::{Tx, View};
use std::fmt;

/// Why the time was not set.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The clock is right: there is nothing to set.
    Synced,
    /// The box has recorded something at this later time.
    Behind(Timestamp),
    /// No true time: before this version was made, or [`limits::CLOCK_SET_MS_MAX`] after.
    Range,
    /// The actor's rights or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Synced | Self::Behind(_) => Cause::Conflict,
            Self::Range => Cause::Unprocessable,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Synced => f.write_str("the clock is right; there is nothing to set"),
            Self::Behind(at) => write!(
                f,
                "the box has recorded something at {at}, and its time is never set back before that"
            ),
            Self::Range => write!(f, "the time must lie within twenty years after {RELEASED}"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Whether this time may be said to be now.
///
/// # Errors
/// [`Error::Synced`], [`Error::Behind`], [`Error::Range`].
pub fn check(look: &Look, time: Timestamp) -> Result<(), Error> {
    if look.stamp.clock == ClockState::Synced {
        return Err(Error::Synced);
    }
    let end = RELEASED.plus(Span::from_millis(limits::CLOCK_SET_MS_MAX));
    if time < RELEASED || time > end {
        return Err(Error::Range);
    }
    if time < look.stamp.at {
        return Err(Error::Behind(look.stamp.at));
    }
    Ok(())
}

/// Says that it was `time` at the moment of `look`; gives the stretch that the clock is to follow
/// once the job's commit is answered.
///
/// # Errors
/// Those of [`check`], and the faults.
pub fn set(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    look: &Look,
    time: Timestamp,
) -> Result<Stretch, Error> {
    let _may = call.actor.set_clock()?;
    check(look, time)?;
    let stretch = Stretch {
        from: time,
        up: look.up,
        slow: false,
        ..look.stretch
    };
    let ahead = time.since(look.stamp.at);
    let row = StretchRow {
        stretch,
        set: Some((call.actor.label(), ahead)),
    };
    stretches::insert_stretch(tx, &row)?;
    let told = format!(
        "from {} to {time}, {} ms forward",
        look.stamp.at,
        ahead.as_millis()
    );
    let object = "clock:box".to_owned();
    audit::record(tx, call, Act::ClockSet, object, Detail::Plain(told))?;
    Ok(stretch)
}

/// Keeps a stretch that nobody has set; those of other starts of the box are of no use any more.
///
/// # Errors
/// Those of the store.
pub fn keep(tx: &Tx<'_>, stretch: Stretch) -> Result<(), Fault> {
    let kept = stretches::list_stretches(tx)?;
    let other = |row: &&StretchRow| row.stretch.boot != stretch.boot;
    if let Some(last) = kept.iter().rfind(other) {
        stretches::delete_stretches(tx, last.stretch.from)?;
    }
    stretches::insert_stretch(tx, &StretchRow { stretch, set: None })?;
    Ok(())
}

/// The time that staff have set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Who: a kind and an id.
    pub by: String,
    /// To which time.
    pub to: Timestamp,
    /// By how much it was set forward.
    pub ahead: Span,
}

/// What staff have set last and what stands until the clock is right; None: nothing.
///
/// # Errors
/// Those of the store.
pub fn find_set(view: &View<'_>) -> Result<Option<Set>, Fault> {
    let rows = stretches::list_stretches(view)?.into_iter().rev();
    let mut set = rows.filter_map(|row| {
        let (by, ahead) = row.set?;
        Some(Set {
            by,
            to: row.stretch.from,
            ahead,
        })
    });
    Ok(set.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Stamp;

    fn look(at: Timestamp, clock: ClockState) -> Look {
        let stretch = Stretch {
            from: at,
            boot: [1; 16],
            up: Span::from_millis(0),
            slow: false,
        };
        Look {
            stamp: Stamp { at, clock },
            up: Span::from_millis(0),
            stretch,
            kept: true,
            next: None,
        }
    }

    #[test]
    fn which_times_may_be_said() {
        let now = RELEASED.plus(Span::from_seconds(86_400));
        let ms = |n| now.plus(Span::from_millis(n));
        let unsynced = look(now, ClockState::Unsynced);
        assert_eq!(check(&unsynced, now), Ok(()));
        assert_eq!(check(&unsynced, ms(1)), Ok(()));
        assert_eq!(check(&unsynced, ms(-1)), Err(Error::Behind(now)));
        let end = RELEASED.plus(Span::from_millis(limits::CLOCK_SET_MS_MAX));
        assert_eq!(check(&unsynced, end), Ok(()));
        let after = end.plus(Span::from_millis(1));
        assert_eq!(check(&unsynced, after), Err(Error::Range));
        let woken = look(Timestamp::from_millis(60_000), ClockState::Unsynced);
        let early = Timestamp::from_millis(RELEASED.as_millis() - 1);
        assert_eq!(check(&woken, early), Err(Error::Range));
        assert_eq!(check(&woken, RELEASED), Ok(()));
        let synced = look(now, ClockState::Synced);
        assert_eq!(check(&synced, ms(1)), Err(Error::Synced));
    }
}
