//! One operation of the document: parameters, body, answers, refusals, who may call.

use crate::base::json::{Value, json};
use crate::base::limits;
use crate::domain::consent::ConsentPurpose;
use crate::http::request::Method;
use crate::http::route::{Access, Rate};
use crate::surface::api::entry::{Answer, Body, Entry, Form, MakeSchema, Param};
use crate::surface::document::curl;
use schemars::SchemaGenerator;
use std::collections::BTreeMap;

const ID: &str = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$";
const OCCASION: &str = "^(today|day:[0-9]{4}-[0-9]{2}-[0-9]{2}|event:[0-7][0-9A-HJKMNP-TV-Z]{25})$";

/// The operation of an entry; the schemas that it needs are added to the generator's.
pub fn operation(entry: &Entry, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": id(entry),
        "tags": [entry.group],
        "summary": entry.summary,
        "parameters": parameters(entry),
        "responses": responses(entry, generator),
        "security": security(entry.route.access),
        "x-codeSamples": [{"lang": "Shell", "label": "curl", "source": curl::example(entry)}],
    });
    let Some(fields) = operation.as_object_mut() else {
        return operation;
    };
    if !entry.right.is_empty() {
        fields.insert(
            "description".to_owned(),
            json!(format!("Needs the right `{}`.", entry.right)),
        );
    }
    let content = match entry.body {
        Body::Nothing => return operation,
        Body::Json(make, example) => {
            json!({"application/json": {"schema": schema(make, generator), "example": value(example)}})
        }
        Body::Bytes(kind) => json!({kind: {}}),
    };
    fields.insert(
        "requestBody".to_owned(),
        json!({"required": true, "content": content}),
    );
    operation
}

fn schema(make: MakeSchema, generator: &mut SchemaGenerator) -> Value {
    make(generator).to_value()
}

/// An example's text as a value.
fn value(example: &str) -> Value {
    crate::base::json::decode(example.as_bytes(), example.len()).unwrap_or_default()
}

/// `get_people_person`: method and path.
fn id(entry: &Entry) -> String {
    let path = entry.route.path.trim_start_matches("/api/v1");
    let words = path
        .split(['/', '{', '}', '-', '.'])
        .filter(|w| !w.is_empty());
    let words: Vec<&str> = words.collect();
    let method = entry.route.method.word().to_ascii_lowercase();
    format!("{method}_{}", words.join("_"))
}

fn parameters(entry: &Entry) -> Value {
    let in_path = entry.path_names().map(
        |name| json!({"name": name, "in": "path", "required": true, "schema": path_schema(name)}),
    );
    let in_query = entry.query.iter().map(|param| {
        json!({
            "name": param.name, "in": "query", "required": param.required,
            "description": param.about, "schema": form(param),
        })
    });
    in_path.chain(in_query).collect()
}

fn path_schema(name: &str) -> Value {
    match name {
        "purpose" => {
            let words: Vec<&str> = ConsentPurpose::ALL.iter().map(|p| p.code()).collect();
            json!({"type": "string", "enum": words})
        }
        "occasion" => json!({"type": "string", "pattern": OCCASION}),
        "token" => json!({"type": "string"}),
        _ => json!({"type": "string", "pattern": ID}),
    }
}

fn form(param: &Param) -> Value {
    match param.form {
        Form::Id => json!({"type": "string", "pattern": ID}),
        Form::Text(most) => json!({"type": "string", "maxLength": most}),
        Form::Letters => json!({
            "type": "string",
            "minLength": limits::SEARCH_LETTERS_MIN, "maxLength": limits::SEARCH_CHARS_MAX,
        }),
        Form::Count => json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}),
        Form::Number(most) => json!({"type": "integer", "minimum": 1, "maximum": most}),
        Form::Words(words) => json!({"type": "string", "enum": words}),
        Form::Occasion => json!({"type": "string", "pattern": OCCASION}),
    }
}

fn security(access: Access) -> Value {
    match access {
        Access::Open | Access::Public => json!([]),
        Access::Person => json!([{"session": []}]),
        Access::Device => json!([{"device": []}]),
        Access::Known => json!([{"session": []}, {"device": []}]),
    }
}

/// All refusals of an entry: its own, and those that follow from its form.
#[must_use]
pub fn refusals(entry: &Entry) -> BTreeMap<u16, Vec<&'static str>> {
    let route = &entry.route;
    let mut all: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    let mut add = |status, code| {
        let codes = all.entry(status).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    };
    for (status, code) in entry.refusals {
        add(*status, code);
    }
    match route.access {
        Access::Open | Access::Public => {}
        Access::Person => add(401, "unauthenticated"),
        Access::Device | Access::Known => {
            add(401, "unauthenticated");
            add(401, "device_revoked");
        }
    }
    if !entry.right.is_empty() {
        add(403, "forbidden");
    }
    if route.method != Method::Get {
        add(403, "wrong_origin");
    }
    if route.path.contains('{') {
        add(404, "missing");
    }
    match entry.body {
        Body::Nothing => {}
        Body::Json(..) => {
            add(400, "invalid");
            add(413, "too_large");
        }
        Body::Bytes("text/csv") => add(413, "too_large"),
        Body::Bytes(_) => {
            add(413, "too_large");
            add(422, "image_not_recognised");
            add(503, "face_engine_error");
        }
    }
    add(422, "unprocessable");
    if route.rate != Rate::Free {
        add(429, "rate_limited");
    }
    if route.access != Access::Open {
        add(503, "setup_required");
    }
    add(503, "busy");
    add(500, "internal");
    all
}

fn responses(entry: &Entry, generator: &mut SchemaGenerator) -> Value {
    let mut all = json!({});
    let Some(fields) = all.as_object_mut() else {
        return all;
    };
    let (status, answer) = match entry.answer {
        Answer::Nothing => (204, json!({"description": "Done."})),
        Answer::Json(status, make) => {
            let schema = schema(make, generator);
            let content = json!({"application/json": {"schema": schema}});
            (status, json!({"description": "Done.", "content": content}))
        }
        Answer::Bytes(kind) => {
            // What is no text has no schema (OpenAPI 3.1).
            let text = kind.starts_with("text/") || kind.ends_with("xml");
            let form = if text {
                json!({"schema": {"type": "string"}})
            } else {
                json!({})
            };
            let content = json!({kind: form});
            (200, json!({"description": "Done.", "content": content}))
        }
    };
    fields.insert(status.to_string(), answer);
    for (status, codes) in refusals(entry) {
        let refusal = json!({
            "description": codes.join(", "),
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        });
        fields.insert(status.to_string(), refusal);
    }
    all
}

/// The form of a refusal.
#[must_use]
pub fn problem() -> Value {
    json!({
        "type": "object",
        "description": "Why a request was refused.",
        "required": ["error"],
        "properties": {"error": {
            "type": "object",
            "required": ["code", "message", "request"],
            "properties": {
                "code": {"type": "string", "description": "Stable; for programs."},
                "message": {"type": "string", "description": "What is wrong and what to do."},
                "field": {"type": "string", "description": "The field or parameter that is wrong."},
                "request": {"type": "string", "pattern": ID, "description": "For the log."},
            },
        }},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::document::entries;

    #[test]
    fn parameters_have_the_form_that_the_handlers_check() {
        let table = [
            (Form::Id, json!({"type": "string", "pattern": ID})),
            (
                Form::Letters,
                json!({"type": "string", "minLength": 3, "maxLength": 64}),
            ),
            (
                Form::Count,
                json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}),
            ),
            (
                Form::Number(500),
                json!({"type": "integer", "minimum": 1, "maximum": 500}),
            ),
            (
                Form::Words(&["entry", "exit"]),
                json!({"type": "string", "enum": ["entry", "exit"]}),
            ),
        ];
        for (wanted, schema) in table {
            let param = Param {
                name: "x",
                about: "",
                required: false,
                form: wanted,
            };
            assert_eq!(form(&param), schema);
        }
    }

    #[test]
    fn each_operation_names_the_refusals_that_follow_from_its_form() {
        for entry in entries() {
            let (path, all) = (entry.route.path, refusals(&entry));
            let has = |status: u16, code: &str| all.get(&status).is_some_and(|c| c.contains(&code));
            let known = matches!(entry.route.access, Access::Open | Access::Public);
            assert_eq!(has(401, "unauthenticated"), !known, "{path}");
            let unsafe_method = entry.route.method != Method::Get;
            assert_eq!(has(403, "wrong_origin"), unsafe_method, "{path}");
            assert_eq!(has(403, "forbidden"), !entry.right.is_empty(), "{path}");
            let body = !matches!(entry.body, Body::Nothing);
            assert_eq!(has(413, "too_large"), body, "{path}");
            assert!(has(500, "internal") && has(503, "busy"), "{path}");
        }
    }

    #[test]
    fn pictures_have_no_schema_and_streams_are_text() {
        let mut generator = SchemaGenerator::default();
        for entry in entries() {
            let Answer::Bytes(kind) = entry.answer else {
                continue;
            };
            let answers = responses(&entry, &mut generator);
            let form = &answers["200"]["content"][kind];
            match kind {
                "text/event-stream" | "image/svg+xml" | "text/csv" => {
                    assert_eq!(form["schema"]["type"], "string", "{kind}");
                }
                _ => assert_eq!(*form, json!({}), "{kind}"),
            }
        }
    }
}
