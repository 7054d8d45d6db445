//! What is read of one person across the tables, and what two entries of a person have becoming that
//! of one.

use super::fixture::{TestStore, add_events, add_people, at, consent, digest, id, ticket};
use hadir::base::id::{Id as _, PersonId, TicketId};
use hadir::base::time::LocalDay;
use hadir::store::accounts::{self, NewAccount};
use hadir::store::devices::{self, DeviceKind, DeviceRow};
use hadir::store::dossiers;
use hadir::store::faces::{self, TemplateRow};
use hadir::store::verdicts::{Direction, Means, Mode, Reason, Standing, UndoReason, Verdict};
use hadir::store::visits::{self, OccasionKey, UndoRow, VisitRow};
use hadir::store::{Tx, consents, merging, tickets};

fn day() -> LocalDay {
    "2026-11-21".parse().expect("a day")
}

fn visit(number: u64, occasion: OccasionKey) -> VisitRow {
    let ms = i64::try_from(number).expect("small");
    VisitRow {
        nonce: id(number),
        contents: digest(3),
        box_id: id(9),
        occasion,
        device: Some(id(1)),
        means: Means::Person,
        direction: Direction::Entry,
        mode: Mode::Online,
        verdict: Verdict::Admitted,
        reason: None,
        detail: None,
        person: Some(id(1)),
        ticket: None,
        rival: None,
        happened_at: at(ms),
        arrived_at: at(ms),
        synced: true,
        first_at: None,
        first_by: None,
        opens_at: None,
        standing: Some(Standing::Present),
        late_min: None,
        liveness: None,
        cosine: None,
        second: None,
        threshold: None,
        conflict: None,
    }
}

/// Two people, an event, a device; person 1 was there on the day and, with a ticket, at the event.
fn filled() -> TestStore {
    let store = TestStore::new();
    add_people(&store, 1..=2);
    add_events(&store, 1..=1);
    store.put(|tx: &Tx<'_>| {
        let device = DeviceRow {
            id: id(1),
            name: "Gerbang".to_owned(),
            kind: DeviceKind::Kiosk,
            access: "scan".to_owned(),
            gate: None,
            created_at: at(1),
            revoked_at: None,
        };
        devices::insert_device(tx, &device)?;
        tickets::insert_ticket(tx, &ticket(11, 1, Some(1)), digest(1), b"code")?;
        tickets::insert_ticket(tx, &ticket(12, 1, Some(2)), digest(2), b"code")?;
        visits::insert_visit(tx, &visit(1, OccasionKey::day(day())))?;
        let left = VisitRow {
            direction: Direction::Exit,
            standing: None,
            ..visit(3, OccasionKey::day(day()))
        };
        visits::insert_visit(tx, &left)?;
        let with_ticket = VisitRow {
            ticket: Some(id(11)),
            means: Means::Code,
            standing: None,
            ..visit(2, OccasionKey::event(id(1)))
        };
        visits::insert_visit(tx, &with_ticket)?;
        let refused = VisitRow {
            verdict: Verdict::Refused,
            reason: Some(Reason::EventClosed),
            standing: None,
            ..visit(4, OccasionKey::event(id(1)))
        };
        visits::insert_visit(tx, &refused).map(|_| ())
    });
    store
}

fn bytes(number: u64) -> [u8; 16] {
    id::<PersonId>(number).to_bytes()
}

#[test]
fn admissions_are_read_in_their_order_and_refusals_are_none() {
    let store = filled();
    let own = store.get(|v| dossiers::list_passed(v, bytes(1)));
    let told: Vec<(i64, &str, &str, bool)> = own
        .iter()
        .map(|row| {
            let day = row.occasion.as_day() == Some(day());
            let at = row.happened_at.as_millis();
            (at, row.direction.as_str(), row.means.as_str(), day)
        })
        .collect();
    let want = [(1, "entry", "person", true), (3, "exit", "person", true)];
    assert_eq!(told, want);
    assert_eq!(own[0].standing.as_deref(), Some("present"));
    assert_eq!(own[0].device, Some(id(1)));
    let by_ticket = store.get(|v| dossiers::list_passed(v, bytes(11)));
    assert_eq!(by_ticket.len(), 1);
    assert_eq!(by_ticket[0].occasion.as_event(), Some(id(1)));
    assert_eq!(
        (by_ticket[0].means.as_str(), &by_ticket[0].standing),
        ("code", &None)
    );
    for other in [2, 12, 7] {
        assert!(
            store
                .get(|v| dossiers::list_passed(v, bytes(other)))
                .is_empty()
        );
    }
}

#[test]
fn one_that_was_undone_says_so() {
    let store = filled();
    store.put(|tx| {
        let undo = UndoRow {
            at: at(9),
            actor: "operator",
            device: None,
            reason: UndoReason::Test,
            remark: None,
        };
        visits::insert_undo(tx, 1, &undo)
    });
    let own = store.get(|v| dossiers::list_passed(v, bytes(1)));
    let undone: Vec<bool> = own.iter().map(|row| row.undone).collect();
    assert_eq!(undone, [true, false]);
}

#[test]
fn tickets_logins_and_the_face_are_those_of_the_person() {
    let store = filled();
    store.put(|tx| {
        for (number, surface) in [(1, "native"), (2, "identity")] {
            let account = NewAccount {
                person: id(1),
                surface,
                login: b"sealed login",
                login_digest: digest(number),
                hash: b"sealed hash",
                changed_at: at(i64::from(number)),
            };
            accounts::insert_account(tx, &account)?;
        }
        consents::insert_consent(tx, &consent(1, 1))?;
        let face = TemplateRow {
            person: id(1),
            model: [7; 32],
            consent: id(1),
            template: b"sealed template",
            pictures: 4,
            created_at: at(50),
        };
        faces::insert_template(tx, &face)
    });
    let logins = store.get(|v| dossiers::list_logins(v, id(1)));
    let told: Vec<(&str, i64)> = logins
        .iter()
        .map(|row| (row.surface.as_str(), row.changed_at.as_millis()))
        .collect();
    assert_eq!(told, [("identity", 2), ("native", 1)]);
    assert!(logins.iter().all(|row| row.login == b"sealed login"));
    assert!(store.get(|v| dossiers::list_logins(v, id(2))).is_empty());
    let face = store.get(|v| dossiers::find_face(v, id(1)));
    assert_eq!(face, Some((at(50), 4)));
    assert_eq!(store.get(|v| dossiers::find_face(v, id(2))), None);
    let held = store.get(|v| dossiers::list_held(v, id(1)));
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].id, held[0].event), (id(11), id(1)));
    assert_eq!(
        (held[0].state.as_str(), held[0].created_at),
        ("valid", at(3000))
    );
}

#[test]
fn occasions_of_a_subject_are_each_there_once() {
    let store = filled();
    let of = |number| store.get(|v| merging::list_occasions(v, bytes(number)));
    assert_eq!(of(1), [OccasionKey::day(day())]);
    assert_eq!(of(11), [OccasionKey::event(id(1))]);
    assert!(of(12).is_empty() && of(9).is_empty());
}

#[test]
fn admissions_and_tickets_become_another_person_s() {
    let store = filled();
    store.put(|tx| {
        merging::update_holder(tx, id(1), id(2))?;
        merging::update_admitted(tx, bytes(11), id(2))?;
        merging::update_admitted(tx, bytes(1), id(2))
    });
    let passed = |number| store.get(|v| dossiers::list_passed(v, bytes(number))).len();
    assert_eq!(passed(2), 2, "the two of the day");
    assert_eq!(
        (passed(1), passed(11)),
        (0, 1),
        "the ticket's stays the ticket's"
    );
    let by_ticket = store
        .get(|v| visits::find_visit(v, id(2)))
        .expect("a visit");
    assert_eq!(
        (by_ticket.row.person, by_ticket.row.ticket),
        (Some(id(2)), Some(id(11)))
    );
    let held = store.get(|v| dossiers::list_held(v, id(2)));
    let numbers: Vec<TicketId> = held.iter().map(|row| row.id).collect();
    let want: [TicketId; 2] = [id(11), id(12)];
    assert_eq!(numbers, want);
    assert!(store.get(|v| dossiers::list_held(v, id(1))).is_empty());
    // A refusal is a fact about whom it was about then.
    let refused = store
        .get(|v| visits::find_visit(v, id(4)))
        .expect("a visit");
    assert_eq!(refused.row.person, Some(id(1)));
}
