//! The document against the routes: complete, whole in itself, true in its examples.

use super::exchange::json;
use super::house::{House, Key};
use hadir::base::json::Value;
use hadir::http::route::Route;
use hadir::surface::document;
use hadir::surface::native::Native;
use std::collections::BTreeSet;

/// All `$ref` below a value.
fn refs(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(to)) = fields.get("$ref") {
                found.insert(to.clone());
            }
            fields.values().for_each(|v| refs(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| refs(v, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Routes below `/api` that tell of the interface and are no part of it.
const ABOUT: [&str; 2] = ["GET /api/docs", "GET /api/v1/openapi.json"];

#[test]
fn the_document_and_the_table_of_routes_are_one() {
    let name = |route: &Route<Native>| format!("{} {}", route.method.word(), route.path);
    let described: BTreeSet<String> = document::entries().iter().map(|e| name(&e.route)).collect();
    let served = Native::routes()
        .into_iter()
        .filter(|r| r.path.starts_with("/api"));
    let mut served: BTreeSet<String> = served.map(|r| name(&r)).collect();
    for about in ABOUT {
        assert!(served.remove(about), "{about} is gone");
    }
    assert_eq!(described, served);
    let openapi = document::openapi();
    for entry in document::entries() {
        let method = entry.route.method.word().to_lowercase();
        let operation = &openapi["paths"][entry.route.path][method];
        assert_eq!(
            operation["summary"],
            entry.summary,
            "{}",
            name(&entry.route)
        );
    }
}

#[test]
fn the_document_is_whole() {
    let openapi = document::openapi();
    assert_eq!(openapi["openapi"], "3.1.0");
    let mut found = BTreeSet::new();
    refs(&openapi, &mut found);
    assert!(found.contains("#/components/schemas/Problem"));
    for to in &found {
        let name = to.strip_prefix("#/components/schemas/").expect("a schema");
        let schema = &openapi["components"]["schemas"][name];
        assert!(schema.is_object(), "{to} is not there");
    }
    let mut ids = BTreeSet::new();
    for (path, methods) in openapi["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{id} twice");
            let summary = operation["summary"].as_str().expect("a summary");
            assert!(
                summary.ends_with('.') && summary.len() > 8,
                "{method} {path}"
            );
            let curl = operation["x-codeSamples"][0]["source"].as_str();
            assert!(
                curl.is_some_and(|c| c.starts_with("curl ")),
                "{method} {path}"
            );
            assert!(!operation["tags"][0].as_str().expect("a group").is_empty());
            let answers = operation["responses"].as_object().expect("answers");
            assert!(
                answers.keys().any(|s| s.starts_with('2')),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn the_document_is_served_and_readable() {
    let house = House::new();
    let served = house.call(&Key::Nobody, "GET /api/v1/openapi.json", b"");
    assert_eq!(served.status, 200);
    assert_eq!(json(&served.body), document::openapi());
    let page = house.call(&Key::Nobody, "GET /api/docs", b"");
    assert_eq!(page.status, 200);
    for entry in document::entries() {
        let line = format!("{} {}", entry.route.method.word(), entry.route.path);
        assert!(page.body.contains(&line), "{line}");
    }
    for outside in ["src=\"http", "href=\"http", "@import", "url(http"] {
        assert!(
            !page.body.contains(outside),
            "the page asks another host: {outside}"
        );
    }
}

/// Each field of an example is one of its schema, and what the schema requires is there.
#[test]
fn examples_have_the_form_that_they_show() {
    let openapi = document::openapi();
    for (path, methods) in openapi["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let content = &operation["requestBody"]["content"]["application/json"];
            let Some(example) = content["example"].as_object() else {
                continue;
            };
            let to = content["schema"]["$ref"].as_str().expect("a schema");
            let name = to.rsplit('/').next().expect("a name");
            let schema = &openapi["components"]["schemas"][name];
            assert_eq!(schema["additionalProperties"], false, "{method} {path}");
            for field in example.keys() {
                let known = schema["properties"].get(field).is_some();
                assert!(known, "{method} {path}: {field}");
            }
            for field in schema["required"].as_array().into_iter().flatten() {
                let field = field.as_str().expect("a name");
                assert!(example.contains_key(field), "{method} {path}: {field}");
            }
        }
    }
}

#[test]
fn the_page_in_docs_lists_every_route() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(top.join("docs/api.md")).expect("docs/api.md");
    for entry in document::entries() {
        let line = format!(
            "| `{} {}` | {} |",
            entry.route.method.word(),
            entry.route.path,
            entry.summary
        );
        assert!(page.contains(&line), "{line}");
    }
}
