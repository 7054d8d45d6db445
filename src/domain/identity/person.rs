//! People: added, listed, found, shown, disabled, erased.
//!
//! Every personal value is sealed under the person's own key, which lies wrapped beside them.
//! Erasing deletes that key: what was sealed under it, here, in the write-ahead log or in a
//! backup, never opens again. The empty row stays, so that counts and visits stay whole.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::text::{Email, IdNumber, Name};
use crate::base::time::Timestamp;
use crate::crypto::keyring::{Key, Purpose};
use crate::domain::actor::{Actor, Denied, Role};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::name;
use crate::domain::outbox::{self, Notice};
use crate::domain::site::{Call, Site};
use crate::domain::surface::Surface;
use crate::domain::vault::{self, Place, place};
use crate::store::people::{self, NewPerson, PersonRow, RoleRow};
use crate::store::{
    self, Tx, View, accounts, consents, faces, factors, imports, languages, mails, privacy,
    sessions, tickets,
};
use std::fmt;

pub use crate::store::people::PersonState;

/// The surface whose roles hold everywhere.
pub const NATIVE: Surface = Surface::Native;

/// Why something about a person was not done.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it is erased.
    NoPerson,
    /// Another person has this number.
    NumberTaken,
    /// Another person has this e-mail address.
    EmailTaken,
    /// Nobody else could sign in and run the box any more.
    LastAdministrator,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoPerson => Cause::Missing,
            Self::NumberTaken | Self::EmailTaken | Self::LastAdministrator => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }

    /// A store that misses a person's row or key says so in the person's words.
    pub(super) fn of(fault: impl Into<Fault>) -> Self {
        let fault = fault.into();
        if fault == Fault::Store(store::Error::Missing("person")) {
            Self::NoPerson
        } else {
            Self::Fault(fault)
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person"),
            Self::NumberTaken => f.write_str("another person has this number"),
            Self::EmailTaken => f.write_str("another person has this e-mail address"),
            Self::LastAdministrator => f.write_str(
                "this is the last administrator who can sign in: make another one first",
            ),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A person to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Name.
    pub name: Name,
    /// Student's or member's number.
    pub number: Option<IdNumber>,
    /// E-mail address.
    pub email: Option<Email>,
    /// Class or group.
    pub class: Option<Name>,
    /// Role on the native surface, or on that where the person registers.
    pub role: Role,
}

/// A person as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Whether the person may take part.
    pub state: PersonState,
    /// Name.
    pub name: String,
    /// Student's or member's number.
    pub number: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Class or group.
    pub class: Option<String>,
    /// Role on the native surface.
    pub role: Option<Role>,
    /// Pictures of the enrolled face; None: not enrolled.
    pub face_pictures: Option<u32>,
    /// When the person was added.
    pub created_at: Timestamp,
}

pub(super) fn number_digest(site: &Site, number: &IdNumber) -> people::Digest {
    let plain = number.as_str().to_ascii_uppercase();
    vault::lookup(site, Purpose::Numbers, place::NUMBER, plain.as_bytes())
}

pub(super) fn email_digest(site: &Site, email: &Email) -> people::Digest {
    vault::lookup(
        site,
        Purpose::Digests,
        place::EMAIL,
        email.as_str().as_bytes(),
    )
}

/// Adds a person. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NumberTaken`], [`Error::EmailTaken`], and the faults.
pub fn add(tx: &Tx<'_>, call: &mut Call<'_>, profile: &Profile) -> Result<PersonId, Error> {
    let _may = call.actor.manage_people()?;
    if profile.role != Role::User {
        let _may = call.actor.manage_roles()?;
    }
    insert(tx, call, profile, NATIVE)
}

/// Adds a person, whose role is held on `surface`; whoever calls this has asked for the right.
pub(super) fn insert(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    profile: &Profile,
    surface: Surface,
) -> Result<PersonId, Error> {
    let site = call.site;
    let id: PersonId = call.new_id();
    let (key, wrapped) = site.keyring.new_person_key(id, call.entropy)?;
    let row = vault::row_of(id);
    let mut seal =
        |at: Place, plain: &str| vault::seal_value(&key, at, &row, plain.as_bytes(), call.entropy);
    let sealed_name = seal(place::NAME, profile.name.as_str())?;
    let number = (profile.number.as_ref())
        .map(|n| seal(place::NUMBER, n.as_str()))
        .transpose()?;
    let email = (profile.email.as_ref())
        .map(|e| seal(place::EMAIL, e.as_str()))
        .transpose()?;
    let class = (profile.class.as_ref())
        .map(|c| seal(place::CLASS, c.as_str()))
        .transpose()?;
    let new = NewPerson {
        id,
        wrapped_key: &wrapped,
        name: &sealed_name,
        number: number.as_deref(),
        email: email.as_deref(),
        class: class.as_deref(),
        number_digest: profile.number.as_ref().map(|n| number_digest(site, n)),
        email_digest: profile.email.as_ref().map(|e| email_digest(site, e)),
        created_at: call.now.at,
    };
    people::insert_person(tx, &new).map_err(taken)?;
    insert_role(tx, call, id, surface, profile.role)?;
    let told = Detail::Personal(id, profile.name.as_str());
    audit::record(tx, call, Act::PersonAdd, format!("person:{id}"), told)?;
    outbox::notify(
        tx,
        call,
        Notice::PersonAdded,
        format!("{{\"person\":\"{id}\"}}"),
    )?;
    Ok(id)
}

pub(super) fn insert_role(
    tx: &Tx<'_>,
    call: &Call<'_>,
    person: PersonId,
    surface: Surface,
    role: Role,
) -> Result<(), Error> {
    let row = RoleRow {
        person,
        surface: surface.code().to_owned(),
        role: role.code().to_owned(),
        word: None,
    };
    Ok(people::insert_role(tx, &row, call.now.at)?)
}

pub(super) fn taken(error: store::Error) -> Error {
    if error.is_conflict_of("number_digest") {
        Error::NumberTaken
    } else if error.is_conflict_of("email_digest") {
        Error::EmailTaken
    } else {
        Error::Fault(Fault::Store(error))
    }
}

/// One person as staff see it.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub fn find(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<Person, Error> {
    let _may = call.actor.read_people()?;
    find_any(view, call.site, id)
}

/// One person; whoever asks has looked at the rights.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub(super) fn find_any(view: &View<'_>, site: &Site, id: PersonId) -> Result<Person, Error> {
    let row = people::find_person(view, id)?.ok_or(Error::NoPerson)?;
    open(view, site, row)
}

/// Whose number this is; None: nobody's.
///
/// # Errors
/// The faults.
pub fn find_by_number(
    view: &View<'_>,
    site: &Site,
    number: &IdNumber,
) -> Result<Option<PersonId>, Error> {
    Ok(people::find_by_number(view, number_digest(site, number))?)
}

/// Whose e-mail address this is; None: nobody's.
///
/// # Errors
/// The faults.
pub fn find_by_email(
    view: &View<'_>,
    site: &Site,
    email: &Email,
) -> Result<Option<PersonId>, Error> {
    Ok(people::find_by_email(view, email_digest(site, email))?)
}

/// A page of people in the order they were added, the erased left out.
///
/// # Errors
/// The faults.
pub fn list(
    view: &View<'_>,
    call: &Call<'_>,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Vec<Person>, Error> {
    let _may = call.actor.read_people()?;
    let rows = people::list_people(view, after, limit)?;
    rows.into_iter()
        .map(|row| open(view, call.site, row))
        .collect()
}

fn key_of(site: &Site, row: &PersonRow) -> Result<Key, Error> {
    let wrapped = row.wrapped_key.as_ref().ok_or(Error::NoPerson)?;
    Ok(site.keyring.open_person_key(row.id, wrapped)?)
}

fn open(view: &View<'_>, site: &Site, row: PersonRow) -> Result<Person, Error> {
    let key = key_of(site, &row)?;
    let at = vault::row_of(row.id);
    let text = |place: Place, sealed: &Option<Vec<u8>>| {
        let open = |envelope: &Vec<u8>| vault::open_text(&key, place, &at, envelope);
        sealed.as_ref().map(open).transpose()
    };
    let roles = people::list_roles(view, row.id)?;
    let native = roles.iter().find(|r| r.surface == NATIVE.code());
    Ok(Person {
        id: row.id,
        state: row.state,
        name: text(place::NAME, &row.name)?.ok_or(Error::NoPerson)?,
        number: text(place::NUMBER, &row.number)?,
        email: text(place::EMAIL, &row.email)?,
        class: text(place::CLASS, &row.class)?,
        role: native.and_then(|r| Role::read(&r.role)),
        face_pictures: faces::find_pictures(view, row.id)?,
        created_at: row.created_at,
    })
}

/// The name to show beside a decision: whole for staff, masked for everybody else; None once
/// the person is erased. Asked after the commit, so that no key is opened inside it.
///
/// # Errors
/// The faults.
pub fn shown_name(
    view: &View<'_>,
    site: &Site,
    actor: &Actor,
    id: PersonId,
) -> Result<Option<String>, Error> {
    let Some(row) = people::find_person(view, id)? else {
        return Ok(None);
    };
    let Some(sealed) = row.name.as_ref() else {
        return Ok(None);
    };
    let whole = vault::open_text(
        &key_of(site, &row)?,
        place::NAME,
        &vault::row_of(id),
        sealed,
    )?;
    Ok(Some(name::for_reader(actor, &whole)))
}

/// Refuses what would leave the box without an administrator who can sign in: the setup would
/// stand open again. Who stands at the box decides otherwise with a command, which the audit
/// chain tells, and makes a new setup code.
///
/// # Errors
/// [`Error::LastAdministrator`], and those of reading.
pub(super) fn keep_an_administrator(
    view: &View<'_>,
    call: &Call<'_>,
    id: PersonId,
) -> Result<(), Error> {
    let admin = Role::Admin.code();
    if *call.actor == Actor::Operator || people::find_state(view, id)? != Some(PersonState::Active)
    {
        return Ok(());
    }
    let holds = |row: &RoleRow| row.surface == NATIVE.code() && row.role == admin;
    let is = people::list_roles(view, id)?.iter().any(holds)
        && accounts::find_account(view, id, NATIVE.code())?.is_some();
    if is && !accounts::find_other_of_role(view, NATIVE.code(), admin, id)? {
        return Err(Error::LastAdministrator);
    }
    Ok(())
}

/// Refuses a program that would change somebody who has a role beyond user, on whichever surface:
/// at another address of an administrator's a link for the password could be asked for.
///
/// # Errors
/// Denied, and those of reading.
pub(super) fn spare_staff(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<(), Fault> {
    if !matches!(call.actor, Actor::Key { .. }) {
        return Ok(());
    }
    let beyond = |row: &RoleRow| row.role != Role::User.code();
    if people::list_roles(view, id)?.iter().any(beyond) {
        let right = "manage_accounts";
        return Err(Fault::Denied(Denied { right }));
    }
    Ok(())
}

/// Lets a person take part, or not any more.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::LastAdministrator`], and the faults.
pub fn set_enabled(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: PersonId,
    enabled: bool,
) -> Result<(), Error> {
    let _may = call.actor.manage_people()?;
    spare_staff(tx, call, id)?;
    let (state, act) = if enabled {
        (PersonState::Active, Act::PersonEnable)
    } else {
        keep_an_administrator(tx, call, id)?;
        (PersonState::Disabled, Act::PersonDisable)
    };
    people::update_state(tx, id, state).map_err(Error::of)?;
    if !enabled {
        sessions::delete_sessions(tx, id, None)?;
    }
    faces::update_gallery_version(tx)?;
    audit::record(tx, call, act, format!("person:{id}"), Detail::None)?;
    Ok(())
}

/// Erases a person: key, templates, picture embeddings, number, address, class, language and
/// logins go; sessions end, consents are withdrawn, tickets revoked. What stays is an empty row
/// under visits and counts, and the keyed digests of login names, so that nobody takes them over.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::LastAdministrator`], and the faults.
pub fn erase(tx: &Tx<'_>, call: &mut Call<'_>, id: PersonId) -> Result<(), Error> {
    let _may = call.actor.manage_people()?;
    spare_staff(tx, call, id)?;
    let now = call.now.at;
    keep_an_administrator(tx, call, id)?;
    people::update_erased(tx, id, now).map_err(Error::of)?;
    accounts::delete_accounts(tx, id)?;
    factors::delete_factor(tx, id)?;
    languages::delete_language(tx, id)?;
    sessions::delete_sessions(tx, id, None)?;
    faces::delete_faces(tx, id)?;
    consents::update_all_withdrawn(tx, id, now)?;
    tickets::update_revoked_of_holder(tx, id)?;
    imports::delete_imported(tx, id)?;
    privacy::update_erased(tx, id, now)?;
    mails::delete_mails_of(tx, id)?;
    faces::update_gallery_version(tx)?;
    audit::record(
        tx,
        call,
        Act::PersonErase,
        format!("person:{id}"),
        Detail::None,
    )?;
    outbox::notify(
        tx,
        call,
        Notice::PersonErased,
        format!("{{\"person\":\"{id}\"}}"),
    )?;
    Ok(())
}
