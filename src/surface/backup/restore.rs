//! `hadir restore`: brings a store back from a backup, on the same box or on another one with
//! another master key. Everything is done in a scratch folder first: unpacked, proven, brought to
//! today's schema, wrapped for the box's own master key, and whoever was erased since is erased
//! again. Only then it takes the store's place, and the store that was there is kept aside.

use super::pack::{self, BESIDE, Unpacked};
use super::scratch::Scratch;
use super::verify::told;
use super::{Error, prove};
use crate::base::id::{BoxId, RequestId};
use crate::base::json;
use crate::base::time::{Clock, Span, Stamp, Timestamp, Zone};
use crate::crypto::backup::Opener;
use crate::crypto::keyring::Keyring;
use crate::crypto::random::{Seed, Seeded, new_id};
use crate::domain::actor::Actor;
use crate::domain::backup::{self, Erased};
use crate::domain::custody;
use crate::domain::rule::Rules;
use crate::domain::site::{Call, Site};
use crate::host::credential::Place;
use crate::store::exchange::{self, Held};
use crate::store::{self, LOCK_FILE, Migration, Options, Store, Tx, inspect};
use crate::surface::{shelf, trust};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is restored, and where to.
pub struct Order<'a> {
    /// The backup.
    pub file: &'a Path,
    /// What there is to open it with.
    pub openers: &'a [Opener],
    /// The store's folder.
    pub store_dir: &'a Path,
    /// Where this box's master key is.
    pub master: &'a Place,
    /// The site's time zone.
    pub zone: Zone,
    /// Everything but the last step, and nothing is kept.
    pub dry_run: bool,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Chance.
    pub seed: Seed,
}

/// Who was erased, as far as it is known here.
struct Known {
    people: Vec<String>,
    until: Timestamp,
    /// Why the list beside the backup says nothing.
    trouble: Option<String>,
}

/// What was done to the unpacked store.
struct Settled {
    migrated: bool,
    adopted: bool,
    erased: u32,
}

/// Restores, or says what restoring would do.
///
/// # Errors
/// Why it was not restored. The store is as it was then, unless the files were being exchanged:
/// it says so at its next start.
pub fn restore(order: &Order<'_>) -> Result<json::Value, Error> {
    let held = match order.dry_run {
        true => None,
        false => Some(hold(order.store_dir)?),
    };
    // Before anything is done: without a master key nothing could be opened afterwards.
    custody::master(order.master)?;
    let scratch = match order.store_dir.is_dir() {
        true => Scratch::new(order.store_dir)?,
        false => Scratch::new(&std::env::temp_dir())?,
    };
    let new = scratch.folder("new")?;
    let unpacked = pack::unpack(order.file, order.openers, &new)?;
    let facts = prove::prove(&new, &unpacked)?;
    let mut value = told(order.file, &unpacked.header, &facts);
    let known = known(order, &unpacked);
    let settled = settle(order, &new, &unpacked.keyring, &known)?;
    let aside = match held {
        None => None,
        Some(held) => Some(exchange(order, &held, &new)?),
    };
    tell(&mut value, order, &known, &settled, aside.as_deref());
    Ok(value)
}

fn hold(dir: &Path) -> Result<Held, Error> {
    let in_use = |error: &store::Error| matches!(error, store::Error::InUse(_));
    let held = exchange::hold(dir).map_err(|error| match in_use(&error) {
        true => Error::InUse,
        false => error.into(),
    })?;
    // Also when nothing is restored: the service must be able to take the lock.
    give_to_owner(dir, &dir.join(LOCK_FILE))?;
    Ok(held)
}

fn site(order: &Order<'_>, keyring: &Arc<Keyring>, box_id: BoxId) -> Site {
    Site {
        keyring: Arc::clone(keyring),
        zone: order.zone.clone(),
        box_id,
        rules: Rules::default(),
    }
}

/// Who was erased: by the list beside the backup, and by the store that is there, if it is of the
/// same box.
fn known(order: &Order<'_>, unpacked: &Unpacked) -> Known {
    let made_at = Timestamp::from_millis(unpacked.header.made_ms);
    let mut known = Known {
        people: Vec::new(),
        until: made_at,
        trouble: None,
    };
    let Ok(of_box) = unpacked.header.of_box.parse::<BoxId>() else {
        known.trouble = Some("the backup names no box".to_owned());
        return known;
    };
    let folder = match order.file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let name = shelf::erased_name(of_box);
    match shelf::read_erased(folder, &site(order, &unpacked.keyring, of_box)) {
        Ok(Some(listed)) => known.add(listed),
        Ok(None) => known.trouble = Some(format!("{name} does not lie beside the backup")),
        Err(why) => known.trouble = Some(format!("{name}: {why}")),
    }
    let present = inspect::inspect(order.store_dir, |view| {
        let latest = inspect::find_latest(view)?;
        Ok((inspect::find_box(view)?, backup::erased(view, latest)?))
    });
    if let Ok(Some((_, Some((Some(found), erased))))) = present
        && found == of_box
    {
        known.add(erased);
    }
    known
}

impl Known {
    fn add(&mut self, more: Erased) {
        self.until = self.until.max(more.known());
        self.people.extend(more.people);
    }
}

/// Makes a store of this box of what was unpacked into `new`.
fn settle(
    order: &Order<'_>,
    new: &Path,
    keyring: &Arc<Keyring>,
    known: &Known,
) -> Result<Settled, Error> {
    let mut chance = Seeded::new(&order.seed);
    let new_box = new_id(order.clock.stamp().at, &mut chance);
    let store = Store::open(&Options::new(new.to_owned(), new_box))?;
    let stamp = order.clock.stamp();
    let now = Stamp {
        at: (stamp.at).max(store.last_time().plus(Span::from_millis(1))),
        clock: stamp.clock,
    };
    let adopted = custody::adopt(&store, keyring, order.master, now, &mut chance)?;
    let site = site(order, keyring, store.box_id());
    let seed = Seed::draw(&mut chance);
    let request: RequestId = new_id(now.at, &mut chance);
    let people = known.people.clone();
    let from = order.file.display().to_string();
    let erased = store.write(move |tx: &Tx<'_>| -> Result<u32, Error> {
        let mut call = Call {
            site: &site,
            now,
            actor: &Actor::Operator,
            surface: "restore",
            entropy: &mut Seeded::new(&seed),
            request,
            deeds: Vec::new(),
        };
        backup::settle(tx, &mut call, &from)?;
        Ok(backup::erase_again(tx, &mut call, &people)?)
    })?;
    let migrated = matches!(store.migration(), Migration::From(_));
    store.checkpoint()?;
    store.close();
    drop(store);
    prove::look(new, keyring)?;
    // What the new place has already.
    let _ = fs::remove_file(new.join(LOCK_FILE));
    Ok(Settled {
        migrated,
        adopted,
        erased,
    })
}

/// Puts the new store into its place; gives where the old one is.
fn exchange(order: &Order<'_>, held: &Held, new: &Path) -> Result<PathBuf, Error> {
    let time = order.clock.stamp().at.to_string();
    let time: String = time.chars().filter(char::is_ascii_alphanumeric).collect();
    let aside = order.store_dir.join(format!("before-restore-{time}"));
    let mut beside = BESIDE.to_vec();
    // It was issued by the authority that goes; the daemon makes another.
    beside.push(trust::CERTIFICATE_FILE);
    held.exchange(new, &aside, &beside)?;
    give_to_owner(order.store_dir, &aside)?;
    let entries = fs::read_dir(order.store_dir).map_err(Error::io(order.store_dir))?;
    let files = entries.flatten().map(|e| e.path());
    for path in files.filter(|path| path.is_file()) {
        give_to_owner(order.store_dir, &path)?;
    }
    Ok(aside)
}

/// What root has made must open for the service's user: it gets the owner of its folder.
fn give_to_owner(dir: &Path, path: &Path) -> Result<(), Error> {
    let owner = fs::metadata(dir).map_err(Error::io(dir))?;
    let data = fs::metadata(path).map_err(Error::io(path))?;
    if data.uid() != owner.uid() {
        let given = chown(path, Some(owner.uid()), Some(owner.gid()));
        given.map_err(Error::io(path))?;
    }
    Ok(())
}

fn tell(
    value: &mut json::Value,
    order: &Order<'_>,
    known: &Known,
    settled: &Settled,
    aside: Option<&Path>,
) {
    let Some(map) = value.as_object_mut() else {
        return;
    };
    let told = [
        ("dry_run", json::json!(order.dry_run)),
        ("into", json::json!(order.store_dir.display().to_string())),
        ("aside", json::json!(aside.map(|a| a.display().to_string()))),
        ("migrated", json::json!(settled.migrated)),
        ("keys_wrapped_anew", json::json!(settled.adopted)),
        ("erased_again", json::json!(settled.erased)),
        ("erasures_known_until", json::json!(known.until.to_string())),
        ("erasures_trouble", json::json!(known.trouble)),
    ];
    for (key, told) in told {
        map.insert(key.to_owned(), told);
    }
}
