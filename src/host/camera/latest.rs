//! A place for one picture: a newer one takes the place of an older one that nobody took.

use crate::host::camera::picture::{Content, Picture};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
struct Slot {
    picture: Option<Picture>,
    put: u64,
    dropped: u64,
    closed: bool,
}

/// The place; clones are the same place.
#[derive(Debug, Clone, Default)]
pub struct Latest(Arc<(Mutex<Slot>, Condvar)>);

/// What a taker gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The newest picture.
    Picture(Picture),
    /// None came in time.
    Nothing,
    /// None will come any more.
    Closed,
}

impl Latest {
    /// Puts a picture in; one that is still there is dropped. Returns its number.
    pub fn put(&self, content: impl Into<Content>) -> u64 {
        let content = content.into();
        let (slot, changed) = &*self.0;
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        slot.put += 1;
        let number = slot.put;
        if slot.picture.replace(Picture { number, content }).is_some() {
            slot.dropped += 1;
        }
        changed.notify_all();
        number
    }

    /// Takes the newest picture out, waiting for at most `limit`.
    #[must_use]
    pub fn take(&self, limit: Duration) -> Taken {
        let (slot, changed) = &*self.0;
        let slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut slot, _) = changed
            .wait_timeout_while(slot, limit, |s| s.picture.is_none() && !s.closed)
            .unwrap_or_else(PoisonError::into_inner);
        match slot.picture.take() {
            Some(picture) => Taken::Picture(picture),
            None if slot.closed => Taken::Closed,
            None => Taken::Nothing,
        }
    }

    /// Wakes all takers; what is still in is given out first.
    pub fn close(&self) {
        let (slot, changed) = &*self.0;
        slot.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        changed.notify_all();
    }

    /// How many pictures were put in, and how many of these were dropped for a newer one.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let slot = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        (slot.put, slot.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_picture_wins() {
        let latest = Latest::default();
        for byte in 1..=3 {
            latest.put(vec![byte]);
        }
        let newest = Picture {
            number: 3,
            content: vec![3].into(),
        };
        assert_eq!(latest.take(Duration::ZERO), Taken::Picture(newest));
        assert_eq!(latest.take(Duration::ZERO), Taken::Nothing);
        assert_eq!(latest.counts(), (3, 2));
    }

    #[test]
    fn a_waiting_taker_is_woken() {
        let latest = Latest::default();
        let taker = latest.clone();
        let thread = std::thread::spawn(move || taker.take(Duration::from_secs(20)));
        latest.put(vec![7]);
        assert!(matches!(thread.join().expect("thread"), Taken::Picture(_)));
        latest.close();
        assert_eq!(latest.take(Duration::from_secs(20)), Taken::Closed);
    }
}
