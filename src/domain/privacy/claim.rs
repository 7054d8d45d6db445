//! What somebody asks for under the law on personal data, with the 3×24 hours in which it has to
//! be done. Words of the person are sealed under the person's key; erasing the person takes them
//! away and closes what was open.

use crate::base::cause::Cause;
use crate::base::id::{ClaimId, Id, PersonId};
use crate::base::limits;
use crate::base::text::Remark;
use crate::base::time::{Span, Timestamp};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, Place, place};
use crate::store::people::{self, PersonState};
use crate::store::privacy::{self, ClaimRow};
use crate::store::{Tx, View};
use std::fmt;

pub use crate::store::privacy::{ClaimKind, ClaimState};

/// Why something was not asked for or not closed.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such person, or it is erased.
    NoPerson,
    /// Nothing like this waits.
    NoClaim,
    /// The same waits already.
    Waits,
    /// A refusal needs a reason.
    NoReason,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoPerson | Self::NoClaim => Cause::Missing,
            Self::Waits => Cause::Conflict,
            Self::NoReason => Cause::Unprocessable,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPerson => f.write_str("there is no such person"),
            Self::NoClaim => f.write_str("there is no such request, or it was closed"),
            Self::Waits => f.write_str("the same was asked for and waits"),
            Self::NoReason => f.write_str("say why it is refused"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Which.
    pub id: ClaimId,
    /// By whom, or for whom.
    pub person: PersonId,
    /// What.
    pub kind: ClaimKind,
    /// How it stands.
    pub state: ClaimState,
    /// In the person's own words.
    pub note: Option<String>,
    /// What was answered.
    pub answer: Option<String>,
    /// When.
    pub made_at: Timestamp,
    /// Until when it has to be done.
    pub due_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// One's own, or anybody's for those who manage people.
fn may(call: &Call<'_>, person: PersonId) -> Result<(), Error> {
    if !call.actor.is_person(person) {
        let _may = call.actor.manage_accounts()?;
    }
    Ok(())
}

/// Asks for something: the person, or somebody who manages people and writes it down for them.
/// Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::Waits`], and the faults.
pub fn make(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    kind: ClaimKind,
    note: Option<&Remark>,
) -> Result<ClaimId, Error> {
    may(call, person)?;
    let state = people::find_state(tx, person)?;
    if !matches!(state, Some(PersonState::Active | PersonState::Disabled)) {
        return Err(Error::NoPerson);
    }
    let waits = |row: &ClaimRow| row.kind == kind && row.state == ClaimState::Open;
    if privacy::list_claims(tx, person)?.iter().any(waits) {
        return Err(Error::Waits);
    }
    let id: ClaimId = call.new_id();
    let note = seal(tx, call, person, place::CLAIM_NOTE, id, note)?;
    let row = ClaimRow {
        id,
        person,
        kind,
        state: ClaimState::Open,
        note,
        answer: None,
        made_at: call.now.at,
        due_at: call.now.at.plus(Span::from_millis(limits::CLAIM_MS_MAX)),
        closed_at: None,
    };
    privacy::insert_claim(tx, &row)?;
    record(tx, call, Act::ClaimMake, person, kind.code())?;
    Ok(id)
}

/// Closes what waits: done, or refused with a reason. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoClaim`], [`Error::NoReason`], and the faults.
pub fn close(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: ClaimId,
    refused: bool,
    answer: Option<&Remark>,
) -> Result<(), Error> {
    let _may = call.actor.manage_accounts()?;
    if refused && answer.is_none() {
        return Err(Error::NoReason);
    }
    let row = privacy::find_claim(tx, id)?.ok_or(Error::NoClaim)?;
    if row.state != ClaimState::Open {
        return Err(Error::NoClaim);
    }
    let state = match refused {
        true => ClaimState::Refused,
        false => ClaimState::Done,
    };
    let answer = seal(tx, call, row.person, place::CLAIM_ANSWER, id, answer)?;
    if !privacy::update_closed(tx, id, state, answer.as_deref(), call.now.at)? {
        return Err(Error::NoClaim);
    }
    let told = format!("{} {state}", row.kind);
    record(tx, call, Act::ClaimClose, row.person, &told)
}

fn seal(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    at: Place,
    id: ClaimId,
    text: Option<&Remark>,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(text) = text else { return Ok(None) };
    let key = vault::person_key(tx, call.site, person)?;
    let plain = text.as_str().as_bytes();
    let sealed = vault::seal_value(&key, at, &id.to_bytes(), plain, call.entropy)?;
    Ok(Some(sealed))
}

/// Makes what one entry of a person asked for that of another one, with the same time to do it in.
/// Whoever asks has looked at the rights.
///
/// # Errors
/// The faults.
pub(in crate::domain) fn hand_on(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    from: PersonId,
    into: PersonId,
) -> Result<(), Fault> {
    let (old, new) = (
        vault::person_key(tx, call.site, from)?,
        vault::person_key(tx, call.site, into)?,
    );
    for row in privacy::list_claims(tx, from)? {
        let id = row.id.to_bytes();
        let mut again = |at: Place, sealed: Option<&Vec<u8>>| -> Result<_, Fault> {
            let Some(sealed) = sealed else {
                return Ok(None);
            };
            let text = vault::open_text(&old, at, &id, sealed)?;
            vault::seal_value(&new, at, &id, text.as_bytes(), call.entropy).map(Some)
        };
        let note = again(place::CLAIM_NOTE, row.note.as_ref())?;
        let answer = again(place::CLAIM_ANSWER, row.answer.as_ref())?;
        privacy::update_claimant(tx, row.id, into, note.as_deref(), answer.as_deref())?;
    }
    Ok(())
}

fn record(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    act: Act,
    person: PersonId,
    told: &str,
) -> Result<(), Error> {
    let told = Detail::Plain(told.to_owned());
    audit::record(tx, call, act, format!("person:{person}"), told)?;
    Ok(())
}

/// Those that wait, the one that is due first first.
///
/// # Errors
/// The faults.
pub fn list_open(view: &View<'_>, call: &Call<'_>, limit: u32) -> Result<Vec<Claim>, Error> {
    let _may = call.actor.manage_accounts()?;
    let rows = privacy::list_open(view, limit.min(limits::LIST_ROWS_MAX))?;
    rows.into_iter()
        .map(|row| open(view, call.site, row))
        .collect()
}

/// Those of a person, the newest first: one's own, or anybody's for those who manage people.
///
/// # Errors
/// The faults.
pub fn list(view: &View<'_>, call: &Call<'_>, person: PersonId) -> Result<Vec<Claim>, Error> {
    may(call, person)?;
    let rows = privacy::list_claims(view, person)?;
    rows.into_iter()
        .map(|row| open(view, call.site, row))
        .collect()
}

fn open(view: &View<'_>, site: &Site, row: ClaimRow) -> Result<Claim, Error> {
    let id = row.id.to_bytes();
    let text = |at: Place, sealed: Option<&Vec<u8>>| -> Result<Option<String>, Error> {
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let key = vault::person_key(view, site, row.person)?;
        Ok(Some(vault::open_text(&key, at, &id, sealed)?))
    };
    Ok(Claim {
        note: text(place::CLAIM_NOTE, row.note.as_ref())?,
        answer: text(place::CLAIM_ANSWER, row.answer.as_ref())?,
        id: row.id,
        person: row.person,
        kind: row.kind,
        state: row.state,
        made_at: row.made_at,
        due_at: row.due_at,
        closed_at: row.closed_at,
    })
}
