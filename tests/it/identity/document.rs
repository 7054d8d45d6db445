//! The document of the surface against what is served.

use super::house::House;
use crate::support::boxed::TestBox;
use hadir::base::json::Value;
use hadir::http::request::Method;
use hadir::surface::identity::{MOUNT, PATHS, document, mounted, routes};
use std::collections::BTreeSet;

#[test]
fn the_document_the_table_and_the_mount_are_one() {
    let named = |method: Method, path: &str| format!("{} {path}", method.word());
    let table: BTreeSet<String> = PATHS.iter().map(|(m, p)| named(*m, p)).collect();
    let own: BTreeSet<String> = routes().iter().map(|r| named(r.method, r.path)).collect();
    let below: BTreeSet<String> = (mounted().iter())
        .map(|r| {
            named(
                r.method,
                r.path.strip_prefix(MOUNT).expect("below the mount"),
            )
        })
        .collect();
    let mut described = BTreeSet::new();
    for (path, methods) in document()["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    assert_eq!((&own, &below, &described), (&table, &table, &table));
}

#[test]
fn every_described_body_is_what_the_handler_wants() {
    let house = House::new();
    let document = document();
    for (method, path) in PATHS.iter().filter(|(m, _)| *m == Method::Post) {
        let operation = &document["paths"][*path][method.word().to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let required: Vec<&str> = schema["required"]
            .as_array()
            .expect("fields")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let answer = house.send(&format!("POST {path}"), "", "{}");
        assert_eq!(answer.status, 422, "{path}");
        let missing: Vec<String> = answer.json()["detail"]
            .as_array()
            .expect("entries")
            .iter()
            .map(|item| item["loc"][1].as_str().expect("a field").to_owned())
            .collect();
        assert_eq!(missing, required, "{path}");
    }
}

#[test]
fn the_command_prints_the_document_of_each_surface() {
    let subject = TestBox::new("");
    let own = subject.json(&["openapi"]);
    assert!(own["paths"]["/api/v1/session"].is_object());
    let identity = subject.json(&["openapi", "--surface", "identity"]);
    assert_eq!(identity, document());
    let (status, told) = subject.refused(&["openapi", "--surface", "chat"]);
    assert_eq!(status, Some(64), "{told}");
}
