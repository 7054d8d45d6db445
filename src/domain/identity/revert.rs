//! Taking an import of people back as a whole: who was added goes, who was changed is as before.
//!
//! An import leaves a trace with each person it touched: what it found and what it left, sealed
//! under that person's key. Taking back is refused as a whole while somebody of it has got
//! something since (a face, a ticket, a check-in, a login) or was changed by hand; it then
//! names them. Traces are kept for [`limits::IMPORT_UNDO_MS_MAX`].

use crate::base::cause::Cause;
use crate::base::id::{Id, ImportId, PersonId};
use crate::base::json;
use crate::base::limits;
use crate::base::text::TextError;
use crate::base::time::{Span, Timestamp};
use crate::domain::actor::Role;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::change::{self, Change};
use crate::domain::identity::person::{self, Person};
use crate::domain::site::Call;
use crate::domain::vault::{self, place};
use crate::store::facts::{self, Facts};
use crate::store::imports::{self, ImportRow, ImportedRow};
use crate::store::{Tx, View};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What is said of a person, as an import found or left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    name: String,
    number: Option<String>,
    email: Option<String>,
    class: Option<String>,
}

impl Values {
    /// What is said of a person now.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            number: person.number.clone(),
            email: person.email.clone(),
            class: person.class.clone(),
        }
    }

    /// The change that makes a person as these values again; None: a value is of no form that
    /// the program knows.
    fn restore(&self) -> Option<Change> {
        fn again<T: FromStr<Err = TextError>>(text: Option<&String>) -> Option<Option<T>> {
            text.map(|t| t.parse()).transpose().ok()
        }
        Some(Change {
            name: Some(self.name.parse().ok()?),
            number: Some(again(self.number.as_ref())?),
            email: Some(again(self.email.as_ref())?),
            class: Some(again(self.class.as_ref())?),
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Trace {
    /// None: the person was added.
    before: Option<Values>,
    after: Values,
}

/// Why somebody cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The person has got something since.
    Facts(Facts),
    /// The person was changed, or given a role, since.
    Changed,
}

/// Somebody who stands against taking an import back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Who.
    pub person: PersonId,
    /// What the person is called.
    pub name: String,
    /// Line of the table.
    pub line: u32,
    /// Why.
    pub why: Why,
}

/// Why an import was not taken back.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such import, or its time is over, or it was taken back.
    NoImport,
    /// These people stand against it.
    Objections(Vec<Objection>),
    /// Somebody cannot be as before: the number or the address is another person's by now.
    Person(person::Error),
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl From<person::Error> for Error {
    fn from(error: person::Error) -> Self {
        match error {
            person::Error::Fault(fault) => Self::Fault(fault),
            other @ (person::Error::NoPerson
            | person::Error::LastAdministrator
            | person::Error::NumberTaken
            | person::Error::EmailTaken) => Self::Person(other),
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoImport => Cause::Missing,
            Self::Objections(_) => Cause::Conflict,
            Self::Person(error) => error.cause(),
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoImport => f.write_str("there is no such import that could be taken back"),
            Self::Objections(all) => {
                let people = all.len();
                write!(f, "{people} people of this import have got something since")
            }
            Self::Person(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

fn since(now: Timestamp) -> Timestamp {
    now.plus(Span::from_millis(-limits::IMPORT_UNDO_MS_MAX))
}

/// Begins the trace of an import, and forgets those whose time is over.
///
/// # Errors
/// Those of writing.
pub(super) fn begin(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    created: usize,
    updated: usize,
) -> Result<ImportId, Fault> {
    imports::delete_imports_before(tx, since(call.now.at))?;
    let most = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let row = ImportRow {
        id: call.new_id(),
        at: call.now.at,
        created: most(created),
        updated: most(updated),
    };
    imports::insert_import(tx, &row)?;
    Ok(row.id)
}

fn row_of(import: ImportId, person: PersonId) -> Vec<u8> {
    [import.to_bytes(), person.to_bytes()].concat()
}

/// Notes what an import found of a person, None if it added them; what it left is looked up.
///
/// # Errors
/// Those of sealing, reading and writing.
pub(super) fn note(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    import: ImportId,
    line: u32,
    person: PersonId,
    before: Option<Values>,
) -> Result<(), person::Error> {
    let after = Values::of(&person::find(tx, call, person)?);
    let plain = json::encode(&Trace { before, after }).map_err(|_| Fault::Damaged("import"))?;
    let key = vault::person_key(tx, call.site, person).map_err(person::Error::Fault)?;
    let row = row_of(import, person);
    let trace = vault::seal_value(&key, place::IMPORT, &row, plain.as_bytes(), call.entropy)
        .map_err(person::Error::Fault)?;
    let row = ImportedRow {
        person,
        line,
        trace,
    };
    Ok(imports::insert_imported(tx, import, &row)?)
}

/// The imports that may still be taken back, the newest first, ten at most.
///
/// # Errors
/// The faults; the right is that of adding people.
pub fn list(view: &View<'_>, call: &Call<'_>) -> Result<Vec<ImportRow>, Error> {
    let _may = call.actor.manage_accounts()?;
    Ok(imports::list_imports(view, since(call.now.at), 10)?)
}

/// Somebody of an import, and what is to be done with them.
struct Touched {
    person: Person,
    line: u32,
    trace: Trace,
}

impl Touched {
    fn objection(&self, view: &View<'_>) -> Result<Option<Objection>, Error> {
        let added = self.trace.before.is_none();
        let facts = match added {
            true => facts::get_facts(view, self.person.id)?,
            false => Facts::default(),
        };
        let roled = added && self.person.role != Some(Role::User);
        let why = if !facts.is_empty() {
            Why::Facts(facts)
        } else if roled || Values::of(&self.person) != self.trace.after {
            Why::Changed
        } else {
            return Ok(None);
        };
        Ok(Some(Objection {
            person: self.person.id,
            name: self.person.name.clone(),
            line: self.line,
            why,
        }))
    }
}

fn find(view: &View<'_>, call: &Call<'_>, id: ImportId) -> Result<ImportRow, Error> {
    let row = imports::find_import(view, id)?.ok_or(Error::NoImport)?;
    if row.at < since(call.now.at) {
        return Err(Error::NoImport);
    }
    Ok(row)
}

/// Everybody of an import who is still there: of the erased nothing is left.
fn touched(view: &View<'_>, call: &Call<'_>, id: ImportId) -> Result<Vec<Touched>, Error> {
    let mut all = Vec::new();
    for row in imports::list_imported(view, id)? {
        let key = vault::person_key(view, call.site, row.person)?;
        let at = row_of(id, row.person);
        let text = vault::open_text(&key, place::IMPORT, &at, &row.trace)?;
        let trace = json::decode(text.as_bytes(), text.len());
        all.push(Touched {
            person: person::find(view, call, row.person)?,
            line: row.line,
            trace: trace.map_err(|_| Fault::Damaged("import"))?,
        });
    }
    all.sort_by_key(|t| t.line);
    Ok(all)
}

fn objections(view: &View<'_>, all: &[Touched]) -> Result<Vec<Objection>, Error> {
    let mut found = Vec::new();
    for one in all {
        found.extend(one.objection(view)?);
    }
    Ok(found)
}

/// An import and who stands against taking it back.
///
/// # Errors
/// [`Error::NoImport`], and the faults.
pub fn check(
    view: &View<'_>,
    call: &Call<'_>,
    id: ImportId,
) -> Result<(ImportRow, Vec<Objection>), Error> {
    let _may = call.actor.manage_accounts()?;
    let row = find(view, call, id)?;
    let all = touched(view, call, id)?;
    Ok((row, objections(view, &all)?))
}

/// Takes an import back, or as its own error says nothing of it. Durable once the job's commit
/// is answered.
///
/// # Errors
/// [`Error::NoImport`], [`Error::Objections`], [`Error::Person`], and the faults.
pub fn undo(tx: &Tx<'_>, call: &mut Call<'_>, id: ImportId) -> Result<ImportRow, Error> {
    let _may = call.actor.manage_accounts()?;
    let row = find(tx, call, id)?;
    let all = touched(tx, call, id)?;
    let against = objections(tx, &all)?;
    if !against.is_empty() {
        return Err(Error::Objections(against));
    }
    // Who was added goes first: a number that is given back may be among theirs.
    for one in all.iter().filter(|t| t.trace.before.is_none()) {
        person::erase(tx, call, one.person.id)?;
    }
    for one in &all {
        if let Some(before) = &one.trace.before {
            let back = before.restore().ok_or(Fault::Damaged("import"))?;
            change::change(tx, call, one.person.id, &back)?;
        }
    }
    imports::delete_import(tx, id)?;
    let told = format!("erased {} restored {}", row.created, row.updated);
    let object = format!("import:{id}");
    audit::record(tx, call, Act::PeopleImportUndo, object, Detail::Plain(told))?;
    Ok(row)
}
