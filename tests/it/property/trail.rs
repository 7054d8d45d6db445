//! Whatever stands in the audit trail, a filter leaves exactly the rows that it names, page by page
//! and stretch by stretch, and the chain has the link of each.

use crate::domain::door::Door;
use hadir::base::id::{DeviceId, Id as _, PersonId};
use hadir::base::time::{ClockState, Timestamp};
use hadir::crypto::keyring::Purpose;
use hadir::domain::audit::Act;
use hadir::domain::trail::{self, Subject, Wanted};
use hadir::store::audit::{self, Entry};
use hadir::store::trail::find_link;
use proptest::prelude::*;
use std::sync::Arc;

const ACTS: [Act; 3] = [Act::PersonAdd, Act::DeviceRevoke, Act::CheckIn];

/// A row as the test knows it.
#[derive(Debug, Clone, Copy)]
struct Known {
    at: i64,
    synced: bool,
    act: usize,
    /// Who and on whom: people 0 and 1, devices 2 and 3, the box 4.
    actor: usize,
    object: usize,
}

fn label(number: usize) -> String {
    let byte = u8::try_from(number).expect("small");
    match number {
        0 | 1 => format!("person:{}", PersonId::from_bytes([byte; 16])),
        2 | 3 => format!("device:{}", DeviceId::from_bytes([byte; 16])),
        _ => "box".to_owned(),
    }
}

fn subject(number: usize) -> Option<Subject> {
    let byte = u8::try_from(number).expect("small");
    match number {
        0 | 1 => Some(Subject::Person(PersonId::from_bytes([byte; 16]))),
        2 | 3 => Some(Subject::Device(DeviceId::from_bytes([byte; 16]))),
        _ => None,
    }
}

prop_compose! {
    fn known()(
        at in 0..100i64,
        synced in any::<bool>(),
        act in 0..ACTS.len(),
        actor in 0..5usize,
        object in 0..5usize,
    ) -> Known {
        Known { at, synced, act, actor, object }
    }
}

/// A filter as the test knows it.
#[derive(Debug, Clone, Copy)]
struct Asked {
    act: Option<usize>,
    subject: usize,
    from: Option<i64>,
    until: Option<i64>,
}

prop_compose! {
    fn asked()(
        act in proptest::option::of(0..ACTS.len()),
        subject in 0..5usize,
        from in proptest::option::of(0..100i64),
        until in proptest::option::of(0..100i64),
    ) -> Asked {
        Asked { act, subject, from, until }
    }
}

impl Asked {
    fn wanted(&self) -> Wanted {
        Wanted {
            act: self.act.map(|act| ACTS[act]),
            subject: subject(self.subject),
            from: self.from.map(Timestamp::from_millis),
            until: self.until.map(Timestamp::from_millis),
        }
    }

    fn names(&self, row: &Known) -> bool {
        let concerns = [row.actor, row.object].contains(&self.subject);
        self.act.is_none_or(|act| act == row.act)
            && (subject(self.subject).is_none() || concerns)
            && self.from.is_none_or(|from| row.at >= from)
            && self.until.is_none_or(|until| row.at < until)
    }
}

fn fill(door: &Door, rows: &[Known]) {
    let (rows, keyring) = (rows.to_vec(), Arc::clone(&door.site.keyring));
    let filled = door.store.write(move |tx| {
        for row in &rows {
            let entry = Entry {
                at: Timestamp::from_millis(row.at),
                clock: match row.synced {
                    true => ClockState::Synced,
                    false => ClockState::Unsynced,
                },
                actor: label(row.actor),
                origin: "native 01JD5Z3N8GQ4X6V7W8Y9Z0A1B2".to_owned(),
                act: ACTS[row.act].code().to_owned(),
                object: label(row.object),
                detail: b"native user".to_vec(),
            };
            audit::append(tx, keyring.purpose(Purpose::AuditChain), &entry)?;
        }
        Ok::<_, hadir::store::Error>(())
    });
    filled.expect("rows");
}

/// The numbers of all rows, page by page.
fn pages(door: &Door, wanted: &Wanted, limit: u32) -> Vec<u64> {
    let (mut found, mut before) = (Vec::new(), None);
    for _ in 0..100 {
        let page = door
            .look(|view, call| trail::list(view, call, wanted, before, limit))
            .expect("a page");
        assert!(page.items.len() <= limit as usize);
        found.extend(page.items.iter().map(|item| item.seq));
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
    panic!("the pages do not end");
}

/// The numbers of all rows, stretch by stretch.
fn stretches(door: &Door, wanted: &Wanted, last: u64, step: u64) -> Vec<u64> {
    let (mut found, mut first) = (Vec::new(), 1);
    while first <= last {
        let end = last.min(first + step - 1);
        let rows = door
            .look(|view, call| trail::export(view, call, wanted, first, end))
            .expect("rows");
        found.extend(rows.iter().map(|item| item.seq));
        first = end + 1;
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_filter_leaves_what_it_names_and_nothing_else(
        rows in proptest::collection::vec(known(), 0..40),
        asked in asked(),
        limit in 1..8u32,
        step in 1..9u64,
    ) {
        let door = Door::new();
        fill(&door, &rows);
        let wanted = asked.wanted();
        let want: Vec<u64> = (1u64..)
            .zip(&rows)
            .filter(|(_, row)| asked.names(row))
            .map(|(seq, _)| seq)
            .collect();
        let newest: Vec<u64> = want.iter().rev().copied().collect();
        prop_assert_eq!(pages(&door, &wanted, limit), newest);
        let last = rows.len() as u64;
        prop_assert_eq!(stretches(&door, &wanted, last, step), want);
    }

    #[test]
    fn a_row_comes_back_as_it_was_written(rows in proptest::collection::vec(known(), 1..10)) {
        let door = Door::new();
        fill(&door, &rows);
        let page = door
            .look(|view, call| trail::list(view, call, &Wanted::default(), None, 50))
            .expect("a page");
        for (item, row) in page.items.iter().rev().zip(&rows) {
            prop_assert_eq!(item.at.as_millis(), row.at);
            prop_assert_eq!(item.clock == ClockState::Synced, row.synced);
            prop_assert_eq!(&item.actor, &label(row.actor));
            prop_assert_eq!(&item.object, &label(row.object));
            prop_assert_eq!(item.act.as_str(), ACTS[row.act].code());
            prop_assert_eq!(item.surface.as_str(), "native");
            prop_assert_eq!(item.request.len(), 26);
            let link = door.store.read(|v| find_link(v, item.seq)).expect("read");
            prop_assert_eq!(link, Some(item.link));
        }
        let end = door.look(trail::end).expect("the end");
        prop_assert_eq!(end.count, rows.len() as u64);
        prop_assert_eq!(Some(end.link), page.items.first().map(|item| item.link));
        let behind = door.store.read(|v| find_link(v, end.count + 1)).expect("read");
        prop_assert_eq!(behind, None);
    }
}
