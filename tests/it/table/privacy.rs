//! The notice and what people ask for; and what is read of one person across the tables.

use super::fixture::{TestStore, add_person, at, conflict, id};
use super::row::{Case, ID, KNOWN, NOBODY, SHORT};
use hadir::base::id::{ClaimId, PersonId};
use hadir::store::privacy::{self, ClaimKind, ClaimRow, ClaimState, NoticeRow};
use hadir::store::{Error, Tx};

/// All of them.
pub const CASES: [Case; 3] = [
    Case {
        table: "privacy_notice",
        row: &[
            ("version", "1"),
            ("text_id", "'Teks'"),
            ("text_en", "'Text'"),
            ("published_at", "1"),
        ],
        refused: &[
            ("version", &["0", "-1"]),
            ("text_id", &["''"]),
            ("text_en", &["''"]),
        ],
    },
    Case {
        table: "privacy_claim",
        row: &[
            ("id", ID),
            ("person", KNOWN),
            ("kind", "'erase'"),
            ("state", "'open'"),
            ("note", "X'01'"),
            ("made_at", "1"),
            ("due_at", "2"),
        ],
        refused: &[
            ("id", SHORT),
            ("person", &[NOBODY]),
            ("kind", &["'forget'", "''"]),
            ("state", &["'done'", "'refused'", "'late'"]),
            ("closed_at", &["3"]),
        ],
    },
    Case {
        table: "privacy_claim",
        row: &[
            ("id", ID),
            ("person", KNOWN),
            ("kind", "'access'"),
            ("state", "'refused'"),
            ("answer", "X'01'"),
            ("made_at", "1"),
            ("due_at", "2"),
            ("closed_at", "3"),
        ],
        refused: &[("state", &["'open'"]), ("closed_at", &["NULL"])],
    },
];

/// A version of the notice.
pub fn notice(version: u32) -> NoticeRow {
    NoticeRow {
        version,
        text_id: format!("Teks {version}"),
        text_en: format!("Text {version}"),
        published_at: at(i64::from(version)),
    }
}

/// Something that waits.
pub fn claim(number: u64, person: PersonId, due: i64) -> ClaimRow {
    ClaimRow {
        id: id(number),
        person,
        kind: ClaimKind::Correct,
        state: ClaimState::Open,
        note: Some(b"sealed note".to_vec()),
        answer: None,
        made_at: at(1),
        due_at: at(due),
        closed_at: None,
    }
}

fn ids(rows: &[ClaimRow]) -> Vec<ClaimId> {
    rows.iter().map(|row| row.id).collect()
}

fn ids_of(numbers: &[u64]) -> Vec<ClaimId> {
    numbers.iter().map(|number| id(*number)).collect()
}

/// Two people, three claims: two of the first one.
fn filled() -> TestStore {
    let store = TestStore::new();
    store.put(|tx| {
        add_person(tx, 1, None, None)?;
        add_person(tx, 2, None, None)?;
        privacy::insert_claim(tx, &claim(1, id(1), 30))?;
        privacy::insert_claim(tx, &claim(2, id(2), 10))?;
        privacy::insert_claim(tx, &claim(3, id(1), 20))
    });
    store
}

#[test]
fn the_last_version_is_the_one_in_force_and_none_comes_twice() {
    let store = TestStore::new();
    assert_eq!(store.get(privacy::find_notice), None);
    store.put(|tx| {
        privacy::insert_notice(tx, &notice(2))?;
        privacy::insert_notice(tx, &notice(1))
    });
    assert_eq!(store.get(privacy::find_notice), Some(notice(2)));
    let twice = store.write(|tx| privacy::insert_notice(tx, &notice(2)));
    assert!(conflict(twice).contains("privacy_notice"));
}

#[test]
fn a_claim_is_read_as_it_was_written() {
    let store = filled();
    let found = store.get(|v| privacy::find_claim(v, id(1)));
    assert_eq!(found, Some(claim(1, id(1), 30)));
    assert_eq!(store.get(|v| privacy::find_claim(v, id(9))), None);
    let twice = store.write(|tx| privacy::insert_claim(tx, &claim(1, id(1), 30)));
    assert!(conflict(twice).contains("privacy_claim"));
    let nobody = store.write(|tx| privacy::insert_claim(tx, &claim(4, id(9), 30)));
    assert!(matches!(nobody, Err(Error::Conflict(_))), "{nobody:?}");
}

#[test]
fn what_waits_is_listed_by_when_it_is_due_and_a_person_s_by_age() {
    let store = filled();
    let open = store.get(|v| privacy::list_open(v, 9));
    assert_eq!(ids(&open), ids_of(&[2, 3, 1]));
    assert_eq!(
        ids(&store.get(|v| privacy::list_open(v, 2))),
        ids_of(&[2, 3])
    );
    let own = store.get(|v| privacy::list_claims(v, id(1)));
    assert_eq!(ids(&own), ids_of(&[3, 1]), "newest first");
    assert!(store.get(|v| privacy::list_claims(v, id(9))).is_empty());
}

#[test]
fn one_is_closed_once() {
    let store = filled();
    let close = |state: ClaimState| {
        store.put(move |tx: &Tx<'_>| {
            privacy::update_closed(tx, id(2), state, Some(b"sealed answer"), at(40))
        })
    };
    assert!(close(ClaimState::Done));
    assert!(!close(ClaimState::Refused), "it was closed before");
    let found = store.get(|v| privacy::find_claim(v, id(2)));
    let closed = ClaimRow {
        state: ClaimState::Done,
        answer: Some(b"sealed answer".to_vec()),
        closed_at: Some(at(40)),
        ..claim(2, id(2), 10)
    };
    assert_eq!(found, Some(closed));
    assert_eq!(
        ids(&store.get(|v| privacy::list_open(v, 9))),
        ids_of(&[3, 1])
    );
    let none = store.put(|tx| privacy::update_closed(tx, id(9), ClaimState::Done, None, at(40)));
    assert!(!none);
}

#[test]
fn erasing_takes_every_word_and_closes_what_waits_of_one_person_alone() {
    let store = filled();
    store.put(|tx| {
        privacy::update_closed(tx, id(1), ClaimState::Refused, Some(b"why"), at(5))?;
        privacy::update_erased(tx, id(1), at(50))
    });
    for row in store.get(|v| privacy::list_claims(v, id(1))) {
        assert_eq!((&row.note, &row.answer), (&None, &None));
        let (state, closed) = match row.id == id(1) {
            true => (ClaimState::Refused, at(5)),
            false => (ClaimState::Done, at(50)),
        };
        assert_eq!((row.state, row.closed_at), (state, Some(closed)));
    }
    let others = store.get(|v| privacy::find_claim(v, id(2)));
    assert_eq!(others, Some(claim(2, id(2), 10)));
}
