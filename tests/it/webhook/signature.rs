//! The signature beside a second way of making it, written from RFC 2104 with the plain digest.

use hadir::base::secret::Secret;
use hadir::crypto::digest::sha256;
use hadir::crypto::signature::sign;
use proptest::prelude::*;

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

fn by_hand(secret: &str, message: &[u8]) -> String {
    let mut key = match secret.len() > BLOCK {
        true => sha256(secret.as_bytes()).to_vec(),
        false => secret.as_bytes().to_vec(),
    };
    key.resize(BLOCK, 0);
    let pad = |with: u8| key.iter().map(|b| b ^ with).collect::<Vec<u8>>();
    let inner = sha256(&[pad(0x36), message.to_vec()].concat());
    let outer = sha256(&[pad(0x5c), inner.to_vec()].concat());
    outer.iter().map(|b| format!("{b:02x}")).collect()
}

fn signed(secret: &str, message: &[u8]) -> String {
    sign(&Secret::new(secret.to_owned()), message)
}

#[test]
fn the_published_examples_come_out() {
    // RFC 4231, test case 2; and the well-known one of nothing under nothing.
    let table = [
        (
            "Jefe".to_owned(),
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            String::new(),
            "",
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
        ),
    ];
    for (secret, message, want) in table {
        assert_eq!(signed(&secret, message.as_bytes()), want);
        assert_eq!(by_hand(&secret, message.as_bytes()), want);
    }
}

proptest! {
    #[test]
    fn both_ways_agree(secret in "[ -~]{0,130}", message in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(signed(&secret, &message), by_hand(&secret, &message));
    }

    #[test]
    fn another_secret_time_or_body_is_another_signature(
        secret in "hdrw_[A-Za-z0-9_-]{43}",
        other in "hdrw_[A-Za-z0-9_-]{43}",
        at in 1_700_000_000i64..1_900_000_000,
        later in 1i64..100_000,
        body in "[ -~]{1,80}",
    ) {
        prop_assume!(secret != other);
        let of = |secret: &str, at: i64, body: &str| signed(secret, format!("{at}.{body}").as_bytes());
        let right = of(&secret, at, &body);
        prop_assert_eq!(right.len(), 64);
        prop_assert_ne!(&right, &of(&other, at, &body));
        prop_assert_ne!(&right, &of(&secret, at + later, &body));
        prop_assert_ne!(&right, &of(&secret, at, &format!("{body} ")));
        // A digit cannot wander from the body into the time.
        prop_assert_ne!(&right, &of(&secret, at, &format!(".{body}")));
    }
}
