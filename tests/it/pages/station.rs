//! The enrolment station and enrolling oneself: consent first, three good pictures, then the
//! next person; a link is for one person and one use.

use super::house::{Browser, House, leads, well_formed};
use crate::support::desk::{MODEL, direction, face};
use hadir::base::id::PersonId;
use hadir::base::json::{self, Value};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person;
use hadir::vision::quality::QualityIssue;
use hadir::vision::worker::{Analyse, Analysis, Engine, EngineError, EngineState, Picture, Want};
use std::sync::Arc;

/// Eyes that see what the text of a picture says: `nobody`, `two`, `dark`, `face 3`.
struct Eyes;

impl Analyse for Eyes {
    fn analyse(&self, picture: &Picture, _: Want) -> Result<Analysis, EngineError> {
        let Picture::Bytes(bytes) = picture else {
            panic!("bytes are handed in")
        };
        let text = std::str::from_utf8(bytes).expect("text");
        let along = |n: usize| {
            let mut along = vec![0.0; n + 1];
            along[n] = 1.0;
            direction(&along)
        };
        let good = |n| face(10.0, 200.0, Some(along(n)));
        let faces = match text.split_once(' ') {
            Some((_, n)) => vec![good(n.parse().expect("a number"))],
            None if text == "nobody" => Vec::new(),
            None if text == "two" => vec![good(1), good(2)],
            None => {
                let mut dark = good(1);
                dark.quality.score = 0.3;
                dark.quality.issues = vec![QualityIssue::Dark];
                vec![dark]
            }
        };
        Ok(Analysis {
            width: 640,
            height: 480,
            faces,
            ..Analysis::default()
        })
    }
}

fn house() -> House {
    let engine = Engine::start_with(Arc::new(Eyes), EngineState::On, 1).expect("a thread");
    let house = House::with(engine, Some(MODEL));
    house.add("Sari Wulandari", "sari", Role::Admin);
    house
}

fn add(house: &House, name: &str) -> PersonId {
    let profile = person::Profile {
        name: name.parse().expect("a name"),
        number: None,
        email: None,
        class: Some("X IPA".parse().expect("a class")),
        role: Role::User,
    };
    // Ids are in the order of time, and so is the list.
    house.hand.advance(1);
    let core = &house.native().core;
    core.write(Actor::Operator, "test", move |tx, c| {
        person::add(tx, c, &profile)
    })
    .expect("a person")
}

/// Sends what the page's script sends; the answer's status and JSON.
fn send(browser: &mut Browser<'_>, path: &str, picture: &str) -> (u16, Value) {
    let kind = if picture.starts_with('{') {
        "application/json"
    } else {
        "image/jpeg"
    };
    let answer = browser.bring(&format!("POST {path}"), kind, picture);
    let value = json::decode(answer.body.as_bytes(), 10_000).expect("JSON");
    (answer.status, value)
}

const AGREED: [(&str, &str); 3] = [("giver", "person"), ("means", "screen"), ("agreed", "yes")];

#[test]
fn one_after_another_is_led_through_consent_and_pictures() {
    let house = house();
    let (ani, budi) = (add(&house, "Ani"), add(&house, "Budi"));
    let mut sari = house.signed_in("sari");
    let list = sari.page("/enrol?class=x+ipa");
    assert!(
        list.contains("Ani") && list.contains("Budi") && !list.contains("Sari W"),
        "{list}"
    );
    assert_eq!(
        leads(&sari.get("/enrol/next?class=X%20IPA")),
        format!("/enrol/{ani}?class=X%20IPA")
    );
    let page = sari.page(&format!("/enrol/{ani}?class=X%20IPA"));
    assert!(
        page.contains("Saya setuju wajah saya") && !page.contains("id=\"video\""),
        "{page}"
    );
    let to = format!("/enrol/{ani}?class=X%20IPA");
    let agreed = [&AGREED[..], &[("to", to.as_str())]].concat();
    assert_eq!(
        leads(&sari.post(&format!("/people/{ani}/consent"), &agreed)),
        to
    );
    let page = sari.page(&to);
    assert!(
        page.contains("id=\"video\"") && page.contains("data-needed=\"3\""),
        "{page}"
    );
    assert!(
        page.contains(&format!("/enrol/next?after={ani}&amp;class=X%20IPA")),
        "{page}"
    );
    let at = |rest: &str| format!("/api/v1/people/{ani}/{rest}");
    for _ in 0..3 {
        assert_eq!(send(&mut sari, &at("face/pictures"), "face 3").0, 200);
    }
    assert_eq!(send(&mut sari, &at("face"), "{}").0, 201);
    assert_eq!(house.person(ani).face_pictures, Some(3));
    assert!(sari.page(&to).contains("Foto baru menggantikan yang lama."));
    let next = format!("/enrol/next?after={ani}&class=X%20IPA");
    assert_eq!(
        leads(&sari.get(&next)),
        format!("/enrol/{budi}?class=X%20IPA")
    );
    let last = sari.get(&format!("/enrol/next?after={budi}&class=X%20IPA"));
    assert_eq!(leads(&last), "/enrol?class=X%20IPA");
    let mut sari = house.signed_in("sari");
    for (picture, hint, good) in [
        ("nobody", "no_face", false),
        ("two", "many_faces", false),
        ("dark", "dark", false),
        ("face 1", "good", true),
    ] {
        let (status, looked) = send(&mut sari, "/api/v1/enrol/look", picture);
        assert_eq!(status, 200, "{looked}");
        assert_eq!(
            (looked["hint"].as_str(), looked["good"].as_bool()),
            (Some(hint), Some(good))
        );
    }
    house.add("Tamu", "tamu", Role::User);
    let mut tamu = house.signed_in("tamu");
    assert_eq!(send(&mut tamu, "/api/v1/enrol/look", "face 1").0, 403);
}

#[test]
fn every_hint_has_its_text_on_the_page() {
    let house = house();
    let ani = add(&house, "Ani");
    let mut sari = house.signed_in("sari");
    sari.post(&format!("/people/{ani}/consent"), &AGREED);
    for (language, sentences) in [
        (
            "id",
            [
                "Lihat ke kamera.",
                "Satu per satu, ya.",
                "Silakan mendekat.",
                "Mohon lepas masker atau kacamata hitam.",
            ],
        ),
        (
            "en",
            [
                "Look at the camera.",
                "One person at a time, please.",
                "Please come closer.",
                "Please take off your mask or sunglasses.",
            ],
        ),
    ] {
        sari.language = language;
        let page = sari.page(&format!("/enrol/{ani}"));
        for sentence in sentences {
            assert!(page.contains(sentence), "{sentence} in {page}");
        }
        for code in [
            "small",
            "dark",
            "bright",
            "blurred",
            "turned_away",
            "tilted",
            "unsure",
            "no_face",
            "many_faces",
            "good",
        ] {
            assert!(page.contains(&format!("\"{code}\":")), "{code}");
        }
    }
}

/// Makes a link by the form and returns its path.
fn link(sari: &mut Browser<'_>, id: PersonId) -> String {
    let answer = sari.post(&format!("/people/{id}/link"), &[]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let link = answer
        .body
        .split("id=\"link\" href=\"")
        .nth(1)
        .expect("a link");
    let link = link.split('"').next().expect("its end");
    link.split_once("/enrol/own/")
        .map(|(_, t)| format!("/enrol/own/{t}"))
        .expect("a path")
}

#[test]
fn somebody_enrols_on_their_own_phone_once() {
    let house = house();
    let ani = add(&house, "Ani Kusumawardhani");
    let path = link(&mut house.signed_in("sari"), ani);
    let mut phone = house.browser();
    let page = phone.page(&path);
    assert!(
        page.contains("Daftarkan wajah Anda") && page.contains("Anda boleh tidak ikut"),
        "{page}"
    );
    assert!(
        !page.contains("Kusumawardhani"),
        "the name is masked: {page}"
    );
    let unticked = phone.post(&path, &[("giver", "person")]);
    assert_eq!(unticked.status, 422);
    well_formed(&unticked.body);
    assert_eq!(
        leads(&phone.post(&path, &[("giver", "person"), ("agreed", "yes")])),
        path
    );
    assert!(phone.page(&path).contains("id=\"video\""));
    let api = format!("/api/v1{path}");
    assert_eq!(
        send(&mut phone, &format!("{api}/look"), "dark").1["hint"],
        "dark"
    );
    assert_eq!(
        send(&mut phone, &format!("{api}/pictures"), "dark").1["count"],
        0
    );
    for n in 1..=3 {
        let (status, sent) = send(&mut phone, &format!("{api}/pictures"), "face 5");
        assert_eq!((status, sent["count"].as_u64()), (200, Some(n)), "{sent}");
    }
    assert_eq!(send(&mut phone, &format!("{api}/face"), "{}").0, 201);
    assert_eq!(house.person(ani).face_pictures, Some(3));
    let gone = phone.get(&path);
    assert_eq!(gone.status, 404);
    well_formed(&gone.body);
    assert!(
        gone.body.contains("Tautan ini tidak berlaku lagi"),
        "{}",
        gone.body
    );
    for rest in ["look", "pictures", "face"] {
        let (status, refused) = send(&mut phone, &format!("{api}/{rest}"), "face 5");
        assert_eq!(
            (status, refused["error"]["code"].as_str()),
            (404, Some("link_gone")),
            "{rest}"
        );
    }
}

#[test]
fn a_face_that_is_known_is_refused_without_a_name() {
    let house = house();
    let (ani, budi) = (add(&house, "Ani"), add(&house, "Budi"));
    let mut sari = house.signed_in("sari");
    for id in [ani, budi] {
        sari.post(&format!("/people/{id}/consent"), &AGREED);
    }
    for _ in 0..3 {
        send(
            &mut sari,
            &format!("/api/v1/people/{ani}/face/pictures"),
            "face 2",
        );
    }
    assert_eq!(
        send(&mut sari, &format!("/api/v1/people/{ani}/face"), "{}").0,
        201
    );
    let api = format!("/api/v1{}", link(&mut sari, budi));
    let mut phone = house.browser();
    for _ in 0..3 {
        send(&mut phone, &format!("{api}/pictures"), "face 2");
    }
    let (status, refused) = send(&mut phone, &format!("{api}/face"), "{}");
    assert_eq!(
        (status, refused["error"]["code"].as_str()),
        (409, Some("same_face"))
    );
    assert!(!refused.to_string().contains(&ani.to_string()), "{refused}");
    // The station tells staff whose face it is, and lets an administrator say why not.
    for _ in 0..3 {
        send(
            &mut sari,
            &format!("/api/v1/people/{budi}/face/pictures"),
            "face 2",
        );
    }
    let (status, refused) = send(&mut sari, &format!("/api/v1/people/{budi}/face"), "{}");
    assert_eq!(status, 409);
    assert!(refused.to_string().contains(&ani.to_string()), "{refused}");
    let reason = r#"{"not_same_person":"kembar"}"#;
    assert_eq!(
        send(&mut sari, &format!("/api/v1/people/{budi}/face"), reason).0,
        201
    );
}

#[test]
fn a_wrong_link_says_what_to_do() {
    let house = house();
    for token in ["x", "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2"] {
        let answer = house.browser().get(&format!("/enrol/own/{token}"));
        assert_eq!(answer.status, 404);
        assert!(
            answer.body.contains("Minta yang baru kepada petugas."),
            "{}",
            answer.body
        );
    }
    house.add("Guru", "guru", Role::Teacher);
    house.add("Tamu", "tamu", Role::User);
    let ani = add(&house, "Ani");
    link(&mut house.signed_in("guru"), ani);
    assert_eq!(
        house
            .signed_in("tamu")
            .post(&format!("/people/{ani}/link"), &[])
            .status,
        403
    );
}
