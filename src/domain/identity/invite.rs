//! Links by which people enrol their own face on their own phone, for one use.
//!
//! Nothing is stored: a link names the person, who made it and until when it holds, under a
//! keyed digest that also covers how the person stands. As soon as the face is enrolled, taken
//! away, or a consent is withdrawn, the person stands differently and the link is none any more,
//! for good: the store counts how often a face was taken away. What is
//! done through it is done with the rights of whoever made it, as they are at that moment.

use crate::base::id::PersonId;
use crate::base::limits::INVITE_MS_MAX;
use crate::base::secret::Secret;
use crate::base::time::{Span, Timestamp};
use crate::crypto::digest::sha256;
use crate::crypto::keyring::Purpose;
use crate::crypto::token::equal;
use crate::domain::actor::{Actor, Denied};
use crate::domain::fault::Fault;
use crate::domain::identity::person::{Error, NATIVE, PersonState};
use crate::domain::identity::role;
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::{View, consents, faces, people};
use crate::vision::gallery::ModelHash;

/// Characters of an id.
const ID_CHARS: usize = 26;

/// A link that was made.
#[derive(Debug)]
pub struct Made {
    /// What the link carries; it lets whoever has it enrol a face for the person.
    pub token: Secret<String>,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// Whom a link is for, and on whose behalf its holder acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invited {
    /// Who is to be enrolled.
    pub person: PersonId,
    /// Who made the link, with the role of now.
    pub by: Actor,
}

/// Makes a link for a person who may take part. Only a signed-in person can.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub fn make(
    view: &View<'_>,
    call: &Call<'_>,
    person: PersonId,
    model: ModelHash,
) -> Result<Made, Error> {
    let _may = call.actor.manage_faces()?;
    let _may = call.actor.manage_consents()?;
    let Actor::Person { id: by, .. } = call.actor else {
        return Err(Fault::Denied(Denied {
            right: "manage_faces",
        })
        .into());
    };
    if people::find_state(view, person)? != Some(PersonState::Active) {
        return Err(Error::NoPerson);
    }
    let expires_at = call.now.at.plus(Span::from_millis(INVITE_MS_MAX));
    let plain = format!("{person}{by}{:012x}", expires_at.as_millis());
    let mac = digest(view, call.site, person, model, &plain)?;
    Ok(Made {
        token: Secret::new(plain + &mac),
        expires_at,
    })
}

/// The digest over a link's text and over how the person stands now, as 32 digits.
fn digest(
    view: &View<'_>,
    site: &Site,
    person: PersonId,
    model: ModelHash,
    plain: &str,
) -> Result<String, Error> {
    let template = faces::find_template(view, person, model.0)?;
    let face = template.map_or([0; 32], |t| sha256(&t.template));
    let consents = consents::list_consents(view, person)?;
    let withdrawn = consents.iter().filter(|c| c.withdrawn_at.is_some()).count();
    let mut bytes = plain.as_bytes().to_vec();
    bytes.extend_from_slice(&face);
    bytes.extend_from_slice(&faces::get_removed(view, person)?.to_be_bytes());
    bytes.extend_from_slice(&withdrawn.to_be_bytes());
    let digest = vault::lookup(site, Purpose::Tokens, place::INVITE, &bytes);
    Ok(digest.iter().map(|b| format!("{b:02x}")).collect())
}

/// Whom a link is for; None: it is none, is over, was used, or whoever made it may not any more.
///
/// # Errors
/// Those of reading.
pub fn find(
    view: &View<'_>,
    call: &Call<'_>,
    token: &str,
    model: ModelHash,
) -> Result<Option<Invited>, Error> {
    let Some((plain, mac)) = token.split_at_checked(2 * ID_CHARS + 12) else {
        return Ok(None);
    };
    let Some((person, by, expires_at)) = parse(plain) else {
        return Ok(None);
    };
    let wanted = digest(view, call.site, person, model, plain)?;
    if !equal(mac.as_bytes(), wanted.as_bytes()) || call.now.at >= expires_at {
        return Ok(None);
    }
    if people::find_state(view, person)? != Some(PersonState::Active) {
        return Ok(None);
    }
    let by = role::actor_on(view, by, NATIVE, false)?;
    let by = by.filter(|a| a.manage_faces().is_ok() && a.manage_consents().is_ok());
    Ok(by.map(|by| Invited { person, by }))
}

fn parse(plain: &str) -> Option<(PersonId, PersonId, Timestamp)> {
    let (person, rest) = plain.split_at_checked(ID_CHARS)?;
    let (by, expires_at) = rest.split_at_checked(ID_CHARS)?;
    let expires_at = i64::from_str_radix(expires_at, 16).ok()?;
    let expires_at = Timestamp::from_millis(expires_at);
    Some((person.parse().ok()?, by.parse().ok()?, expires_at))
}
