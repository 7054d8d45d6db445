//! Keys of programs. Of their texts only digests are kept.

use crate::base::id::{ApiKeyId, Id as _};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension as _, Row, params};

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// Which.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// Digest of its text.
    pub digest: [u8; 32],
    /// Digest of the text before the last rotation, and until when that one holds.
    pub old: Option<([u8; 32], Timestamp)>,
    /// The words of its scopes between spaces.
    pub scopes: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to some minutes.
    pub seen_at: Option<Timestamp>,
}

/// Adds a key.
///
/// # Errors
/// [`Error::Conflict`] if the id or the text is taken.
pub fn insert_key(tx: &Tx<'_>, key: &ApiKeyRow) -> Result<(), Error> {
    let sql = "INSERT INTO api_key
         (id, name, digest, old_digest, old_until, scopes, made_at, expires_at, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    tx.connection().prepare_cached(sql)?.execute(params![
        key.id.to_bytes(),
        key.name,
        key.digest,
        key.old.map(|(digest, _)| digest),
        key.old.map(|(_, until)| until.as_millis()),
        key.scopes,
        key.made_at.as_millis(),
        key.expires_at.as_millis(),
        key.seen_at.map(Timestamp::as_millis),
    ])?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, name, digest, old_digest, old_until, scopes, made_at, expires_at, seen_at FROM api_key";

fn read(row: &Row<'_>) -> rusqlite::Result<ApiKeyRow> {
    let old: Option<[u8; 32]> = row.get(3)?;
    Ok(ApiKeyRow {
        id: column::id(row, 0)?,
        name: row.get(1)?,
        digest: row.get(2)?,
        old: old.zip(column::time_or_none(row, 4)?),
        scopes: row.get(5)?,
        made_at: column::time(row, 6)?,
        expires_at: column::time(row, 7)?,
        seen_at: column::time_or_none(row, 8)?,
    })
}

/// The key with a text of this digest, be it the one before the last rotation.
///
/// # Errors
/// Those of reading.
pub fn find_by_digest(view: &View<'_>, digest: [u8; 32]) -> Result<Option<ApiKeyRow>, Error> {
    let sql = format!("{COLUMNS} WHERE digest = ?1");
    let mut statement = view.connection().prepare_cached(&sql)?;
    let found = statement.query_row([digest], read).optional()?;
    if found.is_some() {
        return Ok(found);
    }
    let sql = format!("{COLUMNS} WHERE old_digest = ?1");
    let mut statement = view.connection().prepare_cached(&sql)?;
    Ok(statement.query_row([digest], read).optional()?)
}

/// A key; None: there is none.
///
/// # Errors
/// Those of reading.
pub fn find_key(view: &View<'_>, id: ApiKeyId) -> Result<Option<ApiKeyRow>, Error> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let mut statement = view.connection().prepare_cached(&sql)?;
    Ok(statement.query_row([id.to_bytes()], read).optional()?)
}

/// All keys; there are few.
///
/// # Errors
/// Those of reading.
pub fn list_keys(view: &View<'_>) -> Result<Vec<ApiKeyRow>, Error> {
    let sql = format!("{COLUMNS} WHERE id >= x'00' ORDER BY id");
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives a key another text; the one it had holds until `old_until`.
///
/// # Errors
/// [`Error::Missing`] if there is no such key.
pub fn update_digest(
    tx: &Tx<'_>,
    id: ApiKeyId,
    digest: [u8; 32],
    old_until: Timestamp,
) -> Result<(), Error> {
    let sql = "UPDATE api_key SET old_digest = digest, old_until = ?3, digest = ?2 WHERE id = ?1";
    let mut statement = tx.connection().prepare_cached(sql)?;
    match statement.execute((id.to_bytes(), digest, old_until.as_millis()))? {
        1 => Ok(()),
        _ => Err(Error::Missing("api_key")),
    }
}

/// Notes that a key is used.
///
/// # Errors
/// Those of writing.
pub fn update_seen(tx: &Tx<'_>, id: ApiKeyId, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE api_key SET seen_at = ?2 WHERE id = ?1";
    (tx.connection().prepare_cached(sql)?).execute((id.to_bytes(), at.as_millis()))?;
    Ok(())
}

/// Removes a key; false: there was none.
///
/// # Errors
/// Those of writing.
pub fn delete_key(tx: &Tx<'_>, id: ApiKeyId) -> Result<bool, Error> {
    let sql = "DELETE FROM api_key WHERE id = ?1";
    Ok((tx.connection().prepare_cached(sql)?).execute([id.to_bytes()])? == 1)
}
