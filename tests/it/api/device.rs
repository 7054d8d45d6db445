//! Devices: offered, paired, listed, revoked.

use super::exchange::{Talk, json};
use super::house::{House, Key};
use hadir::domain::actor::DeviceAccess;

#[test]
fn a_device_from_its_code_to_its_end() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    let body = r#"{"name":"Gerbang utara","kind":"kiosk","gate":"utara"}"#;
    talk.send(&admin, "POST /api/v1/devices", body)
        .keep("device", "device")
        .keep("code", "code")
        .gets(201, r#"{"device":"<device>","code":"<code>"}"#);
    let row = r#"{"id":"<device>","name":"Gerbang utara","kind":"kiosk","access":"scan",
        "gate":"utara","event":null,"direction":"entry","paired_at_ms":null,
        "offered_until_ms":1795227000000,"revoked":false,"online":false}"#;
    talk.send(&admin, "GET /api/v1/devices", "")
        .gets(200, &format!(r#"{{"items":[{row}],"next":null}}"#));
    let entered = r#"{"code":"<code>"}"#;
    talk.send(&Key::Nobody, "POST /api/v1/devices/pair", entered)
        .gets(201, r#"{"device":"<device>","token":"<text>"}"#);
    let cookie = talk
        .answer()
        .header("set-cookie")
        .expect("a cookie")
        .to_owned();
    let token = json(&talk.answer().body)["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert!(token.starts_with("hdrd_"));
    assert!(
        cookie.starts_with(&format!("hadir_device={token};")),
        "the cookie is the token"
    );
    talk.send(&Key::Nobody, "POST /api/v1/devices/pair", entered)
        .refused(401, "wrong_code");
    let kiosk = Key::Device(token.clone());
    talk.send(&kiosk, "GET /api/v1/session", "").gets(
        200,
        r#"{"person":null,"role":null,"supervise":false,"device":"<device>",
            "device_access":"scan","language":"id"}"#,
    );
    let lines = format!("cookie: hadir_device={token}\r\n");
    let by_cookie = house.send("GET /api/v1/session", &lines, b"");
    assert_eq!(by_cookie.status, 200, "{}", by_cookie.body);
    talk.send(&admin, "DELETE /api/v1/devices/<device>", "")
        .gets(204, "");
    talk.send(&kiosk, "GET /api/v1/session", "")
        .refused(401, "device_revoked");
    talk.send(&admin, "DELETE /api/v1/devices/<device>", "")
        .refused(404, "no_device");
}

#[test]
fn guessing_codes_ends_soon() {
    let house = House::new();
    let mut talk = Talk::new(&house);
    let mut last = 0;
    for _ in 0..8 {
        talk.send(
            &Key::Nobody,
            "POST /api/v1/devices/pair",
            r#"{"code":"00000000"}"#,
        );
        last = talk.answer().status;
        assert!([401, 429].contains(&last), "{}", talk.answer().body);
    }
    assert_eq!(last, 429);
    assert!(talk.answer().header("retry-after").is_some());
}

#[test]
fn a_person_on_a_paired_device_is_the_person_and_the_device_is_known() {
    let house = House::new();
    let (id, Key::Device(device)) = house.device(DeviceAccess::Scan) else {
        panic!("a device")
    };
    let Key::Session(person) = house.admin() else {
        panic!("a session")
    };
    let lines = format!("cookie: hadir_device={device}; hadir_native={person}\r\n");
    let me = house.send("GET /api/v1/session", &lines, b"").json();
    assert_eq!(me["role"], "admin");
    assert_eq!(me["device"], id.to_string());
}

#[test]
fn a_screen_is_online_while_it_gives_signs_of_life() {
    let house = House::new();
    let admin = house.admin();
    let (id, screen) = house.device(DeviceAccess::Scan);
    house.device(DeviceAccess::Desk);
    let online = || {
        let page = house.call(&admin, "GET /api/v1/devices", b"").json();
        let items = page["items"].as_array().expect("items").clone();
        let on = items.iter().filter(|d| d["online"] == true);
        on.map(|d| d["id"].as_str().expect("an id").to_owned())
            .collect::<Vec<_>>()
    };
    assert!(online().is_empty());
    let beat = br#"{"screen":"idle"}"#;
    let answer = house.call(&screen, "POST /api/v1/kiosk/heartbeat", beat);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(online(), [id.to_string()]);
    house.desk.clock.advance(30_000);
    assert!(online().is_empty(), "it is silent");
    house.call(&screen, "POST /api/v1/kiosk/heartbeat", beat);
    let head = format!("DELETE /api/v1/devices/{id}");
    assert_eq!(house.call(&admin, &head, b"").status, 204);
    assert!(online().is_empty(), "it is revoked");
}

/// The second call of a device is let in from memory: nothing about it is different, and it ends
/// with the device.
#[test]
fn a_device_that_called_lately_is_held_to_the_same_rules() {
    let house = House::new();
    let (admin, (id, desk)) = (house.admin(), house.device(DeviceAccess::Desk));
    let Key::Device(token) = &desk else {
        panic!("a device")
    };
    let mut talk = Talk::new(&house);
    let check_in = |n: u32| {
        format!(r#"{{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1{n:02}","code":"7K3M9QXW2P4R8T6V5YAB"}}"#)
    };
    let mut answers = Vec::new();
    for n in 0..2 {
        talk.send(&desk, "POST /api/v1/check-ins", &check_in(n));
        let answer = json(&talk.answer().body);
        assert_eq!(talk.answer().status, 200, "{answer}");
        answers.push((answer["verdict"].clone(), answer["reason"].clone()));
    }
    assert_eq!(answers[0], answers[1]);
    let elsewhere = format!("cookie: hadir_device={token}\r\norigin: http://evil.example\r\n");
    let body = check_in(2);
    let foreign = house.send("POST /api/v1/check-ins", &elsewhere, body.as_bytes());
    assert_eq!(foreign.status, 403, "{}", foreign.body);
    talk.send(&desk, "POST /api/v1/check-ins", r#"{"nonce":"no id"}"#);
    assert_eq!(talk.answer().status, 422);
    talk.send(&admin, &format!("DELETE /api/v1/devices/{id}"), "")
        .gets(204, "");
    talk.send(&desk, "POST /api/v1/check-ins", &check_in(3))
        .refused(401, "device_revoked");
}

/// However often it calls: the limits count it also when it is let in from memory.
#[test]
fn a_device_that_called_lately_is_counted() {
    let house = House::new();
    let (_, desk) = house.device(DeviceAccess::Desk);
    let body = br#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","code":"7K3M9QXW2P4R8T6V5YAB"}"#;
    let mut calls = 0;
    let refused = loop {
        let answer = house.call(&desk, "POST /api/v1/check-ins", body);
        calls += 1;
        if answer.status != 200 || calls > 10_000 {
            break answer;
        }
    };
    assert_eq!(refused.status, 429, "after {calls} calls");
}
