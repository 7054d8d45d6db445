//! The notice that people read, each version as it was published, and what people have asked for
//! under the law on personal data.

use crate::base::id::{ClaimId, Id, PersonId};
use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Row, params};

words! {
    /// What somebody asks for.
    ClaimKind {
        /// To see their data.
        Access => "access",
        /// To have them corrected.
        Correct => "correct",
        /// To withdraw what they agreed to.
        Withdraw => "withdraw",
        /// To have them kept and not used.
        Pause => "pause",
        /// To have them erased.
        Erase => "erase",
        /// That a decision is looked at by a person.
        Object => "object",
    }
}

words! {
    /// How it stands.
    ClaimState {
        /// It waits.
        Open => "open",
        /// It was done.
        Done => "done",
        /// It was refused, with a reason.
        Refused => "refused",
    }
}

/// A version of the notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its number, from 1.
    pub version: u32,
    /// In Indonesian.
    pub text_id: String,
    /// In English.
    pub text_en: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRow {
    /// Which.
    pub id: ClaimId,
    /// By whom, or for whom.
    pub person: PersonId,
    /// What.
    pub kind: ClaimKind,
    /// How it stands.
    pub state: ClaimState,
    /// In the person's own words, sealed under the person's key.
    pub note: Option<Vec<u8>>,
    /// What was answered, sealed under the person's key.
    pub answer: Option<Vec<u8>>,
    /// When.
    pub made_at: Timestamp,
    /// Until when it has to be done.
    pub due_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// The version of the notice that is in force; None: nobody has published one.
///
/// # Errors
/// Those of reading.
pub fn find_notice(view: &View<'_>) -> Result<Option<NoticeRow>, Error> {
    let sql = "SELECT version, text_id, text_en, published_at FROM privacy_notice
         WHERE version > 0 ORDER BY version DESC LIMIT 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let found = statement.query_row([], |row| {
        Ok(NoticeRow {
            version: row.get(0)?,
            text_id: row.get(1)?,
            text_en: row.get(2)?,
            published_at: column::time(row, 3)?,
        })
    });
    Ok(found.optional()?)
}

/// Publishes a version of the notice.
///
/// # Errors
/// [`Error::Conflict`] if there is one with this number.
pub fn insert_notice(tx: &Tx<'_>, notice: &NoticeRow) -> Result<(), Error> {
    let sql = "INSERT INTO privacy_notice (version, text_id, text_en, published_at)
         VALUES (?1, ?2, ?3, ?4)";
    tx.connection().prepare_cached(sql)?.execute(params![
        notice.version,
        notice.text_id,
        notice.text_en,
        notice.published_at.as_millis(),
    ])?;
    Ok(())
}

/// Keeps what was asked for.
///
/// # Errors
/// [`Error::Conflict`] if it is kept already or the person is missing.
pub fn insert_claim(tx: &Tx<'_>, claim: &ClaimRow) -> Result<(), Error> {
    let sql = "INSERT INTO privacy_claim
         (id, person, kind, state, note, answer, made_at, due_at, closed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    tx.connection().prepare_cached(sql)?.execute(params![
        claim.id.to_bytes(),
        claim.person.to_bytes(),
        claim.kind.code(),
        claim.state.code(),
        claim.note,
        claim.answer,
        claim.made_at.as_millis(),
        claim.due_at.as_millis(),
        claim.closed_at.map(Timestamp::as_millis),
    ])?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, person, kind, state, note, answer, made_at, due_at, closed_at
     FROM privacy_claim";

fn read(row: &Row<'_>) -> rusqlite::Result<ClaimRow> {
    Ok(ClaimRow {
        id: column::id(row, 0)?,
        person: column::id(row, 1)?,
        kind: column::word(row, 2, ClaimKind::read)?,
        state: column::word(row, 3, ClaimState::read)?,
        note: row.get(4)?,
        answer: row.get(5)?,
        made_at: column::time(row, 6)?,
        due_at: column::time(row, 7)?,
        closed_at: column::time_or_none(row, 8)?,
    })
}

/// One of them.
///
/// # Errors
/// Those of reading.
pub fn find_claim(view: &View<'_>, id: ClaimId) -> Result<Option<ClaimRow>, Error> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let mut statement = view.connection().prepare_cached(&sql)?;
    Ok(statement.query_row([id.to_bytes()], read).optional()?)
}

/// Those that wait, the one that is due first first.
///
/// # Errors
/// Those of reading.
pub fn list_open(view: &View<'_>, limit: u32) -> Result<Vec<ClaimRow>, Error> {
    let sql = format!(
        "{COLUMNS} WHERE closed_at IS NULL AND due_at > -9223372036854775808 ORDER BY due_at LIMIT ?1"
    );
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map([limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those of a person, the newest first.
///
/// # Errors
/// Those of reading.
pub fn list_claims(view: &View<'_>, person: PersonId) -> Result<Vec<ClaimRow>, Error> {
    let sql = format!("{COLUMNS} WHERE person = ?1 ORDER BY id DESC");
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map([person.to_bytes()], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Closes one that waits. False: none with this id does.
///
/// # Errors
/// Those of writing.
pub fn update_closed(
    tx: &Tx<'_>,
    id: ClaimId,
    state: ClaimState,
    answer: Option<&[u8]>,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = "UPDATE privacy_claim SET state = ?2, answer = ?3, closed_at = ?4
         WHERE id = ?1 AND closed_at IS NULL";
    let key = params![id.to_bytes(), state.code(), answer, at.as_millis()];
    Ok(tx.connection().prepare_cached(sql)?.execute(key)? > 0)
}

/// Makes one of them another person's, with the texts sealed anew.
///
/// # Errors
/// Those of writing.
pub fn update_claimant(
    tx: &Tx<'_>,
    id: ClaimId,
    person: PersonId,
    note: Option<&[u8]>,
    answer: Option<&[u8]>,
) -> Result<(), Error> {
    let sql = "UPDATE privacy_claim SET person = ?2, note = ?3, answer = ?4 WHERE id = ?1";
    let key = params![id.to_bytes(), person.to_bytes(), note, answer];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// Closes those of a person who is erased, and takes every word out of all of them.
///
/// # Errors
/// Those of writing.
pub fn update_erased(tx: &Tx<'_>, person: PersonId, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE privacy_claim SET note = NULL, answer = NULL,
             state = CASE WHEN closed_at IS NULL THEN 'done' ELSE state END,
             closed_at = coalesce(closed_at, ?2)
         WHERE person = ?1";
    let key = params![person.to_bytes(), at.as_millis()];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}
