//! A gallery too large for a face to decide: the face proposes, and the last digits of the number,
//! or a code, decide. On a screen with its own camera, and on the box's own.

use super::hall::Hall;
use crate::support::desk::{Desk, direction, face};
use crate::wire::server::Answer;
use hadir::base::id::PersonId;
use hadir::base::json::{Value, json};
use hadir::domain::rule::FacePolicy;
use hadir::surface::door::Aim;
use hadir::surface::told;
use hadir::vision::worker::EngineState;

/// A box at which so many strangers pass that no gallery is small enough.
pub fn large() -> Hall {
    Hall::of(Desk::ruled(EngineState::On, |rules| {
        rules.face = FacePolicy {
            strangers_per_day: 100_000.0,
            ..FacePolicy::default()
        };
    }))
}

/// Somebody whose number ends in 4321.
pub fn enrolled(hall: &Hall) -> PersonId {
    let person = hall.numbered("Budi Santoso", "20260004321");
    hall.desk.enrol(person, &direction(&[1.0]));
    person
}

/// They stand before the screen's camera until it decides.
pub fn propose(hall: &Hall) -> Value {
    for _ in 0..20 {
        let shown = vec![face(200.0, 120.0, Some(direction(&[1.0])))];
        let answer = hall.frame(&hall.desk.faces(shown)).json();
        if let Some(decision) = answer["decisions"].as_array().and_then(|d| d.first()) {
            return decision.clone();
        }
    }
    panic!("no decision after twenty pictures");
}

/// They type the last digits of a number.
pub fn digits(hall: &Hall, nonce: &str, digits: &str) -> Answer {
    hall.desk.tick();
    let body = json!({"nonce": nonce, "number": digits, "second": true});
    hall.post("/api/v1/kiosk/number", &body)
}

#[test]
fn the_face_proposes_and_the_last_digits_decide() {
    let hall = large();
    enrolled(&hall);
    let proposed = propose(&hall);
    assert_eq!(
        (&proposed["reason"], &proposed["second"]),
        (&json!("second_factor"), &json!(true))
    );
    let whole = proposed.to_string();
    assert!(!whole.contains("Budi"), "nobody is named yet: {whole}");
    // A slip of the finger: they may type again.
    let wrong = digits(&hall, &hall.nonce(), "1234").json();
    assert_eq!(wrong["second"], true);
    let nonce = hall.nonce();
    let right = digits(&hall, &nonce, "4321").json();
    assert_eq!(
        (&right["verdict"], &right["show"]),
        (&json!("admitted"), &json!("late"))
    );
    // The answer was lost: the same question gets it again.
    assert_eq!(digits(&hall, &nonce, "4321").json(), right);
    // Nobody waits any more: the digits are a number like any other.
    let later = digits(&hall, &hall.nonce(), "4321").json();
    assert_eq!(later["reason"], "unknown_ticket");
}

#[test]
fn a_code_decides_as_well() {
    let hall = large();
    let person = enrolled(&hall);
    let event = hall.desk.event();
    hall.set(hadir::domain::device::Options {
        occasion: Some(event),
        ..hall.options()
    });
    let new = hadir::domain::ticketing::ticket::NewTicket::plain(event, Some(person));
    let issued = (hall.desk.core).write(
        hadir::domain::actor::Actor::Operator,
        "test",
        move |tx, call| hadir::domain::ticketing::ticket::issue(tx, call, &new),
    );
    let code = issued.expect("a ticket").code;
    assert_eq!(propose(&hall)["reason"], "second_factor");
    let answer = hall.frame(&hall.desk.code(code.as_str())).json();
    assert_eq!(answer["decisions"][0]["show"], "admitted");
}

#[test]
fn five_wrong_digits_or_half_a_minute_end_it() {
    let hall = large();
    enrolled(&hall);
    propose(&hall);
    for n in 0..5 {
        let told = digits(&hall, &hall.nonce(), "0000").json();
        assert_eq!(told["second"], true, "{n}");
    }
    let told = digits(&hall, &hall.nonce(), "4321").json();
    assert_eq!(
        told["reason"], "unknown_ticket",
        "the face is to be shown again"
    );
    hall.desk.clock.advance(10_000);
    hall.frame(&hall.desk.nobody());
    propose(&hall);
    hall.desk.clock.advance(31_000);
    let told = digits(&hall, &hall.nonce(), "4321").json();
    assert_eq!(told["reason"], "unknown_ticket");
}

/// The box's own camera is a device of its own; its digits are typed on the screen beside it.
#[test]
fn digits_for_the_box_s_camera_are_typed_on_its_screen() {
    let hall = large();
    enrolled(&hall);
    let mut door = hall.desk.door(Aim::Today);
    let camera = door.post().device.expect("a device");
    let mut look = || {
        for _ in 0..20 {
            hall.desk.tick();
            let shown = vec![face(200.0, 120.0, Some(direction(&[1.0])))];
            let seen = door.look(hall.desk.faces(shown)).expect("a sighting");
            if let Some(decision) = seen.decisions.first() {
                return told::for_screen(&hall.desk.core, decision);
            }
        }
        panic!("no decision after twenty pictures");
    };
    assert_eq!(look()["second"], true);
    let told = digits(&hall, &hall.nonce(), "4321").json();
    assert_eq!(
        told["reason"], "unknown_ticket",
        "it is another camera's visitor"
    );
    hall.desk.core.live.set_box_camera(camera);
    let told = digits(&hall, &hall.nonce(), "4321").json();
    assert_eq!(told["verdict"], "admitted");
}
