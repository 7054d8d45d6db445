//! Rights are asked for inside the services: whoever calls them.

use super::door::{Door, name};
use hadir::base::id::{Id, PersonId};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::checkin::Credential;
use hadir::domain::checkin::Occasion;
use hadir::domain::checkin::reason::Mode;
use hadir::domain::consent::{self, ConsentPurpose};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::{enrol, role};
use hadir::domain::surface::Surface;
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::domain::{device, fault::Fault};
use hadir::store::Error as StoreError;

fn nobody() -> Actor {
    Actor::Person {
        id: PersonId::from_bytes([3; 16]),
        role: Role::User,
        supervise: true,
    }
}

/// A plain user, whatever else it claims, does none of it; neither does a kiosk.
#[test]
fn users_and_kiosks_manage_nothing() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let person = door.person("Budi", None);
    let kiosk = door.device(DeviceAccess::Scan, None);
    let Actor::Device { id: device_id, .. } = kiosk else {
        panic!("a device")
    };
    for actor in [nobody(), kiosk] {
        let profile = Profile {
            name: name("Penyusup"),
            number: None,
            email: None,
            class: None,
            role: Role::Admin,
        };
        let denied = [
            door.act_as(actor, move |tx, c| person::add(tx, c, &profile))
                .err()
                .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| person::erase(tx, c, person))
                .err()
                .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| {
                role::give(tx, c, person, Surface::Native, Role::Admin, None)
            })
            .err()
            .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| {
                consent::withdraw(tx, c, person, ConsentPurpose::Face)
            })
            .err()
            .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| enrol::remove(tx, c, person))
                .err()
                .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| device::revoke(tx, c, device_id))
                .err()
                .map(|e| e.cause()),
            door.act_as(actor, |tx, c| {
                event::create(tx, c, &NewEvent::open(name("Pesta")))
            })
            .err()
            .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| event::close(tx, c, event))
                .err()
                .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| {
                ticket::issue(tx, c, &NewTicket::plain(event, None))
            })
            .err()
            .map(|e| e.cause()),
            door.act_as(actor, move |tx, c| ticket::revoke(tx, c, issued.id))
                .err()
                .map(|e| e.cause()),
            door.look_as(actor, |v, c| person::list(v, c, None, 10))
                .err()
                .map(|e| e.cause()),
            door.look_as(actor, |v, c| person::find(v, c, person))
                .err()
                .map(|e| e.cause()),
            door.look_as(actor, |v, c| ticket::code(v, c, issued.id))
                .err()
                .map(|e| e.cause()),
        ];
        let forbidden = Some(hadir::base::cause::Cause::Forbidden);
        assert!(
            denied.iter().all(|d| *d == forbidden),
            "{}: {denied:?}",
            actor.label()
        );
    }
}

#[test]
fn a_kiosk_scans_but_picks_nobody_and_reports_nothing() {
    let door = Door::new();
    let person = door.person("Budi", None);
    let kiosk = door.device(DeviceAccess::Scan, None);
    let event = door.event();
    let issued = door.ticket(event, None);
    let today = Occasion::Daily(door.today());
    let pick = door.check_in_as(kiosk, &door.request(today, Credential::Person(person)));
    assert!(pick.expect_err("denied").denied().is_some());
    let mut report = door.code(event, issued.code.as_str());
    report.mode = Mode::Offline;
    assert!(
        door.check_in_as(kiosk, &report)
            .expect_err("denied")
            .denied()
            .is_some()
    );
    assert!(
        door.check_in_as(kiosk, &door.code(event, issued.code.as_str()))
            .is_ok()
    );
    assert!(
        door.check_in_as(nobody(), &door.code(event, issued.code.as_str()))
            .is_err()
    );
}

#[test]
fn a_revoked_device_is_refused_at_once() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let kiosk = door.device(DeviceAccess::Scan, None);
    let Actor::Device { id, .. } = kiosk else {
        panic!("a device")
    };
    door.act(move |tx, c| device::revoke(tx, c, id))
        .expect("revoked");
    let refused = door.check_in_as(kiosk, &door.code(event, issued.code.as_str()));
    assert_eq!(refused, Err(hadir::domain::checkin::Error::NoDevice));
    let twice = door.act(move |tx, c| device::revoke(tx, c, id));
    assert_eq!(twice, Err(device::Error::NoDevice));
    let all = door
        .look(|v, c| device::list(v, c, None, 10))
        .expect("devices");
    assert!(all.len() == 1 && all[0].revoked);
}

#[test]
fn a_device_cannot_speak_for_another() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let (a, b) = (
        door.device(DeviceAccess::Scan, None),
        door.device(DeviceAccess::Scan, None),
    );
    let mut request = door.code(event, issued.code.as_str());
    request.device = b.device();
    let as_a = door.act_as(a, move |tx, c| {
        hadir::domain::checkin::scan::check_in(tx, c, &request)
    });
    assert_eq!(as_a, Err(hadir::domain::checkin::Error::NoDevice));
}

#[test]
fn names_are_whole_for_staff_and_masked_for_kiosks() {
    let door = Door::new();
    let person = door.person("Muhammad Rizky Pratama", None);
    let shown = |actor: Actor| {
        let site = &door.site;
        let name = door.look(|v, _| person::shown_name(v, site, &actor, person));
        name.expect("readable").expect("there")
    };
    assert_eq!(shown(door.device(DeviceAccess::Scan, None)), "M. Rizky P.");
    assert_eq!(shown(nobody()), "M. Rizky P.");
    assert_eq!(
        shown(door.device(DeviceAccess::Desk, None)),
        "Muhammad Rizky Pratama"
    );
}

#[test]
fn a_role_counts_on_its_surface_alone_and_a_native_one_everywhere() {
    let door = Door::new();
    let person = door.person("Ibu Guru", None);
    let role_on = |surface: Surface| {
        let actor = door
            .look(|v, _| role::actor_on(v, person, surface, false))
            .expect("readable");
        match actor {
            Some(Actor::Person { role, .. }) => Some(role),
            _ => None,
        }
    };
    let give = |surface: Surface, role, word: Option<&'static str>| {
        door.act(move |tx, c| role::give(tx, c, person, surface, role, word))
            .expect("given");
    };
    give(Surface::Attendance, Role::Committee, Some("panitia"));
    assert_eq!(role_on(Surface::Attendance), Some(Role::Committee));
    assert_eq!(role_on(Surface::Pintar), Some(Role::User));
    assert_eq!(role_on(Surface::Native), Some(Role::User));
    give(Surface::Native, Role::Teacher, None);
    assert_eq!(role_on(Surface::Pintar), Some(Role::Teacher));
    assert_eq!(role_on(Surface::Attendance), Some(Role::Committee));
    door.act(move |tx, c| person::erase(tx, c, person))
        .expect("erased");
    assert_eq!(role_on(Surface::Native), None);
    let gone = door.act(move |tx, c| role::give(tx, c, person, Surface::Native, Role::Admin, None));
    assert_eq!(gone, Err(person::Error::NoPerson));
}

/// A fault keeps its own cause on its way up.
#[test]
fn a_full_store_is_a_full_store() {
    let full: person::Error = StoreError::Full.into();
    assert_eq!(full, person::Error::Fault(Fault::Store(StoreError::Full)));
    assert_eq!(full.cause(), hadir::base::cause::Cause::StoreFull);
}
