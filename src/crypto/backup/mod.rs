//! The form of a backup: a readable header, then one stream of sealed chunks.
//!
//! | bytes | what |
//! |---|---|
//! | 16 | `hadir-backup-1`, line feed, zero |
//! | 4 | length of the header, big-endian |
//! | … | the header, JSON: the backup's id, when and of which box it was made, the schema's number, and the slots |
//! | 65,552 each | chunks: 65,536 bytes under AES-256-GCM and a tag of 16; the last one may be shorter |
//!
//! Each backup has a random key of its own. A slot holds that key, wrapped for whoever has the
//! recovery kit or knows the passphrase; one slot suffices. A chunk's nonce is whether it is the
//! last one (1 byte), three zeros and its number (8 bytes, big-endian); its associated data is the
//! SHA-256 of all that stands before the first chunk. So chunks cannot be left out, moved,
//! repeated or taken from another backup, and the end is where it was written (the STREAM
//! construction; Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
//!
//! Nothing here touches a disk: [`Writer`] and [`Reader`] work on what they are given.

mod key;
mod stream;

pub use key::{BackupKey, Opener, Slot};
pub use stream::{Reader, Writer};

use crate::base::limits;
use crate::crypto::password::PasswordError;
use crate::crypto::seal::SealError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// What every version begins with.
const WORD: &[u8] = b"hadir-backup-";
/// What this version begins with.
const MAGIC: &[u8; 16] = b"hadir-backup-1\n\0";

/// What can be read of a backup without a key. It is bound to every chunk, so that what it says is
/// known to be true once the first chunk has opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The backup's own id, 16 random bytes.
    pub id: [u8; 16],
    /// When it was made, in milliseconds since 1970.
    pub made_ms: i64,
    /// The box's id.
    pub of_box: String,
    /// The version of the program that made it.
    pub program: String,
    /// The number of the store's schema.
    pub schema: u32,
    /// Who can open it.
    pub slots: Vec<Slot>,
}

/// Why a backup cannot be written or opened.
#[derive(Debug)]
pub enum BackupError {
    /// The file is something else.
    NotABackup,
    /// A newer program has written it, in a form that this one does not know.
    Newer,
    /// It was made for no kit and no passphrase that was given.
    NoSlot,
    /// The passphrase is not the one that it was made with.
    WrongPassphrase,
    /// It was cut or changed: from about this byte on.
    Damaged(u64),
    /// The passphrase is too long.
    Passphrase(PasswordError),
    /// Sealing failed.
    Seal(SealError),
    /// Reading or writing failed.
    Io(io::Error),
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABackup => f.write_str("this is not a backup of hadir"),
            Self::Newer => {
                f.write_str("a newer hadir has written this backup: install that version first")
            }
            Self::NoSlot => f.write_str(
                "the backup was made for another recovery kit or for a passphrase: give the one it was made with",
            ),
            Self::WrongPassphrase => f.write_str("the passphrase is not the one of this backup"),
            Self::Damaged(at) => write!(
                f,
                "the backup was cut off or changed, at byte {at} or soon after: use another one"
            ),
            Self::Passphrase(error) => write!(f, "the passphrase: {error}"),
            Self::Seal(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BackupError {}

impl From<SealError> for BackupError {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The bytes before the first chunk.
fn encode(header: &Header) -> Result<Vec<u8>, BackupError> {
    let text = crate::base::json::encode(header).map_err(|_| SealError::Form)?;
    let length = u32::try_from(text.len()).map_err(|_| SealError::Form)?;
    let mut bytes = Vec::with_capacity(MAGIC.len() + 4 + text.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
    Ok(bytes)
}

fn exactly(from: &mut impl io::Read, bytes: &mut [u8], at: usize) -> Result<(), BackupError> {
    let over = |error: &io::Error| error.kind() == io::ErrorKind::UnexpectedEof;
    from.read_exact(bytes).map_err(|error| match over(&error) {
        true => BackupError::Damaged(at as u64),
        false => BackupError::Io(error),
    })
}

/// Reads the bytes before the first chunk: the header, and all of them for the seals.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::Newer`], [`BackupError::Damaged`],
/// [`BackupError::Io`].
pub fn read_header(from: &mut impl io::Read) -> Result<(Header, Vec<u8>), BackupError> {
    let mut magic = [0; MAGIC.len()];
    let cut = |error: &BackupError| matches!(error, BackupError::Damaged(_));
    exactly(from, &mut magic, 0).map_err(|error| match cut(&error) {
        true => BackupError::NotABackup,
        false => error,
    })?;
    match (magic == *MAGIC, magic.starts_with(WORD)) {
        (true, _) => {}
        (false, true) => return Err(BackupError::Newer),
        (false, false) => return Err(BackupError::NotABackup),
    }
    let mut length = [0; 4];
    exactly(from, &mut length, MAGIC.len())?;
    let size = u32::from_be_bytes(length) as usize;
    if size > limits::BACKUP_HEADER_BYTES_MAX {
        return Err(BackupError::Damaged(MAGIC.len() as u64));
    }
    let begin = MAGIC.len() + length.len();
    let mut text = vec![0; size];
    exactly(from, &mut text, begin)?;
    let header = crate::base::json::decode(&text, limits::BACKUP_HEADER_BYTES_MAX)
        .map_err(|_| BackupError::Damaged(begin as u64))?;
    let mut bytes = magic.to_vec();
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(&text);
    Ok((header, bytes))
}
