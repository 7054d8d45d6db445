//! New passwords as forms take them: the rules, the hash, and the question whether a password
//! is that of whoever has signed in. Hashing happens here, outside of any write.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::crypto::random::Seeded;
use crate::domain::actor::Actor;
use crate::domain::identity::account;
use crate::domain::rule::Language;
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::words::setup as words;

/// What is wrong with a new password, typed twice: the field and a sentence.
#[must_use]
pub fn fault(
    new: &str,
    again: &str,
    login: &str,
    language: Language,
) -> Option<(&'static str, String)> {
    let least = limits::PASSWORD_CHARS_MIN.to_string();
    if new.chars().count() < limits::PASSWORD_CHARS_MIN {
        let told = words::PASSWORD_SHORT.fill(language, &[&least]);
        return Some(("password", told));
    }
    if new.len() > limits::PASSWORD_BYTES_MAX {
        return Some(("password", words::PASSWORD_LONG.of(language).to_owned()));
    }
    if new.eq_ignore_ascii_case(login) {
        let told = words::PASSWORD_LIKE_LOGIN.of(language).to_owned();
        return Some(("password", told));
    }
    (new != again).then(|| ("again", words::PASSWORD_DIFFERS.of(language).to_owned()))
}

/// The hash of a new password.
///
/// # Errors
/// 422 for one that is too long.
pub fn hash(native: &Native, password: &str) -> Result<String, Problem> {
    let mut chance = Seeded::new(&native.core.draw_seed());
    let secret = Secret::new(password.to_owned());
    let hashed = native.passwords.hash(&secret, &mut chance);
    hashed.map_err(|error| Problem::field("password", error.to_string()))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_password_is_long_typed_twice_and_not_the_name() {
        let long = "a".repeat(limits::PASSWORD_BYTES_MAX + 1);
        let table = [
            ("kuda laut biru", "kuda laut biru", "sari", None),
            ("pendek", "pendek", "sari", Some("password")),
            ("", "", "sari", Some("password")),
            ("ééééééééé", "ééééééééé", "sari", Some("password")),
            ("kuda laut biru", "kuda laut", "sari", Some("again")),
            (
                "sari.wulandari",
                "sari.wulandari",
                "Sari.Wulandari",
                Some("password"),
            ),
            (long.as_str(), long.as_str(), "sari", Some("password")),
        ];
        for (new, again, login, want) in table {
            for language in [Language::Id, Language::En] {
                let got = fault(new, again, login, language).map(|(field, _)| field);
                assert_eq!(got, want, "{new} {again}");
            }
        }
    }
}
