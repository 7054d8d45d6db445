//! What happened at an occasion, for the desk and for lists: the decisions, newest first, with
//! the names that the reader may see, and the numbers.

use crate::base::id::{Id, Nonce, PersonId};
use crate::base::limits;
use crate::base::time::{Span, Timestamp};
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::error::Error;
use crate::domain::checkin::request::Occasion;
use crate::domain::fault::Fault;
use crate::domain::site::Call;
use crate::store::View;
use crate::store::{tallies, visits};

/// The stretch of time of one bar: ten minutes.
const STRETCH: Span = Span::from_millis(600_000);

/// A decision in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The decision.
    pub decision: Decision,
    /// Whether it was undone since.
    pub undone: bool,
}

/// A page of an occasion's decisions, newest first, from before a sequence number; None: from
/// the newest.
///
/// # Errors
/// The faults.
pub fn visits(
    view: &View<'_>,
    call: &Call<'_>,
    occasion: Occasion,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Listed>, Error> {
    let _may = call.actor.attend()?;
    let limit = limit.min(limits::LIST_ROWS_MAX);
    let before = before.unwrap_or(u64::MAX);
    let rows = visits::list_latest(view, &occasion.key(), before, limit)?;
    let listed = rows.iter().map(|stored| {
        let decision = Decision::from_row(stored.seq, &stored.row);
        Ok(Listed {
            decision: decision.ok_or(Fault::Damaged("visit"))?,
            undone: stored.undone,
        })
    });
    listed.collect()
}

/// A passage of a subject, with who of the staff saw to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The admission.
    pub decision: Decision,
    /// Who asked for it; None: a device alone.
    pub staff: Option<PersonId>,
}

/// The admissions of whoever a decision is about, at its occasion, the last first; without the
/// decision itself and what was undone.
///
/// # Errors
/// [`Error::NoVisit`], and the faults.
pub fn earlier(view: &View<'_>, call: &Call<'_>, nonce: Nonce) -> Result<Vec<Earlier>, Error> {
    let _may = call.actor.attend()?;
    let own = visits::find_visit(view, nonce)?.ok_or(Error::NoVisit)?;
    let ticket = own.row.ticket.map(Id::to_bytes);
    let Some(subject) = ticket.or(own.row.person.map(Id::to_bytes)) else {
        return Ok(Vec::new());
    };
    let limit = limits::EARLIER_VISITS_MAX;
    let rows = visits::list_admissions(view, &own.row.occasion, subject, limit)?;
    let others = rows.iter().filter(|stored| stored.seq != own.seq);
    let read = others.map(|stored| {
        let decision = Decision::from_row(stored.seq, &stored.row);
        Ok(Earlier {
            decision: decision.ok_or(Fault::Damaged("visit"))?,
            staff: visits::find_staff(view, stored.seq)?,
        })
    });
    read.collect()
}

/// The numbers of an occasion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tickets in force; None: a day of attendance has none.
    pub expected: Option<u32>,
    /// Inside now.
    pub inside: u32,
    /// Let in, each once.
    pub admitted: u32,
    /// Decisions that let nobody in.
    pub refused: u32,
    /// Entries in each ten minutes in which there were any, oldest first, at most a day's.
    pub per_ten_minutes: Vec<(Timestamp, u32)>,
}

/// Counts an occasion.
///
/// # Errors
/// The faults.
pub fn counts(view: &View<'_>, call: &Call<'_>, occasion: Occasion) -> Result<Counts, Error> {
    let _may = call.actor.attend()?;
    let key = occasion.key();
    let expected = match occasion {
        Occasion::Event(event) => Some(tallies::get_tickets_in_force(view, event)?),
        Occasion::Daily(_) => None,
    };
    let (inside, admitted) = tallies::get_presence(view, &key)?;
    Ok(Counts {
        expected,
        inside,
        admitted,
        refused: tallies::get_refused(view, &key)?,
        per_ten_minutes: tallies::list_entries_by_time(view, &key, STRETCH.as_millis(), 144)?,
    })
}
