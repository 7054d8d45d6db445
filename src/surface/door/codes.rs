//! The codes that are held up at a door: when a picture is searched for them, and which one is
//! new. Pure: texts and times come in.

use crate::base::time::Timestamp;

/// The same code is not decided about again within this time, in milliseconds.
const AGAIN_MS: i64 = 5_000;

/// Pictures searched in a row without a code after which it was taken away.
const GONE_PICTURES: u32 = 2;

/// Every third picture is searched: finding codes costs about as much as finding faces, and a
/// code is held up for longer than three pictures.
const EVERY_PICTURES: u64 = 3;

/// A slow camera is searched more often: whenever this time has passed, in milliseconds.
const EVERY_MS: i64 = 250;

/// A code that was decided about and may still be held up.
#[derive(Debug, Clone)]
struct Held {
    code: String,
    at: Timestamp,
    /// Pictures searched since that did not show it: one alone may only be blurred.
    missed: u32,
}

/// The codes of one door.
#[derive(Debug, Default)]
pub struct Codes {
    pictures: u64,
    searched_at: Option<Timestamp>,
    put_off: bool,
    held: Option<Held>,
}

impl Codes {
    /// Whether the next picture is to be searched. `pressing`: it may be the one that decides
    /// about a face; the search is then left to the picture after it, but never to a later one.
    pub fn search(&mut self, now: Timestamp, pressing: bool) -> bool {
        let turn = self.pictures.is_multiple_of(EVERY_PICTURES);
        self.pictures += 1;
        let waited = |at: Timestamp| now.since(at).as_millis() >= EVERY_MS;
        let due = turn || self.put_off || self.searched_at.is_none_or(waited);
        self.put_off = due && pressing && !self.put_off;
        let search = due && !self.put_off;
        if search {
            self.searched_at = Some(now);
        }
        search
    }

    /// Notes what a searched picture showed: a code that several did not show was taken away.
    pub fn note(&mut self, codes: &[String]) {
        if let Some(held) = &mut self.held {
            held.missed = if codes.contains(&held.code) {
                0
            } else {
                held.missed + 1
            };
            if held.missed >= GONE_PICTURES {
                self.held = None;
            }
        }
    }

    /// Whether this code is to be decided about; it then counts as held up.
    pub fn is_new(&mut self, code: &str, now: Timestamp) -> bool {
        let held = self
            .held
            .as_ref()
            .is_some_and(|held| held.code == code && now.since(held.at).as_millis() < AGAIN_MS);
        if !held {
            self.held = Some(Held {
                code: code.to_owned(),
                at: now,
                missed: 0,
            });
        }
        !held
    }

    /// Whoever held a code up has left.
    pub fn clear(&mut self) {
        self.held = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    fn searched(every_ms: i64) -> Vec<bool> {
        let mut codes = Codes::default();
        let search = |i| codes.search(at(i * every_ms), false);
        (0..7).map(search).collect()
    }

    #[test]
    fn a_search_waits_for_one_picture_that_may_decide_and_not_for_two() {
        let mut codes = Codes::default();
        let mut search = |i, pressing| codes.search(at(i * 66), pressing);
        let (y, n) = (true, false);
        let pressed = [n, n, n, y, n, n, y, y, y];
        let searched: Vec<bool> = (0_i64..).zip(pressed).map(|(i, p)| search(i, p)).collect();
        assert_eq!(searched, [y, n, n, n, y, n, n, y, n]);
        let mut slow = Codes::default();
        let each: Vec<bool> = (0..4).map(|i| slow.search(at(i * 300), true)).collect();
        assert_eq!(each, [n, y, n, y], "never put off twice in a row");
    }

    #[test]
    fn every_third_picture_is_searched_and_of_a_slow_camera_each() {
        let (y, n) = (true, false);
        assert_eq!(searched(66), [y, n, n, y, n, n, y]);
        assert_eq!(searched(300), [y; 7]);
        assert_eq!(searched(130), [y, n, y, y, n, y, y]);
    }

    #[test]
    fn a_code_is_new_once_until_it_was_taken_away_or_five_seconds_passed() {
        let mut codes = Codes::default();
        let shown = ["A".to_owned()];
        assert!(codes.is_new("A", at(0)));
        codes.note(&[]);
        codes.note(&shown);
        codes.note(&[]);
        assert!(!codes.is_new("A", at(900)), "blurred, not taken away");
        assert!(codes.is_new("B", at(1_000)));
        assert!(codes.is_new("A", at(1_100)));
        codes.note(&[]);
        codes.note(&[]);
        assert!(codes.is_new("A", at(1_200)), "taken away");
        assert!(!codes.is_new("A", at(6_199)));
        assert!(codes.is_new("A", at(6_200)), "held up for five seconds");
        codes.clear();
        assert!(codes.is_new("A", at(6_201)));
    }
}
