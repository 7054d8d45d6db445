//! Two people who are one become one: what they were admitted to, what they hold, what is said of
//! them; and the one is erased.

use super::door::{Door, name};
use hadir::base::id::{Id, PersonId};
use hadir::base::secret::Secret;
use hadir::crypto::totp;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::checkin::{Credential, Occasion};
use hadir::domain::fault::Fault;
use hadir::domain::identity::change::{self, Change};
use hadir::domain::identity::login::Login;
use hadir::domain::identity::person::{self, Error, Person};
use hadir::domain::identity::{account, factor, role};
use hadir::domain::merge;
use hadir::domain::privacy::claim::{self, ClaimKind, ClaimState};
use hadir::domain::surface::Surface;
use hadir::domain::ticketing::event;
use hadir::store::visits::{self, OccasionKey};
use hadir::store::{dossiers, factors, people};

fn merged(door: &Door, from: PersonId, into: PersonId) -> Result<(), Error> {
    door.act(move |tx, call| merge::merge(tx, call, from, into))
}

fn find(door: &Door, id: PersonId) -> Result<Person, Error> {
    door.look(|view, call| person::find(view, call, id))
}

/// How often the person came in on the day, and whether they are there now.
fn stands(door: &Door, id: PersonId) -> (u32, bool) {
    let key = OccasionKey::day(door.today());
    let found = door
        .store
        .read(|v| visits::find_presence(v, &key, id.to_bytes()));
    found
        .expect("read")
        .map_or((0, false), |p| (p.entries, p.inside))
}

fn present(door: &Door, id: PersonId) {
    let occasion = Occasion::Daily(door.today());
    let request = door.request(occasion, Credential::Person(id));
    door.check_in(&request).expect("present");
}

#[test]
fn attendance_tickets_and_details_become_the_others() {
    let door = Door::new();
    let (from, into) = (
        door.person("Budi S.", Some("77")),
        door.person("Budi Santoso", None),
    );
    let class = Change {
        class: Some(Some(name("X-1"))),
        ..Change::default()
    };
    door.act(move |tx, call| change::change(tx, call, from, &class))
        .expect("a class");
    let event = door.event();
    let ticket = door.ticket(event, Some(from));
    door.decide(&door.code(event, ticket.code.as_str()));
    present(&door, from);
    merged(&door, from, into).expect("merged");
    assert_eq!(find(&door, from), Err(Error::NoPerson));
    let stays = find(&door, into).expect("a person");
    assert_eq!(
        (stays.name.as_str(), stays.number.as_deref()),
        ("Budi Santoso", Some("77"))
    );
    assert!(stays.class.is_some(), "{stays:?}");
    assert_eq!(
        (stands(&door, from), stands(&door, into)),
        ((0, false), (1, true))
    );
    let held = door
        .store
        .read(|v| dossiers::list_held(v, into))
        .expect("tickets");
    assert_eq!(
        (held.len(), held[0].id, held[0].state.as_str()),
        (1, ticket.id, "valid")
    );
    let passed = |id: [u8; 16]| {
        door.store
            .read(|v| dossiers::list_passed(v, id))
            .expect("rows")
    };
    assert_eq!(passed(into.to_bytes()).len(), 1);
    assert_eq!(passed(from.to_bytes()).len(), 0);
    assert_eq!(passed(ticket.id.to_bytes()).len(), 1);
    // The event has counted one visitor, before and after.
    let counted = door
        .look(|v, c| event::find(v, c, event))
        .expect("an event");
    assert_eq!((counted.admitted, counted.inside), (1, 1));
}

#[test]
fn who_was_present_under_both_names_was_present_once() {
    let door = Door::new();
    let (from, into) = (door.person("Budi", None), door.person("Budi", None));
    present(&door, from);
    present(&door, into);
    merged(&door, from, into).expect("merged");
    assert_eq!(
        (stands(&door, from), stands(&door, into)),
        ((0, false), (2, true))
    );
    // Another check-in of the day finds the earlier ones.
    let occasion = Occasion::Daily(door.today());
    let again = door.decide(&door.request(occasion, Credential::Person(into)));
    assert_eq!(again.verdict.code(), "already");
}

#[test]
fn what_the_one_who_stays_has_is_kept() {
    let door = Door::new();
    let (from, into) = (
        door.person("Budi", Some("1")),
        door.person("Budi", Some("2")),
    );
    merged(&door, from, into).expect("merged");
    assert_eq!(
        find(&door, into).expect("a person").number.as_deref(),
        Some("2")
    );
    // The number of the erased is free.
    door.person("Lain", Some("1"));
}

#[test]
fn one_is_not_merged_with_oneself_nor_with_the_erased_nor_by_teachers() {
    let door = Door::new();
    let (budi, ani) = (door.person("Budi", None), door.person("Ani", None));
    assert_eq!(merged(&door, budi, budi), Err(Error::NoPerson));
    let teacher = Actor::Person {
        id: PersonId::from_bytes([3; 16]),
        role: Role::Teacher,
        supervise: true,
    };
    let denied = door.act_as(teacher, move |tx, call| merge::merge(tx, call, budi, ani));
    assert!(matches!(denied, Err(Error::Fault(_))), "{denied:?}");
    merged(&door, budi, ani).expect("merged");
    assert_eq!(merged(&door, ani, budi), Err(Error::NoPerson));
    assert_eq!(merged(&door, budi, ani), Err(Error::NoPerson));
    assert_eq!(find(&door, ani).expect("a person").name, "Ani");
}

fn set_login(door: &Door, who: PersonId, surface: Surface, name: &str) {
    let login = Login::typed(surface, name).expect("a login");
    let hash = format!("$argon2id$hash of {name}");
    door.act(move |tx, call| account::set_login(tx, call, surface, who, login.clone(), &hash))
        .expect("a login");
}

fn candidate(door: &Door, surface: Surface, name: &str) -> Option<(PersonId, String)> {
    let found = door.store.read(|view| {
        account::find_candidate(view, &door.site, surface, name).map_err(|e| match e {
            account::Error::Fault(Fault::Store(error)) => error,
            other @ (account::Error::NoPerson
            | account::Error::LoginTaken
            | account::Error::Fault(_)) => panic!("{other}"),
        })
    });
    let found = found.expect("read");
    found.map(|candidate| (candidate.person, candidate.hash.expose().clone()))
}

#[test]
fn logins_of_old_surfaces_go_over_where_there_is_none_and_ours_never() {
    let door = Door::new();
    let (from, into) = (door.person("Budi", None), door.person("Budi", None));
    set_login(&door, from, Surface::Native, "budi.lama");
    set_login(&door, from, Surface::Identity, "Budi Lama");
    set_login(&door, from, Surface::Chat, "budi-chat");
    set_login(&door, into, Surface::Chat, "budi-sendiri");
    merged(&door, from, into).expect("merged");
    let moved = candidate(&door, Surface::Identity, "Budi Lama");
    assert_eq!(
        moved,
        Some((into, "$argon2id$hash of Budi Lama".to_owned()))
    );
    let own = candidate(&door, Surface::Chat, "budi-sendiri");
    assert_eq!(own.map(|(who, _)| who), Some(into));
    for (surface, name) in [(Surface::Native, "budi.lama"), (Surface::Chat, "budi-chat")] {
        assert_eq!(candidate(&door, surface, name), None, "{surface} {name}");
    }
    // Names that were used stay theirs: nobody else takes one over.
    let other = door.person("Lain", None);
    for (surface, name) in [
        (Surface::Identity, "Budi Lama"),
        (Surface::Native, "budi.lama"),
    ] {
        let login = Login::typed(surface, name).expect("a login");
        let taken = door.act(move |tx, call| {
            account::set_login(tx, call, surface, other, login.clone(), "$argon2id$x")
        });
        assert_eq!(taken, Err(account::Error::LoginTaken), "{surface} {name}");
    }
}

#[test]
fn a_role_of_an_old_surface_goes_with_its_login_and_ours_does_not() {
    let door = Door::new();
    let (from, into) = (door.person("Budi", None), door.person("Budi", None));
    set_login(&door, from, Surface::Identity, "budi");
    let give = |who: PersonId, surface: Surface, role: Role| {
        door.act(move |tx, call| role::give(tx, call, who, surface, role, None))
            .expect("a role");
    };
    give(from, Surface::Identity, Role::Teacher);
    give(from, Surface::Chat, Role::Committee);
    give(from, Surface::Native, Role::Committee);
    merged(&door, from, into).expect("merged");
    let roles = door
        .store
        .read(|v| people::list_roles(v, into))
        .expect("roles");
    let told: Vec<(&str, &str)> = roles
        .iter()
        .map(|row| (row.surface.as_str(), row.role.as_str()))
        .collect();
    assert_eq!(told, [("identity", "teacher"), ("native", "user")]);
}

#[test]
fn the_last_administrator_is_not_merged_away() {
    let door = Door::new();
    let (sari, twin) = (door.person("Sari", None), door.person("Sari", None));
    set_login(&door, sari, Surface::Native, "sari");
    door.act(move |tx, call| role::give(tx, call, sari, Surface::Native, Role::Admin, None))
        .expect("a role");
    let actor = Actor::Person {
        id: sari,
        role: Role::Admin,
        supervise: false,
    };
    let away = door.act_as(actor, move |tx, call| merge::merge(tx, call, sari, twin));
    assert_eq!(away, Err(Error::LastAdministrator));
    assert_eq!(find(&door, twin).expect("a person").name, "Sari");
    let here = door.act_as(actor, move |tx, call| merge::merge(tx, call, twin, sari));
    assert_eq!(here, Ok(()));
}

/// What somebody asked for under the law has its three days, whatever becomes of the entry.
#[test]
fn what_was_asked_for_goes_on_waiting_and_the_second_factor_does_not_go_over() {
    let door = Door::new();
    let (from, into) = (door.person("Budi", None), door.person("Budi", None));
    let of = |id: PersonId| Actor::Person {
        id,
        role: Role::Committee,
        supervise: false,
    };
    let note = "Nama saya salah tulis".parse().expect("a remark");
    let id = door.act_as(of(from), move |tx, call| {
        claim::make(tx, call, from, ClaimKind::Correct, Some(&note))
    });
    let id = id.expect("a request");
    let before = door
        .look(move |v, c| claim::list(v, c, from))
        .expect("a list");
    let secret = Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned());
    let code = totp::code_at(secret.expose(), door.now().at).expect("a code");
    door.act_as(of(from), move |tx, call| {
        factor::turn_on(tx, call, &secret, &code)
    })
    .expect("a factor");
    merged(&door, from, into).expect("merged");
    let list = |id| {
        door.look(move |v, c| claim::list(v, c, id))
            .expect("a list")
    };
    assert!(list(from).is_empty());
    let after = list(into);
    assert_eq!(after.len(), 1);
    assert_eq!((after[0].id, after[0].person), (id, into));
    assert_eq!(after[0].note.as_deref(), Some("Nama saya salah tulis"));
    assert_eq!(
        (after[0].state, after[0].due_at),
        (ClaimState::Open, before[0].due_at)
    );
    for id in [from, into] {
        let on = door.store.read(|view| factors::find_factor(view, id));
        assert_eq!(
            on.expect("read"),
            None,
            "a guard of another name is given anew"
        );
    }
    door.act(move |tx, call| claim::close(tx, call, id, false, None))
        .expect("closed");
}
