//! The first start: the code for the first administrator, the pass that entering it gives, the
//! steps that were done. Code and pass are kept as digests, in one row at most.

use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, params};

words! {
    /// A step of the setup, in the order they are shown.
    Step {
        /// Language, time zone, a look at the clock.
        Language => "language",
        /// The site's name, logo and kind.
        Site => "site",
        /// The first administrator.
        Administrator => "administrator",
        /// Where backups go.
        Backup => "backup",
        /// Sample data, or none.
        Samples => "samples",
    }
}

/// The code or the pass in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRow {
    /// Digest of the code; None once it was entered.
    pub code_digest: Option<[u8; 32]>,
    /// When the code ends.
    pub expires_at: Timestamp,
    /// Wrong tries so far.
    pub tries: u32,
    /// Digest of the pass, once the code was entered.
    pub pass_digest: Option<[u8; 32]>,
    /// When the pass ends.
    pub pass_until: Option<Timestamp>,
}

/// Puts a new code in the place of everything there is.
///
/// # Errors
/// Those of writing.
pub fn insert_code(tx: &Tx<'_>, digest: [u8; 32], expires_at: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO setup_code (id, code_digest, expires_at) VALUES (1, ?1, ?2)
         ON CONFLICT (id) DO UPDATE
         SET code_digest = ?1, expires_at = ?2, tries = 0, pass_digest = NULL, pass_until = NULL";
    (tx.connection().prepare_cached(sql)?).execute(params![digest, expires_at.as_millis()])?;
    Ok(())
}

/// What is in force.
///
/// # Errors
/// Those of reading.
pub fn find_code(view: &View<'_>) -> Result<Option<CodeRow>, Error> {
    let sql = "SELECT code_digest, expires_at, tries, pass_digest, pass_until
         FROM setup_code WHERE id = 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(CodeRow {
            code_digest: row.get(0)?,
            expires_at: column::time(row, 1)?,
            tries: row.get(2)?,
            pass_digest: row.get(3)?,
            pass_until: column::time_or_none(row, 4)?,
        })
    };
    Ok(statement.query_row([], read).optional()?)
}

/// Counts a wrong try.
///
/// # Errors
/// Those of writing.
pub fn update_tries(tx: &Tx<'_>) -> Result<(), Error> {
    let sql = "UPDATE setup_code SET tries = tries + 1 WHERE id = 1";
    tx.connection().prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Gives a pass for the code, which is gone then.
///
/// # Errors
/// [`Error::Missing`] if there is no code.
pub fn update_pass(tx: &Tx<'_>, digest: [u8; 32], until: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE setup_code SET code_digest = NULL, pass_digest = ?1, pass_until = ?2
         WHERE id = 1 AND code_digest IS NOT NULL";
    let changed =
        (tx.connection().prepare_cached(sql)?).execute(params![digest, until.as_millis()])?;
    if changed == 0 {
        return Err(Error::Missing("setup code"));
    }
    Ok(())
}

/// Removes code and pass.
///
/// # Errors
/// Those of writing.
pub fn delete_code(tx: &Tx<'_>) -> Result<(), Error> {
    let sql = "DELETE FROM setup_code WHERE id = 1";
    tx.connection().prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Notes that a step was done; again is no mistake.
///
/// # Errors
/// Those of writing.
pub fn insert_step(tx: &Tx<'_>, step: Step, at: Timestamp) -> Result<(), Error> {
    let sql =
        "INSERT INTO setup_step (step, done_at) VALUES (?1, ?2) ON CONFLICT (step) DO NOTHING";
    (tx.connection().prepare_cached(sql)?).execute(params![step.code(), at.as_millis()])?;
    Ok(())
}

/// Whether a step was done.
///
/// # Errors
/// Those of reading.
pub fn find_step(view: &View<'_>, step: Step) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM setup_step WHERE step = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let found = statement.query_row([step.code()], |_| Ok(()));
    Ok(found.optional()?.is_some())
}
