//! What happened at an occasion, for the desk and for lists: the decisions, newest first, with
//! the names that the reader may see, and the numbers.

use crate::base::id::{DeviceId, Id, Nonce, PersonId};
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::error::Error;
use crate::domain::checkin::request::Occasion;
use crate::domain::checkin::tally::Tally;
use crate::domain::fault::Fault;
use crate::domain::site::Call;
use crate::store::View;
use crate::store::tallies::{self, Entries};
use crate::store::verdicts::VisitFilter;
use crate::store::visits::{self, StoredVisit};
use crate::store::{devices, events};
use std::collections::BTreeMap;

/// Bars, most: a day's.
const BARS_MAX: usize = 144;

/// A decision in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The decision.
    pub decision: Decision,
    /// Whether it was undone since.
    pub undone: bool,
}

impl Listed {
    /// A kept decision.
    pub(in crate::domain::checkin) fn of(stored: &StoredVisit) -> Result<Self, Error> {
        let decision = Decision::from_row(stored.seq, &stored.row);
        Ok(Self {
            decision: decision.ok_or(Fault::Damaged("visit"))?,
            undone: stored.undone,
        })
    }
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
    let all = VisitFilter::default();
    let rows = visits::list_latest(view, &occasion.key(), all, before, limit)?;
    rows.iter().map(Listed::of).collect()
}

/// A passage of a subject, with who of the staff saw to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The admission.
    pub decision: Decision,
    /// Who asked for it; None: a device alone.
    pub staff: Option<PersonId>,
}

/// Whom a decision is about, and their admissions at its occasion, the last first; without the
/// decision itself and what was undone.
///
/// # Errors
/// [`Error::NoVisit`], and the faults.
pub fn earlier(
    view: &View<'_>,
    call: &Call<'_>,
    nonce: Nonce,
) -> Result<(Option<PersonId>, Vec<Earlier>), Error> {
    let _may = call.actor.attend()?;
    let own = visits::find_visit(view, nonce)?.ok_or(Error::NoVisit)?;
    let ticket = own.row.ticket.map(Id::to_bytes);
    let Some(subject) = ticket.or(own.row.person.map(Id::to_bytes)) else {
        return Ok((None, Vec::new()));
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
    Ok((own.row.person, read.collect::<Result<_, Error>>()?))
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
    /// Entries by the gate of the device, or its name where it stands at none; None: by staff on
    /// a page of their own. Most first.
    pub per_gate: Vec<(Option<String>, u32)>,
}

/// Counts an occasion.
///
/// # Errors
/// The faults.
pub fn counts(view: &View<'_>, call: &Call<'_>, occasion: Occasion) -> Result<Counts, Error> {
    counts_on(view, call, occasion, &mut Tally::default())
}

/// Counts an occasion on from what was counted of it before.
///
/// # Errors
/// The faults.
pub fn counts_on(
    view: &View<'_>,
    call: &Call<'_>,
    occasion: Occasion,
    tally: &mut Tally,
) -> Result<Counts, Error> {
    let _may = call.actor.attend()?;
    let key = occasion.key();
    tally.follow(view, &key)?;
    let (expected, (inside, admitted)) = match occasion {
        Occasion::Event(event) => {
            let expected = tallies::get_tickets_in_force(view, event)?;
            let row = events::find_event(view, event)?;
            let standing = row.map(|row| (row.inside, row.admitted));
            (Some(expected), standing.unwrap_or_default())
        }
        Occasion::Daily(_) => (None, tallies::get_presence(view, &key)?),
    };
    let entries = tally.entries();
    Ok(Counts {
        expected,
        inside,
        admitted,
        refused: tally.refused(),
        per_ten_minutes: by_time(&entries),
        per_gate: by_gate(view, &entries)?,
    })
}

/// Entries by time alone: the last day's.
fn by_time(entries: &[Entries]) -> Vec<(Timestamp, u32)> {
    let mut bars: Vec<(Timestamp, u32)> = Vec::new();
    for one in entries {
        match bars.last_mut().filter(|(from, _)| *from == one.from) {
            Some((_, count)) => *count = count.saturating_add(one.entries),
            None => bars.push((one.from, one.entries)),
        }
    }
    bars.split_off(bars.len().saturating_sub(BARS_MAX))
}

/// Entries by gate, most first.
fn by_gate(view: &View<'_>, entries: &[Entries]) -> Result<Vec<(Option<String>, u32)>, Error> {
    let mut devices: BTreeMap<Option<DeviceId>, u32> = BTreeMap::new();
    for one in entries {
        let count = devices.entry(one.device).or_default();
        *count = count.saturating_add(one.entries);
    }
    let mut gates: BTreeMap<Option<String>, u32> = BTreeMap::new();
    for (device, entries) in devices {
        let row = match device {
            Some(id) => devices::find_device(view, id)?,
            None => None,
        };
        let count = gates
            .entry(row.map(|r| r.gate.unwrap_or(r.name)))
            .or_default();
        *count = count.saturating_add(entries);
    }
    let mut all: Vec<_> = gates.into_iter().collect();
    all.sort_by_key(|(_, entries)| std::cmp::Reverse(*entries));
    Ok(all)
}
