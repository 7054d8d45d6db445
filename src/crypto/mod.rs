//! Keys, sealing, randomness, passwords, tokens, certificates.
//!
//! Owns `ring` (HMAC, HKDF, the system's randomness), `aes-gcm`, `argon2`, `bcrypt`, `rcgen` and
//! `tokio-rustls`. Nothing here
//! touches a disk or a clock; every random byte comes in through [`random::Entropy`].

pub mod backup;
pub mod certificate;
pub mod digest;
pub mod jwt;
pub mod key;
pub mod keyring;
pub mod password;
pub mod random;
pub mod seal;
pub mod signature;
pub mod tls;
pub mod token;
pub mod totp;
mod validity;
