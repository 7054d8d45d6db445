//! The pages and service paths of the contract: they answer from memory and call nobody.

use crate::base::json::{Value, json};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Method, Request};
use crate::surface::identity::answer::{json_of, state};
use crate::surface::native::Native;
use maud::{DOCTYPE, Markup, html};

/// Method and path of each route, and what it is for.
const ABOUT: &[(Method, &str, &str)] = &[
    (Method::Get, "/", "The start page."),
    (Method::Get, "/health", "Whether the service answers."),
    (Method::Get, "/docs", "This page."),
    (Method::Get, "/redoc", "This page."),
    (
        Method::Get,
        "/openapi.json",
        "This, for programs (OpenAPI 3.1).",
    ),
    (
        Method::Post,
        "/auth/register",
        "Makes an account. Body: username (3 to 50 characters), password (at most 72 bytes), \
         role (committee or admin; committee where it is left out).",
    ),
    (
        Method::Post,
        "/auth/login",
        "Gives an access token. Body: username, password.",
    ),
    (
        Method::Get,
        "/auth/me",
        "Who the token's holder is. Header: Authorization: Bearer and the token.",
    ),
];

/// `{"status":"ok","service":"identity-service"}`.
///
/// # Errors
/// 404 where the surface is not served.
pub fn health(native: &Native, _: &Request) -> Result<Reply, Problem> {
    state(native)?;
    let body = br#"{"status":"ok","service":"identity-service"}"#;
    Ok(Reply::bytes("application/json", body.as_slice()))
}

/// The start page: the service's name and three links. Passwords are not on it.
///
/// # Errors
/// 404 where the surface is not served.
pub fn start(native: &Native, _: &Request) -> Result<Reply, Problem> {
    state(native)?;
    // Links without a stroke before them hold at the root and below a mount.
    let body = html! {
        h1 { "Identity Service" }
        p { "Accounts and access tokens of the TixGo set." }
        ul {
            li { a href="docs" { "/docs" } }
            li { a href="redoc" { "/redoc" } }
            li { a href="health" { "/health" } }
        }
    };
    Ok(page("Identity Service", &body))
}

/// The list of paths, as a page.
///
/// # Errors
/// 404 where the surface is not served.
pub fn docs(native: &Native, _: &Request) -> Result<Reply, Problem> {
    state(native)?;
    let body = html! {
        h1 { "Identity Service" }
        dl { @for (method, path, about) in ABOUT {
            dt { code { (method.word()) " " (path) } }
            dd { (about) }
        } }
    };
    Ok(page("Identity Service", &body))
}

fn page(title: &str, body: &Markup) -> Reply {
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
            }
            body { main { (body) } }
        }
    };
    Reply::html(200, whole.into_string())
}

/// The list of paths, for programs.
///
/// # Errors
/// 404 where the surface is not served.
pub fn openapi(native: &Native, _: &Request) -> Result<Reply, Problem> {
    state(native)?;
    Ok(json_of(200, &document()))
}

/// The document of the surface (OpenAPI 3.1).
#[must_use]
pub fn document() -> Value {
    let paths = ABOUT.iter().map(|(method, path, about)| {
        let method = method.word().to_lowercase();
        (
            path.to_string(),
            json!({ (method): operation(path, about) }),
        )
    });
    let bearer = json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Identity Service", "version": env!("CARGO_PKG_VERSION")},
        "paths": Value::from_iter(paths),
        "components": {"securitySchemes": {"bearer": bearer}},
    })
}

fn operation(path: &str, summary: &str) -> Value {
    let good = json!({"description": "Successful Response"});
    if path == "/auth/me" {
        let refused = json!({"description": "No valid token"});
        return json!({
            "summary": summary, "security": [{"bearer": []}],
            "responses": {"200": good, "401": refused},
        });
    }
    let Some(body) = body_of(path) else {
        return json!({"summary": summary, "responses": {"200": good}});
    };
    let refused = json!({"description": "Validation Error"});
    json!({
        "summary": summary,
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {"200": good, "422": refused},
    })
}

fn body_of(path: &str) -> Option<Value> {
    let text = json!({"type": "string"});
    let fields = match path {
        "/auth/register" => json!({
            "username": {"type": "string", "minLength": 3, "maxLength": 50},
            "password": {"type": "string", "minLength": 4, "maxLength": 200},
            "role": {"type": "string", "default": "committee"},
        }),
        "/auth/login" => json!({"username": text, "password": text}),
        _ => return None,
    };
    Some(json!({"type": "object", "required": ["username", "password"], "properties": fields}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::identity::table::PATHS;

    #[test]
    fn every_route_is_described_and_every_description_is_a_route() {
        let described: Vec<(Method, &str)> = ABOUT.iter().map(|(m, p, _)| (*m, *p)).collect();
        assert_eq!(described, PATHS);
        assert!(ABOUT.iter().all(|(_, _, about)| !about.is_empty()));
    }

    #[test]
    fn what_takes_a_body_says_which() {
        let document = document();
        for (method, path, _) in ABOUT {
            let operation = &document["paths"][*path][method.word().to_lowercase()];
            let takes = operation["requestBody"].is_object();
            assert_eq!(takes, *method == Method::Post, "{path}");
            assert_eq!(operation["responses"]["422"].is_object(), takes, "{path}");
        }
    }
}
