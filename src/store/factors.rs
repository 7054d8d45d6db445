//! Second factors: the secret of a person's authenticator app, sealed under the person's key, and
//! the digests of the recovery codes that were not used yet.

use crate::base::id::{Id, PersonId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, params};

/// A second factor as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorRow {
    /// The app's secret, sealed.
    pub secret: Vec<u8>,
    /// The step of the code that was taken last.
    pub last_step: i64,
    /// Since when it is asked for.
    pub since: Timestamp,
}

/// Keeps a person's second factor, in the place of an older one.
///
/// # Errors
/// Those of writing.
pub fn insert_factor(tx: &Tx<'_>, person: PersonId, factor: &FactorRow) -> Result<(), Error> {
    let sql = "INSERT INTO second_factor (person, secret, last_step, since)
         VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person) DO UPDATE SET secret = ?2, last_step = ?3, since = ?4";
    tx.connection().prepare_cached(sql)?.execute(params![
        person.to_bytes(),
        factor.secret,
        factor.last_step,
        factor.since.as_millis(),
    ])?;
    Ok(())
}

/// A person's second factor.
///
/// # Errors
/// Those of reading.
pub fn find_factor(view: &View<'_>, person: PersonId) -> Result<Option<FactorRow>, Error> {
    let sql = "SELECT secret, last_step, since FROM second_factor WHERE person = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let found = statement.query_row([person.to_bytes()], |row| {
        Ok(FactorRow {
            secret: row.get(0)?,
            last_step: row.get(1)?,
            since: column::time(row, 2)?,
        })
    });
    Ok(found.optional()?)
}

/// Notes the step of a code that was taken.
///
/// # Errors
/// Those of writing.
pub fn update_step(tx: &Tx<'_>, person: PersonId, step: i64) -> Result<(), Error> {
    let sql = "UPDATE second_factor SET last_step = ?2 WHERE person = ?1";
    (tx.connection().prepare_cached(sql)?).execute(params![person.to_bytes(), step])?;
    Ok(())
}

/// Removes a person's second factor with its recovery codes. False: there was none.
///
/// # Errors
/// Those of writing.
pub fn delete_factor(tx: &Tx<'_>, person: PersonId) -> Result<bool, Error> {
    delete_codes(tx, person)?;
    let sql = "DELETE FROM second_factor WHERE person = ?1";
    let gone = (tx.connection().prepare_cached(sql)?).execute([person.to_bytes()])?;
    Ok(gone > 0)
}

/// Keeps a recovery code.
///
/// # Errors
/// [`Error::Conflict`] if there is the same one.
pub fn insert_code(tx: &Tx<'_>, person: PersonId, digest: [u8; 32]) -> Result<(), Error> {
    let sql = "INSERT INTO recovery_code (code_digest, person) VALUES (?1, ?2)";
    (tx.connection().prepare_cached(sql)?).execute(params![digest, person.to_bytes()])?;
    Ok(())
}

/// How many recovery codes a person has left.
///
/// # Errors
/// Those of reading.
pub fn get_codes(view: &View<'_>, person: PersonId) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM recovery_code WHERE person = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.query_row([person.to_bytes()], |row| row.get(0))?)
}

/// Takes a recovery code away. False: it is none of this person's.
///
/// # Errors
/// Those of writing.
pub fn delete_code(tx: &Tx<'_>, person: PersonId, digest: [u8; 32]) -> Result<bool, Error> {
    let sql = "DELETE FROM recovery_code WHERE code_digest = ?1 AND person = ?2";
    let gone =
        (tx.connection().prepare_cached(sql)?).execute(params![digest, person.to_bytes()])?;
    Ok(gone > 0)
}

/// Takes all recovery codes of a person away.
///
/// # Errors
/// Those of writing.
pub fn delete_codes(tx: &Tx<'_>, person: PersonId) -> Result<(), Error> {
    let sql = "DELETE FROM recovery_code WHERE person = ?1";
    (tx.connection().prepare_cached(sql)?).execute([person.to_bytes()])?;
    Ok(())
}
