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

/// Decisions that let nobody in, repetitions of an admission not among them.
///
/// # Errors
/// Those of reading.
pub fn get_refused(view: &View<'_>, occasion: &OccasionKey) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM visit WHERE occasion = ?1 AND verdict = 'refused'";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.query_row([occasion.as_bytes()], |row| row.get(0))?)
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

/// Entries that were not undone, by device and by stretches of `stretch_ms` that begin at a
/// multiple of it, oldest first. One pass over the occasion's decisions.
///
/// # Errors
/// Those of reading.
pub fn list_entries(
    view: &View<'_>,
    occasion: &OccasionKey,
    stretch_ms: i64,
) -> Result<Vec<Entries>, Error> {
    let sql = "SELECT happened_at / ?2 * ?2 AS begins, device, count(*) FROM visit
         WHERE occasion = ?1 AND verdict = 'admitted' AND direction = 'entry' AND undone = 0
         GROUP BY begins, device ORDER BY begins";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map(params![occasion.as_bytes(), stretch_ms], |row| {
        Ok(Entries {
            from: column::time(row, 0)?,
            device: column::id_or_none(row, 1)?,
            entries: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
