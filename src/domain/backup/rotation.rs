//! Which backups are kept: the newest of each of the last days, weeks and months that have one.
//! Pure.

use crate::base::time::{LocalDay, Timestamp, Zone};
use std::collections::BTreeSet;

/// How many are kept of each kind. One backup may count as all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Days.
    pub daily: u32,
    /// Weeks, which begin on Monday.
    pub weekly: u32,
    /// Months.
    pub monthly: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            daily: 7,
            weekly: 4,
            monthly: 6,
        }
    }
}

/// The newest of each of the latest `count` periods, `all` being sorted, newest first.
fn newest_of<P: Ord>(
    all: &[(Timestamp, usize)],
    count: u32,
    period: impl Fn(Timestamp) -> P,
    kept: &mut BTreeSet<usize>,
) {
    let mut seen = BTreeSet::new();
    for (at, place) in all {
        if seen.len() >= count as usize {
            return;
        }
        if seen.insert(period(*at)) {
            kept.insert(*place);
        }
    }
}

/// The places in `made` of those that are to go. The newest stays, whatever the counts say.
#[must_use]
pub fn outdated(made: &[Timestamp], keep: Keep, zone: &Zone) -> Vec<usize> {
    let mut all: Vec<(Timestamp, usize)> = made.iter().copied().zip(0..).collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    let mut kept: BTreeSet<usize> = all.first().map(|(_, place)| *place).into_iter().collect();
    newest_of(&all, keep.daily, |at| zone.day(at), &mut kept);
    newest_of(
        &all,
        keep.weekly,
        |at| LocalDay::week(zone.day(at)),
        &mut kept,
    );
    newest_of(
        &all,
        keep.monthly,
        |at| LocalDay::month(zone.day(at)),
        &mut kept,
    );
    (0..made.len()).filter(|at| !kept.contains(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::TimeOfDay;
    use proptest::prelude::*;

    fn at(zone: &Zone, day: &str, hour: u16) -> Timestamp {
        let time = TimeOfDay::from_minutes(hour * 60).expect("a time");
        zone.instant(day.parse().expect("a day"), time)
    }

    #[test]
    fn days_weeks_and_months_keep_their_newest() {
        let zone = Zone::parse("Asia/Jakarta").expect("a zone");
        let keep = Keep {
            daily: 2,
            weekly: 2,
            monthly: 3,
        };
        // Newest last; 2026-11-16 is a Monday.
        let table = [
            ("2026-08-31", 2, false), // a fourth month
            ("2026-09-01", 2, false), // not the newest of its month
            ("2026-09-30", 2, true),
            ("2026-10-31", 2, true),
            ("2026-11-14", 2, false),
            ("2026-11-15", 2, true),  // Sunday: the newest of the week before
            ("2026-11-19", 2, false), // a third day
            ("2026-11-20", 1, false), // not the newest of its day
            ("2026-11-20", 23, true),
            ("2026-11-21", 2, true),
        ];
        let made: Vec<Timestamp> = table.iter().map(|(d, h, _)| at(&zone, d, *h)).collect();
        let gone = outdated(&made, keep, &zone);
        let want: Vec<usize> = (0..table.len()).filter(|i| !table[*i].2).collect();
        assert_eq!(gone, want);
    }

    #[test]
    fn the_newest_stays_whatever_is_said() {
        let none = Keep {
            daily: 0,
            weekly: 0,
            monthly: 0,
        };
        let made = [3, 9, 5].map(Timestamp::from_millis);
        assert_eq!(outdated(&made, none, &Zone::utc()), [0, 2]);
        assert_eq!(outdated(&[], none, &Zone::utc()), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn what_stays_is_bounded_and_what_was_kept_stays(
            hours in prop::collection::vec(0..20_000i64, 1..60),
            (daily, weekly, monthly) in (0..9u32, 0..6u32, 0..8u32),
        ) {
            let keep = Keep { daily, weekly, monthly };
            let zone = Zone::utc();
            let made: Vec<_> = hours.iter().map(|h| Timestamp::from_millis(h * 3_600_000)).collect();
            let gone = outdated(&made, keep, &zone);
            let left: Vec<_> = (0..made.len()).filter(|i| !gone.contains(i)).map(|i| made[i]).collect();
            prop_assert!(left.len() <= (daily + weekly + monthly).max(1) as usize);
            prop_assert!(left.contains(made.iter().max().expect("one")));
            prop_assert_eq!(outdated(&left, keep, &zone), Vec::<usize>::new());
        }
    }
}
