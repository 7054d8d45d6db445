//! Where each subject stands at an occasion, and what is only counted.

use super::fixture::{TestStore, at, id};
use hadir::base::time::LocalDay;
use hadir::store::visits::{self, OccasionKey, Presence};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn day(text: &str) -> LocalDay {
    text.parse().expect("a day")
}

/// Two events and two days.
fn occasions() -> [OccasionKey; 4] {
    [
        OccasionKey::event(id(1)),
        OccasionKey::event(id(2)),
        OccasionKey::day(day("2026-11-21")),
        OccasionKey::day(day("2026-11-22")),
    ]
}

fn subject(number: u8) -> [u8; 16] {
    [number; 16]
}

prop_compose! {
    fn presence()(
        entries in any::<u32>(),
        inside in any::<bool>(),
        first in proptest::option::of((any::<i64>(), proptest::option::of(1..5u64))),
        entry in proptest::option::of(any::<i64>()),
    ) -> Presence {
        Presence {
            entries,
            inside,
            first_at: first.map(|(ms, _)| at(ms)),
            first_by: first.and_then(|(_, device)| device.map(id)),
            entry_at: entry.map(at),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_subject_stands_where_it_was_last_put(
        puts in proptest::collection::vec((0..4usize, 1..6u8, presence()), 1..30),
        limit in 1..7u32,
    ) {
        let store = TestStore::in_memory();
        let occasions = occasions();
        let mut model: BTreeMap<(usize, u8), Presence> = BTreeMap::new();
        let job = puts.clone();
        store.put(move |tx| {
            for (occasion, number, presence) in &job {
                let occasion = &super::presence::occasions()[*occasion];
                visits::update_presence(tx, occasion, subject(*number), presence)?;
            }
            Ok(())
        });
        for (occasion, number, presence) in puts {
            model.insert((occasion, number), presence);
        }
        for (which, occasion) in occasions.iter().enumerate() {
            for number in 1..6 {
                let found = store.get(|v| visits::find_presence(v, occasion, subject(number)));
                prop_assert_eq!(found, model.get(&(which, number)).copied());
            }
            let want: Vec<_> = model
                .range((which, 0)..(which + 1, 0))
                .map(|((_, number), presence)| (subject(*number), *presence))
                .collect();
            prop_assert_eq!(pages(&store, occasion, limit), want);
        }
    }

    #[test]
    fn scans_are_counted_by_occasion_and_reason_over_devices_and_days(
        scans in proptest::collection::vec((0..4usize, proptest::option::of(1..3u64), 1..3u8, 0..2usize), 1..40),
    ) {
        const REASONS: [&str; 2] = ["no_face", "many_faces"];
        let store = TestStore::in_memory();
        let job = scans.clone();
        store.put(move |tx| {
            for (occasion, device, on, reason) in &job {
                let occasion = &occasions()[*occasion];
                let day = day(&format!("2026-11-2{on}"));
                visits::update_scan_count(tx, occasion, device.map(id), day, REASONS[*reason])?;
            }
            Ok(())
        });
        for (which, occasion) in occasions().iter().enumerate() {
            for (number, reason) in REASONS.iter().enumerate() {
                let want = scans.iter().filter(|s| s.0 == which && s.3 == number).count();
                let found = store.get(|v| visits::get_scan_count(v, occasion, reason));
                prop_assert_eq!(found, want as u64);
            }
        }
        let mut rows = scans;
        rows.sort_unstable();
        rows.dedup();
        prop_assert_eq!(store.rows("scan_count"), rows.len() as u64);
    }
}

/// All of an occasion, read in pages.
fn pages(store: &TestStore, occasion: &OccasionKey, limit: u32) -> Vec<([u8; 16], Presence)> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.get(|v| visits::list_presence(v, occasion, after, limit));
        assert!(page.len() <= limit as usize);
        let Some((last, _)) = page.last() else {
            return seen;
        };
        after = Some(*last);
        seen.extend(page);
    }
}

#[test]
fn nothing_was_counted_where_nothing_was_scanned() {
    let store = TestStore::new();
    for occasion in &occasions() {
        assert_eq!(
            store.get(|v| visits::get_scan_count(v, occasion, "no_face")),
            0
        );
        assert_eq!(
            store.get(|v| visits::find_presence(v, occasion, subject(1))),
            None
        );
    }
}
