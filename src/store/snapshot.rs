//! Copies of the store: `VACUUM INTO` makes a compact, consistent copy while the store is in
//! use, and the copy is checked before it counts.

use crate::store::audit::{self, ChainEnd};
use crate::store::error::Error;
use crate::store::{Store, tx::View};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Lines that an integrity check reports, most.
const FINDINGS_MAX: u32 = 20;

fn findings(connection: &Connection) -> Result<Vec<String>, Error> {
    let sql = format!("PRAGMA integrity_check({FINDINGS_MAX})");
    let mut query = connection.prepare(&sql)?;
    let lines: Vec<String> = query
        .query_map([], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    let mut query = connection.prepare("PRAGMA foreign_key_check")?;
    let orphans = query.query_map([], |r| r.get::<_, String>(0))?;
    let mut found: Vec<String> = lines.into_iter().filter(|l| l != "ok").collect();
    for table in orphans {
        found.push(format!("a row of {} points to nothing", table?));
    }
    Ok(found)
}

/// What a store holds: by this a copy is compared with what it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The number of the schema.
    pub schema: u32,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// The end of the audit chain.
    pub end: ChainEnd,
}

/// Counts what the store holds; reads all of it.
///
/// # Errors
/// Those of reading.
pub fn facts(view: &View<'_>) -> Result<Facts, Error> {
    let connection = view.connection();
    let mut query = connection.prepare("PRAGMA table_list")?;
    let named = query.query_map([], |r| Ok((r.get::<_, String>(1)?, r.get::<_, String>(2)?)))?;
    let mut rows = BTreeMap::new();
    for found in named {
        let (name, kind) = found?;
        if kind == "table" && !name.starts_with("sqlite_") {
            let sql = ["SELECT", "count(*) FROM", &name].join(" ");
            let count: i64 = connection.query_row(&sql, [], |r| r.get(0))?;
            rows.insert(name, u64::try_from(count).unwrap_or(0));
        }
    }
    let schema: i64 = connection.pragma_query_value(None, "user_version", |r| r.get(0))?;
    Ok(Facts {
        schema: u32::try_from(schema).unwrap_or(u32::MAX),
        rows,
        end: audit::head(view)?,
    })
}

/// Checks the store's whole file: what is wrong with it, nothing if it is sound.
///
/// # Errors
/// Those of reading; a badly damaged file cannot even be checked.
pub fn check(view: &View<'_>) -> Result<Vec<String>, Error> {
    findings(view.connection())
}

/// Writes a checked copy of the store to `target`, which must not exist; it is for the
/// owner alone and durable on return.
///
/// # Errors
/// [`Error::Io`] if the target exists or cannot be written, [`Error::Full`],
/// [`Error::Corrupt`] if the copy is not sound; no target is left then.
pub fn write(store: &Store, target: &Path) -> Result<(), Error> {
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(target)?;
    let made = copy(store, target).and_then(|()| prove(target));
    if made.is_err() {
        // A half copy is worse than none; the error that is reported is the first one.
        let _ = std::fs::remove_file(target);
    }
    made
}

fn copy(store: &Store, target: &Path) -> Result<(), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(store.dir().join(crate::store::FILE), flags)?;
    let name = target
        .to_str()
        .ok_or_else(|| Error::Io(String::from("the copy's path is not UTF-8")))?;
    source.execute("VACUUM INTO ?1", [name])?;
    File::open(target)?.sync_all()?;
    match target.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => Ok(File::open(dir)?.sync_all()?),
        Some(_) | None => Ok(()),
    }
}

fn prove(target: &Path) -> Result<(), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(target, flags)?;
    match findings(&copy)?.first() {
        None => Ok(()),
        Some(first) => Err(Error::Corrupt(first.clone())),
    }
}
