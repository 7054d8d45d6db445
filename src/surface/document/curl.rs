//! An example of each route for the command line.

use crate::http::request::Method;
use crate::http::route::Access;
use crate::surface::api::entry::{Body, Entry, Form};

/// Where the examples find the box: the development default.
const BOX: &str = "http://127.0.0.1:8080";

/// An id for examples.
const ID: &str = "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2";

/// A call of curl that the box understands, with ids to be replaced.
#[must_use]
pub fn example(entry: &Entry) -> String {
    let route = &entry.route;
    let mut words = vec!["curl".to_owned()];
    if route.method != Method::Get {
        words.push(format!("-X {}", route.method.word()));
    }
    words.push(format!("'{BOX}{}{}'", path(entry), query(entry)));
    let unsafe_method = !route.method.is_safe();
    match route.access {
        Access::Open | Access::Public if route.path == "/api/v1/session" => {
            words.push("-c cookies.txt".to_owned());
        }
        Access::Open | Access::Public => {}
        Access::Person => {
            words.push("-b cookies.txt".to_owned());
            if unsafe_method {
                words.push(format!("-H 'Origin: {BOX}'"));
            }
        }
        Access::Device | Access::Known => {
            words.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
        }
    }
    match entry.body {
        Body::Nothing => {}
        Body::Json(_, example) => {
            words.push("-H 'Content-Type: application/json'".to_owned());
            words.push(format!("-d '{example}'"));
        }
        Body::Bytes(kind) => {
            words.push(format!("-H 'Content-Type: {kind}'"));
            let file = match kind {
                "text/csv" => "people.csv",
                _ => "picture.jpg",
            };
            words.push(format!("--data-binary @{file}"));
        }
    }
    words.join(" \\\n  ")
}

fn path(entry: &Entry) -> String {
    let mut path = entry.route.path.to_owned();
    for name in entry.path_names() {
        let value = match name {
            "purpose" => "face",
            "occasion" => "today",
            _ => ID,
        };
        path = path.replace(&format!("{{{name}}}"), value);
    }
    path
}

fn query(entry: &Entry) -> String {
    let needed = entry.query.iter().filter(|p| p.required);
    let pairs = needed.map(|param| {
        let value = match param.form {
            Form::Id => ID,
            Form::Text(_) | Form::Letters => "budi",
            Form::Number(_) | Form::Count => "10",
            Form::Words(words) => words.first().copied().unwrap_or_default(),
            Form::Occasion => "today",
        };
        format!("{}={value}", param.name)
    });
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}
