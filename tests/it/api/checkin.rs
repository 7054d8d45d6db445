//! Check-ins over the interface: by every means, repeated, reported, undone.

use super::exchange::{Talk, json};
use super::house::{House, Key};
use crate::support::desk::{direction, face};
use hadir::domain::actor::{DeviceAccess, Role};

pub const NONCE: &str = "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2";

/// The check-in with the gate's ticket.
pub const BODY: &str = r#"{"nonce":"<nonce>","occasion":"event:<event>","code":"<code>"}"#;

const UNDO: &str = "POST /api/v1/check-ins/<nonce>/undo";

/// A box with an event, a ticket of it, and a desk that scans.
pub struct Gate {
    pub house: House,
    pub desk: Key,
    event: String,
    code: String,
}

impl Gate {
    pub fn new() -> Self {
        let house = House::new();
        let event = house.desk.event();
        let code = house.desk.ticket(event).to_string();
        let (_, desk) = house.device(DeviceAccess::Desk);
        Self {
            house,
            desk,
            event: event.to_string(),
            code,
        }
    }

    /// Exchanges in which `<event>`, `<code>` and `<nonce>` stand for what is there.
    pub fn talk(&self) -> Talk<'_> {
        let mut talk = Talk::new(&self.house);
        talk.know("event", &self.event)
            .know("code", &self.code)
            .know("nonce", NONCE);
        talk
    }
}

#[test]
fn a_ticket_lets_in_once_and_a_repetition_gets_the_same_decision() {
    let gate = Gate::new();
    let (house, desk, mut talk) = (&gate.house, &gate.desk, gate.talk());
    let admitted = r#"{"nonce":"<nonce>","occasion":"event:<event>","verdict":"admitted",
        "reason":null,"sentence":"Selamat datang.","next_step":"Silakan masuk.","name":null,
        "at_ms":1795226400000,"first_at_ms":null,"opens_at_ms":null,"direction":"entry",
        "means":"code","mode":"online","sequence":1,"standing":null,"late_minutes":null,
        "liveness":null,"person":null,"rival":null,"ticket":"<id>","detail":null,"cosine":null,
        "second":null,"threshold":null,"conflict":null}"#;
    talk.send(desk, "POST /api/v1/check-ins", BODY)
        .gets(200, admitted);
    house.desk.clock.advance(60_000);
    talk.send(desk, "POST /api/v1/check-ins", BODY)
        .gets(200, admitted);
    let other = BODY.replace("<code>", "SOMETHING-ELSE");
    talk.send(desk, "POST /api/v1/check-ins", &other)
        .refused(409, "nonce_reused");
    let again = BODY.replace("<nonce>", "01JD5Z3N8GQ4X6V7W8Y9Z0A1B3");
    talk.send(desk, "POST /api/v1/check-ins", &again);
    let second = json(&talk.answer().body);
    assert_eq!(second["verdict"], "already");
    assert_eq!(second["reason"], "already_admitted");
    assert_eq!(second["first_at_ms"], 1_795_226_400_000_i64);
    assert_eq!(second["sentence"], "Tiket ini sudah dipakai pukul 09.00.");
}

#[test]
fn a_kiosk_sees_less_than_a_desk() {
    let house = House::new();
    let person = house.desk.person("Muhammad Rizky Pratama");
    let (_, desk) = house.device(DeviceAccess::Desk);
    let (_, kiosk) = house.device(DeviceAccess::Scan);
    let admin = house.admin();
    let number = r#"{"number":"2026001"}"#;
    let changed = house.call(
        &admin,
        &format!("PATCH /api/v1/people/{person}"),
        number.as_bytes(),
    );
    assert_eq!(changed.status, 200, "{}", changed.body);
    let ask = |key: &Key, nonce: &str| {
        let body = format!(r#"{{"nonce":"{nonce}","number":"2026001"}}"#);
        let answer = house.call(key, "POST /api/v1/check-ins", body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
        json(&answer.body)
    };
    let seen = ask(&kiosk, "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2");
    assert_eq!(seen["verdict"], "admitted");
    assert_eq!(seen["name"], "M. Rizky P.");
    for hidden in ["person", "cosine", "threshold", "detail", "ticket"] {
        assert!(seen.get(hidden).is_none(), "{hidden}: {seen}");
    }
    let seen = ask(&desk, "01JD5Z3N8GQ4X6V7W8Y9Z0A1B3");
    assert_eq!(seen["verdict"], "already");
    assert_eq!(seen["name"], "Muhammad Rizky Pratama");
    assert_eq!(seen["person"], person.to_string());
    let body = format!(r#"{{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B4","person":"{person}"}}"#);
    let picked = house.call(&kiosk, "POST /api/v1/check-ins", body.as_bytes());
    assert_eq!(picked.status, 403, "a kiosk picks nobody: {}", picked.body);
}

#[test]
fn exactly_one_means_and_only_a_report_has_a_time() {
    let gate = Gate::new();
    let (desk, mut talk) = (&gate.desk, gate.talk());
    for (rest, field) in [
        ("", "code"),
        (r#","code":"A","number":"1""#, "code"),
        (r#","code":"A","happened_at_ms":5"#, "happened_at_ms"),
        (
            r#","code":"A","happened_at_ms":-5,"mode":"offline""#,
            "happened_at_ms",
        ),
        (r#","code":"A","occasion":"tomorrow""#, "occasion"),
        (r#","code":"A","occasion":"day:2026-13-01""#, "occasion"),
        (r#","code":"A","direction":"up""#, "direction"),
        (r#","person":"me""#, "person"),
    ] {
        let body = format!("{{\"nonce\":\"<nonce>\"{rest}}}");
        talk.send(desk, "POST /api/v1/check-ins", &body)
            .refused(422, "unprocessable");
        let error = json(&talk.answer().body);
        assert_eq!(error["error"]["field"], field, "{body}");
    }
    let body = r#"{"nonce":"<nonce>","code":"A","occasion":"event:01JD5Z3N8GQ4X6V7W8Y9Z0A1B2"}"#;
    talk.send(desk, "POST /api/v1/check-ins", body)
        .refused(404, "no_event");
}

#[test]
fn a_report_says_when_it_happened() {
    let gate = Gate::new();
    let (house, desk, mut talk) = (&gate.house, &gate.desk, gate.talk());
    let body = r#"{"nonce":"<nonce>","occasion":"event:<event>","code":"<code>","mode":"offline",
        "happened_at_ms":1795226000000}"#;
    for _ in 0..2 {
        talk.send(desk, "POST /api/v1/check-ins", body);
        let decision = json(&talk.answer().body);
        assert_eq!(decision["verdict"], "admitted");
        assert_eq!(decision["mode"], "offline");
        assert_eq!(decision["at_ms"], 1_795_226_000_000_i64);
        assert_eq!(decision["sequence"], 1);
    }
    let (_, kiosk) = house.device(DeviceAccess::Scan);
    let other = body.replace("<nonce>", "01JD5Z3N8GQ4X6V7W8Y9Z0A1B3");
    talk.send(&kiosk, "POST /api/v1/check-ins", &other)
        .refused(403, "forbidden");
}

#[test]
fn an_admission_is_undone_once() {
    let gate = Gate::new();
    let (desk, mut talk) = (&gate.desk, gate.talk());
    talk.send(desk, "POST /api/v1/check-ins", BODY);
    talk.send(desk, UNDO, r#"{"reason":"other"}"#)
        .refused(400, "remark_missing");
    talk.send(desk, UNDO, r#"{"reason":"wrong_person"}"#);
    assert_eq!(json(&talk.answer().body)["verdict"], "admitted");
    talk.send(desk, UNDO, r#"{"reason":"wrong_person"}"#)
        .refused(409, "undone_before");
    let unknown = "POST /api/v1/check-ins/01JD5Z3N8GQ4X6V7W8Y9Z0A1B9/undo";
    talk.send(desk, unknown, r#"{"reason":"test"}"#)
        .refused(404, "no_visit");
    let again = BODY.replace("<nonce>", "01JD5Z3N8GQ4X6V7W8Y9Z0A1B3");
    talk.send(desk, "POST /api/v1/check-ins", &again);
    assert_eq!(
        json(&talk.answer().body)["verdict"],
        "admitted",
        "it lets in again"
    );
}

#[test]
fn another_desk_undoes_only_as_a_supervisor() {
    let gate = Gate::new();
    let (house, desk, mut talk) = (&gate.house, &gate.desk, gate.talk());
    talk.send(desk, "POST /api/v1/check-ins", BODY);
    let (_, other) = house.device(DeviceAccess::Desk);
    talk.send(&other, UNDO, r#"{"reason":"test"}"#)
        .refused(403, "undo_window");
    let (_, supervisor) = house.device(DeviceAccess::Supervise);
    talk.send(&supervisor, UNDO, r#"{"reason":"test"}"#);
    assert_eq!(talk.answer().status, 200, "{}", talk.answer().body);
}

#[test]
fn a_device_checks_in_to_what_it_stands_for() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    let event = house.desk.event();
    talk.know("event", event)
        .know("code", house.desk.ticket(event));
    let body = r#"{"name":"Gerbang","kind":"desk","event":"<event>"}"#;
    talk.send(&admin, "POST /api/v1/devices", body)
        .keep("pair", "code");
    talk.send(
        &Key::Nobody,
        "POST /api/v1/devices/pair",
        r#"{"code":"<pair>"}"#,
    )
    .keep("token", "token");
    let token = json(&talk.answer().body)["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let body = format!(r#"{{"nonce":"{NONCE}","code":"<code>"}}"#);
    talk.send(&Key::Device(token), "POST /api/v1/check-ins", &body);
    let decision = json(&talk.answer().body);
    assert_eq!(decision["verdict"], "admitted", "{decision}");
    assert_eq!(decision["occasion"], format!("event:{event}"));
}

#[test]
fn one_picture_of_a_known_face_lets_in() {
    let house = House::new();
    let ayu = direction(&[1.0]);
    house.desk.enrolled("Ayu Lestari", &ayu);
    let (_, kiosk) = house.device(DeviceAccess::Scan);
    let staff = house.person(Role::Teacher);
    let head = format!("POST /api/v1/check-ins/face?nonce={NONCE}");
    let picture = house.desk.faces(vec![face(10.0, 120.0, Some(ayu))]);
    let answer = house.call(&kiosk, &head, &picture);
    let decision = json(&answer.body);
    assert_eq!(decision["verdict"], "admitted", "{decision}");
    assert_eq!(decision["means"], "face");
    assert_eq!(decision["liveness"], "not_measured");
    assert_eq!(decision["name"], "Ayu L.");
    let head = "POST /api/v1/check-ins/face?nonce=01JD5Z3N8GQ4X6V7W8Y9Z0A1B3";
    let stranger = house
        .desk
        .faces(vec![face(10.0, 120.0, Some(direction(&[0.0, 1.0])))]);
    let decision = json(&house.call(&staff, head, &stranger).body);
    assert_eq!(decision["reason"], "unknown_face", "{decision}");
    let nobody = house.desk.nobody();
    let head = "POST /api/v1/check-ins/face?nonce=01JD5Z3N8GQ4X6V7W8Y9Z0A1B4";
    let decision = json(&house.call(&kiosk, head, &nobody).body);
    assert_eq!(decision["reason"], "no_face", "only counted: {decision}");
    assert!(decision["sequence"].is_null());
    let answer = house.call(&kiosk, "POST /api/v1/check-ins/face", &nobody);
    assert_eq!(answer.status, 422, "without a nonce: {}", answer.body);
}
