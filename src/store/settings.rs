//! What was set on the pages: a name and a value each.

use crate::base::time::Timestamp;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, params};

/// Keeps a value, in the place of the one there is.
///
/// # Errors
/// Those of writing.
pub fn insert_setting(tx: &Tx<'_>, name: &str, value: &[u8], at: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO setting (name, value, changed_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET value = ?2, changed_at = ?3";
    (tx.connection().prepare_cached(sql)?).execute(params![name, value, at.as_millis()])?;
    Ok(())
}

/// The value of a name, if it was set.
///
/// # Errors
/// Those of reading.
pub fn find_setting(view: &View<'_>, name: &str) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT value FROM setting WHERE name = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Forgets a value, so that the configuration's counts again.
///
/// # Errors
/// Those of writing.
pub fn delete_setting(tx: &Tx<'_>, name: &str) -> Result<(), Error> {
    let sql = "DELETE FROM setting WHERE name = ?1";
    tx.connection().prepare_cached(sql)?.execute([name])?;
    Ok(())
}
