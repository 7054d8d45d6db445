//! What a job may touch: a [`View`] for reading, a [`Tx`] for writing. They are the only
//! types of the store's machinery that the domain sees; the connection inside is for the
//! table files of this layer alone.

use crate::base::time::Timestamp;
use rusqlite::Connection;
use std::cell::Cell;
use std::ops::Deref;

/// One consistent state of the store, for reading.
pub struct View<'c> {
    connection: &'c Connection,
}

impl<'c> View<'c> {
    pub(in crate::store) const fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// The connection, for table files: `view.connection().prepare_cached(..)`.
    pub(in crate::store) const fn connection(&self) -> &'c Connection {
        self.connection
    }
}

/// The end of the audit chain inside an open transaction; written to `meta` once, at its
/// commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Head {
    /// Number of the last row, which is the count of all rows.
    pub seq: u64,
    /// That row's link.
    pub link: [u8; 32],
    /// Authenticates both.
    pub mac: [u8; 32],
}

/// What the jobs of one transaction have done so far that is not in a table yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::store) struct Marks {
    /// The end of the audit chain, if a row was appended.
    pub head: Option<Head>,
    /// The latest instant of an appended row.
    pub latest: Option<Timestamp>,
}

/// The write transaction. All that is done through it is kept together or not at all.
pub struct Tx<'c> {
    view: View<'c>,
    marks: Cell<Marks>,
}

impl<'c> Tx<'c> {
    pub(in crate::store) fn new(connection: &'c Connection) -> Self {
        Self {
            view: View::new(connection),
            marks: Cell::new(Marks::default()),
        }
    }

    pub(in crate::store) fn marks(&self) -> Marks {
        self.marks.get()
    }

    pub(in crate::store) fn set_marks(&self, marks: Marks) {
        self.marks.set(marks);
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = View<'c>;
    fn deref(&self) -> &View<'c> {
        &self.view
    }
}
