//! The nonce on every operation that takes one: the same request gets the same decision and
//! counts once; other contents under it are refused.

use super::checkin::{BODY, Gate, NONCE};
use super::exchange::{Talk, json};
use super::house::Key;
use hadir::base::json::Value;
use hadir::domain::actor::DeviceAccess;
use hadir::surface::api::entry::Body;
use hadir::surface::document;

/// Each operation whose body has a nonce, a body for it, and other contents.
const BODIES: &[(&str, &str, &str)] = &[
    (
        "POST /api/v1/check-ins",
        r#"{"nonce":"<nonce>","occasion":"event:<event>","code":"<code>"}"#,
        r#"{"nonce":"<nonce>","occasion":"event:<event>","code":"OTHER-CODE"}"#,
    ),
    (
        "POST /api/v1/kiosk/code",
        r#"{"nonce":"<nonce>","code":"<code>"}"#,
        r#"{"nonce":"<nonce>","code":"OTHER-CODE"}"#,
    ),
    (
        "POST /api/v1/kiosk/number",
        r#"{"nonce":"<nonce>","number":"2026001"}"#,
        r#"{"nonce":"<nonce>","number":"2026002"}"#,
    ),
    (
        "POST /api/v1/desk/reports",
        r#"{"nonce":"<nonce>","instead_of":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B9","occasion":"event:<event>",
            "code":"<code>","happened_at_ms":1795226000000}"#,
        r#"{"nonce":"<nonce>","instead_of":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B9","occasion":"event:<event>",
            "code":"OTHER-CODE","happened_at_ms":1795226000000}"#,
    ),
    (
        "POST /api/v1/desk/walk-ins",
        r#"{"nonce":"<nonce>","occasion":"event:<event>","code":"JALAN-0001"}"#,
        r#"{"nonce":"<nonce>","occasion":"event:<event>","code":"JALAN-0002"}"#,
    ),
    (
        OVERRIDES,
        r#"{"nonce":"<nonce>","instead_of":"<already>","remark":"A bag in the car"}"#,
        r#"{"nonce":"<nonce>","instead_of":"<already>","remark":"Another reason"}"#,
    ),
];

const OVERRIDES: &str = "POST /api/v1/desk/overrides";

/// What has to be there before: of a ticket that was used, a second decision.
fn prepare(gate: &Gate, head: &str, talk: &mut Talk<'_>) {
    let already = "01JD5Z3N8GQ4X6V7W8Y9Z0A1B8";
    talk.know("already", already);
    if head == OVERRIDES {
        for nonce in ["01JD5Z3N8GQ4X6V7W8Y9Z0A1B7", already] {
            let body = BODY.replace("<nonce>", nonce);
            answer(talk, &gate.desk, "POST /api/v1/check-ins", &body);
        }
    }
}

fn key(gate: &Gate, head: &str) -> Key {
    match head {
        _ if head.contains("/kiosk/") => gate.house.device(DeviceAccess::Scan).1,
        "POST /api/v1/desk/walk-ins" | OVERRIDES => gate.house.admin(),
        _ => gate.desk.clone(),
    }
}

fn answer(talk: &mut Talk<'_>, key: &Key, head: &str, body: &str) -> Value {
    talk.send(key, head, body);
    assert_eq!(talk.answer().status, 200, "{head}: {}", talk.answer().body);
    json(&talk.answer().body)
}

fn kept(gate: &Gate) -> usize {
    let mut all = 0;
    let mut talk = gate.talk();
    for occasion in ["today", "event:<event>"] {
        let head = format!("GET /api/v1/check-ins?occasion={occasion}");
        talk.send(&gate.desk, &head, "");
        let page = json(&talk.answer().body);
        all += page["items"].as_array().expect("items").len();
    }
    all
}

#[test]
fn a_repetition_gets_the_same_decision_and_counts_once_on_every_operation() {
    for (head, body, other) in BODIES {
        let gate = Gate::new();
        let (key, mut talk) = (key(&gate, head), gate.talk());
        prepare(&gate, head, &mut talk);
        let before = kept(&gate);
        let first = answer(&mut talk, &key, head, body);
        assert_eq!(first["nonce"], NONCE, "{head}");
        gate.house.desk.clock.advance(60_000);
        assert_eq!(answer(&mut talk, &key, head, body), first, "{head}");
        assert_eq!(kept(&gate), before + 1, "{head}");
        talk.send(&key, head, other);
        let refused = talk.answer();
        assert_eq!(refused.status, 409, "{head}: {}", refused.body);
        assert_eq!(
            json(&refused.body)["error"]["code"],
            "nonce_reused",
            "{head}"
        );
        assert_eq!(kept(&gate), before + 1, "{head}");
    }
}

#[test]
fn every_operation_with_a_nonce_is_here() {
    for entry in document::entries() {
        let head = format!("{} {}", entry.route.method.word(), entry.route.path);
        let Body::Json(_, example) = entry.body else {
            continue;
        };
        let takes = json(example).get("nonce").is_some();
        let here = BODIES.iter().any(|(name, ..)| *name == head);
        assert_eq!(takes, here, "{head}");
    }
}
