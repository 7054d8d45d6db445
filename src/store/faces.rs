//! Face templates and the embeddings they are means of, sealed; and the gallery's version,
//! which tells a gallery in memory that it is out of date.

use crate::base::id::{ConsentId, EventId, Id, PersonId, PictureId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Params, Row, params};

/// The embedder's hash as stored: 32 bytes.
pub type Model = [u8; 32];

/// A template to be stored.
#[derive(Debug)]
pub struct TemplateRow<'a> {
    /// Whose.
    pub person: PersonId,
    /// Which model made it.
    pub model: Model,
    /// The consent that it is kept under.
    pub consent: ConsentId,
    /// Sealed template.
    pub template: &'a [u8],
    /// Pictures it is the mean of.
    pub pictures: u32,
    /// When.
    pub created_at: Timestamp,
}

/// The embedding of one enrolled picture, to be stored.
#[derive(Debug)]
pub struct PictureRow<'a> {
    /// Which.
    pub id: PictureId,
    /// Whose.
    pub person: PersonId,
    /// Which model made it.
    pub model: Model,
    /// Sealed embedding.
    pub embedding: &'a [u8],
    /// Quality of the picture, 0 to 1.
    pub quality: f32,
    /// When.
    pub created_at: Timestamp,
}

/// A sealed template with what is needed to open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedTemplate {
    /// Whose.
    pub person: PersonId,
    /// Sealed template.
    pub template: Vec<u8>,
    /// The person's wrapped key.
    pub wrapped_key: Vec<u8>,
}

/// Stores a template in the place of the person's former one.
///
/// # Errors
/// [`Error::Conflict`] if person or consent is missing.
pub fn insert_template(tx: &Tx<'_>, row: &TemplateRow<'_>) -> Result<(), Error> {
    let sql = "INSERT INTO face_template (person, model, consent, template, pictures, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (person) DO UPDATE SET model = ?2, consent = ?3, template = ?4, pictures = ?5, created_at = ?6";
    tx.connection().prepare_cached(sql)?.execute(params![
        row.person.to_bytes(),
        row.model,
        row.consent.to_bytes(),
        row.template,
        row.pictures,
        row.created_at.as_millis(),
    ])?;
    Ok(())
}

/// Stores the embedding of one picture.
///
/// # Errors
/// [`Error::Conflict`] if the person is missing.
pub fn insert_picture(tx: &Tx<'_>, row: &PictureRow<'_>) -> Result<(), Error> {
    let sql = "INSERT INTO face_picture (id, person, model, embedding, quality, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.connection().prepare_cached(sql)?.execute(params![
        row.id.to_bytes(),
        row.person.to_bytes(),
        row.model,
        row.embedding,
        f64::from(row.quality.clamp(0.0, 1.0)),
        row.created_at.as_millis(),
    ])?;
    Ok(())
}

/// Deletes template and picture embeddings of a person. False: there were none.
///
/// # Errors
/// Those of writing.
pub fn delete_faces(tx: &Tx<'_>, person: PersonId) -> Result<bool, Error> {
    let mut deleted = 0;
    for sql in [
        "DELETE FROM face_template WHERE person = ?1",
        "DELETE FROM face_picture WHERE person = ?1",
    ] {
        deleted += (tx.connection().prepare_cached(sql)?).execute([person.to_bytes()])?;
    }
    Ok(deleted > 0)
}

/// Whether anybody has a template.
///
/// # Errors
/// Those of reading.
pub fn find_any(view: &View<'_>) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM face_template WHERE person > X'' LIMIT 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.exists([])?)
}

/// How often a person's face was taken away.
///
/// # Errors
/// Those of reading.
pub fn get_removed(view: &View<'_>, person: PersonId) -> Result<u32, Error> {
    let sql = "SELECT removed FROM face_round WHERE person = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let found = statement.query_row([person.to_bytes()], |row| row.get(0));
    Ok(found.optional()?.unwrap_or(0))
}

/// Whether a person has a template of this model whose consent is in force.
///
/// # Errors
/// Those of reading.
pub fn is_enrolled(view: &View<'_>, person: PersonId, model: Model) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM face_template t JOIN consent c ON c.id = t.consent
         WHERE t.person = ?1 AND t.model = ?2 AND c.withdrawn_at IS NULL";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.exists(params![person.to_bytes(), model])?)
}

/// How many pictures a person's template is the mean of; None: not enrolled.
///
/// # Errors
/// Those of reading.
pub fn find_pictures(view: &View<'_>, person: PersonId) -> Result<Option<u32>, Error> {
    let sql = "SELECT pictures FROM face_template WHERE person = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([person.to_bytes()], |row| row.get(0))
        .optional()?)
}

fn read_template(row: &Row<'_>) -> rusqlite::Result<SealedTemplate> {
    Ok(SealedTemplate {
        person: column::id(row, 0)?,
        template: row.get(1)?,
        wrapped_key: row.get(2)?,
    })
}

fn query_templates(
    view: &View<'_>,
    sql: &str,
    key: impl Params,
) -> Result<Vec<SealedTemplate>, Error> {
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map(key, read_template)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One person's template of a model under a consent in force.
///
/// # Errors
/// Those of reading.
pub fn find_template(
    view: &View<'_>,
    person: PersonId,
    model: Model,
) -> Result<Option<SealedTemplate>, Error> {
    let sql = "SELECT t.person, t.template, k.wrapped FROM face_template t
         JOIN consent c ON c.id = t.consent JOIN person_key k ON k.person = t.person
         JOIN person p ON p.id = t.person
         WHERE t.person = ?1 AND t.model = ?2 AND c.withdrawn_at IS NULL AND p.state = 'active'";
    let mut found = query_templates(view, sql, params![person.to_bytes(), model])?;
    Ok(found.pop())
}

/// A page of all templates of a model that may be matched, in the order of people.
///
/// # Errors
/// Those of reading.
pub fn list_templates(
    view: &View<'_>,
    model: Model,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Vec<SealedTemplate>, Error> {
    let sql = "SELECT t.person, t.template, k.wrapped FROM face_template t
         CROSS JOIN consent c ON c.id = t.consent CROSS JOIN person_key k ON k.person = t.person
         CROSS JOIN person p ON p.id = t.person
         WHERE t.person > ?1 AND t.model = ?2 AND c.withdrawn_at IS NULL AND p.state = 'active'
         ORDER BY t.person LIMIT ?3";
    let from = after.map_or([0; 16], Id::to_bytes);
    query_templates(view, sql, params![from, model, limit])
}

/// A page of the templates of an event's ticket holders, in the order of people.
///
/// # Errors
/// Those of reading.
pub fn list_templates_of_event(
    view: &View<'_>,
    event: EventId,
    model: Model,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Vec<SealedTemplate>, Error> {
    let sql = "SELECT DISTINCT t.person, t.template, k.wrapped FROM ticket h
         CROSS JOIN face_template t ON t.person = h.holder CROSS JOIN consent c ON c.id = t.consent
         CROSS JOIN person_key k ON k.person = t.person CROSS JOIN person p ON p.id = t.person
         WHERE h.event = ?1 AND h.holder > ?2 AND t.model = ?3 AND c.withdrawn_at IS NULL AND p.state = 'active'
         ORDER BY h.holder LIMIT ?4";
    let from = after.map_or([0; 16], Id::to_bytes);
    query_templates(view, sql, params![event.to_bytes(), from, model, limit])
}

/// The gallery's version: a gallery loaded at another version is out of date.
///
/// # Errors
/// Those of reading.
pub fn get_gallery_version(view: &View<'_>) -> Result<u64, Error> {
    let mut statement =
        (view.connection()).prepare_cached("SELECT version FROM gallery WHERE id = 1")?;
    Ok(statement
        .query_row([], |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}

/// Raises the gallery's version: part of every change that a gallery must notice.
///
/// # Errors
/// Those of writing.
pub fn update_gallery_version(tx: &Tx<'_>) -> Result<(), Error> {
    let sql = "UPDATE gallery SET version = version + 1 WHERE id = 1";
    tx.connection().prepare_cached(sql)?.execute([])?;
    Ok(())
}
