//! A copy of the store into a backup's file, and back out of it.

use super::Error;
use crate::base::json;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::crypto::backup::{
    BackupError, BackupKey, Header, Opener, Reader, Slot, Writer, read_header,
};
use crate::crypto::keyring::Keyring;
use crate::crypto::random::Entropy;
use crate::store::snapshot::Facts;
use crate::store::{FILE, schema};
use crate::surface::trust;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

/// Files beside the database that a backup takes along: without the authority every phone would
/// have to trust the box anew. They are sealed under the box's keys where they lie.
pub const BESIDE: [&str; 1] = [trust::AUTHORITY_FILE];

/// What a backup says of itself inside.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// Rows of the audit chain.
    pub chain_count: u64,
    /// The chain's last link.
    pub chain_link: [u8; 32],
    /// Length of the database.
    pub database_bytes: u64,
    /// Number of the root key.
    pub root_number: u32,
    /// The root key, sealed.
    pub root: Vec<u8>,
    /// The files beside the database.
    pub beside: BTreeMap<String, Vec<u8>>,
}

/// What goes into a backup besides the database.
pub struct Making<'a> {
    /// The folder with the copy of the store.
    pub copy: &'a Path,
    /// What the copy holds.
    pub facts: &'a Facts,
    /// The store's own folder.
    pub store_dir: &'a Path,
    /// The box's id.
    pub of_box: String,
    /// When.
    pub made_at: Timestamp,
    /// All keys.
    pub keyring: &'a Keyring,
    /// For whom it is to open.
    pub openers: &'a [Opener],
}

fn beside(store_dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut all = BTreeMap::new();
    for name in BESIDE {
        let path = store_dir.join(name);
        let bytes = crate::host::file::read(&path, limits::CERTIFICATE_BYTES_MAX);
        if let Some(bytes) = bytes.map_err(Error::io(&path))? {
            all.insert(name.to_owned(), bytes);
        }
    }
    Ok(all)
}

/// Writes a backup to `target`, which must not be there; its bytes are durable on return, its
/// name is not.
pub fn pack(
    making: &Making<'_>,
    target: &Path,
    entropy: &mut dyn Entropy,
) -> Result<Header, Error> {
    let wrong = Error::of(target);
    let mut id = [0; 16];
    entropy.fill(&mut id);
    let key = BackupKey::generate(entropy);
    let mut slot = |opener| key.slot(&id, opener, entropy);
    let slots: Result<Vec<Slot>, _> = making.openers.iter().map(&mut slot).collect();
    let header = Header {
        id,
        made_ms: making.made_at.as_millis(),
        of_box: making.of_box.clone(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: making.facts.schema,
        slots: slots.map_err(&wrong)?,
    };
    let path = making.copy.join(FILE);
    let mut database = File::open(&path).map_err(Error::io(&path))?;
    let manifest = Manifest {
        rows: making.facts.rows.clone(),
        chain_count: making.facts.end.count,
        chain_link: making.facts.end.link,
        database_bytes: database.metadata().map_err(Error::io(&path))?.len(),
        root_number: making.keyring.number(),
        root: (key.seal_root(&id, making.keyring, entropy))
            .map_err(|e| wrong(BackupError::Seal(e)))?,
        beside: beside(making.store_dir)?,
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let file = options.open(target).map_err(Error::io(target))?;
    let mut writer = Writer::begin(BufWriter::new(file), &header, &key).map_err(&wrong)?;
    let text = json::encode(&manifest).map_err(|e| Error::Unproven(e.to_string()))?;
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    writer.write(&length.to_be_bytes()).map_err(&wrong)?;
    writer.write(text.as_bytes()).map_err(&wrong)?;
    let mut part = vec![0; limits::BACKUP_CHUNK_BYTES];
    loop {
        let count = database.read(&mut part).map_err(Error::io(&path))?;
        if count == 0 {
            break;
        }
        let read = part.get(..count).unwrap_or_default();
        writer.write(read).map_err(&wrong)?;
    }
    let written = writer.finish().map_err(&wrong)?;
    let file = written
        .into_inner()
        .map_err(|e| Error::io(target)(e.into_error()))?;
    file.sync_all().map_err(Error::io(target))?;
    Ok(header)
}

/// What came out of a backup.
pub struct Unpacked {
    /// What can be read without a key.
    pub header: Header,
    /// What it says of itself.
    pub manifest: Manifest,
    /// All keys of its box.
    pub keyring: Arc<Keyring>,
}

/// Who can open a backup, in words.
#[must_use]
pub fn who(slots: &[Slot]) -> Vec<String> {
    let one = |slot: &Slot| match slot {
        Slot::Kit { fingerprint, .. } => format!("the recovery kit with fingerprint {fingerprint}"),
        Slot::Passphrase { .. } => "its passphrase".to_owned(),
    };
    slots.iter().map(one).collect()
}

fn unlock(file: &Path, header: &Header, openers: &[Opener]) -> Result<BackupKey, Error> {
    let mut refused = None;
    for opener in openers {
        match BackupKey::open(&header.id, &header.slots, opener) {
            Ok(key) => return Ok(key),
            Err(BackupError::NoSlot) => {}
            Err(error) => refused = Some(error),
        }
    }
    Err(match refused {
        Some(error) => Error::of(file)(error),
        None => Error::Locked(file.to_owned(), who(&header.slots)),
    })
}

/// Whether each of these opens the backup.
pub fn opens(file: &Path, openers: &[Opener]) -> Result<(), Error> {
    let header = header(file)?;
    for opener in openers {
        BackupKey::open(&header.id, &header.slots, opener).map_err(Error::of(file))?;
    }
    Ok(())
}

/// The header of a backup's file.
pub fn header(file: &Path) -> Result<Header, Error> {
    let mut from = File::open(file).map_err(Error::io(file))?;
    Ok(read_header(&mut from).map_err(Error::of(file))?.0)
}

/// Takes everything out of a backup into the empty folder `into`. That the file is whole is known
/// on return, and not before.
pub fn unpack(file: &Path, openers: &[Opener], into: &Path) -> Result<Unpacked, Error> {
    let wrong = Error::of(file);
    let mut from = File::open(file).map_err(Error::io(file))?;
    let (header, head) = read_header(&mut from).map_err(&wrong)?;
    if header.schema > schema::NUMBER {
        return Err(Error::Newer(header.schema, schema::NUMBER));
    }
    let key = unlock(file, &header, openers)?;
    let mut reader = Reader::begin(from, &head, &key).map_err(&wrong)?;
    let manifest = read_manifest(&mut reader).map_err(&wrong)?;
    write_database(&mut reader, file, manifest.database_bytes, &into.join(FILE))?;
    for name in BESIDE {
        if let Some(bytes) = manifest.beside.get(name) {
            let path = into.join(name);
            crate::host::file::write(&path, bytes).map_err(Error::io(&path))?;
        }
    }
    let keyring = key.open_root(&header.id, manifest.root_number, &manifest.root);
    Ok(Unpacked {
        keyring: Arc::new(keyring.map_err(crate::domain::custody::Error::from)?),
        header,
        manifest,
    })
}

fn read_manifest(reader: &mut Reader<File>) -> Result<Manifest, BackupError> {
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > limits::BACKUP_MANIFEST_BYTES_MAX {
        return Err(BackupError::Damaged(0));
    }
    let mut text = vec![0; length];
    reader.read_exact(&mut text)?;
    json::decode(&text, limits::BACKUP_MANIFEST_BYTES_MAX).map_err(|_| BackupError::Damaged(0))
}

fn write_database(
    reader: &mut Reader<File>,
    file: &Path,
    bytes: u64,
    to: &Path,
) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut database = options.open(to).map_err(Error::io(to))?;
    let mut part = vec![0; limits::BACKUP_CHUNK_BYTES];
    let mut written = 0;
    loop {
        let count = reader.read(&mut part).map_err(Error::of(file))?;
        if count == 0 {
            break;
        }
        written += count as u64;
        let read = part.get(..count).unwrap_or_default();
        database.write_all(read).map_err(Error::io(to))?;
    }
    if written == bytes {
        Ok(())
    } else {
        Err(Error::of(file)(BackupError::Damaged(0)))
    }
}
