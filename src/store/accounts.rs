//! Accounts: by which name and password a person signs in on a surface. Both values are sealed
//! under the person's key; a digest of the name finds the account.

use crate::base::id::{Id, PersonId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::people::{Digest, PersonState};
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, params};

/// An account to be kept.
#[derive(Debug)]
pub struct NewAccount<'a> {
    /// Whose.
    pub person: PersonId,
    /// On which surface.
    pub surface: &'a str,
    /// The name, sealed.
    pub login: &'a [u8],
    /// Digest of surface and name.
    pub login_digest: Digest,
    /// Hash of the password, sealed.
    pub hash: &'a [u8],
    /// When.
    pub changed_at: Timestamp,
}

/// What a sign-in needs to know of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose.
    pub person: PersonId,
    /// Whether the person may take part.
    pub state: PersonState,
    /// The name, sealed.
    pub login: Vec<u8>,
    /// Hash of the password, sealed.
    pub hash: Vec<u8>,
    /// When name or password were set.
    pub changed_at: Timestamp,
}

/// Keeps an account, in the place of the one the person has on the surface.
///
/// # Errors
/// [`Error::Conflict`] if the name is another person's.
pub fn insert_account(tx: &Tx<'_>, account: &NewAccount<'_>) -> Result<(), Error> {
    let sql = "INSERT INTO account (person, surface, login, login_digest, hash, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (person, surface) DO UPDATE
         SET login = ?3, login_digest = ?4, hash = ?5, changed_at = ?6";
    tx.connection().prepare_cached(sql)?.execute(params![
        account.person.to_bytes(),
        account.surface,
        account.login,
        account.login_digest,
        account.hash,
        account.changed_at.as_millis(),
    ])?;
    Ok(())
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        person: column::id(row, 0)?,
        state: column::word(row, 1, PersonState::read)?,
        login: row.get(2)?,
        hash: row.get(3)?,
        changed_at: Timestamp::from_millis(row.get(4)?),
    })
}

/// The account of a name.
///
/// # Errors
/// Those of reading.
pub fn find_by_login(view: &View<'_>, digest: Digest) -> Result<Option<AccountRow>, Error> {
    let sql = "SELECT a.person, p.state, a.login, a.hash, a.changed_at
         FROM account a JOIN person p ON p.id = a.person WHERE a.login_digest = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.query_row([digest], read).optional()?)
}

/// The account of a person on a surface.
///
/// # Errors
/// Those of reading.
pub fn find_account(
    view: &View<'_>,
    person: PersonId,
    surface: &str,
) -> Result<Option<AccountRow>, Error> {
    let sql = "SELECT a.person, p.state, a.login, a.hash, a.changed_at
         FROM account a JOIN person p ON p.id = a.person WHERE a.person = ?1 AND a.surface = ?2";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row(params![person.to_bytes(), surface], read)
        .optional()?)
}

/// Puts another hash of the same password, sealed, in the place of the one there. False: there is
/// no such account.
///
/// # Errors
/// Those of writing.
pub fn update_hash(
    tx: &Tx<'_>,
    person: PersonId,
    surface: &str,
    hash: &[u8],
) -> Result<bool, Error> {
    let sql = "UPDATE account SET hash = ?3 WHERE person = ?1 AND surface = ?2";
    let changed =
        tx.connection()
            .prepare_cached(sql)?
            .execute(params![person.to_bytes(), surface, hash])?;
    Ok(changed > 0)
}

/// Whether somebody with this role on the surface can sign in there.
///
/// # Errors
/// Those of reading.
pub fn find_any_of_role(view: &View<'_>, surface: &str, role: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM role r JOIN account a ON a.person = r.person AND a.surface = r.surface
         WHERE r.surface = ?1 AND r.role = ?2 LIMIT 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let found = statement.query_row(params![surface, role], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// Whether somebody else with this role on the surface can sign in there now.
///
/// # Errors
/// Those of reading.
pub fn find_other_of_role(
    view: &View<'_>,
    surface: &str,
    role: &str,
    than: PersonId,
) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM role r JOIN account a ON a.person = r.person AND a.surface = r.surface
         JOIN person p ON p.id = r.person
         WHERE r.surface = ?1 AND r.role = ?2 AND r.person <> ?3 AND p.state = 'active' LIMIT 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let found = statement.query_row(params![surface, role, than.to_bytes()], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// Notes that a login name is a person's from now on; names stay noted. False: it is or was
/// somebody else's.
///
/// # Errors
/// Those of writing.
pub fn insert_used(tx: &Tx<'_>, digest: Digest, person: PersonId) -> Result<bool, Error> {
    let sql = "INSERT INTO login_used (login_digest, person) VALUES (?1, ?2)
         ON CONFLICT (login_digest) DO NOTHING";
    let c = tx.connection();
    c.prepare_cached(sql)?
        .execute(params![digest, person.to_bytes()])?;
    let sql = "SELECT person = ?2 FROM login_used WHERE login_digest = ?1";
    let mut statement = c.prepare_cached(sql)?;
    Ok(statement.query_row(params![digest, person.to_bytes()], |row| row.get(0))?)
}

/// Whether a login name is or was somebody's.
///
/// # Errors
/// Those of reading.
pub fn find_used(view: &View<'_>, digest: Digest) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM login_used WHERE login_digest = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([digest], |_| Ok(()))
        .optional()?
        .is_some())
}

/// Removes all accounts of a person.
///
/// # Errors
/// Those of writing.
pub fn delete_accounts(tx: &Tx<'_>, person: PersonId) -> Result<(), Error> {
    let sql = "DELETE FROM account WHERE person = ?1";
    tx.connection()
        .prepare_cached(sql)?
        .execute([person.to_bytes()])?;
    Ok(())
}

/// Deletes the account of a person on one surface.
///
/// # Errors
/// Those of writing.
pub fn delete_account(tx: &Tx<'_>, person: PersonId, surface: &str) -> Result<(), Error> {
    let sql = "DELETE FROM account WHERE person = ?1 AND surface = ?2";
    let key = params![person.to_bytes(), surface];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// Makes a login name that was used another person's.
///
/// # Errors
/// Those of writing.
pub fn update_used(tx: &Tx<'_>, digest: Digest, person: PersonId) -> Result<(), Error> {
    let sql = "UPDATE login_used SET person = ?2 WHERE login_digest = ?1";
    let key = params![digest, person.to_bytes()];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}
