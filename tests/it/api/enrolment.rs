//! Enrolment of a face over the interface.

use super::exchange::{Talk, json};
use super::house::House;
use crate::support::desk::{direction, face};
use hadir::domain::actor::Role;

const CONSENT: &str = r#"{"purpose":"face","means":"paper","text_version":"2026-1"}"#;

#[test]
fn three_good_pictures_make_a_face() {
    let house = House::new();
    let teacher = house.person(Role::Teacher);
    let person = house.desk.person("Ayu Lestari");
    let mut talk = Talk::new(&house);
    talk.know("ayu", person);
    let pictures = format!("POST /api/v1/people/{person}/face/pictures");
    let bad = house.call(&teacher, &pictures, &house.desk.nobody());
    let seen = json(&bad.body);
    assert_eq!(
        (&seen["taken"], &seen["count"]),
        (&false.into(), &0.into()),
        "{seen}"
    );
    for count in 1..=3 {
        let shot = house
            .desk
            .faces(vec![face(10.0, 120.0, Some(direction(&[1.0])))]);
        let seen = json(&house.call(&teacher, &pictures, &shot).body);
        assert_eq!(
            (&seen["taken"], &seen["count"]),
            (&true.into(), &count.into()),
            "{seen}"
        );
        assert_eq!(seen["needed"], 3);
    }
    let enrol = "POST /api/v1/people/<ayu>/face";
    talk.send(&teacher, enrol, "{}").refused(409, "no_consent");
    talk.send(&teacher, "POST /api/v1/people/<ayu>/consents", CONSENT);
    talk.send(&teacher, enrol, "{}")
        .gets(201, r#"{"pictures":3}"#);
    talk.send(&teacher, enrol, "{}")
        .refused(400, "picture_count");
    talk.send(&teacher, "GET /api/v1/people/<ayu>", "");
    assert_eq!(json(&talk.answer().body)["face_pictures"], 3);
    talk.send(&teacher, "DELETE /api/v1/people/<ayu>/face", "")
        .gets(204, "");
    talk.send(&teacher, "DELETE /api/v1/people/<ayu>/face", "")
        .refused(404, "not_enrolled");
}

#[test]
fn the_same_face_under_another_name_is_a_conflict_that_an_administrator_resolves() {
    let house = House::new();
    house.desk.enrolled("Ayu Lestari", &direction(&[1.0]));
    let twin = house.desk.person("Ani Lestari");
    let mut talk = Talk::new(&house);
    talk.know("ani", twin);
    let enrol = "POST /api/v1/people/<ani>/face";
    let reason = r#"{"not_same_person":"kembar"}"#;
    for (key, status) in [(house.person(Role::Teacher), 403), (house.admin(), 201)] {
        talk.send(&key, "POST /api/v1/people/<ani>/consents", CONSENT);
        for _ in 0..3 {
            let shot = house
                .desk
                .faces(vec![face(10.0, 120.0, Some(direction(&[0.99])))]);
            let head = format!("POST /api/v1/people/{twin}/face/pictures");
            assert_eq!(house.call(&key, &head, &shot).status, 200);
        }
        talk.send(&key, enrol, "{}").refused(409, "same_face");
        talk.send(&key, enrol, reason);
        assert_eq!(talk.answer().status, status, "{}", talk.answer().body);
    }
}

#[test]
fn pictures_wait_for_whoever_sent_them() {
    let house = House::new();
    let person = house.desk.person("Ayu Lestari");
    let (one, other) = (house.person(Role::Teacher), house.admin());
    let head = format!("POST /api/v1/people/{person}/face/pictures");
    let shot = || {
        house
            .desk
            .faces(vec![face(10.0, 120.0, Some(direction(&[1.0])))])
    };
    assert_eq!(json(&house.call(&one, &head, &shot()).body)["count"], 1);
    assert_eq!(json(&house.call(&other, &head, &shot()).body)["count"], 1);
    let clear = format!("DELETE /api/v1/people/{person}/face/pictures");
    assert_eq!(house.call(&one, &clear, b"").status, 204);
    assert_eq!(json(&house.call(&one, &head, &shot()).body)["count"], 1);
    assert_eq!(json(&house.call(&other, &head, &shot()).body)["count"], 2);
}
