//! Taking imports back: as a whole or not at all, and never over what has come since.

use super::door::{Door, axis, name};
use hadir::base::id::{ImportId, PersonId};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::audit::Act;
use hadir::domain::identity::change::{self, Change};
use hadir::domain::identity::column::{self, Columns};
use hadir::domain::identity::import::{self, Extent};
use hadir::domain::identity::person::{self, Person};
use hadir::domain::identity::revert::{self, Error, Why};
use hadir::domain::identity::{role, sheet};
use hadir::store::audit;
use proptest::prelude::*;

fn import(door: &Door, table: &str) -> ImportId {
    let sheet = sheet::read(table.as_bytes()).expect("a table");
    let drafts = column::read(&sheet, &Columns::recognise(&sheet.header));
    door.act(move |tx, call| import::apply(tx, call, &drafts, Extent::All, None))
        .expect("imported");
    door.look(revert::list).expect("imports")[0].id
}

fn undo(door: &Door, id: ImportId) -> Result<(), Error> {
    door.act(move |tx, call| revert::undo(tx, call, id).map(|_| ()))
}

fn people(door: &Door) -> Vec<Person> {
    door.look(|v, c| person::list(v, c, None, 1000))
        .expect("people")
}

fn find(door: &Door, who: &str) -> PersonId {
    let all = people(door);
    all.iter().find(|p| p.name == who).expect(who).id
}

#[test]
fn new_people_go_and_changed_ones_are_as_before() {
    let door = Door::new();
    import(&door, "nama;nim;email;kelas\nBudi;1;b@b.id;X\n");
    let before = people(&door);
    door.advance(hadir::base::time::Span::from_seconds(60));
    let id = import(
        &door,
        "nama;nim;email;kelas\nBudi Santoso;1;budi@b.id;XI\nAni;2;;\n",
    );
    assert_eq!(undo(&door, id), Ok(()));
    assert_eq!(people(&door), before);
    assert_eq!(undo(&door, id), Err(Error::NoImport), "once");
    // The number is free again.
    import(&door, "nama;nim\nWati;2\n");
}

#[test]
fn each_fact_stands_against_it() {
    let door = Door::new();
    let id = import(&door, "nama,nim\nAni,1\nBudi,2\nCici,3\nDedi,4\nEka,5\n");
    let (ani, budi, cici, dedi) = (
        find(&door, "Ani"),
        find(&door, "Budi"),
        find(&door, "Cici"),
        find(&door, "Dedi"),
    );
    door.consent(ani);
    door.enrol(ani, &axis(1), None).expect("enrolled");
    let event = door.event();
    let issued = door.ticket(event, Some(budi));
    door.decide(&door.code(event, issued.code.as_str()));
    door.act(move |tx, c| role::give(tx, c, cici, person::NATIVE, Role::Teacher, None))
        .expect("a role");
    let change = Change {
        name: Some(name("Dedi Kurnia")),
        ..Change::default()
    };
    door.act(move |tx, c| change::change(tx, c, dedi, &change))
        .expect("changed");
    let before = people(&door);
    let (_, against) = door.look(|v, c| revert::check(v, c, id)).expect("looked");
    let told: Vec<(u32, &str, bool)> = (against.iter())
        .map(|o| (o.line, o.name.as_str(), o.why == Why::Changed))
        .collect();
    let want = [
        (2, "Ani", false),
        (3, "Budi", false),
        (4, "Cici", true),
        (5, "Dedi Kurnia", true),
    ];
    assert_eq!(told, want);
    let Why::Facts(facts) = &against[0].why else {
        panic!("{against:?}")
    };
    assert_eq!((facts.consents, facts.faces), (1, 1));
    let Why::Facts(facts) = &against[1].why else {
        panic!("{against:?}")
    };
    assert_eq!((facts.tickets, facts.admissions), (1, 1));
    assert_eq!(undo(&door, id), Err(Error::Objections(against)));
    assert_eq!(people(&door), before, "nothing was taken back");
}

#[test]
fn somebody_erased_by_hand_is_in_nobodys_way() {
    let door = Door::new();
    let id = import(&door, "nama,nim\nAni,1\nBudi,2\n");
    let ani = find(&door, "Ani");
    door.act(move |tx, c| person::erase(tx, c, ani))
        .expect("erased");
    assert_eq!(undo(&door, id), Ok(()));
    assert_eq!(people(&door), []);
}

#[test]
fn an_import_that_changed_nothing_leaves_none() {
    let door = Door::new();
    let table = "nama,nim\nAni,1\n";
    import(&door, table);
    import(&door, table);
    assert_eq!(door.look(revert::list).expect("imports").len(), 1);
}

#[test]
fn only_who_manages_people_takes_back_and_it_is_audited() {
    let door = Door::new();
    let id = import(&door, "nama,nim\nAni,1\n");
    let teacher = Actor::Person {
        id: find(&door, "Ani"),
        role: Role::Teacher,
        supervise: false,
    };
    for actor in [
        teacher,
        Actor::Stranger,
        door.device(DeviceAccess::Supervise, None),
    ] {
        let undone = door.act_as(actor, move |tx, c| revert::undo(tx, c, id));
        assert!(matches!(undone, Err(Error::Fault(_))), "{undone:?}");
        let seen = door.look_as(actor, |v, c| revert::check(v, c, id));
        assert!(matches!(seen, Err(Error::Fault(_))), "{seen:?}");
        let listed = door.look_as(actor, revert::list);
        assert!(matches!(listed, Err(Error::Fault(_))), "{listed:?}");
    }
    assert_eq!(undo(&door, id), Ok(()));
    let act = Act::PeopleImportUndo.code();
    let rows = door.look(|v, _| audit::list_objects(v, act));
    assert_eq!(rows.expect("rows"), [format!("import:{id}")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a table adds and changes: taken back, everybody is as before.
    #[test]
    fn taking_back_restores_everybody(
        first in prop::collection::btree_map(0u8..6, "[A-Z][a-z]{1,4}", 0..5),
        second in prop::collection::btree_map(0u8..6, "[A-Z][a-z]{1,4}", 1..6),
    ) {
        let table = |people: &std::collections::BTreeMap<u8, String>| {
            let lines: String = people.iter().map(|(n, who)| format!("{who},{n}\n")).collect();
            format!("nama,nim\n{lines}")
        };
        prop_assume!(second.iter().any(|(n, who)| first.get(n) != Some(who)));
        let door = Door::new();
        if !first.is_empty() {
            import(&door, &table(&first));
        }
        let before = people(&door);
        door.advance(hadir::base::time::Span::from_seconds(1));
        let id = import(&door, &table(&second));
        prop_assert_eq!(undo(&door, id), Ok(()));
        prop_assert_eq!(people(&door), before);
    }
}
