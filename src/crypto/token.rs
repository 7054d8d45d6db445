//! Random bearer tokens. The store keeps their digests only; a token is shown once.

use crate::base::secret::Secret;
use crate::crypto::key::Key;
use crate::crypto::random::Entropy;
use crate::crypto::seal::{self, Context};

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// RFC 4648, section 5, without padding.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 64 with the URL-safe digits and without padding.
pub(in crate::crypto) fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = group.iter().fold(0u32, |v, b| (v << 8) | u32::from(*b));
        let value = value << (8 * (3 - group.len()));
        for i in 0..=group.len() {
            let digit = usize::try_from((value >> (18 - 6 * i)) & 63).unwrap_or(0);
            text.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'A')));
        }
    }
    text
}

/// Base 64 with the digits of the standard and with padding (RFC 4648, section 4).
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    let mut text = base64url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// The bytes of a text of [`base64url`]; None: it is none. A text has one form only: no padding,
/// and the bits that belong to no byte are zero.
pub(in crate::crypto) fn read_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut value = 0u32;
        for digit in group {
            value = (value << 6) | u32::from(value_of(*digit)?);
        }
        let filled = value << (6 * (4 - group.len()));
        let [_, one, two, three] = filled.to_be_bytes();
        match (group.len(), [one, two, three]) {
            (4, all) => bytes.extend_from_slice(&all),
            (3, [one, two, 0]) => bytes.extend_from_slice(&[one, two]),
            (2, [one, 0, 0]) => bytes.push(one),
            (_, _) => return None,
        }
    }
    Some(bytes)
}

const fn value_of(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

/// A new token: `prefix` and 43 random characters of the URL-safe base 64.
pub fn new_token(prefix: &str, entropy: &mut dyn Entropy) -> Secret<String> {
    let mut bytes = [0; TOKEN_BYTES];
    entropy.fill(&mut bytes);
    let bytes = Secret::new(bytes);
    let digits = Secret::new(base64url(bytes.expose()));
    Secret::new(format!("{prefix}{}", digits.expose()))
}

/// Characters of a code that people type.
pub const CODE_CHARS: usize = 8;

/// Crockford's base 32: without I, L, O and U, which are misread.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new code of [`CODE_CHARS`] characters that people can read out and type: 40 random bits.
pub fn new_code(entropy: &mut dyn Entropy) -> Secret<String> {
    let mut bytes = [0; CODE_CHARS];
    entropy.fill(&mut bytes);
    let bytes = Secret::new(bytes);
    let letter = |b: &u8| CODE_ALPHABET.get(usize::from(b & 31)).copied();
    let letters = bytes.expose().iter().filter_map(letter);
    Secret::new(letters.map(char::from).collect())
}

/// A code as it was made, from what somebody typed: case, spaces and hyphens do not matter, O is
/// 0, I and L are 1. None: it cannot be one.
#[must_use]
pub fn read_code(typed: &str) -> Option<Secret<String>> {
    let mut code = String::with_capacity(CODE_CHARS);
    for c in typed.chars().filter(|c| !matches!(c, ' ' | '-')) {
        let letter = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let known = u8::try_from(letter).is_ok_and(|b| CODE_ALPHABET.contains(&b));
        if !known || code.len() == CODE_CHARS {
            return None;
        }
        code.push(letter);
    }
    (code.len() == CODE_CHARS).then(|| Secret::new(code))
}

/// The digest of a token, as it is stored and looked up; `kind` keeps tokens of different
/// kinds apart.
#[must_use]
pub fn token_digest(key: &Key, kind: &'static str, token: &str) -> [u8; 32] {
    let context = Context {
        table: "tokens",
        column: kind,
        row: &[],
    };
    seal::digest(key, &context, token.as_bytes())
}

/// Compares two texts in a time that depends on their lengths alone.
#[must_use]
pub fn equal(one: &[u8], other: &[u8]) -> bool {
    let mut difference = u8::from(one.len() != other.len());
    for (a, b) in one.iter().zip(other) {
        difference |= a ^ b;
    }
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::random::{Seed, Seeded};
    use proptest::prelude::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        let table = [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, want) in table {
            assert_eq!(base64url(plain.as_bytes()), want);
            assert_eq!(read_base64url(want).as_deref(), Some(plain.as_bytes()));
        }
        for text in ["Z", "Zh", "Zm9", "Zg==", "Zm9v ", "Zm+v", "Zm/v", "Zm9vY"] {
            assert_eq!(read_base64url(text), None, "{text}");
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
        for (plain, want) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(base64(plain.as_bytes()), want);
        }
    }

    #[test]
    fn tokens_have_their_prefix_and_differ() {
        let mut source = Seeded::new(&Seed::from_number(3));
        let one = new_token("hdr_", &mut source);
        let other = new_token("hdr_", &mut source);
        assert!(one.expose().starts_with("hdr_"));
        assert_eq!(one.expose().len(), 4 + 43);
        assert_ne!(one.expose(), other.expose());
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        for (typed, want) in [
            ("7KQ2M0XZ", Some("7KQ2M0XZ")),
            (" 7kq2-mOxz ", Some("7KQ2M0XZ")),
            ("iLil OoOo", Some("11110000")),
            ("7KQ2M0X", None),
            ("7KQ2M0XZZ", None),
            ("7KQ2M0XU", None),
            ("7KQ2M0X\u{130}", None),
            ("", None),
        ] {
            let got = read_code(typed);
            assert_eq!(got.as_ref().map(|c| c.expose().as_str()), want, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(number in any::<u64>(), gap in 0usize..8, hyphen in any::<bool>()) {
            let code = new_code(&mut Seeded::new(&Seed::from_number(number)));
            prop_assert_eq!(code.expose().len(), CODE_CHARS);
            let mut typed = code.expose().to_lowercase();
            typed.insert(gap, if hyphen { '-' } else { ' ' });
            let read = read_code(&typed);
            prop_assert_eq!(read.as_ref().map(Secret::expose), Some(code.expose()));
        }

        #[test]
        fn all_bytes_are_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(read_base64url(&base64url(&bytes)), Some(bytes));
        }

        #[test]
        fn no_text_makes_the_reader_fail(text in "\\PC{0,40}") {
            if let Some(code) = read_code(&text) {
                prop_assert_eq!(code.expose().len(), CODE_CHARS);
            }
        }
    }

    #[test]
    fn comparison_sees_content_and_length() {
        assert!(equal(b"abc", b"abc"));
        for other in [&b"abd"[..], b"ab", b"abcd", b""] {
            assert!(!equal(b"abc", other));
        }
        assert!(equal(b"", b""));
    }
}
