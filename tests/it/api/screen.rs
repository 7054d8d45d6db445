//! What screens ask for over the interface: each answer has the form of the document.

use super::checkin::{Gate, NONCE};
use super::exchange::json;
use super::house::House;
use crate::support::desk::{direction, face};
use hadir::base::json::Value;
use hadir::domain::actor::DeviceAccess;
use hadir::surface::document;

/// The fields of a schema of the document, and its others.
fn schema(name: &str) -> Value {
    document::openapi()["components"]["schemas"][name].clone()
}

/// Whether an object has exactly the fields of a schema, and each of its objects too.
fn fits(name: &str, got: &Value) {
    let schema = schema(name);
    let known = schema["properties"].as_object().expect("properties");
    let got = got.as_object().unwrap_or_else(|| panic!("{name}: {got}"));
    for (field, value) in got {
        let form = known
            .get(field)
            .unwrap_or_else(|| panic!("{name}.{field} is not described"));
        let inner = refers(form);
        match (inner, value) {
            (Some(inner), Value::Object(_)) => fits(&inner, value),
            (Some(inner), Value::Array(items)) => items.iter().for_each(|i| fits(&inner, i)),
            (_, _) => {}
        }
    }
    for field in known.keys() {
        assert!(got.contains_key(field), "{name}.{field} is not there");
    }
}

/// The schema of objects to which a field's form refers.
fn refers(form: &Value) -> Option<String> {
    let direct = form["$ref"]
        .as_str()
        .or_else(|| form["items"]["$ref"].as_str());
    let any = form["anyOf"]
        .as_array()
        .and_then(|all| all.iter().find_map(|f| f["$ref"].as_str()));
    let name = direct.or(any)?.rsplit('/').next()?.to_owned();
    schema(&name)["properties"].is_object().then_some(name)
}

#[test]
fn a_screen_is_told_how_it_is_to_be() {
    let house = House::new();
    let (_, screen) = house.device(DeviceAccess::Scan);
    let state = house.call(&screen, "GET /api/v1/kiosk/state", b"").json();
    fits("ScreenState", &state);
    assert_eq!(
        (&state["open"], &state["help"]),
        (&true.into(), &false.into())
    );
    let help = house.call(&screen, "POST /api/v1/kiosk/help", b"");
    assert_eq!((help.status, help.body.as_str()), (204, ""));
    let beat = br#"{"screen":"idle","frame_age_ms":40,"memory_bytes":5000000}"#;
    let state = house
        .call(&screen, "POST /api/v1/kiosk/heartbeat", beat)
        .json();
    fits("ScreenState", &state);
    assert_eq!(state["help"], true);
    let wrong = br#"{"screen":"Not A Word"}"#;
    let answer = house.call(&screen, "POST /api/v1/kiosk/heartbeat", wrong);
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert_eq!(answer.json()["error"]["field"], "screen");
    let preview = house.call(&screen, "GET /api/v1/kiosk/preview", b"");
    assert_eq!(preview.status, 404, "the box has no camera");
}

#[test]
fn a_screen_is_told_what_was_decided() {
    let gate = Gate::new();
    let (house, mut talk) = (&gate.house, gate.talk());
    let (_, screen) = house.device(DeviceAccess::Scan);
    talk.send(
        &screen,
        "POST /api/v1/kiosk/code",
        r#"{"nonce":"<nonce>","code":"<code>"}"#,
    );
    let decision = json(&talk.answer().body);
    fits("ScreenDecision", &decision);
    assert_eq!(
        (&decision["nonce"], &decision["verdict"]),
        (&NONCE.into(), &"admitted".into())
    );
    let number = r#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B7","number":"77"}"#;
    talk.send(&screen, "POST /api/v1/kiosk/number", number);
    fits("ScreenDecision", &json(&talk.answer().body));
    let long = format!(r#"{{"nonce":"<nonce>","number":"{}"}}"#, "7".repeat(33));
    talk.send(&screen, "POST /api/v1/kiosk/number", &long)
        .refused(422, "unprocessable");
}

#[test]
fn a_screen_is_told_what_its_picture_showed() {
    let house = House::new();
    let (_, screen) = house.device(DeviceAccess::Scan);
    let head = "POST /api/v1/kiosk/frame";
    let picture = house
        .desk
        .faces(vec![face(10.0, 120.0, Some(direction(&[1.0])))]);
    for picture in [picture, house.desk.nobody()] {
        let look = house.call(&screen, head, &picture).json();
        fits("ScreenLook", &look);
        assert_eq!(look["skipped"], false, "{look}");
    }
}
