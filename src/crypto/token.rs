//! Random bearer tokens. The store keeps their digests only; a token is shown once.

use crate::base::secret::Secret;
use crate::crypto::key::Key;
use crate::crypto::random::Entropy;
use crate::crypto::seal::{self, Context};

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// RFC 4648, section 5, without padding.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64url(bytes: &[u8]) -> String {
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

/// A new token: `prefix` and 43 random characters of the URL-safe base 64.
pub fn new_token(prefix: &str, entropy: &mut dyn Entropy) -> Secret<String> {
    let mut bytes = [0; TOKEN_BYTES];
    entropy.fill(&mut bytes);
    let bytes = Secret::new(bytes);
    let digits = Secret::new(base64url(bytes.expose()));
    Secret::new(format!("{prefix}{}", digits.expose()))
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
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
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
    fn comparison_sees_content_and_length() {
        assert!(equal(b"abc", b"abc"));
        for other in [&b"abd"[..], b"ab", b"abcd", b""] {
            assert!(!equal(b"abc", other));
        }
        assert!(equal(b"", b""));
    }
}
