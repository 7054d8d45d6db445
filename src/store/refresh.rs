//! Refresh tokens: which of a session's row of tokens is in force.

use crate::base::id::{Id, SessionId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, params};

/// The refresh tokens of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshRow {
    /// What they are made from, sealed.
    pub salt: Vec<u8>,
    /// The number of the one in force, from 1.
    pub number: i64,
    /// Since when it is in force.
    pub rotated_at: Timestamp,
}

/// Keeps the refresh tokens of a session; they go with it.
///
/// # Errors
/// Those of writing.
pub fn insert_refresh(tx: &Tx<'_>, session: SessionId, row: &RefreshRow) -> Result<(), Error> {
    let sql = "INSERT INTO refresh (session, salt, number, rotated_at) VALUES (?1, ?2, ?3, ?4)";
    tx.connection().prepare_cached(sql)?.execute(params![
        session.to_bytes(),
        row.salt,
        row.number,
        row.rotated_at.as_millis(),
    ])?;
    Ok(())
}

/// The refresh tokens of a session.
///
/// # Errors
/// Those of reading.
pub fn find_refresh(view: &View<'_>, session: SessionId) -> Result<Option<RefreshRow>, Error> {
    let sql = "SELECT salt, number, rotated_at FROM refresh WHERE session = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let found = statement.query_row([session.to_bytes()], |row| {
        Ok(RefreshRow {
            salt: row.get(0)?,
            number: row.get(1)?,
            rotated_at: column::time(row, 2)?,
        })
    });
    Ok(found.optional()?)
}

/// The next one is in force from now on.
///
/// # Errors
/// Those of writing.
pub fn update_number(
    tx: &Tx<'_>,
    session: SessionId,
    number: i64,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = "UPDATE refresh SET number = ?2, rotated_at = ?3 WHERE session = ?1";
    let mut statement = tx.connection().prepare_cached(sql)?;
    statement.execute(params![session.to_bytes(), number, at.as_millis()])?;
    Ok(())
}
