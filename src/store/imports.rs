//! Imports of people that may still be taken back, and whom each of them added or changed.

use crate::base::id::{Id, ImportId, PersonId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Row, params};

/// An import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportRow {
    /// Which.
    pub id: ImportId,
    /// When.
    pub at: Timestamp,
    /// People it added.
    pub created: u32,
    /// People it changed.
    pub updated: u32,
}

/// Somebody whom an import added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRow {
    /// Who.
    pub person: PersonId,
    /// In which line of the table.
    pub line: u32,
    /// What it found and what it left, sealed under the person's key.
    pub trace: Vec<u8>,
}

/// Keeps an import.
///
/// # Errors
/// [`Error::Conflict`] if it is kept already.
pub fn insert_import(tx: &Tx<'_>, import: &ImportRow) -> Result<(), Error> {
    let sql = "INSERT INTO import (id, at, created, updated) VALUES (?1, ?2, ?3, ?4)";
    tx.connection().prepare_cached(sql)?.execute(params![
        import.id.to_bytes(),
        import.at.as_millis(),
        import.created,
        import.updated,
    ])?;
    Ok(())
}

/// Keeps what an import did to a person.
///
/// # Errors
/// [`Error::Conflict`] if import or person is missing.
pub fn insert_imported(tx: &Tx<'_>, import: ImportId, row: &ImportedRow) -> Result<(), Error> {
    let sql = "INSERT INTO import_person (import, person, line, trace) VALUES (?1, ?2, ?3, ?4)";
    tx.connection().prepare_cached(sql)?.execute(params![
        import.to_bytes(),
        row.person.to_bytes(),
        row.line,
        row.trace,
    ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<ImportRow> {
    Ok(ImportRow {
        id: column::id(row, 0)?,
        at: column::time(row, 1)?,
        created: row.get(2)?,
        updated: row.get(3)?,
    })
}

/// An import, if it is still kept.
///
/// # Errors
/// Those of reading.
pub fn find_import(view: &View<'_>, id: ImportId) -> Result<Option<ImportRow>, Error> {
    let sql = "SELECT id, at, created, updated FROM import WHERE id = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.query_row([id.to_bytes()], read).optional()?)
}

/// Imports from an instant on, the newest first.
///
/// # Errors
/// Those of reading.
pub fn list_imports(
    view: &View<'_>,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<ImportRow>, Error> {
    let sql = "SELECT id, at, created, updated FROM import WHERE at >= ?1
         ORDER BY at DESC LIMIT ?2";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map(params![since.as_millis(), limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whom an import added or changed.
///
/// # Errors
/// Those of reading.
pub fn list_imported(view: &View<'_>, import: ImportId) -> Result<Vec<ImportedRow>, Error> {
    let sql = "SELECT person, line, trace FROM import_person WHERE import = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([import.to_bytes()], |row| {
        Ok(ImportedRow {
            person: column::id(row, 0)?,
            line: row.get(1)?,
            trace: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets an import and what it did.
///
/// # Errors
/// Those of writing.
pub fn delete_import(tx: &Tx<'_>, import: ImportId) -> Result<(), Error> {
    for sql in [
        "DELETE FROM import_person WHERE import = ?1",
        "DELETE FROM import WHERE id = ?1",
    ] {
        (tx.connection().prepare_cached(sql)?).execute([import.to_bytes()])?;
    }
    Ok(())
}

/// Forgets all imports from before an instant.
///
/// # Errors
/// Those of writing.
pub fn delete_imports_before(tx: &Tx<'_>, at: Timestamp) -> Result<(), Error> {
    for sql in [
        "DELETE FROM import_person WHERE import IN (SELECT id FROM import WHERE at < ?1)",
        "DELETE FROM import WHERE at < ?1",
    ] {
        (tx.connection().prepare_cached(sql)?).execute([at.as_millis()])?;
    }
    Ok(())
}

/// Forgets what imports did to a person.
///
/// # Errors
/// Those of writing.
pub fn delete_imported(tx: &Tx<'_>, person: PersonId) -> Result<(), Error> {
    let sql = "DELETE FROM import_person WHERE person = ?1";
    (tx.connection().prepare_cached(sql)?).execute([person.to_bytes()])?;
    Ok(())
}
