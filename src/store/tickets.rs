//! Tickets. A code is stored as a digest, to find it by, and sealed, to print it again.

use crate::base::id::{EventId, Id, PersonId, TicketId};
use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::people::Digest;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Params, Row, params};

words! {
    /// Whether a ticket lets in.
    TicketState {
        /// Does.
        Valid => "valid",
        /// Was replaced or cancelled, for ever.
        Revoked => "revoked",
        /// Does not until unblocked.
        Blocked => "blocked",
    }
}

/// A ticket as stored, without its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRow {
    /// Which.
    pub id: TicketId,
    /// For which event.
    pub event: EventId,
    /// Whose; None: whoever shows the code.
    pub holder: Option<PersonId>,
    /// Whether it lets in.
    pub state: TicketState,
    /// Whether it is paid for.
    pub settled: bool,
    /// Whether the event's questions are answered.
    pub answered: bool,
    /// From when on it lets in.
    pub valid_from: Option<Timestamp>,
    /// Until when it lets in.
    pub valid_until: Option<Timestamp>,
    /// Gates it is for, between commas; None: every gate.
    pub gates: Option<String>,
    /// When it was issued.
    pub created_at: Timestamp,
}

/// Adds a ticket.
///
/// # Errors
/// [`Error::Conflict`] if the code is another ticket's, or event or holder are missing.
pub fn insert_ticket(
    tx: &Tx<'_>,
    ticket: &TicketRow,
    code_digest: Digest,
    code: &[u8],
) -> Result<(), Error> {
    let sql = "INSERT INTO ticket (id, event, holder, code_digest, code, state, settled, answered,
             valid_from, valid_until, gates, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    tx.connection().prepare_cached(sql)?.execute(params![
        ticket.id.to_bytes(),
        ticket.event.to_bytes(),
        ticket.holder.map(Id::to_bytes),
        code_digest,
        code,
        ticket.state.code(),
        ticket.settled,
        ticket.answered,
        ticket.valid_from.map(Timestamp::as_millis),
        ticket.valid_until.map(Timestamp::as_millis),
        ticket.gates,
        ticket.created_at.as_millis(),
    ])?;
    Ok(())
}

/// The columns that [`read_ticket`] reads, for `concat!`.
macro_rules! select_ticket {
    ($end:literal) => {
        concat!("SELECT id, event, holder, state, settled, answered, valid_from, valid_until, gates, created_at
     FROM ticket ", $end)
    };
}

fn read_ticket(row: &Row<'_>) -> rusqlite::Result<TicketRow> {
    Ok(TicketRow {
        id: column::id(row, 0)?,
        event: column::id(row, 1)?,
        holder: column::id_or_none(row, 2)?,
        state: column::word(row, 3, TicketState::read)?,
        settled: row.get(4)?,
        answered: row.get(5)?,
        valid_from: column::time_or_none(row, 6)?,
        valid_until: column::time_or_none(row, 7)?,
        gates: row.get(8)?,
        created_at: column::time(row, 9)?,
    })
}

fn find_one(view: &View<'_>, sql: &str, key: impl Params) -> Result<Option<TicketRow>, Error> {
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.query_row(key, read_ticket).optional()?)
}

fn list(view: &View<'_>, sql: &str, key: impl Params) -> Result<Vec<TicketRow>, Error> {
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map(key, read_ticket)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One ticket.
///
/// # Errors
/// Those of reading.
pub fn find_ticket(view: &View<'_>, id: TicketId) -> Result<Option<TicketRow>, Error> {
    find_one(view, select_ticket!("WHERE id = ?1"), [id.to_bytes()])
}

/// The ticket with this code, of whatever event.
///
/// # Errors
/// Those of reading.
pub fn find_by_code(view: &View<'_>, digest: Digest) -> Result<Option<TicketRow>, Error> {
    find_one(view, select_ticket!("WHERE code_digest = ?1"), [digest])
}

/// The tickets that a person holds for an event, oldest first.
///
/// # Errors
/// Those of reading.
pub fn list_of_holder(
    view: &View<'_>,
    event: EventId,
    holder: PersonId,
) -> Result<Vec<TicketRow>, Error> {
    let key = params![event.to_bytes(), holder.to_bytes()];
    list(
        view,
        select_ticket!("WHERE event = ?1 AND holder = ?2 ORDER BY id LIMIT 32"),
        key,
    )
}

/// A page of an event's tickets, in the order of holders and then of issue.
///
/// # Errors
/// Those of reading.
pub fn list_tickets(
    view: &View<'_>,
    event: EventId,
    skip: u32,
    limit: u32,
) -> Result<Vec<TicketRow>, Error> {
    let key = params![event.to_bytes(), limit, skip];
    list(
        view,
        select_ticket!("WHERE event = ?1 ORDER BY holder, id LIMIT ?2 OFFSET ?3"),
        key,
    )
}

/// The sealed code of a ticket.
///
/// # Errors
/// [`Error::Missing`] if there is no such ticket.
pub fn get_code(view: &View<'_>, id: TicketId) -> Result<Vec<u8>, Error> {
    let mut statement =
        (view.connection()).prepare_cached("SELECT code FROM ticket WHERE id = ?1")?;
    let code = statement
        .query_row([id.to_bytes()], |row| row.get(0))
        .optional()?;
    code.ok_or(Error::Missing("ticket"))
}

/// Changes whether a ticket lets in; a revoked one stays revoked. False: it is missing or revoked.
///
/// # Errors
/// Those of writing.
pub fn update_state(tx: &Tx<'_>, id: TicketId, state: TicketState) -> Result<bool, Error> {
    let sql = "UPDATE ticket SET state = ?2 WHERE id = ?1 AND state <> 'revoked'";
    let key = params![id.to_bytes(), state.code()];
    Ok(tx.connection().prepare_cached(sql)?.execute(key)? > 0)
}

/// Revokes all tickets of a person: part of erasing.
///
/// # Errors
/// Those of writing.
pub fn update_revoked_of_holder(tx: &Tx<'_>, holder: PersonId) -> Result<(), Error> {
    let sql = "UPDATE ticket SET state = 'revoked' WHERE holder = ?1";
    tx.connection()
        .prepare_cached(sql)?
        .execute([holder.to_bytes()])?;
    Ok(())
}

/// Marks a ticket as paid for, or its questions as answered.
///
/// # Errors
/// [`Error::Missing`] if there is no such ticket.
pub fn update_conditions(
    tx: &Tx<'_>,
    id: TicketId,
    settled: bool,
    answered: bool,
) -> Result<(), Error> {
    let sql = "UPDATE ticket SET settled = ?2, answered = ?3 WHERE id = ?1";
    let key = params![id.to_bytes(), settled, answered];
    match tx.connection().prepare_cached(sql)?.execute(key)? {
        0 => Err(Error::Missing("ticket")),
        _ => Ok(()),
    }
}
