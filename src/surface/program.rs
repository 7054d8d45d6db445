//! Programs that call with a key of their own.

use crate::base::cause::Cause;
use crate::domain::api_key::{self, PREFIX};
use crate::http::problem::Problem;
use crate::http::request::Head;
use crate::surface::native::{Caller, Native, SURFACE};

/// The text of a key that a request brings along, if it brings one.
#[must_use]
pub fn key_of(head: &Head) -> Option<&str> {
    head.bearer().filter(|token| token.starts_with(PREFIX))
}

/// Fills in the program whose key this is.
///
/// # Errors
/// 401 `wrong_key` for one that is not in force; those of the box.
pub fn identify(native: &Native, text: &str, caller: &mut Caller) -> Result<(), Problem> {
    let core = &native.core;
    let (site, now) = (core.site(), core.clock.stamp().at);
    let found = (core.store).read(|view| api_key::find(view, &site, text, now))?;
    let Some(key) = found else {
        let message = "This key is not in force: it was revoked, rotated, or has ended.";
        return Err(Problem::new(Cause::Unauthenticated, message).with_code("wrong_key"));
    };
    caller.actor = Some(key.actor());
    caller.key = Some(key.id);
    if key.is_stale(now) {
        core.write(key.actor(), SURFACE, move |tx, call| {
            api_key::note_seen(tx, call, key.id)
        })?;
    }
    Ok(())
}

/// A key opens the interface, no page.
///
/// # Errors
/// 401.
pub fn stays_within(caller: &Caller, head: &Head) -> Result<(), Problem> {
    match caller.key.is_some() && !head.path.starts_with("/api/") {
        true => Err(caller.stranger()),
        false => Ok(()),
    }
}
