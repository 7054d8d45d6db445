//! What is to be told to the outside. Rows are written in the transaction of their cause and
//! sent later by a worker: it claims what is due, tries, and marks each row done or puts it
//! off. A claim only moves the due time on, so a worker that dies gives its rows back by
//! itself; delivery is therefore at least once, and the row's id tells receivers.

use crate::base::id::{Id, NoticeId};
use crate::base::time::Timestamp;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::OptionalExtension as _;

/// A row to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its id, which receivers use to drop repetitions.
    pub id: NoticeId,
    /// What it is: a word of `domain::outbox`.
    pub kind: String,
    /// What is sent; sensitive parts sealed before they come here.
    pub payload: Vec<u8>,
    /// When its cause happened.
    pub made_at: Timestamp,
    /// Not to be sent before.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}

/// How many rows are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// To be sent.
    pub waiting: u64,
    /// Sent.
    pub done: u64,
    /// Given up.
    pub failed: u64,
}

/// Adds a row that waits.
///
/// # Errors
/// [`Error::Conflict`] if the id is there already.
pub fn insert(tx: &Tx<'_>, row: &Row) -> Result<(), Error> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO outbox (id, kind, payload, made_at, state, due_at, attempts)
             VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?6)",
        )?
        .execute((
            row.id.to_bytes(),
            &row.kind,
            &row.payload,
            row.made_at.as_millis(),
            row.due_at.as_millis(),
            row.attempts,
        ))?;
    Ok(())
}

const COLUMNS: &str = "id, kind, payload, made_at, due_at, attempts";

fn row_of(r: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        id: NoticeId::from_bytes(r.get(0)?),
        kind: r.get(1)?,
        payload: r.get(2)?,
        made_at: Timestamp::from_millis(r.get(3)?),
        due_at: Timestamp::from_millis(r.get(4)?),
        attempts: r.get(5)?,
    })
}

/// All rows that wait, the next due first.
///
/// # Errors
/// Those of reading.
pub fn list_waiting(view: &View<'_>) -> Result<Vec<Row>, Error> {
    let mut query = view.connection().prepare_cached(&format!(
        "SELECT {COLUMNS} FROM outbox WHERE state = 'waiting' ORDER BY due_at, id"
    ))?;
    let rows = query.query_map([], row_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes at most `limit` rows that are due at `now`, oldest first, and keeps them from other
/// workers until `until`. Each row's count of attempts goes up.
///
/// # Errors
/// Those of writing.
pub fn claim_due(
    tx: &Tx<'_>,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<Row>, Error> {
    let mut query = tx.connection().prepare_cached(&format!(
        "SELECT {COLUMNS} FROM outbox
         WHERE state = 'waiting' AND due_at <= ?1 ORDER BY due_at LIMIT ?2"
    ))?;
    let mut rows = query
        .query_map((now.as_millis(), limit), row_of)?
        .collect::<Result<Vec<_>, _>>()?;
    for row in &mut rows {
        row.due_at = until;
        row.attempts = row.attempts.saturating_add(1);
    }
    let mut claim = tx
        .connection()
        .prepare_cached("UPDATE outbox SET due_at = ?2, attempts = ?3 WHERE id = ?1")?;
    for row in &rows {
        claim.execute((row.id.to_bytes(), until.as_millis(), row.attempts))?;
    }
    Ok(rows)
}

fn one(changed: usize) -> Result<(), Error> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Missing("outbox"))
    }
}

/// The row has been delivered.
///
/// # Errors
/// [`Error::Missing`] if no such row waits.
pub fn mark_done(tx: &Tx<'_>, id: NoticeId) -> Result<(), Error> {
    one(tx
        .connection()
        .prepare_cached(
            "UPDATE outbox SET state = 'done', error = NULL WHERE id = ?1 AND state = 'waiting'",
        )?
        .execute([id.to_bytes()])?)
}

/// The attempt failed: try again at `retry_at`, or give up if there is none.
///
/// # Errors
/// [`Error::Missing`] if no such row waits.
pub fn mark_failed(
    tx: &Tx<'_>,
    id: NoticeId,
    error: &str,
    retry_at: Option<Timestamp>,
) -> Result<(), Error> {
    one(tx
        .connection()
        .prepare_cached(
            "UPDATE outbox SET error = ?2, due_at = coalesce(?3, due_at),
             state = iif(?3 IS NULL, 'failed', 'waiting') WHERE id = ?1 AND state = 'waiting'",
        )?
        .execute((id.to_bytes(), error, retry_at.map(Timestamp::as_millis)))?)
}

/// Puts a row that was given up back into the queue.
///
/// # Errors
/// [`Error::Missing`] if no such row was given up.
pub fn retry(tx: &Tx<'_>, id: NoticeId, due_at: Timestamp) -> Result<(), Error> {
    one(tx
        .connection()
        .prepare_cached(
            "UPDATE outbox SET state = 'waiting', due_at = ?2 WHERE id = ?1 AND state = 'failed'",
        )?
        .execute((id.to_bytes(), due_at.as_millis()))?)
}

/// Counts the rows by state.
///
/// # Errors
/// Those of reading.
pub fn count(view: &View<'_>) -> Result<Counts, Error> {
    let mut query = view.connection().prepare_cached(
        "SELECT count(*) FILTER (WHERE state = 'waiting'),
                count(*) FILTER (WHERE state = 'done'),
                count(*) FILTER (WHERE state = 'failed') FROM outbox",
    )?;
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    Ok(query.query_row([], |r| {
        Ok(Counts {
            waiting: number(r.get(0)?),
            done: number(r.get(1)?),
            failed: number(r.get(2)?),
        })
    })?)
}

/// When the oldest row that waits is due; None: none waits.
///
/// # Errors
/// Those of reading.
pub fn find_next_due(view: &View<'_>) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT due_at FROM outbox WHERE state = 'waiting' ORDER BY due_at LIMIT 1";
    let mut query = view.connection().prepare_cached(sql)?;
    let found = query.query_row([], |r| r.get(0).map(Timestamp::from_millis));
    Ok(found.optional()?)
}

/// Takes at most `limit` rows that are due at `now` out for good, oldest first.
///
/// # Errors
/// Those of writing.
pub fn delete_due(tx: &Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Row>, Error> {
    let mut query = tx.connection().prepare_cached(&format!(
        "SELECT {COLUMNS} FROM outbox
         WHERE state = 'waiting' AND due_at <= ?1 ORDER BY due_at LIMIT ?2"
    ))?;
    let rows = query
        .query_map((now.as_millis(), limit), row_of)?
        .collect::<Result<Vec<_>, _>>()?;
    let sql = "DELETE FROM outbox WHERE id = ?1";
    let mut delete = tx.connection().prepare_cached(sql)?;
    for row in &rows {
        delete.execute([row.id.to_bytes()])?;
    }
    Ok(rows)
}
