//! The operator's way in for whoever has lost a password, or has none yet.

use crate::base::cause::Cause;
use crate::base::json;
use crate::base::text::LoginName;
use crate::domain::identity::account;
use crate::domain::surface::Surface;
use crate::surface::control::person::{parse, resolve};
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;

/// Gives a person a login name and the hash of a new password, and ends the person's sessions.
/// Without a name the person keeps the one there is.
pub fn set(
    core: &Core,
    person: &str,
    login: Option<&str>,
    hash: &str,
) -> Result<json::Value, Refusal> {
    let id = resolve(core, person)?;
    let kept = core.read(ACTOR, SURFACE, |view, call| {
        account::find_login(view, call, Surface::Native, id)
    })?;
    let text = login.map(ToOwned::to_owned).or(kept).ok_or_else(|| {
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
