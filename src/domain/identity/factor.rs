//! The second factor: a code of an authenticator app besides the password, and recovery codes for
//! whoever has lost the app.
//!
//! The app's secret is sealed under the person's key; a recovery code is kept as a keyed digest
//! and goes when it is used. A wrong code is an answer and no error. How often somebody may try is
//! counted where the password is.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::limits::RECOVERY_CODES;
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::crypto::keyring::Purpose;
use crate::crypto::{token, totp};
use crate::domain::actor::Role;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::account::is_self;
use crate::domain::identity::person::PersonState;
use crate::domain::rule::SecondFactor;
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::factors::{self, FactorRow};
use crate::store::{Tx, View, people};
use std::fmt;

/// The kind under which recovery codes are digested.
const KIND: &str = "recovery code";

/// Why a second factor was not turned on or off.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it is erased.
    NoPerson,
    /// The code is not the app's.
    WrongCode,
    /// The person has a second factor already.
    IsOn,
    /// The person has none.
    IsOff,
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
            Self::WrongCode => Cause::Unprocessable,
            Self::IsOn | Self::IsOff => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person"),
            Self::WrongCode => f.write_str("the code is not the one of now"),
            Self::IsOn => f.write_str("there is a second factor already"),
            Self::IsOff => f.write_str("there is no second factor"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A second factor, as its owner is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Since when it is asked for.
    pub since: Timestamp,
    /// Recovery codes that were not used yet.
    pub codes_left: u32,
}

fn digest(site: &Site, person: PersonId, code: &str) -> [u8; 32] {
    let bound = Secret::new(format!("{person}\0{code}"));
    token::token_digest(site.keyring.purpose(Purpose::Tokens), KIND, bound.expose())
}

/// Whether a person is asked for a second factor. Asks nobody for rights: who signs in has none.
///
/// # Errors
/// The faults.
pub fn is_on(view: &View<'_>, person: PersonId) -> Result<bool, Error> {
    Ok(factors::find_factor(view, person)?.is_some())
}

/// Whether a person in this role may do nothing but set up a second factor, by the site's rules.
///
/// # Errors
/// The faults.
pub fn is_due(view: &View<'_>, site: &Site, person: PersonId, role: Role) -> Result<bool, Error> {
    let asked = site.rules.second_factor == SecondFactor::Required && role >= Role::Teacher;
    Ok(asked && !is_on(view, person)?)
}

fn may_see(call: &Call<'_>, person: PersonId) -> Result<(), Error> {
    if !is_self(call.actor, person) {
        let _may = call.actor.manage_accounts()?;
    }
    Ok(())
}

/// How a person's second factor stands; None: there is none.
///
/// # Errors
/// The faults: somebody else's is for those who manage people.
pub fn find(view: &View<'_>, call: &Call<'_>, person: PersonId) -> Result<Option<Standing>, Error> {
    may_see(call, person)?;
    let Some(row) = factors::find_factor(view, person)? else {
        return Ok(None);
    };
    Ok(Some(Standing {
        since: row.since,
        codes_left: factors::get_codes(view, person)?,
    }))
}

/// Turns one's own second factor on, with the secret that the app was given and the code that it
/// shows for it. Gives the recovery codes, which are shown this once.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::IsOn`], [`Error::WrongCode`], and the faults: nobody turns it on
/// for somebody else.
pub fn turn_on(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    secret: &Secret<String>,
    typed: &str,
) -> Result<Vec<Secret<String>>, Error> {
    let person = call.actor.person().ok_or(Error::NoPerson)?;
    if people::find_state(tx, person)? != Some(PersonState::Active) {
        return Err(Error::NoPerson);
    }
    if is_on(tx, person)? {
        return Err(Error::IsOn);
    }
    let fits = totp::is_secret(secret.expose());
    let step = fits.then(|| totp::find_step(secret.expose(), typed, call.now.at, None));
    let step = step.flatten();
    let last_step = step.ok_or(Error::WrongCode)?;
    let key = vault::person_key(tx, call.site, person)?;
    let (at, plain) = (vault::row_of(person), secret.expose().as_bytes());
    let row = FactorRow {
        secret: vault::seal_value(&key, place::FACTOR, &at, plain, call.entropy)?,
        last_step,
        since: call.now.at,
    };
    factors::insert_factor(tx, person, &row)?;
    let object = format!("person:{person}");
    audit::record(tx, call, Act::FactorOn, object, Detail::None)?;
    new_codes(tx, call, person)
}

/// Makes new recovery codes for oneself, in the place of those there are.
///
/// # Errors
/// [`Error::IsOff`], [`Error::NoPerson`], and the faults.
pub fn renew_codes(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<Vec<Secret<String>>, Error> {
    let person = call.actor.person().ok_or(Error::NoPerson)?;
    if !is_on(tx, person)? {
        return Err(Error::IsOff);
    }
    let object = format!("person:{person}");
    audit::record(tx, call, Act::FactorCodes, object, Detail::None)?;
    new_codes(tx, call, person)
}

fn new_codes(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
) -> Result<Vec<Secret<String>>, Error> {
    factors::delete_codes(tx, person)?;
    let codes: Vec<_> = (0..RECOVERY_CODES)
        .map(|_| token::new_code(call.entropy))
        .collect();
    for code in &codes {
        factors::insert_code(tx, person, digest(call.site, person, code.expose()))?;
    }
    Ok(codes)
}

/// Turns a second factor off: one's own, or anybody's for those who manage people.
///
/// # Errors
/// [`Error::IsOff`], and the faults.
pub fn turn_off(tx: &Tx<'_>, call: &mut Call<'_>, person: PersonId) -> Result<(), Error> {
    may_see(call, person)?;
    if !factors::delete_factor(tx, person)? {
        return Err(Error::IsOff);
    }
    let object = format!("person:{person}");
    audit::record(tx, call, Act::FactorOff, object, Detail::None)?;
    Ok(())
}

/// Takes a code that somebody typed while signing in: the app's, or a recovery code, each once.
/// False: it is neither. Asks nobody for rights: the code is the right.
///
/// # Errors
/// The faults.
pub fn take(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    typed: &str,
) -> Result<bool, Error> {
    let Some(row) = factors::find_factor(tx, person)? else {
        return Ok(false);
    };
    let key = vault::person_key(tx, call.site, person)?;
    let secret = vault::open_text(&key, place::FACTOR, &vault::row_of(person), &row.secret)?;
    let secret = Secret::new(secret);
    let step = totp::find_step(secret.expose(), typed, call.now.at, Some(row.last_step));
    if let Some(step) = step {
        factors::update_step(tx, person, step)?;
        return Ok(true);
    }
    let Some(code) = token::read_code(typed) else {
        return Ok(false);
    };
    let used = factors::delete_code(tx, person, digest(call.site, person, code.expose()))?;
    if used {
        let object = format!("person:{person}");
        audit::record(tx, call, Act::FactorRecover, object, Detail::None)?;
    }
    Ok(used)
}
