//! Tickets: issued with a code, revoked, blocked. The code is stored as a digest, to be found
//! by, and sealed, to be printed again.

use crate::base::id::{EventId, Id, PersonId, TicketId};
use crate::base::text::{Slug, TicketCode};
use crate::base::time::Timestamp;
use crate::crypto::keyring::Purpose;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::Fault;
use crate::domain::outbox::{self, Notice};
use crate::domain::site::{Call, Site};
use crate::domain::ticketing::error::Error;
use crate::domain::vault::{self, place};
use crate::store::events::{self, EventState};
use crate::store::people::{self, Digest, PersonState};
use crate::store::tickets::{self, TicketRow};
use crate::store::{self, Tx, View, faces};

pub use crate::store::tickets::{TicketRow as Ticket, TicketState};

/// A ticket to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// For which event.
    pub event: EventId,
    /// For whom; None: for whoever shows the code.
    pub holder: Option<PersonId>,
    /// The code, as printed elsewhere; None: a new one is made.
    pub code: Option<TicketCode>,
    /// Whether it is paid for.
    pub settled: bool,
    /// Whether the event's questions are answered.
    pub answered: bool,
    /// From when on it lets in.
    pub valid_from: Option<Timestamp>,
    /// Until when it lets in.
    pub valid_until: Option<Timestamp>,
    /// Gates it is for; empty: every gate.
    pub gates: Vec<Slug>,
}

impl NewTicket {
    /// A settled ticket with a new code, for every gate and the whole event.
    #[must_use]
    pub const fn plain(event: EventId, holder: Option<PersonId>) -> Self {
        Self {
            event,
            holder,
            code: None,
            settled: true,
            answered: true,
            valid_from: None,
            valid_until: None,
            gates: Vec::new(),
        }
    }
}

/// A ticket that was issued, and its code, which is what the QR picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Which.
    pub id: TicketId,
    /// Its code.
    pub code: TicketCode,
}

/// Random bytes of a made code: 100 bits, 20 characters of 5 bits.
const CODE_CHARS: usize = 20;

/// Letters of a made code: those of ids, none of which is taken for another.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn new_code(call: &mut Call<'_>) -> Result<TicketCode, Error> {
    let mut bytes = [0u8; CODE_CHARS];
    call.entropy.fill(&mut bytes);
    let letter = |b: &u8| {
        CODE_LETTERS
            .get(usize::from(b % 32))
            .copied()
            .map_or('0', char::from)
    };
    let text: String = bytes.iter().map(letter).collect();
    text.parse()
        .map_err(|_| Error::Fault(Fault::Damaged("code")))
}

/// The digest by which a code is found.
#[must_use]
pub fn code_digest(site: &Site, code: &TicketCode) -> Digest {
    vault::lookup(site, Purpose::Codes, place::CODE, code.as_str().as_bytes())
}

/// Issues a ticket. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoEvent`], [`Error::Closed`], [`Error::NoPerson`], [`Error::CodeTaken`],
/// [`Error::Times`], and the faults.
pub fn issue(tx: &Tx<'_>, call: &mut Call<'_>, new: &NewTicket) -> Result<Issued, Error> {
    let _may = call.actor.manage_tickets()?;
    let event = events::find_event(tx, new.event)?.ok_or(Error::NoEvent)?;
    if event.state == EventState::Closed {
        return Err(Error::Closed);
    }
    if let Some(holder) = new.holder {
        match people::find_state(tx, holder)? {
            Some(PersonState::Active | PersonState::Disabled) => {}
            Some(PersonState::Erased) | None => return Err(Error::NoPerson),
        }
    }
    if let (Some(from), Some(until)) = (new.valid_from, new.valid_until)
        && from >= until
    {
        return Err(Error::Times);
    }
    let code = new.code.clone().map_or_else(|| new_code(call), Ok)?;
    let gates: Vec<&str> = new.gates.iter().map(Slug::as_str).collect();
    let row = TicketRow {
        id: call.new_id(),
        event: new.event,
        holder: new.holder,
        state: TicketState::Valid,
        settled: new.settled,
        answered: new.answered,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        gates: (!gates.is_empty()).then(|| gates.join(",")),
        created_at: call.now.at,
    };
    insert(tx, call, &row, &code)?;
    let told = new
        .holder
        .map_or(Detail::None, |h| Detail::Plain(format!("person:{h}")));
    audit::record(
        tx,
        call,
        Act::TicketIssue,
        format!("ticket:{}", row.id),
        told,
    )?;
    let payload = format!("{{\"ticket\":\"{}\",\"event\":\"{}\"}}", row.id, row.event);
    outbox::notify(tx, call, Notice::TicketIssued, payload)?;
    Ok(Issued { id: row.id, code })
}

fn insert(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    row: &TicketRow,
    code: &TicketCode,
) -> Result<(), Error> {
    let site = call.site;
    let key = site.keyring.purpose(Purpose::Codes);
    let plain = code.as_str().as_bytes();
    let sealed = vault::seal_value(key, place::CODE, &row.id.to_bytes(), plain, call.entropy)?;
    tickets::insert_ticket(tx, row, code_digest(site, code), &sealed).map_err(|e| {
        if e.is_conflict_of("code_digest") {
            Error::CodeTaken
        } else {
            Error::from(e)
        }
    })?;
    if row.holder.is_some() {
        faces::update_gallery_version(tx)?; // the holder may now be recognised at this event
    }
    Ok(())
}

/// A page of an event's tickets.
///
/// # Errors
/// The faults.
pub fn list(
    view: &View<'_>,
    call: &Call<'_>,
    event: EventId,
    skip: u32,
    limit: u32,
) -> Result<Vec<Ticket>, Error> {
    let _may = call.actor.manage_tickets()?;
    Ok(tickets::list_tickets(view, event, skip, limit)?)
}

/// The code of a ticket, to print it again.
///
/// # Errors
/// [`Error::NoTicket`], and the faults.
pub fn code(view: &View<'_>, call: &Call<'_>, id: TicketId) -> Result<String, Error> {
    let _may = call.actor.manage_tickets()?;
    let sealed = tickets::get_code(view, id).map_err(missing)?;
    let key = call.site.keyring.purpose(Purpose::Codes);
    Ok(vault::open_text(key, place::CODE, &id.to_bytes(), &sealed)?)
}

/// Revokes a ticket for ever: replaced or cancelled.
///
/// # Errors
/// [`Error::NoTicket`], and the faults.
pub fn revoke(tx: &Tx<'_>, call: &mut Call<'_>, id: TicketId) -> Result<(), Error> {
    set_state(tx, call, id, TicketState::Revoked, Act::TicketRevoke)?;
    faces::update_gallery_version(tx)?;
    outbox::notify(
        tx,
        call,
        Notice::TicketRevoked,
        format!("{{\"ticket\":\"{id}\"}}"),
    )?;
    Ok(())
}

/// Blocks a ticket until it is unblocked.
///
/// # Errors
/// [`Error::NoTicket`], and the faults.
pub fn block(tx: &Tx<'_>, call: &mut Call<'_>, id: TicketId) -> Result<(), Error> {
    set_state(tx, call, id, TicketState::Blocked, Act::TicketBlock)
}

/// Unblocks a ticket.
///
/// # Errors
/// [`Error::NoTicket`], and the faults.
pub fn unblock(tx: &Tx<'_>, call: &mut Call<'_>, id: TicketId) -> Result<(), Error> {
    set_state(tx, call, id, TicketState::Valid, Act::TicketUnblock)
}

fn set_state(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: TicketId,
    state: TicketState,
    act: Act,
) -> Result<(), Error> {
    let _may = call.actor.manage_tickets()?;
    if !tickets::update_state(tx, id, state)? {
        return Err(Error::NoTicket);
    }
    audit::record(tx, call, act, format!("ticket:{id}"), Detail::None)?;
    Ok(())
}

/// A store that misses the row says so in the ticket's words.
fn missing(error: store::Error) -> Error {
    if matches!(error, store::Error::Missing(_)) {
        Error::NoTicket
    } else {
        Error::from(error)
    }
}

/// Says whether a ticket is paid for and its questions are answered.
///
/// # Errors
/// [`Error::NoTicket`], and the faults.
pub fn set_conditions(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: TicketId,
    settled: bool,
    answered: bool,
) -> Result<(), Error> {
    let _may = call.actor.manage_tickets()?;
    tickets::update_conditions(tx, id, settled, answered).map_err(missing)?;
    let told = Detail::Plain(format!("settled {settled} answered {answered}"));
    audit::record(
        tx,
        call,
        Act::TicketConditions,
        format!("ticket:{id}"),
        told,
    )?;
    Ok(())
}
