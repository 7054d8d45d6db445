//! What has come to a person since they were added, or to an event since it was made: asked before
//! either is taken away again.

use crate::base::id::{EventId, Id, PersonId};
use crate::store::error::Error;
use crate::store::tx::View;

/// How much there is of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Consents, those withdrawn too.
    pub consents: u32,
    /// A face: 0 or 1.
    pub faces: u32,
    /// Tickets, whatever their state.
    pub tickets: u32,
    /// Admissions, those undone too.
    pub admissions: u32,
    /// Logins.
    pub logins: u32,
}

impl Facts {
    /// Nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What there is of a person.
///
/// # Errors
/// Those of reading.
pub fn get_facts(view: &View<'_>, person: PersonId) -> Result<Facts, Error> {
    let count = |sql: &str| -> Result<u32, Error> {
        let mut statement = view.connection().prepare_cached(sql)?;
        Ok(statement.query_row([person.to_bytes()], |row| row.get(0))?)
    };
    let own = count(
        "SELECT count(*) FROM visit
         WHERE coalesce(ticket, person) = ?1 AND verdict = 'admitted'",
    )?;
    let by_ticket = count(
        "SELECT count(*) FROM ticket t JOIN visit v ON coalesce(v.ticket, v.person) = t.id
         WHERE t.holder = ?1 AND v.verdict = 'admitted'",
    )?;
    Ok(Facts {
        consents: count("SELECT count(*) FROM consent WHERE person = ?1")?,
        faces: count("SELECT count(*) FROM face_template WHERE person = ?1")?,
        tickets: count("SELECT count(*) FROM ticket WHERE holder = ?1")?,
        admissions: own + by_ticket,
        logins: count("SELECT count(*) FROM account WHERE person = ?1")?,
    })
}

/// How much there is of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventFacts {
    /// Tickets, whatever their state.
    pub tickets: u32,
    /// Admissions, those undone too.
    pub admissions: u32,
    /// Devices that show it.
    pub devices: u32,
}

/// What there is of an event.
///
/// # Errors
/// Those of reading.
pub fn get_event_facts(view: &View<'_>, event: EventId) -> Result<EventFacts, Error> {
    let count = |sql: &str| -> Result<u32, Error> {
        let mut statement = view.connection().prepare_cached(sql)?;
        Ok(statement.query_row([event.to_bytes()], |row| row.get(0))?)
    };
    Ok(EventFacts {
        tickets: count("SELECT count(*) FROM ticket WHERE event = ?1")?,
        admissions: count(
            "SELECT count(*) FROM visit WHERE occasion = ?1 AND verdict = 'admitted'",
        )?,
        devices: count("SELECT count(*) FROM device_option WHERE event = ?1")?,
    })
}
