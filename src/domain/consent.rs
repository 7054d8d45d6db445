//! Consent: who agreed to what, by whom, when, to which text. A consent for faces is the
//! condition of being in a gallery; withdrawing it deletes the templates in the same commit.

use crate::base::cause::Cause;
use crate::base::id::{ConsentId, PersonId};
use crate::base::text::{Name, Slug};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::outbox::{self, Notice};
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::consents::{self, ConsentRow};
use crate::store::faces;
use crate::store::people::{self, PersonState};
use crate::store::{Tx, View};
use std::fmt;

pub use crate::store::consents::{ConsentGiver, ConsentMeans, ConsentPurpose};

/// Why a consent was not recorded or withdrawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it is erased.
    NoPerson,
    /// One is in force already.
    InForce,
    /// None is in force.
    NotInForce,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoPerson | Self::NotInForce => Cause::Missing,
            Self::InForce => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person"),
            Self::InForce => f.write_str("a consent for this is in force already"),
            Self::NotInForce => f.write_str("no consent for this is in force"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Who agrees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Giver {
    /// The person.
    Person,
    /// The guardian of a minor.
    Guardian {
        /// Name of the guardian.
        name: Name,
        /// Relation: mother, father, guardian.
        relation: Name,
    },
}

/// A consent to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// About whom.
    pub person: PersonId,
    /// For what.
    pub purpose: ConsentPurpose,
    /// By whom.
    pub giver: Giver,
    /// How it was given.
    pub means: ConsentMeans,
    /// Version of the text that was agreed to.
    pub text_version: Slug,
}

/// Records a consent. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::InForce`], and the faults.
pub fn record(tx: &Tx<'_>, call: &mut Call<'_>, consent: &Consent) -> Result<ConsentId, Error> {
    let _may = call.actor.manage_consents()?;
    let person = consent.person;
    if !matches!(
        people::find_state(tx, person)?,
        Some(PersonState::Active | PersonState::Disabled)
    ) {
        return Err(Error::NoPerson);
    }
    if consents::find_in_force(tx, person, consent.purpose)?.is_some() {
        return Err(Error::InForce);
    }
    let (given_by, guardian) = match &consent.giver {
        Giver::Person => (ConsentGiver::Person, None),
        Giver::Guardian { name, relation } => {
            let key = vault::person_key(tx, call.site, person)?;
            let plain = format!("{name}\n{relation}");
            let row = vault::row_of(person);
            let sealed =
                vault::seal_value(&key, place::GUARDIAN, &row, plain.as_bytes(), call.entropy)?;
            (ConsentGiver::Guardian, Some(sealed))
        }
    };
    let row = ConsentRow {
        id: call.new_id(),
        person,
        purpose: consent.purpose,
        given_by,
        guardian,
        means: consent.means,
        text_version: consent.text_version.to_string(),
        given_at: call.now.at,
        withdrawn_at: None,
    };
    consents::insert_consent(tx, &row)?;
    let told = format!(
        "{} by {given_by} on {} text {}",
        consent.purpose, consent.means, row.text_version
    );
    audit::record(
        tx,
        call,
        Act::ConsentGive,
        format!("person:{person}"),
        Detail::Plain(told),
    )?;
    Ok(row.id)
}

/// Withdraws the consent in force: one's own, or anybody's for those who manage consents. For faces the templates go in the same commit and every
/// gallery is out of date; a gallery that does not know yet is caught inside the check-in.
///
/// # Errors
/// [`Error::NotInForce`], and the faults.
pub fn withdraw(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    purpose: ConsentPurpose,
) -> Result<(), Error> {
    if !call.actor.is_person(person) {
        let _may = call.actor.manage_consents()?;
    }
    if !consents::update_withdrawn(tx, person, purpose, call.now.at)? {
        return Err(Error::NotInForce);
    }
    if purpose == ConsentPurpose::Face {
        faces::delete_faces(tx, person)?;
        faces::update_gallery_version(tx)?;
    }
    let told = Detail::Plain(purpose.to_string());
    audit::record(
        tx,
        call,
        Act::ConsentWithdraw,
        format!("person:{person}"),
        told,
    )?;
    let payload = format!("{{\"person\":\"{person}\",\"purpose\":\"{purpose}\"}}");
    outbox::notify(tx, call, Notice::ConsentWithdrawn, payload)?;
    Ok(())
}

/// The consent in force for a purpose, if there is one.
///
/// # Errors
/// Those of reading.
pub fn find(
    view: &View<'_>,
    person: PersonId,
    purpose: ConsentPurpose,
) -> Result<Option<ConsentRow>, Error> {
    Ok(consents::find_in_force(view, person, purpose)?)
}

/// A consent as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The consent.
    pub consent: ConsentRow,
    /// Name and relation of the guardian who gave it.
    pub guardian: Option<(String, String)>,
}

/// All consents of a person, those withdrawn too, in the order they were given: one's own, or
/// anybody's for those who see people.
///
/// # Errors
/// The faults.
pub fn list(view: &View<'_>, call: &Call<'_>, person: PersonId) -> Result<Vec<Told>, Error> {
    if !call.actor.is_person(person) {
        let _may = call.actor.read_people()?;
    }
    let erased = people::find_state(view, person)? == Some(PersonState::Erased);
    let rows = consents::list_consents(view, person)?;
    let told = rows.into_iter().map(|consent| {
        // Of the erased no guardian can be named any more.
        let guardian = match erased {
            true => None,
            false => guardian(view, call.site, &consent)?,
        };
        Ok(Told { consent, guardian })
    });
    told.collect()
}

/// Name and relation of the guardian who gave a consent; None: the person gave it, or is erased.
///
/// # Errors
/// Those of reading and opening.
pub fn guardian(
    view: &View<'_>,
    site: &Site,
    consent: &ConsentRow,
) -> Result<Option<(String, String)>, Error> {
    let Some(sealed) = consent.guardian.as_ref() else {
        return Ok(None);
    };
    let key = vault::person_key(view, site, consent.person)?;
    let row = vault::row_of(consent.person);
    let text = vault::open_text(&key, place::GUARDIAN, &row, sealed)?;
    let (name, relation) = text.split_once('\n').ok_or(Fault::Damaged("guardian"))?;
    Ok(Some((name.to_owned(), relation.to_owned())))
}
