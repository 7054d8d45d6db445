//! Importing people from tables: what would happen is what happens, all or nothing.

use super::door::{Door, name};
use hadir::base::id::PersonId;
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::identity::column::{self, Columns, Draft, Field, Trouble};
use hadir::domain::identity::import::{self, Counts, Error, Extent, Outcome, Plan};
use hadir::domain::identity::person::{self, Person, Profile};
use hadir::domain::identity::sheet;
use hadir::store::audit;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn drafts(table: &str) -> Vec<Draft> {
    let sheet = sheet::read(table.as_bytes()).expect("a table");
    column::read(&sheet, &Columns::recognise(&sheet.header))
}

fn plan(door: &Door, table: &str) -> Plan {
    let drafts = drafts(table);
    door.look(|v, c| import::plan(v, c, &drafts))
        .expect("a plan")
}

fn apply(door: &Door, table: &str, extent: Extent, seen: Option<Counts>) -> Result<Counts, Error> {
    let drafts = drafts(table);
    door.act(move |tx, call| import::apply(tx, call, &drafts, extent, seen))
}

fn people(door: &Door) -> Vec<Person> {
    door.look(|v, c| person::list(v, c, None, 1000))
        .expect("people")
}

fn add(door: &Door, who: &str, number: Option<&str>, email: Option<&str>) -> PersonId {
    let profile = Profile {
        name: name(who),
        number: number.map(|n| n.parse().expect("a number")),
        email: email.map(|e| e.parse().expect("an address")),
        class: None,
        role: Role::Teacher,
    };
    door.act(move |tx, call| person::add(tx, call, &profile))
        .expect("added")
}

fn counts(create: usize, update: usize, unchanged: usize, skipped: usize) -> Counts {
    Counts {
        create,
        update,
        unchanged,
        skipped,
    }
}

#[test]
fn the_plan_tells_new_changed_known_and_skipped_lines() {
    let door = Door::new();
    let budi = add(&door, "Budi", Some("1"), None);
    let siti = add(&door, "Siti", Some("a2"), Some("siti@b.id"));
    let table = "nama;nim;email;kelas\nBudi;1;;\nSiti;A2;;X\nIwan;3;;\n;4;;\n";
    let plan = plan(&door, table);
    let outcomes: Vec<&Outcome> = plan.steps.iter().map(|s| &s.outcome).collect();
    assert_eq!(outcomes[0], &Outcome::Unchanged(budi));
    let Outcome::Update(who, change, fields) = outcomes[1] else {
        panic!("{outcomes:?}")
    };
    assert_eq!(
        (*who, fields.as_slice()),
        (siti, [Field::Number, Field::Class].as_slice())
    );
    assert_eq!(change.email, None, "an empty cell leaves what is known");
    assert!(matches!(outcomes[2], Outcome::Create(row) if row.name == name("Iwan")));
    assert!(
        matches!(outcomes[3], Outcome::Skipped(t) if matches!(t[0], Trouble::Text(Field::Name, _)))
    );
    assert_eq!(plan.counts(), counts(1, 1, 1, 1));
}

#[test]
fn a_line_that_names_two_people_is_skipped() {
    let door = Door::new();
    add(&door, "Budi", Some("1"), None);
    add(&door, "Siti", None, Some("siti@b.id"));
    let plan = plan(&door, "nama,nim,email\nSiti,1,siti@b.id\n");
    assert_eq!(
        plan.steps[0].outcome,
        Outcome::Skipped(vec![Trouble::TwoPeople])
    );
}

#[test]
fn two_lines_about_one_person_are_both_skipped() {
    let door = Door::new();
    add(&door, "Budi", Some("1"), Some("budi@b.id"));
    let plan = plan(&door, "nama,nim,email\nBudi,1,\nBudi S,,budi@b.id\n");
    let outcomes: Vec<_> = plan.steps.into_iter().map(|s| s.outcome).collect();
    let same = |line| Outcome::Skipped(vec![Trouble::SamePerson(line)]);
    assert_eq!(outcomes, [same(3), same(2)]);
}

#[test]
fn nothing_is_half_imported() {
    let door = Door::new();
    let table = "nama,nim\nBudi,1\nSiti,2\nIwan,1\n";
    assert_eq!(apply(&door, table, Extent::All, None), Err(Error::Lines(2)));
    assert_eq!(people(&door), []);
    let valid = apply(&door, table, Extent::Valid, None);
    assert_eq!(valid, Ok(counts(1, 0, 0, 2)));
    let names: Vec<String> = people(&door).into_iter().map(|p| p.name).collect();
    assert_eq!(names, ["Siti"]);
}

#[test]
fn a_failure_in_the_middle_takes_everything_back() {
    let door = Door::new();
    add(&door, "Budi", Some("1"), None);
    // A plan that was made before somebody took the number 2.
    let table = "nama,nim\nAni,3\nIwan,2\n";
    let seen = plan(&door, table).counts();
    add(&door, "Siti", Some("2"), None);
    assert_eq!(
        apply(&door, table, Extent::All, Some(seen)),
        Err(Error::Changed)
    );
    assert_eq!(people(&door).len(), 2);
    // What was looked at again is done.
    let seen = plan(&door, table).counts();
    assert_eq!(seen, counts(1, 1, 0, 0));
    assert_eq!(apply(&door, table, Extent::All, Some(seen)), Ok(seen));
}

#[test]
fn imported_again_nothing_changes() {
    let door = Door::new();
    let table = "Nama Lengkap;NIS;Surel;Kelas\nBudi;1;b@b.id;X\nSiti;2;;\n";
    assert_eq!(
        apply(&door, table, Extent::All, None),
        Ok(counts(2, 0, 0, 0))
    );
    let before = people(&door);
    assert_eq!(
        apply(&door, table, Extent::All, None),
        Ok(counts(0, 0, 2, 0))
    );
    assert_eq!(people(&door), before);
}

#[test]
fn a_change_keeps_role_and_what_the_table_does_not_say() {
    let door = Door::new();
    let id = add(&door, "Budi", Some("1"), Some("b@b.id"));
    let done = apply(
        &door,
        "nama,nim,kelas\nBudi Santoso,1,X IPA\n",
        Extent::All,
        None,
    );
    assert_eq!(done, Ok(counts(0, 1, 0, 0)));
    let found = door.look(|v, c| person::find(v, c, id)).expect("found");
    assert_eq!(
        (found.name.as_str(), found.class.as_deref()),
        ("Budi Santoso", Some("X IPA"))
    );
    assert_eq!(
        (found.email.as_deref(), found.role),
        (Some("b@b.id"), Some(Role::Teacher))
    );
}

#[test]
fn only_who_manages_people_may_import_or_look_what_it_would_do() {
    let door = Door::new();
    let teacher = Actor::Person {
        id: add(&door, "Guru", None, None),
        role: Role::Teacher,
        supervise: false,
    };
    let desk = door.device(DeviceAccess::Supervise, None);
    for actor in [teacher, desk] {
        let rows = drafts("nama\nBudi\n");
        let seen = door.look_as(actor, |v, c| import::plan(v, c, &rows));
        assert!(matches!(seen, Err(Error::Fault(_))), "{seen:?}");
        let done = door.act_as(actor, move |tx, c| {
            import::apply(tx, c, &rows, Extent::All, None)
        });
        assert!(matches!(done, Err(Error::Fault(_))), "{done:?}");
    }
    assert_eq!(people(&door).len(), 1);
}

#[test]
fn the_audit_says_how_many_and_names_nobody() {
    let door = Door::new();
    apply(&door, "nama,nim\nZubaidah,1\n", Extent::All, None).expect("imported");
    let rows = door.look(|v, _| audit::list_objects(v, "people.import"));
    let counts = "people: create 1 update 0 unchanged 0 skipped 0";
    assert_eq!(rows.expect("rows"), [counts]);
}

/// Number to name, as the table and the box hold them.
type Known = BTreeMap<String, String>;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is imported after whatever: the plan's counts are what is done, the box holds
    /// what a map would hold, and a file with a bad line changes nothing.
    #[test]
    fn any_tables_one_after_the_other_end_as_in_a_map(
        tables in prop::collection::vec(
            prop::collection::vec((0_u8..12, "[A-C]{0,2}"), 1..8), 1..5),
    ) {
        let door = Door::new();
        let mut model = Known::new();
        for rows in tables {
            let line = |(number, name): &(u8, String)| format!("{name};{number}\n");
            let table = format!("nama;nim\n{}", rows.iter().map(line).collect::<String>());
            let once = |n: u8| rows.iter().filter(|(other, who)| *other == n && !who.is_empty()).count() == 1;
            let good = rows.iter().all(|(n, who)| !who.is_empty() && once(*n));
            let seen = plan(&door, &table).counts();
            match apply(&door, &table, Extent::All, Some(seen)) {
                Ok(done) => {
                    prop_assert!(good);
                    prop_assert_eq!(done, seen);
                    let new = rows.iter().filter(|(n, _)| !model.contains_key(&n.to_string())).count();
                    prop_assert_eq!(done.create, new);
                    model.extend(rows.into_iter().map(|(n, who)| (n.to_string(), who)));
                }
                Err(error) => {
                    prop_assert!(!good);
                    prop_assert_eq!(error, Error::Lines(seen.skipped));
                }
            }
            let held: Known = people(&door).into_iter()
                .map(|p| (p.number.unwrap_or_default(), p.name))
                .collect();
            prop_assert_eq!(&held, &model);
        }
    }
}
