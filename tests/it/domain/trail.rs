//! The audit trail read back: what a filter leaves, what is opened for whom, and that a page has
//! a bound.

use super::door::Door;
use hadir::base::id::{Id, PersonId};
use hadir::base::limits;
use hadir::base::time::{ClockState, Span};
use hadir::crypto::keyring::Purpose;
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::audit::Act;
use hadir::domain::fault::Fault;
use hadir::domain::identity::person;
use hadir::domain::trail::{self, Form, Item, Page, Subject, Told, Wanted};
use hadir::store::audit::{self, Entry};

fn read(door: &Door, wanted: Wanted, before: Option<u64>, limit: u32) -> Page {
    door.look(|view, call| trail::list(view, call, &wanted, before, limit))
        .expect("a page")
}

fn acts(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.act.as_str()).collect()
}

fn seqs(items: &[Item]) -> Vec<u64> {
    items.iter().map(|item| item.seq).collect()
}

#[test]
fn a_filter_leaves_what_it_names() {
    let door = Door::new();
    let budi = door.person("Budi", None);
    let ani = door.person("Ani", None);
    door.advance(Span::from_seconds(60));
    let (noon, event) = (door.now().at, door.event());
    door.ticket(event, None);
    door.act(move |tx, call| person::set_enabled(tx, call, budi, false))
        .expect("disabled");
    let device = door.device(DeviceAccess::Scan, None);
    let of = |wanted| read(&door, wanted, None, 100).items;
    let all = of(Wanted::default());
    assert_eq!(seqs(&all), [6, 5, 4, 3, 2, 1]);
    assert_eq!(acts(&all)[4..], ["person.add", "person.add"]);
    let wanted = Wanted {
        act: Some(Act::PersonAdd),
        ..Wanted::default()
    };
    assert_eq!(seqs(&of(wanted)), [2, 1]);
    let wanted = Wanted {
        subject: Some(Subject::Person(budi)),
        ..Wanted::default()
    };
    assert_eq!(acts(&of(wanted)), ["person.disable", "person.add"]);
    let wanted = Wanted {
        subject: device.device().map(Subject::Device),
        ..Wanted::default()
    };
    assert_eq!(acts(&of(wanted)), ["device.add"]);
    let before = Wanted {
        until: Some(noon),
        ..Wanted::default()
    };
    let after = Wanted {
        from: Some(noon),
        ..Wanted::default()
    };
    assert_eq!((seqs(&of(before)).len(), seqs(&of(after)).len()), (2, 4));
    let both = Wanted {
        act: Some(Act::PersonAdd),
        subject: Some(Subject::Person(ani)),
        ..before
    };
    assert_eq!(seqs(&of(both)), [2]);
}

#[test]
fn pages_follow_each_other_and_end() {
    let door = Door::new();
    for n in 0..5 {
        door.person(&format!("Orang {n}"), None);
    }
    let (mut found, mut before) = (Vec::new(), None);
    for _ in 0..9 {
        let page = read(&door, Wanted::default(), before, 2);
        found.extend(seqs(&page.items));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!((found, before), (vec![5, 4, 3, 2, 1], None));
}

#[test]
fn a_page_looks_at_a_stretch_and_says_where_to_go_on() {
    let door = Door::new();
    door.person("Budi", None);
    let keyring = std::sync::Arc::clone(&door.site.keyring);
    let now = door.now().at;
    let rows = limits::AUDIT_LOOKED_ROWS_MAX + 10;
    let filled = door.store.write(move |tx| {
        let entry = Entry {
            at: now,
            clock: ClockState::Synced,
            actor: "box".to_owned(),
            origin: "test".to_owned(),
            act: "checkin.decide".to_owned(),
            object: "visit:1".to_owned(),
            detail: Vec::new(),
        };
        for _ in 0..rows {
            audit::append(tx, keyring.purpose(Purpose::AuditChain), &entry)?;
        }
        Ok::<_, hadir::store::Error>(())
    });
    filled.expect("rows");
    let wanted = Wanted {
        act: Some(Act::PersonAdd),
        ..Wanted::default()
    };
    let first = read(&door, wanted, None, 10);
    assert!(first.items.is_empty(), "{:?}", first.items);
    let second = read(&door, wanted, first.next, 10);
    assert_eq!((seqs(&second.items), second.next), (vec![1], None));
}

#[test]
fn what_is_sealed_is_opened_until_the_person_is_erased_and_is_in_no_export() {
    let door = Door::new();
    let budi = door.person("Budi Santoso", None);
    let told = |door: &Door| {
        let all = read(door, Wanted::default(), None, 10).items;
        all.last().expect("a row").told.clone()
    };
    assert_eq!(told(&door), Told::Opened("Budi Santoso".to_owned()));
    let last = door
        .act(|tx, call| trail::begin_export(tx, call, Form::Csv))
        .expect("an export");
    let rows = door
        .look(|view, call| trail::export(view, call, &Wanted::default(), 1, last))
        .expect("rows");
    assert_eq!(acts(&rows), ["person.add", "audit.export"]);
    assert_eq!(rows[0].told, Told::Sealed);
    assert_eq!(rows[1].told, Told::Plain("csv".to_owned()));
    door.act(move |tx, call| person::erase(tx, call, budi))
        .expect("erased");
    assert_eq!(told(&door), Told::Sealed);
}

#[test]
fn administrators_alone_read_it() {
    let door = Door::new();
    door.person("Budi", None);
    for role in Role::ALL {
        let actor = Actor::Person {
            id: PersonId::from_bytes([3; 16]),
            role: *role,
            supervise: true,
        };
        let listed = door.look_as(actor, |v, c| {
            trail::list(v, c, &Wanted::default(), None, 10)
        });
        let end = door.look_as(actor, trail::end);
        let begun = door.act_as(actor, |tx, c| trail::begin_export(tx, c, Form::Csv));
        let rows = door.look_as(actor, |v, c| trail::export(v, c, &Wanted::default(), 1, 9));
        let may = *role == Role::Admin;
        assert_eq!(listed.is_ok(), may, "{role}");
        assert_eq!(end.is_ok(), may, "{role}");
        assert_eq!(rows.is_ok(), may, "{role}");
        match begun {
            Ok(_) => assert!(may, "{role}"),
            Err(fault) => assert!(!may && matches!(fault, Fault::Denied(_)), "{fault:?}"),
        }
    }
}
