//! Commands on people.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::json;
use crate::base::limits;
use crate::base::text::IdNumber;
use crate::domain::actor::Role;
use crate::domain::identity::person::{self, Person, Profile};
use crate::domain::merge;
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::copy;
use crate::surface::core::Core;
use std::fmt::Display;
use std::str::FromStr;

/// What was typed about a person.
pub struct Texts {
    /// The name.
    pub name: String,
    /// The number.
    pub number: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The class.
    pub class: Option<String>,
}

/// Parses an input of the operator.
pub fn parse<T: FromStr<Err: Display>>(what: &str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|e| Refusal::invalid(what, e))
}

fn parse_some<T: FromStr<Err: Display>>(
    what: &str,
    text: Option<&String>,
) -> Result<Option<T>, Refusal> {
    text.map(|t| parse(what, t)).transpose()
}

/// The person with this id or number.
pub fn resolve(core: &Core, text: &str) -> Result<PersonId, Refusal> {
    if let Ok(id) = text.parse::<PersonId>() {
        return Ok(id);
    }
    let number: IdNumber = parse("person", text)?;
    let found = core.read(ACTOR, SURFACE, |view, call| {
        person::find_by_number(view, call.site, &number)
    })?;
    found.ok_or_else(|| {
        Refusal::new(
            Cause::Missing,
            format_args!("nobody has the id or number {text}"),
        )
    })
}

/// Adds a person.
pub fn add(core: &Core, texts: &Texts, role: Role) -> Result<json::Value, Refusal> {
    let profile = Profile {
        name: parse("name", &texts.name)?,
        number: parse_some("number", texts.number.as_ref())?,
        email: parse_some("e-mail", texts.email.as_ref())?,
        class: parse_some("class", texts.class.as_ref())?,
        role,
    };
    let id = core.write(ACTOR, SURFACE, move |tx, call| {
        person::add(tx, call, &profile)
    })?;
    Ok(json::json!({"person": id}))
}

fn shown(person: &Person) -> json::Value {
    json::json!({
        "person": person.id,
        "name": person.name,
        "number": person.number,
        "email": person.email,
        "class": person.class,
        "role": person.role,
        "state": person.state,
        "face_pictures": person.face_pictures,
        "created_at": person.created_at.to_string(),
    })
}

/// Lists all people.
pub fn list(core: &Core) -> Result<json::Value, Refusal> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = core.read(ACTOR, SURFACE, |view, call| {
            person::list(view, call, after, limits::LIST_ROWS_MAX)
        })?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        all.extend(page.iter().map(shown));
    }
    Ok(json::json!({"people": all}))
}

/// Erases a person; the pages that held the data are overwritten before this returns.
pub fn erase(core: &Core, text: &str) -> Result<json::Value, Refusal> {
    let id = resolve(core, text)?;
    let clean = core.erase(ACTOR, SURFACE, id)?;
    Ok(json::json!({"person": id, "erased": true, "log_emptied": clean}))
}

/// Everything that is kept of a person.
pub fn export(core: &Core, text: &str) -> Result<json::Value, Refusal> {
    let id = resolve(core, text)?;
    Ok(copy::make(core, ACTOR, SURFACE, id)?)
}

/// Lets a person take part, or not any more.
pub fn enable(core: &Core, text: &str, enabled: bool) -> Result<json::Value, Refusal> {
    let id = resolve(core, text)?;
    core.write(ACTOR, SURFACE, move |tx, call| {
        person::set_enabled(tx, call, id, enabled)
    })?;
    Ok(json::json!({"person": id, "enabled": enabled}))
}

/// Merges an entry into another one; the pages that held it are overwritten before this returns.
pub fn merge(core: &Core, from: &str, into: &str) -> Result<json::Value, Refusal> {
    let (from, into) = (resolve(core, from)?, resolve(core, into)?);
    core.write(ACTOR, SURFACE, move |tx, call| {
        merge::merge(tx, call, from, into)
    })?;
    core.tallies.forget();
    let clean = core.empty_log(SURFACE);
    Ok(json::json!({"person": into, "merged": from, "log_emptied": clean}))
}
