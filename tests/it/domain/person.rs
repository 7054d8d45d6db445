//! People: kept sealed, found by digest, erased for good.

use super::door::{Door, MODEL, axis, name};
use hadir::base::id::PersonId;
use hadir::domain::actor::Role;
use hadir::domain::checkin::Occasion;
use hadir::domain::checkin::reason::Verdict;
use hadir::domain::identity::gallery;
use hadir::domain::identity::person::{self, Error, PersonState, Profile};
use hadir::domain::ticketing::capacity;
use hadir::store::{Error as StoreError, audit, faces, people, visits};

fn full_profile() -> Profile {
    Profile {
        name: name("Zubaidah Kusumawardhani"),
        number: Some("NIM-777-ZK".parse().expect("a number")),
        email: Some(
            "zubaidah.k@kampus-rahasia.ac.id"
                .parse()
                .expect("an address"),
        ),
        class: Some(name("Kelas Teratai")),
        role: Role::Teacher,
    }
}

fn add(door: &Door, profile: Profile) -> Result<PersonId, Error> {
    door.act(move |tx, call| person::add(tx, call, &profile))
}

#[test]
fn a_person_comes_back_as_it_was_added() {
    let mut door = Door::new();
    let id = add(&door, full_profile()).expect("added");
    door.reopen();
    let found = door.look(|v, c| person::find(v, c, id)).expect("found");
    assert_eq!(found.name, "Zubaidah Kusumawardhani");
    assert_eq!(found.number.as_deref(), Some("NIM-777-ZK"));
    assert_eq!(
        found.email.as_deref(),
        Some("zubaidah.k@kampus-rahasia.ac.id")
    );
    assert_eq!(found.class.as_deref(), Some("Kelas Teratai"));
    assert_eq!(
        (found.state, found.role),
        (PersonState::Active, Some(Role::Teacher))
    );
    let site = &door.site;
    let number = "nim-777-zk".parse().expect("a number");
    let by_number = door.look(|v, _| person::find_by_number(v, site, &number));
    assert_eq!(by_number, Ok(Some(id)));
    let email = "Zubaidah.K@kampus-rahasia.ac.id"
        .parse()
        .expect("an address");
    assert_eq!(
        door.look(|v, _| person::find_by_email(v, site, &email)),
        Ok(Some(id))
    );
}

#[test]
fn numbers_and_addresses_are_one_person_s() {
    let door = Door::new();
    add(&door, full_profile()).expect("added");
    let mut other = full_profile();
    other.email = None;
    assert_eq!(add(&door, other), Err(Error::NumberTaken));
    let mut other = full_profile();
    other.number = None;
    assert_eq!(add(&door, other), Err(Error::EmailTaken));
    assert_eq!(
        door.look(|v, c| person::list(v, c, None, 10))
            .expect("people")
            .len(),
        1
    );
}

#[test]
fn people_are_listed_page_by_page() {
    let door = Door::new();
    let ids: Vec<PersonId> = (0..5)
        .map(|i| {
            door.advance(hadir::base::time::Span::from_millis(1));
            door.person(&format!("Orang {i}"), None)
        })
        .collect();
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let page = door
            .look(|v, c| person::list(v, c, after, 2))
            .expect("a page");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.iter().map(|p| p.id));
    }
    assert_eq!(seen, ids);
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

/// All bytes of the store's files.
fn disk(door: &Door) -> Vec<u8> {
    let dir = door.scratch.path("store");
    let files = std::fs::read_dir(dir).expect("the store's directory");
    files
        .flat_map(|f| std::fs::read(f.expect("a file").path()).expect("readable"))
        .collect()
}

#[test]
fn no_personal_value_is_on_the_disk_in_the_clear() {
    let door = Door::new();
    let id = add(&door, full_profile()).expect("added");
    door.consent(id);
    door.enrol(id, &axis(0), None).expect("enrolled");
    let event = door.event();
    let issued = door.ticket(event, Some(id));
    door.decide(&door.code(event, issued.code.as_str()));
    let disk = disk(&door);
    let plain = [
        "Zubaidah",
        "Kusumawardhani",
        "NIM-777",
        "kampus-rahasia",
        "Teratai",
        issued.code.as_str(),
    ];
    for text in plain {
        assert!(
            !contains(&disk, text.as_bytes()),
            "{text} is readable on the disk"
        );
    }
    assert!(
        !contains(&disk, &axis(0).to_bytes()[..64]),
        "an embedding is readable on the disk"
    );
    // The same search finds what is not sealed.
    assert!(contains(&disk, b"once_per_event"));
}

#[test]
fn erasing_leaves_nothing_that_opens() {
    let door = Door::new();
    let id = add(&door, full_profile()).expect("added");
    door.consent(id);
    door.enrol(id, &axis(0), None).expect("enrolled");
    let before = door
        .look(|v, _| {
            let template = faces::find_template(v, id, MODEL.0)?.expect("a template");
            let row = people::find_person(v, id)?.expect("a person");
            Ok::<_, StoreError>((template, row))
        })
        .expect("readable");
    door.act(move |tx, call| person::erase(tx, call, id))
        .expect("erased");
    assert_eq!(
        door.look(|v, c| person::find(v, c, id)),
        Err(Error::NoPerson)
    );
    let row = door
        .look(|v, _| people::find_person(v, id))
        .expect("readable")
        .expect("the empty row");
    assert_eq!(row.state, PersonState::Erased);
    assert_eq!(
        (row.name, row.number, row.email, row.class, row.wrapped_key),
        (None, None, None, None, None)
    );
    assert_eq!(door.look(|v, _| people::find_key(v, id)), Ok(None));
    let site = &door.site;
    assert_eq!(
        door.look(|v, _| gallery::load_template(v, site, id, MODEL)),
        Ok(None)
    );
    let number = "NIM-777-ZK".parse().expect("a number");
    assert_eq!(
        door.look(|v, _| person::find_by_number(v, site, &number)),
        Ok(None)
    );
    // Somebody who kept a copy of the sealed template has no key for it any more: the wrapped key
    // was the only way to it, and it is gone from every file of the store.
    door.store.checkpoint().expect("checkpoint");
    let disk = disk(&door);
    let wrapped = before.1.wrapped_key.expect("a key");
    assert!(
        !contains(&disk, &wrapped[wrapped.len() - 32..]),
        "the wrapped key is on the disk"
    );
    assert!(
        !contains(&disk, &before.0.template[40..80]),
        "the sealed template is on the disk"
    );
    let other = door.person("Orang Lain", None);
    let key = door
        .look(|v, _| people::find_key(v, other))
        .expect("readable")
        .expect("a key");
    assert!(
        site.keyring.open_person_key(id, &key).is_err(),
        "no other key will do"
    );
    let twice = door.act(move |tx, call| person::erase(tx, call, id));
    assert_eq!(twice, Err(Error::NoPerson));
}

#[test]
fn visits_and_counts_outlive_the_erased() {
    let door = Door::new();
    let id = door.enrolled("Budi", &axis(0));
    let event = door.event();
    let issued = door.ticket(event, Some(id));
    let today = Occasion::Daily(door.today());
    let decisions = [
        door.decide(&door.code(event, issued.code.as_str())),
        door.decide(&door.face(today, &axis(0))),
    ];
    door.act(move |tx, call| person::erase(tx, call, id))
        .expect("erased");
    assert!(decisions.iter().all(|d| d.verdict == Verdict::Admitted));
    let rows = door
        .look(|v, _| visits::list_visits(v, 0, 10))
        .expect("visits");
    assert_eq!(rows.len(), 2);
    let fill = door
        .look(|v, c| capacity::fill(v, c, event))
        .expect("an event");
    assert_eq!((fill.inside, fill.admitted), (1, 1));
    let actor = hadir::domain::actor::Actor::Operator;
    let site = &door.site;
    assert_eq!(
        door.look(|v, _| person::shown_name(v, site, &actor, id)),
        Ok(None)
    );
    // The number may be used by somebody else from now on, and the chain is whole.
    let chain = site
        .keyring
        .purpose(hadir::crypto::keyring::Purpose::AuditChain);
    let verdict = door.look(|v, _| audit::verify(v, chain)).expect("readable");
    assert!(matches!(verdict, audit::Verdict::Whole(_)), "{verdict:?}");
}
