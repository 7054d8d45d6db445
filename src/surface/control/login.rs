//! The operator's way in for whoever has lost a password, or has none yet.

use crate::base::cause::Cause;
use crate::base::json;
use crate::base::text::LoginName;
use crate::domain::actor::Role;
use crate::domain::identity::login::Login;
use crate::domain::identity::{account, role};
use crate::domain::surface::Surface;
use crate::surface::control::person::{parse, resolve};
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;

/// Gives a person a login name and the hash of a new password, and ends the person's sessions.
/// Without a name the person keeps the one there is.
pub fn set(
    core: &Core,
    person: &str,
    login: Option<String>,
    hash: &str,
) -> Result<json::Value, Refusal> {
    let id = resolve(core, person)?;
    let kept = core.read(ACTOR, SURFACE, |view, call| {
        account::find_login(view, call, Surface::Native, id)
    })?;
    let text = login.or(kept).ok_or_else(|| {
        Refusal::new(
            Cause::Unprocessable,
            "this person has no login name yet: give one with --login NAME",
        )
    })?;
    let (login, hash) = (parse::<LoginName>("login", &text)?, hash.to_owned());
    core.write(ACTOR, SURFACE, move |tx, call| {
        account::set_login(tx, call, Surface::Native, id, &login, &hash)
    })?;
    Ok(json::json!({ "person": id.to_string(), "login": text }))
}

/// Gives a person a login on an old surface, and the role that holds there: both or neither.
pub fn set_on(
    core: &Core,
    person: &str,
    (surface, held): (Surface, Role),
    name: &str,
    hash: &str,
) -> Result<json::Value, Refusal> {
    let id = resolve(core, person)?;
    let fits = (3..=50).contains(&name.chars().count());
    let login = Login::chosen(name).filter(|_| fits && surface != Surface::Native);
    let login = login.ok_or_else(|| {
        Refusal::new(
            Cause::Unprocessable,
            "a login name there has 3 to 50 characters, none of which looks like another or like nothing",
        )
    })?;
    let hash = hash.to_owned();
    core.write(ACTOR, SURFACE, move |tx, call| -> Result<(), Refusal> {
        account::set_login(tx, call, surface, id, login.clone(), &hash)?;
        Ok(role::give(tx, call, id, surface, held, None)?)
    })?;
    Ok(json::json!({ "person": id.to_string(), "login": name, "surface": surface, "role": held }))
}

/// Gives a person a role on a surface, in the place of the one held there.
pub fn give_role(
    core: &Core,
    person: &str,
    (surface, held): (Surface, Role),
) -> Result<json::Value, Refusal> {
    let id = resolve(core, person)?;
    core.write(ACTOR, SURFACE, move |tx, call| {
        role::give(tx, call, id, surface, held, None)
    })?;
    Ok(json::json!({ "person": id.to_string(), "surface": surface, "role": held }))
}
