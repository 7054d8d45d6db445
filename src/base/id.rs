//! Identifiers: one newtype per entity over 16 bytes, ordered by the time they were made.
//!
//! Layout (that of a ULID): 48 bits of milliseconds since 1970, big-endian, then 80 random
//! bits. Text form: 26 characters of Crockford's base 32, upper case. The time and the
//! random bits are handed in, so that the same request always makes the same id.

use crate::base::time::Timestamp;
use std::fmt;
use std::str::FromStr;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Length of the text form of an id, in characters.
pub const TEXT_CHARS: usize = 26;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdError {
    /// The text has not exactly 26 characters.
    Length,
    /// A character is not of the alphabet, or the value does not fit 128 bits.
    Character,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => write!(f, "an id has {TEXT_CHARS} characters"),
            Self::Character => f.write_str("an id is written with 0-9 and A-Z without I, L, O, U"),
        }
    }
}

impl std::error::Error for IdError {}

/// What all ids have in common: 16 bytes, made from a time and ten random bytes.
pub trait Id: Copy + Eq + Ord + Sized {
    /// Makes an id from the time of the request and ten random bytes.
    fn from_parts(now: Timestamp, random: [u8; 10]) -> Self;
    /// The id as it is stored: 16 bytes, big-endian.
    fn to_bytes(self) -> [u8; 16];
    /// An id from stored bytes.
    fn from_bytes(bytes: [u8; 16]) -> Self;
}

fn compose(now: Timestamp, random: [u8; 10]) -> [u8; 16] {
    let ms = now.as_millis().max(0).to_be_bytes();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(ms.iter().skip(2).chain(random.iter())) {
        *to = *from;
    }
    bytes
}

fn write_text(bytes: [u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut value = u128::from_be_bytes(bytes);
    let mut text = [b'0'; TEXT_CHARS];
    for to in text.iter_mut().rev() {
        let digit = usize::try_from(value & 31).unwrap_or(0);
        *to = ALPHABET.get(digit).copied().unwrap_or(b'0');
        value >>= 5;
    }
    f.write_str(std::str::from_utf8(&text).unwrap_or_default())
}

fn read_text(text: &str) -> Result<[u8; 16], IdError> {
    if text.len() != TEXT_CHARS {
        return Err(IdError::Length);
    }
    let mut value: u128 = 0;
    for (i, c) in text.bytes().enumerate() {
        let c = c.to_ascii_uppercase();
        let digit = ALPHABET
            .iter()
            .position(|a| *a == c)
            .ok_or(IdError::Character)?;
        if i == 0 && digit > 7 {
            return Err(IdError::Character); // 26 x 5 = 130 bits: the first two must be zero
        }
        value = (value << 5) | digit as u128;
    }
    Ok(value.to_be_bytes())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl Id for $name {
            fn from_parts(now: Timestamp, random: [u8; 10]) -> Self {
                Self(compose(now, random))
            }
            fn to_bytes(self) -> [u8; 16] {
                self.0
            }
            fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_text(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                write_text(self.0, f)?;
                f.write_str(")")
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                read_text(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person.
    PersonId,
    /// An event.
    EventId,
    /// A ticket of an event.
    TicketId,
    /// A device: a kiosk, a desk's phone, the command line.
    DeviceId,
    /// A check-in decision, kept whether it admitted or refused.
    VisitId,
    /// One enrolled picture of a face.
    PictureId,
    /// One recorded consent.
    ConsentId,
    /// One outgoing mail or webhook call.
    NoticeId,
    /// An address that is told what happens.
    WebhookId,
    /// A key of a program.
    ApiKeyId,
    /// One request or camera frame, for logs and audit.
    RequestId,
    /// An import of people.
    ImportId,
    /// What somebody asks for under the law on personal data.
    ClaimId,
    /// This box.
    BoxId,
    /// A sign-in of a person.
    SessionId,
    /// A client's key for one intent: the same nonce always gets the same decision.
    Nonce,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_form_has_the_time_first_and_sorts_by_it() {
        let early = PersonId::from_parts(Timestamp::from_millis(1), [255; 10]);
        let late = PersonId::from_parts(Timestamp::from_millis(2), [0; 10]);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
        assert_eq!(late.to_string().len(), TEXT_CHARS);
    }

    #[test]
    fn texts_that_are_no_ids_are_refused() {
        let table = [
            ("", IdError::Length),
            ("0123", IdError::Length),
            ("80000000000000000000000000", IdError::Character),
            ("0000000000000000000000000U", IdError::Character),
        ];
        for (text, want) in table {
            assert_eq!(text.parse::<PersonId>(), Err(want), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_id_survives_its_text_form(bytes: [u8; 16]) {
            let id = PersonId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
            prop_assert_eq!(id.to_string().to_lowercase().parse::<PersonId>(), Ok(id));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,40}") {
            let _ = text.parse::<PersonId>();
        }
    }
}
