//! Numbers of an occasion, counted from its rows: how many are expected, inside, in, refused,
//! and how many came in which stretch of time.

use crate::base::id::{DeviceId, EventId, Id};
use crate::base::time::Timestamp;
use crate::store::View;
use crate::store::column;
use crate::store::error::Error;
use crate::store::visits::OccasionKey;
use rusqlite::params;

/// Tickets of an event that are in force.
///
/// # Errors
/// Those of reading.
pub fn get_tickets_in_force(view: &View<'_>, event: EventId) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM ticket WHERE event = ?1 AND state = 'valid'";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.query_row([event.to_bytes()], |row| row.get(0))?)
}

/// Who is inside, and who has come in at least once.
///
/// # Errors
/// Those of reading.
pub fn get_presence(view: &View<'_>, occasion: &OccasionKey) -> Result<(u32, u32), Error> {
    let sql = "SELECT coalesce(sum(inside), 0), coalesce(sum(entries > 0), 0) FROM presence
         WHERE occasion = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(statement.query_row([occasion.as_bytes()], read)?)
}

/// The sequence number of the last decision; 0: there is none.
///
/// # Errors
/// Those of reading.
pub fn get_last(view: &View<'_>, occasion: &OccasionKey) -> Result<u64, Error> {
    let sql = "SELECT coalesce(max(seq), 0) FROM visit WHERE occasion = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    Ok(statement
        .query_row([occasion.as_bytes()], read)?
        .unsigned_abs())
}

/// How many check-ins of all occasions were undone.
///
/// # Errors
/// Those of reading.
pub fn get_undone(view: &View<'_>) -> Result<u64, Error> {
    let mut statement = (view.connection()).prepare_cached("SELECT count(*) FROM undo")?;
    let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    Ok(statement.query_row([], read)?.unsigned_abs())
}

/// Decisions after a sequence number that let nobody in, repetitions of an admission not among
/// them.
///
/// # Errors
/// Those of reading.
pub fn get_refused(view: &View<'_>, occasion: &OccasionKey, after: u64) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM visit WHERE occasion = ?1 AND seq > ?2 AND verdict = 'refused'";
    let mut statement = view.connection().prepare_cached(sql)?;
    let key = params![occasion.as_bytes(), sequence(after)];
    Ok(statement.query_row(key, |row| row.get(0))?)
}

fn sequence(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Entries of one stretch of time at one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entries {
    /// When the stretch began.
    pub from: Timestamp,
    /// The device; None: a page, or the command line.
    pub device: Option<DeviceId>,
    /// How many.
    pub entries: u32,
}

/// Entries after a sequence number that were not undone, by device and by stretches of `stretch_ms` that begin at a
/// multiple of it, oldest first. One pass over the occasion's decisions.
///
/// # Errors
/// Those of reading.
pub fn list_entries(
    view: &View<'_>,
    occasion: &OccasionKey,
    after: u64,
    stretch_ms: i64,
) -> Result<Vec<Entries>, Error> {
    let sql = "SELECT happened_at / ?3 * ?3 AS begins, device, count(*) FROM visit
         WHERE occasion = ?1 AND seq > ?2
           AND verdict = 'admitted' AND direction = 'entry' AND undone = 0
         GROUP BY begins, device ORDER BY begins";
    let mut statement = view.connection().prepare_cached(sql)?;
    let key = params![occasion.as_bytes(), sequence(after), stretch_ms];
    let rows = statement.query_map(key, |row| {
        Ok(Entries {
            from: column::time(row, 0)?,
            device: column::id_or_none(row, 1)?,
            entries: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
