//! Keys, sealing, randomness, passwords, tokens.
//!
//! Owns `ring` (HMAC, HKDF, the system's randomness), `aes-gcm` and `argon2`. Nothing here
//! touches a disk or a clock; every random byte comes in through [`random::Entropy`].

pub mod digest;
pub mod key;
pub mod keyring;
pub mod password;
pub mod random;
pub mod seal;
pub mod token;
