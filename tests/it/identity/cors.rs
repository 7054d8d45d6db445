//! Which pages of other origins may ask.

use super::house::{House, send};

const LISTED: &str = "http://localhost:3000";

#[test]
fn a_listed_origin_s_preflight_is_answered_on_every_path() {
    let house = House::new();
    for path in [
        "/auth/login",
        "/auth/register",
        "/auth/me",
        "/health",
        "/nothing",
    ] {
        let lines = format!(
            "origin: {LISTED}\r\naccess-control-request-method: POST\r\naccess-control-request-headers: authorization, x-thing\r\n"
        );
        let answer = house.send(&format!("OPTIONS {path}"), &lines, "");
        assert_eq!(answer.status, 200, "{path}");
        let header = |name| answer.header(name);
        assert_eq!(header("access-control-allow-origin"), Some(LISTED));
        assert_eq!(header("access-control-allow-credentials"), Some("true"));
        assert_eq!(
            header("access-control-allow-headers"),
            Some("authorization, x-thing")
        );
        assert_eq!(header("access-control-max-age"), Some("600"));
        assert_eq!(header("vary"), Some("Origin"));
        let methods = header("access-control-allow-methods").expect("methods");
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            assert!(methods.contains(method), "{methods}");
        }
    }
}

#[test]
fn another_origin_s_preflight_is_refused() {
    let house = House::new();
    for origin in [
        "http://localhost:3001",
        "https://localhost:3000",
        "null",
        "http://evil.example",
    ] {
        let lines = format!("origin: {origin}\r\naccess-control-request-method: POST\r\n");
        let answer = house.send("OPTIONS /auth/login", &lines, "");
        assert_eq!(answer.status, 400, "{origin}");
        assert_eq!(
            answer.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
    }
}

#[test]
fn every_answer_says_whether_the_page_may_see_it() {
    let house = House::new();
    let body = r#"{"username":"x","password":"y"}"#;
    let origin = |origin: &str| format!("origin: {origin}\r\ncontent-type: application/json\r\n");
    for (head, body) in [
        ("GET /health", ""),
        ("POST /auth/login", body),
        ("GET /nothing", ""),
        ("POST /health", ""),
    ] {
        let listed = house.send(head, &origin(LISTED), body);
        assert_eq!(
            listed.header("access-control-allow-origin"),
            Some(LISTED),
            "{head}"
        );
        assert_eq!(
            listed.header("access-control-allow-credentials"),
            Some("true"),
            "{head}"
        );
        let other = house.send(head, &origin("http://evil.example"), body);
        assert_eq!(other.header("access-control-allow-origin"), None, "{head}");
        assert_eq!(
            (listed.status, other.header("vary")),
            (other.status, Some("Origin")),
            "{head}"
        );
    }
    assert_eq!(house.send("GET /health", "", "").header("vary"), None);
}

#[test]
fn our_own_routes_know_no_other_origin() {
    let house = House::new();
    let lines = format!("origin: {LISTED}\r\naccess-control-request-method: POST\r\n");
    let answer = send(&house.ours, "OPTIONS /api/v1/session", &lines, "");
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (405, None)
    );
    let answer = send(&house.ours, "GET /health", &lines, "");
    assert_eq!(answer.header("access-control-allow-origin"), None);
}
