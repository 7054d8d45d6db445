//! What bad bodies get, on every route that takes JSON: the place or the field is named, nothing
//! falls over.

use super::exchange::json;
use super::house::{House, Key};
use hadir::base::json::Value;
use hadir::base::limits;
use hadir::surface::api::entry::{Body, Entry};
use hadir::surface::document;

/// The routes with JSON bodies, each with a head that names things that do not exist.
fn routes() -> Vec<(String, &'static str)> {
    let with_body = |entry: Entry| {
        let Body::Json(_, example) = entry.body else {
            return None;
        };
        let mut path = entry.route.path.to_owned();
        for name in entry.path_names() {
            path = path.replace(&format!("{{{name}}}"), "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2");
        }
        Some((format!("{} {path}", entry.route.method.word()), example))
    };
    document::entries()
        .into_iter()
        .filter_map(with_body)
        .collect()
}

/// Sends a body to every route as the administrator, who is nobody on routes for strangers.
fn each(body: impl Fn(&str) -> Vec<u8>, check: impl Fn(&str, u16, &Value)) {
    let house = House::new();
    let admin = house.admin();
    for (head, example) in routes() {
        let public = head.ends_with("/session") || head.ends_with("/pair");
        let key = if public { &Key::Nobody } else { &admin };
        let answer = house.call(key, &head, &body(example));
        if answer.status != 429 {
            check(&head, answer.status, &json(&answer.body)["error"]);
        }
    }
}

#[test]
fn a_field_that_is_not_known_is_named() {
    let with_more = |example: &str| {
        let more = if example == "{}" { "" } else { "," };
        let open = example.trim_end_matches('}');
        format!("{open}{more}\"surprise\":1}}").into_bytes()
    };
    // Examples that end in an object inside of an object would be cut wrongly.
    assert!(routes().iter().all(|(_, example)| !example.ends_with("}}")));
    each(with_more, |head, status, error| {
        assert_eq!(status, 422, "{head}: {error}");
        assert_eq!(error["field"], "surprise", "{head}");
    });
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    for body in ["null", "7", "\"text\"", "true", "[[]]"] {
        each(
            |_| body.as_bytes().to_vec(),
            |head, status, error| {
                assert_eq!(status, 422, "{head} {body}: {error}");
                assert!(error["field"].is_string(), "{head} {body}: {error}");
            },
        );
    }
}

#[test]
fn text_that_is_no_json_is_refused_with_its_place() {
    for (body, told) in [
        (&b""[..], "line 1"),
        (b"{", "line 1"),
        (b"{\"a", "line 1"),
        (b"name=Budi", "line 1"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"{\"name\":\"\xc3\x28\"}", "UTF-8"),
    ] {
        each(
            |_| body.to_vec(),
            |head, status, error| {
                assert_eq!(status, 400, "{head} {body:?}: {error}");
                let message = error["message"].as_str().expect("a message");
                assert!(message.contains(told), "{head} {body:?}: {message}");
            },
        );
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    each(
        |_| deep.clone().into_bytes(),
        |head, status, error| {
            assert_eq!(status, 400, "{head}: {error}");
            let message = error["message"].as_str().expect("a message");
            assert!(message.contains("deeper"), "{head}: {message}");
        },
    );
}

#[test]
fn a_value_of_the_wrong_type_is_named() {
    let house = House::new();
    let admin = house.admin();
    for (head, example) in routes() {
        if head.ends_with("/session") || head.ends_with("/pair") {
            continue;
        }
        let Value::Object(fields) = json(example) else {
            panic!("{example}")
        };
        for name in fields.keys() {
            let mut wrong = fields.clone();
            wrong.insert(name.clone(), json(r#"{"not":["this"]}"#));
            let body = Value::Object(wrong).to_string();
            let answer = house.call(&admin, &head, body.as_bytes());
            assert_eq!(answer.status, 422, "{head} {name}: {}", answer.body);
            assert_eq!(json(&answer.body)["error"]["field"], *name, "{head}");
        }
    }
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
