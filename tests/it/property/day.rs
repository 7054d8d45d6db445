//! Days of attendance: whoever comes, by whatever means, how often, at whatever time and with
//! whatever clock, is present once a day, and late exactly after the limit.

use crate::domain::door::Door;
use hadir::base::id::PersonId;
use hadir::base::time::{ClockState, LocalDay, Span, TimeOfDay, Timestamp};
use hadir::domain::checkin::reason::{Direction, Reason, Standing, Verdict};
use hadir::domain::checkin::{Credential, Occasion};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Somebody comes: after so many minutes, who, by number or from the list, with which clock,
/// or goes out.
#[derive(Debug, Clone, Copy)]
struct Coming {
    after_minutes: i64,
    who: usize,
    by_number: bool,
    synced: bool,
    leaves: bool,
}

fn coming() -> impl Strategy<Value = Coming> {
    (
        0i64..600,
        0usize..3,
        any::<bool>(),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(after_minutes, who, by_number, synced, leaves)| Coming {
            after_minutes,
            who,
            by_number,
            synced,
            leaves,
        })
}

const NUMBERS: [&str; 3] = ["2026001", "2026002", "2026003"];

fn minutes(time: TimeOfDay) -> u32 {
    u32::from(time.minutes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn present_once_a_day(comings in proptest::collection::vec(coming(), 1..25)) {
        let door = Door::new();
        let people = NUMBERS.map(|n| door.person("Murid", Some(n)));
        let mut first: BTreeMap<(LocalDay, PersonId), Timestamp> = BTreeMap::new();
        for coming in comings {
            door.advance(Span::from_seconds(coming.after_minutes * 60));
            let clock = if coming.synced { ClockState::Synced } else { ClockState::Unsynced };
            door.set_clock(clock);
            let (day, person) = (door.today(), people[coming.who]);
            let credential = if coming.by_number {
                Credential::Number(NUMBERS[coming.who].to_owned())
            } else {
                Credential::Person(person)
            };
            let mut request = door.request(Occasion::Daily(day), credential);
            if coming.leaves {
                request.direction = Direction::Exit;
            }
            let decision = door.decide(&request);
            prop_assert_eq!(decision.person, Some(person));
            prop_assert_eq!(decision.advisory().is_some(), !coming.synced);
            if coming.leaves {
                prop_assert_eq!(decision.verdict, Verdict::Admitted);
                prop_assert!(decision.arrival.is_none());
                continue;
            }
            if let Some(at) = first.get(&(day, person)) {
                prop_assert_eq!(decision.verdict, Verdict::Already);
                prop_assert_eq!(decision.reason, Some(Reason::AlreadyAdmitted));
                prop_assert_eq!(decision.first, Some(*at));
                continue;
            }
            prop_assert_eq!(decision.verdict, Verdict::Admitted);
            first.insert((day, person), decision.at);
            let time = door.site.zone.time_of_day(decision.at);
            let arrival = decision.arrival.expect("an arrival");
            let late = minutes(time) > 7 * 60 + 15;
            prop_assert_eq!(arrival.standing == Standing::Late, late);
            prop_assert_eq!(arrival.late_minutes, if late { minutes(time) - 7 * 60 } else { 0 });
            prop_assert_eq!(arrival.provisional, !coming.synced);
        }
    }
}
