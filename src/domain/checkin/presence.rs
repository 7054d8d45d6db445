//! Where a subject stands at an occasion after its passages. Pure.

use crate::base::id::DeviceId;
use crate::base::time::Timestamp;
use crate::domain::checkin::reason::Direction;
use crate::store::visits::{Passage, Presence};

/// Where a subject stands after one more passage, which is the latest so far.
#[must_use]
pub fn after(
    before: Option<&Presence>,
    direction: Direction,
    at: Timestamp,
    device: Option<DeviceId>,
) -> Presence {
    let mut now = before.copied().unwrap_or_default();
    match direction {
        Direction::Exit => now.inside = false,
        Direction::Entry => {
            if now.entries == 0 {
                now.first_at = Some(at);
                now.first_by = device;
            }
            now.entries = now.entries.saturating_add(1);
            now.inside = true;
            now.entry_at = now.entry_at.max(Some(at));
        }
    }
    now
}

/// Where a subject stands after all its passages, in the order they happened.
#[must_use]
pub fn fold(passages: &[Passage]) -> Presence {
    passages.iter().fold(Presence::default(), |before, p| {
        let direction = if p.entry {
            Direction::Entry
        } else {
            Direction::Exit
        };
        after(Some(&before), direction, p.happened_at, p.device)
    })
}

/// By how much the occasion's counts of people inside and admitted change.
#[must_use]
pub fn change(before: Option<&Presence>, now: &Presence) -> (i32, i32) {
    let was = before.copied().unwrap_or_default();
    let inside = i32::from(now.inside) - i32::from(was.inside);
    let admitted = i32::from(now.entries > 0) - i32::from(was.entries > 0);
    (inside, admitted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passage(entry: bool, ms: i64) -> Passage {
        Passage {
            entry,
            happened_at: Timestamp::from_millis(ms),
            device: None,
        }
    }

    #[test]
    fn the_first_entry_is_remembered_and_the_last_decides() {
        let stands = fold(&[passage(true, 1), passage(false, 2), passage(true, 3)]);
        assert_eq!((stands.entries, stands.inside), (2, true));
        assert_eq!(stands.first_at, Some(Timestamp::from_millis(1)));
        assert_eq!(stands.entry_at, Some(Timestamp::from_millis(3)));
        let exit_only = fold(&[passage(false, 5)]);
        assert_eq!(exit_only, Presence::default());
    }

    proptest! {
        /// The counts that single changes add up to are those of the end.
        #[test]
        fn changes_add_up(moves in proptest::collection::vec(any::<bool>(), 0..20)) {
            let (mut inside, mut admitted, mut stands) = (0, 0, None);
            for (i, entry) in moves.iter().enumerate() {
                let direction = if *entry { Direction::Entry } else { Direction::Exit };
                let now = after(stands.as_ref(), direction, Timestamp::from_millis(i as i64), None);
                let (i, a) = change(stands.as_ref(), &now);
                inside += i;
                admitted += a;
                stands = Some(now);
            }
            let end = stands.unwrap_or_default();
            prop_assert_eq!(inside, i32::from(end.inside));
            prop_assert_eq!(admitted, i32::from(end.entries > 0));
        }
    }
}
