//! Accounts: by which name and password a person signs in on a surface.
//!
//! Passwords are hashed and checked outside of here (`crypto::password`), before a write and
//! never inside one: it takes a fifth of a second. Name and hash are sealed under the person's
//! key, so erasing the person destroys them.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::crypto::keyring::Purpose;
use crate::domain::actor::{Actor, Role};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::login::Login;
use crate::domain::identity::person::{NATIVE, PersonState};
use crate::domain::site::{Call, Site};
use crate::domain::surface::Surface;
use crate::domain::vault::{self, place};
use crate::store::accounts::{self, AccountRow, NewAccount};
use crate::store::people::{self, Digest};
use crate::store::{self, Tx, View, factors, sessions};
use std::fmt;

/// Why a login was not made or changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it is erased.
    NoPerson,
    /// Another person signs in with this name.
    LoginTaken,
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
            Self::LoginTaken => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person"),
            Self::LoginTaken => f.write_str("another person signs in with this name"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Who would be signed in, once the password is known to be right.
#[derive(Debug)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Hash of the password, in the PHC form.
    pub hash: Secret<String>,
    /// Whether the person may take part; who may not is not signed in.
    pub state: PersonState,
    /// When the login was made, or its name or password changed.
    pub changed_at: Timestamp,
}

pub(super) fn login_digest(site: &Site, surface: Surface, login: &Login) -> Digest {
    let plain = format!("{surface}\0{}", login.as_str());
    vault::lookup(site, Purpose::Digests, place::LOGIN, plain.as_bytes())
}

/// What the seals of an account are bound to: person and surface.
pub(super) fn row_of(person: PersonId, surface: Surface) -> Vec<u8> {
    let mut row = vault::row_of(person).to_vec();
    row.extend_from_slice(surface.code().as_bytes());
    row
}

/// The account of a name as it was typed; None: there is none. Asks nobody for rights: who signs
/// in has none yet. The caller spends the same time on a password where there is none.
///
/// # Errors
/// The faults.
pub fn find_candidate(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    typed: &str,
) -> Result<Option<Candidate>, Error> {
    let Some(login) = Login::typed(surface, typed) else {
        return Ok(None);
    };
    let found = accounts::find_by_login(view, login_digest(site, surface, &login))?;
    let Some(row) = found.filter(|row| row.state != PersonState::Erased) else {
        return Ok(None);
    };
    open(view, site, surface, &row).map(Some)
}

fn open(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    row: &AccountRow,
) -> Result<Candidate, Error> {
    let key = vault::person_key(view, site, row.person)?;
    let at = row_of(row.person, surface);
    let hash = vault::open_text(&key, place::PASSWORD, &at, &row.hash)?;
    Ok(Candidate {
        person: row.person,
        hash: Secret::new(hash),
        state: row.state,
        changed_at: row.changed_at,
    })
}

/// The account of a person who is known already, for asking the password again; None: the person
/// has none on this surface.
///
/// # Errors
/// The faults.
pub fn candidate_of(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    person: PersonId,
) -> Result<Option<Candidate>, Error> {
    let found = accounts::find_account(view, person, surface.code())?;
    let Some(row) = found.filter(|row| row.state != PersonState::Erased) else {
        return Ok(None);
    };
    open(view, site, surface, &row).map(Some)
}

/// The name by which a person signs in on a surface; None: the person does not.
///
/// # Errors
/// The faults: somebody else's name is for those who may see people's data.
pub fn find_login(
    view: &View<'_>,
    call: &Call<'_>,
    surface: Surface,
    person: PersonId,
) -> Result<Option<String>, Error> {
    if !is_self(call.actor, person) {
        let _may = call.actor.read_people()?;
    }
    login_of(view, call.site, surface, person)
}

/// The same for a caller who may know it.
pub(super) fn login_of(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    person: PersonId,
) -> Result<Option<String>, Error> {
    let Some(row) = accounts::find_account(view, person, surface.code())? else {
        return Ok(None);
    };
    let key = vault::person_key(view, site, person)?;
    let login = vault::open_text(&key, place::LOGIN, &row_of(person, surface), &row.login)?;
    Ok(Some(login))
}

/// Whether the actor is this very person.
pub(super) fn is_self(actor: &Actor, person: PersonId) -> bool {
    matches!(actor, Actor::Person { id, .. } if *id == person)
}

/// Makes or changes the login of a person on a surface, and ends the person's sessions there.
/// `hash` is that of the new password.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::LoginTaken`], and the faults.
pub fn set_login(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    surface: Surface,
    person: PersonId,
    login: impl Into<Login>,
    hash: &str,
) -> Result<(), Error> {
    if !is_self(call.actor, person) {
        let _may = call.actor.manage_accounts()?;
    }
    match people::find_state(tx, person)? {
        Some(PersonState::Active | PersonState::Disabled) => {}
        Some(PersonState::Erased) | None => return Err(Error::NoPerson),
    }
    keep(tx, call, surface, person, &login.into(), hash)
}

/// Keeps a login whose maker's right was asked for.
pub(super) fn keep(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    surface: Surface,
    person: PersonId,
    login: &Login,
    hash: &str,
) -> Result<(), Error> {
    let site = call.site;
    let key = vault::person_key(tx, site, person)?;
    let at = row_of(person, surface);
    let login_digest = login_digest(site, surface, login);
    // What was somebody's name is nobody else's, also once that person is erased: who finds it in
    // an old list must not find another person behind it.
    if !accounts::insert_used(tx, login_digest, person)? {
        return Err(Error::LoginTaken);
    }
    let plain = login.as_str().as_bytes();
    let new = NewAccount {
        person,
        surface: surface.code(),
        login: &vault::seal_value(&key, place::LOGIN, &at, plain, call.entropy)?,
        login_digest,
        hash: &vault::seal_value(&key, place::PASSWORD, &at, hash.as_bytes(), call.entropy)?,
        changed_at: call.now.at,
    };
    accounts::insert_account(tx, &new).map_err(taken)?;
    sessions::delete_sessions(tx, person, Some(surface.code()))?;
    let told = Detail::Personal(person, login.as_str());
    audit::record(tx, call, Act::LoginSet, format!("person:{person}"), told)?;
    // Who stands at the box has the last word: a new password from there is all that is needed.
    let at_the_box = surface == NATIVE && matches!(call.actor, Actor::Operator);
    if at_the_box && factors::delete_factor(tx, person)? {
        let object = format!("person:{person}");
        audit::record(tx, call, Act::FactorOff, object, Detail::None)?;
    }
    Ok(())
}

/// Stores the hash of the same password with today's parameters; sessions and tokens go on.
///
/// # Errors
/// [`Error::NoPerson`] if there is no such account, and the faults.
pub fn upgrade_hash(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    surface: Surface,
    person: PersonId,
    hash: &str,
) -> Result<(), Error> {
    let key = vault::person_key(tx, call.site, person)?;
    let at = row_of(person, surface);
    let sealed = vault::seal_value(&key, place::PASSWORD, &at, hash.as_bytes(), call.entropy)?;
    if accounts::update_hash(tx, person, surface.code(), &sealed)? {
        Ok(())
    } else {
        Err(Error::NoPerson)
    }
}

fn taken(error: store::Error) -> Error {
    if error.is_conflict_of("login_digest") {
        Error::LoginTaken
    } else {
        Error::Fault(Fault::Store(error))
    }
}

/// Whether somebody who may run the box can sign in on its pages: the setup is over then.
///
/// # Errors
/// The faults.
pub fn has_administrator(view: &View<'_>) -> Result<bool, Error> {
    Ok(accounts::find_any_of_role(
        view,
        NATIVE.code(),
        Role::Admin.code(),
    )?)
}
