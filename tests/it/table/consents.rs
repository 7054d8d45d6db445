//! Who agreed to what.

use super::fixture::{TestStore, add_consent, add_people, at, conflict, consent, id};
use hadir::base::time::Timestamp;
use hadir::store::consents::{self, ConsentGiver, ConsentMeans, ConsentPurpose, ConsentRow};

fn in_force(store: &TestStore, person: u64, purpose: ConsentPurpose) -> Option<ConsentRow> {
    store.get(|v| consents::find_in_force(v, id(person), purpose))
}

fn withdraw(store: &TestStore, person: u64, purpose: ConsentPurpose, ms: i64) -> bool {
    store.put(move |tx| consents::update_withdrawn(tx, id(person), purpose, at(ms)))
}

fn times(store: &TestStore, person: u64) -> Vec<Option<Timestamp>> {
    let all = store.get(|v| consents::list_consents(v, id(person)));
    all.iter().map(|c| c.withdrawn_at).collect()
}

#[test]
fn every_kind_of_consent_comes_back_as_it_was_given() {
    let store = TestStore::new();
    add_people(&store, 1..=100);
    let mut rows = Vec::new();
    for purpose in ConsentPurpose::ALL {
        for given_by in ConsentGiver::ALL {
            for means in ConsentMeans::ALL {
                let number = rows.len() as u64 + 1;
                let by_guardian = *given_by == ConsentGiver::Guardian;
                rows.push(ConsentRow {
                    purpose: *purpose,
                    given_by: *given_by,
                    guardian: by_guardian.then(|| b"sealed".to_vec()),
                    means: *means,
                    ..consent(number, number)
                });
            }
        }
    }
    assert_eq!(rows.len(), 12);
    for row in rows.clone() {
        add_consent(&store, row).expect("consent");
    }
    let store = store.reopen();
    for (number, row) in (1u64..).zip(rows) {
        assert_eq!(in_force(&store, number, row.purpose), Some(row.clone()));
        assert_eq!(store.get(|v| consents::list_consents(v, id(number))), [row]);
    }
}

#[test]
fn one_consent_of_a_purpose_is_in_force_at_a_time() {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    add_consent(&store, consent(1, 1)).expect("first");
    let second = conflict(add_consent(&store, consent(2, 1)));
    assert_eq!(second, "consent.person, consent.purpose");
    let image = ConsentRow {
        purpose: ConsentPurpose::Image,
        ..consent(2, 1)
    };
    add_consent(&store, image).expect("another purpose");
    add_consent(&store, consent(3, 2)).expect("another person");
    assert!(withdraw(&store, 1, ConsentPurpose::Face, 5));
    add_consent(&store, consent(4, 1)).expect("after withdrawing");
    let now = in_force(&store, 1, ConsentPurpose::Face).expect("the later one");
    assert_eq!(now.id, id(4));
}

#[test]
fn withdrawing_is_of_one_person_and_purpose_and_once() {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    add_consent(&store, consent(1, 1)).expect("one");
    let image = ConsentRow {
        purpose: ConsentPurpose::Image,
        ..consent(2, 1)
    };
    add_consent(&store, image).expect("two");
    add_consent(&store, consent(3, 2)).expect("three");
    assert!(withdraw(&store, 1, ConsentPurpose::Face, 5));
    assert!(
        !withdraw(&store, 1, ConsentPurpose::Face, 6),
        "it is withdrawn already"
    );
    assert!(
        !withdraw(&store, 9, ConsentPurpose::Face, 6),
        "there is nobody"
    );
    assert_eq!(times(&store, 1), [Some(at(5)), None]);
    assert_eq!(times(&store, 2), [None]);
    assert_eq!(in_force(&store, 1, ConsentPurpose::Face), None);
    assert!(in_force(&store, 1, ConsentPurpose::Image).is_some());
}

#[test]
fn erasing_withdraws_all_keeps_earlier_times_and_forgets_the_guardian() {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    let guarded = |number, person| ConsentRow {
        given_by: ConsentGiver::Guardian,
        guardian: Some(b"ibu".to_vec()),
        ..consent(number, person)
    };
    add_consent(&store, guarded(1, 1)).expect("one");
    withdraw(&store, 1, ConsentPurpose::Face, 5);
    add_consent(&store, guarded(2, 1)).expect("two");
    add_consent(&store, guarded(3, 2)).expect("of another");
    store.put(|tx| consents::update_all_withdrawn(tx, id(1), at(8)));
    assert_eq!(times(&store, 1), [Some(at(5)), Some(at(8))]);
    let guardians = |person| {
        let all = store.get(|v| consents::list_consents(v, id(person)));
        all.iter().filter(|c| c.guardian.is_some()).count()
    };
    assert_eq!((guardians(1), guardians(2)), (0, 1));
    assert_eq!(times(&store, 2), [None]);
}

#[test]
fn a_consent_needs_a_person_and_the_version_of_a_text() {
    let store = TestStore::new();
    add_people(&store, 1..=1);
    let version = |text: &str| ConsentRow {
        text_version: text.to_owned(),
        ..consent(1, 1)
    };
    conflict(add_consent(&store, consent(1, 2)));
    conflict(add_consent(&store, version("")));
    conflict(add_consent(&store, version(&"v".repeat(65))));
    add_consent(&store, version(&"v".repeat(64))).expect("just short enough");
    let image = ConsentRow {
        purpose: ConsentPurpose::Image,
        ..consent(1, 1)
    };
    assert_eq!(conflict(add_consent(&store, image)), "consent.id");
}
