//! The custody of the keys: opening the store's root key at the start, changing the master
//! key, and telling how things stand. The command line and the start of the daemon call it.
//!
//! Rules: a new root key is made only in a store that holds nothing; a new master key only in
//! development, for such a store; and whatever happens, one wrapped root key in the store
//! fits the master key in its place. A rotation therefore writes the new wrapped key first,
//! then replaces the master key's file, then deletes the old wrapped key.

use crate::base::cause::Cause;
use crate::base::secret::Secret;
use crate::base::time::{Span, Stamp};
use crate::crypto::keyring::{KeyError, Keyring, MasterKey, Purpose, WrappedRoot};
use crate::crypto::random::Entropy;
use crate::domain::audit::{self as deeds, Act, Detail};
use crate::domain::fault::Fault;
use crate::domain::site::Call;
use crate::host::credential::{CredentialError, Place};
use crate::store::audit::{self, Entry};
use crate::store::{self, Store, Tx, View, keys};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the keys could not be had or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A key is missing, damaged, exposed or wrong.
    Key(KeyError),
    /// The store failed.
    Store(store::Error),
    /// There is a master key already where a new one was to be made: its place.
    Exists(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(e) => e.fmt(f),
            Self::Store(e) => e.fmt(f),
            Self::Exists(place) => write!(f, "there is a master key already: {place}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<CredentialError> for Error {
    fn from(error: CredentialError) -> Self {
        let text = error.to_string();
        Self::Key(match error {
            CredentialError::Missing(_) | CredentialError::NoDirectory => KeyError::Missing(text),
            CredentialError::Open(path, mode) => {
                KeyError::Exposed(path.display().to_string(), mode)
            }
            CredentialError::NotASecret(_) => KeyError::Damaged("it is not a small file"),
            CredentialError::Form | CredentialError::Io(..) => KeyError::Io(text),
        })
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Key(_) => Cause::KeyUnavailable,
            Self::Store(error) => error.cause(),
            Self::Exists(_) => Cause::Conflict,
        }
    }
}

/// How the keys of a store stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Where the master key is.
    pub place: String,
    /// The master key's fingerprint, if it could be read.
    pub fingerprint: Result<String, KeyError>,
    /// The root keys in the store: number, fingerprint of the master key that opens each.
    pub roots: Vec<(u32, String)>,
    /// Whether the master key opens one of them.
    pub fits: bool,
}

fn read_master(place: &Place) -> Result<MasterKey, Error> {
    Ok(MasterKey::read(place.read()?.expose())?)
}

/// The master key in its place, for backups: they open with the recovery kit, which shows it.
///
/// # Errors
/// [`Error::Key`] with what is wrong.
pub fn master(place: &Place) -> Result<MasterKey, Error> {
    read_master(place)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        Some(_) | None => Path::new("."),
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| Error::Key(KeyError::Io(format!("{}: {e}", path.display())))
}

fn sync_dir(path: &Path) -> Result<(), Error> {
    let dir = parent(path);
    let synced = File::open(dir).and_then(|d| d.sync_all());
    synced.map_err(io(dir))
}

/// Writes a master key to a new file for the owner alone; on return its bytes are durable,
/// its name is once the directory has been synced.
fn write_key(path: &Path, master: &MasterKey) -> Result<(), Error> {
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(io(path))?;
    let text = master.to_file_text();
    file.write_all(text.expose().as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(io(path))
}

/// The name under which a key waits before it takes its place.
fn waiting(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Removes a key that an interrupted rotation or first start has left waiting.
fn clear_waiting(path: &Path) -> Result<(), Error> {
    let left = waiting(path);
    match std::fs::remove_file(&left) {
        Ok(()) => sync_dir(path),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(io(&left)(e)),
    }
}

/// Puts a master key into its place in one step, durably.
fn place_key(path: &Path, master: &MasterKey) -> Result<(), Error> {
    clear_waiting(path)?;
    let new = waiting(path);
    write_key(&new, master)?;
    std::fs::rename(&new, path).map_err(io(path))?;
    sync_dir(path)
}

/// Makes a new master key in a file that must not exist; gives its fingerprint. Its
/// directory must exist.
///
/// # Errors
/// [`Error::Exists`], or [`KeyError::Io`] if it cannot be written.
pub fn init(path: &Path, entropy: &mut dyn Entropy) -> Result<String, Error> {
    if path.exists() {
        return Err(Error::Exists(path.display().to_string()));
    }
    let master = MasterKey::generate(entropy);
    place_key(path, &master)?;
    Ok(master.fingerprint_text())
}

/// What custody writes into the audit chain: the deed and the root key's number.
fn record(tx: &Tx<'_>, keyring: &Keyring, now: Stamp, act: Act, root: u32) -> Result<(), Error> {
    let entry = Entry {
        at: now.at,
        clock: now.clock,
        actor: String::from("box"),
        origin: String::from("custody"),
        act: act.code().to_owned(),
        object: format!("root_key {root}"),
        detail: Vec::new(),
    };
    audit::append(tx, keyring.purpose(Purpose::AuditChain), &entry)?;
    Ok(())
}

/// Opens the store's keys at the start. A store that holds nothing gets a root key; if
/// `may_create` and the place is a file that is not there, it gets a master key as well.
///
/// # Errors
/// [`Error::Key`] with what is wrong: the key is missing, damaged, exposed, or of another
/// store. Nothing has been created or changed then.
pub fn unlock(
    store: &Store,
    place: &Place,
    may_create: bool,
    now: Stamp,
    entropy: &mut dyn Entropy,
) -> Result<Keyring, Error> {
    let (roots, count) = store.read(|view| -> Result<_, store::Error> {
        Ok((keys::list_roots(view)?, audit::head(view)?.count))
    })?;
    if !roots.is_empty() {
        let master = read_master(place)?;
        let keyring = Keyring::open(&master, &roots)?;
        tidy(store, place, &roots, &master)?;
        return Ok(keyring);
    }
    if count > 0 {
        return Err(KeyError::NoRoot.into());
    }
    let master = match (read_master(place), place) {
        (Err(Error::Key(KeyError::Missing(_))), Place::File(path)) if may_create => {
            let master = MasterKey::generate(entropy);
            place_key(path, &master)?;
            tracing::info!("made a new master key in {}", path.display());
            master
        }
        (found, _) => found?,
    };
    first_root(store, &master, now, entropy)
}

fn first_root(
    store: &Store,
    master: &MasterKey,
    now: Stamp,
    entropy: &mut dyn Entropy,
) -> Result<Keyring, Error> {
    let (keyring, root) = Keyring::create(master, entropy)?;
    // The keys to be used are opened from what is stored: had that not opened, nothing must
    // be sealed under them.
    let opened = Keyring::open(master, std::slice::from_ref(&root))?;
    store.write(move |tx| -> Result<(), Error> {
        keys::insert_root(tx, &root, now.at)?;
        record(tx, &keyring, now, Act::KeyCreate, root.number)
    })?;
    Ok(opened)
}

/// Removes what an interrupted or awaited rotation has left: with a file, everything that
/// does not fit it; with a credential, the keys older than the one that fits, since a newer
/// one waits for the credential to be replaced.
fn tidy(
    store: &Store,
    place: &Place,
    roots: &[WrappedRoot],
    master: &MasterKey,
) -> Result<(), Error> {
    let fingerprint = master.fingerprint();
    let fits = |r: &&WrappedRoot| r.master == fingerprint;
    let stale: Vec<WrappedRoot> = match place {
        Place::File(path) => {
            clear_waiting(path)?;
            roots.iter().filter(|r| !fits(r)).cloned().collect()
        }
        Place::Credential(_) => roots.iter().take_while(|r| !fits(r)).cloned().collect(),
    };
    if stale.is_empty() {
        return Ok(());
    }
    store.write(move |tx| -> Result<(), Error> {
        for root in &stale {
            keys::delete_root(tx, root.number, root.master)?;
        }
        Ok(())
    })
}

/// Makes the master key in its place open a store that came from another box: its root key is
/// wrapped anew, and what is wrapped for other master keys goes. Nothing that is sealed changes.
/// Says whether there was anything to do.
///
/// # Errors
/// [`Error::Key`] or [`Error::Store`]; the store is as it was then.
pub fn adopt(
    store: &Store,
    keyring: &Arc<Keyring>,
    place: &Place,
    now: Stamp,
    entropy: &mut dyn Entropy,
) -> Result<bool, Error> {
    let master = read_master(place)?;
    let roots = store.read(keys::list_roots)?;
    if Keyring::open(&master, &roots).is_ok() {
        return Ok(false);
    }
    let root = keyring.rewrap(&master, entropy)?;
    let (now, keyring) = (after_last(store, now), Arc::clone(keyring));
    store.write(move |tx| -> Result<(), Error> {
        for old in &roots {
            keys::delete_root(tx, old.number, old.master)?;
        }
        keys::insert_root(tx, &root, now.at)?;
        record(tx, &keyring, now, Act::KeyAdopt, root.number)
    })?;
    Ok(true)
}

/// What a rotation has done.
#[derive(Debug)]
pub enum Rotation {
    /// The file holds the new key, whose fingerprint this is; nothing is left to do.
    Done(String),
    /// This text must be installed as the credential; until then the old one goes on
    /// working, and the start after it removes the old one's wrapped key.
    Install(Secret<String>),
}

/// Changes the master key. The root key, and so all that is sealed, stays as it is.
///
/// # Errors
/// [`Error::Key`] or [`Error::Store`]; the old key still opens the store then, or, if the
/// failure came after the new one took its place, the new one does.
pub fn rotate(
    store: &Store,
    place: &Place,
    now: Stamp,
    entropy: &mut dyn Entropy,
) -> Result<Rotation, Error> {
    let roots = store.read(keys::list_roots)?;
    let old = read_master(place)?;
    let keyring = Keyring::open(&old, &roots)?;
    tidy(store, place, &roots, &old)?;
    let new = MasterKey::generate(entropy);
    let root = keyring.rewrap(&new, entropy)?;
    let now = after_last(store, now);
    let number = root.number;
    if let Place::File(path) = place {
        // Ready before the store knows of it, so that what follows is a rename alone.
        clear_waiting(path)?;
        write_key(&waiting(path), &new)?;
    }
    store.write(move |tx| -> Result<(), Error> {
        keys::insert_root(tx, &root, now.at)?;
        record(tx, &keyring, now, Act::KeyRotate, root.number)
    })?;
    let Place::File(path) = place else {
        return Ok(Rotation::Install(new.to_file_text()));
    };
    std::fs::rename(waiting(path), path).map_err(io(path))?;
    sync_dir(path)?;
    let gone = old.fingerprint();
    store.write(move |tx| keys::delete_root(tx, number, gone))?;
    Ok(Rotation::Done(new.fingerprint_text()))
}

/// Wrapped keys are ordered by their times, so a clock that went back must not mix them up.
fn after_last(store: &Store, now: Stamp) -> Stamp {
    let next = store.last_time().plus(Span::from_millis(1));
    Stamp {
        at: now.at.max(next),
        clock: now.clock,
    }
}

/// How the keys stand, also when they do not fit.
///
/// # Errors
/// [`Error::Store`] if the store cannot be read.
pub fn status(store: &Store, place: &Place) -> Result<Status, Error> {
    let roots = store.read(keys::list_roots)?;
    let master = read_master(place);
    let fits = master
        .as_ref()
        .is_ok_and(|m| Keyring::open(m, &roots).is_ok());
    let fingerprint = match master {
        Ok(master) => Ok(master.fingerprint_text()),
        Err(Error::Key(e)) => Err(e),
        Err(other @ (Error::Store(_) | Error::Exists(_))) => Err(KeyError::Io(other.to_string())),
    };
    Ok(Status {
        place: place.to_string(),
        fingerprint,
        roots: roots.iter().map(|r| (r.number, r.master_text())).collect(),
        fits,
    })
}

/// Opens the keys of a store that is looked at; nothing is made or tidied up.
///
/// # Errors
/// [`Error::Key`] with what is wrong, [`Error::Store`].
pub fn look(view: &View<'_>, place: &Place) -> Result<Keyring, Error> {
    let roots = keys::list_roots(view)?;
    Ok(Keyring::open(&read_master(place)?, &roots)?)
}

/// What stands on a recovery kit.
#[derive(Debug)]
pub struct Kit {
    /// The text of the master key's file.
    pub key: Secret<String>,
    /// The master key's fingerprint.
    pub fingerprint: String,
    /// Where the master key is.
    pub place: String,
}

/// Reads the master key for a recovery kit. Only for those who run the box, and each time it is
/// an audit row.
///
/// # Errors
/// [`Fault`]: the right, the key or the store.
pub fn reveal(tx: &Tx<'_>, call: &mut Call<'_>, place: &Place) -> Result<Kit, Fault> {
    let _may = call.actor.manage_settings()?;
    let master = read_master(place).map_err(|error| match error {
        Error::Key(error) => Fault::Key(error),
        Error::Store(error) => Fault::Store(error),
        Error::Exists(_) => Fault::Damaged("master key"),
    })?;
    let fingerprint = master.fingerprint_text();
    let told = Detail::Plain(fingerprint.clone());
    deeds::record(tx, call, Act::KeyReveal, "key:master".to_owned(), told)?;
    Ok(Kit {
        key: master.to_file_text(),
        fingerprint,
        place: place.to_string(),
    })
}
