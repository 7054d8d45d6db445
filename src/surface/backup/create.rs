//! `hadir backup create`: a snapshot while the store is in use, sealed, restored to a scratch
//! folder and compared; only then it gets its name.

use super::pack::{self, Making};
use super::scratch::Scratch;
use super::verify::told;
use super::{Error, list, name, prove};
use crate::base::json;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::time::Stamp;
use crate::crypto::backup::{Header, Opener};
use crate::crypto::random::Seeded;
use crate::domain::actor::Actor;
use crate::domain::backup::{self, Last, outdated};
use crate::domain::custody;
use crate::host::drive;
use crate::journal::fields;
use crate::store::snapshot::{self, Facts};
use crate::store::{self, FILE};
use crate::surface::core::Core;
use crate::surface::shelf::{Shelves, make_own};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The surface's name in audit rows.
const SURFACE: &str = "backup";

/// Where a backup goes.
struct Target {
    folder: PathBuf,
    file: PathBuf,
    partial: PathBuf,
    same_drive: bool,
    /// Older ones may go: it lies where all of them do.
    rotates: bool,
}

fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        Some(_) | None => Path::new("."),
    }
}

fn fit(folder: &Path, data: &Path) -> Result<bool, Error> {
    let fit = drive::look(folder, data).map_err(|unfit| Error::Unfit(folder.to_owned(), unfit))?;
    Ok(fit.same_drive)
}

impl Target {
    fn of(core: &Core, file: Option<&Path>, now: Stamp) -> Result<Self, Error> {
        let data = core.store.dir();
        let (folder, same_drive) = match (file, core.shelf.place(&core.store)?) {
            (Some(file), _) => (parent(file).to_owned(), fit(parent(file), data)?),
            (None, Shelves::Chosen(folder)) => {
                let same_drive = fit(&folder, data)?;
                (folder, same_drive)
            }
            (None, Shelves::Own(folder)) => {
                make_own(&folder).map_err(Error::io(&folder))?;
                let same_drive = drive::same_drive(&folder, data);
                (folder, same_drive)
            }
        };
        let named = file.and_then(Path::file_name).map(ToOwned::to_owned);
        let named = named.unwrap_or_else(|| name::of(core.store.box_id(), now.at).into());
        Ok(Self {
            partial: folder.join(name::partial(&named)),
            file: folder.join(named),
            same_drive,
            rotates: file.is_none(),
            folder,
        })
    }

    /// Makes room for a new one: removes what an interrupted one has left.
    fn clear(&self, core: &Core) -> Result<(), Error> {
        if self.file.exists() {
            return Err(Error::Exists(self.file.clone()));
        }
        let left = |name: &str| name::is_left_over(core.store.box_id(), name);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path == self.partial || entry.file_name().to_str().is_some_and(left) {
                fs::remove_file(&path).map_err(Error::io(&path))?;
            }
        }
        Ok(())
    }

    /// Gives the file its name, durably.
    fn name(&self) -> Result<(), Error> {
        fs::rename(&self.partial, &self.file).map_err(Error::io(&self.file))?;
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        match synced {
            // Some drives cannot sync a folder; the name is as durable there as they make it.
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            other => other.map_err(Error::io(&self.folder)),
        }
    }
}

/// For whom the backup is to open: the recovery kit, and whoever knows the passphrase if there
/// is one.
fn openers(core: &Core, typed: Option<Secret<String>>) -> Result<Vec<Opener>, Error> {
    let mut all = vec![Opener::Kit(custody::master(&core.master)?)];
    let configured = core.shelf.setting().passphrase;
    let phrase = match (typed, configured) {
        (Some(typed), _) => Some(typed),
        (None, Some(place)) => {
            let bytes = place.read().map_err(custody::Error::from)?;
            let text = String::from_utf8_lossy(bytes.expose()).into_owned();
            let text = Secret::new(text);
            let first = text.expose().lines().next().unwrap_or_default();
            Some(Secret::new(first.to_owned()))
        }
        (None, None) => None,
    };
    if let Some(phrase) = phrase {
        if phrase.expose().chars().count() < limits::BACKUP_PASSPHRASE_CHARS_MIN {
            return Err(Error::Short);
        }
        all.push(Opener::Passphrase(phrase));
    }
    Ok(all)
}

/// Makes a backup and proves it: into `file`, or where backups go. With a passphrase it opens with
/// that, too; without one, with the configured one. Blocks until it is there.
///
/// # Errors
/// Why there is none; nothing of it was left.
pub fn create(
    core: &Core,
    file: Option<&Path>,
    passphrase: Option<Secret<String>>,
) -> Result<json::Value, Error> {
    let made = make(core, file, passphrase);
    match &made {
        Ok(value) => tracing::info!(
            { fields::EVENT } = "backup_made",
            { fields::MESSAGE_ID } = fields::BACKUP_MADE,
            { fields::BYTES } = value.get("bytes").and_then(json::Value::as_u64),
            "A backup was made and proven."
        ),
        Err(error) => tracing::error!(
            { fields::EVENT } = "backup_failed",
            { fields::MESSAGE_ID } = fields::BACKUP_FAILED,
            { fields::ERROR } = %error,
            "No backup was made."
        ),
    }
    made
}

fn make(
    core: &Core,
    file: Option<&Path>,
    passphrase: Option<Secret<String>>,
) -> Result<json::Value, Error> {
    let _turn = core.shelf.turn().ok_or(Error::Busy)?;
    let now = core.clock.stamp();
    let target = Target::of(core, file, now)?;
    target.clear(core)?;
    let openers = openers(core, passphrase)?;
    let made = write(core, &target, &openers, now).and_then(|(header, facts)| {
        // The list first: no backup may lie there without it.
        let listed = core.shelf.write_erased(
            &target.folder,
            &core.store,
            &core.site(),
            now,
            &core.draw_seed(),
        );
        listed.map_err(Error::io(&target.folder))?;
        target.name()?;
        Ok((header, facts))
    });
    if made.is_err() {
        // The first error is the one that is told.
        let _ = fs::remove_file(&target.partial);
    }
    let (header, facts) = made?;
    finish(core, &target, &header, &facts)
}

/// Writes the backup under the name that does not count yet, and proves it.
fn write(
    core: &Core,
    target: &Target,
    openers: &[Opener],
    now: Stamp,
) -> Result<(Header, Facts), Error> {
    let site = core.site();
    let scratch = Scratch::new(core.store.dir())?;
    let copy = scratch.folder("copy")?;
    let path = copy.join(FILE);
    snapshot::write(&core.store, &path).map_err(|error| match error == store::Error::Full {
        true => Error::Full(path.clone()),
        false => error.into(),
    })?;
    let facts = prove::look(&copy, &site.keyring)?;
    let making = Making {
        copy: &copy,
        facts: &facts,
        store_dir: core.store.dir(),
        of_box: core.store.box_id().to_string(),
        made_at: now.at,
        keyring: &site.keyring,
        openers,
    };
    let mut chance = Seeded::new(&core.draw_seed());
    pack::pack(&making, &target.partial, &mut chance)?;
    // Room for the proof.
    fs::remove_dir_all(&copy).map_err(Error::io(&copy))?;
    let proof = scratch.folder("proof")?;
    pack::opens(&target.partial, openers)?;
    let unpacked = pack::unpack(&target.partial, openers, &proof)?;
    let proven = prove::prove(&proof, &unpacked)?;
    if proven != facts {
        return Err(Error::Unproven(
            "it holds something else than the store".to_owned(),
        ));
    }
    Ok((unpacked.header, facts))
}

/// Remembers the backup and lets older ones go.
fn finish(
    core: &Core,
    target: &Target,
    header: &Header,
    facts: &Facts,
) -> Result<json::Value, Error> {
    let bytes = fs::metadata(&target.file)
        .map_err(Error::io(&target.file))?
        .len();
    let last = Last {
        made_ms: header.made_ms,
        file: target.file.display().to_string(),
        bytes,
        same_drive: target.same_drive,
    };
    let kept = last.clone();
    let remembered = core.write(Actor::Operator, SURFACE, move |tx, call| {
        backup::record(tx, call, &kept)
    });
    core.shelf.set_last(last);
    if let Err(error) = remembered {
        // The backup is there and good; only the store cannot say so after a restart.
        tracing::warn!({ fields::ERROR } = %error, "The store could not note the backup.");
    }
    let removed = match target.rotates {
        true => rotate(core, &target.folder)?,
        false => Vec::new(),
    };
    let mut value = told(&target.file, header, facts);
    if let Some(map) = value.as_object_mut() {
        map.insert("bytes".to_owned(), json::json!(bytes));
        map.insert("same_drive".to_owned(), json::json!(target.same_drive));
        map.insert("removed".to_owned(), json::json!(removed));
    }
    Ok(value)
}

/// Removes the backups of this box in `folder` that are kept no longer: their names.
fn rotate(core: &Core, folder: &Path) -> Result<Vec<String>, Error> {
    let of_box = core.store.box_id();
    let all: Vec<_> = (list::backups(folder)?.into_iter())
        .filter(|found| name::is_of(of_box, &found.name))
        .collect();
    let times: Vec<_> = all.iter().map(list::Found::made_at).collect();
    let gone = outdated(&times, core.shelf.setting().keep, &core.site().zone);
    let mut names = Vec::new();
    for found in gone.iter().filter_map(|at| all.get(*at)) {
        let path = folder.join(&found.name);
        fs::remove_file(&path).map_err(Error::io(&path))?;
        names.push(found.name.clone());
    }
    Ok(names)
}
