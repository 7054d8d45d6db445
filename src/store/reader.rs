//! The readers: a few connections that cannot write, handed out one query at a time. A
//! caller waits a limited time for one, and a query may run a limited time.

use crate::base::limits;
use crate::store::error::Error;
use crate::store::plan;
use crate::store::tx::View;
use rusqlite::{Connection, InterruptHandle, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Ticks of the time limit's thread in one query's time.
const TICKS: u32 = 5;

struct Pool {
    free: Vec<Connection>,
    closed: bool,
}

/// The reading connections.
pub(in crate::store) struct Readers {
    path: PathBuf,
    pool: Mutex<Pool>,
    freed: Condvar,
    limit: Arc<Limit>,
    limit_thread: Mutex<Option<JoinHandle<()>>>,
}

pub(in crate::store) fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_millis(limits::READER_WAIT_MS_MAX))?;
    connection.execute_batch(
        "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
    )?;
    plan::keep(&connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// A connection out of the pool, back when dropped.
struct Loan<'p> {
    readers: &'p Readers,
    connection: Option<Connection>,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let clean = connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
        let mut pool = self.readers.lock();
        if clean && !pool.closed {
            pool.free.push(connection);
        } else if !pool.closed
            && let Ok(fresh) = open(&self.readers.path)
        {
            pool.free.push(fresh);
        }
        drop(pool);
        self.readers.freed.notify_one();
    }
}

impl Readers {
    /// Opens all readers of the file at `path`.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let free = (0..limits::READERS)
            .map(|_| open(path))
            .collect::<Result<_, _>>()?;
        let limit = Arc::new(Limit::default());
        let watching = Arc::clone(&limit);
        let thread = std::thread::Builder::new()
            .name(String::from("hadir-read-limit"))
            .spawn(move || watching.watch())?;
        Ok(Self {
            path: path.to_owned(),
            pool: Mutex::new(Pool {
                free,
                closed: false,
            }),
            freed: Condvar::new(),
            limit,
            limit_thread: Mutex::new(Some(thread)),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn borrow(&self) -> Result<Loan<'_>, Error> {
        let wait = Duration::from_millis(limits::READER_WAIT_MS_MAX);
        let (mut pool, _) = self
            .freed
            .wait_timeout_while(self.lock(), wait, |p| p.free.is_empty() && !p.closed)
            .unwrap_or_else(PoisonError::into_inner);
        if pool.closed {
            return Err(Error::Closed);
        }
        let connection = pool.free.pop().ok_or(Error::Busy)?;
        Ok(Loan {
            readers: self,
            connection: Some(connection),
        })
    }

    /// Runs a query on one consistent state of the store.
    pub fn read<T, E: From<Error>>(
        &self,
        query: impl FnOnce(&View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let loan = self.borrow()?;
        let Some(connection) = loan.connection.as_ref() else {
            return Err(E::from(Error::Closed));
        };
        let _limited = self.limit.start(connection);
        let begin = |sql: &str| -> Result<(), Error> {
            connection.prepare_cached(sql)?.execute([])?;
            Ok(())
        };
        begin("BEGIN")?;
        let answer = query(&View::new(connection));
        if !connection.is_autocommit() {
            begin("COMMIT")?;
        }
        answer
    }

    /// Closes what is free now, the rest when it comes back.
    pub fn close(&self) {
        let mut pool = self.lock();
        pool.closed = true;
        pool.free.clear();
        drop(pool);
        self.freed.notify_all();
        self.limit.close();
        let thread = self
            .limit_thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

struct Running {
    number: u64,
    handle: InterruptHandle,
    ticks: u32,
}

#[derive(Default)]
struct LimitState {
    running: Vec<Running>,
    next: u64,
    asleep: bool,
    closed: bool,
}

/// The time limit of queries. Its thread counts ticks while queries run, and sleeps
/// otherwise; nothing here reads a clock.
#[derive(Default)]
struct Limit {
    state: Mutex<LimitState>,
    changed: Condvar,
}

/// A query under the limit; ends with this value.
struct Limited<'l> {
    limit: &'l Limit,
    number: u64,
}

impl Drop for Limited<'_> {
    fn drop(&mut self) {
        // Under the lock, so that no interrupt can hit the connection's next query.
        let mut state = self.limit.lock();
        state.running.retain(|r| r.number != self.number);
    }
}

impl Limit {
    fn lock(&self) -> MutexGuard<'_, LimitState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, connection: &Connection) -> Limited<'_> {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.running.push(Running {
            number,
            handle: connection.get_interrupt_handle(),
            ticks: 0,
        });
        if state.asleep {
            state.asleep = false;
            self.changed.notify_one();
        }
        Limited {
            limit: self,
            number,
        }
    }

    fn watch(&self) {
        let tick = Duration::from_millis(limits::READ_QUERY_MS_MAX / u64::from(TICKS));
        let mut state = self.lock();
        while !state.closed {
            if state.running.is_empty() {
                state.asleep = true;
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (next, waited) = self
                .changed
                .wait_timeout(state, tick)
                .unwrap_or_else(PoisonError::into_inner);
            state = next;
            if waited.timed_out() {
                for query in &mut state.running {
                    query.ticks += 1;
                    if query.ticks > TICKS {
                        query.handle.interrupt();
                    }
                }
            }
        }
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}
