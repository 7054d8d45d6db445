//! Importing people from a table: first a plan that writes nothing, then, in one transaction,
//! all of it. A line whose number or e-mail address is known on the box changes that person;
//! another one adds a person. An empty cell leaves what the box knows.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::word::words;
use crate::domain::actor::Role;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::change::{self, Change};
use crate::domain::identity::column::{Doubt, Draft, Field, Row, Trouble};
use crate::domain::identity::person::{self, Person, Profile};
use crate::domain::identity::revert::{self, Values};
use crate::domain::site::{Call, Site};
use crate::store::{Tx, View};
use std::collections::HashMap;
use std::fmt;

/// What becomes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A person is added.
    Create(Row),
    /// This person is changed, in these fields.
    Update(PersonId, Change, Vec<Field>),
    /// The box knows all of it.
    Unchanged(PersonId),
    /// Nothing: this is wrong with it.
    Skipped(Vec<Trouble>),
}

/// A line and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Line of the file, from 1.
    pub line: u32,
    /// The name as written there.
    pub name: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What somebody should look at.
    pub doubts: Vec<Doubt>,
}

/// How many lines come to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// People added.
    pub create: usize,
    /// People changed.
    pub update: usize,
    /// Lines that say nothing new.
    pub unchanged: usize,
    /// Lines left out.
    pub skipped: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "create {} update {} unchanged {} skipped {}",
            self.create, self.update, self.unchanged, self.skipped
        )
    }
}

/// What an import would do, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// In the order of the file.
    pub steps: Vec<Step>,
}

impl Plan {
    /// How many lines come to what.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in &self.steps {
            match step.outcome {
                Outcome::Create(_) => counts.create += 1,
                Outcome::Update(..) => counts.update += 1,
                Outcome::Unchanged(_) => counts.unchanged += 1,
                Outcome::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }
}

words! {
    /// What is done when some lines cannot be imported.
    Extent {
        /// Nothing is imported then.
        All => "all",
        /// The others are imported.
        Valid => "valid",
    }
}

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// Some lines cannot be imported, and all were to be: how many.
    Lines(usize),
    /// The plan is not any more what was looked at: people have changed meanwhile.
    Changed,
    /// Adding or changing somebody was refused: in which line, and why.
    Person(u32, person::Error),
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Lines(_) => Cause::Unprocessable,
            Self::Changed => Cause::Conflict,
            Self::Person(_, error) => error.cause(),
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines(n) => write!(f, "{n} lines cannot be imported; nothing was"),
            Self::Changed => f.write_str("people have changed meanwhile: look at the plan again"),
            Self::Person(line, error) => write!(f, "line {line}: {error}"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// What an import of these lines would do. Writes nothing.
///
/// # Errors
/// The faults; the right is that of adding people.
pub fn plan(view: &View<'_>, call: &Call<'_>, drafts: &[Draft]) -> Result<Plan, Error> {
    let _may = call.actor.manage_people()?;
    let mut steps = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let outcome = match &draft.row {
            Ok(row) => outcome(view, call, draft.line, row)?,
            Err(troubles) => Outcome::Skipped(troubles.clone()),
        };
        steps.push(Step {
            line: draft.line,
            name: draft.name.clone(),
            outcome,
            doubts: draft.doubts.clone(),
        });
    }
    mark_same_person(&mut steps);
    Ok(Plan { steps })
}

fn outcome(view: &View<'_>, call: &Call<'_>, line: u32, row: &Row) -> Result<Outcome, Error> {
    let known = match known(view, call.site, row).map_err(|e| at(line, e))? {
        Known::Nobody => return Ok(Outcome::Create(row.clone())),
        Known::Two => return Ok(Outcome::Skipped(vec![Trouble::TwoPeople])),
        Known::One(person) => person::find(view, call, person).map_err(|e| at(line, e))?,
    };
    let (change, fields) = difference(&known, row);
    Ok(if fields.is_empty() {
        Outcome::Unchanged(known.id)
    } else {
        Outcome::Update(known.id, change, fields)
    })
}

/// A refusal of one line; what is no refusal stays what it is.
fn at(line: u32, error: person::Error) -> Error {
    match error {
        person::Error::Fault(fault) => Error::Fault(fault),
        error @ (person::Error::NoPerson
        | person::Error::LastAdministrator
        | person::Error::NumberTaken
        | person::Error::EmailTaken) => Error::Person(line, error),
    }
}

enum Known {
    Nobody,
    One(PersonId),
    Two,
}

fn known(view: &View<'_>, site: &Site, row: &Row) -> Result<Known, person::Error> {
    let number = (row.number.as_ref()).map(|n| person::find_by_number(view, site, n));
    let email = (row.email.as_ref()).map(|e| person::find_by_email(view, site, e));
    let both = (number.transpose()?.flatten(), email.transpose()?.flatten());
    Ok(match both {
        (None, None) => Known::Nobody,
        (Some(a), Some(b)) if a != b => Known::Two,
        (Some(person), _) | (None, Some(person)) => Known::One(person),
    })
}

fn difference(known: &Person, row: &Row) -> (Change, Vec<Field>) {
    let (mut change, mut fields) = (Change::default(), Vec::new());
    if known.name != row.name.as_str() {
        change.name = Some(row.name.clone());
        fields.push(Field::Name);
    }
    let new = |field, told: Option<&str>, known: Option<&str>, fields: &mut Vec<Field>| {
        let differs = told.is_some() && told != known;
        if differs {
            fields.push(field);
        }
        differs
    };
    let told = row.number.as_ref().map(|n| n.as_str());
    if new(Field::Number, told, known.number.as_deref(), &mut fields) {
        change.number = Some(row.number.clone());
    }
    let told = row.email.as_ref().map(|e| e.as_str());
    if new(Field::Email, told, known.email.as_deref(), &mut fields) {
        change.email = Some(row.email.clone());
    }
    let told = row.class.as_ref().map(|c| c.as_str());
    if new(Field::Class, told, known.class.as_deref(), &mut fields) {
        change.class = Some(row.class.clone());
    }
    (change, fields)
}

/// Two lines about one person of the box, one by number and one by address: neither counts.
fn mark_same_person(steps: &mut [Step]) {
    let person = |step: &Step| match &step.outcome {
        Outcome::Update(person, ..) | Outcome::Unchanged(person) => Some(*person),
        Outcome::Create(_) | Outcome::Skipped(_) => None,
    };
    let mut lines: HashMap<PersonId, Vec<u32>> = HashMap::new();
    for step in &*steps {
        if let Some(person) = person(step) {
            lines.entry(person).or_default().push(step.line);
        }
    }
    for step in steps {
        let same = person(step).and_then(|p| lines.get(&p));
        let other = same.and_then(|l| l.iter().find(|line| **line != step.line));
        if let Some(other) = other {
            step.outcome = Outcome::Skipped(vec![Trouble::SamePerson(*other)]);
        }
    }
}

/// Imports these lines, or as its own error says nothing. `seen` are the counts of the plan
/// that somebody looked at; None: nobody did. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::Lines`], [`Error::Changed`], [`Error::Person`], and the faults.
pub fn apply(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    drafts: &[Draft],
    extent: Extent,
    seen: Option<Counts>,
) -> Result<Counts, Error> {
    let plan = plan(tx, call, drafts)?;
    let counts = plan.counts();
    if extent == Extent::All && counts.skipped > 0 {
        return Err(Error::Lines(counts.skipped));
    }
    if seen.is_some_and(|seen| seen != counts) {
        return Err(Error::Changed);
    }
    let import = match counts.create + counts.update {
        0 => None,
        _ => Some(revert::begin(tx, call, counts.create, counts.update)?),
    };
    for step in &plan.steps {
        let taken = take(tx, call, &step.outcome).map_err(|e| at(step.line, e))?;
        if let (Some(import), Some((person, before))) = (import, taken) {
            revert::note(tx, call, import, step.line, person, before)
                .map_err(|e| at(step.line, e))?;
        }
    }
    let object = format!("people: {counts}");
    audit::record(tx, call, Act::PeopleImport, object, Detail::None)?;
    Ok(counts)
}

/// Does what a line comes to. Whom it touched and what it found of them; None: nobody.
fn take(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    outcome: &Outcome,
) -> Result<Option<(PersonId, Option<Values>)>, person::Error> {
    Ok(match outcome {
        Outcome::Create(row) => {
            let profile = Profile {
                name: row.name.clone(),
                number: row.number.clone(),
                email: row.email.clone(),
                class: row.class.clone(),
                role: Role::User,
            };
            Some((person::add(tx, call, &profile)?, None))
        }
        Outcome::Update(person, change, _) => {
            let before = Values::of(&person::find(tx, call, *person)?);
            change::change(tx, call, *person, change)?;
            Some((*person, Some(before)))
        }
        Outcome::Unchanged(_) | Outcome::Skipped(_) => None,
    })
}
