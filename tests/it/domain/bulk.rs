//! The same done to several people: all of it, or nothing.

use super::door::{Door, name};
use hadir::base::id::{Id, PersonId};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::audit::Act;
use hadir::domain::identity::bulk::{self, Bulk};
use hadir::domain::identity::person::{self, Error, PersonState};
use hadir::domain::trail::{self, Wanted};

fn apply(door: &Door, people: &[PersonId], what: Bulk) -> Result<(), Error> {
    let people = people.to_vec();
    door.act(move |tx, call| bulk::apply(tx, call, &people, &what))
}

fn person(door: &Door, id: PersonId) -> person::Person {
    door.look(|view, call| person::find(view, call, id))
        .expect("a person")
}

fn rows(door: &Door, act: Act) -> usize {
    let wanted = Wanted {
        act: Some(act),
        ..Wanted::default()
    };
    let page = door.look(|view, call| trail::list(view, call, &wanted, None, 50));
    page.expect("rows").items.len()
}

#[test]
fn each_is_done_to_everybody_with_a_row_each() {
    let door = Door::new();
    let people = ["Budi", "Ani", "Sinta"].map(|who| door.person(who, None));
    let two = &people[..2];
    apply(&door, two, Bulk::Class(Some(name("XI IPA 1")))).expect("a class");
    assert_eq!(person(&door, people[1]).class.as_deref(), Some("XI IPA 1"));
    assert_ne!(person(&door, people[2]).class.as_deref(), Some("XI IPA 1"));
    apply(&door, two, Bulk::Class(None)).expect("no class");
    assert_eq!(person(&door, people[0]).class, None);
    apply(&door, two, Bulk::Disable).expect("disabled");
    assert_eq!(person(&door, people[0]).state, PersonState::Disabled);
    assert_eq!(person(&door, people[2]).state, PersonState::Active);
    apply(&door, two, Bulk::Enable).expect("enabled");
    assert_eq!(person(&door, people[0]).state, PersonState::Active);
    apply(&door, two, Bulk::Erase).expect("erased");
    let gone = door.look(|view, call| person::find(view, call, people[0]));
    assert_eq!(gone.expect_err("erased"), Error::NoPerson);
    assert_eq!(person(&door, people[2]).name, "Sinta");
    for (act, count) in [
        (Act::PersonChange, 4),
        (Act::PersonDisable, 2),
        (Act::PersonEnable, 2),
        (Act::PersonErase, 2),
    ] {
        assert_eq!(rows(&door, act), count, "{act}");
    }
}

#[test]
fn one_who_is_gone_undoes_the_whole() {
    let door = Door::new();
    let (budi, ani) = (door.person("Budi", None), door.person("Ani", None));
    apply(&door, &[ani], Bulk::Erase).expect("erased");
    for what in [Bulk::Disable, Bulk::Erase, Bulk::Class(None)] {
        assert_eq!(apply(&door, &[budi, ani], what), Err(Error::NoPerson));
        assert_eq!(person(&door, budi).state, PersonState::Active);
        assert_eq!(person(&door, budi).name, "Budi");
    }
    assert_eq!(rows(&door, Act::PersonDisable), 0);
}

#[test]
fn teachers_do_it_to_nobody() {
    let door = Door::new();
    let budi = door.person("Budi", None);
    let teacher = Actor::Person {
        id: PersonId::from_bytes([3; 16]),
        role: Role::Teacher,
        supervise: true,
    };
    for what in [Bulk::Disable, Bulk::Erase, Bulk::Enable] {
        let done = door.act_as(teacher, move |tx, c| bulk::apply(tx, c, &[budi], &what));
        assert!(matches!(done, Err(Error::Fault(_))), "{done:?}");
    }
}
