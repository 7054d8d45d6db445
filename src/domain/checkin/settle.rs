//! What was decided while nobody knew the true time, computed again once it is known: when it
//! happened, whether it was late, and on which day of attendance. Each decision is corrected
//! once, in the transaction that says so in the audit chain.

use crate::base::time::ClockState;
use crate::base::time::{Boot, Stretch, Timestamp, true_time};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::checkin::Error;
use crate::domain::checkin::presence;
use crate::domain::checkin::reason::{Direction, Mode, Standing, Verdict};
use crate::domain::checkin::request::Occasion;
use crate::domain::checkin::scan;
use crate::domain::fault::Fault;
use crate::domain::site::{Call, Site};
use crate::store::Tx;
use crate::store::provisional::{self, Correction, ProvisionalRow};
use crate::store::stretches;
use crate::store::visits;

/// What is known of the true time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// This start of the box.
    pub boot: Boot,
    /// When that was.
    pub start: Timestamp,
    /// Until when the times in the store are to be corrected: now.
    pub now: Timestamp,
}

/// What one step has done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// The last decision that was looked at; None: there was none any more.
    pub through: Option<u64>,
    /// How many were corrected.
    pub corrected: u32,
    /// How many stay as they are: another start of the box, or the person was recorded on the
    /// true day already.
    pub left: u32,
}

/// Corrects at most `most` decisions after the one with the number `after`. When there is none
/// left, what is known of how the clock ran is forgotten. Doing it twice changes nothing.
///
/// # Errors
/// The faults; nothing was changed then.
pub fn settle(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    truth: Truth,
    after: u64,
    most: u32,
) -> Result<Settled, Error> {
    let rows = provisional::list_provisional(tx, after, most)?;
    let kept = stretches::list_stretches(tx)?;
    let Some(last) = rows.last() else {
        stretches::delete_stretches(tx, truth.now)?;
        return Ok(Settled::default());
    };
    let mut settled = Settled {
        through: Some(last.seq),
        ..Settled::default()
    };
    let all: Vec<Stretch> = kept.into_iter().map(|row| row.stretch).collect();
    for row in &rows {
        if correct(tx, call.site, &all, truth, row)? {
            settled.corrected += 1;
        } else {
            settled.left += 1;
        }
    }
    if settled.corrected > 0 {
        let told = format!("{} corrected, {} left", settled.corrected, settled.left);
        let object = "clock:box".to_owned();
        audit::record(tx, call, Act::ClockSettle, object, Detail::Plain(told))?;
    }
    Ok(settled)
}

/// Corrects one decision; false: it stays as it is.
fn correct(
    tx: &Tx<'_>,
    site: &Site,
    all: &[Stretch],
    truth: Truth,
    row: &ProvisionalRow,
) -> Result<bool, Error> {
    let told = |stamp| true_time(all, truth.boot, truth.start, stamp);
    let Some(arrived_at) = told(row.arrived_at) else {
        return Ok(false);
    };
    // A report names the time by another clock, unless that was later than the box's own.
    let reported = row.mode == Mode::Offline && row.happened_at != row.arrived_at;
    let happened_at = match reported {
        true => row.happened_at,
        false => arrived_at,
    };
    let before = Occasion::of(&row.occasion).ok_or(Fault::Damaged("visit"))?;
    let Some(occasion) = true_occasion(tx, site, before, happened_at, row)? else {
        return Ok(false);
    };
    let time = site.zone.time_of_day(happened_at);
    let arrival = row
        .standing
        .map(|_| scan::arrival(&site.rules.day, time, ClockState::Synced));
    let late = arrival.filter(|a| a.standing == Standing::Late);
    let correction = Correction {
        occasion: occasion.key(),
        happened_at,
        arrived_at,
        first_at: row.first_at.map(|at| told(at).unwrap_or(at)),
        standing: arrival.map(|a| a.standing),
        late_min: late.map(|a| a.late_minutes),
    };
    provisional::update_times(tx, row.nonce, &correction)?;
    if let (Verdict::Admitted, Some(subject)) = (row.verdict, row.subject) {
        recount(tx, before, subject)?;
        if occasion != before {
            recount(tx, occasion, subject)?;
        }
    }
    Ok(true)
}

/// The occasion that it was in truth: an event stays; of the attendance it is the true day. None:
/// that cannot be put right without changing what was decided.
fn true_occasion(
    tx: &Tx<'_>,
    site: &Site,
    before: Occasion,
    at: Timestamp,
    row: &ProvisionalRow,
) -> Result<Option<Occasion>, Error> {
    let Occasion::Daily(day) = before else {
        return Ok(Some(before));
    };
    let now = Occasion::Daily(site.zone.day(at));
    if now == Occasion::Daily(day) {
        return Ok(Some(before));
    }
    let (Verdict::Admitted, Some(subject)) = (row.verdict, row.subject) else {
        return Ok(None);
    };
    let there = visits::find_presence(tx, &now.key(), subject)?;
    let entered = there.is_some_and(|presence| presence.entries > 0);
    Ok((entered == (row.direction == Direction::Exit)).then_some(now))
}

/// Counts anew where a subject stands, from its passages.
fn recount(tx: &Tx<'_>, occasion: Occasion, subject: [u8; 16]) -> Result<(), Error> {
    let before = visits::find_presence(tx, &occasion.key(), subject)?;
    let now = presence::fold(&visits::list_passages(tx, &occasion.key(), subject)?);
    scan::stand(tx, occasion, subject, before.as_ref(), &now)
}
