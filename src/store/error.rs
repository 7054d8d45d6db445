//! Why the store did not do what was asked. Inner layers end here: what SQLite said is kept
//! as text for the log, the kind decides what callers do.

use crate::base::cause::Cause;
use std::cell::RefCell;
use std::fmt;

/// Why the store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The disk is full; nothing of the job was kept.
    Full,
    /// The writer's queue is full, or every reader is taken: try again.
    Busy,
    /// The file is damaged; the store is read-only from now on.
    Corrupt(String),
    /// A constraint refused the row; the text names it (`visit.nonce`).
    Conflict(String),
    /// A row that must be there is not: of which table.
    Missing(&'static str),
    /// Reading or writing the disk failed.
    Io(String),
    /// The store has been closed.
    Closed,
    /// Another process holds the store.
    InUse(String),
    /// The file was written by a newer program: its schema number and ours.
    Newer(u32, u32),
    /// The file is not a store of hadir.
    Foreign(String),
    /// A restore was interrupted while it changed the files: of this folder.
    Unfinished(String),
    /// A read took longer than [`crate::base::limits::READ_QUERY_MS_MAX`].
    TooSlow,
    /// The job panicked; nothing of it was kept.
    Panicked,
    /// A mistake of ours: an SQL error, or a value of a wrong type.
    Internal(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the store's disk is full"),
            Self::Busy => f.write_str("the store is busy"),
            Self::Corrupt(why) => write!(f, "the store is damaged and read-only: {why}"),
            Self::Conflict(what) => write!(f, "the store refused a row: {what}"),
            Self::Missing(table) => write!(f, "the store has no such row in {table}"),
            Self::Io(why) => write!(f, "the store's disk failed: {why}"),
            Self::Closed => f.write_str("the store has been closed"),
            Self::InUse(path) => write!(
                f,
                "another hadir has the store open (lock {path}): use its control socket or stop it"
            ),
            Self::Newer(found, known) => write!(
                f,
                "the store has schema {found}, this program knows {known}: install a newer hadir"
            ),
            Self::Foreign(path) => write!(f, "{path} is not a store of hadir"),
            Self::Unfinished(dir) => write!(
                f,
                "a restore of {dir} was interrupted: run `hadir restore` again; what was there before lies in its folder before-restore-…"
            ),
            Self::TooSlow => f.write_str("a query of the store took too long"),
            Self::Panicked => f.write_str("a job of the store failed unexpectedly"),
            Self::Internal(why) => write!(f, "the store met a mistake of the program: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Full => Cause::StoreFull,
            Self::Busy | Self::TooSlow | Self::InUse(_) | Self::Unfinished(_) => Cause::Busy,
            Self::Corrupt(_) | Self::Foreign(_) => Cause::StoreCorrupt,
            Self::Conflict(_) => Cause::Conflict,
            Self::Missing(_) => Cause::Missing,
            Self::Io(_) => Cause::StoreIo,
            Self::Closed => Cause::Stopping,
            Self::Newer(..) | Self::Panicked | Self::Internal(_) => Cause::Internal,
        }
    }

    /// Whether a constraint on this column refused the row.
    #[must_use]
    pub fn is_conflict_of(&self, column: &str) -> bool {
        matches!(self, Self::Conflict(what) if what.contains(column))
    }

    /// Whether the disk or file is in trouble, rather than the job.
    pub(in crate::store) const fn is_trouble(&self) -> bool {
        matches!(self, Self::Full | Self::Corrupt(_) | Self::Io(_))
    }
}

thread_local! {
    /// The last trouble that SQLite reported on this thread. Jobs turn store errors into
    /// their own; the writer and the readers still have to learn what happened.
    static TROUBLE: RefCell<Option<Error>> = const { RefCell::new(None) };
}

/// The trouble reported on this thread since the last call, if any.
pub(in crate::store) fn take_trouble() -> Option<Error> {
    TROUBLE.with(RefCell::take)
}

/// The kinds of SQLite's errors that mean the disk, by their numbers: PERM, NOMEM, READONLY,
/// IOERR, CANTOPEN, PROTOCOL.
const DISK: [i32; 6] = [3, 7, 8, 10, 14, 15];

/// By the primary result code (<https://sqlite.org/rescode.html>), the low byte.
fn from_code(error: &rusqlite::ffi::Error, text: &str) -> Error {
    let why = || format!("{text} (code {})", error.extended_code);
    match error.extended_code & 0xff {
        13 => Error::Full,
        5 | 6 => Error::Busy,
        11 | 26 => Error::Corrupt(why()),
        19 => Error::Conflict(constraint(text)),
        9 => Error::TooSlow,
        code if DISK.contains(&code) => Error::Io(why()),
        _ => Error::Internal(why()),
    }
}

/// `UNIQUE constraint failed: visit.nonce` becomes `visit.nonce`.
fn constraint(text: &str) -> String {
    let what = text.split_once(": ").map_or(text, |(_, what)| what);
    what.to_owned()
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let error = if let rusqlite::Error::SqliteFailure(code, text) = &error {
            from_code(code, text.as_deref().unwrap_or("no message"))
        } else if matches!(error, rusqlite::Error::QueryReturnedNoRows) {
            Self::Missing("a table")
        } else {
            Self::Internal(error.to_string())
        };
        if error.is_trouble() {
            TROUBLE.with(|t| t.replace(Some(error.clone())));
        }
        error
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raised(sql: &str) -> Error {
        let memory = rusqlite::Connection::open_in_memory().expect("memory");
        memory
            .execute_batch("CREATE TABLE t (a INTEGER UNIQUE); INSERT INTO t VALUES (1);")
            .expect("table");
        memory.execute(sql, []).expect_err(sql).into()
    }

    #[test]
    fn errors_of_sqlite_become_ours() {
        let conflict = raised("INSERT INTO t VALUES (1)");
        assert_eq!(conflict, Error::Conflict(String::from("t.a")));
        assert!(matches!(
            raised("INSERT INTO u VALUES (1)"),
            Error::Internal(_)
        ));
        assert_eq!(take_trouble(), None);
    }

    #[test]
    fn trouble_is_noted_once() {
        let full = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(13), None);
        assert_eq!(Error::from(full), Error::Full);
        assert_eq!(take_trouble(), Some(Error::Full));
        assert_eq!(take_trouble(), None);
    }
}
