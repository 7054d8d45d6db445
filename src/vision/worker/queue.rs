//! What waits to be analysed: at most one frame a source and a bounded number in all.
//!
//! A camera delivers more than can be analysed; the newest frame is the one that counts, so it
//! takes the place of the one that still waits. Pure; the threads are in the parent.

use crate::base::limits;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where frames come from. Frames of one source supersede each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourceId(u64);

static NEXT: AtomicU64 = AtomicU64::new(1);

impl SourceId {
    /// A source nobody else has: one for each camera, or one for each picture that must not be
    /// superseded by another (an upload, an enrolment).
    #[must_use]
    pub fn fresh() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A queue of jobs, first in, first out.
#[derive(Debug)]
pub struct Queue<T> {
    waiting: VecDeque<(SourceId, T)>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
        }
    }
}

impl<T> Queue<T> {
    /// Adds a job. Returns the job that had to go: the same source's waiting one, or the oldest
    /// when [`limits::FRAMES_WAITING_MAX`] wait already.
    pub fn push(&mut self, source: SourceId, job: T) -> Option<T> {
        if let Some((_, old)) = self.waiting.iter_mut().find(|(s, _)| *s == source) {
            return Some(std::mem::replace(old, job)); // keeps its place in the line
        }
        self.waiting.push_back((source, job));
        if self.waiting.len() > limits::FRAMES_WAITING_MAX {
            return self.waiting.pop_front().map(|(_, old)| old);
        }
        None
    }

    /// Takes the job that has waited longest.
    pub fn pop(&mut self) -> Option<T> {
        self.waiting.pop_front().map(|(_, job)| job)
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_frame_takes_the_older_ones_place() {
        let (a, b) = (SourceId::fresh(), SourceId::fresh());
        let mut queue = Queue::default();
        assert_eq!(queue.push(a, 1), None);
        assert_eq!(queue.push(b, 2), None);
        assert_eq!(queue.push(a, 3), Some(1));
        assert_eq!(
            (queue.pop(), queue.pop(), queue.pop()),
            (Some(3), Some(2), None)
        );
    }

    #[test]
    fn a_full_queue_drops_the_oldest() {
        let mut queue = Queue::default();
        for i in 0..limits::FRAMES_WAITING_MAX {
            assert_eq!(queue.push(SourceId::fresh(), i), None);
        }
        assert_eq!(queue.push(SourceId::fresh(), 99), Some(0));
        assert_eq!(queue.len(), limits::FRAMES_WAITING_MAX);
    }
}
