//! What each deed leaves behind: exactly these audit rows and exactly these notices, and a deed
//! that is refused leaves none.

use super::door::{Door, axis};
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::audit::Act;
use hadir::domain::checkin::again::{self, Again};
use hadir::domain::checkin::reason::UndoReason;
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::consent::{self, ConsentPurpose};
use hadir::domain::device;
use hadir::domain::identity::{enrol, person, role};
use hadir::domain::outbox::Notice;
use hadir::domain::surface::Surface;
use hadir::domain::ticketing::{event, ticket};
use hadir::store::{Error as StoreError, audit, outbox};
use std::collections::BTreeMap;

/// A count of audit rows for each act.
type Rows = BTreeMap<&'static str, usize>;

fn rows(door: &Door) -> Rows {
    let count = |act: &Act| {
        let objects = door
            .look(|v, _| audit::list_objects(v, act.code()))
            .expect("audit rows");
        (act.code(), objects.len())
    };
    Act::ALL.iter().map(count).collect()
}

/// Takes the notices that wait.
fn notices(door: &Door) -> Vec<String> {
    let (now, later) = (door.now().at, door.now().at.plus(Span::from_seconds(600)));
    let due = door.store.write(move |tx| {
        let rows = outbox::claim_due(tx, now, later, 1_000)?;
        for row in &rows {
            outbox::mark_done(tx, row.id)?;
        }
        Ok::<_, StoreError>(rows)
    });
    let mut kinds: Vec<String> = due.expect("notices").into_iter().map(|r| r.kind).collect();
    kinds.sort();
    kinds
}

/// Does something and compares what it left with what it may leave.
fn leaves<T>(door: &Door, acts: &[Act], news: &[Notice], deed: impl FnOnce(&Door) -> T) -> T {
    door.tells_somebody();
    let _ = notices(door);
    let mut want = rows(door);
    for act in acts {
        *want.get_mut(act.code()).expect("an act") += 1;
    }
    let outcome = deed(door);
    assert_eq!(rows(door), want);
    let mut news: Vec<String> = news.iter().map(|n| n.code().to_owned()).collect();
    news.sort();
    assert_eq!(notices(door), news);
    outcome
}

#[test]
fn people_and_roles() {
    let door = Door::new();
    let id = leaves(&door, &[Act::PersonAdd], &[Notice::PersonAdded], |d| {
        d.person("Budi", None)
    });
    leaves(&door, &[Act::RoleGive], &[], |d| {
        d.act(move |tx, c| role::give(tx, c, id, Surface::Native, Role::Teacher, None))
            .expect("given");
    });
    leaves(&door, &[Act::PersonDisable], &[], |d| {
        d.act(move |tx, c| person::set_enabled(tx, c, id, false))
            .expect("disabled");
    });
    leaves(&door, &[Act::PersonEnable], &[], |d| {
        d.act(move |tx, c| person::set_enabled(tx, c, id, true))
            .expect("enabled");
    });
    leaves(&door, &[Act::PersonErase], &[Notice::PersonErased], |d| {
        d.act(move |tx, c| person::erase(tx, c, id))
            .expect("erased");
    });
    leaves(&door, &[], &[], |d| {
        d.act(move |tx, c| person::erase(tx, c, id))
            .expect_err("erased before");
        d.act(move |tx, c| person::set_enabled(tx, c, id, true))
            .expect_err("erased");
    });
}

#[test]
fn consents_and_faces() {
    let door = Door::new();
    let (one, two) = (door.person("Budi", None), door.person("Bambang", None));
    leaves(&door, &[Act::ConsentGive], &[], |d| d.consent(one));
    leaves(&door, &[Act::FaceEnrol], &[Notice::FaceEnrolled], |d| {
        d.enrol(one, &axis(0), None).expect("enrolled");
    });
    door.consent(two);
    leaves(&door, &[], &[], |d| {
        d.enrol(two, &axis(0), None).expect_err("the same face");
    });
    leaves(
        &door,
        &[Act::FaceOverride, Act::FaceEnrol],
        &[Notice::FaceEnrolled],
        |d| {
            d.enrol(two, &axis(0), Some("saudara kembar"))
                .expect("two people");
        },
    );
    leaves(&door, &[Act::FaceRemove], &[Notice::FaceRemoved], |d| {
        d.act(move |tx, c| enrol::remove(tx, c, two))
            .expect("removed");
    });
    leaves(
        &door,
        &[Act::ConsentWithdraw],
        &[Notice::ConsentWithdrawn],
        |d| {
            d.act(move |tx, c| consent::withdraw(tx, c, one, ConsentPurpose::Face))
                .expect("withdrawn");
        },
    );
    leaves(&door, &[], &[], |d| {
        d.act(move |tx, c| consent::withdraw(tx, c, one, ConsentPurpose::Face))
            .expect_err("none");
        d.act(move |tx, c| enrol::remove(tx, c, one))
            .expect_err("none");
        d.enrol(one, &axis(0), None).expect_err("no consent");
    });
}

#[test]
fn events_and_tickets() {
    let door = Door::new();
    let id = leaves(&door, &[Act::EventCreate], &[], |d| {
        d.event_with(|new| new.open = false)
    });
    leaves(&door, &[Act::EventOpen], &[Notice::EventOpened], |d| {
        d.act(move |tx, c| event::open(tx, c, id)).expect("opened");
    });
    let issued = leaves(&door, &[Act::TicketIssue], &[Notice::TicketIssued], |d| {
        d.ticket(id, None)
    });
    let ticket_id = issued.id;
    leaves(&door, &[Act::TicketBlock], &[], |d| {
        d.act(move |tx, c| ticket::block(tx, c, ticket_id))
            .expect("blocked");
    });
    leaves(&door, &[Act::TicketUnblock], &[], |d| {
        d.act(move |tx, c| ticket::unblock(tx, c, ticket_id))
            .expect("unblocked");
    });
    leaves(&door, &[Act::TicketConditions], &[], |d| {
        d.act(move |tx, c| ticket::set_conditions(tx, c, ticket_id, true, false))
            .expect("set");
    });
    leaves(&door, &[Act::TicketRevoke], &[Notice::TicketRevoked], |d| {
        d.revoke(ticket_id)
    });
    leaves(&door, &[Act::EventClose], &[Notice::EventClosed], |d| {
        d.act(move |tx, c| event::close(tx, c, id)).expect("closed");
    });
    leaves(&door, &[], &[], |d| {
        d.act(move |tx, c| ticket::unblock(tx, c, ticket_id))
            .expect_err("revoked for ever");
        d.act(move |tx, c| ticket::issue(tx, c, &ticket::NewTicket::plain(id, None)))
            .expect_err("over");
    });
}

#[test]
fn devices_and_check_ins() {
    let door = Door::new();
    let desk = leaves(&door, &[Act::DeviceAdd], &[], |d| {
        d.device(DeviceAccess::Desk, None)
    });
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    leaves(&door, &[Act::CheckIn], &[Notice::CheckInAdmitted], |d| {
        d.check_in_as(desk, &request).expect("decided");
    });
    leaves(&door, &[], &[], |d| {
        d.check_in_as(desk, &request).expect("decided before")
    });
    let already = leaves(&door, &[Act::CheckIn], &[Notice::CheckInAlready], |d| {
        d.decide(&d.code(event, issued.code.as_str()))
    });
    let overrule = Again {
        nonce: door.nonce(),
        instead_of: already.nonce,
        device: None,
        remark: "Tas tertinggal".parse().expect("a remark"),
    };
    let overridden = [Act::CheckIn, Act::CheckInOverride];
    leaves(&door, &overridden, &[Notice::CheckInAdmitted], |d| {
        d.act(move |tx, c| again::admit(tx, c, &overrule))
            .expect("let in again");
    });
    leaves(&door, &[Act::CheckIn], &[Notice::CheckInRefused], |d| {
        d.decide(&d.code(event, "TIDAK-ADA"));
    });
    let wish = Undo {
        nonce: request.nonce,
        reason: UndoReason::LeftAtOnce,
        remark: None,
    };
    let again = wish.clone();
    leaves(&door, &[Act::CheckInUndo], &[Notice::CheckInUndone], |d| {
        d.act_as(desk, move |tx, c| undo::undo(tx, c, &wish))
            .expect("undone");
    });
    leaves(&door, &[], &[], |d| {
        d.act_as(desk, move |tx, c| undo::undo(tx, c, &again))
            .expect_err("undone before");
    });
    let Actor::Device { id, .. } = desk else {
        panic!("a device")
    };
    leaves(&door, &[Act::DeviceRevoke], &[Notice::DeviceRevoked], |d| {
        d.act(move |tx, c| device::revoke(tx, c, id))
            .expect("revoked");
    });
}

/// Names and remarks do not stand in the audit table in the clear.
#[test]
fn audit_rows_and_notices_tell_no_name() {
    let door = Door::new();
    let id = door.person("Zubaidah", None);
    door.consent(id);
    door.enrolled("Orang Lain", &axis(3));
    door.enrol(id, &axis(3), Some("saudara Kusumawardhani"))
        .expect("two people");
    let (now, later) = (door.now().at, door.now().at.plus(Span::from_seconds(600)));
    let due = door
        .store
        .write(move |tx| outbox::claim_due(tx, now, later, 1_000));
    let rows: Result<Vec<outbox::Row>, StoreError> = due;
    for row in rows.expect("notices") {
        let payload = String::from_utf8(row.payload).expect("a text");
        assert!(
            hadir::base::json::decode::<hadir::base::json::Value>(payload.as_bytes(), 10_000)
                .is_ok()
        );
        assert!(
            !payload.contains("Zubaidah") && !payload.contains("Kusuma"),
            "{payload}"
        );
    }
    door.store.checkpoint().expect("checkpoint");
    let disk = std::fs::read(door.scratch.path("store").join("hadir.db")).expect("the store");
    for text in ["Zubaidah", "Kusumawardhani"] {
        assert!(
            !disk.windows(text.len()).any(|w| w == text.as_bytes()),
            "{text}"
        );
    }
}
