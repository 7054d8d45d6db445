//! Closed lists of words: an enum whose variants have one stable text each, which is stored,
//! sent and logged. `words!` makes the enum, its texts and its parser from one list.

use std::fmt;

/// A text that is no word of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// The words that would have been accepted, between commas.
    pub allowed: String,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of: {}", self.allowed)
    }
}

impl std::error::Error for UnknownWord {}

/// Defines an enum of words with `ALL`, `code`, `read`, `Display`, `FromStr` and serde.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident => $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$of])* $variant),* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable texts of all, in order.
            pub const CODES: &'static [&'static str] = &[$($text),*];

            /// The stable text.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The one with this text.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::base::word::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::read(text).ok_or_else(|| $crate::base::word::UnknownWord {
                    allowed: Self::ALL.iter().map(|w| w.code()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    words! {
        /// A light.
        Light {
            /// Go.
            Green => "green",
            /// Stop.
            Red => "red",
        }
    }

    #[test]
    fn the_codes_are_those_of_all_in_order() {
        let codes: Vec<&str> = Light::ALL.iter().map(|light| light.code()).collect();
        assert_eq!(Light::CODES, codes);
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for light in Light::ALL {
            assert_eq!(light.code().parse::<Light>(), Ok(*light));
        }
        let unknown = "blue".parse::<Light>().expect_err("no such light");
        assert_eq!(unknown.to_string(), "expected one of: green, red");
    }

    #[test]
    fn words_travel_as_texts() {
        let text = crate::base::json::encode(&Light::Red).expect("a word");
        assert_eq!(text, "\"red\"");
        let back: Light = crate::base::json::decode(text.as_bytes(), 100).expect("a word");
        assert_eq!(back, Light::Red);
    }
}
