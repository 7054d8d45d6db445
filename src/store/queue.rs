//! The bounded queue before the writer: jobs wait here, each with its answer's slot. A full
//! queue refuses at once; what was taken in is answered whatever happens.

use crate::base::limits;
use crate::store::error::Error;
use crate::store::pending::{Pending, Reply, pair};
use crate::store::tx::Tx;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What became of one run of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Ran {
    /// The job's changes are to be kept.
    Keep,
    /// The job failed: only its own changes are to be undone.
    Undo,
}

/// A job with its types hidden.
pub(in crate::store) trait Work: Send {
    /// Runs the job and keeps its answer back. May be called again after a rollback.
    fn run(&mut self, tx: &Tx<'_>) -> Ran;
    /// Sends the answer: the job's own, or `failure` in its place.
    fn settle(&mut self, failure: Option<Error>);
}

struct Task<F, T, E: From<Error>> {
    job: F,
    answer: Option<Result<T, E>>,
    reply: Reply<T, E>,
}

impl<F, T, E> Work for Task<F, T, E>
where
    F: Fn(&Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> Ran {
        // A panic leaves nothing behind that a later job could see: its changes are undone.
        let answer = catch_unwind(AssertUnwindSafe(|| (self.job)(tx)))
            .unwrap_or_else(|_| Err(E::from(Error::Panicked)));
        let ran = if answer.is_ok() { Ran::Keep } else { Ran::Undo };
        self.answer = Some(answer);
        ran
    }

    fn settle(&mut self, failure: Option<Error>) {
        let answer = match (failure, self.answer.take()) {
            (Some(error), _) => Err(E::from(error)),
            (None, Some(answer)) => answer,
            (None, None) => Err(E::from(Error::Closed)),
        };
        self.reply.send(answer);
    }
}

/// Wraps a job for the queue.
pub(in crate::store) fn wrap<F, T, E>(job: F) -> (Box<dyn Work>, Pending<T, E>)
where
    F: Fn(&Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (reply, pending) = pair();
    let task = Task {
        job,
        answer: None,
        reply,
    };
    (Box::new(task), pending)
}

/// What the writer is to do next.
pub(in crate::store) enum Order {
    /// Run these and commit.
    Jobs(Vec<Box<dyn Work>>),
    /// Copy the log into the file and cut it to nothing.
    Checkpoint(Reply<(), Error>),
    /// Nothing will come any more.
    Stop,
}

struct State {
    jobs: VecDeque<Box<dyn Work>>,
    checkpoints: VecDeque<Reply<(), Error>>,
    closed: bool,
    /// Whether the writer waits for something to do; else it need not be woken.
    idle: bool,
}

/// The queue.
pub(in crate::store) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
}

impl Queue {
    /// An empty queue.
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State {
                jobs: VecDeque::with_capacity(limits::WRITE_QUEUE_JOBS_MAX),
                checkpoints: VecDeque::new(),
                closed: false,
                idle: false,
            }),
            filled: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the writer, if it waits.
    fn wake(&self, mut state: MutexGuard<'_, State>) {
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        if idle {
            self.filled.notify_one();
        }
    }

    /// Adds a job, or refuses it: [`Error::Busy`], [`Error::Closed`].
    pub fn push(&self, work: Box<dyn Work>) -> Result<(), Error> {
        let mut state = self.lock();
        let refusal = match (state.closed, state.jobs.len()) {
            (true, _) => Some(Error::Closed),
            (false, n) if n >= limits::WRITE_QUEUE_JOBS_MAX => Some(Error::Busy),
            (false, _) => None,
        };
        if let Some(error) = refusal {
            drop(state);
            let mut work = work;
            work.settle(Some(error.clone()));
            return Err(error);
        }
        state.jobs.push_back(work);
        self.wake(state);
        Ok(())
    }

    /// Asks for a checkpoint after the jobs that wait now.
    pub fn checkpoint(&self) -> Pending<(), Error> {
        let (mut reply, pending) = pair();
        let mut state = self.lock();
        if state.closed {
            drop(state);
            reply.send(Err(Error::Closed));
        } else {
            state.checkpoints.push_back(reply);
            self.wake(state);
        }
        pending
    }

    /// Takes in nothing more; what waits is still done.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// Waits for the next order.
    pub fn take(&self) -> Order {
        let mut state = self.lock();
        loop {
            if !state.jobs.is_empty() {
                let n = state.jobs.len().min(limits::WRITE_BATCH_JOBS_MAX);
                return Order::Jobs(state.jobs.drain(..n).collect());
            }
            if let Some(reply) = state.checkpoints.pop_front() {
                return Order::Checkpoint(reply);
            }
            if state.closed {
                return Order::Stop;
            }
            state.idle = true;
            state = self
                .filled
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> (Box<dyn Work>, Pending<u32, Error>) {
        wrap(|_: &Tx<'_>| Ok(1))
    }

    #[test]
    fn a_full_queue_refuses_at_once_and_answers() {
        let queue = Queue::new();
        let mut waiting = Vec::new();
        for _ in 0..limits::WRITE_QUEUE_JOBS_MAX {
            let (work, pending) = job();
            queue.push(work).expect("room");
            waiting.push(pending);
        }
        let (work, pending) = job();
        assert_eq!(queue.push(work), Err(Error::Busy));
        assert_eq!(pending.wait(), Err(Error::Busy));
        drop(queue);
        for pending in waiting {
            assert_eq!(pending.wait(), Err(Error::Closed));
        }
    }

    #[test]
    fn a_closed_queue_gives_out_what_it_took_in_then_stops() {
        let queue = Queue::new();
        let (work, _pending) = job();
        queue.push(work).expect("room");
        queue.close();
        let (late, answer) = job();
        assert_eq!(queue.push(late), Err(Error::Closed));
        assert_eq!(answer.wait(), Err(Error::Closed));
        assert_eq!(queue.checkpoint().wait(), Err(Error::Closed));
        assert!(matches!(queue.take(), Order::Jobs(jobs) if jobs.len() == 1));
        assert!(matches!(queue.take(), Order::Stop));
    }

    #[test]
    fn a_group_is_limited_and_a_checkpoint_comes_after_the_jobs() {
        let queue = Queue::new();
        let mut waiting = Vec::new();
        for _ in 0..limits::WRITE_BATCH_JOBS_MAX + 1 {
            let (work, pending) = job();
            queue.push(work).expect("room");
            waiting.push(pending);
        }
        let _checkpoint = queue.checkpoint();
        let mut sizes = Vec::new();
        loop {
            match queue.take() {
                Order::Jobs(jobs) => sizes.push(jobs.len()),
                Order::Checkpoint(_) => break,
                Order::Stop => panic!("stopped"),
            }
        }
        assert_eq!(sizes, [limits::WRITE_BATCH_JOBS_MAX, 1]);
    }
}
