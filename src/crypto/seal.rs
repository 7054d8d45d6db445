//! Sealing: AES-256-GCM with the place of the value bound to it.
//!
//! Envelope: version (1 byte, 1), key number (4 bytes, big-endian), nonce (12 random bytes),
//! ciphertext with its 16-byte tag. The associated data are the version, the key number,
//! the table, the column and the row, each with its length before it, so that a sealed
//! value opens only where it was written. NIST SP 800-38D, section 8.3, allows 2^32 seals
//! with random nonces under one key; each key counts its own and refuses beyond.

use crate::base::secret::Secret;
use crate::crypto::key::Key;
use crate::crypto::random::Entropy;
use aes_gcm::aead::{Aead, Payload};
use ring::hmac;
use std::fmt;

/// The envelope's version.
const VERSION: u8 = 1;
/// Version and key number.
const HEAD_BYTES: usize = 5;
/// A random nonce of AES-GCM.
const NONCE_BYTES: usize = 12;
/// What sealing adds to a value, in bytes: head, nonce and tag.
pub const OVERHEAD_BYTES: usize = HEAD_BYTES + NONCE_BYTES + 16;

/// The place of a sealed value. It is part of the seal: elsewhere the value does not open.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The table's name.
    pub table: &'static str,
    /// The column's name.
    pub column: &'static str,
    /// What names the row, usually the 16 bytes of its id.
    pub row: &'a [u8],
}

/// Why a value could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// The envelope is shorter than any, or of an unknown version.
    Form,
    /// The envelope was sealed under another key: the number it carries.
    KeyNumber(u32),
    /// The value was changed, moved, or sealed under another key.
    NotAuthentic,
    /// The key has sealed as many values as its nonces allow.
    WornOut,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("the sealed value is not an envelope of version 1"),
            Self::KeyNumber(number) => {
                write!(f, "the value was sealed under key number {number}")
            }
            Self::NotAuthentic => {
                f.write_str("the sealed value was changed, moved, or sealed under another key")
            }
            Self::WornOut => f.write_str("the key has sealed as many values as it may"),
        }
    }
}

impl std::error::Error for SealError {}

fn associate(number: u32, context: &Context<'_>) -> Vec<u8> {
    let parts = [
        context.table.as_bytes(),
        context.column.as_bytes(),
        context.row,
    ];
    let mut data = Vec::with_capacity(64);
    data.push(VERSION);
    data.extend_from_slice(&number.to_be_bytes());
    for part in parts {
        data.extend_from_slice(&(part.len() as u64).to_be_bytes());
        data.extend_from_slice(part);
    }
    data
}

/// Whether bytes begin as an envelope does; a text never does.
#[must_use]
pub fn is_envelope(bytes: &[u8]) -> bool {
    bytes.len() >= OVERHEAD_BYTES && bytes.first() == Some(&VERSION)
}

/// Seals `plain` for the place `context` under `key`.
///
/// # Errors
/// [`SealError::WornOut`] when the key has been used up. Nothing was sealed then, and
/// nothing may be stored in place of the envelope.
pub fn seal(
    key: &Key,
    context: &Context<'_>,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    key.count_use().map_err(|_| SealError::WornOut)?;
    let mut nonce = [0; NONCE_BYTES];
    entropy.fill(&mut nonce);
    let associated = associate(key.number(), context);
    let payload = Payload {
        msg: plain,
        aad: &associated,
    };
    let sealed = key
        .cipher()
        .encrypt(&nonce.into(), payload)
        .map_err(|_| SealError::Form)?;
    let mut envelope = Vec::with_capacity(OVERHEAD_BYTES + plain.len());
    envelope.push(VERSION);
    envelope.extend_from_slice(&key.number().to_be_bytes());
    envelope.extend_from_slice(&nonce);
    envelope.extend_from_slice(&sealed);
    Ok(envelope)
}

/// Opens an envelope that [`seal`] made under the same key for the same place.
///
/// # Errors
/// [`SealError::Form`], [`SealError::KeyNumber`], [`SealError::NotAuthentic`].
pub fn open(
    key: &Key,
    context: &Context<'_>,
    envelope: &[u8],
) -> Result<Secret<Vec<u8>>, SealError> {
    let (head, rest) = envelope
        .split_first_chunk::<HEAD_BYTES>()
        .ok_or(SealError::Form)?;
    let (nonce, sealed) = rest
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(SealError::Form)?;
    let [version, number @ ..] = *head;
    if version != VERSION {
        return Err(SealError::Form);
    }
    let number = u32::from_be_bytes(number);
    if number != key.number() {
        return Err(SealError::KeyNumber(number));
    }
    let associated = associate(number, context);
    let payload = Payload {
        msg: sealed,
        aad: &associated,
    };
    key.cipher()
        .decrypt(&(*nonce).into(), payload)
        .map(Secret::new)
        .map_err(|_| SealError::NotAuthentic)
}

/// HMAC-SHA256 of a value and its place: a blind index by which a sealed value is looked
/// up, and the links of the audit chain. Equal values in one place have equal digests.
#[must_use]
pub fn digest(key: &Key, context: &Context<'_>, plain: &[u8]) -> [u8; 32] {
    let mut mac = hmac::Context::with_key(key.mac());
    mac.update(&associate(key.number(), context));
    mac.update(plain);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(mac.sign().as_ref()) {
        *to = *from;
    }
    bytes
}
