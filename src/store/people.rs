//! People, their keys and their roles. Personal values come and go sealed; a digest finds the
//! person of a number or an address without the value being stored.

use crate::base::id::{Id, PersonId};
use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Row, params};

words! {
    /// Whether a person may take part.
    PersonState {
        /// May.
        Active => "active",
        /// May not, until enabled again.
        Disabled => "disabled",
        /// Is gone; the row names nobody.
        Erased => "erased",
    }
}

/// First 16 bytes of a keyed digest.
pub type Digest = [u8; 16];

/// A person as stored. All values but `id`, `state` and the times are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// Whether the person may take part.
    pub state: PersonState,
    /// Sealed name; None once erased.
    pub name: Option<Vec<u8>>,
    /// Sealed number.
    pub number: Option<Vec<u8>>,
    /// Sealed e-mail address.
    pub email: Option<Vec<u8>>,
    /// Sealed class or group.
    pub class: Option<Vec<u8>>,
    /// When the person was added.
    pub created_at: Timestamp,
    /// The person's wrapped key; None once erased.
    pub wrapped_key: Option<Vec<u8>>,
}

/// A person to be added.
#[derive(Debug)]
pub struct NewPerson<'a> {
    /// The id, made before the write.
    pub id: PersonId,
    /// Wrapped key.
    pub wrapped_key: &'a [u8],
    /// Sealed name.
    pub name: &'a [u8],
    /// Sealed number.
    pub number: Option<&'a [u8]>,
    /// Sealed e-mail address.
    pub email: Option<&'a [u8]>,
    /// Sealed class or group.
    pub class: Option<&'a [u8]>,
    /// Digest of the number.
    pub number_digest: Option<Digest>,
    /// Digest of the address.
    pub email_digest: Option<Digest>,
    /// When.
    pub created_at: Timestamp,
}

/// Adds a person with the key.
///
/// # Errors
/// [`Error::Conflict`] if the number or the address is somebody else's already.
pub fn insert_person(tx: &Tx<'_>, person: &NewPerson<'_>) -> Result<(), Error> {
    let c = tx.connection();
    c.prepare_cached(
        "INSERT INTO person (id, state, name, number, email, class, number_digest, email_digest, created_at)
         VALUES (?1, 'active', ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        person.id.to_bytes(),
        person.name,
        person.number,
        person.email,
        person.class,
        person.number_digest,
        person.email_digest,
        person.created_at.as_millis(),
    ])?;
    c.prepare_cached("INSERT INTO person_key (person, wrapped) VALUES (?1, ?2)")?
        .execute(params![person.id.to_bytes(), person.wrapped_key])?;
    Ok(())
}

const COLUMNS: &str =
    "SELECT p.id, p.state, p.name, p.number, p.email, p.class, p.created_at, k.wrapped
     FROM person p LEFT JOIN person_key k ON k.person = p.id";

/// The query for one person.
pub(in crate::store) const ONE: &str =
    "SELECT p.id, p.state, p.name, p.number, p.email, p.class, p.created_at, k.wrapped
     FROM person p LEFT JOIN person_key k ON k.person = p.id WHERE p.id = ?1";

fn read_person(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow {
        id: column::id(row, 0)?,
        state: column::word(row, 1, PersonState::read)?,
        name: row.get(2)?,
        number: row.get(3)?,
        email: row.get(4)?,
        class: row.get(5)?,
        created_at: column::time(row, 6)?,
        wrapped_key: row.get(7)?,
    })
}

/// One person, erased ones too.
///
/// # Errors
/// Those of reading.
pub fn find_person(view: &View<'_>, id: PersonId) -> Result<Option<PersonRow>, Error> {
    let mut statement = view.connection().prepare_cached(ONE)?;
    Ok(statement
        .query_row([id.to_bytes()], read_person)
        .optional()?)
}

/// Whether a person may take part; None: there is no such person.
///
/// # Errors
/// Those of reading.
pub fn find_state(view: &View<'_>, id: PersonId) -> Result<Option<PersonState>, Error> {
    let mut statement =
        (view.connection()).prepare_cached("SELECT state FROM person WHERE id = ?1")?;
    let read = |row: &Row<'_>| column::word(row, 0, PersonState::read);
    Ok(statement.query_row([id.to_bytes()], read).optional()?)
}

/// The wrapped key of a person; None once erased.
///
/// # Errors
/// Those of reading.
pub fn find_key(view: &View<'_>, id: PersonId) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT wrapped FROM person_key WHERE person = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([id.to_bytes()], |row| row.get(0))
        .optional()?)
}

/// Whose number this is.
///
/// # Errors
/// Those of reading.
pub fn find_by_number(view: &View<'_>, digest: Digest) -> Result<Option<PersonId>, Error> {
    let sql = "SELECT id FROM person WHERE number_digest = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([digest], |row| column::id(row, 0))
        .optional()?)
}

/// Whose address this is.
///
/// # Errors
/// Those of reading.
pub fn find_by_email(view: &View<'_>, digest: Digest) -> Result<Option<PersonId>, Error> {
    let sql = "SELECT id FROM person WHERE email_digest = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([digest], |row| column::id(row, 0))
        .optional()?)
}

/// A page of people in the order they were added, the erased left out.
///
/// # Errors
/// Those of reading.
pub fn list_people(
    view: &View<'_>,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Vec<PersonRow>, Error> {
    let sql = format!("{COLUMNS} WHERE p.id > ?1 AND p.state <> 'erased' ORDER BY p.id LIMIT ?2");
    let from = after.map_or([0; 16], Id::to_bytes);
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map(params![from, limit], read_person)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Number of the last change of any person; a trigger of the schema counts them.
///
/// # Errors
/// Those of reading.
pub fn get_directory_version(view: &View<'_>) -> Result<u64, Error> {
    let sql = "SELECT version FROM directory WHERE id = 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &Row<'_>| row.get::<_, i64>(0);
    Ok(statement.query_row([], read)?.unsigned_abs())
}

/// Lets a person take part or not.
///
/// # Errors
/// [`Error::Missing`] if there is no such person or it is erased.
pub fn update_state(tx: &Tx<'_>, id: PersonId, state: PersonState) -> Result<(), Error> {
    let sql = "UPDATE person SET state = ?2 WHERE id = ?1 AND state <> 'erased'";
    let changed =
        (tx.connection().prepare_cached(sql)?).execute(params![id.to_bytes(), state.code()])?;
    if changed == 0 {
        Err(Error::Missing("person"))
    } else {
        Ok(())
    }
}

/// A new value of one field of a person, sealed; None takes the value away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileField {
    /// The name.
    Name(Vec<u8>),
    /// The number and its digest.
    Number(Option<(Vec<u8>, Digest)>),
    /// The e-mail address and its digest.
    Email(Option<(Vec<u8>, Digest)>),
    /// The class or group.
    Class(Option<Vec<u8>>),
}

/// Changes one field of a person.
///
/// # Errors
/// [`Error::Missing`] if there is no such person or it is erased; [`Error::Conflict`] if the
/// number or the address is somebody else's already.
pub fn update_profile(tx: &Tx<'_>, id: PersonId, field: &ProfileField) -> Result<(), Error> {
    type Value<'a> = (Option<&'a [u8]>, Option<&'a Digest>);
    const fn both(value: Option<&(Vec<u8>, Digest)>) -> Value<'_> {
        match value {
            Some((sealed, digest)) => (Some(sealed.as_slice()), Some(digest)),
            None => (None, None),
        }
    }
    let (sql, (sealed, digest)): (_, Value<'_>) = match field {
        ProfileField::Name(sealed) => (
            "UPDATE person SET name = ?2 WHERE id = ?1 AND state <> 'erased' AND ?3 IS NULL",
            (Some(sealed), None),
        ),
        ProfileField::Number(value) => (
            "UPDATE person SET number = ?2, number_digest = ?3 WHERE id = ?1 AND state <> 'erased'",
            both(value.as_ref()),
        ),
        ProfileField::Email(value) => (
            "UPDATE person SET email = ?2, email_digest = ?3 WHERE id = ?1 AND state <> 'erased'",
            both(value.as_ref()),
        ),
        ProfileField::Class(sealed) => (
            "UPDATE person SET class = ?2 WHERE id = ?1 AND state <> 'erased' AND ?3 IS NULL",
            (sealed.as_deref(), None),
        ),
    };
    let mut statement = tx.connection().prepare_cached(sql)?;
    match statement.execute(params![id.to_bytes(), sealed, digest])? {
        0 => Err(Error::Missing("person")),
        _ => Ok(()),
    }
}

/// Empties a person's row, deletes the key, roles and consents' guardians. What was sealed under
/// the key cannot be opened any more, wherever a copy of it is.
///
/// # Errors
/// [`Error::Missing`] if there is no such person or it is erased already.
pub fn update_erased(tx: &Tx<'_>, id: PersonId, at: Timestamp) -> Result<(), Error> {
    let c = tx.connection();
    let changed = c
        .prepare_cached(
            "UPDATE person SET state = 'erased', erased_at = ?2, name = NULL, number = NULL, email = NULL,
                 class = NULL, number_digest = NULL, email_digest = NULL
             WHERE id = ?1 AND state <> 'erased'",
        )?
        .execute(params![id.to_bytes(), at.as_millis()])?;
    if changed == 0 {
        return Err(Error::Missing("person"));
    }
    for sql in [
        "DELETE FROM person_key WHERE person = ?1",
        "DELETE FROM role WHERE person = ?1",
    ] {
        c.prepare_cached(sql)?.execute([id.to_bytes()])?;
    }
    Ok(())
}

/// A role of a person on a surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// Whose.
    pub person: PersonId,
    /// On which surface: `native` or an old one's name.
    pub surface: String,
    /// The role's code.
    pub role: String,
    /// The surface's own word for it, if it has one.
    pub word: Option<String>,
}

/// Gives a role on a surface, in the place of the one held there.
///
/// # Errors
/// [`Error::Conflict`] for a word that is no role.
pub fn insert_role(tx: &Tx<'_>, role: &RoleRow, at: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO role (person, surface, role, word, given_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (person, surface) DO UPDATE SET role = ?3, word = ?4, given_at = ?5";
    let person = role.person.to_bytes();
    (tx.connection().prepare_cached(sql)?).execute(params![
        person,
        role.surface,
        role.role,
        role.word,
        at.as_millis()
    ])?;
    Ok(())
}

/// The roles of a person, by surface.
///
/// # Errors
/// Those of reading.
pub fn list_roles(view: &View<'_>, person: PersonId) -> Result<Vec<RoleRow>, Error> {
    let sql = "SELECT surface, role, word FROM role WHERE person = ?1 ORDER BY surface";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([person.to_bytes()], |row| {
        Ok(RoleRow {
            person,
            surface: row.get(0)?,
            role: row.get(1)?,
            word: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everybody who was erased, in the order of the erasures.
///
/// # Errors
/// Those of reading.
pub fn list_erased(view: &View<'_>) -> Result<Vec<PersonId>, Error> {
    // The comparison is true for every time: it leads to the index.
    let sql = "SELECT id FROM person WHERE erased_at >= ?1 ORDER BY erased_at";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([i64::MIN], |row| column::id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
