//! The key of one backup, and the slots that hold it for those who may open it.

use crate::base::limits;
use crate::base::secret::{Secret, wipe};
use crate::crypto::backup::BackupError;
use crate::crypto::key::Key;
use crate::crypto::keyring::{KeyError, Keyring, MasterKey, derive, hex};
use crate::crypto::password::PasswordError;
use crate::crypto::random::{self, Entropy};
use crate::crypto::seal::{self, Context, SealError};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Memory that turning a passphrase into a key takes, in KiB. More than for a password at the
/// pages: a stolen file can be tried for years. It fits beside a daemon on the smallest box.
const MEMORY_KIB: u32 = 32 * 1024;
/// Passes over the memory.
const PASSES: u32 = 4;
/// The most that a header may ask for: four times today's.
const MEMORY_KIB_MAX: u32 = 4 * MEMORY_KIB;
const PASSES_MAX: u32 = 4 * PASSES;

/// Who can open a backup.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Slot {
    /// Whoever has the recovery kit: the master key of the time.
    Kit {
        /// The fingerprint that stands on the kit.
        fingerprint: String,
        /// The backup's key, wrapped.
        wrapped: Vec<u8>,
    },
    /// Whoever knows the passphrase (Argon2id, version 0x13, one lane).
    Passphrase {
        /// Salt of the key.
        salt: [u8; 16],
        /// Memory, in KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
        /// The backup's key, wrapped.
        wrapped: Vec<u8>,
    },
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kit { fingerprint, .. } => write!(f, "Kit({fingerprint})"),
            Self::Passphrase { .. } => f.write_str("Passphrase"),
        }
    }
}

/// What somebody has to open a backup with.
#[derive(Debug)]
pub enum Opener {
    /// The key of a recovery kit, which is a box's master key.
    Kit(MasterKey),
    /// A passphrase.
    Passphrase(Secret<String>),
}

/// The random key of one backup.
pub struct BackupKey(pub(super) Secret<[u8; 32]>);

impl fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupKey")
    }
}

const fn context<'a>(column: &'static str, id: &'a [u8; 16]) -> Context<'a> {
    Context {
        table: "backup",
        column,
        row: id,
    }
}

fn from_passphrase(
    passphrase: &Secret<String>,
    salt: &[u8; 16],
    memory_kib: u32,
    passes: u32,
) -> Result<Key, BackupError> {
    let bytes = passphrase.expose().as_bytes();
    if bytes.len() > limits::PASSWORD_BYTES_MAX {
        return Err(BackupError::Passphrase(PasswordError::TooLong));
    }
    let wrong = |_| BackupError::Passphrase(PasswordError::Parameters);
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(wrong)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut key = [0; 32];
    argon
        .hash_password_into(bytes, salt, &mut key)
        .map_err(wrong)?;
    let secret = Secret::new(key);
    wipe(&mut key);
    Ok(Key::new(secret, 1))
}

impl BackupKey {
    /// A new key.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(random::secret(entropy))
    }

    /// A slot of the backup `id` for whoever has this.
    ///
    /// # Errors
    /// [`BackupError::Passphrase`] for one that is too long, [`BackupError::Seal`].
    pub fn slot(
        &self,
        id: &[u8; 16],
        opener: &Opener,
        entropy: &mut dyn Entropy,
    ) -> Result<Slot, BackupError> {
        let plain = self.0.expose();
        Ok(match opener {
            Opener::Kit(master) => Slot::Kit {
                fingerprint: hex(&master.fingerprint()),
                wrapped: seal::seal(&master.backup_key(), &context("kit", id), plain, entropy)?,
            },
            Opener::Passphrase(passphrase) => {
                let mut salt = [0; 16];
                entropy.fill(&mut salt);
                let key = from_passphrase(passphrase, &salt, MEMORY_KIB, PASSES)?;
                Slot::Passphrase {
                    salt,
                    memory_kib: MEMORY_KIB,
                    passes: PASSES,
                    wrapped: seal::seal(&key, &context("passphrase", id), plain, entropy)?,
                }
            }
        })
    }

    /// The key of the backup `id` out of its slots.
    ///
    /// # Errors
    /// [`BackupError::NoSlot`] if none is for this opener; [`BackupError::WrongPassphrase`];
    /// [`BackupError::Damaged`] if the slot was changed or asks for more than is reasonable.
    pub fn open(id: &[u8; 16], slots: &[Slot], opener: &Opener) -> Result<Self, BackupError> {
        let mut found = Err(BackupError::NoSlot);
        for slot in slots {
            match (slot, opener) {
                (
                    Slot::Kit {
                        fingerprint,
                        wrapped,
                    },
                    Opener::Kit(master),
                ) if *fingerprint == hex(&master.fingerprint()) => {
                    let plain = seal::open(&master.backup_key(), &context("kit", id), wrapped)
                        .map_err(|_| BackupError::Damaged(0))?;
                    return Self::of(&plain);
                }
                (
                    Slot::Passphrase {
                        salt,
                        memory_kib,
                        passes,
                        wrapped,
                    },
                    Opener::Passphrase(passphrase),
                ) => {
                    if *memory_kib > MEMORY_KIB_MAX || *passes > PASSES_MAX {
                        return Err(BackupError::Damaged(0));
                    }
                    let key = from_passphrase(passphrase, salt, *memory_kib, *passes)?;
                    match seal::open(&key, &context("passphrase", id), wrapped) {
                        Ok(plain) => return Self::of(&plain),
                        Err(_) => found = Err(BackupError::WrongPassphrase),
                    }
                }
                (Slot::Kit { .. }, Opener::Kit(_) | Opener::Passphrase(_))
                | (Slot::Passphrase { .. }, Opener::Kit(_)) => {}
            }
        }
        found
    }

    fn of(plain: &Secret<Vec<u8>>) -> Result<Self, BackupError> {
        let bytes = <[u8; 32]>::try_from(plain.expose().as_slice());
        bytes
            .map(|bytes| Self(Secret::new(bytes)))
            .map_err(|_| BackupError::Damaged(0))
    }

    pub(super) fn stream(&self) -> Key {
        Key::new(derive(self.0.expose(), "backup stream"), 1)
    }

    fn root(&self) -> Key {
        Key::new(derive(self.0.expose(), "backup root"), 1)
    }

    /// The box's root key, sealed for the backup `id`.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal_root(
        &self,
        id: &[u8; 16],
        keyring: &Keyring,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        keyring.seal_root(&self.root(), id, entropy)
    }

    /// All keys of the box of which the backup `id` was made.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] if the sealed root key was changed.
    pub fn open_root(
        &self,
        id: &[u8; 16],
        number: u32,
        envelope: &[u8],
    ) -> Result<Keyring, KeyError> {
        Keyring::open_root(&self.root(), id, number, envelope)
    }
}
