//! Who agreed to what. A consent is never changed but for being withdrawn.

use crate::base::id::{ConsentId, Id, PersonId};
use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Row, params};

words! {
    /// What the consent is for.
    ConsentPurpose {
        /// Templates are kept, and the person may be recognised.
        Face => "face",
        /// Pictures are kept.
        Image => "image",
    }
}

words! {
    /// Who gave it.
    ConsentGiver {
        /// The person.
        Person => "person",
        /// The guardian of a minor.
        Guardian => "guardian",
    }
}

words! {
    /// How it was given.
    ConsentMeans {
        /// Signed on paper.
        Paper => "paper",
        /// Ticked on a screen.
        Screen => "screen",
        /// Said to a member of the staff.
        Spoken => "spoken",
    }
}

/// A consent as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// Which.
    pub id: ConsentId,
    /// About whom.
    pub person: PersonId,
    /// For what.
    pub purpose: ConsentPurpose,
    /// By whom.
    pub given_by: ConsentGiver,
    /// Guardian's name and relation, sealed under the person's key.
    pub guardian: Option<Vec<u8>>,
    /// How.
    pub means: ConsentMeans,
    /// Version of the text that was agreed to.
    pub text_version: String,
    /// When.
    pub given_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "SELECT id, person, purpose, given_by, guardian, means, text_version, given_at, withdrawn_at
     FROM consent";

fn read_consent(row: &Row<'_>) -> rusqlite::Result<ConsentRow> {
    Ok(ConsentRow {
        id: column::id(row, 0)?,
        person: column::id(row, 1)?,
        purpose: column::word(row, 2, ConsentPurpose::read)?,
        given_by: column::word(row, 3, ConsentGiver::read)?,
        guardian: row.get(4)?,
        means: column::word(row, 5, ConsentMeans::read)?,
        text_version: row.get(6)?,
        given_at: column::time(row, 7)?,
        withdrawn_at: column::time_or_none(row, 8)?,
    })
}

/// Records a consent.
///
/// # Errors
/// [`Error::Conflict`] if one for the same purpose is in force.
pub fn insert_consent(tx: &Tx<'_>, consent: &ConsentRow) -> Result<(), Error> {
    let sql = "INSERT INTO consent (id, person, purpose, given_by, guardian, means, text_version, given_at, withdrawn_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    tx.connection().prepare_cached(sql)?.execute(params![
        consent.id.to_bytes(),
        consent.person.to_bytes(),
        consent.purpose.code(),
        consent.given_by.code(),
        consent.guardian,
        consent.means.code(),
        consent.text_version,
        consent.given_at.as_millis(),
        consent.withdrawn_at.map(Timestamp::as_millis),
    ])?;
    Ok(())
}

/// The consent of a person that is in force for a purpose.
///
/// # Errors
/// Those of reading.
pub fn find_in_force(
    view: &View<'_>,
    person: PersonId,
    purpose: ConsentPurpose,
) -> Result<Option<ConsentRow>, Error> {
    let sql = format!("{COLUMNS} WHERE person = ?1 AND purpose = ?2 AND withdrawn_at IS NULL");
    let mut statement = view.connection().prepare_cached(&sql)?;
    let key = params![person.to_bytes(), purpose.code()];
    Ok(statement.query_row(key, read_consent).optional()?)
}

/// All consents of a person, withdrawn ones too, oldest first.
///
/// # Errors
/// Those of reading.
pub fn list_consents(view: &View<'_>, person: PersonId) -> Result<Vec<ConsentRow>, Error> {
    let sql = format!("{COLUMNS} WHERE person = ?1 ORDER BY id");
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map([person.to_bytes()], read_consent)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Marks the consent in force as withdrawn. False: none was in force.
///
/// # Errors
/// Those of writing.
pub fn update_withdrawn(
    tx: &Tx<'_>,
    person: PersonId,
    purpose: ConsentPurpose,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = "UPDATE consent SET withdrawn_at = ?3
         WHERE person = ?1 AND purpose = ?2 AND withdrawn_at IS NULL";
    let changed = (tx.connection().prepare_cached(sql)?).execute(params![
        person.to_bytes(),
        purpose.code(),
        at.as_millis()
    ])?;
    Ok(changed > 0)
}

/// Withdraws all consents of a person and forgets the guardian: part of erasing.
///
/// # Errors
/// Those of writing.
pub fn update_all_withdrawn(tx: &Tx<'_>, person: PersonId, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE consent SET withdrawn_at = coalesce(withdrawn_at, ?2), guardian = NULL WHERE person = ?1";
    let key = params![person.to_bytes(), at.as_millis()];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}
