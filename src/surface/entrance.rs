//! Signing in: a name and a password, and the code of a second factor where there is one, become a
//! session. Who tries is counted before; as much time
//! goes by for a name that nobody has, and the answer is the same, so that neither tells which
//! names there are.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::limits::{CODE_WAIT_MS_MAX, SESSION_MS_MAX};
use crate::base::secret::Secret;
use crate::base::time::{Span, Timestamp};
use crate::crypto::keyring::Purpose;
use crate::crypto::random::Seeded;
use crate::crypto::token;
use crate::domain::actor::Actor;
use crate::domain::identity::account::{self, Candidate};
use crate::domain::identity::factor;
use crate::domain::identity::person::PersonState;
use crate::domain::identity::refresh;
use crate::domain::identity::session::{self, Opened, SessionKind};
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::journal::fields;
use crate::surface::native::{Native, SURFACE};
use crate::surface::session::{PERSON, set_cookie};
use crate::surface::throttle::{self, MARKS, Try};

/// Somebody who has just signed in.
pub struct Entered {
    /// Who.
    pub person: PersonId,
    /// When the session ends at the latest.
    pub ends: Timestamp,
    /// The session.
    pub opened: Opened,
    /// What the browser keeps besides, so that nobody locks it out.
    marks: String,
}

impl Entered {
    /// The answer with the cookies of it.
    #[must_use]
    pub fn into_reply(self, reply: Reply, secure: bool) -> Reply {
        let session = set_cookie(PERSON, self.opened.token.expose(), secure);
        let marks = set_cookie(MARKS, &self.marks, secure);
        reply
            .with_header("set-cookie", session)
            .with_header("set-cookie", marks)
    }
}

/// What somebody gave to sign in.
pub struct Given<'a> {
    /// The name.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// The code of the second factor, if it came along.
    pub code: Option<&'a str>,
}

/// How far somebody came with a name and a password.
pub enum Outcome {
    /// All the way.
    In(Entered),
    /// The code of the second factor is still to come, with this pass.
    Code(Secret<String>),
}

/// Who signs in, and from where.
struct Comer<'a> {
    native: &'a Native,
    head: &'a Head,
    login: &'a str,
    marks: &'a str,
    kind: SessionKind,
}

impl<'a> Comer<'a> {
    fn of(native: &'a Native, head: &'a Head, kind: SessionKind, login: &'a str) -> Self {
        let marks = head.cookie(MARKS).unwrap_or_default();
        Self {
            native,
            head,
            login,
            marks,
            kind,
        }
    }

    fn count(&self) -> Result<Try<'a>, Problem> {
        Try::count(self.native, self.head.peer.address, self.marks, self.login)
    }

    /// Opens the session, with the code if there has to be one, in one transaction.
    fn open(
        &self,
        counted: &Try<'_>,
        person: PersonId,
        newer: Option<String>,
        code: Option<Secret<String>>,
    ) -> Result<Entered, Problem> {
        let address = self.head.peer.address.to_string();
        let agent = self
            .head
            .header("user-agent")
            .unwrap_or_default()
            .to_owned();
        let kind = self.kind;
        let opened = (self.native.core).write(Actor::Stranger, SURFACE, move |tx, call| {
            if let Some(hash) = &newer
                && account::upgrade_hash(tx, call, Surface::Native, person, hash).is_err()
            {
                tracing::warn!("The hash of a password could not be brought up to date.");
            }
            if let Some(code) = &code
                && !factor::take(tx, call, person, code.expose())?
            {
                return Ok(None);
            }
            let opened = match kind {
                SessionKind::Pages => {
                    session::open(tx, call, person, Surface::Native, &address, &agent)
                }
                SessionKind::Tokens => {
                    refresh::open(tx, call, person, Surface::Native, &address, &agent)
                }
            };
            opened.map(|opened| Some((opened, call.now.at)))
        })?;
        let (opened, at) = opened.ok_or_else(wrong_code)?;
        counted.succeeded();
        Ok(Entered {
            person,
            ends: at.plus(Span::from_millis(SESSION_MS_MAX)),
            opened,
            marks: throttle::marked(self.native, self.marks, self.login),
        })
    }
}

/// Checks a name and a password, and the code of the second factor if it came along, and opens a
/// session. A refusal is a line in the journal, without the name: what was typed there may be a
/// password.
///
/// # Errors
/// 401 `wrong_password`, 401 `wrong_code`, 403 `disabled`, 429, and those of the box.
pub fn sign_in(
    native: &Native,
    head: &Head,
    kind: SessionKind,
    given: &Given<'_>,
) -> Result<Outcome, Problem> {
    let comer = Comer::of(native, head, kind, given.login);
    told(head, begin(&comer, given.password, given.code))
}

/// Goes on with the code of the second factor, for the holder of a pass.
///
/// # Errors
/// 401 `sign_in_again` for a pass that is over, 401 `wrong_code`, 429, and those of the box.
pub fn go_on(
    native: &Native,
    head: &Head,
    login: &str,
    pass: &str,
    code: &str,
) -> Result<Entered, Problem> {
    let comer = Comer::of(native, head, SessionKind::Pages, login);
    told(head, finish(&comer, pass, code))
}

fn told<T>(head: &Head, done: Result<T, Problem>) -> Result<T, Problem> {
    if let Err(problem) = &done {
        tracing::info!(
            { fields::EVENT } = "sign_in_refused",
            { fields::REQUEST } = %head.id,
            { fields::SURFACE } = SURFACE,
            { fields::CAUSE } = problem.code,
            "Nobody was signed in."
        );
    }
    done
}

fn begin(comer: &Comer<'_>, password: &str, code: Option<&str>) -> Result<Outcome, Problem> {
    let native = comer.native;
    let counted = comer.count()?;
    let typed = Secret::new(password.to_owned());
    let (candidate, newer) = prove(native, comer.login, &typed)?;
    let person = candidate.person;
    let asked = native.core.store.read(|view| factor::is_on(view, person))?;
    let code = code.map(|code| Secret::new(code.to_owned()));
    if asked && code.is_none() {
        // No more than it was: a right password must not make room for guesses at the code.
        counted.give_back();
        let until = native
            .core
            .clock
            .stamp()
            .at
            .plus(Span::from_millis(CODE_WAIT_MS_MAX));
        return Ok(Outcome::Code(pass(native, comer.login, &candidate, until)));
    }
    comer
        .open(&counted, person, newer, code.filter(|_| asked))
        .map(Outcome::In)
}

/// A pass for whoever has given the right password: until when it holds, and a proof that covers
/// the name and the password's hash.
fn pass(native: &Native, login: &str, of: &Candidate, until: Timestamp) -> Secret<String> {
    let site = native.core.site();
    let until = format!("{:012x}", until.as_millis());
    let covered = Secret::new(format!(
        "{SURFACE}\0{}\0{}\0{until}\0{}",
        login.trim().to_lowercase(),
        of.person,
        of.hash.expose()
    ));
    let key = site.keyring.purpose(Purpose::Tokens);
    let proof = token::token_digest(key, "sign-in pass", covered.expose());
    let proof: String = proof.iter().map(|b| format!("{b:02x}")).collect();
    Secret::new(until + &proof)
}

fn finish(comer: &Comer<'_>, typed: &str, code: &str) -> Result<Entered, Problem> {
    let native = comer.native;
    let counted = comer.count()?;
    let site = native.core.site();
    let found = native
        .core
        .store
        .read(|view| account::find_candidate(view, &site, Surface::Native, comer.login.trim()))?;
    let active = found.filter(|candidate| candidate.state == PersonState::Active);
    let candidate = active.ok_or_else(again)?;
    let until = typed
        .get(..12)
        .and_then(|t| i64::from_str_radix(t, 16).ok());
    let until = Timestamp::from_millis(until.ok_or_else(again)?);
    let wanted = pass(native, comer.login, &candidate, until);
    let over = native.core.clock.stamp().at >= until;
    if over || !token::equal(typed.as_bytes(), wanted.expose().as_bytes()) {
        return Err(again());
    }
    let code = Some(Secret::new(code.to_owned()));
    comer.open(&counted, candidate.person, None, code)
}

fn again() -> Problem {
    let message = "This took too long. Sign in again with name and password.";
    Problem::new(Cause::Unauthenticated, message).with_code("sign_in_again")
}

fn wrong_code() -> Problem {
    let message = "The code is not the one of now. Wait for the next one, or use a recovery code.";
    Problem::new(Cause::Unauthenticated, message).with_code("wrong_code")
}

/// Whose name and password these are, and a newer hash of the password if its own is out of date.
fn prove(
    native: &Native,
    login: &str,
    typed: &Secret<String>,
) -> Result<(Candidate, Option<String>), Problem> {
    let (core, site) = (&native.core, native.core.site());
    let found = (core.store)
        .read(|view| account::find_candidate(view, &site, Surface::Native, login.trim()))?;
    let mut chance = Seeded::new(&core.draw_seed());
    let Some(candidate) = found else {
        let _ = native.passwords.hash(typed, &mut chance);
        return Err(wrong());
    };
    let verdict = native.passwords.verify(typed, candidate.hash.expose());
    let verdict = verdict.ok().filter(|v| v.matches).ok_or_else(wrong)?;
    if candidate.state != PersonState::Active {
        let message = "This account is disabled. Ask an administrator.";
        return Err(Problem::new(Cause::Forbidden, message).with_code("disabled"));
    }
    let newer = verdict.needs_upgrade;
    let newer = newer.then(|| native.passwords.hash(typed, &mut chance).ok());
    Ok((candidate, newer.flatten()))
}

fn wrong() -> Problem {
    let message = "Name or password is wrong.";
    Problem::new(Cause::Unauthenticated, message).with_code("wrong_password")
}
