//! Events: made, opened, closed, listed.

use crate::base::id::EventId;
use crate::base::text::Name;
use crate::base::time::Timestamp;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::outbox::{self, Notice};
use crate::domain::site::Call;
use crate::domain::ticketing::error::Error;
use crate::store::events;
use crate::store::{Tx, View};

pub use crate::store::events::{CapacityOf, EntryRule, EventRow as Event, EventState};

/// An event to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What people call it.
    pub name: Name,
    /// Whether it lets people in at once.
    pub open: bool,
    /// How many it holds; None: no limit.
    pub capacity: Option<u32>,
    /// What that limits.
    pub capacity_of: CapacityOf,
    /// How often one ticket lets in.
    pub entry_rule: EntryRule,
    /// Whether a face will do.
    pub face_allowed: bool,
    /// From when on people are let in.
    pub starts_at: Option<Timestamp>,
    /// Until when people are let in.
    pub ends_at: Option<Timestamp>,
}

impl NewEvent {
    /// An open event for once each, faces allowed, without limits.
    #[must_use]
    pub const fn open(name: Name) -> Self {
        Self {
            name,
            open: true,
            capacity: None,
            capacity_of: CapacityOf::Admitted,
            entry_rule: EntryRule::OncePerEvent,
            face_allowed: true,
            starts_at: None,
            ends_at: None,
        }
    }
}

/// Makes an event.
///
/// # Errors
/// [`Error::Times`], and the faults.
pub fn create(tx: &Tx<'_>, call: &mut Call<'_>, new: &NewEvent) -> Result<EventId, Error> {
    let _may = call.actor.manage_events()?;
    if let (Some(start), Some(end)) = (new.starts_at, new.ends_at)
        && start >= end
    {
        return Err(Error::Times);
    }
    let row = Event {
        id: call.new_id(),
        name: new.name.to_string(),
        state: if new.open {
            EventState::Open
        } else {
            EventState::Draft
        },
        capacity: new.capacity,
        capacity_of: new.capacity_of,
        entry_rule: new.entry_rule,
        face_allowed: new.face_allowed,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        inside: 0,
        admitted: 0,
        created_at: call.now.at,
    };
    events::insert_event(tx, &row)?;
    let told = Detail::Plain(format!("{} {}", row.state, row.entry_rule));
    audit::record(
        tx,
        call,
        Act::EventCreate,
        format!("event:{}", row.id),
        told,
    )?;
    Ok(row.id)
}

/// One event.
///
/// # Errors
/// [`Error::NoEvent`], and the faults.
pub fn find(view: &View<'_>, call: &Call<'_>, id: EventId) -> Result<Event, Error> {
    let _may = call.actor.scan()?;
    events::find_event(view, id)?.ok_or(Error::NoEvent)
}

/// A page of events in the order they were made.
///
/// # Errors
/// The faults.
pub fn list(
    view: &View<'_>,
    call: &Call<'_>,
    after: Option<EventId>,
    limit: u32,
) -> Result<Vec<Event>, Error> {
    let _may = call.actor.scan()?;
    Ok(events::list_events(view, after, limit)?)
}

/// Opens an event.
///
/// # Errors
/// [`Error::NoEvent`], and the faults.
pub fn open(tx: &Tx<'_>, call: &mut Call<'_>, id: EventId) -> Result<(), Error> {
    set_state(tx, call, id, EventState::Open)
}

/// Closes an event: nobody comes in any more, whoever is inside gets out.
///
/// # Errors
/// [`Error::NoEvent`], and the faults.
pub fn close(tx: &Tx<'_>, call: &mut Call<'_>, id: EventId) -> Result<(), Error> {
    set_state(tx, call, id, EventState::Closed)
}

fn set_state(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: EventId,
    state: EventState,
) -> Result<(), Error> {
    let _may = call.actor.manage_events()?;
    if !events::update_state(tx, id, state)? {
        return Err(Error::NoEvent);
    }
    let (act, notice) = match state {
        EventState::Open => (Act::EventOpen, Notice::EventOpened),
        EventState::Closed | EventState::Draft => (Act::EventClose, Notice::EventClosed),
    };
    audit::record(tx, call, act, format!("event:{id}"), Detail::None)?;
    outbox::notify(tx, call, notice, format!("{{\"event\":\"{id}\"}}"))?;
    Ok(())
}
