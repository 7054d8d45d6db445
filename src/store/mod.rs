//! The one SQLite file, and all SQL of the program. Synchronous: one thread writes, a few
//! connections read.
//!
//! A write is a job over a [`Tx`]; its answer is sent only after its commit has been synced
//! to the disk. A job may run twice (see [`writer`]), so it holds no state of its own: time
//! and randomness come in with it. This layer never decides anything: the rules are
//! `domain`'s.

pub mod accounts;
pub mod api_keys;
pub mod audit;
mod column;
pub mod consents;
pub mod devices;
pub mod dossiers;
pub mod error;
pub mod events;
pub mod exchange;
pub mod faces;
pub mod factors;
pub mod facts;
mod health;
pub mod imports;
pub mod inspect;
pub mod keys;
pub mod languages;
pub mod mails;
pub mod merging;
mod migrate;
pub mod outbox;
pub mod pairings;
mod pending;
pub mod people;
mod plan;
pub mod privacy;
pub mod provisional;
mod queue;
mod reader;
pub mod refresh;
pub mod schema;
pub mod sessions;
pub mod settings;
pub mod setups;
pub mod snapshot;
pub mod stretches;
pub mod tallies;
pub mod tickets;
pub mod trail;
mod tx;
pub mod verdicts;
pub mod visits;
pub mod webhooks;
mod writer;

pub use error::Error;
pub use health::Health;
pub use migrate::Migration;
pub use pending::Pending;
pub use tx::{Tx, View};

use crate::base::id::{BoxId, Id};
use crate::base::limits;
use crate::base::time::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Name of the store's file in its directory.
pub const FILE: &str = "hadir.db";
/// Name of the file whose lock says that a process has the store open.
pub const LOCK_FILE: &str = "hadir.lock";

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// The store's directory; it is created, for the owner alone, if it is not there.
    pub dir: PathBuf,
    /// The id that a fresh store gives its box; an existing store keeps its own.
    pub new_box: BoxId,
    /// Pages that the file may have, if limited; tests use it as a full disk.
    pub pages_max: Option<u32>,
}

impl Options {
    /// A store without a limit in `dir`.
    #[must_use]
    pub const fn new(dir: PathBuf, new_box: BoxId) -> Self {
        Self {
            dir,
            new_box,
            pages_max: None,
        }
    }
}

struct Inner {
    queue: Arc<queue::Queue>,
    readers: reader::Readers,
    health: Arc<health::HealthCell>,
    latest_ms: Arc<AtomicI64>,
    box_id: BoxId,
    migration: Migration,
    dir: PathBuf,
    thread: Mutex<Option<JoinHandle<()>>>,
    lock: File,
}

/// The store. Copies share it; it closes with the last of them, or by [`Store::close`].
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.0.dir.display())
    }
}

fn sync_dir(dir: &Path) -> Result<(), Error> {
    Ok(File::open(dir)?.sync_all()?)
}

/// Creates the directory if need be; its entry in the directory above is durable then.
fn prepare_dir(dir: &Path) -> Result<(), Error> {
    if dir.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    match dir.parent() {
        Some(above) if above.as_os_str().is_empty() => sync_dir(Path::new(".")),
        Some(above) => sync_dir(above),
        None => Ok(()),
    }
}

fn take_lock(path: &Path) -> Result<File, Error> {
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::InUse(path.display().to_string())),
        Err(std::fs::TryLockError::Error(e)) => Err(e.into()),
    }
}

/// Creates the empty file for the owner alone; SQLite gives its log the same mode.
fn prepare_file(path: &Path, dir: &Path) -> Result<(), Error> {
    let made = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(file) => {
            file.sync_all()?;
            sync_dir(dir)
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(e.into()),
    }
}

fn open_connection(path: &Path, pages_max: Option<u32>) -> Result<Connection, Error> {
    let connection = Connection::open(path)?;
    connection.execute_batch(&format!(
        "PRAGMA page_size = {};
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA cache_size = -{};
         PRAGMA wal_autocheckpoint = 0;",
        schema::PAGE_BYTES,
        limits::WRITER_CACHE_KIB
    ))?;
    if let Some(pages) = pages_max {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    plan::keep(&connection)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// The box's id: the stored one, else `new_box`, which is stored.
fn settle_box(connection: &Connection, new_box: BoxId) -> Result<BoxId, Error> {
    let found: Option<[u8; 16]> = connection
        .query_row("SELECT value FROM meta WHERE name = 'box'", [], |r| {
            r.get(0)
        })
        .optional()?;
    if let Some(bytes) = found {
        return Ok(BoxId::from_bytes(bytes));
    }
    connection.execute(
        "INSERT INTO meta (name, value) VALUES ('box', ?1)",
        [new_box.to_bytes()],
    )?;
    Ok(new_box)
}

impl Store {
    /// Opens the store, or creates it if its file is not there or empty.
    ///
    /// # Errors
    /// [`Error::InUse`] if another process has it, [`Error::Foreign`], [`Error::Newer`],
    /// [`Error::Corrupt`], [`Error::Io`], [`Error::Full`].
    pub fn open(options: &Options) -> Result<Self, Error> {
        let dir = &options.dir;
        prepare_dir(dir)?;
        let lock = take_lock(&dir.join(LOCK_FILE))?;
        exchange::finished(dir)?;
        let path = dir.join(FILE);
        prepare_file(&path, dir)?;
        let connection = open_connection(&path, options.pages_max)?;
        let migration = migrate::migrate(&connection, &path.display().to_string())?;
        let box_id = settle_box(&connection, options.new_box)?;
        let latest = audit::find_latest(&View::new(&connection))?.unwrap_or_default();
        let readers = reader::Readers::open(&path)?;
        let queue = Arc::new(queue::Queue::new());
        let health = Arc::new(health::HealthCell::new());
        let latest_ms = Arc::new(AtomicI64::new(latest.as_millis()));
        let writer = writer::Writer::new(
            connection,
            Arc::clone(&queue),
            Arc::clone(&health),
            Arc::clone(&latest_ms),
        );
        let thread = std::thread::Builder::new()
            .name(String::from("hadir-writer"))
            .spawn(move || writer.run())?;
        Ok(Self(Arc::new(Inner {
            queue,
            readers,
            health,
            latest_ms,
            box_id,
            migration,
            dir: dir.clone(),
            thread: Mutex::new(Some(thread)),
            lock,
        })))
    }

    /// Runs a job and waits for its answer, which comes after its commit.
    ///
    /// # Errors
    /// The job's own; [`Error::Busy`] at once if the queue is full; the store's if the commit
    /// failed. Nothing of the job was kept then.
    pub fn write<T, E>(
        &self,
        job: impl Fn(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(job).wait()
    }

    /// Queues a job. The answer comes after its commit; a full queue answers
    /// [`Error::Busy`] at once.
    pub fn submit<T, E>(
        &self,
        job: impl Fn(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (work, pending) = queue::wrap(job);
        // A refusal has been sent to `pending` already.
        let _ = self.0.queue.push(work);
        pending
    }

    /// Runs a query on one consistent state of the store, on this thread.
    ///
    /// # Errors
    /// The query's own; [`Error::Busy`] if no reader came free, [`Error::TooSlow`].
    pub fn read<T, E: From<Error>>(
        &self,
        query: impl FnOnce(&View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _ = error::take_trouble();
        let answer = self.0.readers.read(query);
        if let Some(corrupt @ Error::Corrupt(_)) = error::take_trouble() {
            self.0.health.note(&corrupt);
        }
        answer
    }

    /// The store's state.
    #[must_use]
    pub fn health(&self) -> Health {
        self.0.health.get()
    }

    /// This box's id.
    #[must_use]
    pub fn box_id(&self) -> BoxId {
        self.0.box_id
    }

    /// What opening did to the file.
    #[must_use]
    pub fn migration(&self) -> Migration {
        self.0.migration
    }

    /// The store's directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// The latest instant that a committed audit row carries; 1970 for an empty store.
    #[must_use]
    pub fn last_time(&self) -> Timestamp {
        Timestamp::from_millis(self.0.latest_ms.load(Ordering::Acquire))
    }

    /// Copies the log into the file and empties it, so that nothing deleted stays in it.
    ///
    /// # Errors
    /// [`Error::Busy`] if a reader held it up: it is done later then. [`Error::Full`],
    /// [`Error::Io`], [`Error::Corrupt`], [`Error::Closed`].
    pub fn checkpoint(&self) -> Result<(), Error> {
        self.0.queue.checkpoint().wait()
    }

    /// Does what waits, empties the log and closes the file. Later calls answer
    /// [`Error::Closed`].
    pub fn close(&self) {
        self.0.close();
    }
}

impl Inner {
    fn close(&self) {
        self.queue.close();
        self.readers.close();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the store's writer ended unexpectedly");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
        // By name, as a child process that is just being made may hold a copy of the file.
        let _ = self.lock.unlock();
    }
}
