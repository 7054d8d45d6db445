//! The same surface below a path of our own listener.

use super::house::{House, send, setting};
use crate::support::desk::Desk;
use crate::wire::server::Server;
use hadir::base::json::json;
use hadir::http::server::Limits;
use hadir::surface::identity::MOUNT;
use hadir::surface::native::Native;
use std::sync::Arc;

#[test]
fn below_our_listener_it_answers_as_on_its_own() {
    let house = House::new();
    house.register("panitia1", "committee");
    let token = house.login("panitia1");
    let kind = "content-type: application/json\r\n";
    let bearer = format!("authorization: Bearer {token}\r\n");
    let good = r#"{"username":"panitia1","password":"secret"}"#;
    let wrong = r#"{"username":"panitia1","password":"salah"}"#;
    for (head, path, lines, body) in [
        ("GET", "/", "", ""),
        ("GET", "/health", "", ""),
        ("GET", "/openapi.json", "", ""),
        ("GET", "/auth/me", bearer.as_str(), ""),
        ("GET", "/auth/me", "", ""),
        ("POST", "/auth/register", kind, good),
        ("POST", "/auth/login", kind, wrong),
        ("POST", "/auth/login", kind, "{"),
        ("POST", "/health", "", ""),
        ("GET", "/nothing", "", ""),
        (
            "OPTIONS",
            "/auth/login",
            "origin: http://localhost:3000\r\naccess-control-request-method: POST\r\n",
            "",
        ),
    ] {
        let own = house.send(&format!("{head} {path}"), lines, body);
        let ours = send(&house.ours, &format!("{head} {MOUNT}{path}"), lines, body);
        assert_eq!(
            (own.status, &own.body),
            (ours.status, &ours.body),
            "{head} {path}"
        );
    }
    let there = send(&house.ours, &format!("GET {MOUNT}/auth/me/"), "", "");
    assert_eq!(there.header("location"), Some("/compat/identity/auth/me"));
    let login = send(&house.ours, &format!("POST {MOUNT}/auth/login"), kind, good);
    assert_eq!(login.status, 200, "{login:?}");
    let outside = send(&house.ours, "GET /compat/identityx", "", "");
    assert_eq!(outside.status, 404);
}

#[test]
fn where_it_is_not_switched_on_there_is_nothing() {
    let desk = Desk::new();
    let native = Arc::new(Native::new(Arc::clone(&desk.core)));
    let server = Server::start(Native::routes(), native, Limits::default());
    for path in ["/", "/health", "/auth/me"] {
        let answer = send(&server, &format!("GET {MOUNT}{path}"), "", "");
        assert!(matches!(answer.status, 404 | 503), "{path}: {answer:?}");
    }
}

#[test]
fn before_the_setup_only_the_service_paths_answer() {
    let house = House::bare(setting());
    assert_eq!(house.send("GET /health", "", "").status, 200);
    let body = json!({"username": "panitia1", "password": "secret"});
    for path in ["/auth/register", "/auth/login"] {
        let answer = house.post(path, &body);
        assert_eq!(answer.status, 503, "{path}");
        assert!(answer.json()["detail"].is_string(), "{path}: {answer:?}");
        assert!(answer.header("retry-after").is_some(), "{path}");
    }
}
