//! Passwords: Argon2id with the parameters kept in each hash, and at most a few at a time. The
//! bcrypt hashes of old systems are checked too, until the next login brings a new one.
//!
//! Parameters: 19 MiB, 2 passes, 1 lane, the second of OWASP's equal recommendations; one
//! hash takes a fifth of a second on the box, so they are limited to half of its cores.

use crate::base::limits;
use crate::base::secret::Secret;
use crate::crypto::random::Entropy;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Random bytes of a salt.
const SALT_BYTES: usize = 16;

/// Why a password could not be hashed or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordError {
    /// Longer than [`limits::PASSWORD_BYTES_MAX`].
    TooLong,
    /// The stored text is no Argon2 hash.
    StoredForm,
    /// Argon2 refused its parameters.
    Parameters,
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(
                f,
                "a password has at most {} bytes",
                limits::PASSWORD_BYTES_MAX
            ),
            Self::StoredForm => f.write_str("the stored password hash is damaged"),
            Self::Parameters => f.write_str("the parameters of the password hash are not allowed"),
        }
    }
}

impl std::error::Error for PasswordError {}

/// What checking a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The password is the one that was hashed.
    pub matches: bool,
    /// The hash has other parameters than today's: hash the password anew and store that.
    pub needs_upgrade: bool,
}

/// Hashes and checks passwords, a limited number at once; further callers wait their turn.
pub struct Passwords {
    free: Mutex<usize>,
    freed: Condvar,
    done: AtomicU64,
}

struct Turn<'a>(&'a Passwords);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new(limits::PASSWORD_HASHES_AT_ONCE_MAX)
    }
}

fn params() -> Result<Params, PasswordError> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Parameters)
}

impl Passwords {
    /// At most `at_once` hashes at a time, at least one.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self {
            free: Mutex::new(at_once.max(1)),
            freed: Condvar::new(),
            done: AtomicU64::new(0),
        }
    }

    /// How many passwords have been hashed or checked: whoever is refused must have cost as many,
    /// whatever the reason, or the time of an answer tells the reason.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn turn(&self) -> Turn<'_> {
        self.done.fetch_add(1, Ordering::Relaxed);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .freed
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Turn(self)
    }

    /// Hashes a password with a new salt; the text is in the PHC string form.
    ///
    /// # Errors
    /// [`PasswordError::TooLong`], [`PasswordError::Parameters`].
    pub fn hash(
        &self,
        password: &Secret<String>,
        entropy: &mut dyn Entropy,
    ) -> Result<String, PasswordError> {
        let password = checked(password)?;
        let mut salt = [0; SALT_BYTES];
        entropy.fill(&mut salt);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?);
        let _turn = self.turn();
        let hash: PasswordHash = argon
            .hash_password_with_salt(password, &salt)
            .map_err(|_| PasswordError::Parameters)?;
        Ok(hash.to_string())
    }

    /// Checks a password against a stored hash, with that hash's own parameters.
    ///
    /// # Errors
    /// [`PasswordError::TooLong`], [`PasswordError::StoredForm`].
    pub fn verify(
        &self,
        password: &Secret<String>,
        stored: &str,
    ) -> Result<Verdict, PasswordError> {
        let password = checked(password)?;
        if stored.starts_with("$2") {
            return self.verify_old(password, stored);
        }
        let hash = PasswordHash::new(stored).map_err(|_| PasswordError::StoredForm)?;
        let found = Params::try_from(&hash).map_err(|_| PasswordError::StoredForm)?;
        if found.m_cost() > 4 * MEMORY_KIB || found.t_cost() > 16 || found.p_cost() > 16 {
            return Err(PasswordError::StoredForm);
        }
        if hash.salt.is_none() || hash.hash.is_none() {
            return Err(PasswordError::StoredForm);
        }
        let wanted = params()?;
        let same = hash.algorithm.as_str() == "argon2id"
            && (found.m_cost(), found.t_cost(), found.p_cost())
                == (wanted.m_cost(), wanted.t_cost(), wanted.p_cost());
        let _turn = self.turn();
        let matches = Argon2::default().verify_password(password, &hash).is_ok();
        Ok(Verdict {
            matches,
            needs_upgrade: !same,
        })
    }
}

impl Passwords {
    /// Checks a password against the bcrypt hash of an old system; it always wants an upgrade.
    fn verify_old(&self, password: &[u8], stored: &str) -> Result<Verdict, PasswordError> {
        if !is_old_hash(stored) {
            return Err(PasswordError::StoredForm);
        }
        // Of a longer password, and behind a zero, bcrypt would look at the beginning alone.
        let whole = password.len() <= limits::OLD_PASSWORD_BYTES_MAX && !password.contains(&0);
        let _turn = self.turn();
        let found = bcrypt::verify(password, stored).map_err(|_| PasswordError::StoredForm)?;
        Ok(Verdict {
            matches: found && whole,
            needs_upgrade: true,
        })
    }
}

/// Whether a text is a bcrypt hash that we check: of a version without known faults, and at a cost
/// that takes no longer than a second on the box.
#[must_use]
pub fn is_old_hash(text: &str) -> bool {
    let parts: Vec<&str> = text.split('$').collect();
    let [_, version, cost, rest] = parts.as_slice() else {
        return false;
    };
    let digits = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'/';
    let cost = cost.parse().is_ok_and(|cost: u32| (4..=14).contains(&cost));
    text.len() == 60
        && matches!(*version, "2a" | "2b" | "2y")
        && cost
        && rest.len() == 53
        && rest.bytes().all(digits)
}

fn checked(password: &Secret<String>) -> Result<&[u8], PasswordError> {
    let bytes = password.expose().as_bytes();
    if bytes.len() > limits::PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::random::{Seed, Seeded};

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let passwords = Passwords::default();
        let mut source = Seeded::new(&Seed::from_number(1));
        let hash = passwords
            .hash(&secret("rahasia"), &mut source)
            .expect("hash");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let right = passwords.verify(&secret("rahasia"), &hash).expect("verify");
        assert_eq!((right.matches, right.needs_upgrade), (true, false));
        let wrong = passwords.verify(&secret("Rahasia"), &hash).expect("verify");
        assert!(!wrong.matches);
        let again = passwords
            .hash(&secret("rahasia"), &mut source)
            .expect("hash");
        assert_ne!(hash, again, "each hash has its own salt");
    }

    #[test]
    fn a_weaker_hash_is_checked_and_marked_for_an_upgrade() {
        let weak = Params::new(64, 1, 1, None).expect("params");
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, weak);
        let hash: PasswordHash = argon
            .hash_password_with_salt(b"rahasia", b"0123456789abcdef")
            .expect("hash");
        let verdict = Passwords::default()
            .verify(&secret("rahasia"), &hash.to_string())
            .expect("verify");
        assert_eq!((verdict.matches, verdict.needs_upgrade), (true, true));
    }

    #[test]
    fn a_bcrypt_hash_is_checked_and_marked_for_an_upgrade() {
        // The vectors of the original implementation (crypt_blowfish, wrapper.c).
        let table = [
            (
                "U*U",
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            ),
            (
                "U*U*",
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
            ),
            (
                "",
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
            ),
        ];
        let passwords = Passwords::default();
        for (password, hash) in table {
            assert!(is_old_hash(hash), "{hash}");
            let right = passwords.verify(&secret(password), hash).expect("verify");
            assert_eq!(
                (right.matches, right.needs_upgrade),
                (true, true),
                "{password}"
            );
            let wrong = passwords.verify(&secret("U*"), hash).expect("verify");
            assert!(!wrong.matches);
        }
    }

    #[test]
    fn what_bcrypt_would_cut_off_is_no_match() {
        // The hash of 72 letters; the original took whatever stood behind them.
        let long = "a".repeat(72);
        let hash = bcrypt::hash_with_salt(&long, 4, [7; 16])
            .expect("hash")
            .to_string();
        let verify = |text: &str| {
            let found = Passwords::default().verify(&secret(text), &hash);
            found.expect("verify").matches
        };
        assert!(verify(&long));
        assert!(!verify(&format!("{long}b")));
        assert!(!verify(&format!("{}\0{}", "a".repeat(10), "a".repeat(61))));
    }

    #[test]
    fn other_hashes_are_no_old_ones() {
        let good = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        for (from, to) in [
            ("$2a", "$2x"),
            ("$05", "$31"),
            ("$05", "$03"),
            ("E5Y", "E5"),
            ("E5Y", "E5-"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert!(!is_old_hash(&bad), "{bad}");
            let found = Passwords::default().verify(&secret("U*U"), &bad);
            assert_eq!(found, Err(PasswordError::StoredForm), "{bad}");
        }
    }

    #[test]
    fn damaged_hashes_and_endless_passwords_are_errors() {
        let passwords = Passwords::default();
        let long = secret(&"a".repeat(limits::PASSWORD_BYTES_MAX + 1));
        assert_eq!(passwords.verify(&long, ""), Err(PasswordError::TooLong));
        let greedy =
            "$argon2id$v=19$m=4194304,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAA";
        for stored in ["", "rahasia", "$argon2id$v=19$m=19456", greedy] {
            let found = passwords.verify(&secret("rahasia"), stored);
            assert_eq!(found, Err(PasswordError::StoredForm), "{stored}");
        }
    }
}
