//! Where a person stands at an occasion, for the list of a search at the desk: whether there is
//! a ticket, since when somebody is in.

use crate::base::id::{Id, Nonce, PersonId};
use crate::base::time::Timestamp;
use crate::domain::checkin::error::Error;
use crate::domain::checkin::request::Occasion;
use crate::domain::site::Call;
use crate::store::View;
use crate::store::tickets::{self, TicketState};
use crate::store::visits;

/// Where somebody stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Tickets in force; None: the occasion has none.
    pub tickets: Option<usize>,
    /// Inside now.
    pub inside: bool,
    /// When the first entry was.
    pub first_at: Option<Timestamp>,
    /// When the entry was by which somebody is inside.
    pub entry_at: Option<Timestamp>,
    /// That entry, for an undo.
    pub entry: Option<Nonce>,
}

/// Where a person stands at an occasion.
///
/// # Errors
/// The faults.
pub fn of_person(
    view: &View<'_>,
    call: &Call<'_>,
    occasion: Occasion,
    person: PersonId,
) -> Result<Place, Error> {
    let _may = call.actor.attend()?;
    let mut place = Place::default();
    let mut subjects = vec![person.to_bytes()];
    if let Occasion::Event(event) = occasion {
        let held = tickets::list_of_holder(view, event, person)?;
        let in_force = held.iter().filter(|t| t.state == TicketState::Valid);
        place.tickets = Some(in_force.count());
        subjects.extend(held.iter().map(|t| t.id.to_bytes()));
    }
    for subject in subjects {
        let Some(stands) = visits::find_presence(view, &occasion.key(), subject)? else {
            continue;
        };
        place.inside |= stands.inside;
        if stands.inside && place.entry.is_none() {
            let last = visits::list_admissions(view, &occasion.key(), subject, 1)?;
            place.entry = last.first().map(|stored| stored.row.nonce);
            place.entry_at = last.first().map(|stored| stored.row.happened_at);
        }
        place.first_at = match (place.first_at, stands.first_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    Ok(place)
}
