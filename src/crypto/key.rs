//! One key: AES-256-GCM for sealing and HMAC-SHA256 for digests, both from one secret, with
//! its number and a count of its seals.

use crate::base::secret::Secret;
use aes_gcm::{Aes256Gcm, KeyInit};
use ring::hmac;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Seals under one key, most (NIST SP 800-38D, section 8.3).
const SEALS_MAX: u64 = 1 << 32;

/// The key has sealed as many values as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::crypto) struct WornOut;

/// A key for sealing and for digests. Its `Debug` shows its number only.
pub struct Key {
    cipher: Box<Aes256Gcm>,
    mac: hmac::Key,
    number: u32,
    uses: AtomicU64,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.number)
    }
}

impl Key {
    pub(in crate::crypto) fn new(bytes: Secret<[u8; 32]>, number: u32) -> Self {
        // The digest's key is derived, so that one secret never serves two algorithms.
        let base = hmac::Key::new(hmac::HMAC_SHA256, bytes.expose());
        let mac = hmac::sign(&base, b"hadir digest");
        Self {
            cipher: Box::new(Aes256Gcm::new(bytes.expose().into())),
            mac: hmac::Key::new(hmac::HMAC_SHA256, mac.as_ref()),
            number,
            uses: AtomicU64::new(0),
        }
    }

    /// The key's number, which every envelope carries.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// How many values this key has sealed since it was loaded.
    #[must_use]
    pub fn uses(&self) -> u64 {
        self.uses.load(Ordering::Relaxed)
    }

    pub(in crate::crypto) fn count_use(&self) -> Result<(), WornOut> {
        if self.uses.fetch_add(1, Ordering::Relaxed) < SEALS_MAX {
            Ok(())
        } else {
            self.uses.fetch_sub(1, Ordering::Relaxed);
            Err(WornOut)
        }
    }

    pub(in crate::crypto) fn cipher(&self) -> &Aes256Gcm {
        &self.cipher
    }

    pub(in crate::crypto) fn mac(&self) -> &hmac::Key {
        &self.mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_up_key_seals_nothing_more() {
        let key = Key::new(Secret::new([7; 32]), 1);
        key.uses.store(SEALS_MAX - 1, Ordering::Relaxed);
        assert_eq!(key.count_use(), Ok(()));
        assert_eq!(key.count_use(), Err(WornOut));
        assert_eq!(key.count_use(), Err(WornOut));
        assert_eq!(key.uses(), SEALS_MAX);
    }
}
