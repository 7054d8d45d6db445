//! Many at once: one ticket admits once, a room holds what it holds, enrolments do not cross.

use super::door::{Door, MODEL, axis, picture};
use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::checkin::{Credential, Decision, Occasion, Request};
use hadir::domain::identity::enrol;
use hadir::domain::ticketing::capacity;
use hadir::domain::ticketing::event::CapacityOf;
use std::sync::Barrier;

/// Sends all requests at once, each from a thread of its own.
fn all_at_once(door: &Door, requests: &[Request]) -> Vec<Decision> {
    let barrier = Barrier::new(requests.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (requests.iter())
            .map(|request| {
                scope.spawn(|| {
                    barrier.wait();
                    door.decide(request)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().expect("a thread"))
            .collect()
    })
}

fn count(decisions: &[Decision], verdict: Verdict) -> usize {
    decisions.iter().filter(|d| d.verdict == verdict).count()
}

#[test]
fn fifty_redemptions_of_one_ticket_admit_once() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let requests: Vec<_> = (0..50)
        .map(|_| door.code(event, issued.code.as_str()))
        .collect();
    let decisions = all_at_once(&door, &requests);
    assert_eq!(count(&decisions, Verdict::Admitted), 1);
    assert_eq!(count(&decisions, Verdict::Already), 49);
    let entered = decisions
        .iter()
        .find(|d| d.verdict == Verdict::Admitted)
        .expect("one")
        .at;
    assert!(
        decisions
            .iter()
            .all(|d| d.first.is_none_or(|first| first == entered))
    );
    let fill = door
        .look(|v, c| capacity::fill(v, c, event))
        .expect("an event");
    assert_eq!((fill.inside, fill.admitted), (1, 1));
}

#[test]
fn one_person_is_present_once_a_day_by_all_means_at_once() {
    let door = Door::new();
    let person = door.person("Budi Santoso", Some("2026001"));
    door.consent(person);
    door.enrol(person, &axis(0), None).expect("enrolled");
    let today = Occasion::Daily(door.today());
    let requests: Vec<_> = (0..30)
        .map(|i| match i % 3 {
            0 => door.face(today, &axis(0)),
            1 => door.request(today, Credential::Number("2026001".to_owned())),
            _ => door.request(today, Credential::Person(person)),
        })
        .collect();
    let decisions = all_at_once(&door, &requests);
    assert_eq!(count(&decisions, Verdict::Admitted), 1);
    assert_eq!(count(&decisions, Verdict::Already), 29);
}

#[test]
fn a_room_of_ten_takes_ten_of_forty() {
    for capacity_of in [CapacityOf::Inside, CapacityOf::Admitted] {
        let door = Door::new();
        let event = door.event_with(|new| {
            new.capacity = Some(10);
            new.capacity_of = capacity_of;
        });
        let tickets: Vec<_> = (0..40).map(|_| door.ticket(event, None)).collect();
        let requests: Vec<_> = tickets
            .iter()
            .map(|t| door.code(event, t.code.as_str()))
            .collect();
        let decisions = all_at_once(&door, &requests);
        assert_eq!(count(&decisions, Verdict::Admitted), 10);
        let full = decisions
            .iter()
            .filter(|d| d.reason == Some(Reason::CapacityReached))
            .count();
        assert_eq!(full, 30);
    }
}

#[test]
fn one_nonce_sent_many_times_at_once_is_one_decision() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let request = door.code(event, issued.code.as_str());
    let decisions = all_at_once(&door, &vec![request; 20]);
    assert!(decisions.iter().all(|d| *d == decisions[0]));
    assert_eq!(decisions[0].verdict, Verdict::Admitted);
}

/// Two people with one face, enrolled at once: whoever comes second was searched for in a gallery
/// that is out of date, and is sent back.
#[test]
fn the_same_face_is_not_enrolled_twice_at_once() {
    let door = Door::new();
    let (a, b) = (door.person("Budi", None), door.person("Bambang", None));
    door.consent(a);
    door.consent(b);
    let everybody = door
        .look(|v, c| enrol::load_everybody(v, c.site, MODEL))
        .expect("gallery");
    let pictures = vec![picture(&axis(0)); 3];
    let candidates = [a, b].map(|p| enrol::examine(p, &pictures, &everybody, MODEL).expect("good"));
    let [first, second] =
        candidates.map(|c| door.act(move |tx, call| enrol::enrol(tx, call, &c, None)));
    assert_eq!(first, Ok(()));
    assert_eq!(second, Err(enrol::Error::Stale));
    let retried = door.enrol(b, &axis(0), None);
    assert!(matches!(retried, Err(enrol::Error::SameFace { other, .. }) if other == a));
}

/// Jobs that wait in the writer's queue answer only after their own commit: asked again at once,
/// the decision is there.
#[test]
fn an_answer_means_a_commit() {
    let door = Door::new();
    let event = door.event();
    let tickets: Vec<_> = (0..20).map(|_| door.ticket(event, None)).collect();
    for issued in &tickets {
        let request = door.code(event, issued.code.as_str());
        let decision = door.decide(&request);
        let asked = request.clone();
        let found = door.look(|v, _| hadir::store::visits::find_visit(v, asked.nonce));
        assert_eq!(found.expect("readable").map(|s| s.seq), decision.sequence);
    }
}
