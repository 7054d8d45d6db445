//! How full an event is. The counts themselves move in the commit of each check-in.

use crate::base::id::EventId;
use crate::domain::site::Call;
use crate::domain::ticketing::error::Error;
use crate::domain::ticketing::event::{CapacityOf, Event};
use crate::store::View;
use crate::store::events;

/// How full an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Who is inside now.
    pub inside: u32,
    /// Who has been admitted, each once.
    pub admitted: u32,
    /// Places left; None: no limit.
    pub free: Option<u32>,
}

/// How full an event is.
///
/// # Errors
/// [`Error::NoEvent`], and the faults.
pub fn fill(view: &View<'_>, call: &Call<'_>, event: EventId) -> Result<Fill, Error> {
    let _may = call.actor.scan()?;
    let event = events::find_event(view, event)?.ok_or(Error::NoEvent)?;
    Ok(fill_of(&event))
}

/// How full this event is. Pure.
#[must_use]
pub fn fill_of(event: &Event) -> Fill {
    let taken = match event.capacity_of {
        CapacityOf::Inside => event.inside,
        CapacityOf::Admitted => event.admitted,
    };
    Fill {
        inside: event.inside,
        admitted: event.admitted,
        free: event.capacity.map(|most| most.saturating_sub(taken)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::base::time::Timestamp;
    use crate::domain::ticketing::event::{EntryRule, EventState};

    #[test]
    fn free_places_are_never_below_none() {
        let table = [
            (None, CapacityOf::Inside, None),
            (Some(10), CapacityOf::Inside, Some(7)),
            (Some(10), CapacityOf::Admitted, Some(2)),
            (Some(5), CapacityOf::Admitted, Some(0)),
            (Some(0), CapacityOf::Inside, Some(0)),
        ];
        for (capacity, capacity_of, free) in table {
            let event = Event {
                id: EventId::from_bytes([1; 16]),
                name: "Seminar".to_owned(),
                state: EventState::Open,
                capacity,
                capacity_of,
                entry_rule: EntryRule::Any,
                face_allowed: true,
                starts_at: None,
                ends_at: None,
                inside: 3,
                admitted: 8,
                created_at: Timestamp::from_millis(0),
            };
            let want = Fill {
                inside: 3,
                admitted: 8,
                free,
            };
            assert_eq!(fill_of(&event), want);
        }
    }
}
