//! One-time codes that change with the time (RFC 6238, with the counter of RFC 4226): 6 digits of
//! HMAC-SHA1, a new one every 30 seconds, as authenticator apps make them.

use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::crypto::random::Entropy;
use crate::crypto::token::equal;
use ring::hmac;

/// Random bytes of a secret (RFC 4226, section 4, recommends 160 bits).
const SECRET_BYTES: usize = 20;
/// Length of a step.
const STEP_MS: i64 = 30_000;
/// Steps before and after now whose codes are taken: for clocks that are off, and slow fingers.
const STEPS_AROUND: i64 = 1;
/// RFC 4648, section 6.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret in base 32, as apps take it: 32 characters.
pub fn new_secret(entropy: &mut dyn Entropy) -> Secret<String> {
    let mut bytes = [0; SECRET_BYTES];
    entropy.fill(&mut bytes);
    let bytes = Secret::new(bytes);
    Secret::new(base32(bytes.expose()))
}

/// Base 32 without padding, of a number of bytes that needs none.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks_exact(5) {
        let value = group.iter().fold(0u64, |v, b| (v << 8) | u64::from(*b));
        for shift in (0..8).rev() {
            let digit = usize::try_from((value >> (5 * shift)) & 31).unwrap_or(0);
            text.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'A')));
        }
    }
    text
}

/// The link that apps take, as a QR code or by a touch: the account's name and who issued it.
#[must_use]
pub fn uri(issuer: &str, account: &str, secret: &Secret<String>) -> Secret<String> {
    let (issuer, account) = (escape(issuer), escape(account));
    let secret = secret.expose();
    Secret::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}"
    ))
}

/// A text as part of a link (RFC 3986, section 2.1).
fn escape(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    text.bytes().fold(String::new(), |all, b| {
        if plain(b) {
            format!("{all}{}", char::from(b))
        } else {
            format!("{all}%{b:02X}")
        }
    })
}

/// The bytes of a secret; None: it is none.
fn bytes_of(secret: &str) -> Option<Secret<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(secret.len() * 5 / 8);
    let (mut value, mut bits) = (0u32, 0u32);
    for c in secret.bytes() {
        let digit = ALPHABET.iter().position(|a| *a == c)?;
        value = ((value << 5) | u32::try_from(digit).ok()?) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((value >> bits) & 0xff).ok()?);
        }
    }
    Some(Secret::new(bytes))
}

/// Whether a text has the form of a secret of [`new_secret`].
#[must_use]
pub fn is_secret(text: &str) -> bool {
    bytes_of(text).is_some_and(|bytes| bytes.expose().len() == SECRET_BYTES)
}

/// The step that a time lies in.
const fn step_at(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(STEP_MS)
}

/// The six digits of a step (RFC 4226, section 5.3).
fn digits(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag.last().copied().unwrap_or(0) & 15);
    let four = tag.iter().skip(at).take(4);
    let value = four.fold(0u32, |v, b| (v << 8) | u32::from(*b)) & 0x7fff_ffff;
    format!("{:06}", value % 1_000_000)
}

/// The code that an app shows at a time; None: the secret is none. For tests, and for the demo.
#[must_use]
pub fn code_at(secret: &str, now: Timestamp) -> Option<String> {
    let bytes = bytes_of(secret)?;
    Some(digits(bytes.expose(), step_at(now)))
}

/// The step of a code as it was typed, if it is the code of a step around now that is later than
/// `last`, the step of the code that was taken before: no code is taken twice. Where `last` lies
/// in the future, the clock was wrong then, and nobody is refused because of it.
#[must_use]
pub fn find_step(secret: &str, typed: &str, now: Timestamp, last: Option<i64>) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = bytes_of(secret)?;
    let here = step_at(now);
    let mut found = None;
    for step in here - STEPS_AROUND..=here + STEPS_AROUND {
        let fits = equal(digits(bytes.expose(), step).as_bytes(), typed.as_bytes());
        let fresh = last.is_none_or(|last| step > last || last > here + STEPS_AROUND);
        if fits && fresh {
            found = Some(step);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::random::{Seed, Seeded};
    use proptest::prelude::*;

    /// RFC 6238, appendix B: the secret of the SHA-1 rows.
    const RFC: &[u8; 20] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = base32(RFC);
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        // Of the eight digits of the table the last six.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(&secret, at(seconds)).as_deref(), Some(code));
            assert!(find_step(&secret, code, at(seconds), None).is_some());
        }
    }

    #[test]
    fn a_code_is_taken_a_step_early_or_late_and_once() {
        let secret = base32(RFC);
        let code = code_at(&secret, at(59)).expect("a code");
        for (seconds, taken) in [(0, true), (30, true), (89, true), (90, false), (119, false)] {
            let found = find_step(&secret, &code, at(seconds), None);
            assert_eq!(found.is_some(), taken, "{seconds}");
        }
        let step = find_step(&secret, " 287 082 ", at(59), None);
        assert_eq!(step, Some(1));
        assert_eq!(find_step(&secret, &code, at(59), step), None, "once");
        assert_eq!(find_step(&secret, &code, at(59), Some(0)), Some(1));
        let future = Some(1_000_000);
        assert_eq!(
            find_step(&secret, &code, at(59), future),
            Some(1),
            "the clock was wrong"
        );
    }

    #[test]
    fn the_link_holds_any_name() {
        let secret = Secret::new(base32(RFC));
        let link = uri("SMA 1: Kota & Desa", "sari@kota", &secret);
        assert_eq!(
            link.expose(),
            "otpauth://totp/SMA%201%3A%20Kota%20%26%20Desa:sari%40kota\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=SMA%201%3A%20Kota%20%26%20Desa"
        );
    }

    #[test]
    fn what_is_no_code_or_no_secret_is_refused() {
        let secret = base32(RFC);
        for typed in ["", "28708", "2870822", "28708x", "\u{0662}87082"] {
            assert_eq!(find_step(&secret, typed, at(59), None), None, "{typed}");
        }
        assert_eq!(find_step("not base 32", "287082", at(59), None), None);
    }

    proptest! {
        #[test]
        fn every_secret_is_read_back(number in any::<u64>()) {
            let secret = new_secret(&mut Seeded::new(&Seed::from_number(number)));
            prop_assert_eq!(secret.expose().len(), 32);
            let bytes = bytes_of(secret.expose()).expect("base 32");
            prop_assert_eq!(bytes.expose().len(), SECRET_BYTES);
            prop_assert_eq!(&base32(bytes.expose()), secret.expose());
        }
    }
}
