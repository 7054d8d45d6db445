//! Whoever has signed in, as the pages greet them.

use crate::base::id::PersonId;
use crate::domain::actor::Actor;
use crate::domain::identity::{name, person};
use crate::http::problem::Problem;
use crate::surface::native::{Caller, Native, SURFACE};

/// Whoever runs the box.
///
/// # Errors
/// 401 for nobody, 403 for everybody else.
pub fn who_runs_the_box(caller: &Caller) -> Result<Actor, Problem> {
    let actor = caller.known()?;
    match actor.manage_settings() {
        Ok(_) => Ok(actor),
        Err(denied) => Err(Problem::new(
            denied.cause(),
            "This page is for administrators.",
        )),
    }
}

/// The person who has signed in.
#[must_use]
pub const fn own_id(caller: &Caller) -> Option<PersonId> {
    match caller.actor {
        Some(Actor::Person { id, .. }) => Some(id),
        Some(Actor::Operator | Actor::Device { .. } | Actor::Key { .. } | Actor::Stranger)
        | None => None,
    }
}

/// How the person who has signed in is greeted; None: nobody has, or it is a device.
///
/// # Errors
/// Those of the box.
pub fn own_name(native: &Native, caller: &Caller) -> Result<Option<String>, Problem> {
    let whole = own_whole_name(native, caller)?;
    Ok(whole.map(|whole| name::greeting(&whole).to_owned()))
}

/// The whole name of the person who has signed in.
///
/// # Errors
/// Those of the box.
pub fn own_whole_name(native: &Native, caller: &Caller) -> Result<Option<String>, Problem> {
    let Some(id) = own_id(caller) else {
        return Ok(None);
    };
    // One's own name is no secret to oneself, whatever one's role: asked as the box.
    let name = native.core.read(Actor::Operator, SURFACE, |view, call| {
        person::shown_name(view, call.site, call.actor, id)
    })?;
    Ok(name)
}
