//! Access and refresh tokens of programs, and every bad token.

use super::exchange::{Talk, json};
use super::house::{House, Key, PASSWORD};
use crate::wire::server::Answer;
use hadir::base::json::Value;
use hadir::base::limits;
use hadir::base::time::Clock as _;
use hadir::crypto::jwt;
use hadir::crypto::keyring::Purpose;
use hadir::crypto::token::token_digest;
use hadir::domain::actor::Role;
use hadir::domain::surface::Surface;

fn sign_in(house: &House) -> Value {
    let body = format!(r#"{{"login":"kepala","password":"{PASSWORD}"}}"#);
    let answer = house.call(&Key::Nobody, "POST /api/v1/tokens", body.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert!(
        answer.headers("set-cookie").is_empty(),
        "a program keeps none"
    );
    json(&answer.body)
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().expect(name).to_owned()
}

fn refresh(house: &House, token: &str) -> Answer {
    let body = format!(r#"{{"refresh_token":"{token}"}}"#);
    house.call(&Key::Nobody, "POST /api/v1/tokens/refresh", body.as_bytes())
}

/// A call with a bearer's token.
fn call(house: &House, head: &str, token: &str) -> u16 {
    house
        .send(head, &format!("authorization: Bearer {token}\r\n"), b"")
        .status
}

const SESSION: &str = "GET /api/v1/session";

#[test]
fn a_program_signs_in_refreshes_and_signs_out() {
    let house = House::unlimited();
    let tokens = sign_in(&house);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    let access = text(&tokens, "access_token");
    assert_eq!(call(&house, "GET /api/v1/people", &access), 200);
    house.desk.clock.advance(limits::ACCESS_TOKEN_MS);
    assert_eq!(call(&house, SESSION, &access), 401, "an hour is over");
    let second = json(&refresh(&house, &text(&tokens, "refresh_token")).body);
    assert_eq!(second["session"], tokens["session"]);
    let access = text(&second, "access_token");
    assert_eq!(call(&house, SESSION, &access), 200);
    assert_eq!(call(&house, "DELETE /api/v1/session", &access), 204);
    assert_eq!(call(&house, SESSION, &access), 401, "at once");
    let gone = refresh(&house, &text(&second, "refresh_token"));
    assert_eq!(gone.status, 401);
    assert_eq!(json(&gone.body)["error"]["code"], "refresh_refused");
}

#[test]
fn a_copied_refresh_token_ends_the_session_for_both() {
    let house = House::unlimited();
    let tokens = sign_in(&house);
    let first = text(&tokens, "refresh_token");
    let second = json(&refresh(&house, &first).body);
    house.desk.clock.advance(limits::REFRESH_GRACE_MS + 1);
    let reused = refresh(&house, &first);
    assert_eq!(json(&reused.body)["error"]["code"], "refresh_reused");
    assert_eq!(call(&house, SESSION, &text(&second, "access_token")), 401);
    assert_eq!(refresh(&house, &text(&second, "refresh_token")).status, 401);
}

#[test]
fn twenty_refreshes_at_once_are_one_family_and_no_alarm() {
    let house = House::unlimited();
    let first = text(&sign_in(&house), "refresh_token");
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| refresh(&house, &first)))
            .collect();
        all.into_iter()
            .map(|one| one.join().expect("an answer"))
            .collect()
    });
    let next: Vec<String> = (answers.iter())
        .inspect(|answer| assert_eq!(answer.status, 200, "{}", answer.body))
        .map(|answer| text(&json(&answer.body), "refresh_token"))
        .collect();
    assert!(next.iter().all(|token| *token == next[0]));
    assert_eq!(refresh(&house, &next[0]).status, 200, "it goes on");
}

/// Claims of the administrator's session, some of them changed.
fn claims(house: &House, session: &str, change: &[(&str, String)]) -> String {
    let now = house.desk.clock.stamp().at.as_millis() / 1000;
    let own = [
        ("iss", format!("\"{}\"", house.desk.core.site().box_id)),
        ("aud", "\"native\"".to_owned()),
        ("sub", format!("\"{}\"", house.admin)),
        ("sid", format!("\"{session}\"")),
        ("iat", now.to_string()),
        ("exp", (now + 60).to_string()),
    ];
    let all = own.map(|(name, value)| {
        let changed = change.iter().find(|(of, _)| *of == name);
        let value = changed.map_or(value, |(_, new)| new.clone());
        format!("\"{name}\":{value}")
    });
    format!("{{{}}}", all.join(","))
}

fn key(house: &House, kind: &'static str) -> jwt::Key {
    let site = house.desk.core.site();
    jwt::Key::new(&token_digest(
        site.keyring.purpose(Purpose::Tokens),
        kind,
        "native-1",
    ))
}

#[test]
fn a_token_with_anything_wrong_in_it_is_nobody() {
    let house = House::unlimited();
    let session = text(&sign_in(&house), "session");
    let now = house.desk.clock.stamp().at.as_millis() / 1000;
    let made = |kind, kid, change: &[(&str, String)]| {
        let claims = claims(&house, &session, change);
        jwt::sign(&key(&house, kind), kid, &claims).expose().clone()
    };
    let good = Some("native-1");
    assert_eq!(call(&house, SESSION, &made("access", good, &[])), 200);
    let other = house.person(Role::User);
    let Key::Session(other) = other else {
        panic!("a session")
    };
    let somebody = text(&sign_in(&house), "session");
    let bad = [
        ("another key", made("session", good, &[])),
        ("another kid", made("access", Some("native-2"), &[])),
        ("no kid", made("access", None, &[])),
        ("expired", made("access", good, &[("exp", now.to_string())])),
        (
            "made later",
            made("access", good, &[("iat", (now + 60).to_string())]),
        ),
        (
            "of another surface",
            made("access", good, &[("aud", "\"identity\"".to_owned())]),
        ),
        (
            "for a list",
            made("access", good, &[("aud", "[\"native\"]".to_owned())]),
        ),
        (
            "of another box",
            made(
                "access",
                good,
                &[("iss", "\"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2\"".to_owned())],
            ),
        ),
        (
            "of another person",
            made(
                "access",
                good,
                &[("sub", "\"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2\"".to_owned())],
            ),
        ),
        (
            "of no session",
            made(
                "access",
                good,
                &[("sid", "\"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2\"".to_owned())],
            ),
        ),
        (
            "a number for a person",
            made("access", good, &[("sub", "7".to_owned())]),
        ),
        ("a cookie's token", other),
    ];
    for (what, token) in &bad {
        assert_eq!(call(&house, SESSION, token), 401, "{what}");
    }
    let whole = made("access", good, &[("sid", format!("\"{somebody}\""))]);
    let parts: Vec<&str> = whole.split('.').collect();
    // {"alg":"none"}
    let none = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    let cut = format!("{}.{}", parts[0], parts[1]);
    let long = format!("{whole}{}", "A".repeat(20_000));
    for token in [&none, &cut, &long, "eyJ", "eyJ.eyJ.eyJ"] {
        assert_eq!(call(&house, SESSION, token), 401, "{token}");
    }
    for at in [5, parts[0].len() + 5, whole.len() - 5] {
        let mut changed = whole.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("text");
        assert_eq!(call(&house, SESSION, &changed), 401, "changed at {at}");
    }
}

#[test]
fn a_token_of_tokens_is_no_cookie_and_a_cookie_no_bearer() {
    let house = House::unlimited();
    let tokens = sign_in(&house);
    for name in ["access_token", "refresh_token"] {
        let key = Key::Session(text(&tokens, name));
        assert_eq!(house.call(&key, SESSION, b"").status, 401, "{name}");
    }
    assert_eq!(call(&house, SESSION, &text(&tokens, "refresh_token")), 401);
    let Key::Session(cookie) = house.admin() else {
        panic!("a session")
    };
    assert_eq!(call(&house, SESSION, &cookie), 401);
}

#[test]
fn of_ten_thousand_sessions_twenty_are_left() {
    let house = House::unlimited();
    let admin = house.admin;
    let core = &house.desk.core;
    for _ in 0..100 {
        core.write(
            hadir::domain::actor::Actor::Stranger,
            "native",
            move |tx, call| {
                for _ in 0..100 {
                    hadir::domain::identity::refresh::open(
                        tx,
                        call,
                        admin,
                        Surface::Native,
                        "::1",
                        "p",
                    )?;
                }
                Ok::<_, hadir::domain::identity::session::Error>(())
            },
        )
        .expect("sessions");
    }
    let tokens = sign_in(&house);
    let access = text(&tokens, "access_token");
    let answer = house.send(
        "GET /api/v1/sessions",
        &format!("authorization: Bearer {access}\r\n"),
        b"",
    );
    let all = json(&answer.body)["items"]
        .as_array()
        .expect("a list")
        .len();
    assert_eq!(all, 20, "a further one ends the oldest");
}

#[test]
fn a_second_factor_is_asked_of_programs_too() {
    let house = House::unlimited();
    let mut talk = Talk::new(&house);
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let now = || house.desk.clock.stamp().at;
    let code = |at| hadir::crypto::totp::code_at(secret, at).expect("a code");
    let body = format!(
        r#"{{"secret":"{secret}","code":"{}","password":"{PASSWORD}"}}"#,
        code(now())
    );
    talk.send(&house.admin(), "PUT /api/v1/me/second-factor", &body);
    assert_eq!(talk.answer().status, 200);
    let without = format!(r#"{{"login":"kepala","password":"{PASSWORD}"}}"#);
    talk.send(&Key::Nobody, "POST /api/v1/tokens", &without)
        .refused(401, "code_needed");
    house.desk.clock.advance(60_000);
    let with = without.replace('}', &format!(r#","code":"{}"}}"#, code(now())));
    talk.send(&Key::Nobody, "POST /api/v1/tokens", &with);
    assert_eq!(talk.answer().status, 201, "{}", talk.answer().body);
}

#[test]
fn endless_or_odd_values_are_refused_like_any_other() {
    let house = House::unlimited();
    let long = "a".repeat(100_000);
    for path in ["/api/v1/session", "/api/v1/tokens"] {
        for login in [
            "kepala",
            "tidak.ada",
            "kepala\\r\\nset-cookie: x=1",
            "kеpala",
        ] {
            for password in [long.as_str(), "", "\\u0000", "😀"] {
                let body = format!(r#"{{"login":"{login}","password":"{password}"}}"#);
                let answer = house.call(&Key::Nobody, &format!("POST {path}"), body.as_bytes());
                assert_eq!(answer.status, 401, "{login}: {}", answer.body);
                let code = json(&answer.body)["error"]["code"].clone();
                assert_eq!(code, "wrong_password");
                assert!(answer.headers("set-cookie").is_empty());
            }
        }
        let body = format!(r#"{{"login":"kepala","password":"{PASSWORD}","code":"{long}"}}"#);
        let answer = house.call(&Key::Nobody, &format!("POST {path}"), body.as_bytes());
        assert_eq!(
            answer.status, 201,
            "a code that nobody asked for is not looked at"
        );
    }
    let token = format!(r#"{{"refresh_token":"hdrr_{long}"}}"#);
    let answer = house.call(
        &Key::Nobody,
        "POST /api/v1/tokens/refresh",
        token.as_bytes(),
    );
    assert_eq!(answer.status, 401);
}
