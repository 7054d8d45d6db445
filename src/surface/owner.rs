//! Whether a password is that of whoever has signed in, asked again before something that matters:
//! whoever finds an open session must not change the lock.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::secret::Secret;
use crate::domain::actor::Actor;
use crate::domain::identity::account;
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::surface::native::{Caller, Native, SURFACE};

/// The name by which the caller signs in, and whether `password` is theirs.
///
/// # Errors
/// 401 for nobody, 403 for a device; those of the box.
pub fn is_own(native: &Native, caller: &Caller, password: &str) -> Result<(String, bool), Problem> {
    let Actor::Person { id, .. } = caller.known()? else {
        return Err(Problem::new(Cause::Forbidden, "Only for people."));
    };
    let Some((login, hash)) = stored(native, caller, id)? else {
        return Ok((String::new(), false));
    };
    let typed = Secret::new(password.to_owned());
    let matches = native.passwords.verify(&typed, hash.expose());
    Ok((login, matches.is_ok_and(|verdict| verdict.matches)))
}

/// The name by which the caller signs in; empty: the caller does not.
///
/// # Errors
/// 401 for nobody, 403 for a device; those of the box.
pub fn login(native: &Native, caller: &Caller) -> Result<String, Problem> {
    let Actor::Person { id, .. } = caller.known()? else {
        return Err(Problem::new(Cause::Forbidden, "Only for people."));
    };
    let found = native.read(caller, |v, c| {
        account::find_login(v, c, Surface::Native, id)
    })?;
    Ok(found.unwrap_or_default())
}

fn stored(
    native: &Native,
    caller: &Caller,
    person: PersonId,
) -> Result<Option<(String, Secret<String>)>, Problem> {
    let found = native.core.read(caller.known()?, SURFACE, |view, call| {
        let Some(login) = account::find_login(view, call, Surface::Native, person)? else {
            return Ok::<_, account::Error>(None);
        };
        let candidate = account::find_candidate(view, call.site, Surface::Native, &login)?;
        Ok(candidate.map(|candidate| (login, candidate.hash)))
    })?;
    Ok(found)
}
