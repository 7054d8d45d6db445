//! Links for passwords by mail: an administrator sends one to somebody's address, or whoever has
//! forgotten the password asks for one on the sign-in page. What the page answers does not tell
//! whether there is such a name, an address, or a mail.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::text::Email;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::link::{self, Made};
use crate::domain::identity::person::{NATIVE, PersonState};
use crate::domain::identity::{account, language};
use crate::domain::mail::{self, Letter, MailKind};
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::store::{Tx, people};
use std::fmt;

/// Why a link was not sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it may not take part.
    NoPerson,
    /// The person has no e-mail address.
    NoAddress,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl From<account::Error> for Error {
    fn from(error: account::Error) -> Self {
        match error {
            account::Error::NoPerson | account::Error::LoginTaken => Self::NoPerson,
            account::Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoPerson => Cause::Missing,
            Self::NoAddress => Cause::Unprocessable,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person"),
            Self::NoAddress => f.write_str("the person has no e-mail address"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Makes a link for a person and writes it to the person's address. `page` is the address of the
/// page of links, to which the token is added.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::NoAddress`], and the faults.
pub fn send(tx: &Tx<'_>, call: &mut Call<'_>, person: PersonId, page: &str) -> Result<(), Error> {
    let made = link::make(tx, call, person)?;
    let to = mail::address(tx, call.site, person)?.ok_or(Error::NoAddress)?;
    post(tx, call, person, to, page, &made)
}

fn post(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    to: Email,
    page: &str,
    made: &Made,
) -> Result<(), Error> {
    let own = language::of(tx, person)?;
    let rules = &call.site.rules;
    let to_open = format!("{page}{}", made.token.expose());
    let (subject, text) = texts(
        own.unwrap_or(rules.language),
        &rules.name,
        made.invites,
        &to_open,
    );
    let kind = if made.invites {
        MailKind::Invitation
    } else {
        MailKind::PasswordReset
    };
    let letter = Letter { to, subject, text };
    mail::post(tx, call, kind, Some(person), &letter)?;
    Ok(())
}

/// Subject and text of such a mail.
fn texts(language: Language, site: &str, invites: bool, link: &str) -> (String, String) {
    match (language, invites) {
        (Language::Id, true) => (
            format!("Undangan dari {site}"),
            format!(
                "Anda diundang ke {site}. Buka tautan ini dan pilih nama pengguna dan kata sandi:\n\n\
                 {link}\n\nTautan berlaku tiga hari dan sekali pakai.\n"
            ),
        ),
        (Language::Id, false) => (
            format!("Kata sandi baru untuk {site}"),
            format!(
                "Buka tautan ini untuk memilih kata sandi baru di {site}:\n\n{link}\n\n\
                 Tautan berlaku tiga hari dan sekali pakai. Bila bukan Anda yang meminta, abaikan surel ini.\n"
            ),
        ),
        (Language::En, true) => (
            format!("Invitation from {site}"),
            format!(
                "You are invited to {site}. Open this link and choose a user name and a password:\n\n\
                 {link}\n\nIt holds for three days and one use.\n"
            ),
        ),
        (Language::En, false) => (
            format!("New password for {site}"),
            format!(
                "Open this link to choose a new password on {site}:\n\n{link}\n\n\
                 It holds for three days and one use. If you did not ask for it, ignore this mail.\n"
            ),
        ),
    }
}

/// Writes a link to the address of whoever signs in with `typed`, if there is such a person and
/// such an address. Asks for no rights: the link goes to its owner alone. There is an audit row
/// either way, so that neither the answer nor the time tells which.
///
/// # Errors
/// The faults.
pub fn forgotten(tx: &Tx<'_>, call: &mut Call<'_>, typed: &str, page: &str) -> Result<(), Error> {
    let found = account::find_candidate(tx, call.site, NATIVE, typed.trim())?;
    audit::record(
        tx,
        call,
        Act::LoginForgotten,
        "login".to_owned(),
        Detail::None,
    )?;
    let Some(person) = found.map(|candidate| candidate.person) else {
        return Ok(());
    };
    if people::find_state(tx, person)? != Some(PersonState::Active) {
        return Ok(());
    }
    let Some(to) = mail::address(tx, call.site, person)? else {
        return Ok(());
    };
    let made = link::make_own(tx, call, person)?;
    post(tx, call, person, to, page, &made)
}
