//! Any sequence of what can be done to people agrees with a model in memory.

use super::fixture::{TestStore, add_person, at, digest, id};
use hadir::base::id::PersonId;
use hadir::store::people::{self, PersonState};
use hadir::store::{Error, Tx};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy)]
enum Op {
    Add(u64, Option<u8>, Option<u8>),
    State(u64, bool),
    Erase(u64),
}

fn op() -> impl Strategy<Value = Op> {
    let person = 1..8u64;
    let few = proptest::option::of(1..5u8);
    prop_oneof![
        3 => (person.clone(), few.clone(), few).prop_map(|(p, n, e)| Op::Add(p, n, e)),
        1 => (person.clone(), any::<bool>()).prop_map(|(p, a)| Op::State(p, a)),
        1 => person.prop_map(Op::Erase),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    state: PersonState,
    number: Option<u8>,
    email: Option<u8>,
}

#[derive(Debug, Default)]
struct Model(BTreeMap<u64, Entry>);

impl Model {
    /// Whether the operation is accepted; if so, it is done.
    fn apply(&mut self, op: Op) -> bool {
        match op {
            Op::Add(person, number, email) => {
                let taken = |e: &Entry| {
                    (number.is_some() && e.number == number)
                        || (email.is_some() && e.email == email)
                };
                if self.0.contains_key(&person) || self.0.values().any(taken) {
                    return false;
                }
                let state = PersonState::Active;
                self.0.insert(
                    person,
                    Entry {
                        state,
                        number,
                        email,
                    },
                );
                true
            }
            Op::State(person, active) => self.change(person, |e| {
                e.state = if active {
                    PersonState::Active
                } else {
                    PersonState::Disabled
                };
            }),
            Op::Erase(person) => self.change(person, |e| {
                *e = Entry {
                    state: PersonState::Erased,
                    number: None,
                    email: None,
                };
            }),
        }
    }

    fn change(&mut self, person: u64, change: impl FnOnce(&mut Entry)) -> bool {
        let entry = self
            .0
            .get_mut(&person)
            .filter(|e| e.state != PersonState::Erased);
        let there = entry.is_some();
        if let Some(entry) = entry {
            change(entry);
        }
        there
    }

    fn with_number(&self, number: u8) -> Option<PersonId> {
        let found = self.0.iter().find(|(_, e)| e.number == Some(number));
        found.map(|(person, _)| id(*person))
    }

    fn with_email(&self, email: u8) -> Option<PersonId> {
        let found = self.0.iter().find(|(_, e)| e.email == Some(email));
        found.map(|(person, _)| id(*person))
    }
}

fn run(tx: &Tx<'_>, op: Op) -> Result<(), Error> {
    match op {
        Op::Add(person, number, email) => {
            add_person(tx, person, number.map(digest), email.map(digest))
        }
        Op::State(person, true) => people::update_state(tx, id(person), PersonState::Active),
        Op::State(person, false) => people::update_state(tx, id(person), PersonState::Disabled),
        Op::Erase(person) => people::update_erased(tx, id(person), at(9)),
    }
}

fn compare(store: &TestStore, model: &Model) {
    for (person, entry) in &model.0 {
        let found = store
            .get(|v| people::find_person(v, id(*person)))
            .expect("a row");
        let gone = entry.state == PersonState::Erased;
        assert_eq!(found.state, entry.state);
        assert_eq!(found.wrapped_key.is_none(), gone);
        assert_eq!(found.name.is_none(), gone);
        assert_eq!(found.number.is_some(), entry.number.is_some());
        assert_eq!(found.email.is_some(), entry.email.is_some());
    }
    for value in 1..5 {
        let number = store.get(|v| people::find_by_number(v, digest(value)));
        let email = store.get(|v| people::find_by_email(v, digest(value)));
        assert_eq!(number, model.with_number(value));
        assert_eq!(email, model.with_email(value));
    }
    let listed = store.get(|v| people::list_people(v, None, 100));
    let listed: Vec<PersonId> = listed.iter().map(|p| p.id).collect();
    let there = model
        .0
        .iter()
        .filter(|(_, e)| e.state != PersonState::Erased);
    let there: Vec<PersonId> = there.map(|(person, _)| id(*person)).collect();
    assert_eq!(listed, there);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn people_are_what_was_done_to_them(ops in proptest::collection::vec(op(), 1..25)) {
        let store = TestStore::in_memory();
        let mut model = Model::default();
        for op in ops {
            let done = store.write(move |tx| run(tx, op));
            prop_assert_eq!(done.is_ok(), model.apply(op), "{:?} gave {:?}", op, done);
        }
        compare(&store, &model);
    }
}
