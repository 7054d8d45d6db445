//! What the box keeps of one person, across its tables: for the copy of their data that people
//! may ask for.

use crate::base::id::{DeviceId, EventId, Id, PersonId, TicketId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::View;
use crate::store::visits::OccasionKey;
use rusqlite::OptionalExtension;

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRow {
    /// On which surface.
    pub surface: String,
    /// The name, sealed under the person's key.
    pub login: Vec<u8>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// A mail to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenRow {
    /// What it is, in a word.
    pub kind: String,
    /// What became of it, in a word.
    pub state: String,
    /// When its cause happened.
    pub made_at: Timestamp,
}

/// A ticket that the person holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// Which.
    pub id: TicketId,
    /// For which event.
    pub event: EventId,
    /// Its state, in a word.
    pub state: String,
    /// When it was issued.
    pub created_at: Timestamp,
}

/// An admission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedRow {
    /// To what.
    pub occasion: OccasionKey,
    /// At which device.
    pub device: Option<DeviceId>,
    /// By which means, in a word.
    pub means: String,
    /// Entry or exit, in a word.
    pub direction: String,
    /// When.
    pub happened_at: Timestamp,
    /// Present or late, in a word.
    pub standing: Option<String>,
    /// Whether it was undone.
    pub undone: bool,
}

/// The logins of a person.
///
/// # Errors
/// Those of reading.
pub fn list_logins(view: &View<'_>, person: PersonId) -> Result<Vec<LoginRow>, Error> {
    let sql = "SELECT surface, login, changed_at FROM account WHERE person = ?1 ORDER BY surface";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([person.to_bytes()], |row| {
        Ok(LoginRow {
            surface: row.get(0)?,
            login: row.get(1)?,
            changed_at: column::time(row, 2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The mails to a person that are still kept, the oldest first.
///
/// # Errors
/// Those of reading.
pub fn list_mails(view: &View<'_>, person: PersonId) -> Result<Vec<WrittenRow>, Error> {
    let sql = "SELECT kind, state, made_at FROM mail WHERE person = ?1 ORDER BY id";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([person.to_bytes()], |row| {
        Ok(WrittenRow {
            kind: row.get(0)?,
            state: row.get(1)?,
            made_at: column::time(row, 2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The tickets of a person.
///
/// # Errors
/// Those of reading.
pub fn list_held(view: &View<'_>, person: PersonId) -> Result<Vec<HeldRow>, Error> {
    let sql = "SELECT id, event, state, created_at FROM ticket WHERE holder = ?1 ORDER BY id";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([person.to_bytes()], |row| {
        Ok(HeldRow {
            id: column::id(row, 0)?,
            event: column::id(row, 1)?,
            state: row.get(2)?,
            created_at: column::time(row, 3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The admissions of a subject, a ticket or a person without one, in the order they happened.
///
/// # Errors
/// Those of reading.
pub fn list_passed(view: &View<'_>, subject: [u8; 16]) -> Result<Vec<PassedRow>, Error> {
    let sql = "SELECT occasion, device, means, direction, happened_at, standing, undone FROM visit
         WHERE coalesce(ticket, person) = ?1 AND verdict = 'admitted' ORDER BY happened_at, seq";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([subject], |row| {
        Ok(PassedRow {
            occasion: OccasionKey::stored(row.get(0)?),
            device: column::id_or_none(row, 1)?,
            means: row.get(2)?,
            direction: row.get(3)?,
            happened_at: column::time(row, 4)?,
            standing: row.get(5)?,
            undone: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Since when a face is enrolled, and with how many pictures; None: none is.
///
/// # Errors
/// Those of reading.
pub fn find_face(view: &View<'_>, person: PersonId) -> Result<Option<(Timestamp, u32)>, Error> {
    let sql = "SELECT created_at, pictures FROM face_template WHERE person = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let face = statement.query_row([person.to_bytes()], |row| {
        Ok((column::time(row, 0)?, row.get(1)?))
    });
    Ok(face.optional()?)
}
