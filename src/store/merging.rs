//! What two rows of one person have becomes that of one: used when people are merged.

use crate::base::id::{Id, PersonId};
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use crate::store::visits::OccasionKey;

/// The occasions that a subject, a ticket or a person without one, was admitted to.
///
/// # Errors
/// Those of reading.
pub fn list_occasions(view: &View<'_>, subject: [u8; 16]) -> Result<Vec<OccasionKey>, Error> {
    let sql = "SELECT DISTINCT occasion FROM visit
         WHERE coalesce(ticket, person) = ?1 AND verdict = 'admitted'";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([subject], |row| Ok(OccasionKey::stored(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes the admissions of a subject those of a person.
///
/// # Errors
/// Those of writing.
pub fn update_admitted(tx: &Tx<'_>, subject: [u8; 16], into: PersonId) -> Result<(), Error> {
    let sql = "UPDATE visit SET person = ?2
         WHERE coalesce(ticket, person) = ?1 AND verdict = 'admitted'";
    let mut statement = tx.connection().prepare_cached(sql)?;
    statement.execute((subject, into.to_bytes()))?;
    Ok(())
}

/// Makes the tickets of a person those of another one.
///
/// # Errors
/// Those of writing.
pub fn update_holder(tx: &Tx<'_>, from: PersonId, into: PersonId) -> Result<(), Error> {
    let sql = "UPDATE ticket SET holder = ?2 WHERE holder = ?1";
    let mut statement = tx.connection().prepare_cached(sql)?;
    statement.execute((from.to_bytes(), into.to_bytes()))?;
    Ok(())
}
