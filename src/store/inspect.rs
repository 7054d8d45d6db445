//! A look at a store from outside, for `hadir doctor`: through a connection of its own that
//! cannot write, beside a running daemon or without one. Nothing is brought up to date.

use crate::base::id::{BoxId, Id as _};
use crate::base::time::Timestamp;
use crate::store::error::Error;
use crate::store::tx::View;
use crate::store::{FILE, audit, reader, snapshot};
use rusqlite::OptionalExtension as _;
use std::path::Path;

/// What the file itself says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// What is wrong with the file; nothing if it is sound.
    pub findings: Vec<String>,
    /// The latest instant of any audit row; 1970 if there is none.
    pub latest: Timestamp,
}

/// The id of the box whose store this is, if it has one.
///
/// # Errors
/// Those of reading.
pub fn find_box(view: &View<'_>) -> Result<Option<BoxId>, Error> {
    let sql = "SELECT value FROM meta WHERE name = 'box'";
    let found = view.connection().query_row(sql, [], |r| r.get(0));
    Ok(found.optional()?.map(BoxId::from_bytes))
}

/// The latest instant of any audit row; 1970 if there is none.
///
/// # Errors
/// Those of reading.
pub fn find_latest(view: &View<'_>) -> Result<Timestamp, Error> {
    Ok(audit::find_latest(view)?.unwrap_or_default())
}

/// Looks at the store in `dir` and lets `look` read one consistent state of it, if the file is
/// sound. None: there is no store yet.
///
/// # Errors
/// [`Error::Corrupt`] for a file that cannot even be read, [`Error::Io`], and those of `look`.
pub fn inspect<T>(
    dir: &Path,
    look: impl FnOnce(&View<'_>) -> Result<T, Error>,
) -> Result<Option<(Outside, Option<T>)>, Error> {
    let path = dir.join(FILE);
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(data) if data.len() == 0 => return Ok(None),
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    let connection = reader::open(&path)?;
    let view = View::new(&connection);
    connection.execute_batch("BEGIN")?;
    let findings = snapshot::check(&view)?;
    let sound = findings.is_empty();
    let outside = Outside {
        findings,
        latest: audit::find_latest(&view)?.unwrap_or_default(),
    };
    let seen = if sound { Some(look(&view)?) } else { None };
    Ok(Some((outside, seen)))
}

/// How many rows each table has, by name.
///
/// # Errors
/// Those of reading.
pub fn count_rows(view: &View<'_>) -> Result<Vec<(String, u64)>, Error> {
    let connection = view.connection();
    let mut names = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
    )?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?;
    let mut counts = Vec::new();
    for name in names {
        let name = name?;
        // A name out of the schema cannot be a parameter; ours are letters and strokes.
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            continue;
        }
        let sql = ["SELECT", "count(*) FROM", &name].join(" ");
        let rows: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        counts.push((name, rows.unsigned_abs()));
    }
    Ok(counts)
}
