//! The answer to a queued job: a future for async callers, `wait` for threads. The answer
//! comes whatever happens: a job that is dropped unanswered says [`Error::Closed`].

use crate::store::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

struct State<T, E> {
    answer: Option<Result<T, E>>,
    waker: Option<Waker>,
    /// Whether a thread waits: waking costs a system call, which most answers can do without.
    awaited: bool,
}

struct Slot<T, E> {
    state: Mutex<State<T, E>>,
    filled: Condvar,
}

/// The writer's end: takes the one answer.
pub(in crate::store) struct Reply<T, E: From<Error>> {
    slot: Option<Arc<Slot<T, E>>>,
}

impl<T, E: From<Error>> Reply<T, E> {
    /// Sends the answer; later calls do nothing.
    pub fn send(&mut self, answer: Result<T, E>) {
        let Some(slot) = self.slot.take() else {
            return;
        };
        let mut state = slot.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.answer = Some(answer);
        let (waker, awaited) = (state.waker.take(), state.awaited);
        drop(state);
        if awaited {
            slot.filled.notify_all();
        }
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T, E: From<Error>> Drop for Reply<T, E> {
    fn drop(&mut self) {
        self.send(Err(E::from(Error::Closed)));
    }
}

/// The answer to a job that was queued. It comes after the job's commit; dropping this does
/// not undo the job.
#[must_use = "the job is queued; its answer says whether it was done"]
pub struct Pending<T, E> {
    slot: Arc<Slot<T, E>>,
}

/// A connected pair of ends.
pub(in crate::store) fn pair<T, E: From<Error>>() -> (Reply<T, E>, Pending<T, E>) {
    let slot = Arc::new(Slot {
        state: Mutex::new(State {
            answer: None,
            waker: None,
            awaited: false,
        }),
        filled: Condvar::new(),
    });
    let reply = Reply {
        slot: Some(Arc::clone(&slot)),
    };
    (reply, Pending { slot })
}

impl<T, E> Pending<T, E> {
    /// Waits on this thread for the answer.
    ///
    /// # Errors
    /// The job's own, or the store's error of a commit that failed.
    pub fn wait(self) -> Result<T, E> {
        let mut state = self
            .slot
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(answer) = state.answer.take() {
                return answer;
            }
            state.awaited = true;
            state = self
                .slot
                .filled
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T, E> Future for Pending<T, E> {
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self
            .slot
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match state.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_reaches_a_thread_that_waits() {
        let (mut reply, pending) = pair::<u32, Error>();
        let waiting = std::thread::spawn(move || pending.wait());
        reply.send(Ok(7));
        assert_eq!(waiting.join().expect("thread"), Ok(7));
    }

    #[test]
    fn the_answer_wakes_a_task() {
        let (mut reply, pending) = pair::<u32, Error>();
        let mut pending = Box::pin(pending);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pending.as_mut().poll(&mut cx).is_pending());
        reply.send(Ok(7));
        assert_eq!(pending.as_mut().poll(&mut cx), Poll::Ready(Ok(7)));
    }

    #[test]
    fn a_dropped_job_is_answered() {
        let (reply, pending) = pair::<u32, Error>();
        drop(reply);
        assert_eq!(pending.wait(), Err(Error::Closed));
    }
}
