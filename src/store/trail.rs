//! The audit rows read back, newest first for whoever looks, oldest first for whoever takes them
//! along. There is no index besides the number: a row costs the flash at each check-in, so a
//! page looks at a stretch of numbers that has a bound, and says where to go on.

use crate::base::time::Timestamp;
use crate::store::audit::{self, Entry};
use crate::store::error::Error;
use crate::store::tx::View;
use rusqlite::OptionalExtension;

/// Which rows; None: whatever it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Only this deed.
    pub act: Option<&'a str>,
    /// Only what this kind and id did, or what was done on it.
    pub subject: Option<&'a str>,
    /// Only from this instant on.
    pub from: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
}

/// A row of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1.
    pub seq: u64,
    /// What it says.
    pub entry: Entry,
    /// Its link.
    pub link: [u8; 32],
}

fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let (seq, entry, link) = audit::entry_of(row)?;
    Ok(Row { seq, entry, link })
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// The rows with numbers from `floor` up to and without `before` that the filter wants, newest
/// first, at most `limit`.
///
/// # Errors
/// Those of reading.
pub fn list_newest(
    view: &View<'_>,
    filter: Filter<'_>,
    floor: u64,
    before: u64,
    limit: u32,
) -> Result<Vec<Row>, Error> {
    let mut query = view.connection().prepare_cached(
        "SELECT seq, at, synced, actor, origin, act, object, detail, link FROM audit
         WHERE seq >= ?1 AND seq < ?2 AND (?3 IS NULL OR act = ?3)
           AND (?4 IS NULL OR actor = ?4 OR object = ?4)
           AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
         ORDER BY seq DESC LIMIT ?7",
    )?;
    let rows = query.query_map(
        (
            number(floor),
            number(before),
            filter.act,
            filter.subject,
            filter.from.map(Timestamp::as_millis),
            filter.until.map(Timestamp::as_millis),
            limit,
        ),
        row_of,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The rows with numbers from `first` up to and with `last` that the filter wants, oldest first.
///
/// # Errors
/// Those of reading.
pub fn list_oldest(
    view: &View<'_>,
    filter: Filter<'_>,
    first: u64,
    last: u64,
) -> Result<Vec<Row>, Error> {
    let mut query = view.connection().prepare_cached(
        "SELECT seq, at, synced, actor, origin, act, object, detail, link FROM audit
         WHERE seq >= ?1 AND seq <= ?2 AND (?3 IS NULL OR act = ?3)
           AND (?4 IS NULL OR actor = ?4 OR object = ?4)
           AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
         ORDER BY seq",
    )?;
    let rows = query.query_map(
        (
            number(first),
            number(last),
            filter.act,
            filter.subject,
            filter.from.map(Timestamp::as_millis),
            filter.until.map(Timestamp::as_millis),
        ),
        row_of,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The link of a row; None: there is no such row.
///
/// # Errors
/// Those of reading.
pub fn find_link(view: &View<'_>, seq: u64) -> Result<Option<[u8; 32]>, Error> {
    Ok(view
        .connection()
        .prepare_cached("SELECT link FROM audit WHERE seq = ?1")?
        .query_row([number(seq)], |row| row.get(0))
        .optional()?)
}
