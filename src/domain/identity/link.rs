//! Links by which somebody sets the password of their own account: an invitation for whoever has
//! no login yet, a new password for whoever has forgotten it. For one use, for three days.
//!
//! Nothing is stored: a link names the person, who made it and until when it holds, under a keyed
//! digest that also covers the account as it is. As soon as the login or the password is another
//! one, the link is none any more. What is done through it is done with the rights of whoever made
//! it, as they are at that moment. One that was sent to the person's own address is made by that
//! person.

use crate::base::id::PersonId;
use crate::base::limits::LOGIN_LINK_MS_MAX;
use crate::base::secret::Secret;
use crate::base::text::LoginName;
use crate::base::time::{Span, Timestamp};
use crate::crypto::digest::sha256;
use crate::crypto::keyring::Purpose;
use crate::crypto::token::equal;
use crate::domain::actor::{Actor, Denied};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::Fault;
use crate::domain::identity::account::{self, Error};
use crate::domain::identity::person::{self, NATIVE, PersonState};
use crate::domain::identity::role;
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::{Tx, View, accounts, people};

/// Characters of an id.
const ID_CHARS: usize = 26;

/// A link that was made.
#[derive(Debug)]
pub struct Made {
    /// What the link carries; it lets whoever has it set the password.
    pub token: Secret<String>,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// Whether the person has no login yet.
    pub invites: bool,
}

/// Whom a link is for, and on whose behalf its holder acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Whose account.
    pub person: PersonId,
    /// Who made the link, with the role of now.
    pub by: Actor,
    /// The name by which the person signs in; None: that is still to be chosen.
    pub login: Option<String>,
}

fn of_person(error: person::Error) -> Error {
    match error {
        person::Error::Fault(fault) => Error::Fault(fault),
        person::Error::NoPerson
        | person::Error::LastAdministrator
        | person::Error::NumberTaken
        | person::Error::EmailTaken => Error::NoPerson,
    }
}

/// Makes a link for a person who may take part. Only signed-in people who manage people can.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub fn make(tx: &Tx<'_>, call: &mut Call<'_>, person: PersonId) -> Result<Made, Error> {
    let _may = call.actor.manage_accounts()?;
    let by = call.actor.person().ok_or(Fault::Denied(Denied {
        right: "manage_accounts",
    }))?;
    make_by(tx, call, person, by)
}

/// As [`make`], by the person alone: for whoever reads mails at the person's address.
///
/// # Errors
/// As [`make`].
pub(super) fn make_own(tx: &Tx<'_>, call: &mut Call<'_>, person: PersonId) -> Result<Made, Error> {
    make_by(tx, call, person, person)
}

fn make_by(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    by: PersonId,
) -> Result<Made, Error> {
    if people::find_state(tx, person)? != Some(PersonState::Active) {
        return Err(Error::NoPerson);
    }
    let expires_at = call.now.at.plus(Span::from_millis(LOGIN_LINK_MS_MAX));
    let plain = format!("{person}{by}{:012x}", expires_at.as_millis());
    let mac = digest(tx, call.site, person, &plain)?;
    let object = format!("person:{person}");
    audit::record(tx, call, Act::LoginLink, object, Detail::None)?;
    Ok(Made {
        token: Secret::new(plain + &mac),
        expires_at,
        invites: accounts::find_account(tx, person, NATIVE.code())?.is_none(),
    })
}

/// The digest over a link's text and over the account as it is now, as 32 digits.
fn digest(view: &View<'_>, site: &Site, person: PersonId, plain: &str) -> Result<String, Error> {
    let mut bytes = plain.as_bytes().to_vec();
    // Both are sealed anew with each change.
    if let Some(row) = accounts::find_account(view, person, NATIVE.code())? {
        bytes.extend_from_slice(&sha256(&row.login));
        bytes.extend_from_slice(&sha256(&row.hash));
    }
    let digest = vault::lookup(site, Purpose::Tokens, place::LOGIN_LINK, &bytes);
    Ok(digest.iter().map(|b| format!("{b:02x}")).collect())
}

/// Whom a link is for; None: it is none, is over, was used, or whoever made it may not any more.
///
/// # Errors
/// The faults.
pub fn find(view: &View<'_>, call: &Call<'_>, token: &str) -> Result<Option<Linked>, Error> {
    let Some((plain, mac)) = token.split_at_checked(2 * ID_CHARS + 12) else {
        return Ok(None);
    };
    let Some((person, by, expires_at)) = parse(plain) else {
        return Ok(None);
    };
    let wanted = digest(view, call.site, person, plain)?;
    if !equal(mac.as_bytes(), wanted.as_bytes()) || call.now.at >= expires_at {
        return Ok(None);
    }
    if people::find_state(view, person)? != Some(PersonState::Active) {
        return Ok(None);
    }
    let by = role::actor_on(view, by, NATIVE, false).map_err(of_person)?;
    let may = |by: &Actor| by.manage_accounts().is_ok() || account::is_self(by, person);
    let Some(by) = by.filter(may) else {
        return Ok(None);
    };
    let login = account::login_of(view, call.site, NATIVE, person)?;
    Ok(Some(Linked { person, by, login }))
}

fn parse(plain: &str) -> Option<(PersonId, PersonId, Timestamp)> {
    let (person, rest) = plain.split_at_checked(ID_CHARS)?;
    let (by, expires_at) = rest.split_at_checked(ID_CHARS)?;
    let expires_at = i64::from_str_radix(expires_at, 16).ok()?;
    let expires_at = Timestamp::from_millis(expires_at);
    Some((person.parse().ok()?, by.parse().ok()?, expires_at))
}

/// Sets login and password through a link, and ends all sessions of the person. The link is looked
/// at in the transaction that uses it up, so of two that come at once one is too late. `call` has
/// the actor of [`Linked::by`].
///
/// # Errors
/// [`Error::NoPerson`] for a link that is none any more, [`Error::LoginTaken`], and the faults.
pub fn redeem(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    token: &str,
    login: &LoginName,
    hash: &str,
) -> Result<(), Error> {
    let linked = find(tx, call, token)?.ok_or(Error::NoPerson)?;
    account::set_login(tx, call, NATIVE, linked.person, login, hash)
}
