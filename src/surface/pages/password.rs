//! New passwords as forms take them: the rules, and the hash, which is made outside of any write.

use crate::base::limits;
use crate::base::secret::Secret;
use crate::crypto::random::Seeded;
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::surface::native::Native;
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
