//! Sessions: who is signed in. The token is kept as a digest; a session that has ended has no
//! row.

use crate::base::id::{Id, PersonId, SessionId};
use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Row, params};

words! {
    /// Who keeps a session.
    SessionKind {
        /// A browser, in a cookie.
        Pages => "pages",
        /// A program, as access and refresh tokens.
        Tokens => "tokens",
    }
}

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// On which surface.
    pub surface: String,
    /// Whether pages or programs use it.
    pub kind: SessionKind,
    /// Digest of the token; of a session of tokens, of a random text.
    pub token_digest: [u8; 32],
    /// The address it was opened from, sealed.
    pub address: Vec<u8>,
    /// The browser it was opened with, sealed.
    pub agent: Vec<u8>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last used, to some minutes.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// Keeps a session.
///
/// # Errors
/// [`Error::Conflict`] if the id or the token is taken.
pub fn insert_session(tx: &Tx<'_>, session: &SessionRow) -> Result<(), Error> {
    let sql = "INSERT INTO session
         (id, person, surface, kind, token_digest, address, agent, opened_at, seen_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    tx.connection().prepare_cached(sql)?.execute(params![
        session.id.to_bytes(),
        session.person.to_bytes(),
        session.surface,
        session.kind.code(),
        session.token_digest,
        session.address,
        session.agent,
        session.opened_at.as_millis(),
        session.seen_at.as_millis(),
        session.expires_at.as_millis(),
    ])?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, person, surface, kind, token_digest, address, agent, opened_at, seen_at, expires_at FROM session";

fn read(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        id: column::id(row, 0)?,
        person: column::id(row, 1)?,
        surface: row.get(2)?,
        kind: column::word(row, 3, SessionKind::read)?,
        token_digest: row.get(4)?,
        address: row.get(5)?,
        agent: row.get(6)?,
        opened_at: column::time(row, 7)?,
        seen_at: column::time(row, 8)?,
        expires_at: column::time(row, 9)?,
    })
}

/// The session of a token.
///
/// # Errors
/// Those of reading.
pub fn find_by_token(view: &View<'_>, digest: [u8; 32]) -> Result<Option<SessionRow>, Error> {
    let sql = format!("{COLUMNS} WHERE token_digest = ?1");
    let mut statement = view.connection().prepare_cached(&sql)?;
    Ok(statement.query_row([digest], read).optional()?)
}

/// One session.
///
/// # Errors
/// Those of reading.
pub fn find_session(view: &View<'_>, id: SessionId) -> Result<Option<SessionRow>, Error> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let mut statement = view.connection().prepare_cached(&sql)?;
    Ok(statement.query_row([id.to_bytes()], read).optional()?)
}

/// A person's sessions on a surface, the oldest first; some of them may be out of date.
///
/// # Errors
/// Those of reading.
pub fn list_sessions(
    view: &View<'_>,
    person: PersonId,
    surface: &str,
) -> Result<Vec<SessionRow>, Error> {
    let sql = format!("{COLUMNS} WHERE person = ?1 AND surface = ?2 ORDER BY id");
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map(params![person.to_bytes(), surface], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that a session was used.
///
/// # Errors
/// Those of writing.
pub fn update_seen(tx: &Tx<'_>, id: SessionId, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE session SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2";
    (tx.connection().prepare_cached(sql)?).execute(params![id.to_bytes(), at.as_millis()])?;
    Ok(())
}

/// Ends a session. False: it had ended before.
///
/// # Errors
/// Those of writing.
pub fn delete_session(tx: &Tx<'_>, id: SessionId) -> Result<bool, Error> {
    let sql = "DELETE FROM session WHERE id = ?1";
    let gone = (tx.connection().prepare_cached(sql)?).execute([id.to_bytes()])?;
    Ok(gone > 0)
}

/// Ends everybody's sessions.
///
/// # Errors
/// Those of writing.
pub fn delete_all(tx: &Tx<'_>) -> Result<(), Error> {
    tx.connection().execute("DELETE FROM session", [])?;
    Ok(())
}

/// Ends a person's sessions on a surface, or on all. Gives how many.
///
/// # Errors
/// Those of writing.
pub fn delete_sessions(
    tx: &Tx<'_>,
    person: PersonId,
    surface: Option<&str>,
) -> Result<usize, Error> {
    let sql = "DELETE FROM session WHERE person = ?1 AND (?2 IS NULL OR surface = ?2)";
    let gone =
        (tx.connection().prepare_cached(sql)?).execute(params![person.to_bytes(), surface])?;
    Ok(gone)
}
