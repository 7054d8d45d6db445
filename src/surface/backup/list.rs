//! `hadir backup list`: the backups in a folder, by their readable headers.

use super::pack::{self, who};
use super::{Error, name};
use crate::base::json;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::crypto::backup::Header;
use crate::surface::core::Core;
use std::fs;
use std::io;
use std::path::Path;

/// A backup in a folder.
pub struct Found {
    /// Its name there.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// What it says of itself, unproven.
    pub header: Header,
}

impl Found {
    /// When it was made.
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_millis(self.header.made_ms)
    }
}

/// The backups in a folder, of all boxes, oldest first. Other files are passed over.
pub fn backups(folder: &Path) -> Result<Vec<Found>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(folder)(error)),
    };
    let mut all = Vec::new();
    for entry in entries.flatten().take(limits::BACKUP_FILES_MAX) {
        let Ok(found) = entry.file_name().into_string() else {
            continue;
        };
        if found.starts_with('.') || !found.ends_with(name::END) {
            continue;
        }
        if let (Ok(header), Ok(data)) = (pack::header(&entry.path()), entry.metadata()) {
            all.push(Found {
                name: found,
                bytes: data.len(),
                header,
            });
        }
    }
    all.sort_by_key(|found| found.header.made_ms);
    Ok(all)
}

/// The backups in `folder`, or where this box's backups go.
///
/// # Errors
/// If the folder cannot be read.
pub fn list(core: &Core, folder: Option<&Path>) -> Result<json::Value, Error> {
    let place = core.shelf.place(&core.store)?;
    let folder = folder.unwrap_or_else(|| place.folder());
    let one = |found: Found| {
        json::json!({
            "file": folder.join(&found.name).display().to_string(),
            "made_at": found.made_at().to_string(),
            "bytes": found.bytes,
            "box": found.header.of_box,
            "schema": found.header.schema,
            "opens_with": who(&found.header.slots),
        })
    };
    let all: Vec<json::Value> = backups(folder)?.into_iter().map(one).collect();
    Ok(json::json!({"folder": folder.display().to_string(), "backups": all}))
}
