//! The copy of one person's data: what the box keeps of them, as one text that programs read, too.
//! Whoever it is about may have it, and whoever manages people. Other people's data are left out:
//! of what was done on the person it says which kind of actor did it, not who. The features of the
//! face, the second factor and the texts of mails are named and not given: in a file they would open
//! doors.

use crate::base::id::{EventId, Id, PersonId};
use crate::base::json::{Value, json};
use crate::base::time::Timestamp;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::consent;
use crate::domain::fault::Fault;
use crate::domain::identity::factor;
use crate::domain::identity::person::{self, Error, Person};
use crate::domain::identity::session;
use crate::domain::privacy::claim;
use crate::domain::site::Call;
use crate::domain::surface::Surface;
use crate::domain::trail::Item;
use crate::domain::vault::{self, place};
use crate::store::dossiers::{self, PassedRow};
use crate::store::{Tx, View, devices, events, languages, people};
use std::collections::BTreeMap;

/// The form of the copy, for programs that read it.
pub const FORM: &str = "hadir.person.1";

/// Notes that a copy is made. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub fn begin(tx: &Tx<'_>, call: &mut Call<'_>, id: PersonId) -> Result<(), Error> {
    may(call, id)?;
    let wrapped = people::find_key(tx, id)?;
    if wrapped.is_none() {
        return Err(Error::NoPerson);
    }
    let object = format!("person:{id}");
    audit::record(tx, call, Act::PersonExport, object, Detail::None)?;
    Ok(())
}

/// One's own copy, or anybody's for those who manage people.
fn may(call: &Call<'_>, id: PersonId) -> Result<(), Error> {
    if !call.actor.is_person(id) {
        let _may = call.actor.manage_accounts()?;
    }
    Ok(())
}

/// Everything but what the audit trail tells of the person.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub fn collect(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<Value, Error> {
    may(call, id)?;
    let person = person::find_any(view, call.site, id)?;
    let roles = people::list_roles(view, id)?;
    let face = dossiers::find_face(view, id)?;
    Ok(json!({
        "form": FORM,
        "made_at": call.now.at.to_string(),
        "site": call.site.rules.name,
        "box": call.site.box_id.to_string(),
        "person": profile(&person, languages::find_language(view, id)?),
        "roles": roles.iter().map(|r| json!({"surface": r.surface, "role": r.role, "word": r.word})).collect::<Value>(),
        "logins": logins(view, call, id)?,
        "second_factor": second_factor(view, call, id)?,
        "sessions": sessions(view, call, id)?,
        "consents": consents(view, call, id)?,
        "face": face.map(|(at, pictures)| json!({"enrolled_at": at.to_string(), "pictures": pictures})),
        "requests": requests(view, call, id)?,
        "mails": mails(view, id)?,
        "tickets": tickets(view, id)?,
        "attendance": attendance(view, id)?,
    }))
}

fn profile(person: &Person, language: Option<String>) -> Value {
    json!({
        "id": person.id.to_string(),
        "state": person.state.code(),
        "name": person.name,
        "number": person.number,
        "email": person.email,
        "class": person.class,
        "language": language,
        "created_at": person.created_at.to_string(),
    })
}

fn logins(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<Value, Error> {
    let key = vault::person_key(view, call.site, id).map_err(Error::of)?;
    let mut all = Vec::new();
    for row in dossiers::list_logins(view, id)? {
        let surface = Surface::read(&row.surface).ok_or(Fault::Damaged("surface"))?;
        let at = super::account::row_of(id, surface);
        let login = vault::open_text(&key, place::LOGIN, &at, &row.login)?;
        all.push(json!({
            "surface": row.surface, "login": login, "changed_at": row.changed_at.to_string(),
        }));
    }
    Ok(Value::Array(all))
}

/// Since when there is one, and how many recovery codes are left.
fn second_factor(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<Value, Error> {
    let found = factor::find(view, call, id).map_err(|error| match error {
        factor::Error::Fault(fault) => Error::Fault(fault),
        factor::Error::NoPerson
        | factor::Error::IsOn
        | factor::Error::IsOff
        | factor::Error::WrongCode => Error::NoPerson,
    })?;
    Ok(found.map_or(Value::Null, |standing| {
        json!({"since": standing.since.to_string(), "recovery_codes_left": standing.codes_left})
    }))
}

/// What the person asked for under the law on personal data.
fn requests(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<Value, Error> {
    let all = claim::list(view, call, id).map_err(|error| match error {
        claim::Error::Fault(fault) => Error::Fault(fault),
        claim::Error::NoPerson
        | claim::Error::NoClaim
        | claim::Error::Waits
        | claim::Error::NoReason => Error::NoPerson,
    })?;
    let told = all.iter().map(|one| {
        json!({
            "kind": one.kind.code(), "state": one.state.code(), "note": one.note,
            "answer": one.answer, "made_at": one.made_at.to_string(),
            "due_at": one.due_at.to_string(),
            "closed_at": one.closed_at.map(|at| at.to_string()),
        })
    });
    Ok(told.collect())
}

/// What was written to the person, without the text.
fn mails(view: &View<'_>, id: PersonId) -> Result<Value, Error> {
    let all = dossiers::list_mails(view, id)?;
    let told = all.iter().map(
        |row| json!({"kind": row.kind, "state": row.state, "made_at": row.made_at.to_string()}),
    );
    Ok(told.collect())
}

fn sessions(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<Value, Error> {
    let all = session::list(view, call, id).map_err(|error| match error {
        session::Error::Fault(fault) => Error::Fault(fault),
        session::Error::NoPerson | session::Error::NoSession => Error::NoPerson,
    })?;
    let told = all.iter().map(|one| {
        json!({
            "kind": one.kind.code(), "opened_at": one.opened_at.to_string(),
            "last_used_at": one.seen_at.to_string(), "address": one.address, "browser": one.agent,
        })
    });
    Ok(told.collect())
}

fn consents(view: &View<'_>, call: &Call<'_>, id: PersonId) -> Result<Value, Error> {
    let all = consent::list(view, call, id).map_err(|error| match error {
        consent::Error::Fault(fault) => Error::Fault(fault),
        consent::Error::NoPerson | consent::Error::InForce | consent::Error::NotInForce => {
            Error::NoPerson
        }
    })?;
    let told = all.iter().map(|one| {
        let guardian = one.guardian.as_ref();
        json!({
            "purpose": one.consent.purpose.code(),
            "given_by": one.consent.given_by.code(),
            "guardian": guardian.map(|(name, relation)| json!({"name": name, "relation": relation})),
            "means": one.consent.means.code(),
            "text_version": one.consent.text_version,
            "given_at": one.consent.given_at.to_string(),
            "withdrawn_at": one.consent.withdrawn_at.map(|at| at.to_string()),
        })
    });
    Ok(told.collect())
}

fn tickets(view: &View<'_>, id: PersonId) -> Result<Value, Error> {
    let mut all = Vec::new();
    for row in dossiers::list_held(view, id)? {
        all.push(json!({
            "id": row.id.to_string(),
            "event": event(view, row.event)?,
            "state": row.state,
            "issued_at": row.created_at.to_string(),
        }));
    }
    Ok(Value::Array(all))
}

/// What an event is called.
fn event(view: &View<'_>, id: EventId) -> Result<Option<String>, Error> {
    Ok(events::find_event(view, id)?.map(|event| event.name))
}

fn attendance(view: &View<'_>, id: PersonId) -> Result<Value, Error> {
    let mut rows = dossiers::list_passed(view, id.to_bytes())?;
    for ticket in dossiers::list_held(view, id)? {
        rows.extend(dossiers::list_passed(view, ticket.id.to_bytes())?);
    }
    rows.sort_by_key(|row| row.happened_at);
    let mut names = BTreeMap::new();
    let told = rows.iter().map(|row| passed(view, row, &mut names));
    told.collect::<Result<Value, Error>>()
}

type Names = BTreeMap<String, Option<String>>;

fn passed(view: &View<'_>, row: &PassedRow, names: &mut Names) -> Result<Value, Error> {
    let mut called = |key: String, find: &dyn Fn() -> Result<Option<String>, Error>| {
        if let Some(name) = names.get(&key) {
            return Ok::<_, Error>(name.clone());
        }
        let name = find()?;
        names.insert(key, name.clone());
        Ok(name)
    };
    let of_event = match row.occasion.as_event() {
        Some(id) => called(format!("event:{id}"), &|| event(view, id))?,
        None => None,
    };
    let device = match row.device {
        Some(id) => called(format!("device:{id}"), &|| {
            Ok(devices::find_device(view, id)?.map(|device| device.name))
        })?,
        None => None,
    };
    Ok(json!({
        "at": row.happened_at.to_string(),
        "event": of_event,
        "day": row.occasion.as_day().map(|day| day.to_string()),
        "direction": row.direction,
        "means": row.means,
        "standing": row.standing,
        "device": device,
        "undone": row.undone,
    }))
}

/// Rows of the audit trail about a person, as the copy tells them.
#[must_use]
pub fn deeds(id: PersonId, rows: &[Item]) -> Vec<Value> {
    let own = format!("person:{id}");
    let who = |label: &str| match label == own {
        true => "self".to_owned(),
        false => label.split(':').next().unwrap_or_default().to_owned(),
    };
    let at = |at: Timestamp| at.to_string();
    let told = rows.iter().map(|row| {
        json!({
            "at": at(row.at), "by": who(&row.actor), "act": row.act, "on": who(&row.object),
            "surface": row.surface,
        })
    });
    told.collect()
}
