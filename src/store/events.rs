//! Events and their two counts.

use crate::base::id::{EventId, Id};
use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Row, params};

words! {
    /// Whether an event lets people in.
    EventState {
        /// Being prepared.
        Draft => "draft",
        /// Lets people in.
        Open => "open",
        /// Over.
        Closed => "closed",
    }
}

words! {
    /// How often one ticket lets in.
    EntryRule {
        /// Once.
        OncePerEvent => "once_per_event",
        /// Once on each day.
        OncePerDay => "once_per_day",
        /// Again after having gone out.
        AfterExit => "after_exit",
        /// Any number of times.
        Any => "any",
    }
}

words! {
    /// What the capacity limits.
    CapacityOf {
        /// People who are inside.
        Inside => "inside",
        /// People who have ever been admitted.
        Admitted => "admitted",
    }
}

/// An event as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Which.
    pub id: EventId,
    /// What people call it.
    pub name: String,
    /// Whether it lets people in.
    pub state: EventState,
    /// How many it holds; None: no limit.
    pub capacity: Option<u32>,
    /// What that limits.
    pub capacity_of: CapacityOf,
    /// How often one ticket lets in.
    pub entry_rule: EntryRule,
    /// Whether a face will do.
    pub face_allowed: bool,
    /// From when on people are let in.
    pub starts_at: Option<Timestamp>,
    /// Until when people are let in.
    pub ends_at: Option<Timestamp>,
    /// Who is inside now.
    pub inside: u32,
    /// Who has been admitted, each once.
    pub admitted: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds an event.
///
/// # Errors
/// [`Error::Conflict`] if the id is taken or it ends before it starts.
pub fn insert_event(tx: &Tx<'_>, event: &EventRow) -> Result<(), Error> {
    let sql = "INSERT INTO event (id, name, state, capacity, capacity_of, entry_rule, face_allowed,
             starts_at, ends_at, inside, admitted, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    tx.connection().prepare_cached(sql)?.execute(params![
        event.id.to_bytes(),
        event.name,
        event.state.code(),
        event.capacity,
        event.capacity_of.code(),
        event.entry_rule.code(),
        event.face_allowed,
        event.starts_at.map(Timestamp::as_millis),
        event.ends_at.map(Timestamp::as_millis),
        event.inside,
        event.admitted,
        event.created_at.as_millis(),
    ])?;
    Ok(())
}

/// The columns that [`read_event`] reads, for `concat!`.
macro_rules! select_event {
    ($end:literal) => {
        concat!(
            "SELECT id, name, state, capacity, capacity_of, entry_rule, face_allowed,
     starts_at, ends_at, inside, admitted, created_at FROM event ",
            $end
        )
    };
}

fn read_event(row: &Row<'_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow {
        id: column::id(row, 0)?,
        name: row.get(1)?,
        state: column::word(row, 2, EventState::read)?,
        capacity: row.get(3)?,
        capacity_of: column::word(row, 4, CapacityOf::read)?,
        entry_rule: column::word(row, 5, EntryRule::read)?,
        face_allowed: row.get(6)?,
        starts_at: column::time_or_none(row, 7)?,
        ends_at: column::time_or_none(row, 8)?,
        inside: row.get(9)?,
        admitted: row.get(10)?,
        created_at: column::time(row, 11)?,
    })
}

/// One event.
///
/// # Errors
/// Those of reading.
pub fn find_event(view: &View<'_>, id: EventId) -> Result<Option<EventRow>, Error> {
    let sql = select_event!("WHERE id = ?1");
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([id.to_bytes()], read_event)
        .optional()?)
}

/// A page of events in the order they were made.
///
/// # Errors
/// Those of reading.
pub fn list_events(
    view: &View<'_>,
    after: Option<EventId>,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    let sql = select_event!("WHERE id > ?1 ORDER BY id LIMIT ?2");
    let from = after.map_or([0; 16], Id::to_bytes);
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map(params![from, limit], read_event)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Opens or closes an event. False: there is no such event.
///
/// # Errors
/// Those of writing.
pub fn update_state(tx: &Tx<'_>, id: EventId, state: EventState) -> Result<bool, Error> {
    let sql = "UPDATE event SET state = ?2 WHERE id = ?1";
    let key = params![id.to_bytes(), state.code()];
    Ok(tx.connection().prepare_cached(sql)?.execute(key)? > 0)
}

/// Deletes an event with its tickets and numbers; screens that showed it show none. Decisions
/// stay: they hold its id only.
///
/// # Errors
/// Those of writing.
pub fn delete_event(tx: &Tx<'_>, id: EventId) -> Result<(), Error> {
    for sql in [
        "UPDATE device_option SET event = NULL WHERE event = ?1",
        "DELETE FROM ticket WHERE event = ?1",
        "DELETE FROM presence WHERE occasion = ?1",
        "DELETE FROM scan_count WHERE occasion = ?1",
        "DELETE FROM event WHERE id = ?1",
    ] {
        (tx.connection().prepare_cached(sql)?).execute([id.to_bytes()])?;
    }
    Ok(())
}

/// Moves the two counts, in the transaction of the check-in or undo that moves them.
///
/// # Errors
/// [`Error::Conflict`] if a count would fall below zero.
pub fn update_counts(tx: &Tx<'_>, id: EventId, inside: i32, admitted: i32) -> Result<(), Error> {
    let sql = "UPDATE event SET inside = inside + ?2, admitted = admitted + ?3 WHERE id = ?1";
    let key = params![id.to_bytes(), inside, admitted];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}
