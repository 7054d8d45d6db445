//! Links for enrolling oneself: for one person, for one use, for two days, with the rights of
//! whoever made them.

use super::door::{Door, MODEL, axis};
use hadir::base::id::PersonId;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::consent::{self, ConsentPurpose};
use hadir::domain::identity::invite::{self, Invited};
use hadir::domain::identity::{enrol, person, role};

fn staff(door: &Door, kind: Role) -> Actor {
    let id = door.person("Guru", None);
    door.act(move |tx, call| role::give(tx, call, id, person::NATIVE, kind, None))
        .expect("a role");
    Actor::Person {
        id,
        role: kind,
        supervise: false,
    }
}

fn link(door: &Door, by: Actor, person: PersonId) -> String {
    let made = door.look_as(by, |v, c| invite::make(v, c, person, MODEL));
    made.expect("a link").token.expose().to_owned()
}

fn open(door: &Door, token: &str) -> Option<Invited> {
    door.look_as(Actor::Stranger, |v, c| invite::find(v, c, token, MODEL))
        .expect("looked")
}

#[test]
fn a_link_is_for_one_person_and_one_use() {
    let door = Door::new();
    let (by, siti) = (staff(&door, Role::Teacher), door.person("Siti", None));
    let token = link(&door, by, siti);
    assert_eq!(open(&door, &token), Some(Invited { person: siti, by }));
    door.consent(siti);
    assert!(
        open(&door, &token).is_some(),
        "the consent is a step on the way"
    );
    door.enrol(siti, &axis(1), None).expect("enrolled");
    assert_eq!(open(&door, &token), None);
    let again = link(&door, by, siti);
    assert!(open(&door, &again).is_some());
    door.act(move |tx, c| consent::withdraw(tx, c, siti, ConsentPurpose::Face))
        .expect("withdrawn");
    assert_eq!(open(&door, &again), None);
    assert_eq!(open(&door, &token), None, "an old link stays used");
}

/// Without a consent withdrawn: only the face is taken away, as staff do when it was a bad one.
#[test]
fn a_used_link_stays_used_when_the_face_is_removed() {
    let door = Door::new();
    let (by, siti) = (staff(&door, Role::Teacher), door.person("Siti", None));
    let token = link(&door, by, siti);
    door.consent(siti);
    for round in 1..=2 {
        door.enrol(siti, &axis(1), None).expect("enrolled");
        assert_eq!(open(&door, &token), None);
        door.act(move |tx, c| enrol::remove(tx, c, siti))
            .expect("removed");
        assert_eq!(open(&door, &token), None, "removed {round} times");
    }
    let fresh = link(&door, by, siti);
    assert!(open(&door, &fresh).is_some(), "a new link is one");
}

#[test]
fn a_face_that_is_replaced_ends_the_link() {
    let door = Door::new();
    let by = staff(&door, Role::Admin);
    let siti = door.enrolled("Siti", &axis(1));
    let token = link(&door, by, siti);
    door.enrol(siti, &axis(2), None).expect("enrolled");
    assert_eq!(open(&door, &token), None);
}

#[test]
fn a_link_ends_with_its_time_its_maker_and_its_person() {
    let door = Door::new();
    let siti = door.person("Siti", None);
    let by = staff(&door, Role::Teacher);
    let token = link(&door, by, siti);
    door.advance(Span::from_millis(2 * 24 * 3600 * 1000 - 1));
    assert!(open(&door, &token).is_some());
    door.advance(Span::from_millis(1));
    assert_eq!(open(&door, &token), None);

    let token = link(&door, by, siti);
    door.act(move |tx, c| person::set_enabled(tx, c, siti, false))
        .expect("disabled");
    assert_eq!(open(&door, &token), None);
    door.act(move |tx, c| person::set_enabled(tx, c, siti, true))
        .expect("enabled");
    assert!(open(&door, &token).is_some());
    let Actor::Person { id, .. } = by else {
        panic!("a person")
    };
    door.act(move |tx, c| role::give(tx, c, id, person::NATIVE, Role::User, None))
        .expect("a role");
    assert_eq!(open(&door, &token), None);
}

#[test]
fn no_letter_of_a_link_can_be_another() {
    let door = Door::new();
    let (by, siti) = (staff(&door, Role::Teacher), door.person("Siti", None));
    let budi = door.person("Budi", None);
    let token = link(&door, by, siti);
    for at in 0..token.len() {
        let mut other: Vec<char> = token.chars().collect();
        other[at] = if other[at] == '0' { '1' } else { '0' };
        let other: String = other.into_iter().collect();
        assert_eq!(open(&door, &other), None, "letter {at}");
    }
    let other = token.replace(&siti.to_string(), &budi.to_string());
    assert_eq!(open(&door, &other), None);
    for text in ["", "x", "é".repeat(60).as_str(), &token[..40]] {
        assert_eq!(open(&door, text), None, "{text}");
    }
}

#[test]
fn only_staff_make_links_and_not_for_the_erased() {
    let door = Door::new();
    let siti = door.person("Siti", None);
    let user = staff(&door, Role::User);
    for actor in [user, Actor::Operator, Actor::Stranger] {
        let made = door.look_as(actor, |v, c| invite::make(v, c, siti, MODEL));
        assert!(made.is_err(), "{made:?}");
    }
    door.act(move |tx, c| person::erase(tx, c, siti))
        .expect("erased");
    let by = staff(&door, Role::Admin);
    let made = door.look_as(by, |v, c| invite::make(v, c, siti, MODEL));
    assert!(matches!(made, Err(person::Error::NoPerson)), "{made:?}");
}

#[test]
fn what_is_done_through_a_link_is_its_maker_s() {
    let door = Door::new();
    let (by, siti) = (staff(&door, Role::Teacher), door.person("Siti", None));
    let token = link(&door, by, siti);
    let invited = open(&door, &token).expect("invited");
    door.consent(siti);
    let everybody = door.look(|v, c| enrol::load_everybody(v, c.site, MODEL));
    let pictures = vec![super::door::picture(&axis(3)); 3];
    let candidate = enrol::examine(siti, &pictures, &everybody.expect("all"), MODEL);
    let candidate = candidate.expect("a candidate");
    door.act_as(invited.by, move |tx, c| {
        enrol::enrol(tx, c, &candidate, None)
    })
    .expect("enrolled");
    assert_eq!(open(&door, &token), None);
}
