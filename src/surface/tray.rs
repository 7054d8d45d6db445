//! Pictures of an enrolment that wait until there are enough: what was seen in them, never the
//! pictures themselves. They are of one staff member's session and one person, and are
//! forgotten after a while.

use crate::base::id::PersonId;
use crate::base::limits::ENROL_PICTURES_MAX;
use crate::base::time::Timestamp;
use crate::domain::identity::enrol::Picture;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Enrolments under way at once, most; the one that waits longest makes room.
const ENROLMENTS_MAX: usize = 32;

/// What waits longer than this is forgotten, in milliseconds.
const KEEP_MS: i64 = 10 * 60_000;

/// Who enrols (the actor's label), and whom.
type Key = (String, PersonId);

struct Waiting {
    pictures: Vec<Picture>,
    at: Timestamp,
}

/// The pictures that wait.
#[derive(Default)]
pub struct Tray(Mutex<BTreeMap<Key, Waiting>>);

impl Tray {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a picture and says how many there are now. More than an enrolment may have push the
    /// first one out.
    pub fn add(&self, actor: &str, person: PersonId, picture: Picture, now: Timestamp) -> usize {
        let mut all = self.lock();
        all.retain(|_, waiting| now.since(waiting.at).as_millis() < KEEP_MS);
        let key = (actor.to_owned(), person);
        if all.len() >= ENROLMENTS_MAX && !all.contains_key(&key) {
            let oldest = all.iter().min_by_key(|(_, w)| w.at).map(|(k, _)| k.clone());
            oldest.map(|k| all.remove(&k));
        }
        let waiting = all.entry(key).or_insert_with(|| Waiting {
            pictures: Vec::new(),
            at: now,
        });
        if waiting.pictures.len() >= ENROL_PICTURES_MAX {
            waiting.pictures.remove(0);
        }
        waiting.pictures.push(picture);
        waiting.at = now;
        waiting.pictures.len()
    }

    /// The pictures that wait, which stay until the enrolment has succeeded.
    #[must_use]
    pub fn pictures(&self, actor: &str, person: PersonId, now: Timestamp) -> Vec<Picture> {
        let all = self.lock();
        let found = all.get(&(actor.to_owned(), person));
        found
            .filter(|w| now.since(w.at).as_millis() < KEEP_MS)
            .map_or_else(Vec::new, |w| w.pictures.clone())
    }

    /// Forgets the pictures of an enrolment.
    pub fn clear(&self, actor: &str, person: PersonId) {
        self.lock().remove(&(actor.to_owned(), person));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id as _;

    fn picture(quality: f32) -> Picture {
        Picture {
            faces: 1,
            quality,
            issues: Vec::new(),
            embedding: None,
        }
    }

    fn person(i: u8) -> PersonId {
        PersonId::from_bytes([i; 16])
    }

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    #[test]
    fn pictures_wait_for_their_own_enrolment() {
        let tray = Tray::default();
        assert_eq!(tray.add("a", person(1), picture(0.5), NOW), 1);
        assert_eq!(tray.add("a", person(1), picture(0.6), NOW), 2);
        assert_eq!(tray.add("b", person(1), picture(0.7), NOW), 1);
        assert_eq!(tray.pictures("a", person(1), NOW).len(), 2);
        assert!(tray.pictures("a", person(2), NOW).is_empty());
        tray.clear("a", person(1));
        assert!(tray.pictures("a", person(1), NOW).is_empty());
        assert_eq!(tray.pictures("b", person(1), NOW).len(), 1);
    }

    #[test]
    fn they_are_bounded_and_forgotten() {
        let tray = Tray::default();
        for _ in 0..ENROL_PICTURES_MAX + 3 {
            tray.add("a", person(1), picture(0.5), NOW);
        }
        assert_eq!(tray.pictures("a", person(1), NOW).len(), ENROL_PICTURES_MAX);
        let late = Timestamp::from_millis(NOW.as_millis() + KEEP_MS);
        assert!(tray.pictures("a", person(1), late).is_empty());
        for i in 0..=u8::try_from(ENROLMENTS_MAX).expect("small") {
            let at = Timestamp::from_millis(late.as_millis() + i64::from(i));
            tray.add("a", person(i), picture(0.5), at);
        }
        let after = Timestamp::from_millis(late.as_millis() + 100);
        assert!(
            tray.pictures("a", person(0), after).is_empty(),
            "the oldest made room"
        );
        assert_eq!(tray.pictures("a", person(1), after).len(), 1);
    }
}
