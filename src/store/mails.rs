//! Mails that wait to be sent, and what became of them. A claim only moves the due time on, so a
//! worker that dies gives its mails back by itself.

use crate::base::id::{Id, NoticeId, PersonId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension as _, Row, params};

/// A mail that waits, or was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its id.
    pub id: NoticeId,
    /// Whose it is; None: of an address that belongs to nobody.
    pub person: Option<PersonId>,
    /// What it is: a word of `domain::mail`.
    pub kind: String,
    /// Receiver, subject and text, sealed.
    pub letter: Vec<u8>,
    /// When its cause happened.
    pub made_at: Timestamp,
    /// Not to be sent before; of one that was given up: since when.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// What the last attempt failed for.
    pub error: Option<String>,
    /// Whether it was given up; a new one is not.
    pub given_up: bool,
}

/// How many mails are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailCounts {
    /// To be sent.
    pub waiting: u64,
    /// Given up.
    pub failed: u64,
}

/// Adds a mail that waits.
///
/// # Errors
/// [`Error::Conflict`] if the id is there already, or there is no such person.
pub fn insert_mail(tx: &Tx<'_>, mail: &MailRow) -> Result<(), Error> {
    let sql = "INSERT INTO mail (id, person, kind, letter, made_at, state, due_at, attempts, error)
         VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6, ?7, ?8)";
    tx.connection().prepare_cached(sql)?.execute(params![
        mail.id.to_bytes(),
        mail.person.map(Id::to_bytes),
        mail.kind,
        mail.letter,
        mail.made_at.as_millis(),
        mail.due_at.as_millis(),
        mail.attempts,
        mail.error,
    ])?;
    Ok(())
}

const COLUMNS: &str =
    "SELECT id, person, kind, letter, made_at, due_at, attempts, error, state = 'failed' FROM mail";

fn read(row: &Row<'_>) -> rusqlite::Result<MailRow> {
    Ok(MailRow {
        id: column::id(row, 0)?,
        person: column::id_or_none(row, 1)?,
        kind: row.get(2)?,
        letter: row.get(3)?,
        made_at: column::time(row, 4)?,
        due_at: column::time(row, 5)?,
        attempts: row.get(6)?,
        error: row.get(7)?,
        given_up: row.get(8)?,
    })
}

/// When the next mail is due; None: none waits.
///
/// # Errors
/// Those of reading.
pub fn find_next_due(view: &View<'_>) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT due_at FROM mail WHERE state = 'waiting' ORDER BY due_at LIMIT 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([], |row| column::time(row, 0))
        .optional()?)
}

/// Takes at most `limit` mails that are due at `now`, oldest first, and keeps them from others
/// until `until`. Each one's count of attempts goes up.
///
/// # Errors
/// Those of writing.
pub fn update_claimed(
    tx: &Tx<'_>,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<MailRow>, Error> {
    let sql =
        format!("{COLUMNS} WHERE state = 'waiting' AND due_at <= ?1 ORDER BY due_at LIMIT ?2");
    let mut query = tx.connection().prepare_cached(&sql)?;
    let rows = query.query_map((now.as_millis(), limit), read)?;
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    let sql = "UPDATE mail SET due_at = ?2, attempts = ?3 WHERE id = ?1";
    let mut claim = tx.connection().prepare_cached(sql)?;
    for row in &mut rows {
        row.due_at = until;
        row.attempts = row.attempts.saturating_add(1);
        claim.execute((row.id.to_bytes(), until.as_millis(), row.attempts))?;
    }
    Ok(rows)
}

fn one(changed: usize) -> Result<(), Error> {
    match changed {
        1 => Ok(()),
        _ => Err(Error::Missing("mail")),
    }
}

/// The mail has been sent: what stood in it is gone.
///
/// # Errors
/// [`Error::Missing`] if no such mail waits.
pub fn update_sent(tx: &Tx<'_>, id: NoticeId, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE mail SET state = 'sent', letter = NULL, error = NULL, due_at = ?2
         WHERE id = ?1 AND state = 'waiting'";
    let mut statement = tx.connection().prepare_cached(sql)?;
    one(statement.execute((id.to_bytes(), at.as_millis()))?)
}

/// The attempt failed: try again at `retry_at`, or give up at `at` if there is none.
///
/// # Errors
/// [`Error::Missing`] if no such mail waits.
pub fn update_failed(
    tx: &Tx<'_>,
    id: NoticeId,
    at: Timestamp,
    error: &str,
    retry_at: Option<Timestamp>,
) -> Result<(), Error> {
    let sql = "UPDATE mail SET error = ?2, due_at = coalesce(?3, ?4),
         state = iif(?3 IS NULL, 'failed', 'waiting') WHERE id = ?1 AND state = 'waiting'";
    let retry_at = retry_at.map(Timestamp::as_millis);
    let mut statement = tx.connection().prepare_cached(sql)?;
    one(statement.execute((id.to_bytes(), error, retry_at, at.as_millis()))?)
}

/// Puts a mail that was given up, or waits for its next attempt, to the front.
///
/// # Errors
/// [`Error::Missing`] if there is no such mail, or it was sent.
pub fn update_retried(tx: &Tx<'_>, id: NoticeId, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE mail SET state = 'waiting', due_at = ?2, attempts = 0
         WHERE id = ?1 AND state <> 'sent'";
    let mut statement = tx.connection().prepare_cached(sql)?;
    one(statement.execute((id.to_bytes(), at.as_millis()))?)
}

/// Removes all mails of a person, whatever became of them.
///
/// # Errors
/// Those of writing.
pub fn delete_mails_of(tx: &Tx<'_>, person: PersonId) -> Result<(), Error> {
    let sql = "DELETE FROM mail WHERE person = ?1";
    (tx.connection().prepare_cached(sql)?).execute([person.to_bytes()])?;
    Ok(())
}

/// Removes what was sent or given up before an instant; says how many.
///
/// # Errors
/// Those of writing.
pub fn delete_mails_before(tx: &Tx<'_>, before: Timestamp) -> Result<usize, Error> {
    let sql = "DELETE FROM mail WHERE state IN ('sent', 'failed') AND due_at < ?1";
    Ok((tx.connection().prepare_cached(sql)?).execute([before.as_millis()])?)
}

/// Mails that have failed at least once and wait or were given up, those given up first, the
/// latest of each first.
///
/// # Errors
/// Those of reading.
pub fn list_troubled(view: &View<'_>, limit: u32) -> Result<Vec<MailRow>, Error> {
    let sql = format!(
        "{COLUMNS} WHERE state IN ('failed', 'waiting') AND error IS NOT NULL
         ORDER BY state, due_at DESC LIMIT ?1"
    );
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map([limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Counts the mails that were not sent.
///
/// # Errors
/// Those of reading.
pub fn count_mails(view: &View<'_>) -> Result<MailCounts, Error> {
    let sql = "SELECT count(*) FROM mail WHERE state = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let mut count = |state: &str| {
        let number = statement.query_row([state], |row| row.get::<_, i64>(0))?;
        Ok::<_, Error>(u64::try_from(number).unwrap_or(0))
    };
    Ok(MailCounts {
        waiting: count("waiting")?,
        failed: count("failed")?,
    })
}

/// What became of a mail: its state, and the error of the last attempt. None: there is none.
///
/// # Errors
/// Those of reading.
pub fn find_state(
    view: &View<'_>,
    id: NoticeId,
) -> Result<Option<(String, Option<String>)>, Error> {
    let sql = "SELECT state, error FROM mail WHERE id = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([id.to_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}
