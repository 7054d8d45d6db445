//! The one contract: nonces, entry rules, direction, gates, reports, second factors.

use super::door::{Door, axis};
use hadir::base::time::{ClockState, Span};
use hadir::domain::actor::DeviceAccess;
use hadir::domain::checkin::reason::{Direction, Mode, Reason, Standing, Verdict};
use hadir::domain::checkin::{Credential, Error, Occasion};
use hadir::domain::identity::person;
use hadir::domain::rule::{Attended, FacePolicy, LivenessPolicy};
use hadir::domain::ticketing::event::EntryRule;
use hadir::store::{Error as StoreError, audit, outbox, visits};

fn hours(n: i64) -> Span {
    Span::from_seconds(n * 3_600)
}

#[test]
fn the_same_nonce_gets_the_same_decision_after_a_restart() {
    let mut door = Door::new();
    let person = door.enrolled("Budi Santoso", &axis(0));
    let event = door.event();
    let issued = door.ticket(event, Some(person));
    let asked = [
        door.code(event, issued.code.as_str()),
        door.code(event, issued.code.as_str()),
        door.code(event, "TIDAK-ADA"),
        door.face(Occasion::Event(event), &axis(0)),
        door.face(Occasion::Daily(door.today()), &axis(0)),
        door.face(Occasion::Daily(door.today()), &axis(3)),
    ];
    let first: Vec<_> = asked.iter().map(|r| door.decide(r)).collect();
    let verdicts: Vec<_> = first.iter().map(|d| d.verdict).collect();
    use Verdict::{Admitted, Already, Refused};
    assert_eq!(
        verdicts,
        [Admitted, Already, Refused, Already, Admitted, Refused]
    );
    door.reopen();
    door.advance(hours(1));
    door.revoke(issued.id);
    let again: Vec<_> = asked.iter().map(|r| door.decide(r)).collect();
    assert_eq!(first, again);
    let rows = door
        .look(|v, _| visits::list_visits(v, 0, 100))
        .expect("visits");
    assert_eq!(rows.len(), asked.len(), "a repetition leaves no second row");
}

#[test]
fn a_nonce_is_bound_to_what_was_asked() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    door.decide(&request);
    let mut other = request.clone();
    other.direction = Direction::Exit;
    assert_eq!(door.check_in(&other), Err(Error::NonceReused));
    other = request.clone();
    other.credential = Credential::Code("LAIN".to_owned());
    assert_eq!(door.check_in(&other), Err(Error::NonceReused));
    assert_eq!(door.decide(&request).verdict, Verdict::Admitted);
}

#[test]
fn a_decision_leaves_one_audit_row_and_one_notice_and_an_error_leaves_nothing() {
    let door = Door::new();
    door.tells_somebody();
    let event = door.event();
    let issued = door.ticket(event, None);
    let count = || {
        let audit = door.look(|v, _| audit::head(v)).map(|end| end.count);
        let waiting = door.look(|v, _| outbox::count(v)).expect("outbox").waiting;
        (audit.expect("audit"), waiting)
    };
    let (rows, notices) = count();
    let request = door.code(event, issued.code.as_str());
    door.decide(&request);
    assert_eq!(count(), (rows + 1, notices + 1));
    door.decide(&request);
    assert_eq!(count(), (rows + 1, notices + 1), "a repetition is not news");
    let mut other = request;
    other.mode = Mode::Offline;
    assert_eq!(door.check_in(&other), Err(Error::NonceReused));
    assert_eq!(count(), (rows + 1, notices + 1));
    let nowhere = hadir::base::id::Id::from_bytes([1; 16]);
    assert_eq!(
        door.check_in(&door.code(nowhere, "ABCD")),
        Err(Error::NoEvent)
    );
    assert_eq!(count(), (rows + 1, notices + 1));
}

/// in, in, out, out, in on day one, then in on day two: what each entry rule answers.
#[test]
fn entry_rules() {
    use Verdict::{Admitted, Already};
    let table = [
        (
            EntryRule::OncePerEvent,
            [Admitted, Already, Admitted, Admitted, Already, Already],
        ),
        (
            EntryRule::OncePerDay,
            [Admitted, Already, Admitted, Admitted, Already, Admitted],
        ),
        (
            EntryRule::AfterExit,
            [Admitted, Already, Admitted, Admitted, Admitted, Already],
        ),
        (
            EntryRule::Any,
            [Admitted, Admitted, Admitted, Admitted, Admitted, Admitted],
        ),
    ];
    for (rule, want) in table {
        let door = Door::new();
        let event = door.event_with(|new| new.entry_rule = rule);
        let issued = door.ticket(event, None);
        let moves = [true, true, false, false, true, true];
        let got: Vec<Verdict> = (moves.iter().enumerate())
            .map(|(i, entry)| {
                door.advance(hours(if i == 5 { 24 } else { 1 }));
                let mut request = door.code(event, issued.code.as_str());
                if !entry {
                    request.direction = Direction::Exit;
                }
                door.decide(&request).verdict
            })
            .collect();
        assert_eq!(got, want, "{rule}");
    }
}

#[test]
fn an_exit_is_let_out_of_a_closed_event_but_not_with_a_blocked_ticket() {
    let door = Door::new();
    let event = door.event_with(|new| new.ends_at = Some(door.now().at.plus(hours(1))));
    let issued = door.ticket(event, None);
    let mut out = door.code(event, issued.code.as_str());
    out.direction = Direction::Exit;
    let without = door.decide(&out);
    assert_eq!(
        (without.verdict, without.detail.as_deref()),
        (Verdict::Admitted, Some("no_entry"))
    );
    door.decide(&door.code(event, issued.code.as_str()));
    door.advance(hours(2));
    let late = door.decide(&door.code(event, issued.code.as_str()));
    assert_eq!(late.reason, Some(Reason::Expired));
    out.nonce = door.nonce();
    let after = door.decide(&out);
    assert_eq!((after.verdict, after.detail), (Verdict::Admitted, None));
    door.revoke(issued.id);
    out.nonce = door.nonce();
    assert_eq!(door.decide(&out).reason, Some(Reason::TicketRevoked));
}

#[test]
fn a_person_goes_by_the_ticket_that_says_most() {
    let door = Door::new();
    let person = door.enrolled("Budi Santoso", &axis(0));
    let event = door.event();
    let first = door.ticket(event, Some(person));
    let second = door.ticket(event, Some(person));
    door.revoke(first.id);
    let come = || door.decide(&door.face(Occasion::Event(event), &axis(0)));
    let decision = come();
    assert_eq!(
        (decision.verdict, decision.ticket),
        (Verdict::Admitted, Some(second.id))
    );
    door.ticket(event, Some(person));
    assert_eq!(
        come().verdict,
        Verdict::Already,
        "a second ticket does not hide the first entry"
    );
}

#[test]
fn a_ticket_is_for_its_gates() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket_with(event, |new| {
        new.gates = vec!["utara".parse().expect("gate")]
    });
    let south = door.device(DeviceAccess::Scan, Some("selatan"));
    let north = door.device(DeviceAccess::Scan, Some("utara"));
    let wrong = door
        .check_in_as(south, &door.code(event, issued.code.as_str()))
        .expect("decision");
    assert_eq!(wrong.reason, Some(Reason::NotPermitted));
    assert_eq!(wrong.detail.as_deref(), Some("gate:utara"));
    let right = door
        .check_in_as(north, &door.code(event, issued.code.as_str()))
        .expect("decision");
    assert_eq!(right.verdict, Verdict::Admitted);
    let again = door
        .check_in_as(south, &door.code(event, issued.code.as_str()))
        .expect("decision");
    assert_eq!(again.verdict, Verdict::Refused);
}

#[test]
fn faces_only_where_the_event_allows_them() {
    let door = Door::new();
    let person = door.enrolled("Budi Santoso", &axis(0));
    let event = door.event_with(|new| new.face_allowed = false);
    door.ticket(event, Some(person));
    let decision = door.decide(&door.face(Occasion::Event(event), &axis(0)));
    assert_eq!(decision.reason, Some(Reason::NotPermitted));
    assert_eq!(decision.detail.as_deref(), Some("face"));
}

#[test]
fn a_day_is_attended_once_and_by_any_means() {
    let door = Door::new();
    let person = door.person("Budi Santoso", Some("2026001"));
    door.consent(person);
    door.enrol(person, &axis(0), None).expect("enrolled");
    let today = Occasion::Daily(door.today());
    door.advance(Span::from_seconds(31 * 60));
    let late = door.decide(&door.request(today, Credential::Number("2026001".to_owned())));
    let arrival = late.arrival.expect("an arrival");
    assert_eq!(
        (arrival.standing, arrival.late_minutes),
        (Standing::Late, 23)
    );
    let again = door.decide(&door.face(today, &axis(0)));
    assert_eq!(
        (again.verdict, again.first),
        (Verdict::Already, Some(late.at))
    );
    door.advance(hours(24));
    let yesterday = door.decide(&door.face(today, &axis(0)));
    assert_eq!(yesterday.reason, Some(Reason::Expired));
    let tomorrow = door.decide(&door.face(Occasion::Daily(door.today()), &axis(0)));
    assert_eq!(tomorrow.verdict, Verdict::Admitted);
}

#[test]
fn an_unsynced_clock_refuses_nobody_and_says_so() {
    let door = Door::new();
    let event = door.event_with(|new| {
        new.starts_at = Some(door.now().at.plus(hours(1)));
        new.ends_at = Some(door.now().at.plus(hours(2)));
    });
    let issued = door.ticket(event, None);
    let early = door.decide(&door.code(event, issued.code.as_str()));
    assert_eq!(
        (early.reason, early.opens),
        (
            Some(Reason::NotYetValid),
            Some(door.now().at.plus(hours(1)))
        )
    );
    door.set_clock(ClockState::Unsynced);
    let unsynced = door.decide(&door.code(event, issued.code.as_str()));
    assert_eq!(
        (unsynced.verdict, unsynced.advisory()),
        (Verdict::Admitted, Some(Reason::ClockUnsynced))
    );
    door.enrolled("Budi Santoso", &axis(0));
    let daily = door.decide(&door.face(Occasion::Daily(door.today()), &axis(0)));
    assert!(daily.arrival.expect("an arrival").provisional);
}

#[test]
fn a_report_of_what_happened_without_the_box_stays_a_fact() {
    let door = Door::new();
    let event = door.event_with(|new| new.capacity = Some(1));
    let (a, b) = (door.ticket(event, None), door.ticket(event, None));
    door.decide(&door.code(event, a.code.as_str()));
    let report = |code: &str| {
        let mut request = door.code(event, code);
        request.mode = Mode::Offline;
        request.happened = Some(door.now().at.plus(hours(-1)));
        door.decide(&request)
    };
    let twice = report(a.code.as_str());
    assert_eq!(
        (twice.verdict, twice.conflict),
        (Verdict::Admitted, Some(Reason::AlreadyAdmitted))
    );
    assert_eq!(twice.at, door.now().at.plus(hours(-1)));
    assert_eq!(twice.arrived, door.now().at);
    let full = report(b.code.as_str());
    assert_eq!(
        (full.verdict, full.conflict),
        (Verdict::Admitted, Some(Reason::CapacityReached))
    );
    assert_eq!(report("TIDAK-ADA").verdict, Verdict::Refused);
    // The earlier report is now the first entry.
    let again = door.decide(&door.code(event, a.code.as_str()));
    assert_eq!(again.first, Some(twice.at));
}

#[test]
fn a_face_in_a_large_gallery_needs_a_second_factor() {
    let mut door = Door::new();
    door.site.rules.face = FacePolicy {
        strangers_per_day: 100_000.0,
        ..FacePolicy::default()
    };
    let person = door.person("Budi Santoso", Some("2026001"));
    door.consent(person);
    door.enrol(person, &axis(0), None).expect("enrolled");
    let try_with = |digits: Option<&str>| {
        let mut request = door.face(Occasion::Daily(door.today()), &axis(0));
        if let Credential::Face(evidence) = &mut request.credential {
            evidence.last_digits = digits.map(ToOwned::to_owned);
        }
        door.decide(&request)
    };
    for digits in [None, Some("1"), Some("001"), Some("9999"), Some("")] {
        let decision = try_with(digits);
        assert_eq!(decision.verdict, Verdict::Attention, "{digits:?}");
        assert_eq!(decision.reason, Some(Reason::SecondFactor));
    }
    let decision = try_with(Some("6001"));
    assert_eq!(
        (decision.verdict, decision.person),
        (Verdict::Admitted, Some(person))
    );
}

#[test]
fn a_kiosk_cannot_claim_that_staff_stand_by() {
    let mut door = Door::new();
    door.site.rules.liveness.unattended = LivenessPolicy::Required;
    door.enrolled("Budi Santoso", &axis(0));
    let kiosk = door.device(DeviceAccess::Scan, None);
    let desk = door.device(DeviceAccess::Desk, None);
    let mut request = door.face(Occasion::Daily(door.today()), &axis(0));
    request.attended = Attended::Attended;
    let at_kiosk = door.check_in_as(kiosk, &request).expect("decision");
    assert_eq!(at_kiosk.reason, Some(Reason::LivenessUnavailable));
    request.nonce = door.nonce();
    let at_desk = door.check_in_as(desk, &request).expect("decision");
    assert_eq!(at_desk.verdict, Verdict::Admitted);
}

#[test]
fn what_is_only_an_instruction_is_counted() {
    let door = Door::new();
    let today = Occasion::Daily(door.today());
    for _ in 0..3 {
        let request = crate::contract::reason::scene::request_for(&door, Reason::NoFace);
        assert_eq!(door.decide(&request).sequence, None);
    }
    let count = door.look(|v, _| visits::get_scan_count(v, &today.key(), "no_face"));
    assert_eq!(count, Ok::<u64, StoreError>(3));
    let rows = door
        .look(|v, _| visits::list_visits(v, 0, 10))
        .expect("visits");
    assert!(rows.is_empty());
}

#[test]
fn the_erased_and_the_disabled_are_never_admitted() {
    let door = Door::new();
    let today = Occasion::Daily(door.today());
    let (gone, off) = (
        door.enrolled("Budi", &axis(0)),
        door.enrolled("Siti", &axis(1)),
    );
    let event = door.event();
    let (t_gone, t_off) = (
        door.ticket(event, Some(gone)),
        door.ticket(event, Some(off)),
    );
    let stale = [door.face(today, &axis(0)), door.face(today, &axis(1))];
    door.act(move |tx, call| person::erase(tx, call, gone))
        .expect("erased");
    door.act(move |tx, call| person::set_enabled(tx, call, off, false))
        .expect("disabled");
    let mut requests = stale.to_vec();
    for (person, ticket) in [(gone, &t_gone), (off, &t_off)] {
        requests.push(door.code(event, ticket.code.as_str()));
        requests.push(door.request(today, Credential::Person(person)));
        requests.push(door.request(Occasion::Event(event), Credential::Person(person)));
    }
    for request in requests {
        let decision = door.decide(&request);
        assert_eq!(decision.verdict, Verdict::Refused, "{request:?}");
    }
    let mut report = door.request(today, Credential::Person(gone));
    report.mode = Mode::Offline;
    assert_eq!(door.decide(&report).verdict, Verdict::Refused);
    door.act(move |tx, call| person::set_enabled(tx, call, off, true))
        .expect("enabled");
    let back = door.decide(&door.face(today, &axis(1)));
    assert_eq!(back.verdict, Verdict::Admitted);
}
