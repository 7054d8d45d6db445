//! Registration: people who make themselves an account on a surface, as far as the site lets
//! them. What they get is valid there alone: no native role comes of it.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::domain::actor::Role;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::account;
use crate::domain::identity::login::Login;
use crate::domain::identity::person::{self, PersonState, Profile};
use crate::domain::site::{Call, Site};
use crate::domain::surface::Surface;
use crate::store::{Tx, View, accounts, people};
use std::fmt;

/// Who may register on a surface, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whether anybody may.
    pub open: bool,
    /// The roles that may be asked for.
    pub roles: Vec<Role>,
}

/// Why somebody was not registered.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// Nobody registers here.
    Closed,
    /// Nobody gets this role by asking for it.
    Role,
    /// Another person has or had this name.
    LoginTaken,
    /// The keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl From<account::Error> for Error {
    fn from(error: account::Error) -> Self {
        match error {
            account::Error::NoPerson | account::Error::LoginTaken => Self::LoginTaken,
            account::Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<person::Error> for Error {
    fn from(error: person::Error) -> Self {
        match error {
            person::Error::NoPerson
            | person::Error::NumberTaken
            | person::Error::EmailTaken
            | person::Error::LastAdministrator => Self::LoginTaken,
            person::Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Closed | Self::Role => Cause::Forbidden,
            Self::LoginTaken => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("registration is closed"),
            Self::Role => f.write_str("nobody gets this role by registering"),
            Self::LoginTaken => f.write_str("another person signs in with this name"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl Policy {
    /// Whether somebody may register as this.
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Role`].
    pub fn may(&self, role: Role) -> Result<(), Error> {
        match (self.open, self.roles.contains(&role)) {
            (false, _) => Err(Error::Closed),
            (true, false) => Err(Error::Role),
            (true, true) => Ok(()),
        }
    }
}

/// Who wants to register.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// Where.
    pub surface: Surface,
    /// Under which name.
    pub login: Login,
    /// As what, on that surface.
    pub role: Role,
    /// Hash of the password.
    pub hash: String,
    /// Who it is on another surface, if the same name and password have proven it there.
    pub known: Option<PersonId>,
}

/// Whether a name is or was somebody's on a surface.
///
/// # Errors
/// The faults.
pub fn is_taken(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    login: &Login,
) -> Result<bool, Error> {
    let digest = account::login_digest(site, surface, login);
    Ok(accounts::find_used(view, digest)?)
}

/// Registers somebody. Of many who ask for one name at once, one gets it. Asks the policy instead
/// of the actor: whoever registers is a stranger. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::Closed`], [`Error::Role`], [`Error::LoginTaken`], and the faults.
pub fn register(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    policy: &Policy,
    new: &Newcomer,
) -> Result<PersonId, Error> {
    policy.may(new.role)?;
    let (surface, login) = (new.surface, &new.login);
    if is_taken(tx, call.site, surface, login)? {
        return Err(Error::LoginTaken);
    }
    let known = match new.known {
        Some(id) if may_be(tx, id, surface)? => Some(id),
        Some(_) | None => None,
    };
    let person = match known {
        Some(id) => {
            person::insert_role(tx, call, id, surface, new.role)?;
            id
        }
        None => person::insert(tx, call, &profile(new)?, surface)?,
    };
    account::keep(tx, call, surface, person, login, &new.hash)?;
    let told = Detail::Plain(format!("{surface} {}", new.role));
    audit::record(
        tx,
        call,
        Act::LoginRegister,
        format!("person:{person}"),
        told,
    )?;
    Ok(person)
}

/// Whether a person may get a further account there: may take part, and has none.
fn may_be(tx: &Tx<'_>, id: PersonId, surface: Surface) -> Result<bool, Error> {
    let active = people::find_state(tx, id)? == Some(PersonState::Active);
    Ok(active && accounts::find_account(tx, id, surface.code())?.is_none())
}

fn profile(new: &Newcomer) -> Result<Profile, Error> {
    let name = new.login.as_str().parse();
    Ok(Profile {
        name: name.map_err(|_| Fault::Damaged("login"))?,
        number: None,
        email: None,
        class: None,
        role: new.role,
    })
}
