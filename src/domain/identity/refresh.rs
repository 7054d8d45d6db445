//! Refresh tokens of programs: each is for one use and brings the next one. A token that comes a
//! second time was copied, so its session ends. The one before the newest is answered once more
//! for a minute, with the newest: an answer may be lost, and many may refresh at once.
//!
//! No token is stored. Each follows, under a key, from the session's sealed salt and its number; so
//! the same answer can be given again.

use crate::base::id::{Id as _, PersonId, SessionId};
use crate::base::limits::REFRESH_GRACE_MS;
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::crypto::keyring::Purpose;
use crate::crypto::token;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::identity::session::{self, Error, Opened, SessionKind};
use crate::domain::site::{Call, Site};
use crate::domain::surface::Surface;
use crate::domain::vault::{self, place};
use crate::store::refresh::{self, RefreshRow};
use crate::store::{Tx, sessions};

/// What a refresh token begins with.
const PREFIX: &str = "hdrr_";
/// Characters of an id.
const ID_CHARS: usize = 26;
/// Characters of the proof.
const PROOF_CHARS: usize = 64;

/// What a refresh token brings.
#[derive(Debug)]
pub struct Refreshed {
    /// Whose session.
    pub person: PersonId,
    /// Which.
    pub id: SessionId,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The token for the next time.
    pub token: Secret<String>,
}

/// The answer to a refresh token. A refusal is an answer and no error, because it may end a session.
#[derive(Debug)]
pub enum Answer {
    /// It was good.
    Good(Refreshed),
    /// It is none, or its session has ended.
    Unknown,
    /// It came a second time: its session was ended by that.
    Reused,
}

fn proof(site: &Site, id: SessionId, number: i64, salt: &str) -> String {
    let text = Secret::new(format!("{id}\0{number}\0{salt}"));
    let key = site.keyring.purpose(Purpose::Tokens);
    let whole = token::token_digest(key, "refresh", text.expose());
    whole.iter().map(|b| format!("{b:02x}")).collect()
}

fn token_of(site: &Site, id: SessionId, number: i64, salt: &str) -> Secret<String> {
    let proof = Secret::new(proof(site, id, number, salt));
    Secret::new(format!("{PREFIX}{id}{}{number}", proof.expose()))
}

/// Session, proof and number of a token.
fn parse(text: &str) -> Option<(SessionId, &str, i64)> {
    let (id, rest) = text.strip_prefix(PREFIX)?.split_at_checked(ID_CHARS)?;
    let (proof, number) = rest.split_at_checked(PROOF_CHARS)?;
    let number: i64 = number.parse().ok().filter(|n| *n > 0)?;
    Some((id.parse().ok()?, proof, number))
}

/// Opens a session of tokens for a person whose password was checked; its token is the first
/// refresh token. Asks for no rights: the password was the right.
///
/// # Errors
/// As [`session::open`].
pub fn open(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    surface: Surface,
    address: &str,
    agent: &str,
) -> Result<Opened, Error> {
    let opened = session::open_as(
        tx,
        call,
        person,
        surface,
        SessionKind::Tokens,
        address,
        agent,
    )?;
    // The random text that a browser would have got is what the tokens are made from.
    let (id, salt) = (opened.id, opened.token.expose().as_bytes());
    let key = vault::person_key(tx, call.site, person)?;
    let row = RefreshRow {
        salt: vault::seal_value(&key, place::REFRESH, &id.to_bytes(), salt, call.entropy)?,
        number: 1,
        rotated_at: call.now.at,
    };
    refresh::insert_refresh(tx, id, &row)?;
    let token = token_of(call.site, id, row.number, opened.token.expose());
    Ok(Opened { id, token })
}

/// Takes a refresh token and gives the next.
///
/// # Errors
/// The faults.
pub fn rotate(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    surface: Surface,
    text: &str,
) -> Result<Answer, Error> {
    let Some((id, proved, number)) = parse(text) else {
        return Ok(Answer::Unknown);
    };
    let (site, now) = (call.site, call.now.at);
    let session = session::find_row(tx, surface, id, now)?;
    let (Some(session), Some(row)) = (session, refresh::find_refresh(tx, id)?) else {
        return Ok(Answer::Unknown);
    };
    let key = vault::person_key(tx, site, session.person)?;
    let salt = vault::open_text(&key, place::REFRESH, &id.to_bytes(), &row.salt)?;
    let salt = Secret::new(salt);
    let wanted = proof(site, id, number, salt.expose());
    if !token::equal(wanted.as_bytes(), proved.as_bytes()) || number > row.number {
        return Ok(Answer::Unknown);
    }
    let age_ms = now.since(row.rotated_at).as_millis();
    let next = if number == row.number {
        refresh::update_number(tx, id, number + 1, now)?;
        sessions::update_seen(tx, id, now)?;
        number + 1
    } else if number == row.number - 1 && age_ms <= REFRESH_GRACE_MS {
        row.number
    } else {
        let object = format!("person:{}", session.person);
        let told = Detail::Plain(format!("session:{id}"));
        audit::record(tx, call, Act::RefreshReuse, object, told)?;
        session::delete(tx, call, &session)?;
        return Ok(Answer::Reused);
    };
    Ok(Answer::Good(Refreshed {
        person: session.person,
        id,
        expires_at: session.expires_at,
        token: token_of(site, id, next, salt.expose()),
    }))
}
