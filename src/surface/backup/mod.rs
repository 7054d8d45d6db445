//! Backups: making, proving, listing and restoring them. The running daemon does it for the
//! command line, or the command line itself while none runs.
//!
//! A backup gets its name only after it was restored to a scratch folder and found to hold what
//! the store held; until then it is called `.….partial`, and the next one removes what was left
//! of it. The form of the file is `crypto::backup`'s.

pub mod create;
mod error;
pub mod list;
mod name;
mod pack;
mod prove;
pub mod restore;
mod scratch;
pub mod verify;

pub use error::Error;

use crate::base::secret::Secret;
use crate::crypto::backup::Opener;
use crate::crypto::keyring::MasterKey;
use crate::domain::custody;
use crate::host::credential::Place;
use crate::surface::shelf::BackupSetting;

/// What a secret's file holds as a passphrase: its first line.
fn passphrase(place: &Place) -> Option<Secret<String>> {
    let bytes = place.read().ok()?;
    let text = std::str::from_utf8(bytes.expose()).ok()?;
    Some(Secret::new(
        text.lines().next().unwrap_or_default().to_owned(),
    ))
}

/// What this box has to open backups with: its master key and the configured passphrase, as far as
/// they can be read.
#[must_use]
pub fn own_openers(master: &Place, setting: &BackupSetting) -> Vec<Opener> {
    let kit = custody::master(master).ok().map(Opener::Kit);
    let phrase = setting.passphrase.as_ref().and_then(passphrase);
    kit.into_iter()
        .chain(phrase.map(Opener::Passphrase))
        .collect()
}

/// The key that was typed from a recovery kit.
///
/// # Errors
/// [`Error::Key`] if it was mistyped.
pub fn kit(typed: &Secret<String>) -> Result<Opener, Error> {
    let master = MasterKey::read(typed.expose().as_bytes());
    Ok(Opener::Kit(master.map_err(custody::Error::from)?))
}
