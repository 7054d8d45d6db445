//! How the stamps of an unsynced clock came about, until the true time is known.

use crate::base::time::{Span, Stretch, Timestamp};
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::params;

/// A stretch as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StretchRow {
    /// The stretch.
    pub stretch: Stretch,
    /// Who said what the time is, and by how much it was set forward; None: nobody did.
    pub set: Option<(String, Span)>,
}

/// Keeps a stretch; one with the same first stamp gives way to it.
///
/// # Errors
/// Those of writing.
pub fn insert_stretch(tx: &Tx<'_>, row: &StretchRow) -> Result<(), Error> {
    let sql = "INSERT INTO clock_stretch (from_at, boot, up_ms, slow, set_by, ahead_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (from_at) DO UPDATE
         SET boot = ?2, up_ms = ?3, slow = ?4, set_by = ?5, ahead_ms = ?6";
    let set = row.set.as_ref();
    tx.connection().prepare_cached(sql)?.execute(params![
        row.stretch.from.as_millis(),
        row.stretch.boot,
        row.stretch.up.as_millis(),
        row.stretch.slow,
        set.map(|(by, _)| by),
        set.map(|(_, ahead)| ahead.as_millis()),
    ])?;
    Ok(())
}

/// The stretches in the order of their first stamps. There is one for each start of the box and
/// each change of the clock since it was last right.
///
/// # Errors
/// Those of reading.
pub fn list_stretches(view: &View<'_>) -> Result<Vec<StretchRow>, Error> {
    let sql = "SELECT from_at, boot, up_ms, slow, set_by, ahead_ms FROM clock_stretch
         WHERE from_at >= 0 ORDER BY from_at";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let by: Option<String> = row.get(4)?;
        let ahead: Option<i64> = row.get(5)?;
        Ok(StretchRow {
            stretch: Stretch {
                from: column::time(row, 0)?,
                boot: row.get(1)?,
                up: Span::from_millis(row.get(2)?),
                slow: row.get(3)?,
            },
            set: by.zip(ahead.map(Span::from_millis)),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets the stretches that began at an instant or before.
///
/// # Errors
/// Those of writing.
pub fn delete_stretches(tx: &Tx<'_>, until: Timestamp) -> Result<(), Error> {
    let sql = "DELETE FROM clock_stretch WHERE from_at <= ?1";
    (tx.connection().prepare_cached(sql)?).execute([until.as_millis()])?;
    Ok(())
}
