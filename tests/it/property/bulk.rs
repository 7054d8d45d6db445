//! Any sequence of doing the same to any people: it happens to all of them or, if one is not there, to
//! none, and each person has one row of the audit trail for each time.

use crate::domain::door::{Door, name};
use hadir::base::id::PersonId;
use hadir::domain::audit::Act;
use hadir::domain::identity::bulk::{self, Bulk};
use hadir::domain::identity::person::{self, Error, PersonState};
use hadir::domain::trail::{self, Subject, Wanted};
use proptest::prelude::*;
use std::collections::BTreeSet;

const PEOPLE: usize = 5;
const CLASSES: [&str; 3] = ["X-1", "XI IPA 2", "XII"];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Enable,
    Disable,
    Class(Option<usize>),
    Erase,
}

impl Kind {
    fn bulk(self) -> Bulk {
        match self {
            Self::Enable => Bulk::Enable,
            Self::Disable => Bulk::Disable,
            Self::Class(class) => Bulk::Class(class.map(|at| name(CLASSES[at]))),
            Self::Erase => Bulk::Erase,
        }
    }

    const fn act(self) -> Act {
        match self {
            Self::Enable => Act::PersonEnable,
            Self::Disable => Act::PersonDisable,
            Self::Class(_) => Act::PersonChange,
            Self::Erase => Act::PersonErase,
        }
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        3 => Just(Kind::Enable),
        3 => Just(Kind::Disable),
        4 => proptest::option::of(0..CLASSES.len()).prop_map(Kind::Class),
        1 => Just(Kind::Erase),
    ]
}

/// What the model knows of a person.
#[derive(Debug, Clone)]
struct Known {
    id: PersonId,
    disabled: bool,
    erased: bool,
    class: Option<String>,
    /// What was done to them by these deeds, in its order.
    deeds: Vec<Act>,
}

struct World {
    door: Door,
    people: Vec<Known>,
}

impl World {
    fn new() -> Self {
        let door = Door::new();
        let mut people = Vec::new();
        for n in 0..PEOPLE {
            let id = door.person(&format!("Orang {n}"), None);
            let found = door.look(|view, call| person::find(view, call, id));
            people.push(Known {
                id,
                disabled: false,
                erased: false,
                class: found.expect("a person").class,
                deeds: Vec::new(),
            });
        }
        Self { door, people }
    }

    fn apply(&mut self, whom: &BTreeSet<usize>, kind: Kind) {
        let ids: Vec<PersonId> = whom.iter().map(|at| self.people[*at].id).collect();
        let what = kind.bulk();
        let done = self
            .door
            .act(move |tx, call| bulk::apply(tx, call, &ids, &what));
        if whom.iter().any(|at| self.people[*at].erased) {
            assert_eq!(done, Err(Error::NoPerson), "{kind:?}");
            return;
        }
        assert_eq!(done, Ok(()), "{kind:?}");
        for at in whom {
            let known = &mut self.people[*at];
            known.deeds.push(kind.act());
            match kind {
                Kind::Enable => known.disabled = false,
                Kind::Disable => known.disabled = true,
                Kind::Erase => known.erased = true,
                Kind::Class(class) => known.class = class.map(|at| CLASSES[at].to_owned()),
            }
        }
    }

    fn look(&self) {
        for known in &self.people {
            let id = known.id;
            let found = self.door.look(|view, call| person::find(view, call, id));
            match found {
                Err(error) => assert!(known.erased && error == Error::NoPerson, "{error:?}"),
                Ok(found) => {
                    assert!(!known.erased);
                    assert_eq!(found.state == PersonState::Disabled, known.disabled);
                    assert_eq!(found.class, known.class);
                }
            }
            assert_eq!(self.deeds(id), known.deeds);
        }
    }

    /// What the audit trail says was done to a person, adding them left out.
    fn deeds(&self, id: PersonId) -> Vec<Act> {
        let wanted = Wanted {
            subject: Some(Subject::Person(id)),
            ..Wanted::default()
        };
        let page = self
            .door
            .look(|view, call| trail::list(view, call, &wanted, None, 100));
        let items = page.expect("rows").items;
        let acts = items.iter().rev().filter_map(|item| Act::read(&item.act));
        acts.filter(|act| *act != Act::PersonAdd).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_happens_to_all_of_them_or_to_none(
        steps in proptest::collection::vec(
            (proptest::collection::btree_set(0..PEOPLE, 1..PEOPLE), kind()),
            1..15,
        ),
    ) {
        let mut world = World::new();
        for (whom, kind) in steps {
            world.apply(&whom, kind);
            world.look();
        }
    }
}
