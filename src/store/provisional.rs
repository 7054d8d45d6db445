//! Decisions that were made while nobody knew the true time, and their correction.

use crate::base::id::{Id, Nonce};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use crate::store::verdicts::{Direction, Mode, Standing, Verdict};
use crate::store::visits::OccasionKey;
use rusqlite::params;

/// What of such a decision may have to be corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionalRow {
    /// The box's sequence number.
    pub seq: u64,
    /// The nonce that names it.
    pub nonce: Nonce,
    /// Where.
    pub occasion: OccasionKey,
    /// The ticket's id, or the person's where there is no ticket.
    pub subject: Option<[u8; 16]>,
    /// The direction.
    pub direction: Direction,
    /// The mode.
    pub mode: Mode,
    /// The verdict.
    pub verdict: Verdict,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When the box heard of it.
    pub arrived_at: Timestamp,
    /// First entry, for `already`.
    pub first_at: Option<Timestamp>,
    /// The standing on a day of attendance.
    pub standing: Option<Standing>,
}

/// A page of them in the order they were made.
///
/// # Errors
/// Those of reading.
pub fn list_provisional(
    view: &View<'_>,
    after_seq: u64,
    limit: u32,
) -> Result<Vec<ProvisionalRow>, Error> {
    let sql = "SELECT seq, nonce, occasion, coalesce(ticket, person), direction, mode, verdict, happened_at,
         arrived_at, first_at, standing FROM visit WHERE synced = 0 AND seq > ?1 ORDER BY seq LIMIT ?2";
    let mut statement = view.connection().prepare_cached(sql)?;
    let after = i64::try_from(after_seq).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after, limit], |row| {
        Ok(ProvisionalRow {
            seq: row.get::<_, i64>(0)?.unsigned_abs(),
            nonce: column::id(row, 1)?,
            occasion: OccasionKey::stored(row.get(2)?),
            subject: row.get(3)?,
            direction: column::word(row, 4, Direction::read)?,
            mode: column::word(row, 5, Mode::read)?,
            verdict: column::word(row, 6, Verdict::read)?,
            happened_at: column::time(row, 7)?,
            arrived_at: column::time(row, 8)?,
            first_at: column::time_or_none(row, 9)?,
            standing: column::word_or_none(row, 10, Standing::read)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a decision's times are found to have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Where: another day than was thought.
    pub occasion: OccasionKey,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When the box heard of it.
    pub arrived_at: Timestamp,
    /// First entry, for `already`.
    pub first_at: Option<Timestamp>,
    /// The standing on a day of attendance.
    pub standing: Option<Standing>,
    /// Minutes of lateness.
    pub late_min: Option<u32>,
}

/// Corrects a decision's times; they may be believed from now on.
///
/// # Errors
/// Those of writing.
pub fn update_times(tx: &Tx<'_>, nonce: Nonce, to: &Correction) -> Result<(), Error> {
    let sql = "UPDATE visit SET synced = 1, occasion = ?2, happened_at = ?3, arrived_at = ?4, first_at = ?5,
         standing = ?6, late_min = ?7 WHERE nonce = ?1";
    tx.connection().prepare_cached(sql)?.execute(params![
        nonce.to_bytes(),
        to.occasion.as_bytes(),
        to.happened_at.as_millis(),
        to.arrived_at.as_millis(),
        to.first_at.map(Timestamp::as_millis),
        to.standing.map(Standing::code),
        to.late_min,
    ])?;
    Ok(())
}
