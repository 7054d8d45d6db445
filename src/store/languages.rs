//! The language that a person has chosen.

use crate::base::id::{Id, PersonId};
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, params};

/// A person's language by its code; None: none was chosen.
///
/// # Errors
/// Those of reading.
pub fn find_language(view: &View<'_>, person: PersonId) -> Result<Option<String>, Error> {
    let sql = "SELECT language FROM person_language WHERE person = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([person.to_bytes()], |row| row.get(0))
        .optional()?)
}

/// Keeps a person's choice, in the place of an earlier one.
///
/// # Errors
/// [`Error::Conflict`] for a code that is no language, or a person who is not there.
pub fn insert_language(tx: &Tx<'_>, person: PersonId, language: &str) -> Result<(), Error> {
    let sql = "INSERT INTO person_language (person, language) VALUES (?1, ?2)
         ON CONFLICT (person) DO UPDATE SET language = excluded.language";
    (tx.connection().prepare_cached(sql)?).execute(params![person.to_bytes(), language])?;
    Ok(())
}

/// Forgets a person's choice.
///
/// # Errors
/// Those of writing.
pub fn delete_language(tx: &Tx<'_>, person: PersonId) -> Result<(), Error> {
    let sql = "DELETE FROM person_language WHERE person = ?1";
    (tx.connection().prepare_cached(sql)?).execute([person.to_bytes()])?;
    Ok(())
}
