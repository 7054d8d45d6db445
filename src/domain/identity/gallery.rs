//! Galleries: the templates of the people an occasion may recognise. Loaded by the surface when
//! the store's gallery version has changed; the check-in asks again inside its transaction.

use crate::base::id::PersonId;
use crate::base::limits;
use crate::domain::fault::Fault;
use crate::domain::site::Site;
use crate::domain::vault::{self, place};
use crate::store::faces::{self, SealedTemplate};
use crate::store::visits::OccasionKey;
use crate::store::{Error, View};
use crate::vision::embed::Embedding;
use crate::vision::gallery::{Gallery, ModelHash};

/// A gallery and the version of the store's enrolments that it shows.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The templates.
    pub gallery: Gallery,
    /// The version at which they were read.
    pub version: u64,
}

/// Templates that one query reads.
const PAGE: u32 = 500;

/// The version of the store's enrolments now.
///
/// # Errors
/// Those of reading.
pub fn version(view: &View<'_>) -> Result<u64, Fault> {
    Ok(faces::get_gallery_version(view)?)
}

/// Loads the gallery of an occasion: of an event its ticket holders, of a day everybody; only
/// active people whose consent is in force and whose template this model made.
///
/// # Errors
/// Those of reading and opening; [`Error::Conflict`] for more templates than a gallery holds.
pub fn load_gallery(
    view: &View<'_>,
    site: &Site,
    occasion: &OccasionKey,
    model: ModelHash,
) -> Result<Loaded, Fault> {
    match occasion.as_event() {
        Some(event) => load(view, site, model, |after| {
            faces::list_templates_of_event(view, event, model.0, after, PAGE)
        }),
        None => load_everybody(view, site, model),
    }
}

/// Loads the templates of everybody: for days, and for the search for the same face under
/// another name.
///
/// # Errors
/// As [`load_gallery`].
pub fn load_everybody(view: &View<'_>, site: &Site, model: ModelHash) -> Result<Loaded, Fault> {
    load(view, site, model, |after| {
        faces::list_templates(view, model.0, after, PAGE)
    })
}

/// The template of one person, for a claimed identity; None: none is in force.
///
/// # Errors
/// Those of reading and opening.
pub fn load_template(
    view: &View<'_>,
    site: &Site,
    person: PersonId,
    model: ModelHash,
) -> Result<Option<Embedding>, Fault> {
    let found = faces::find_template(view, person, model.0)?;
    found.as_ref().map(|sealed| open(site, sealed)).transpose()
}

fn load(
    view: &View<'_>,
    site: &Site,
    model: ModelHash,
    page: impl Fn(Option<PersonId>) -> Result<Vec<SealedTemplate>, Error>,
) -> Result<Loaded, Fault> {
    // Read first: if enrolments change while the pages are read, the version is the older one
    // and the gallery is loaded again.
    let version = faces::get_gallery_version(view)?;
    let mut gallery = Gallery::new(model);
    let mut after = None;
    loop {
        let rows = page(after)?;
        for sealed in &rows {
            let full = || Error::Conflict("gallery is full".to_owned());
            gallery
                .insert(sealed.person, &open(site, sealed)?)
                .map_err(|_| full())?;
        }
        after = rows.last().map(|row| row.person);
        if rows.len() < PAGE as usize || gallery.len() > limits::GALLERY_TEMPLATES_MAX {
            return Ok(Loaded { gallery, version });
        }
    }
}

fn open(site: &Site, sealed: &SealedTemplate) -> Result<Embedding, Fault> {
    let key = site
        .keyring
        .open_person_key(sealed.person, &sealed.wrapped_key)?;
    let row = vault::row_of(sealed.person);
    vault::open_with(&key, place::TEMPLATE, &row, &sealed.template, |plain| {
        Embedding::from_bytes(plain).ok()
    })
}
