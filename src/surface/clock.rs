//! Keeps the box's time: what is to be known later of a clock that is not right yet is kept
//! before it is followed, and what was decided meanwhile is corrected once it is right. Looked
//! at once a second by the daemon.

use crate::base::json::json;
use crate::base::limits;
use crate::base::time::{ClockState, Look, Span, Stretch, Timestamp};
use crate::domain::actor::Actor;
use crate::domain::checkin;
use crate::domain::checkin::settle::{self, Truth};
use crate::domain::clock;
use crate::domain::fault::Fault;
use crate::journal::fields;
use crate::surface::core::Core;
use crate::surface::live::Topic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The surface's name in audit rows.
const SURFACE: &str = "clock";

/// A clock that is believed and leaps further than this is told, in milliseconds.
const LEAP_MS_MIN: i64 = 60_000;

/// What the desks' streams are told.
fn tell(core: &Core, state: ClockState) {
    let word = match state {
        ClockState::Synced => "synced",
        ClockState::Unsynced => "unsynced",
    };
    let told = json!({"clock": word, "now_ms": core.clock.stamp().at.as_millis()});
    core.live.tell(Topic::Desk, "clock", &told);
}

/// Says that it is `time` now, for an actor who came through `surface`. In force when this
/// returns, and told to the desks.
///
/// # Errors
/// Those of [`clock::set`].
pub fn set(
    core: &Core,
    actor: Actor,
    surface: &'static str,
    time: Timestamp,
) -> Result<(), clock::Error> {
    let _may = actor.set_clock()?;
    let look = core.clock.look().ok_or(clock::Error::Synced)?;
    let stretch = core.write_at(look.stamp, actor, surface, move |tx, call| {
        clock::set(tx, call, &look, time)
    })?;
    core.clock.follow(stretch);
    tell(core, ClockState::Unsynced);
    Ok(())
}

/// What was seen at the last look.
#[derive(Debug, Clone, Copy)]
struct Seen {
    clock: ClockState,
    at: Timestamp,
    up: Span,
}

/// Looks after the clock.
#[derive(Debug)]
pub struct Keeper {
    seen: Mutex<Option<Seen>>,
    /// Decisions may wait for a correction.
    unsettled: AtomicBool,
    /// The store refused last time; it is told once.
    failed: AtomicBool,
}

impl Default for Keeper {
    fn default() -> Self {
        Self {
            seen: Mutex::new(None),
            unsettled: AtomicBool::new(true),
            failed: AtomicBool::new(false),
        }
    }
}

impl Keeper {
    /// Keeps how an unsynced clock begins; before anything is decided.
    pub fn begin(&self, core: &Core) {
        if let Some(look) = core.clock.look()
            && look.stamp.clock == ClockState::Unsynced
        {
            self.note(keep(core, &look).map_err(checkin::Error::Fault));
        }
    }

    /// Looks once: keeps what is new, and corrects what waits once the clock is right. Blocks.
    pub fn tick(&self, core: &Core) {
        let Some(look) = core.clock.look() else {
            return;
        };
        self.tell_changes(core, &look);
        match look.stamp.clock {
            ClockState::Unsynced => {
                self.unsettled.store(true, Ordering::Relaxed);
                self.note(keep(core, &look).map_err(checkin::Error::Fault));
            }
            ClockState::Synced if self.unsettled.load(Ordering::Relaxed) => {
                let settled = correct(core, &look);
                if settled.is_ok() {
                    self.unsettled.store(false, Ordering::Relaxed);
                }
                self.note(settled);
            }
            ClockState::Synced => {}
        }
    }

    /// A failure is told once until it is over; the next look tries again.
    fn note(&self, result: Result<(), checkin::Error>) {
        match result {
            Ok(()) => self.failed.store(false, Ordering::Relaxed),
            Err(error) => {
                if !self.failed.swap(true, Ordering::Relaxed) {
                    tracing::warn!(
                        { fields::EVENT } = "clock_not_kept",
                        { fields::ERROR } = %error,
                        "What is to be known of the clock could not be kept; it is tried again."
                    );
                }
            }
        }
    }

    fn tell_changes(&self, core: &Core, look: &Look) {
        let now = Seen {
            clock: look.stamp.clock,
            at: look.stamp.at,
            up: look.up,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = seen.replace(now);
        drop(seen);
        let was = before.map(|seen| seen.clock);
        match (was, now.clock) {
            (Some(ClockState::Synced) | None, ClockState::Unsynced) => tracing::warn!(
                { fields::EVENT } = "clock_unsynced",
                "The clock is not right; lateness is provisional, and nobody is refused for it."
            ),
            (Some(ClockState::Unsynced), ClockState::Synced) => {
                tracing::info!({ fields::EVENT } = "clock_synced", "The clock is right.");
            }
            (_, _) => {}
        }
        if was.is_some_and(|was| was != now.clock) {
            tell(core, now.clock);
        }
        if let Some(before) = before.filter(|b| b.clock == now.clock) {
            let leapt = leap(before, now);
            if leapt > LEAP_MS_MIN {
                tracing::warn!(
                    { fields::EVENT } = "clock_leapt",
                    "The clock has leapt forward by {} s.",
                    leapt / 1000
                );
            }
        }
    }
}

/// By how much more the time went on than passed, in milliseconds.
fn leap(before: Seen, now: Seen) -> i64 {
    let passed = now.up.as_millis() - before.up.as_millis();
    now.at.since(before.at).as_millis() - passed
}

fn keep(core: &Core, look: &Look) -> Result<(), Fault> {
    let stretch: Stretch = match look.next {
        Some(next) => next,
        None if look.kept => return Ok(()),
        None => look.stretch,
    };
    core.store.write(move |tx| clock::keep(tx, stretch))?;
    core.clock.follow(stretch);
    Ok(())
}

/// Corrects everything that waits, a few decisions at a time, so that check-ins go on between.
fn correct(core: &Core, look: &Look) -> Result<(), checkin::Error> {
    let truth = Truth {
        boot: look.stretch.boot,
        start: Timestamp::from_millis(look.stamp.at.as_millis() - look.up.as_millis()),
        now: look.stamp.at,
    };
    let (mut after, mut corrected, mut left) = (0, 0_u32, 0_u32);
    loop {
        let step = core.write(Actor::Operator, SURFACE, move |tx, call| {
            settle::settle(tx, call, truth, after, limits::CLOCK_SETTLED_ROWS_MAX)
        })?;
        corrected += step.corrected;
        left += step.left;
        match step.through {
            Some(through) => after = through,
            None => break,
        }
    }
    if corrected > 0 {
        core.tallies.forget();
        tell(core, ClockState::Synced);
        tracing::info!(
            { fields::EVENT } = "clock_settled",
            { fields::ROWS } = corrected,
            "Times of decisions were corrected; {left} stay provisional."
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_is_what_passes_beyond_the_time() {
        let seen = |at, up| Seen {
            clock: ClockState::Synced,
            at: Timestamp::from_millis(at),
            up: Span::from_millis(up),
        };
        for (at, up, want) in [
            (2_000, 2_000, 0),
            (9_000, 2_000, 7_000),
            (1_500, 2_000, -500),
        ] {
            assert_eq!(leap(seen(1_000, 1_000), seen(at, up)), want);
        }
    }
}
