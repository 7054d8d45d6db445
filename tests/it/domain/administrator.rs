//! The box keeps an administrator, and nobody takes over another person's login name.

use super::door::Door;
use super::session::{login, staff};
use hadir::base::cause::Cause;
use hadir::base::id::PersonId;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person::{self, Error, NATIVE};
use hadir::domain::identity::{account, language, role};
use hadir::domain::rule::Language;
use hadir::domain::surface::Surface;

const fn admin(id: PersonId) -> Actor {
    Actor::Person {
        id,
        role: Role::Admin,
        supervise: false,
    }
}

/// The three ways by which an administrator is none any more.
type Way = fn(&Door, Actor, PersonId) -> Result<(), Error>;
const WAYS: [(&str, Way); 3] = [
    ("disable", |door, actor, id| {
        door.act_as(actor, move |tx, call| {
            person::set_enabled(tx, call, id, false)
        })
    }),
    ("erase", |door, actor, id| {
        door.act_as(actor, move |tx, call| person::erase(tx, call, id))
    }),
    ("demote", |door, actor, id| {
        door.act_as(actor, move |tx, call| {
            role::give(tx, call, id, NATIVE, Role::Teacher, None)
        })
    }),
];

fn has_administrator(door: &Door) -> bool {
    door.look(|v, _| account::has_administrator(v))
        .expect("readable")
}

#[test]
fn the_last_administrator_stays_unless_the_operator_decides() {
    for (name, way) in WAYS {
        let door = Door::new();
        let only = staff(&door, "Rina", Role::Admin);
        staff(&door, "Sari", Role::Committee);
        let refused = way(&door, admin(only), only);
        assert_eq!(refused, Err(Error::LastAdministrator), "{name}");
        assert_eq!(Error::LastAdministrator.cause(), Cause::Conflict);
        assert!(has_administrator(&door), "{name}");
        way(&door, Actor::Operator, only).expect(name);
    }
}

#[test]
fn one_of_two_may_go_and_then_the_other_is_the_last() {
    for (name, way) in WAYS {
        let door = Door::new();
        let (one, other) = (
            staff(&door, "Rina", Role::Admin),
            staff(&door, "Budi", Role::Admin),
        );
        way(&door, admin(one), other).expect(name);
        let refused = way(&door, admin(one), one);
        assert_eq!(refused, Err(Error::LastAdministrator), "{name}");
    }
}

#[test]
fn who_cannot_sign_in_is_no_other_administrator() {
    let door = Door::new();
    let only = staff(&door, "Rina", Role::Admin);
    let disabled = staff(&door, "Budi", Role::Admin);
    door.act(move |tx, call| person::set_enabled(tx, call, disabled, false))
        .expect("disabled");
    // An administrator without a login.
    let profile = person::Profile {
        name: "Tono".parse().expect("a name"),
        number: None,
        email: None,
        class: None,
        role: Role::Admin,
    };
    let without = door
        .act(move |tx, call| person::add(tx, call, &profile))
        .expect("a person");
    let (_, erase) = WAYS[1];
    assert_eq!(
        erase(&door, admin(only), only),
        Err(Error::LastAdministrator)
    );
    // These two are not what the box is run by, and may go.
    assert_eq!(erase(&door, admin(only), disabled), Ok(()));
    assert_eq!(erase(&door, admin(only), without), Ok(()));
}

#[test]
fn a_role_elsewhere_and_the_same_role_again_change_nothing() {
    let door = Door::new();
    let only = staff(&door, "Rina", Role::Admin);
    door.act_as(admin(only), move |tx, call| {
        role::give(tx, call, only, Surface::Chat, Role::User, Some("anggota"))?;
        role::give(tx, call, only, NATIVE, Role::Admin, None)
    })
    .expect("given");
    assert!(has_administrator(&door));
}

#[test]
fn a_login_name_is_never_another_person_s() {
    let door = Door::new();
    let first = staff(&door, "Sari", Role::Teacher);
    let second = staff(&door, "Budi", Role::Teacher);
    let set = |person, name: &str| {
        let name = login(name);
        door.act(move |tx, call| {
            account::set_login(tx, call, Surface::Native, person, &name, "$argon2id$hash")
        })
    };
    set(first, "sari.guru").expect("another name");
    let taken = Err(account::Error::LoginTaken);
    assert_eq!(set(second, "sari.login"), taken, "she had it once");
    set(first, "SARI.login").expect("she may have it back, in any case of letters");
    door.act(move |tx, call| person::erase(tx, call, first))
        .expect("erased");
    for name in ["sari.login", "Sari.Guru"] {
        assert_eq!(set(second, name), taken, "{name} is kept for nobody");
    }
    set(second, "budi.guru").expect("free");
}

#[test]
fn a_language_is_chosen_by_oneself_and_goes_with_the_person() {
    let door = Door::new();
    let sari = staff(&door, "Sari", Role::Teacher);
    let of = |id| door.look(|v, _| language::of(v, id)).expect("readable");
    let choose = |actor, to| door.act_as(actor, move |tx, call| language::choose(tx, call, to));
    assert_eq!(of(sari), None);
    choose(admin(sari), Language::En).expect("chosen");
    assert_eq!(of(sari), Some(Language::En));
    choose(admin(sari), Language::Id).expect("chosen");
    assert_eq!(of(sari), Some(Language::Id));
    choose(Actor::Operator, Language::En).expect("nothing to keep");
    assert_eq!(of(sari), Some(Language::Id));
    door.act(move |tx, call| person::erase(tx, call, sari))
        .expect("erased");
    assert_eq!(of(sari), None);
}
