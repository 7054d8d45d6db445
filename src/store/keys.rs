//! The wrapped root keys. Which of them is used, and when one may go, is `domain::custody`'s.

use crate::base::time::Timestamp;
use crate::crypto::keyring::WrappedRoot;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};

/// All wrapped root keys, the latest last.
///
/// # Errors
/// Those of reading.
pub fn list_roots(view: &View<'_>) -> Result<Vec<WrappedRoot>, Error> {
    let mut query = view
        .connection()
        .prepare_cached("SELECT number, master, envelope FROM root_key ORDER BY number, made_at")?;
    let rows = query.query_map([], |row| {
        Ok(WrappedRoot {
            number: row.get(0)?,
            master: row.get(1)?,
            envelope: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a wrapped root key; one with the same number and master key is replaced.
///
/// # Errors
/// Those of writing.
pub fn insert_root(tx: &Tx<'_>, root: &WrappedRoot, at: Timestamp) -> Result<(), Error> {
    tx.connection()
        .prepare_cached(
            "INSERT OR REPLACE INTO root_key (number, master, envelope, made_at)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((root.number, root.master, &root.envelope, at.as_millis()))?;
    Ok(())
}

/// Deletes the root key of this number that is wrapped by the master key of this
/// fingerprint.
///
/// # Errors
/// [`Error::Missing`] if there is none.
pub fn delete_root(tx: &Tx<'_>, number: u32, master: [u8; 16]) -> Result<(), Error> {
    let gone = tx
        .connection()
        .prepare_cached("DELETE FROM root_key WHERE number = ?1 AND master = ?2")?
        .execute((number, master))?;
    if gone == 0 {
        return Err(Error::Missing("root_key"));
    }
    Ok(())
}
