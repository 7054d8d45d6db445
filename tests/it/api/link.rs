//! Enrolling oneself with a link, over the interface.

use super::exchange::{Talk, json};
use super::house::{House, Key};
use crate::support::desk::{direction, face};
use hadir::base::id::PersonId;

/// A link for a person, as the page shows it.
fn link(house: &House, person: PersonId) -> String {
    let page = house.call(&house.admin(), &format!("POST /people/{person}/link"), b"");
    assert_eq!(page.status, 200, "{}", page.body);
    let rest = page.body.split("/enrol/own/").nth(1).expect("a link");
    rest.split(['"', '<', '&'])
        .next()
        .expect("a token")
        .to_owned()
}

fn shot(house: &House) -> Vec<u8> {
    house
        .desk
        .faces(vec![face(10.0, 120.0, Some(direction(&[1.0])))])
}

#[test]
fn whoever_has_a_link_enrols_that_person_and_nobody_else() {
    let house = House::new();
    let person = house.desk.person("Ayu Lestari");
    let token = link(&house, person);
    let own = format!("/api/v1/enrol/own/{token}");
    let send = |what: &str, body: &[u8]| {
        let (method, rest) = what.split_once(' ').expect("a method");
        house.call(&Key::Nobody, &format!("{method} {own}/{rest}"), body)
    };
    let looked = send("POST look", &shot(&house)).json();
    assert_eq!(
        (&looked["good"], &looked["hint"]),
        (&true.into(), &"good".into())
    );
    let seen = send("POST pictures", &house.desk.nobody()).json();
    assert_eq!(
        (&seen["taken"], &seen["count"]),
        (&false.into(), &0.into()),
        "{seen}"
    );
    send("POST pictures", &shot(&house));
    assert_eq!(send("DELETE pictures", b"").status, 204);
    for count in 1..=3 {
        let seen = send("POST pictures", &shot(&house)).json();
        assert_eq!(
            (&seen["count"], &seen["needed"]),
            (&count.into(), &3.into()),
            "{seen}"
        );
        assert!(seen["quality"].is_number(), "{seen}");
    }
    let refused = send("POST face", b"").json();
    assert_eq!(refused["error"]["code"], "no_consent");
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    talk.know("ayu", person);
    let consent = r#"{"purpose":"face","means":"paper","text_version":"2026-1"}"#;
    talk.send(&admin, "POST /api/v1/people/<ayu>/consents", consent);
    let enrolled = send("POST face", b"");
    assert_eq!(enrolled.status, 201, "{}", enrolled.body);
    assert_eq!(enrolled.json()["pictures"], 3);
    talk.send(&admin, "GET /api/v1/people/<ayu>", "");
    assert_eq!(json(&talk.answer().body)["face_pictures"], 3);
}

#[test]
fn what_is_no_link_any_more_is_told_so() {
    let house = House::new();
    let token = link(&house, house.desk.person("Ayu Lestari"));
    house.desk.clock.advance(8 * 24 * 3_600_000);
    for token in [token.as_str(), "nonsense", "%ff"] {
        for what in ["POST look", "POST pictures", "DELETE pictures", "POST face"] {
            let (method, rest) = what.split_once(' ').expect("a method");
            let head = format!("{method} /api/v1/enrol/own/{token}/{rest}");
            let answer = house.call(&Key::Nobody, &head, b"");
            assert!(
                [400, 404].contains(&answer.status),
                "{head}: {}",
                answer.body
            );
        }
    }
}
