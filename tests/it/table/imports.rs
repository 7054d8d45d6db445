//! Imports that may be taken back, and how much has come to people and events.

use super::fixture::{
    TestStore, add_consent, add_events, add_people, at, conflict, consent, digest, id, ticket,
};
use hadir::base::id::{ImportId, PersonId};
use hadir::store::facts::{self, EventFacts, Facts};
use hadir::store::imports::{self, ImportRow, ImportedRow};
use hadir::store::{Error, accounts, faces, tickets};

fn import(number: u64) -> ImportRow {
    ImportRow {
        id: id(number),
        at: at(number.try_into().expect("small")),
        created: 2,
        updated: 1,
    }
}

fn touched(person: u64, line: u32) -> ImportedRow {
    ImportedRow {
        person: id(person),
        line,
        trace: vec![1, 2, 3],
    }
}

/// Three people and three imports, each of which touched all of them.
fn store() -> TestStore {
    let store = TestStore::new();
    add_people(&store, 1..=3);
    store.put(|tx| {
        for number in 1..=3 {
            imports::insert_import(tx, &import(number))?;
            for person in 1..=3 {
                let line = u32::try_from(person).expect("small") + 1;
                imports::insert_imported(tx, id(number), &touched(person, line))?;
            }
        }
        Ok(())
    });
    store
}

fn listed(store: &TestStore, since: i64, limit: u32) -> Vec<ImportId> {
    let rows = store.get(|v| imports::list_imports(v, at(since), limit));
    rows.into_iter().map(|row| row.id).collect()
}

#[test]
fn what_is_kept_is_found_and_listed_the_newest_first() {
    let store = store();
    assert_eq!(
        store.get(|v| imports::find_import(v, id(2))),
        Some(import(2))
    );
    assert_eq!(store.get(|v| imports::find_import(v, id(9))), None);
    assert_eq!(listed(&store, 0, 10), [id(3), id(2), id(1)]);
    assert_eq!(listed(&store, 2, 10), [id(3), id(2)], "from an instant on");
    assert_eq!(listed(&store, 0, 1), [id(3)], "so many");
    let mut rows = store.get(|v| imports::list_imported(v, id(2)));
    rows.sort_by_key(|row| row.line);
    assert_eq!(rows, [touched(1, 2), touched(2, 3), touched(3, 4)]);
}

#[test]
fn an_import_is_kept_once_and_touches_a_person_once() {
    let store = store();
    let again = store.write(|tx| imports::insert_import(tx, &import(1)));
    assert_eq!(conflict(again), "import.id");
    let twice = store.write(|tx| imports::insert_imported(tx, id(1), &touched(1, 9)));
    assert!(conflict(twice).contains("import_person"));
    let nobody = store.write(|tx| imports::insert_imported(tx, id(1), &touched(77, 9)));
    assert!(matches!(nobody, Err(Error::Conflict(_))), "{nobody:?}");
}

#[test]
fn forgetting_takes_what_belongs_together() {
    let store = store();
    store.put(|tx| imports::delete_import(tx, id(2)));
    assert_eq!(listed(&store, 0, 10), [id(3), id(1)]);
    assert_eq!(store.rows("import_person"), 6);
    store.put(|tx| imports::delete_imported(tx, id(1)));
    assert_eq!(store.rows("import_person"), 4);
    store.put(|tx| imports::delete_imports_before(tx, at(3)));
    assert_eq!(listed(&store, 0, 10), [id(3)]);
    assert_eq!(store.rows("import_person"), 2);
    store.put(|tx| imports::delete_imports_before(tx, at(3)));
    assert_eq!(store.rows("import"), 1, "that instant is not before itself");
}

#[test]
fn each_removal_of_a_face_is_counted_for_good() {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    add_consent(&store, consent(1, 1)).expect("a consent");
    let enrol = || {
        store.put(|tx| {
            let row = faces::TemplateRow {
                person: id(1),
                model: [7; 32],
                consent: id(1),
                template: b"t",
                pictures: 3,
                created_at: at(1),
            };
            faces::insert_template(tx, &row)
        });
    };
    let removed = |person: u64| store.get(|v| faces::get_removed(v, id(person)));
    assert!(!store.get(faces::find_any));
    assert_eq!((removed(1), removed(2)), (0, 0));
    enrol();
    assert!(store.get(faces::find_any));
    enrol();
    assert_eq!(
        removed(1),
        0,
        "a face in the place of another is no removal"
    );
    for round in 1..=3 {
        store.put(|tx| faces::delete_faces(tx, id(1)).map(|_| ()));
        assert_eq!((removed(1), removed(2)), (round, 0));
        store.put(|tx| faces::delete_faces(tx, id(1)).map(|_| ()));
        assert_eq!(removed(1), round, "there was nothing to take away");
        enrol();
    }
}

#[test]
fn each_fact_of_a_person_is_counted_and_nobody_elses() {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    add_events(&store, 1..=2);
    let facts = |person: u64| -> Facts {
        let person: PersonId = id(person);
        store.get(|v| facts::get_facts(v, person))
    };
    assert!(facts(1).is_empty());
    add_consent(&store, consent(1, 1)).expect("a consent");
    store.put(|tx| {
        tickets::insert_ticket(tx, &ticket(1, 1, Some(1)), digest(1), b"code")?;
        tickets::insert_ticket(tx, &ticket(2, 2, Some(1)), digest(2), b"code")?;
        let account = accounts::NewAccount {
            person: id(1),
            surface: "native",
            login: b"l",
            login_digest: digest(1),
            hash: b"h",
            changed_at: at(1),
        };
        accounts::insert_account(tx, &account)
    });
    let want = Facts {
        consents: 1,
        faces: 0,
        tickets: 2,
        admissions: 0,
        logins: 1,
    };
    assert_eq!(facts(1), want);
    assert!(facts(2).is_empty());
    let of_event = |number: u64| store.get(|v| facts::get_event_facts(v, id(number)));
    let one = EventFacts {
        tickets: 1,
        ..EventFacts::default()
    };
    assert_eq!((of_event(1), of_event(2)), (one, one));
    assert_eq!(of_event(9), EventFacts::default());
}
