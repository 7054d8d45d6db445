//! Keys of programs: made with scopes and an end, shown once, rotated with an overlap, revoked.

use crate::base::cause::Cause;
use crate::base::id::ApiKeyId;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::text::Name;
use crate::base::time::{Span, Timestamp};
use crate::crypto::keyring::Purpose;
use crate::crypto::token;
use crate::domain::actor::{Actor, Scope, Scopes};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::site::{Call, Site};
use crate::store::api_keys::{self, ApiKeyRow};
use crate::store::{Tx, View};
use std::fmt;

/// What a key's text begins with.
pub const PREFIX: &str = "hdr_";
/// The kind under which a key's text is digested.
const KIND: &str = "api key";

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What people call it.
    pub name: Name,
    /// What it is for; at least one.
    pub scopes: Vec<Scope>,
    /// How long it holds, in days.
    pub days: u16,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Which.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to some minutes; None: never.
    pub seen_at: Option<Timestamp>,
    /// Until when the text before the last rotation holds; None: it does not.
    pub old_until: Option<Timestamp>,
}

impl ApiKey {
    /// Whom the domain is told.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Key {
            id: self.id,
            scopes: Scopes::new(self.scopes.iter().copied()),
        }
    }

    /// Whether the use of it is to be noted with [`note_seen`].
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let since = |at| now.since(at).as_millis() >= limits::API_KEY_SEEN_MS_MIN;
        self.seen_at.is_none_or(since)
    }
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such key.
    NoKey,
    /// It would be for nothing.
    NoScopes,
    /// It would hold no day, or too long.
    Days,
    /// There are as many as there may be.
    TooMany,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoKey => Cause::Missing,
            Self::NoScopes | Self::Days => Cause::Unprocessable,
            Self::TooMany => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str("there is no such key"),
            Self::NoScopes => f.write_str("a key is for at least one scope"),
            Self::Days => write!(f, "a key holds 1 to {} days", limits::API_KEY_DAYS_MAX),
            Self::TooMany => write!(f, "there are {} keys already", limits::API_KEYS_MAX),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

fn digest(site: &Site, text: &str) -> [u8; 32] {
    token::token_digest(site.keyring.purpose(Purpose::Tokens), KIND, text)
}

fn read(row: ApiKeyRow, now: Timestamp) -> ApiKey {
    ApiKey {
        id: row.id,
        name: row.name,
        scopes: row.scopes.split(' ').filter_map(Scope::read).collect(),
        made_at: row.made_at,
        expires_at: row.expires_at,
        seen_at: row.seen_at,
        old_until: row.old.map(|(_, until)| until).filter(|until| *until > now),
    }
}

fn object(id: ApiKeyId) -> String {
    format!("api_key:{id}")
}

/// Makes a key. Its text is shown this once.
///
/// # Errors
/// [`Error::NoScopes`], [`Error::Days`], [`Error::TooMany`], and the faults.
pub fn make(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    new: &NewKey,
) -> Result<(ApiKeyId, Secret<String>), Error> {
    let _may = call.actor.manage_keys()?;
    if new.scopes.is_empty() {
        return Err(Error::NoScopes);
    }
    if !(1..=limits::API_KEY_DAYS_MAX).contains(&new.days) {
        return Err(Error::Days);
    }
    if api_keys::list_keys(tx)?.len() >= limits::API_KEYS_MAX {
        return Err(Error::TooMany);
    }
    let id: ApiKeyId = call.new_id();
    let text = token::new_token(PREFIX, call.entropy);
    let words: Vec<&str> = (Scope::ALL.iter())
        .filter(|scope| new.scopes.contains(scope))
        .map(|scope| scope.code())
        .collect();
    let row = ApiKeyRow {
        id,
        name: new.name.to_string(),
        digest: digest(call.site, text.expose()),
        old: None,
        scopes: words.join(" "),
        made_at: call.now.at,
        expires_at: call
            .now
            .at
            .plus(Span::from_seconds(i64::from(new.days) * 86_400)),
        seen_at: None,
    };
    api_keys::insert_key(tx, &row)?;
    audit::record(
        tx,
        call,
        Act::ApiKeyMake,
        object(id),
        Detail::Plain(row.scopes),
    )?;
    Ok((id, text))
}

/// All keys, those that have ended too.
///
/// # Errors
/// The faults.
pub fn list(view: &View<'_>, call: &Call<'_>) -> Result<Vec<ApiKey>, Error> {
    let _may = call.actor.manage_keys()?;
    let rows = api_keys::list_keys(view)?;
    Ok(rows.into_iter().map(|row| read(row, call.now.at)).collect())
}

/// What a key is called, for whoever reads what it did; None: it was revoked.
///
/// # Errors
/// The faults.
pub fn find_name(view: &View<'_>, call: &Call<'_>, id: ApiKeyId) -> Result<Option<String>, Error> {
    let _may = call.actor.read_audit()?;
    Ok(api_keys::find_key(view, id)?.map(|row| row.name))
}

/// Gives a key another text, shown this once; the one it had holds a day longer, and the one
/// before that not at all.
///
/// # Errors
/// [`Error::NoKey`], and the faults.
pub fn rotate(tx: &Tx<'_>, call: &mut Call<'_>, id: ApiKeyId) -> Result<Secret<String>, Error> {
    let _may = call.actor.manage_keys()?;
    let row = api_keys::find_key(tx, id)?.ok_or(Error::NoKey)?;
    let text = token::new_token(PREFIX, call.entropy);
    let until = call
        .now
        .at
        .plus(Span::from_millis(limits::API_KEY_OVERLAP_MS));
    let until = until.min(row.expires_at);
    api_keys::update_digest(tx, id, digest(call.site, text.expose()), until)?;
    audit::record(tx, call, Act::ApiKeyRotate, object(id), Detail::None)?;
    Ok(text)
}

/// Revokes a key with all its texts: from this commit on they are nothing.
///
/// # Errors
/// [`Error::NoKey`], and the faults.
pub fn revoke(tx: &Tx<'_>, call: &mut Call<'_>, id: ApiKeyId) -> Result<(), Error> {
    let _may = call.actor.manage_keys()?;
    if !api_keys::delete_key(tx, id)? {
        return Err(Error::NoKey);
    }
    audit::record(tx, call, Act::ApiKeyRevoke, object(id), Detail::None)?;
    Ok(())
}

/// The key of a text that is in force. Asks nobody for rights: the text is the right.
///
/// # Errors
/// Those of reading.
pub fn find(
    view: &View<'_>,
    site: &Site,
    text: &str,
    now: Timestamp,
) -> Result<Option<ApiKey>, Fault> {
    let asked = digest(site, text);
    let found = api_keys::find_by_digest(view, asked)?;
    let in_force = found.filter(|row| {
        let by_old = row.digest != asked;
        let old_holds = row.old.is_some_and(|(_, until)| now < until);
        now < row.expires_at && (!by_old || old_holds)
    });
    Ok(in_force.map(|row| read(row, now)))
}

/// Notes that a key is used.
///
/// # Errors
/// Those of writing.
pub fn note_seen(tx: &Tx<'_>, call: &Call<'_>, id: ApiKeyId) -> Result<(), Fault> {
    Ok(api_keys::update_seen(tx, id, call.now.at)?)
}
