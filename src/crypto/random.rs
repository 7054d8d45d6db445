//! Randomness as a value that is handed in.
//!
//! A surface draws one [`Seed`] from the system for each request and hands it down; what a
//! write job needs (ids, nonces of seals) it takes from a [`Seeded`] generator over that
//! seed. A job that has to run twice makes the same bytes twice, so it is the same row.

use crate::base::id::Id;
use crate::base::secret::{Secret, wipe};
use crate::base::time::Timestamp;
use ring::hmac;
use ring::rand::SecureRandom;
use std::fmt;

/// A source of random bytes.
pub trait Entropy: Send {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// 32 random bytes that are somebody's key.
pub fn secret(entropy: &mut dyn Entropy) -> Secret<[u8; 32]> {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let secret = Secret::new(bytes);
    wipe(&mut bytes);
    secret
}

/// The system could not give random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomError;

impl fmt::Display for RandomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system gives no random bytes")
    }
}

impl std::error::Error for RandomError {}

/// 32 bytes from which a [`Seeded`] generator makes all others.
#[derive(Clone, Debug)]
pub struct Seed(Secret<[u8; 32]>);

impl Seed {
    /// A seed from the system's generator.
    ///
    /// # Errors
    /// [`RandomError`] if the system gives none.
    pub fn from_system() -> Result<Self, RandomError> {
        let mut bytes = [0; 32];
        ring::rand::SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| RandomError)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// A seed from a number that a test prints.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(number.to_be_bytes()) {
            *to = from;
        }
        Self(Secret::new(bytes))
    }

    /// A seed drawn from another generator.
    pub fn draw(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(Secret::new(bytes))
    }
}

/// A generator whose whole output follows from its seed: HMAC-SHA256 under the seed over a
/// block counter.
pub struct Seeded {
    key: hmac::Key,
    counter: u64,
    block: Secret<[u8; 32]>,
    used: usize,
}

impl Seeded {
    /// A generator at the beginning of the seed's output.
    #[must_use]
    pub fn new(seed: &Seed) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, seed.0.expose()),
            counter: 0,
            block: Secret::new([0; 32]),
            used: 32,
        }
    }

    fn next_byte(&mut self) -> u8 {
        if self.used >= 32 {
            let tag = hmac::sign(&self.key, &self.counter.to_be_bytes());
            let mut block = [0; 32];
            for (to, from) in block.iter_mut().zip(tag.as_ref()) {
                *to = *from;
            }
            self.block = Secret::new(block);
            self.counter = self.counter.wrapping_add(1);
            self.used = 0;
        }
        let byte = self.block.expose().get(self.used).copied().unwrap_or(0);
        self.used += 1;
        byte
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.next_byte();
        }
    }
}

/// Makes an id from the time of the request and ten random bytes.
pub fn new_id<T: Id>(now: Timestamp, entropy: &mut dyn Entropy) -> T {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    T::from_parts(now, random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PersonId;

    fn take(seed: &Seed, parts: &[usize]) -> Vec<u8> {
        let mut source = Seeded::new(seed);
        let mut all = Vec::new();
        for n in parts {
            let mut part = vec![0; *n];
            source.fill(&mut part);
            all.extend(part);
        }
        all
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_however_they_are_taken() {
        let seed = Seed::from_number(7);
        assert_eq!(take(&seed, &[100]), take(&seed, &[1, 31, 32, 33, 3]));
        assert_ne!(take(&seed, &[100]), take(&Seed::from_number(8), &[100]));
    }

    #[test]
    fn blocks_differ_from_each_other() {
        let bytes = take(&Seed::from_number(1), &[3200]);
        let blocks: std::collections::HashSet<&[u8]> = bytes.chunks(32).collect();
        assert_eq!(blocks.len(), 100);
    }

    #[test]
    fn the_system_gives_different_seeds() {
        let one = Seed::from_system().expect("seed");
        let other = Seed::from_system().expect("seed");
        assert_ne!(take(&one, &[32]), take(&other, &[32]));
    }

    #[test]
    fn ids_carry_their_time_first() {
        let mut source = Seeded::new(&Seed::from_number(1));
        let early: PersonId = new_id(Timestamp::from_millis(1), &mut source);
        let late: PersonId = new_id(Timestamp::from_millis(2), &mut source);
        assert!(early < late);
    }
}
