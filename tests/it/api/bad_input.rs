//! What bad bodies get, on every route that takes JSON: the place or the field is named, nothing
//! falls over.

use super::exchange::json;
use super::house::{House, Key};
use hadir::base::json::Value;
use hadir::base::limits;
use hadir::domain::actor::DeviceAccess;
use hadir::http::route::Access;
use hadir::surface::api::entry::{Body, Entry};
use hadir::surface::document;

/// An operation of the document that takes a JSON body, asked about things that do not exist.
struct Operation {
    head: String,
    access: Access,
    example: &'static str,
    bytes_max: usize,
}

fn operations() -> Vec<Operation> {
    let with_body = |entry: Entry| {
        let Body::Json(_, example) = entry.body else {
            return None;
        };
        let mut path = entry.route.path.to_owned();
        for name in entry.path_names() {
            path = path.replace(&format!("{{{name}}}"), "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2");
        }
        Some(Operation {
            head: format!("{} {path}", entry.route.method.word()),
            access: entry.route.access,
            example,
            bytes_max: entry.route.body_bytes_max,
        })
    };
    let all: Vec<Operation> = document::entries()
        .into_iter()
        .filter_map(with_body)
        .collect();
    assert!(all.len() >= 20, "{} operations take a body", all.len());
    all
}

/// Sends bodies to every operation as whoever may call it: the administrator, a screen, or
/// nobody where anybody may.
fn each<B: AsRef<[u8]>>(
    bodies: impl Fn(&Operation) -> Vec<(String, B)>,
    check: impl Fn(&str, u16, &Value),
) {
    let house = House::unlimited();
    let (admin, (_, screen)) = (house.admin(), house.device(DeviceAccess::Scan));
    // Behind the PIN there is a menu.
    let pin = br#"{"kiosk_pin":"2468"}"#;
    house.call(&admin, "PATCH /api/v1/settings", pin);
    let opened = house.call(&screen, "POST /api/v1/kiosk/escape", br#"{"pin":"2468"}"#);
    assert_eq!(opened.status, 204, "{}", opened.body);
    for operation in operations() {
        let key = match operation.access {
            Access::Open | Access::Public => &Key::Nobody,
            Access::Device => &screen,
            Access::Known | Access::Person => &admin,
        };
        for (what, body) in bodies(&operation) {
            let answer = house.call(key, &operation.head, body.as_ref());
            let told = format!("{} {what}: {}", operation.head, answer.body);
            check(&told, answer.status, &json(&answer.body)["error"]);
        }
    }
}

fn fields(example: &str) -> serde_json::Map<String, Value> {
    match json(example) {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            panic!("{example} is no object")
        }
    }
}

#[test]
fn a_field_that_is_not_known_is_named() {
    let more = |operation: &Operation| {
        let mut fields = fields(operation.example);
        fields.insert("surprise".to_owned(), 1.into());
        vec![(String::new(), Value::Object(fields).to_string())]
    };
    each(more, |told, status, error| {
        assert_eq!(status, 422, "{told}");
        assert_eq!(error["field"], "surprise", "{told}");
    });
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    // A list of as many values as there are fields is none, either.
    let others = |operation: &Operation| {
        let values: Vec<Value> = fields(operation.example).into_values().collect();
        let list = Value::Array(values).to_string();
        let others = ["null", "7", "\"text\"", "true", "[]", "[[]]", "[null,null]"];
        let others = others.map(str::to_owned).into_iter().chain([list]);
        others.map(|body| (body.clone(), body)).collect()
    };
    each(others, |told, status, error| {
        assert_eq!(status, 422, "{told}");
        assert!(error["field"].is_string(), "{told}");
    });
}

#[test]
fn text_that_is_no_json_is_refused_with_its_place() {
    for (body, place) in [
        (&b""[..], "line 1"),
        (b"{", "line 1"),
        (b"{\"a", "line 1"),
        (b"name=Budi", "line 1"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"{\"name\":\"\xc3\x28\"}", "UTF-8"),
    ] {
        let same = |_: &Operation| vec![(format!("{body:?}"), body)];
        each(same, |told, status, error| {
            assert_eq!(status, 400, "{told}");
            let message = error["message"].as_str().expect("a message");
            assert!(message.contains(place), "{told}");
        });
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |operation: &Operation| {
        let levels = (operation.bytes_max / 2 - 1).min(10_000);
        let body = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        vec![(format!("{levels} levels"), body)]
    };
    each(deep, |told, status, error| {
        assert_eq!(status, 400, "{told}");
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains("deeper"), "{told}");
    });
}

#[test]
fn a_value_of_the_wrong_type_is_named() {
    // The name of the field goes along in what is told.
    let wrong = |operation: &Operation| {
        let all = fields(operation.example);
        let change = |name: &String| {
            let mut wrong = all.clone();
            wrong.insert(name.clone(), json(r#"{"not":["this"]}"#));
            (format!("<{name}>"), Value::Object(wrong).to_string())
        };
        all.keys().map(change).collect()
    };
    each(wrong, |told, status, error| {
        assert_eq!(status, 422, "{told}");
        let field = error["field"].as_str().expect("a field");
        assert!(told.contains(&format!("<{field}>")), "{told}");
    });
}

#[test]
fn a_body_that_is_too_long_is_refused_before_it_is_read() {
    let house = House::new();
    let admin = house.admin();
    let long = vec![b' '; limits::JSON_BODY_BYTES_MAX + 1];
    let answer = house.call(&admin, "POST /api/v1/people", &long);
    assert_eq!(answer.status, 413, "{}", answer.body);
    let answer = house.call(&admin, "POST /api/v1/people/x/disable", b"{}");
    assert!([404, 413].contains(&answer.status), "{}", answer.body);
}

#[test]
fn an_id_that_is_none_names_nothing() {
    let house = House::new();
    let admin = house.admin();
    for id in ["x", "01JD5Z3N8GQ4X6V7W8Y9Z0A1BU", "%00", "..%2f..", "%ff"] {
        let answer = house.call(&admin, &format!("GET /api/v1/people/{id}"), b"");
        assert!([400, 404].contains(&answer.status), "{id}: {}", answer.body);
    }
}

#[test]
fn texts_with_hidden_characters_are_refused() {
    let house = House::new();
    let admin = house.admin();
    for name in ["a\\u0000b", "a\\u202eb", "a\\u200bb", "", "   "] {
        let body = format!("{{\"name\":\"{name}\"}}");
        let answer = house.call(&admin, "POST /api/v1/people", body.as_bytes());
        assert_eq!(answer.status, 422, "{name}: {}", answer.body);
        assert_eq!(json(&answer.body)["error"]["field"], "name");
    }
}
