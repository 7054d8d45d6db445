//! The first start: a code that only the owner of the box can see, the pass that entering it
//! gives, the steps, the first administrator.
//!
//! The code is shown on the box's own screen and by `hadir setup-code`, never in a log. It has 40
//! random bits, half an hour, five tries and one use; entering it gives a pass, a random token that
//! the browser keeps and that presents itself at the steps. The administrator is made in the one
//! transaction that has checked that there is none; code and pass end there.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::text::LoginName;
use crate::base::time::{Span, Timestamp};
use crate::crypto::keyring::Purpose;
use crate::crypto::token;
use crate::domain::actor::{Actor, Denied, Role};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::account;
use crate::domain::identity::person::{self, Profile};
use crate::domain::setting::{self, Change};
use crate::domain::site::{Call, Site};
use crate::domain::surface::Surface;
use crate::store::setups::{self, CodeRow};
use crate::store::{Tx, View};
use std::fmt;

pub use crate::store::setups::Step;

/// What a pass begins with.
const PREFIX: &str = "hdrp_";
/// The kinds under which code and pass are digested.
const CODE: &str = "setup code";
const PASS: &str = "setup pass";
/// What audit rows of the setup are about.
const OBJECT: &str = "setup";

/// Why a code does not open the setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is another code; so many tries are left.
    Wrong {
        /// Tries that are left; the last of them was not this one.
        left: u32,
    },
    /// No code is in force, or its time is over: get a new one.
    Expired,
    /// It was tried too often, or was entered before: get a new one.
    UsedUp,
    /// There is an administrator: sign in instead.
    Done,
}

impl Refusal {
    /// A stable code for clients.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong { .. } => "wrong_code",
            Self::Expired => "code_expired",
            Self::UsedUp => "code_used_up",
            Self::Done => "setup_done",
        }
    }
}

/// What entering a code gives. A refusal is an answer and no error: the try must be kept, and an
/// error keeps nothing.
#[derive(Debug)]
pub enum Answer {
    /// The pass, shown this once.
    Pass(Secret<String>),
    /// The code does not do.
    Refused(Refusal),
}

/// Why a step of the setup was not done.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The pass is unknown or its time is over: enter a code again.
    NoPass,
    /// There is an administrator already.
    Done,
    /// The administrator's login name is taken.
    LoginTaken,
    /// The number or the address of the administrator is another person's.
    Person(person::Error),
    /// A setting is not of its form.
    Setting(setting::Error),
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl From<account::Error> for Error {
    fn from(error: account::Error) -> Self {
        match error {
            account::Error::NoPerson => Self::Person(person::Error::NoPerson),
            account::Error::LoginTaken => Self::LoginTaken,
            account::Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<setting::Error> for Error {
    fn from(error: setting::Error) -> Self {
        match error {
            setting::Error::Fault(fault) => Self::Fault(fault),
            other @ (setting::Error::Logo | setting::Error::NoFactor) => Self::Setting(other),
        }
    }
}

impl From<person::Error> for Error {
    fn from(error: person::Error) -> Self {
        match error {
            person::Error::Fault(fault) => Self::Fault(fault),
            other @ (person::Error::NoPerson
            | person::Error::LastAdministrator
            | person::Error::NumberTaken
            | person::Error::EmailTaken) => Self::Person(other),
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoPass => Cause::Forbidden,
            Self::Done | Self::LoginTaken => Cause::Conflict,
            Self::Person(error) => error.cause(),
            Self::Setting(error) => error.cause(),
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPass => f.write_str("enter the setup code first"),
            Self::Done => f.write_str("the box has an administrator already"),
            Self::LoginTaken => f.write_str("another person signs in with this name"),
            Self::Person(error) => error.fmt(f),
            Self::Setting(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// How far the setup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The steps that were done, in their order.
    pub done: Vec<Step>,
    /// Whether the box has an administrator: all routes are open then.
    pub administrator: bool,
}

impl Progress {
    /// The first step that was not done; None: all were.
    #[must_use]
    pub fn next(&self) -> Option<Step> {
        let todo = |step: &&Step| !self.done.contains(step);
        Step::ALL.iter().find(todo).copied()
    }
}

fn digest(site: &Site, kind: &'static str, secret: &str) -> [u8; 32] {
    token::token_digest(site.keyring.purpose(Purpose::Tokens), kind, secret)
}

fn record(tx: &Tx<'_>, call: &mut Call<'_>, act: Act, told: Detail<'_>) -> Result<(), Fault> {
    audit::record(tx, call, act, OBJECT.to_owned(), told)
}

/// Makes a code of eight characters, in the place of an older code or pass. For the box itself:
/// its screen and its command line.
///
/// # Errors
/// [`Error::Done`] if there is an administrator, and the faults.
pub fn new_code(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<Secret<String>, Error> {
    if *call.actor != Actor::Operator {
        return Err(Denied { right: "setup" }.into());
    }
    if account::has_administrator(tx)? {
        return Err(Error::Done);
    }
    let code = token::new_code(call.entropy);
    let until = call
        .now
        .at
        .plus(Span::from_millis(limits::SETUP_CODE_MS_MAX));
    setups::insert_code(tx, digest(call.site, CODE, code.expose()), until)?;
    record(tx, call, Act::SetupCode, Detail::None)?;
    Ok(code)
}

/// The same for a screen that asks by itself, again and again: None while a pass is in force, which a
/// new code would end amid somebody's steps.
///
/// # Errors
/// As [`new_code`].
pub fn renew_code(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<Option<Secret<String>>, Error> {
    let row = setups::find_code(tx)?;
    let busy = row.and_then(|row| row.pass_until);
    if busy.is_some_and(|until| call.now.at < until) {
        return Ok(None);
    }
    new_code(tx, call).map(Some)
}

/// What a typed code deserves, looked at from what is in force. Pure.
fn judge(row: Option<&CodeRow>, typed: Option<[u8; 32]>, now: Timestamp) -> Option<Refusal> {
    let Some(row) = row else {
        return Some(Refusal::Expired);
    };
    let Some(wanted) = row.code_digest else {
        return Some(Refusal::UsedUp);
    };
    if row.tries >= limits::SETUP_CODE_TRIES_MAX {
        return Some(Refusal::UsedUp);
    }
    if now >= row.expires_at {
        return Some(Refusal::Expired);
    }
    if typed.is_some_and(|typed| token::equal(&typed, &wanted)) {
        return None;
    }
    match limits::SETUP_CODE_TRIES_MAX - row.tries - 1 {
        0 => Some(Refusal::UsedUp),
        left => Some(Refusal::Wrong { left }),
    }
}

/// Tries a code as it was typed. The right one is used up by this and gives a pass; a wrong one
/// is counted. Asks nobody for rights: the code is the right.
///
/// # Errors
/// The faults.
pub fn try_code(tx: &Tx<'_>, call: &mut Call<'_>, code: &str) -> Result<Answer, Error> {
    if account::has_administrator(tx)? {
        return Ok(Answer::Refused(Refusal::Done));
    }
    let (site, now) = (call.site, call.now.at);
    let typed = token::read_code(code).map(|code| digest(site, CODE, code.expose()));
    let row = setups::find_code(tx)?;
    if let Some(refusal) = judge(row.as_ref(), typed, now) {
        let counted = row.is_some_and(|r| {
            r.code_digest.is_some() && r.tries < limits::SETUP_CODE_TRIES_MAX && now < r.expires_at
        });
        if counted {
            setups::update_tries(tx)?;
            record(tx, call, Act::SetupTry, Detail::None)?;
        }
        return Ok(Answer::Refused(refusal));
    }
    let pass = token::new_token(PREFIX, call.entropy);
    let until = now.plus(Span::from_millis(limits::SETUP_PASS_MS_MAX));
    setups::update_pass(tx, digest(site, PASS, pass.expose()), until)?;
    record(tx, call, Act::SetupPass, Detail::None)?;
    Ok(Answer::Pass(pass))
}

/// Whether a pass is in force.
///
/// # Errors
/// The faults.
pub fn find_pass(view: &View<'_>, site: &Site, token: &str, now: Timestamp) -> Result<bool, Error> {
    let Some(row) = setups::find_code(view)? else {
        return Ok(false);
    };
    let known =
        (row.pass_digest).is_some_and(|wanted| token::equal(&wanted, &digest(site, PASS, token)));
    Ok(known && row.pass_until.is_some_and(|until| now < until))
}

/// How far the setup is. No secret: the pages ask before anybody has signed in.
///
/// # Errors
/// The faults.
pub fn progress(view: &View<'_>) -> Result<Progress, Error> {
    let mut done = Vec::new();
    for step in Step::ALL {
        if setups::find_step(view, *step)? {
            done.push(*step);
        }
    }
    Ok(Progress {
        done,
        administrator: account::has_administrator(view)?,
    })
}

/// Asks for the right to do a step: the pass while there is no administrator, the administrator's
/// own right afterwards.
///
/// # Errors
/// [`Error::NoPass`], and the faults.
fn may_do(tx: &Tx<'_>, call: &Call<'_>, token: &str) -> Result<(), Error> {
    if account::has_administrator(tx)? {
        let _may = call.actor.manage_settings()?;
        return Ok(());
    }
    if find_pass(tx, call.site, token, call.now.at)? {
        Ok(())
    } else {
        Err(Error::NoPass)
    }
}

/// Notes that a step was done or skipped. Once there is an administrator the pass is nothing any
/// more and the actor must be one.
///
/// # Errors
/// [`Error::NoPass`], and the faults.
pub fn finish_step(tx: &Tx<'_>, call: &mut Call<'_>, token: &str, step: Step) -> Result<(), Error> {
    may_do(tx, call, token)?;
    setups::insert_step(tx, step, call.now.at)?;
    record(tx, call, Act::SetupStep, Detail::Plain(step.to_string()))?;
    Ok(())
}

/// Changes settings in a step of the setup: by the pass while there is no administrator, by the
/// administrator's right afterwards.
///
/// # Errors
/// [`Error::NoPass`], [`Error::Setting`], and the faults.
pub fn configure(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    token: &str,
    change: &Change,
) -> Result<(), Error> {
    may_do(tx, call, token)?;
    Ok(setting::keep(tx, call, change)?)
}

/// Makes the first administrator, whatever role the profile names; ends code and pass. Of two at
/// once one is made: the check is in the same transaction.
///
/// # Errors
/// [`Error::Done`] if there is one, [`Error::NoPass`], [`Error::LoginTaken`], [`Error::Person`],
/// and the faults.
pub fn create_administrator(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    token: &str,
    profile: &Profile,
    login: &LoginName,
    hash: &str,
) -> Result<PersonId, Error> {
    if account::has_administrator(tx)? {
        return Err(Error::Done);
    }
    if !find_pass(tx, call.site, token, call.now.at)? {
        return Err(Error::NoPass);
    }
    let profile = Profile {
        role: Role::Admin,
        ..profile.clone()
    };
    // Who holds the pass stands at the box, and so acts as its operator.
    let mut owner = Call {
        site: call.site,
        now: call.now,
        actor: &Actor::Operator,
        surface: call.surface,
        entropy: call.entropy,
        request: call.request,
        deeds: std::mem::take(&mut call.deeds),
    };
    let id = person::add(tx, &mut owner, &profile)?;
    account::set_login(tx, &mut owner, Surface::Native, id, login, hash)?;
    call.deeds = owner.deeds;
    setups::delete_code(tx)?;
    setups::insert_step(tx, Step::Administrator, call.now.at)?;
    record(
        tx,
        call,
        Act::SetupAdministrator,
        Detail::Plain(format!("person:{id}")),
    )?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(tries: u32, used: bool) -> CodeRow {
        CodeRow {
            code_digest: (!used).then_some([1; 32]),
            expires_at: Timestamp::from_millis(1000),
            tries,
            pass_digest: used.then_some([2; 32]),
            pass_until: used.then_some(Timestamp::from_millis(9000)),
        }
    }

    #[test]
    fn what_each_code_deserves() {
        let (right, wrong) = (Some([1; 32]), Some([3; 32]));
        let table = [
            (None, right, 0, Some(Refusal::Expired)),
            (Some(row(0, false)), right, 999, None),
            (Some(row(0, false)), right, 1000, Some(Refusal::Expired)),
            (Some(row(4, false)), right, 0, None),
            (Some(row(5, false)), right, 0, Some(Refusal::UsedUp)),
            (Some(row(0, true)), right, 0, Some(Refusal::UsedUp)),
            (
                Some(row(0, false)),
                wrong,
                0,
                Some(Refusal::Wrong { left: 4 }),
            ),
            (
                Some(row(3, false)),
                wrong,
                0,
                Some(Refusal::Wrong { left: 1 }),
            ),
            (Some(row(4, false)), wrong, 0, Some(Refusal::UsedUp)),
            (
                Some(row(0, false)),
                None,
                0,
                Some(Refusal::Wrong { left: 4 }),
            ),
            (Some(row(0, false)), wrong, 1000, Some(Refusal::Expired)),
        ];
        for (i, (row, typed, now, want)) in table.into_iter().enumerate() {
            let got = judge(row.as_ref(), typed, Timestamp::from_millis(now));
            assert_eq!(got, want, "row {i}");
        }
    }

    #[test]
    fn refusals_have_codes_of_their_own() {
        let all = [
            Refusal::Wrong { left: 1 },
            Refusal::Expired,
            Refusal::UsedUp,
            Refusal::Done,
        ];
        let codes: std::collections::BTreeSet<_> = all.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), all.len());
    }

    proptest! {
        /// However often it was tried and whenever: nothing but the code itself opens.
        #[test]
        fn only_the_code_opens(tries in 0u32..9, used: bool, now in 0i64..2000, typed in any::<Option<[u8; 32]>>()) {
            let row = row(tries, used);
            if judge(Some(&row), typed, Timestamp::from_millis(now)).is_none() {
                prop_assert!(typed == Some([1; 32]) && !used && tries < 5 && now < 1000);
            }
        }
    }
}
