//! The audit trail read back: who did what, when, on what. Details that are sealed are opened for
//! whoever may read the trail, as long as the person they tell of is there; an export has none of
//! them, because it outlives the erasure of a person.

use crate::base::id::{DeviceId, PersonId};
use crate::base::limits;
use crate::base::time::{ClockState, Timestamp};
use crate::base::word::words;
use crate::crypto::keyring::Purpose;
use crate::crypto::seal;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::Fault;
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::audit::{ChainEnd, head};
use crate::store::trail::{self, Filter, Row};
use crate::store::{self, Tx, View};

/// Whose deeds, and what was done on whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A person.
    Person(PersonId),
    /// A device.
    Device(DeviceId),
}

/// Which rows; None: whatever it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only this deed.
    pub act: Option<Act>,
    /// Only what this one did, or what was done on it.
    pub subject: Option<Subject>,
    /// Only from this instant on.
    pub from: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
}

impl Wanted {
    fn label(&self) -> Option<String> {
        self.subject.map(|subject| match subject {
            Subject::Person(id) => format!("person:{id}"),
            Subject::Device(id) => format!("device:{id}"),
        })
    }

    fn filter<'a>(&self, label: Option<&'a str>) -> Filter<'a> {
        Filter {
            act: self.act.map(Act::code),
            subject: label,
            from: self.from,
            until: self.until,
        }
    }
}

/// What a row tells besides who, when, what and on what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Nothing.
    Nothing,
    /// Words and numbers that need no seal.
    Plain(String),
    /// What was sealed, opened.
    Opened(String),
    /// What was sealed; whom it told of is erased, or it is not opened here.
    Sealed,
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number in the chain, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Whether that time may be believed.
    pub clock: ClockState,
    /// Who: a kind and perhaps an id.
    pub actor: String,
    /// Through which surface.
    pub surface: String,
    /// By which request; empty: by none.
    pub request: String,
    /// What, by the word of the chain.
    pub act: String,
    /// On what: a kind and perhaps an id.
    pub object: String,
    /// More.
    pub told: Told,
    /// The link of the chain.
    pub link: [u8; 32],
}

/// A page of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub items: Vec<Item>,
    /// Before which number the next page begins; None: nothing is left.
    pub next: Option<u64>,
}

words! {
    /// The form of an export.
    Form {
        /// A table for spreadsheets.
        Csv => "csv",
        /// A line of JSON for each row.
        Ndjson => "ndjson",
    }
}

/// A page of the rows that are wanted, newest first, from before a number; None: from the newest.
/// It looks at a bounded stretch of the chain, so it may have fewer rows than asked for, or none,
/// and still a next page.
///
/// # Errors
/// The faults.
pub fn list(
    view: &View<'_>,
    call: &Call<'_>,
    wanted: &Wanted,
    before: Option<u64>,
    limit: u32,
) -> Result<Page, Fault> {
    let _may = call.actor.read_audit()?;
    let limit = limit.min(limits::LIST_ROWS_MAX);
    let before = before.map_or_else(|| Ok::<_, Fault>(head(view)?.count + 1), Ok)?;
    let floor = before.saturating_sub(limits::AUDIT_LOOKED_ROWS_MAX).max(1);
    let label = wanted.label();
    let filter = wanted.filter(label.as_deref());
    let rows = trail::list_newest(view, filter, floor, before, limit)?;
    let full = u32::try_from(rows.len()).is_ok_and(|n| n >= limit);
    let reached = match rows.last() {
        Some(row) if full => row.seq,
        Some(_) | None => floor,
    };
    let items = rows.into_iter().map(|row| item(view, call.site, row));
    Ok(Page {
        items: items.collect::<Result<_, _>>()?,
        next: (reached > 1).then_some(reached),
    })
}

/// The chain's end: how many rows there are, and the last link.
///
/// # Errors
/// The faults.
pub fn end(view: &View<'_>, call: &Call<'_>) -> Result<ChainEnd, Fault> {
    let _may = call.actor.read_audit()?;
    Ok(head(view)?)
}

/// Begins an export, which stands in the trail itself; gives the number of the last row that
/// belongs to it, which is its own.
///
/// # Errors
/// The faults.
pub fn begin_export(tx: &Tx<'_>, call: &mut Call<'_>, form: Form) -> Result<u64, Fault> {
    let _may = call.actor.read_audit()?;
    let told = Detail::Plain(form.code().to_owned());
    audit::record(tx, call, Act::AuditExport, "audit".to_owned(), told)?;
    Ok(head(tx)?.count)
}

/// The rows that are wanted among those with numbers from `first` to `last`, oldest first, with
/// what is sealed left out.
///
/// # Errors
/// The faults.
pub fn export(
    view: &View<'_>,
    call: &Call<'_>,
    wanted: &Wanted,
    first: u64,
    last: u64,
) -> Result<Vec<Item>, Fault> {
    let _may = call.actor.read_audit()?;
    let label = wanted.label();
    let filter = wanted.filter(label.as_deref());
    let rows = trail::list_oldest(view, filter, first, last)?;
    Ok(rows.into_iter().map(|row| shape(row, closed)).collect())
}

/// The rows about a person, or of what the person did, among those with numbers from `first` to
/// `last`, oldest first, with what is sealed left out: for the person, and for those who manage
/// people.
///
/// # Errors
/// The faults.
pub fn about(
    view: &View<'_>,
    call: &Call<'_>,
    person: PersonId,
    first: u64,
    last: u64,
) -> Result<Vec<Item>, Fault> {
    if !call.actor.is_person(person) {
        let _may = call.actor.manage_accounts()?;
    }
    let label = format!("person:{person}");
    let filter = Filter {
        subject: Some(&label),
        ..Filter::default()
    };
    let rows = trail::list_oldest(view, filter, first, last)?;
    Ok(rows.into_iter().map(|row| shape(row, closed)).collect())
}

fn shape(row: Row, told: impl Fn(&Row) -> Told) -> Item {
    let told = told(&row);
    let entry = row.entry;
    let (surface, request) = entry.origin.split_once(' ').unwrap_or((&entry.origin, ""));
    Item {
        seq: row.seq,
        at: entry.at,
        clock: entry.clock,
        surface: surface.to_owned(),
        request: request.to_owned(),
        actor: entry.actor,
        act: entry.act,
        object: entry.object,
        told,
        link: row.link,
    }
}

fn closed(row: &Row) -> Told {
    let detail = &row.entry.detail;
    if detail.is_empty() {
        return Told::Nothing;
    }
    if seal::is_envelope(detail) {
        return Told::Sealed;
    }
    Told::Plain(String::from_utf8_lossy(detail).into_owned())
}

fn item(view: &View<'_>, site: &Site, row: Row) -> Result<Item, Fault> {
    let told = match closed(&row) {
        Told::Sealed => open(view, site, &row)?,
        other @ (Told::Nothing | Told::Plain(_) | Told::Opened(_)) => other,
    };
    Ok(shape(row, |_| told.clone()))
}

/// Opens what was sealed under the key of the person that the row is about, or under the audit's.
fn open(view: &View<'_>, site: &Site, row: &Row) -> Result<Told, Fault> {
    let (object, detail) = (row.entry.object.as_str(), &row.entry.detail);
    let opened = |key: &_| vault::open_text(key, place::AUDIT, object.as_bytes(), detail).ok();
    let person = object
        .strip_prefix("person:")
        .and_then(|id| id.parse().ok());
    if let Some(person) = person {
        match vault::person_key(view, site, person) {
            Ok(key) => {
                if let Some(text) = opened(&key) {
                    return Ok(Told::Opened(text));
                }
            }
            Err(Fault::Store(store::Error::Missing(_))) => {}
            Err(other) => return Err(other),
        }
    }
    let key = site.keyring.purpose(Purpose::AuditDetail);
    Ok(opened(key).map_or(Told::Sealed, Told::Opened))
}
