//! What waits to be written: whoever logs puts an entry here and goes on, and one thread writes.
//! A parent that reads our stderr no more, or a journal that is slow, then holds up nobody. When
//! too much waits, entries are dropped and counted, and the count is told once there is room.

use crate::base::limits;
use crate::base::time::Timestamp;
use crate::journal::entry::Entry;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct State {
    waiting: VecDeque<(Timestamp, Entry)>,
    dropped: u64,
    writing: bool,
}

impl State {
    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0 && !self.writing
    }
}

/// The entries that wait.
#[derive(Default)]
pub(in crate::journal) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    emptied: Condvar,
}

/// What is to be written next, in its order.
pub(in crate::journal) struct Batch {
    /// The entries.
    pub entries: Vec<(Timestamp, Entry)>,
    /// How many were dropped after them.
    pub dropped: u64,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an entry, or counts it as dropped. Returns at once.
    pub fn push(&self, at: Timestamp, entry: Entry) {
        let mut state = self.lock();
        // Once one was dropped, those behind it are too until that was told: no gap goes untold.
        if state.dropped > 0 || state.waiting.len() >= limits::JOURNAL_ENTRIES_MAX {
            state.dropped += 1;
        } else {
            state.waiting.push_back((at, entry));
        }
        drop(state);
        self.filled.notify_one();
    }

    /// Waits for something to write and takes all of it. [`Queue::done`] must follow.
    pub fn take(&self) -> Batch {
        let nothing = |s: &mut State| s.waiting.is_empty() && s.dropped == 0;
        let waited = self.filled.wait_while(self.lock(), nothing);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.writing = true;
        Batch {
            entries: state.waiting.drain(..).collect(),
            dropped: std::mem::take(&mut state.dropped),
        }
    }

    /// What was taken has been written.
    pub fn done(&self) {
        self.lock().writing = false;
        self.emptied.notify_all();
    }

    /// Waits until everything has been written, at most `limit`. False: it has not.
    pub fn wait_until_written(&self, limit: Duration) -> bool {
        let busy = |s: &mut State| !s.is_idle();
        let waited = self.emptied.wait_timeout_while(self.lock(), limit, busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::Level;

    fn entry(number: usize) -> Entry {
        Entry {
            level: Level::Info,
            target: String::new(),
            message: number.to_string(),
            fields: Vec::new(),
        }
    }

    fn numbers(batch: &Batch) -> Vec<usize> {
        let all = batch.entries.iter();
        all.map(|(_, e)| e.message.parse().expect("a number"))
            .collect()
    }

    #[test]
    fn entries_come_in_order_and_what_is_too_much_is_counted() {
        let queue = Queue::default();
        for number in 0..limits::JOURNAL_ENTRIES_MAX + 7 {
            queue.push(Timestamp::default(), entry(number));
        }
        let batch = queue.take();
        let all: Vec<usize> = (0..limits::JOURNAL_ENTRIES_MAX).collect();
        assert_eq!((numbers(&batch), batch.dropped), (all, 7));
        queue.done();
        queue.push(Timestamp::default(), entry(1));
        let batch = queue.take();
        assert_eq!((numbers(&batch), batch.dropped), (vec![1], 0));
    }

    #[test]
    fn waiting_for_the_end_has_a_limit() {
        let queue = Queue::default();
        assert!(queue.wait_until_written(Duration::ZERO), "nothing waits");
        queue.push(Timestamp::default(), entry(1));
        assert!(!queue.wait_until_written(Duration::ZERO));
        let _batch = queue.take();
        assert!(
            !queue.wait_until_written(Duration::ZERO),
            "taken is not written"
        );
        queue.done();
        assert!(queue.wait_until_written(Duration::ZERO));
    }
}
