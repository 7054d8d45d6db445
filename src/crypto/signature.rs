//! Signatures of what the box sends: HMAC-SHA256 under a secret that the receiver has, too.

use crate::base::secret::Secret;
use crate::crypto::keyring::hex;
use ring::hmac;

/// The signature of a message, in hexadecimal digits.
#[must_use]
pub fn sign(secret: &Secret<String>, message: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    hex(hmac::sign(&key, message).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // RFC 4231, test case 2.
        let signed = sign(
            &Secret::new("Jefe".to_owned()),
            b"what do ya want for nothing?",
        );
        assert_eq!(
            signed,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
