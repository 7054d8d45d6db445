//! What a door decides, and when: the pictures are told to it, everything else is real.

use crate::support::desk::{Desk, direction, face};
use hadir::base::id::PersonId;
use hadir::domain::actor::Actor;
use hadir::domain::checkin::Decision;
use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::checkin::request::Occasion;
use hadir::domain::consent::{self, ConsentPurpose};
use hadir::domain::identity::person;
use hadir::surface::door::{Aim, Door, DoorError};
use hadir::vision::embed::Embedding;
use hadir::vision::frame::FrameError;
use hadir::vision::worker::{EngineError, FaceSeen};

fn sinta() -> Embedding {
    direction(&[1.0])
}

/// Somebody whose cosine to Sinta is this.
fn like_sinta(cosine: f32) -> Embedding {
    direction(&[cosine])
}

/// Looks at the faces of one frame, a tenth of a second after the last.
fn look(desk: &Desk, door: &mut Door, faces: Vec<FaceSeen>) -> Vec<Decision> {
    desk.tick();
    door.look(desk.faces(faces)).expect("a sighting").decisions
}

/// Looks at the same face until something is decided; how many frames that took.
fn stand(desk: &Desk, door: &mut Door, embedding: &Embedding, left: f32) -> (usize, Decision) {
    for frames in 1..=20 {
        let seen = look(desk, door, vec![face(left, 120.0, Some(embedding.clone()))]);
        if let Some(decision) = seen.into_iter().next() {
            return (frames, decision);
        }
    }
    panic!("nothing was decided in twenty frames");
}

fn leave(desk: &Desk, door: &mut Door) {
    assert!(look(desk, door, Vec::new()).is_empty());
}

fn outcome(decision: &Decision) -> (Verdict, Option<Reason>) {
    (decision.verdict, decision.reason)
}

const ADMITTED: (Verdict, Option<Reason>) = (Verdict::Admitted, None);
const ALREADY: (Verdict, Option<Reason>) = (Verdict::Already, Some(Reason::AlreadyAdmitted));

#[test]
fn a_known_face_is_let_in_after_three_frames_and_once() {
    let desk = Desk::new();
    let person = desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    let (frames, decision) = stand(&desk, &mut door, &like_sinta(0.9), 200.0);
    assert_eq!((frames, outcome(&decision)), (3, ADMITTED));
    assert_eq!(decision.person, Some(person));
    assert!(decision.cosine.expect("a cosine") > 0.85);
    // She stays for a minute: nothing more is decided about her.
    for _ in 0..600 {
        let still = face(200.0, 120.0, Some(like_sinta(0.9)));
        assert!(look(&desk, &mut door, vec![still]).is_empty());
    }
    leave(&desk, &mut door);
    let (_, again) = stand(&desk, &mut door, &like_sinta(0.9), 200.0);
    assert_eq!(outcome(&again), ALREADY);
    assert_eq!(again.first, Some(decision.at));
}

#[test]
fn the_decision_is_in_the_store_before_it_is_told() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    let before = desk.core.store.last_time();
    let (_, decision) = stand(&desk, &mut door, &sinta(), 200.0);
    assert!(desk.core.store.last_time() > before);
    assert_eq!(desk.core.store.last_time(), decision.at);
    assert!(decision.sequence.is_some());
}

#[test]
fn a_stranger_is_refused_after_five_frames_and_not_every_second() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    let stranger = like_sinta(0.2);
    let (frames, decision) = stand(&desk, &mut door, &stranger, 200.0);
    assert_eq!(frames, 5);
    assert_eq!(
        outcome(&decision),
        (Verdict::Refused, Some(Reason::UnknownFace))
    );
    assert_eq!(decision.person, None);
    let (frames, _) = {
        let mut frames = 0;
        loop {
            frames += 1;
            let still = face(200.0, 120.0, Some(stranger.clone()));
            if let Some(decision) = look(&desk, &mut door, vec![still]).pop() {
                break (frames, decision);
            }
            assert!(frames < 200, "a stranger who stays is looked at again");
        }
    };
    assert!(frames >= 50, "five seconds are fifty frames: {frames}");
}

#[test]
fn somebody_else_in_the_same_place_is_decided_about_on_their_own() {
    let desk = Desk::new();
    let first = desk.enrolled("Sinta", &sinta());
    let second = desk.enrolled("Budi", &direction(&[0.0, 1.0]));
    let mut door = desk.door(Aim::Today);
    let (_, one) = stand(&desk, &mut door, &sinta(), 100.0);
    // Budi steps up beside: another place, no empty frame between.
    let (frames, other) = stand(&desk, &mut door, &direction(&[0.0, 1.0]), 400.0);
    assert_eq!((one.person, other.person), (Some(first), Some(second)));
    assert_eq!(frames, 3, "Sinta's frames are not counted for him");
}

#[test]
fn frames_that_disagree_let_nobody_in() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    // One frame looks like her, the others do not: their mean is near, the votes are not there.
    let frames = [1.0, 0.3, 0.3, 0.3, 0.3].map(like_sinta);
    let mut decisions = Vec::new();
    for embedding in frames {
        let shown = vec![face(200.0, 120.0, Some(embedding))];
        decisions.extend(look(&desk, &mut door, shown));
    }
    assert_eq!(decisions.len(), 1);
    assert_eq!(
        outcome(&decisions[0]),
        (Verdict::Refused, Some(Reason::UnknownFace))
    );
}

#[test]
fn two_people_at_the_door_are_asked_to_come_one_by_one() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    let both = || vec![face(100.0, 120.0, Some(sinta())), face(400.0, 110.0, None)];
    let mut decisions = Vec::new();
    for _ in 0..5 {
        decisions.extend(look(&desk, &mut door, both()));
    }
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0].reason, Some(Reason::ManyFaces));
}

#[test]
fn people_in_the_background_do_not_count() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    let mut decisions = Vec::new();
    for _ in 0..3 {
        let shown = vec![face(100.0, 120.0, Some(sinta())), face(400.0, 40.0, None)];
        decisions.extend(look(&desk, &mut door, shown));
    }
    assert_eq!(
        decisions.iter().map(outcome).collect::<Vec<_>>(),
        [ADMITTED]
    );
}

#[test]
fn nobody_at_the_door_decides_nothing_until_somebody_asks() {
    let desk = Desk::new();
    let mut door = desk.door(Aim::Today);
    for _ in 0..50 {
        leave(&desk, &mut door);
    }
    let asked = door.conclude().expect("a decision");
    assert_eq!(asked.reason, Some(Reason::NoFace));
    assert_eq!(asked.sequence, None, "an instruction is counted, not kept");
}

#[test]
fn a_single_picture_needs_more() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    for (cosine, want) in [(0.48, Some(Reason::UnknownFace)), (0.52, None)] {
        assert!(
            look(
                &desk,
                &mut door,
                vec![face(200.0, 120.0, Some(like_sinta(cosine)))]
            )
            .is_empty()
        );
        assert_eq!(
            door.conclude().expect("a decision").reason,
            want,
            "{cosine}"
        );
        door.clear();
    }
}

#[test]
fn a_ticket_held_up_is_taken_once() {
    let desk = Desk::new();
    let event = desk.event();
    let code = desk.ticket(event);
    let mut door = desk.door(Aim::Fixed(Occasion::Event(event)));
    let mut decisions = Vec::new();
    for i in 0..20 {
        desk.tick();
        // Every third picture is blurred.
        let picture = if i % 3 == 2 {
            desk.nobody()
        } else {
            desk.code(code.as_str())
        };
        decisions.extend(door.look(picture).expect("a sighting").decisions);
    }
    assert_eq!(
        decisions.iter().map(outcome).collect::<Vec<_>>(),
        [ADMITTED]
    );
    for _ in 0..5 {
        leave(&desk, &mut door);
    }
    let again = door
        .look(desk.code(code.as_str()))
        .expect("a sighting")
        .decisions;
    assert_eq!(again.iter().map(outcome).collect::<Vec<_>>(), [ALREADY]);
}

#[test]
fn two_tickets_in_one_picture_are_both_taken() {
    let desk = Desk::new();
    let event = desk.event();
    let codes = [desk.ticket(event), desk.ticket(event)].map(|c| c.as_str().to_owned());
    let mut door = desk.door(Aim::Fixed(Occasion::Event(event)));
    let shown = hadir::vision::worker::Analysis {
        codes: codes.to_vec(),
        ..Default::default()
    };
    let seen = door.look(desk.picture(Ok(shown))).expect("a sighting");
    assert_eq!(
        seen.decisions.iter().map(outcome).collect::<Vec<_>>(),
        [ADMITTED, ADMITTED]
    );
}

#[test]
fn while_faces_are_off_tickets_go_on() {
    let desk = Desk::faces_off();
    let event = desk.event();
    let code = desk.ticket(event);
    let mut door = desk.door(Aim::Fixed(Occasion::Event(event)));
    for _ in 0..10 {
        let shown = vec![face(200.0, 120.0, None)];
        assert!(look(&desk, &mut door, shown).is_empty());
    }
    let seen = door.look(desk.code(code.as_str())).expect("a sighting");
    assert_eq!(
        seen.decisions.iter().map(outcome).collect::<Vec<_>>(),
        [ADMITTED]
    );
    let asked = door.conclude().expect("a decision");
    assert_eq!(asked.reason, Some(Reason::FaceEngineError));
}

#[test]
fn a_bad_picture_is_told_and_the_next_one_counts() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    for error in [
        EngineError::Frame(FrameError::Truncated),
        EngineError::Panicked,
    ] {
        let bad = desk.picture(Err(error.clone()));
        match door.look(bad) {
            Err(DoorError::Engine(told)) => assert_eq!(told, error),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        outcome(&stand(&desk, &mut door, &sinta(), 200.0).1),
        ADMITTED
    );
}

fn withdraw(desk: &Desk, person: PersonId) {
    desk.core
        .write(Actor::Operator, "test", move |tx, call| {
            consent::withdraw(tx, call, person, ConsentPurpose::Face)
        })
        .expect("a withdrawal");
}

/// The door's gallery is in memory; changes in the store reach it with the next visitor.
#[test]
fn enrolments_withdrawals_and_erasures_reach_the_door_at_once() {
    let desk = Desk::new();
    let mut door = desk.door(Aim::Today);
    let unknown = (Verdict::Refused, Some(Reason::UnknownFace));
    let mut visit = |left: f32| {
        let got = outcome(&stand(&desk, &mut door, &sinta(), left).1);
        leave(&desk, &mut door);
        got
    };
    assert_eq!(visit(200.0), unknown);
    let person = desk.enrolled("Sinta", &sinta());
    assert_eq!(visit(200.0), ADMITTED);
    withdraw(&desk, person);
    assert_eq!(visit(200.0), unknown);
    let again = desk.enrolled("Sinta Dewi", &sinta());
    assert_eq!(visit(200.0), ADMITTED);
    desk.core
        .write(Actor::Operator, "test", move |tx, call| {
            person::erase(tx, call, again)
        })
        .expect("an erasure");
    assert_eq!(visit(200.0), unknown);
}

#[test]
fn an_event_knows_the_faces_of_its_ticket_holders_only() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let event = desk.event();
    let mut door = desk.door(Aim::Fixed(Occasion::Event(event)));
    let (_, decision) = stand(&desk, &mut door, &sinta(), 200.0);
    assert_eq!(
        decision.reason,
        Some(Reason::UnknownFace),
        "she has no ticket for it"
    );
}

/// The day of a decision is the site's day, and a new day lets everybody in again.
#[test]
fn a_new_day_is_a_new_occasion() {
    let desk = Desk::new();
    desk.enrolled("Sinta", &sinta());
    let mut door = desk.door(Aim::Today);
    let (_, first) = stand(&desk, &mut door, &sinta(), 200.0);
    desk.clock.advance(24 * 3_600_000);
    leave(&desk, &mut door);
    let (_, second) = stand(&desk, &mut door, &sinta(), 200.0);
    assert_eq!((outcome(&first), outcome(&second)), (ADMITTED, ADMITTED));
    assert_ne!(first.occasion, second.occasion);
}
