//! The document of the interface, made from the same entries as the server's routes: OpenAPI 3.1
//! at `/api/v1/openapi.json` and from `hadir openapi`, and a page to read it at `/api/docs`.

pub mod curl;
pub mod operation;
pub mod viewer;

use crate::base::json::{Value, json};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Method, Request};
use crate::http::route::{Access, Lane, Rate, Route};
use crate::surface::api;
use crate::surface::api::entry::Entry;
use crate::surface::desk;
use crate::surface::kiosk;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::enrol;
use crate::surface::session;
use schemars::generate::SchemaSettings;

/// The routes of the document itself.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let route = |path, handle| Route {
        method: Method::Get,
        path,
        access: Access::Public,
        lane: Lane::Ordinary,
        rate: Rate::General,
        body_bytes_max: 0,
        handle,
    };
    vec![
        route("/api/v1/openapi.json", give),
        route("/api/docs", viewer::show),
    ]
}

/// All entries of the interface, in the order of their groups.
#[must_use]
pub fn entries() -> Vec<Entry> {
    [
        api::entries(),
        enrol::entries(),
        kiosk::entries::entries(),
        desk::entries(),
    ]
    .concat()
}

fn give(_: &Native, _: &Caller, _: Request) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &openapi()))
}

/// The OpenAPI 3.1 document.
#[must_use]
pub fn openapi() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let entries = entries();
    let mut paths = json!({});
    for entry in &entries {
        let operation = operation::operation(entry, &mut generator);
        let method = entry.route.method.word().to_ascii_lowercase();
        if let Some(all) = paths.as_object_mut() {
            let path = all.entry(entry.route.path).or_insert_with(|| json!({}));
            if let Some(path) = path.as_object_mut() {
                path.insert(method, operation);
            }
        }
    }
    let mut schemas = Value::Object(generator.take_definitions(true));
    if let Some(all) = schemas.as_object_mut() {
        all.insert("Problem".to_owned(), operation::problem());
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "hadir",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The interface of the check-in box.",
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": groups(&entries).iter().map(|g| json!({"name": g})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {
                    "type": "apiKey", "in": "cookie", "name": session::PERSON,
                    "description": "A person who signed in. Unsafe methods need an `Origin` \
                        header with the box's own origin.",
                },
                "device": {
                    "type": "http", "scheme": "bearer",
                    "description": "The token of a paired device.",
                },
            },
        },
    })
}

const ABOUT: &str = "Bodies are JSON; a field that is not described is refused. Ids have 26 \
    characters, times are milliseconds since 1970 in fields ending in `_ms`. Lists have `items` \
    and `next`, the cursor for `after`. A refusal is `{\"error\": {\"code\", \"message\", \
    \"field\"?, \"request\"}}`; codes are stable. Check-ins carry a `nonce`: the same request with \
    the same nonce gets the same decision, for ever.";

/// The groups, each once, in the order of the entries.
#[must_use]
pub fn groups(entries: &[Entry]) -> Vec<&'static str> {
    let mut groups = Vec::new();
    for entry in entries {
        if !groups.contains(&entry.group) {
            groups.push(entry.group);
        }
    }
    groups
}
