//! The list of names in memory follows what happens to people.

use super::door::Door;
use hadir::domain::actor::{Actor, DeviceAccess};
use hadir::domain::identity::directory::{self, Directory};
use hadir::domain::identity::person;

fn load(door: &Door) -> Directory {
    door.look(|v, c| directory::load(v, c.site))
        .expect("readable")
}

fn version(door: &Door) -> u64 {
    door.look(|v, _| directory::version(v)).expect("readable")
}

fn names(all: &Directory, text: &str) -> Vec<String> {
    let may = Actor::Operator.attend().expect("the operator may");
    all.search(may, text).into_iter().map(|h| h.name).collect()
}

#[test]
fn whoever_is_added_is_found_and_whoever_is_erased_is_not() {
    let door = Door::new();
    let empty = version(&door);
    let budi = door.person("Budi Santoso", Some("2026001"));
    door.person("Budiman Hakim", None);
    assert!(version(&door) > empty);
    let all = load(&door);
    assert_eq!(all.version, version(&door));
    assert_eq!(names(&all, "budi"), ["Budi Santoso", "Budiman Hakim"]);
    let may = Actor::Operator.read_people().expect("the operator may");
    assert_eq!(all.search(may, "2026")[0].person, budi);

    door.act(move |tx, call| person::set_enabled(tx, call, budi, false))
        .expect("disabled");
    assert!(version(&door) > all.version, "the list is out of date");
    let all = load(&door);
    assert!(all.search(may, "2026001")[0].disabled);
    assert_eq!(all.len(), 1, "who may take part");

    door.act(move |tx, call| person::erase(tx, call, budi))
        .expect("erased");
    assert!(version(&door) > all.version);
    assert_eq!(names(&load(&door), "budi"), ["Budiman Hakim"]);
}

/// More people than one page of the store's list.
#[test]
fn all_people_are_in_the_list() {
    let door = Door::new();
    for i in 0..505 {
        door.person(&format!("Orang{i:03} Nama"), None);
    }
    let all = load(&door);
    assert_eq!(all.len(), 505);
    for i in [0, 499, 500, 504] {
        assert_eq!(names(&all, &format!("orang{i:03}")).len(), 1, "{i}");
    }
}

/// What a kiosk is given: no way to ask.
#[test]
fn a_kiosk_searches_nobody() {
    let door = Door::new();
    for (access, may) in [(DeviceAccess::Scan, false), (DeviceAccess::Desk, true)] {
        assert_eq!(door.device(access, None).attend().is_ok(), may);
    }
    assert!(Actor::Stranger.attend().is_err());
}
