//! Where the backups of this box lie and what is remembered of the last one: the part that
//! everything that erases somebody needs, too, because the list of the erased lies beside them.
//! Backups are made and restored in `surface::backup`.

use crate::base::id::BoxId;
use crate::base::limits;
use crate::base::time::Stamp;
use crate::crypto::random::{Seed, Seeded};
use crate::domain::backup::{self, Erased, Keep, Last, Place};
use crate::domain::setting;
use crate::domain::site::Site;
use crate::host::{credential, file};
use crate::journal::fields;
use crate::store::Store;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};

/// The folder beside the store's file where backups go while nobody has chosen another place.
const OWN_FOLDER: &str = "backups";

/// `[backup]` of the configuration.
#[derive(Debug, Clone, Default)]
pub struct BackupSetting {
    /// The folder, unless another was chosen on the pages.
    pub dir: Option<PathBuf>,
    /// Where the passphrase is, if backups are to open with one.
    pub passphrase: Option<credential::Place>,
    /// How many are kept.
    pub keep: Keep,
}

/// Where backups go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelves {
    /// Into a folder that somebody chose.
    Chosen(PathBuf),
    /// Beside the store, because nobody chose.
    Own(PathBuf),
}

impl Shelves {
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        match self {
            Self::Chosen(folder) | Self::Own(folder) => folder,
        }
    }
}

/// What is remembered of backups while the box runs.
#[derive(Debug, Default)]
pub struct Shelf {
    setting: OnceLock<BackupSetting>,
    turn: Mutex<()>,
    list: Mutex<()>,
    last: Mutex<Option<Option<Last>>>,
}

/// The name of the list of the erased of a box.
#[must_use]
pub fn erased_name(of_box: BoxId) -> String {
    format!("hadir-{of_box}.erased")
}

impl Shelf {
    /// Takes the configuration's settings, once.
    pub fn configure(&self, setting: BackupSetting) {
        // A second call has nothing new to say.
        let _ = self.setting.set(setting);
    }

    /// The settings.
    #[must_use]
    pub fn setting(&self) -> BackupSetting {
        self.setting.get().cloned().unwrap_or_default()
    }

    /// The turn to make a backup; None: one is being made.
    #[must_use]
    pub fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        match self.turn.try_lock() {
            Ok(turn) => Some(turn),
            Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Where backups go now.
    ///
    /// # Errors
    /// Those of reading the choice.
    pub fn place(&self, store: &Store) -> Result<Shelves, setting::Error> {
        let chosen = match store.read(setting::find_backup)? {
            Some(Place::Folder(folder)) => Some(folder.path().to_owned()),
            Some(Place::Later) | None => self.setting().dir,
        };
        Ok(match chosen {
            Some(folder) => Shelves::Chosen(folder),
            None => Shelves::Own(store.dir().join(OWN_FOLDER)),
        })
    }

    /// The last backup that was proven.
    #[must_use]
    pub fn last(&self, store: &Store) -> Option<Last> {
        let mut known = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &*known {
            return last.clone();
        }
        let last = store.read(backup::find_last).ok()?;
        known.clone_from(&Some(last.clone()));
        last
    }

    /// Remembers the last one.
    pub fn set_last(&self, last: Last) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Some(last));
    }

    /// Writes the list of the erased into a folder, in the place of an older one.
    ///
    /// # Errors
    /// If it cannot be read, sealed or written; the older one is there then.
    pub fn write_erased(
        &self,
        folder: &Path,
        store: &Store,
        site: &Site,
        now: Stamp,
        seed: &Seed,
    ) -> io::Result<()> {
        // The later of two must not be overwritten by the earlier one.
        let _alone = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let erased: Erased = store
            .read(|view| backup::erased(view, now.at))
            .map_err(io::Error::other)?;
        let sealed = erased.seal(site, &mut Seeded::new(seed));
        let sealed = sealed.map_err(io::Error::other)?;
        file::write(&folder.join(erased_name(site.box_id)), &sealed)
    }

    /// Somebody was erased: the list beside the backups has to say so. A folder of our own that is
    /// not there has no backups in it; what else fails is told, and the next backup writes the list.
    pub fn note_erasure(&self, store: &Store, site: &Site, now: Stamp, seed: &Seed) {
        let place = match self.place(store) {
            Ok(Shelves::Own(folder)) if !folder.is_dir() => return,
            Ok(place) => place,
            Err(error) => return untold(&error),
        };
        if let Err(error) = self.write_erased(place.folder(), store, site, now, seed) {
            untold(&error);
        }
    }
}

fn untold(error: &dyn std::fmt::Display) {
    tracing::warn!(
        { fields::EVENT } = "erasure_not_listed",
        { fields::ERROR } = %error,
        "The list of the erased beside the backups could not be written; the next backup does it."
    );
}

/// Makes a folder of our own if it is not there.
///
/// # Errors
/// If it cannot be made.
pub fn make_own(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The list of the erased in a folder; None: there is none.
///
/// # Errors
/// What is wrong with it.
pub fn read_erased(folder: &Path, site: &Site) -> Result<Option<Erased>, String> {
    let path = folder.join(erased_name(site.box_id));
    let bytes = file::read(&path, limits::BACKUP_ERASED_BYTES_MAX as u64);
    match bytes.map_err(|e| e.to_string())? {
        None => Ok(None),
        Some(bytes) => Erased::open(&bytes, site)
            .map(Some)
            .map_err(|e| e.to_string()),
    }
}
