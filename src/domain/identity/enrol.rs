//! Enrolment of faces: at least three good pictures of one person, under a consent in force, of
//! somebody who is not enrolled under another name. Kept are the sealed embeddings and, as the
//! template, their normalised mean; never the pictures.

use crate::base::cause::Cause;
use crate::base::id::{Id, PersonId, PictureId};
use crate::base::limits::{ENROL_PICTURES_MAX, ENROL_PICTURES_MIN};
use crate::base::text::Remark;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::outbox::{self, Notice};
use crate::domain::site::Call;
use crate::domain::vault::{self, place};
use crate::store::consents::{self, ConsentPurpose, ConsentRow};
use crate::store::faces::{self, PictureRow, TemplateRow};
use crate::store::people::{self, PersonState};
use crate::store::{Tx, View};
use crate::vision::embed::Embedding;
use crate::vision::gallery::{Gallery, ModelHash};
use crate::vision::quality::{ENROL_SCORE_MIN, QualityIssue};
use crate::vision::worker::Analysis;
use std::fmt;

pub use crate::domain::identity::gallery::{Loaded, load_everybody, load_gallery};

/// Below this cosine two pictures of one enrolment are not of one person.
pub const ENROL_PAIR_MIN: f32 = 0.50;

/// From this cosine on two templates are taken for the same face. Impostor means reached 0.453
/// (99.99 %), and genuine means fell to 0.732 (5 %).
pub const SAME_FACE: f32 = 0.55;

/// One picture as the engine saw it.
#[derive(Debug, Clone)]
pub struct Picture {
    /// How many faces are in it.
    pub faces: usize,
    /// Quality of the largest, 0 to 1.
    pub quality: f32,
    /// What is wrong with it, worst first.
    pub issues: Vec<QualityIssue>,
    /// Its embedding; None if it was not good enough for one.
    pub embedding: Option<Embedding>,
}

impl Picture {
    /// What an analysis of the picture shows: the largest face, and how many there are.
    #[must_use]
    pub fn seen(analysis: &Analysis) -> Self {
        let seen = analysis.faces.first();
        Self {
            faces: analysis.faces.len(),
            quality: seen.map_or(0.0, |f| f.quality.score),
            issues: seen.map_or_else(Vec::new, |f| f.quality.issues.clone()),
            embedding: seen.and_then(|f| f.embedding.clone()),
        }
    }
}

/// Why an enrolment was refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it may not take part.
    NoPerson,
    /// No consent for faces is in force.
    NoConsent,
    /// Fewer or more pictures than allowed: how many there were.
    Pictures(usize),
    /// A picture does not pass: which (from 0), and why.
    Picture(usize, PictureFault),
    /// Two pictures are not of one person: which, and their cosine.
    Unlike(usize, usize, f32),
    /// The same face is enrolled under another name: whose, and the cosine.
    SameFace {
        /// The other person.
        other: PersonId,
        /// How near the two faces are.
        cosine: f32,
    },
    /// Enrolments have changed since the search for the same face: load, search and try again.
    Stale,
    /// The person has no enrolled face.
    NotEnrolled,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

/// Why a picture does not pass.
#[derive(Debug, Clone, PartialEq)]
pub enum PictureFault {
    /// No face in it.
    NoFace,
    /// This many faces in it.
    ManyFaces(usize),
    /// Its quality, and what is wrong, worst first.
    Quality(f32, Vec<QualityIssue>),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoPerson | Self::NotEnrolled => Cause::Missing,
            Self::NoConsent | Self::SameFace { .. } | Self::Stale => Cause::Conflict,
            Self::Pictures(_) | Self::Picture(..) | Self::Unlike(..) => Cause::Invalid,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for PictureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFace => f.write_str("there is no face in it"),
            Self::ManyFaces(faces) => write!(f, "there are {faces} faces in it"),
            Self::Quality(score, issues) => {
                write!(f, "its quality {score:.2} is below {ENROL_SCORE_MIN}")?;
                issues
                    .iter()
                    .try_for_each(|issue| write!(f, " {}", issue.code()))
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person, or it may not take part"),
            Self::NoConsent => f.write_str("no consent for faces is in force: record one first"),
            Self::Pictures(n) => write!(
                f,
                "an enrolment has {ENROL_PICTURES_MIN} to {ENROL_PICTURES_MAX} pictures, not {n}"
            ),
            Self::Picture(i, fault) => write!(f, "picture {}: {fault}", i + 1),
            Self::Unlike(a, b, cosine) => write!(
                f,
                "pictures {} and {} are not alike ({cosine:.2}, needed {ENROL_PAIR_MIN}): is each of the same person?",
                a + 1,
                b + 1
            ),
            Self::SameFace { other, cosine } => write!(
                f,
                "this face is enrolled already, as person {other} ({cosine:.2}). If they are one \
                 person, use that one or merge the two; if they are two people who look alike, \
                 repeat with `not_same_person` and a reason"
            ),
            Self::Stale => f.write_str("enrolments have changed meanwhile: try again"),
            Self::NotEnrolled => f.write_str("this person has no enrolled face"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Pictures that passed, with their mean and the nearest other face of a gallery.
#[derive(Debug, Clone)]
pub struct Candidate {
    person: PersonId,
    pictures: Vec<(Embedding, f32)>,
    template: Embedding,
    model: ModelHash,
    version: u64,
    same_face: Option<(PersonId, f32)>,
}

/// Checks the pictures and looks for the same face under another name. Pure; `everybody` must
/// be of [`load_everybody`]. The nearest other face counts from cosine 0.55 on.
///
/// # Errors
/// [`Error::Pictures`], [`Error::Picture`], [`Error::Unlike`].
pub fn examine(
    person: PersonId,
    pictures: &[Picture],
    everybody: &Loaded,
    model: ModelHash,
) -> Result<Candidate, Error> {
    if !(ENROL_PICTURES_MIN..=ENROL_PICTURES_MAX).contains(&pictures.len()) {
        return Err(Error::Pictures(pictures.len()));
    }
    let mut good = Vec::with_capacity(pictures.len());
    for (i, picture) in pictures.iter().enumerate() {
        let embedding = gate(picture).map_err(|fault| Error::Picture(i, fault))?;
        good.push((embedding.clone(), picture.quality));
    }
    for (b, (later, _)) in good.iter().enumerate() {
        for (a, (earlier, _)) in good.iter().enumerate().take(b) {
            let cosine = earlier.dot(later);
            if cosine < ENROL_PAIR_MIN {
                return Err(Error::Unlike(a, b, cosine));
            }
        }
    }
    let embeddings: Vec<Embedding> = good.iter().map(|(e, _)| e.clone()).collect();
    let template = Embedding::mean(&embeddings).ok_or(Error::Pictures(good.len()))?;
    Ok(Candidate {
        person,
        same_face: nearest_other(&everybody.gallery, &template, person),
        pictures: good,
        template,
        model,
        version: everybody.version,
    })
}

/// Whether a picture passes on its own: one face, good enough.
#[must_use]
pub fn is_good(picture: &Picture) -> bool {
    gate(picture).is_ok()
}

fn gate(picture: &Picture) -> Result<&Embedding, PictureFault> {
    match (picture.faces, picture.embedding.as_ref()) {
        (0, _) => Err(PictureFault::NoFace),
        (1, Some(embedding)) if picture.quality >= ENROL_SCORE_MIN => Ok(embedding),
        (1, _) => Err(PictureFault::Quality(
            picture.quality,
            picture.issues.clone(),
        )),
        (faces, _) => Err(PictureFault::ManyFaces(faces)),
    }
}

/// The nearest person other than `person`, if near enough to be the same face.
fn nearest_other(
    gallery: &Gallery,
    template: &Embedding,
    person: PersonId,
) -> Option<(PersonId, f32)> {
    let found = gallery.search(template);
    let other = found
        .best
        .filter(|(who, _)| *who != person)
        .or(found.second);
    other.filter(|(_, cosine)| *cosine >= SAME_FACE)
}

/// Enrols a face in the place of the person's former one. `not_same_person` is the reason why
/// a like face is another person's; it is audited. Race-safe: refused as stale if any
/// enrolment has changed since the gallery of the search was loaded.
///
/// # Errors
/// [`Error::Stale`], [`Error::NoPerson`], [`Error::NoConsent`], [`Error::SameFace`], the faults.
pub fn enrol(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    candidate: &Candidate,
    not_same_person: Option<&Remark>,
) -> Result<(), Error> {
    let _may = call.actor.manage_faces()?;
    let person = candidate.person;
    if people::find_state(tx, person)? != Some(PersonState::Active) {
        return Err(Error::NoPerson);
    }
    let consent = consents::find_in_force(tx, person, ConsentPurpose::Face)?;
    let consent = consent.ok_or(Error::NoConsent)?;
    if faces::get_gallery_version(tx)? != candidate.version {
        return Err(Error::Stale);
    }
    if let Some((other, cosine)) = candidate.same_face {
        let Some(reason) = not_same_person else {
            return Err(Error::SameFace { other, cosine });
        };
        let _may = call.actor.override_same_face()?;
        let told = Detail::Personal(person, reason.as_str());
        let object = format!("person:{person} person:{other}");
        audit::record(tx, call, Act::FaceOverride, object, told)?;
    }
    faces::delete_faces(tx, person)?;
    insert(tx, call, candidate, &consent)?;
    faces::update_gallery_version(tx)?;
    let told = Detail::Plain(format!(
        "pictures {} model {}",
        candidate.pictures.len(),
        candidate.model
    ));
    audit::record(tx, call, Act::FaceEnrol, format!("person:{person}"), told)?;
    outbox::notify(
        tx,
        call,
        Notice::FaceEnrolled,
        format!("{{\"person\":\"{person}\"}}"),
    )?;
    Ok(())
}

fn insert(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    candidate: &Candidate,
    consent: &ConsentRow,
) -> Result<(), Error> {
    let person = candidate.person;
    let model = candidate.model.0;
    let key = vault::person_key(tx, call.site, person)?;
    for (embedding, quality) in &candidate.pictures {
        let id: PictureId = call.new_id();
        let plain = embedding.to_bytes();
        let sealed = vault::seal_value(&key, place::PICTURE, &id.to_bytes(), &plain, call.entropy)?;
        let row = PictureRow {
            id,
            person,
            model,
            embedding: &sealed,
            quality: *quality,
            created_at: call.now.at,
        };
        faces::insert_picture(tx, &row)?;
    }
    let plain = candidate.template.to_bytes();
    let row = vault::row_of(person);
    let sealed = vault::seal_value(&key, place::TEMPLATE, &row, &plain, call.entropy)?;
    let template = TemplateRow {
        person,
        model,
        consent: consent.id,
        template: &sealed,
        pictures: u32::try_from(candidate.pictures.len()).unwrap_or(u32::MAX),
        created_at: call.now.at,
    };
    Ok(faces::insert_template(tx, &template)?)
}

/// Whether anybody has an enrolled face.
///
/// # Errors
/// The faults.
pub fn is_anybody_enrolled(view: &View<'_>) -> Result<bool, Error> {
    Ok(faces::find_any(view)?)
}

/// Removes a person's face: template and picture embeddings go at once.
///
/// # Errors
/// [`Error::NotEnrolled`], and the faults.
pub fn remove(tx: &Tx<'_>, call: &mut Call<'_>, person: PersonId) -> Result<(), Error> {
    let _may = call.actor.manage_faces()?;
    if !faces::delete_faces(tx, person)? {
        return Err(Error::NotEnrolled);
    }
    faces::update_gallery_version(tx)?;
    audit::record(
        tx,
        call,
        Act::FaceRemove,
        format!("person:{person}"),
        Detail::None,
    )?;
    outbox::notify(
        tx,
        call,
        Notice::FaceRemoved,
        format!("{{\"person\":\"{person}\"}}"),
    )?;
    Ok(())
}
