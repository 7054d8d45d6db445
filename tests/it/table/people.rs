//! People, their keys and their roles.

use super::fixture::{TestStore, add_people, add_person, at, conflict, digest, id};
use hadir::base::id::PersonId;
use hadir::store::Error;
use hadir::store::people::{self, PersonRow, PersonState, RoleRow};

fn role(person: u64, surface: &str, role: &str, word: Option<&str>) -> RoleRow {
    RoleRow {
        person: id(person),
        surface: surface.to_owned(),
        role: role.to_owned(),
        word: word.map(str::to_owned),
    }
}

fn give(store: &TestStore, row: RoleRow) -> Result<(), Error> {
    store.write(move |tx| people::insert_role(tx, &row, at(1)))
}

#[test]
fn a_person_comes_back_as_it_was_put_in_also_after_opening_again() {
    let store = TestStore::new();
    store.put(|tx| add_person(tx, 1, Some(digest(1)), Some(digest(2))));
    let store = store.reopen();
    let found = store.get(|v| people::find_person(v, id(1)));
    let want = PersonRow {
        id: id(1),
        state: PersonState::Active,
        name: Some(b"name 1".to_vec()),
        number: Some(b"number 1".to_vec()),
        email: Some(b"email 1".to_vec()),
        class: Some(b"class 1".to_vec()),
        created_at: at(1000),
        wrapped_key: Some(b"key 1".to_vec()),
    };
    assert_eq!(found, Some(want));
    assert_eq!(store.get(|v| people::find_person(v, id(2))), None);
}

#[test]
fn number_and_address_find_their_person_and_nobody_else() {
    let store = TestStore::new();
    store.put(|tx| add_person(tx, 1, Some(digest(1)), None));
    store.put(|tx| add_person(tx, 2, None, Some(digest(1))));
    let by_number = |d| store.get(|v| people::find_by_number(v, digest(d)));
    let by_email = |d| store.get(|v| people::find_by_email(v, digest(d)));
    assert_eq!((by_number(1), by_number(2)), (Some(id(1)), None));
    assert_eq!((by_email(1), by_email(2)), (Some(id(2)), None));
}

#[test]
fn a_number_or_an_address_is_one_person_s_and_the_refusal_names_it() {
    let store = TestStore::new();
    store.put(|tx| add_person(tx, 1, Some(digest(1)), Some(digest(2))));
    let table = [
        (1, None, None, "person.id"),
        (2, Some(digest(1)), None, "person.number_digest"),
        (2, None, Some(digest(2)), "person.email_digest"),
    ];
    for (number, number_digest, email_digest, want) in table {
        let answer = store.write(move |tx| add_person(tx, number, number_digest, email_digest));
        let error = answer.clone().expect_err(want);
        assert!(error.is_conflict_of(want), "{error}");
        assert_eq!(conflict(answer), want);
    }
    assert_eq!((store.rows("person"), store.rows("person_key")), (1, 1));
}

#[test]
fn two_people_may_both_lack_a_number() {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    assert_eq!(store.rows("person"), 2);
}

#[test]
fn a_state_changes_until_the_person_is_erased() {
    let store = TestStore::new();
    add_people(&store, 1..=1);
    let state = |store: &TestStore| store.get(|v| people::find_state(v, id(1)));
    assert_eq!(state(&store), Some(PersonState::Active));
    for want in [
        PersonState::Disabled,
        PersonState::Disabled,
        PersonState::Active,
    ] {
        store.put(move |tx| people::update_state(tx, id(1), want));
        assert_eq!(state(&store), Some(want));
    }
    store.put(|tx| people::update_erased(tx, id(1), at(5)));
    let again = store.write(|tx| people::update_state(tx, id(1), PersonState::Active));
    assert_eq!(again, Err(Error::Missing("person")));
    assert_eq!(state(&store), Some(PersonState::Erased));
    let nobody = store.write(|tx| people::update_state(tx, id(7), PersonState::Active));
    assert_eq!(nobody, Err(Error::Missing("person")));
}

#[test]
fn a_state_is_not_set_to_erased_without_erasing() {
    let store = TestStore::new();
    add_people(&store, 1..=1);
    let answer = store.write(|tx| people::update_state(tx, id(1), PersonState::Erased));
    assert!(conflict(answer).contains("erased"));
    let found = store
        .get(|v| people::find_person(v, id(1)))
        .expect("the person");
    assert_eq!(
        (found.state, found.name.is_some()),
        (PersonState::Active, true)
    );
}

#[test]
fn an_erased_person_has_an_id_and_nothing_else() {
    let store = TestStore::new();
    store.put(|tx| add_person(tx, 1, Some(digest(1)), Some(digest(2))));
    give(&store, role(1, "native", "admin", None)).expect("a role");
    store.put(|tx| people::update_erased(tx, id(1), at(5)));
    let found = store.get(|v| people::find_person(v, id(1)));
    let want = PersonRow {
        id: id(1),
        state: PersonState::Erased,
        name: None,
        number: None,
        email: None,
        class: None,
        created_at: at(1000),
        wrapped_key: None,
    };
    assert_eq!(found, Some(want));
    assert_eq!(store.get(|v| people::find_key(v, id(1))), None);
    assert_eq!(store.get(|v| people::find_by_number(v, digest(1))), None);
    assert_eq!(store.get(|v| people::find_by_email(v, digest(2))), None);
    assert!(store.get(|v| people::list_roles(v, id(1))).is_empty());
    assert!(store.get(|v| people::list_people(v, None, 10)).is_empty());
}

#[test]
fn a_number_is_free_again_once_its_person_is_erased() {
    let store = TestStore::new();
    store.put(|tx| add_person(tx, 1, Some(digest(1)), None));
    store.put(|tx| people::update_erased(tx, id(1), at(5)));
    store.put(|tx| add_person(tx, 2, Some(digest(1)), None));
    assert_eq!(
        store.get(|v| people::find_by_number(v, digest(1))),
        Some(id(2))
    );
}

#[test]
fn nobody_is_erased_twice() {
    let store = TestStore::new();
    add_people(&store, 1..=1);
    store.put(|tx| people::update_erased(tx, id(1), at(5)));
    for number in [1, 2] {
        let again = store.write(move |tx| people::update_erased(tx, id(number), at(6)));
        assert_eq!(again, Err(Error::Missing("person")));
    }
    let first = store
        .connection()
        .query_row("SELECT erased_at FROM person", [], |r| r.get(0));
    assert_eq!(first, Ok(5i64));
}

#[test]
fn pages_follow_each_other_without_gaps_or_repetition() {
    let store = TestStore::new();
    add_people(&store, 1..=7);
    store.put(|tx| people::update_erased(tx, id(3), at(5)));
    for limit in [1, 2, 3, 6, 7, 100] {
        let (mut seen, mut after): (Vec<PersonId>, _) = (Vec::new(), None);
        loop {
            let page = store.get(|v| people::list_people(v, after, limit));
            assert!(page.len() <= limit as usize);
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            seen.extend(page.iter().map(|p| p.id));
        }
        assert_eq!(seen, [1, 2, 4, 5, 6, 7].map(id), "limit {limit}");
    }
    assert!(store.get(|v| people::list_people(v, None, 0)).is_empty());
}

#[test]
fn a_role_takes_the_place_of_the_one_on_the_same_surface() {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    give(&store, role(1, "native", "user", None)).expect("first");
    give(&store, role(1, "absen", "teacher", Some("guru"))).expect("second");
    give(&store, role(1, "native", "admin", Some("kepala"))).expect("in its place");
    let found = store.get(|v| people::list_roles(v, id(1)));
    let want = [
        role(1, "absen", "teacher", Some("guru")),
        role(1, "native", "admin", Some("kepala")),
    ];
    assert_eq!(found, want);
    assert!(store.get(|v| people::list_roles(v, id(2))).is_empty());
}

#[test]
fn what_is_no_role_is_refused() {
    let store = TestStore::new();
    add_people(&store, 1..=1);
    let long = "w".repeat(65);
    let table = [
        role(1, "native", "king", None),
        role(1, "", "user", None),
        role(1, &"s".repeat(33), "user", None),
        role(1, "native", "user", Some(&long)),
        role(2, "native", "user", None),
    ];
    for row in table {
        conflict(give(&store, row));
    }
    assert_eq!(store.rows("role"), 0);
    give(&store, role(1, &"s".repeat(32), "user", Some(&long[1..]))).expect("just short enough");
}
