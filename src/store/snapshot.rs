//! Copies of the store: `VACUUM INTO` makes a compact, consistent copy while the store is in
//! use, and the copy is checked before it counts.

use crate::store::error::Error;
use crate::store::{Store, tx::View};
use rusqlite::{Connection, OpenFlags};
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
