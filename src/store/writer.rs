//! The one thread that writes. It takes what waits (at most
//! [`limits::WRITE_BATCH_JOBS_MAX`] jobs), runs them in one transaction, commits once, and
//! only then answers. It alone copies the log into the file.
//!
//! A job that fails is undone alone. That needs a savepoint before each job, two statements
//! more for each; but almost no job fails after it has written. So a group is first tried
//! without savepoints, and rolled back and run again with them if a job that had written
//! something failed.
//!
//! When the disk is full SQLite may roll back the whole transaction, jobs that fitted
//! included. They are then run again one to a commit, so that only the one that does not fit
//! fails; that is why jobs are `Fn`.

use crate::base::limits;
use crate::base::time::Timestamp;
use crate::store::audit;
use crate::store::error::{self, Error};
use crate::store::health::HealthCell;
use crate::store::queue::{Order, Queue, Ran, Work};
use crate::store::tx::Tx;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

type Batch = Vec<Box<dyn Work>>;

/// How one attempt at a transaction ended.
enum End {
    /// A job failed after it had written: the group has to be run again with savepoints.
    NeedsSavepoints,
    /// Committed: the jobs' own answers hold.
    Done,
    /// SQLite gave the transaction up, or it did not fit: try the jobs one by one.
    Lost(Error),
    /// Nothing was kept, and trying again is of no use.
    Failed(Error),
}

/// How a job's changes can be undone alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// With the transaction: the job is the only one in it.
    Alone,
    /// Not at all: should it be needed, the group is run again.
    None,
    /// By a savepoint before each job.
    Savepoints,
}

/// The writing thread's state.
pub(in crate::store) struct Writer {
    connection: Connection,
    queue: Arc<Queue>,
    health: Arc<HealthCell>,
    latest_ms: Arc<AtomicI64>,
}

impl Writer {
    /// A writer over the one connection that may write.
    pub fn new(
        connection: Connection,
        queue: Arc<Queue>,
        health: Arc<HealthCell>,
        latest_ms: Arc<AtomicI64>,
    ) -> Self {
        Self {
            connection,
            queue,
            health,
            latest_ms,
        }
    }

    /// Works until the queue is closed and empty, then checkpoints.
    pub fn run(self) {
        loop {
            match self.queue.take() {
                Order::Jobs(jobs) => {
                    self.group(jobs);
                    self.checkpoint_when_due();
                }
                Order::Checkpoint(mut reply) => reply.send(self.truncate()),
                Order::Stop => break,
            }
        }
        if let Err(e) = self.truncate() {
            tracing::warn!("the store's log could not be emptied at the end: {e}");
        }
    }

    /// Runs a group in one transaction; falls back to one by one.
    fn group(&self, mut jobs: Batch) {
        if let Some(refusal) = self.health.refusal() {
            return settle_all(jobs, Some(&refusal));
        }
        let guard = if jobs.len() == 1 {
            Guard::Alone
        } else {
            Guard::None
        };
        let mut end = self.attempt(&mut jobs, guard);
        if matches!(end, End::NeedsSavepoints) {
            end = self.attempt(&mut jobs, Guard::Savepoints);
        }
        match end {
            End::Done => settle_all(jobs, None),
            End::Lost(_) if jobs.len() > 1 => {
                for job in jobs {
                    self.group(vec![job]);
                }
            }
            End::Lost(error) | End::Failed(error) => {
                self.health.note(&error);
                settle_all(jobs, Some(&error));
            }
            End::NeedsSavepoints => settle_all(jobs, Some(&Error::Panicked)),
        }
    }

    fn attempt(&self, jobs: &mut Batch, guard: Guard) -> End {
        let _ = error::take_trouble();
        if let Err(e) = self.statement("BEGIN IMMEDIATE") {
            return End::Failed(e);
        }
        let tx = Tx::new(&self.connection);
        let mut kept = 0;
        for job in jobs.iter_mut() {
            match self.run_job(&tx, job.as_mut(), guard) {
                Ok(Ran::Keep) => kept += 1,
                Ok(Ran::Undo) => {}
                Err(end) => return self.give_up(end),
            }
        }
        if kept == 0 {
            return match self.statement("ROLLBACK") {
                Ok(()) => End::Done,
                Err(e) => End::Failed(e),
            };
        }
        if let Err(e) = audit::flush_head(&tx, self.seen()).and_then(|()| self.statement("COMMIT"))
        {
            let full = e == Error::Full;
            return self.give_up(if full { End::Lost(e) } else { End::Failed(e) });
        }
        if let Some(at) = tx.marks().latest {
            self.latest_ms.fetch_max(at.as_millis(), Ordering::AcqRel);
        }
        self.health.mend();
        End::Done
    }

    /// Runs one job inside the open transaction.
    fn run_job(&self, tx: &Tx<'_>, job: &mut dyn Work, guard: Guard) -> Result<Ran, End> {
        let (marks, changes) = (tx.marks(), self.connection.total_changes());
        let guarded = guard == Guard::Savepoints;
        if guarded {
            self.statement("SAVEPOINT job").map_err(End::Failed)?;
        }
        let ran = job.run(tx);
        let trouble = error::take_trouble();
        if let Some(corrupt @ Error::Corrupt(_)) = trouble {
            return Err(End::Failed(corrupt));
        }
        if self.connection.is_autocommit() {
            return Err(End::Lost(trouble.unwrap_or(Error::Full)));
        }
        if ran == Ran::Undo {
            if let Some(trouble) = &trouble {
                self.health.note(trouble);
            }
            tx.set_marks(marks);
            if guarded {
                self.statement("ROLLBACK TO job").map_err(End::Failed)?;
            } else if guard == Guard::None && self.connection.total_changes() != changes {
                return Err(End::NeedsSavepoints);
            }
        }
        if guarded {
            self.statement("RELEASE job").map_err(End::Failed)?;
        }
        Ok(ran)
    }

    /// Leaves the transaction, if SQLite has not left it already.
    fn give_up(&self, end: End) -> End {
        if !self.connection.is_autocommit()
            && let Err(e) = self.statement("ROLLBACK")
        {
            tracing::warn!("the store could not roll back: {e}");
        }
        end
    }

    fn seen(&self) -> Timestamp {
        Timestamp::from_millis(self.latest_ms.load(Ordering::Acquire))
    }

    fn statement(&self, sql: &str) -> Result<(), Error> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn checkpoint(&self, mode: &str) -> Result<(i64, i64), Error> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let found = self
            .connection
            .prepare_cached(&sql)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found?)
    }

    /// Copies the log into the file when it has grown long. The answers are out already.
    fn checkpoint_when_due(&self) {
        let due = self
            .checkpoint("NOOP")
            .is_ok_and(|(_, frames)| frames >= i64::from(limits::CHECKPOINT_PAGES));
        if due && let Err(e) = self.checkpoint("PASSIVE") {
            self.health.note(&e);
        }
    }

    fn truncate(&self) -> Result<(), Error> {
        if let Some(refusal) = self.health.refusal() {
            return Err(refusal);
        }
        match self.checkpoint("TRUNCATE") {
            Ok((0, _)) => Ok(()),
            Ok(_) => Err(Error::Busy),
            Err(e) => {
                self.health.note(&e);
                Err(e)
            }
        }
    }
}

fn settle_all(jobs: Batch, failure: Option<&Error>) {
    for mut job in jobs {
        job.settle(failure.cloned());
    }
}
