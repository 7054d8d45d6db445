//! Texts that are parsed once and valid from then on: names, e-mail addresses, phone
//! numbers, slugs, ticket codes, id numbers.
//!
//! Every parser trims, refuses control and invisible direction characters, and bounds the
//! length, so that nothing that a screen or a spreadsheet would show wrongly gets in.

use crate::base::limits;
use std::fmt;

/// Why a text was refused, and what would be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space.
    Empty,
    /// More than this many characters.
    TooLong(usize),
    /// A control character, an invisible one, or one that turns the writing direction.
    Invisible,
    /// Not of the form that this kind of text has.
    Form(&'static str),
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong(max) => write!(f, "must have at most {max} characters"),
            Self::Invisible => f.write_str("must not contain control or invisible characters"),
            Self::Form(form) => f.write_str(form),
        }
    }
}

impl std::error::Error for TextError {}

/// Characters that change how other characters are shown: zero-width characters and marks
/// that turn the direction (Unicode 16, general category Cf, those found in attacks).
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}')
}

/// Trims, joins inner white space to single spaces, and checks length and characters.
fn clean(text: &str, chars_max: usize) -> Result<String, TextError> {
    // Looked at before the words are split: a tab is white space, but also a control character.
    if text.trim().chars().any(is_invisible) {
        return Err(TextError::Invisible);
    }
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.is_empty() {
        return Err(TextError::Empty);
    }
    if joined.chars().count() > chars_max {
        return Err(TextError::TooLong(chars_max));
    }
    Ok(joined)
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident => $parse:expr),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, TextError> {
                let parse: fn(&str) -> Result<String, TextError> = $parse;
                parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// A person's or a thing's name: one field, any script, 1 to 120 characters.
    Name => |t| clean(t, limits::NAME_CHARS_MAX),
    /// A free remark or reason: 1 to 500 characters.
    Remark => |t| clean(t, limits::REMARK_CHARS_MAX),
    /// An e-mail address, lower case: one `@`, a dotted host, at most 254 characters.
    Email => parse_email,
    /// A telephone number: an optional `+`, then 6 to 15 digits; spaces and hyphens are dropped.
    Phone => parse_phone,
    /// A name for addresses and settings: 1 to 64 of a-z, 0-9 and inner hyphens.
    Slug => parse_slug,
    /// What a QR code carries to name a ticket: 4 to 128 visible ASCII characters.
    TicketCode => |t| visible_ascii(t, 4, limits::TICKET_CODE_CHARS_MAX, "a ticket code has 4 to 128 visible ASCII characters"),
    /// A student's or member's number (NIS, NISN, NIM): 1 to 32 letters, digits, `.`, `-`, `/`.
    IdNumber => parse_id_number,
    /// The name that somebody signs in with, lower case: 3 to 64 of a-z, 0-9, `.`, `_`, `-`, `@`.
    LoginName => parse_login_name,
}

fn visible_ascii(
    text: &str,
    min: usize,
    max: usize,
    form: &'static str,
) -> Result<String, TextError> {
    let text = text.trim();
    let ok = (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if ok {
        Ok(text.to_owned())
    } else {
        Err(TextError::Form(form))
    }
}

fn parse_email(text: &str) -> Result<String, TextError> {
    const FORM: TextError = TextError::Form("expected an e-mail address such as budi@example.id");
    let text = clean(text, limits::EMAIL_CHARS_MAX)?.to_lowercase();
    let (local, host) = text.split_once('@').ok_or(FORM)?;
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && local
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._%+-'".contains(&b));
    let label_ok = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if local_ok && host.contains('.') && host.split('.').all(label_ok) {
        Ok(text)
    } else {
        Err(FORM)
    }
}

fn parse_login_name(text: &str) -> Result<String, TextError> {
    let login = text.trim().to_ascii_lowercase();
    let ok = (limits::LOGIN_CHARS_MIN..=limits::LOGIN_CHARS_MAX).contains(&login.len())
        && login
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(&b));
    if ok {
        Ok(login)
    } else {
        Err(TextError::Form(
            "a login name has 3 to 64 of the letters a-z, digits, `.`, `_`, `-`, `@`",
        ))
    }
}

fn parse_phone(text: &str) -> Result<String, TextError> {
    let digits: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .collect();
    let number = digits.strip_prefix('+').unwrap_or(&digits);
    if (6..=15).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) {
        Ok(digits)
    } else {
        Err(TextError::Form(
            "expected a telephone number such as +628123456789",
        ))
    }
}

fn parse_slug(text: &str) -> Result<String, TextError> {
    let ok = (1..=64).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if ok {
        Ok(text.to_owned())
    } else {
        Err(TextError::Form(
            "expected 1 to 64 of a-z, 0-9 and inner hyphens",
        ))
    }
}

fn parse_id_number(text: &str) -> Result<String, TextError> {
    let text = text.trim();
    let ok = (1..=limits::ID_NUMBER_CHARS_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"./-".contains(&b));
    if ok {
        Ok(text.to_owned())
    } else {
        Err(TextError::Form(
            "expected a number of 1 to 32 letters, digits, full stops, slashes and hyphens",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_trimmed_and_kept_in_any_script() {
        let table = [
            ("  Budi   Santoso ", "Budi Santoso"),
            ("I", "I"),
            ("ꦧꦸꦢꦶ", "ꦧꦸꦢꦶ"),
            ("O'Neil", "O'Neil"),
        ];
        for (text, want) in table {
            assert_eq!(text.parse::<Name>().expect(text).as_str(), want);
        }
    }

    #[test]
    fn names_that_would_be_shown_wrongly_are_refused() {
        let long = "a".repeat(limits::NAME_CHARS_MAX + 1);
        let table = [
            ("", TextError::Empty),
            (" \t ", TextError::Empty),
            ("a\u{0}b", TextError::Invisible),
            ("a\tb", TextError::Invisible),
            ("a\u{202E}b", TextError::Invisible),
            ("a\u{200B}b", TextError::Invisible),
            (long.as_str(), TextError::TooLong(limits::NAME_CHARS_MAX)),
        ];
        for (text, want) in table {
            assert_eq!(text.parse::<Name>(), Err(want), "{text:?}");
        }
    }

    #[test]
    fn addresses_numbers_and_slugs_keep_their_form() {
        for text in ["a@b.id", "Budi.S+x@kampus.ac.id"] {
            assert!(text.parse::<Email>().is_ok(), "{text}");
        }
        for text in [
            "",
            "a",
            "a@b",
            "a@@b.id",
            "a b@c.id",
            "a@-b.id",
            "a@b..id",
            "a@b.id\r\nBcc: c@d.id",
        ] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
        assert_eq!(
            "+62 812-3456-789".parse::<Phone>().expect("phone").as_str(),
            "+628123456789"
        );
        for text in ["", "12345", "+62x123456", "1234567890123456"] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
        assert!("ruang-a1".parse::<Slug>().is_ok());
        for text in ["", "-a", "a-", "A", "a b", "a/../b"] {
            assert!(text.parse::<Slug>().is_err(), "{text}");
        }
        assert!("2026/TI-01.5".parse::<IdNumber>().is_ok());
        assert!("=1+1".parse::<IdNumber>().is_err());
        assert!("abc".parse::<TicketCode>().is_err());
        let login = " Ibu.Sri-1@Kampus ".parse::<LoginName>().expect("login");
        assert_eq!(login.as_str(), "ibu.sri-1@kampus");
        for text in ["", "ab", "a b", "söri", "a/b", &"a".repeat(65)] {
            assert!(text.parse::<LoginName>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_parsed_parses_to_itself(text in "\\PC{0,200}") {
            if let Ok(name) = text.parse::<Name>() {
                prop_assert_eq!(name.as_str().parse::<Name>(), Ok(name.clone()));
            }
            if let Ok(email) = text.parse::<Email>() {
                prop_assert_eq!(email.as_str().parse::<Email>(), Ok(email.clone()));
            }
        }
    }
}
