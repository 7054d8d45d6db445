//! Sample data: exactly what the setup made goes again, and what is attached to it is told before.

use super::door::Door;
use hadir::base::id::{EventId, PersonId};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::identity::person;
use hadir::domain::sample::{self, Error, Made};
use hadir::domain::ticketing::{event, ticket};

struct Samples {
    door: Door,
    event: EventId,
    people: Vec<PersonId>,
}

/// Two sample people with tickets to a sample event, and a real person beside them.
fn samples() -> Samples {
    let door = Door::new();
    let event = door.event();
    let people = vec![
        door.person("Ayu (contoh)", None),
        door.person("Bima (contoh)", None),
    ];
    for holder in &people {
        door.ticket(event, Some(*holder));
    }
    door.person("Sari", None);
    let made = Made {
        event,
        people: people.clone(),
    };
    door.act(move |tx, call| sample::note(tx, call, &made))
        .expect("noted");
    Samples {
        door,
        event,
        people,
    }
}

fn names(door: &Door) -> Vec<String> {
    let all = door.look(|v, c| person::list(v, c, None, 100));
    all.expect("people").into_iter().map(|p| p.name).collect()
}

#[test]
fn bare_samples_go_and_nothing_else() {
    let Samples { door, event, .. } = samples();
    let going = door.look(sample::look).expect("looked");
    assert!(going.is_bare(), "{going:?}");
    assert_eq!(going.people.len(), 2);
    door.act(sample::remove).expect("removed");
    assert_eq!(names(&door), ["Sari"]);
    let found = door.look(|v, c| event::find(v, c, event));
    assert!(found.is_err(), "{found:?}");
    assert_eq!(door.look(|v, _| sample::find(v)), Ok(None));
    assert_eq!(door.act(sample::remove), Err(Error::NoSamples));
    assert_eq!(door.look(sample::look), Err(Error::NoSamples));
}

#[test]
fn what_is_attached_is_told_before_and_goes_with_it() {
    let Samples {
        door,
        event,
        people,
    } = samples();
    let budi = door.person("Budi", None);
    let issued = door.ticket(event, Some(budi));
    door.decide(&door.code(event, issued.code.as_str()));
    door.consent(people[0]);
    let going = door.look(sample::look).expect("looked");
    assert!(!going.is_bare());
    assert_eq!((going.attached.tickets, going.attached.admissions), (1, 1));
    assert_eq!(going.people[0].facts.consents, 1);
    assert_eq!(going.people[0].facts.tickets, 0, "its own is a sample");
    assert!(going.people[1].facts.is_empty());
    door.act(sample::remove).expect("removed");
    assert_eq!(names(&door), ["Sari", "Budi"]);
    let tickets = door.look(|v, c| ticket::list(v, c, event, 0, 10));
    assert!(tickets.map_or(true, |all| all.is_empty()));
}

#[test]
fn a_sample_that_was_given_a_real_name_is_told() {
    let Samples { door, people, .. } = samples();
    let (id, change) = (
        people[1],
        hadir::domain::identity::change::Change {
            name: Some(super::door::name("Bima Sakti")),
            ..Default::default()
        },
    );
    door.act(move |tx, c| hadir::domain::identity::change::change(tx, c, id, &change))
        .expect("changed");
    let going = door.look(sample::look).expect("looked");
    assert!(going.people[1].renamed && !going.is_bare());
}

#[test]
fn a_sample_that_is_gone_already_is_no_obstacle() {
    let Samples { door, people, .. } = samples();
    let id = people[0];
    door.act(move |tx, c| person::erase(tx, c, id))
        .expect("erased");
    assert_eq!(door.look(sample::look).expect("looked").people.len(), 1);
    door.act(sample::remove).expect("removed");
    assert_eq!(names(&door), ["Sari"]);
}

#[test]
fn only_who_runs_the_box_removes_them() {
    let Samples { door, people, .. } = samples();
    let committee = Actor::Person {
        id: people[0],
        role: Role::Committee,
        supervise: true,
    };
    for actor in [
        committee,
        Actor::Stranger,
        door.device(DeviceAccess::Supervise, None),
    ] {
        let refused = door.act_as(actor, sample::remove);
        assert!(matches!(refused, Err(Error::Fault(_))), "{refused:?}");
        let seen = door.look_as(actor, sample::look);
        assert!(matches!(seen, Err(Error::Fault(_))), "{seen:?}");
    }
    assert_eq!(names(&door).len(), 3);
}
