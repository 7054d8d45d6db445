//! Sessions: who is signed in, from where, until when. A session is looked up at each request, so
//! one that was ended, or whose person was disabled, is refused from the next transaction on.
//!
//! The token is random, shown once, and kept as a keyed digest. Address and browser are sealed
//! under the person's key.

use crate::base::cause::Cause;
use crate::base::id::{Id, PersonId, SessionId};
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::time::{Span, Timestamp};
use crate::crypto::keyring::{Key, Purpose};
use crate::crypto::token;
use crate::domain::actor::{Actor, Role};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::{account, factor, language, role};
use crate::domain::rule::Language;
use crate::domain::site::{Call, Site};
use crate::domain::surface::Surface;
use crate::domain::vault::{self, place};
use crate::store::sessions::{self, SessionRow};
use crate::store::{Tx, View};
use std::fmt;

pub use crate::store::sessions::SessionKind;

/// What a session's token begins with.
const PREFIX: &str = "hdrs_";
/// The kind under which a session's token is digested.
const KIND: &str = "session";

/// Why a session was not opened, listed or ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it may not take part.
    NoPerson,
    /// There is no such session, or it has ended.
    NoSession,
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

impl From<factor::Error> for Error {
    fn from(error: factor::Error) -> Self {
        match error {
            factor::Error::Fault(fault) => Self::Fault(fault),
            factor::Error::NoPerson
            | factor::Error::WrongCode
            | factor::Error::IsOn
            | factor::Error::IsOff => Self::NoPerson,
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoPerson | Self::NoSession => Cause::Missing,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person"),
            Self::NoSession => f.write_str("there is no such session"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A session that was just opened. The token is shown this once.
#[derive(Debug)]
pub struct Opened {
    /// Which.
    pub id: SessionId,
    /// What the browser keeps.
    pub token: Secret<String>,
}

/// A session that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// Whether pages or programs use it.
    pub kind: SessionKind,
    /// What the person is on the session's surface now.
    pub role: Role,
    /// Whether the person has the right `supervise` beyond the role.
    pub supervise: bool,
    /// Whether the person may do nothing yet but set up a second factor.
    pub bare: bool,
    /// The language that the person has chosen, if one.
    pub language: Option<Language>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last used, to some minutes.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The address it was opened from.
    pub address: String,
    /// The browser it was opened with.
    pub agent: String,
}

impl Session {
    /// Whom the domain is told.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Person {
            id: self.person,
            role: self.role,
            supervise: self.supervise,
        }
    }

    /// Whether the use of it is to be noted with [`note_seen`].
    #[must_use]
    pub const fn is_stale(&self, now: Timestamp) -> bool {
        now.since(self.seen_at).as_millis() >= limits::SESSION_SEEN_MS_MIN
    }
}

fn digest(site: &Site, surface: Surface, token: &str) -> [u8; 32] {
    // Bound to the surface: cookies ignore ports, so a token of one surface may arrive at another.
    let bound = Secret::new(format!("{surface}\0{token}"));
    token::token_digest(site.keyring.purpose(Purpose::Tokens), KIND, bound.expose())
}

fn cut(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_control());
    shown.take(limits::SESSION_TEXT_CHARS_MAX).collect()
}

fn goes_on(row: &SessionRow, now: Timestamp) -> bool {
    let idle = now.since(row.seen_at).as_millis();
    // A program may sleep for days between two uses of its refresh token.
    let awake = row.kind == SessionKind::Tokens || idle < limits::SESSION_IDLE_MS_MAX;
    now.as_millis() < row.expires_at.as_millis() && awake
}

/// Opens a session for a person whose password was checked. Asks for no rights: the password was
/// the right.
///
/// # Errors
/// [`Error::NoPerson`] if the person is disabled, erased or not there, and the faults.
pub fn open(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    surface: Surface,
    address: &str,
    agent: &str,
) -> Result<Opened, Error> {
    open_as(
        tx,
        call,
        person,
        surface,
        SessionKind::Pages,
        address,
        agent,
    )
}

/// As [`open`], of another kind.
pub(super) fn open_as(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    surface: Surface,
    kind: SessionKind,
    address: &str,
    agent: &str,
) -> Result<Opened, Error> {
    role::actor_on(tx, person, surface, false)
        .map_err(of_role)?
        .ok_or(Error::NoPerson)?;
    let (site, now) = (call.site, call.now.at);
    make_room(tx, call, person, surface)?;
    let id: SessionId = call.new_id();
    let token = token::new_token(PREFIX, call.entropy);
    let key = vault::person_key(tx, site, person)?;
    let (at, address, agent) = (id.to_bytes(), cut(address), cut(agent));
    let row = SessionRow {
        id,
        person,
        surface: surface.code().to_owned(),
        kind,
        token_digest: digest(site, surface, token.expose()),
        address: vault::seal_value(&key, place::ADDRESS, &at, address.as_bytes(), call.entropy)?,
        agent: vault::seal_value(&key, place::AGENT, &at, agent.as_bytes(), call.entropy)?,
        opened_at: now,
        seen_at: now,
        expires_at: now.plus(Span::from_millis(limits::SESSION_MS_MAX)),
    };
    sessions::insert_session(tx, &row)?;
    let told = Detail::Plain(format!("session:{id}"));
    audit::record(tx, call, Act::SessionOpen, format!("person:{person}"), told)?;
    Ok(Opened { id, token })
}

/// Whether a session goes on: it has not ended, and its time is not over. Asks nobody for rights:
/// it tells nothing else.
///
/// # Errors
/// The faults.
pub fn is_open(view: &View<'_>, id: SessionId, now: Timestamp) -> Result<bool, Error> {
    let row = sessions::find_session(view, id)?;
    Ok(row.is_some_and(|row| goes_on(&row, now)))
}

/// Ends what is out of date, and the oldest if there are too many.
fn make_room(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    surface: Surface,
) -> Result<(), Error> {
    let (live, ended): (Vec<_>, Vec<_>) = sessions::list_sessions(tx, person, surface.code())?
        .into_iter()
        .partition(|row| goes_on(row, call.now.at));
    let room = usize::try_from(limits::SESSIONS_PER_PERSON_MAX).unwrap_or(1);
    let too_many = (live.len() + 1).saturating_sub(room);
    for row in &ended {
        sessions::delete_session(tx, row.id)?;
    }
    for row in live.iter().take(too_many) {
        delete(tx, call, row)?;
    }
    Ok(())
}

fn of_role(error: super::person::Error) -> Error {
    match error {
        super::person::Error::Fault(fault) => Error::Fault(fault),
        super::person::Error::NoPerson
        | super::person::Error::LastAdministrator
        | super::person::Error::NumberTaken
        | super::person::Error::EmailTaken => Error::NoPerson,
    }
}

fn read(
    key: &Key,
    row: SessionRow,
    actor: Actor,
    language: Option<Language>,
    bare: bool,
) -> Result<Option<Session>, Error> {
    let Actor::Person {
        role, supervise, ..
    } = actor
    else {
        return Ok(None);
    };
    let at = row.id.to_bytes();
    Ok(Some(Session {
        id: row.id,
        person: row.person,
        kind: row.kind,
        role,
        supervise,
        bare,
        language,
        opened_at: row.opened_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
        address: vault::open_text(key, place::ADDRESS, &at, &row.address)?,
        agent: vault::open_text(key, place::AGENT, &at, &row.agent)?,
    }))
}

fn is_bare(view: &View<'_>, site: &Site, actor: Actor) -> Result<bool, Error> {
    match actor {
        Actor::Person { id, role, .. } => Ok(factor::is_due(view, site, id, role)?),
        Actor::Stranger | Actor::Operator | Actor::Device { .. } | Actor::Key { .. } => Ok(false),
    }
}

/// The session of a token, with the role that its person has now. None: it is unknown, ended, out
/// of date, of another surface, or its person is disabled or erased.
///
/// # Errors
/// The faults.
pub fn find(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    token: &str,
    now: Timestamp,
) -> Result<Option<Session>, Error> {
    let found = sessions::find_by_token(view, digest(site, surface, token))?;
    let row = found.filter(|row| row.kind == SessionKind::Pages && row.surface == surface.code());
    let Some(row) = row.filter(|row| goes_on(row, now)) else {
        return Ok(None);
    };
    whole(view, site, surface, row)
}

/// A session of tokens that goes on, by its id, which a signed token named; None as for [`find`].
///
/// # Errors
/// The faults.
pub fn find_signed(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<Session>, Error> {
    let Some(row) = find_row(view, surface, id, now)? else {
        return Ok(None);
    };
    whole(view, site, surface, row)
}

/// The row of a session of tokens that goes on, of somebody who may take part.
pub(super) fn find_row(
    view: &View<'_>,
    surface: Surface,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<SessionRow>, Error> {
    let found = sessions::find_session(view, id)?;
    let row = found.filter(|row| row.kind == SessionKind::Tokens && row.surface == surface.code());
    let Some(row) = row.filter(|row| goes_on(row, now)) else {
        return Ok(None);
    };
    let actor = role::actor_on(view, row.person, surface, false).map_err(of_role)?;
    Ok(actor.map(|_| row))
}

/// A row as a session, with the role that its person has now.
fn whole(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    row: SessionRow,
) -> Result<Option<Session>, Error> {
    let actor = role::actor_on(view, row.person, surface, false).map_err(of_role)?;
    let Some(actor) = actor else {
        return Ok(None);
    };
    let key = vault::person_key(view, site, row.person)?;
    let language = language::of(view, row.person)?;
    let bare = is_bare(view, site, actor)?;
    read(&key, row, actor, language, bare)
}

/// Notes that a session was used; called when [`Session::is_stale`] says so.
///
/// # Errors
/// The faults.
pub fn note_seen(tx: &Tx<'_>, call: &Call<'_>, id: SessionId) -> Result<(), Error> {
    Ok(sessions::update_seen(tx, id, call.now.at)?)
}

fn may_touch(call: &Call<'_>, person: PersonId) -> Result<(), Error> {
    if !account::is_self(call.actor, person) {
        let _may = call.actor.manage_accounts()?;
    }
    Ok(())
}

/// The sessions of a person on the native surface that go on, the oldest first.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub fn list(view: &View<'_>, call: &Call<'_>, person: PersonId) -> Result<Vec<Session>, Error> {
    may_touch(call, person)?;
    let surface = super::person::NATIVE;
    let actor = role::actor_on(view, person, surface, false).map_err(of_role)?;
    let Some(actor) = actor else {
        return Ok(Vec::new());
    };
    let key = vault::person_key(view, call.site, person)?;
    let language = language::of(view, person)?;
    let mut all = Vec::new();
    for row in sessions::list_sessions(view, person, surface.code())? {
        if goes_on(&row, call.now.at) {
            all.extend(read(&key, row, actor, language, false)?);
        }
    }
    Ok(all)
}

/// Ends a session: one's own, or anybody's for those who manage people.
///
/// # Errors
/// [`Error::NoSession`], and the faults.
pub fn end(tx: &Tx<'_>, call: &mut Call<'_>, id: SessionId) -> Result<(), Error> {
    let row = sessions::find_session(tx, id)?;
    let Some(row) = row else {
        // Whoever may not know of other people's sessions learns nothing from the answer.
        return Err(Error::NoSession);
    };
    if may_touch(call, row.person).is_err() {
        return Err(Error::NoSession);
    }
    delete(tx, call, &row)
}

/// Ends a session that was looked up.
pub(super) fn delete(tx: &Tx<'_>, call: &mut Call<'_>, row: &SessionRow) -> Result<(), Error> {
    let id = row.id;
    sessions::delete_session(tx, id)?;
    let (object, told) = (format!("person:{}", row.person), format!("session:{id}"));
    audit::record(tx, call, Act::SessionEnd, object, Detail::Plain(told))?;
    call.tell(|deed| deed.session = Some(id));
    Ok(())
}

/// Ends all sessions of a person, on every surface. Gives how many there were.
///
/// # Errors
/// The faults.
pub fn end_all(tx: &Tx<'_>, call: &mut Call<'_>, person: PersonId) -> Result<usize, Error> {
    may_touch(call, person)?;
    let ended = sessions::delete_sessions(tx, person, None)?;
    let told = Detail::Plain(format!("sessions {ended}"));
    audit::record(
        tx,
        call,
        Act::SessionEndAll,
        format!("person:{person}"),
        told,
    )?;
    Ok(ended)
}
