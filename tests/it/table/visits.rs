//! Decisions and their undoing.

use super::fixture::{TestStore, at, conflict, digest, id};
use hadir::base::id::Id;
use hadir::store::Error;
use hadir::store::verdicts::{
    Direction, Liveness, Means, Mode, Reason, Standing, UndoReason, Verdict,
};
use hadir::store::visits::{self, OccasionKey, Passage, StoredVisit, UndoRow, VisitRow};
use proptest::prelude::*;
use proptest::sample::select;

fn visit(number: u64) -> VisitRow {
    VisitRow {
        nonce: id(number),
        contents: digest(3),
        box_id: id(9),
        occasion: OccasionKey::event(id(1)),
        device: None,
        means: Means::Code,
        direction: Direction::Entry,
        mode: Mode::Online,
        verdict: Verdict::Admitted,
        reason: None,
        detail: None,
        person: Some(id(1)),
        ticket: None,
        rival: None,
        happened_at: at(1000),
        arrived_at: at(1000),
        synced: true,
        first_at: None,
        first_by: None,
        opens_at: None,
        standing: None,
        late_min: None,
        liveness: None,
        cosine: None,
        second: None,
        threshold: None,
        conflict: None,
    }
}

fn refused(number: u64, reason: Reason) -> VisitRow {
    VisitRow {
        verdict: Verdict::Refused,
        reason: Some(reason),
        ..visit(number)
    }
}

fn add(store: &TestStore, row: VisitRow) -> Result<u64, Error> {
    store.write(move |tx| visits::insert_visit(tx, &row))
}

fn find(store: &TestStore, number: u64) -> Option<StoredVisit> {
    store.get(|v| visits::find_visit(v, id(number)))
}

fn undo(store: &TestStore, seq: u64, reason: UndoReason) -> Result<(), Error> {
    store.write(move |tx| {
        let row = UndoRow {
            at: at(2000),
            actor: "person:A",
            device: Some(id(4)),
            reason,
            remark: Some(b"sealed"),
        };
        visits::insert_undo(tx, seq, &row)
    })
}

fn option<S: Strategy>(of: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: std::fmt::Debug,
{
    proptest::option::of(of)
}

prop_compose! {
    fn known()(
        bytes in any::<[u8; 16]>(),
        means in select(Means::ALL),
        direction in select(Direction::ALL),
        mode in select(Mode::ALL),
        decided in (select(Verdict::ALL), select(Reason::ALL)),
        detail in option("[a-z,]{0,20}"),
        people in (option(1..9u64), option(1..9u64), option(1..9u64), option(1..9u64)),
        synced in any::<bool>(),
    ) -> VisitRow {
        let (verdict, reason) = decided;
        VisitRow {
            contents: bytes,
            means,
            direction,
            mode,
            verdict,
            reason: (verdict != Verdict::Admitted).then_some(reason),
            detail,
            person: people.0.map(id),
            ticket: people.1.map(id),
            rival: people.2.map(id),
            device: people.3.map(id),
            synced,
            ..visit(1)
        }
    }
}

prop_compose! {
    fn whole()(
        row in known(),
        times in (any::<i64>(), any::<i64>(), option(any::<i64>()), option(any::<i64>())),
        day in any::<bool>(),
        first_by in option(1..9u64),
        standing in option(select(Standing::ALL)),
        late_min in option(any::<u32>()),
        liveness in option(select(Liveness::ALL)),
        cosines in (option(-1.0..1.0f32), option(-1.0..1.0f32), option(0.0..1.0f32)),
        conflict in option(select(Reason::ALL)),
    ) -> VisitRow {
        let occasion = if day {
            OccasionKey::day("2026-11-21".parse().expect("a day"))
        } else {
            OccasionKey::event(id(1))
        };
        VisitRow {
            occasion,
            happened_at: at(times.0),
            arrived_at: at(times.1),
            first_at: times.2.map(at),
            opens_at: times.3.map(at),
            first_by: first_by.map(id),
            standing,
            late_min,
            liveness,
            cosine: cosines.0,
            second: cosines.1,
            threshold: cosines.2,
            conflict,
            ..row
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_decision_comes_back_as_it_was_made(
        rows in proptest::collection::vec(whole(), 1..12),
    ) {
        let store = TestStore::in_memory();
        let rows: Vec<VisitRow> = (1u64..)
            .zip(rows)
            .map(|(number, row)| VisitRow { nonce: id(number), ..row })
            .collect();
        let kept = rows.clone();
        let numbers = store.put(move |tx| {
            kept.iter().map(|row| visits::insert_visit(tx, row)).collect::<Result<Vec<_>, _>>()
        });
        prop_assert_eq!(&numbers, &(1..=rows.len() as u64).collect::<Vec<_>>());
        let listed = store.get(|v| visits::list_visits(v, 0, 100));
        for ((number, row), found) in (1u64..).zip(rows).zip(listed) {
            let want = StoredVisit { seq: number, row, undone: false };
            prop_assert_eq!(find(&store, number), Some(want.clone()));
            prop_assert_eq!(found, want);
        }
    }
}

#[test]
fn an_occasion_is_an_event_or_a_day_and_never_both() {
    let event = OccasionKey::event(id(5));
    assert_eq!((event.as_event(), event.as_day()), (Some(id(5)), None));
    let day = "2026-11-21".parse().expect("a day");
    let key = OccasionKey::day(day);
    assert_eq!((key.as_event(), key.as_day()), (None, Some(day)));
    assert_eq!(key.as_bytes(), b"2026-11-21");
    // Sixteen digits and hyphens are an event's bytes, not a day with something behind it.
    let odd = OccasionKey::event(Id::from_bytes(*b"2026-11-21-00-00"));
    assert_eq!(odd.as_day(), None);
}

#[test]
fn a_nonce_names_one_decision_and_the_refusal_names_the_nonce() {
    let store = TestStore::new();
    assert_eq!(add(&store, visit(1)), Ok(1));
    assert_eq!(conflict(add(&store, visit(1))), "visit.nonce");
    assert_eq!(
        add(&store, visit(2)),
        Ok(2),
        "a refused row uses up no number"
    );
    assert_eq!(find(&store, 3), None);
}

#[test]
fn an_admission_has_no_reason_and_everything_else_has_one() {
    let store = TestStore::new();
    let table = [
        (Verdict::Admitted, Some(Reason::Expired)),
        (Verdict::Refused, None),
        (Verdict::Already, None),
        (Verdict::Ambiguous, None),
        (Verdict::Attention, None),
    ];
    for (verdict, reason) in table {
        conflict(add(
            &store,
            VisitRow {
                verdict,
                reason,
                ..visit(1)
            },
        ));
    }
    assert_eq!(store.rows("visit"), 0);
}

#[test]
fn pages_of_decisions_follow_their_numbers() {
    let store = TestStore::new();
    for number in 1..=5 {
        add(&store, visit(number)).expect("visit");
    }
    let page = |after, limit| -> Vec<u64> {
        let rows = store.get(|v| visits::list_visits(v, after, limit));
        rows.iter().map(|v| v.seq).collect()
    };
    assert_eq!(page(0, 2), [1, 2]);
    assert_eq!(page(2, 2), [3, 4]);
    assert_eq!(page(4, 2), [5]);
    assert!(page(5, 2).is_empty());
    assert!(page(u64::MAX, 2).is_empty());
}

#[test]
fn passages_are_the_admissions_of_one_subject_in_the_order_they_happened() {
    let store = TestStore::new();
    let day = OccasionKey::day("2026-11-21".parse().expect("a day"));
    let by_ticket = |number, happened, direction| VisitRow {
        ticket: Some(id(5)),
        happened_at: at(happened),
        direction,
        ..visit(number)
    };
    let rows = [
        by_ticket(1, 300, Direction::Exit),
        VisitRow {
            device: Some(id(4)),
            ..by_ticket(2, 100, Direction::Entry)
        },
        refused(3, Reason::AlreadyAdmitted),
        VisitRow {
            person: Some(id(5)),
            ..visit(4)
        },
        VisitRow {
            occasion: day.clone(),
            ..by_ticket(5, 50, Direction::Entry)
        },
        VisitRow {
            person: Some(id(6)),
            ..visit(6)
        },
        by_ticket(7, 400, Direction::Entry),
    ];
    for row in rows {
        add(&store, row).expect("visit");
    }
    undo(&store, 7, UndoReason::Double).expect("undo");
    let of = |occasion: &OccasionKey, subject: u64| {
        let subject: [u8; 16] = hadir::base::id::PersonId::to_bytes(id(subject));
        store.get(|v| visits::list_passages(v, occasion, subject))
    };
    let passage = |entry, ms, device: Option<u64>| Passage {
        entry,
        happened_at: at(ms),
        device: device.map(id),
    };
    let event = OccasionKey::event(id(1));
    let want = [
        passage(true, 100, Some(4)),
        passage(false, 300, None),
        passage(true, 1000, None),
    ];
    assert_eq!(
        of(&event, 5),
        want,
        "the ticket's id goes before the person's"
    );
    assert_eq!(of(&day, 5), [passage(true, 50, None)]);
    assert_eq!(
        of(&event, 1),
        [],
        "a person with a ticket is counted by the ticket"
    );
    assert_eq!(of(&event, 6), [passage(true, 1000, None)]);
}

#[test]
fn an_undo_marks_its_visit_once_and_keeps_why() {
    let store = TestStore::new();
    let numbers = 1..=UndoReason::ALL.len() as u64;
    for number in numbers.clone() {
        add(&store, visit(number)).expect("visit");
    }
    for (number, reason) in numbers.clone().zip(UndoReason::ALL) {
        undo(&store, number, *reason).expect("undo");
        conflict(undo(&store, number, UndoReason::Other));
        assert!(find(&store, number).expect("visit").undone);
    }
    conflict(undo(&store, 99, UndoReason::Test));
    let kept = store.connection();
    let mut query = kept
        .prepare("SELECT reason, at, actor, remark FROM undo ORDER BY visit")
        .expect("query");
    let rows = query.query_map([], |r| {
        Ok((
            r.get::<_, String>(0)?,
            r.get::<_, i64>(1)?,
            r.get::<_, String>(2)?,
            r.get::<_, Vec<u8>>(3)?,
        ))
    });
    let rows: Vec<_> = rows.expect("rows").map(|r| r.expect("a row")).collect();
    for (row, reason) in rows.iter().zip(UndoReason::ALL) {
        let want = (
            reason.code().to_owned(),
            2000,
            "person:A".to_owned(),
            b"sealed".to_vec(),
        );
        assert_eq!(row, &want);
    }
    assert_eq!(rows.len(), UndoReason::ALL.len());
}
