//! The catalogue of texts: each stands here once, in Indonesian and in English. One file per
//! page; `general` has what many pages say. The words are those of the glossary.

pub mod access;
pub mod audit;
pub mod backup;
pub mod clock;
pub mod desk;
pub mod devices;
pub mod enrol;
pub mod events;
pub mod factor;
pub mod general;
pub mod home;
pub mod keys;
pub mod kiosk;
pub mod mail;
pub mod me;
pub mod people;
pub mod privacy;
pub mod samples;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod status;
pub mod trust;
pub mod webhooks;

use crate::domain::rule::Language;

/// A text in both languages. `{0}`, `{1}` … are places for values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// In Indonesian.
    pub id: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Words {
    /// The text in a language.
    #[must_use]
    pub const fn of(&self, language: Language) -> &'static str {
        match language {
            Language::Id => self.id,
            Language::En => self.en,
        }
    }

    /// The text with values in its places.
    #[must_use]
    pub fn fill(&self, language: Language, values: &[&str]) -> String {
        let mut text = String::new();
        let mut rest = self.of(language);
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (place, after) = after.split_once('}').unwrap_or(("", after));
            let value = place.parse::<usize>().ok().and_then(|n| values.get(n));
            text.push_str(value.copied().unwrap_or_default());
            rest = after;
        }
        text + rest
    }
}

/// Lists texts: `NAME: "Indonesian", "English";`. Makes a constant of each, and `ALL` with
/// their names.
macro_rules! texts {
    ($($name:ident: $id:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub const $name: $crate::surface::pages::words::Words =
                $crate::surface::pages::words::Words { id: $id, en: $en };
        )*

        /// All texts of this list by name.
        pub const ALL: &[(&str, $crate::surface::pages::words::Words)] =
            &[$((stringify!($name), $name)),*];
    };
}

pub(crate) use texts;

/// All texts of all lists, for tests.
#[must_use]
pub fn all() -> Vec<(&'static str, Words)> {
    let lists = [
        access::ALL,
        audit::ALL,
        backup::ALL,
        desk::ALL,
        devices::ALL,
        enrol::ALL,
        events::ALL,
        factor::ALL,
        general::ALL,
        home::ALL,
        keys::ALL,
        kiosk::ALL,
        mail::ALL,
        me::ALL,
        people::ALL,
        privacy::ALL,
        samples::ALL,
        settings::ALL,
        setup::ALL,
        sign_in::ALL,
        status::ALL,
        trust::ALL,
        webhooks::ALL,
    ];
    lists.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_their_places() {
        let words = Words {
            id: "{0} dari {1}",
            en: "of {1}, {0}{2}",
        };
        assert_eq!(words.fill(Language::Id, &["2", "5"]), "2 dari 5");
        assert_eq!(words.fill(Language::En, &["{1}", "5"]), "of 5, {1}");
    }

    fn places(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}').map(|(place, _)| place))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn both_languages_have_the_same_places_and_neither_is_empty() {
        for (name, words) in all() {
            assert_eq!(places(words.id), places(words.en), "{name}");
            for text in [words.id, words.en] {
                assert!(!text.is_empty() && text.trim() == text, "{name}: {text:?}");
            }
        }
    }

    #[test]
    fn the_glossary_is_kept() {
        // The left word stands for something else, or for nothing, in our glossary.
        let banned = [
            "absensi",
            "kiosk",
            "kios ",
            "offline",
            "online",
            "user",
            "login",
            "password",
            "backup",
            "setting",
            "attendee list",
            "QR-code",
        ];
        // Ways through the menus of other systems are in the words of those menus.
        let ours = all().into_iter().filter(|(_, w)| !w.id.contains('→'));
        for (name, words) in ours {
            let text = words.id.to_lowercase();
            for word in banned {
                assert!(!text.contains(word), "{name}: {word} in {text:?}");
            }
        }
    }
}
