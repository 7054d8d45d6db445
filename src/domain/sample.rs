//! The sample data of the setup: what it was is noted, so that exactly that can go again.

use crate::base::cause::Cause;
use crate::base::id::{EventId, PersonId};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::person;
use crate::domain::site::Call;
use crate::store::facts::{self, EventFacts, Facts};
use crate::store::people::{self, PersonState};
use crate::store::{Tx, View, events, faces, settings, tickets};
use std::fmt;

/// The setting that notes what was made.
const MADE: &str = "sample.made";

/// What ends the name of each sample person.
pub const MARK: &str = "(contoh)";

/// What the setup made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The event.
    pub event: EventId,
    /// The people, each with a ticket to it.
    pub people: Vec<PersonId>,
}

/// Why samples were not removed.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There are none.
    NoSamples,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl From<person::Error> for Error {
    fn from(error: person::Error) -> Self {
        match error {
            person::Error::Fault(fault) => Self::Fault(fault),
            // No sample signs in, so that none is the last administrator.
            person::Error::NoPerson
            | person::Error::LastAdministrator
            | person::Error::NumberTaken
            | person::Error::EmailTaken => Self::NoSamples,
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoSamples => Cause::Missing,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSamples => f.write_str("there is no sample data"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Notes what was made, in the transaction that made it.
///
/// # Errors
/// The faults.
pub fn note(tx: &Tx<'_>, call: &Call<'_>, made: &Made) -> Result<(), Error> {
    let _may = call.actor.manage_settings()?;
    let mut text = made.event.to_string();
    for person in &made.people {
        text.push(' ');
        text.push_str(&person.to_string());
    }
    Ok(settings::insert_setting(
        tx,
        MADE,
        text.as_bytes(),
        call.now.at,
    )?)
}

/// What was made and not removed since.
///
/// # Errors
/// Those of reading.
pub fn find(view: &View<'_>) -> Result<Option<Made>, Error> {
    let Some(kept) = settings::find_setting(view, MADE)? else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&kept).map_err(|_| Fault::Damaged("sample"))?;
    let mut ids = text.split(' ');
    let event = ids.next().and_then(|id| id.parse().ok());
    let people: Result<Vec<PersonId>, _> = ids.map(str::parse).collect();
    match (event, people) {
        (Some(event), Ok(people)) => Ok(Some(Made { event, people })),
        _ => Err(Fault::Damaged("sample").into()),
    }
}

/// A sample person as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The name.
    pub name: String,
    /// It is not the name of a sample any more.
    pub renamed: bool,
    /// What has come to the person; the sample's own ticket is not counted.
    pub facts: Facts,
}

/// What would go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Going {
    /// The event's name, if it is still there.
    pub event: Option<String>,
    /// The people who are still there.
    pub people: Vec<Sample>,
    /// What is attached to the event; the samples' own tickets are not counted.
    pub attached: EventFacts,
}

impl Going {
    /// Nothing but what the setup made.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        let bare = |sample: &Sample| sample.facts.is_empty() && !sample.renamed;
        self.people.iter().all(bare) && self.attached == EventFacts::default()
    }
}

/// What removing the samples would take away.
///
/// # Errors
/// [`Error::NoSamples`], and the faults.
pub fn look(view: &View<'_>, call: &Call<'_>) -> Result<Going, Error> {
    let _may = call.actor.manage_people()?;
    let made = find(view)?.ok_or(Error::NoSamples)?;
    let mut going = Going {
        event: events::find_event(view, made.event)?.map(|e| e.name),
        people: Vec::new(),
        attached: facts::get_event_facts(view, made.event)?,
    };
    for id in made.people {
        let own = tickets::list_of_holder(view, made.event, id)?.len();
        let own = u32::try_from(own).unwrap_or(u32::MAX);
        going.attached.tickets = going.attached.tickets.saturating_sub(own);
        if !is_there(view, id)? {
            continue;
        }
        let person = person::find(view, call, id)?;
        let mut facts = facts::get_facts(view, id)?;
        facts.tickets = facts.tickets.saturating_sub(own);
        going.people.push(Sample {
            renamed: !person.name.ends_with(MARK),
            name: person.name,
            facts,
        });
    }
    Ok(going)
}

fn is_there(view: &View<'_>, person: PersonId) -> Result<bool, Error> {
    let state = people::find_state(view, person)?;
    Ok(state.is_some_and(|state| state != PersonState::Erased))
}

/// Removes the samples with all that is attached to them: the people are erased, event and
/// tickets deleted. Decisions of the door stay and name nobody. Durable once the job's commit is
/// answered.
///
/// # Errors
/// [`Error::NoSamples`], and the faults.
pub fn remove(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<(), Error> {
    let _may = call.actor.manage_people()?;
    let _may = call.actor.manage_events()?;
    let made = find(tx)?.ok_or(Error::NoSamples)?;
    for id in made.people {
        if is_there(tx, id)? {
            person::erase(tx, call, id)?;
        }
    }
    events::delete_event(tx, made.event)?;
    faces::update_gallery_version(tx)?;
    settings::delete_setting(tx, MADE)?;
    let object = format!("event:{}", made.event);
    audit::record(tx, call, Act::SamplesRemove, object, Detail::None)?;
    Ok(())
}
