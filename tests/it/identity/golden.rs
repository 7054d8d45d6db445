//! The contract's exchanges, one file a route, written from the contract before the handlers were.
//!
//! `> METHOD PATH` begins a request, `h` adds a header line, `b` is the body; `< STATUS` and
//! `< NAME: VALUE` are what is awaited, `= JSON` the body, in which `"*"` is any text. `$TOKEN`
//! is the last token that was given; `! SECONDS` lets time pass.

use super::house::House;
use hadir::base::json::{Value, decode};

#[derive(Default)]
struct Exchange {
    wait_s: i64,
    head: String,
    lines: Vec<String>,
    body: String,
    wanted: Vec<String>,
    answer: Option<String>,
}

fn read(text: &str) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = Vec::new();
    let mut wait_s = 0;
    for line in text
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let (mark, rest) = line.split_at(1);
        let rest = rest.trim().to_owned();
        match (mark, all.last_mut()) {
            ("!", _) => wait_s = rest.parse().expect("seconds"),
            (">", _) => all.push(Exchange {
                wait_s: std::mem::take(&mut wait_s),
                head: rest,
                ..Exchange::default()
            }),
            ("h", Some(last)) => last.lines.push(rest),
            ("b", Some(last)) => last.body = rest,
            ("<", Some(last)) => last.wanted.push(rest),
            ("=", Some(last)) => last.answer = Some(rest),
            (_, _) => panic!("no line of an exchange: {line}"),
        }
    }
    assert!(!all.is_empty(), "no exchange");
    all
}

/// Whether a value is the one that is awaited, in which `"*"` is any text.
fn is(got: &Value, wanted: &Value) -> bool {
    match (got, wanted) {
        (Value::String(_), Value::String(any)) if any == "*" => true,
        (Value::Object(got), Value::Object(wanted)) => {
            got.len() == wanted.len()
                && wanted
                    .iter()
                    .all(|(k, w)| got.get(k).is_some_and(|g| is(g, w)))
        }
        (Value::Array(got), Value::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(g, w)| is(g, w))
        }
        (_, _) => got == wanted,
    }
}

fn play(text: &str) {
    let house = House::new();
    let mut token = String::new();
    for exchange in read(text) {
        house.desk.clock.advance(exchange.wait_s * 1000);
        let kind = |l: &String| l.to_lowercase().starts_with("content-type:");
        let mut lines: String = (exchange.lines.iter())
            .filter(|l| *l != "content-type:")
            .map(|l| format!("{}\r\n", l.replace("$TOKEN", &token)))
            .collect();
        if !exchange.body.is_empty() && !exchange.lines.iter().any(kind) {
            lines.push_str("content-type: application/json\r\n");
        }
        let answer = house.send(&exchange.head, &lines, &exchange.body);
        let told = format!("{} {}: {answer:?}", exchange.head, exchange.body);
        for wanted in &exchange.wanted {
            match wanted.split_once(": ") {
                None => assert_eq!(answer.status.to_string(), *wanted, "{told}"),
                Some((name, value)) => assert_eq!(answer.header(name), Some(value), "{told}"),
            }
        }
        if let Some(wanted) = &exchange.answer {
            assert_eq!(
                answer.header("content-type"),
                Some("application/json"),
                "{told}"
            );
            let wanted: Value = decode(wanted.as_bytes(), 100_000).expect("JSON");
            assert!(is(&answer.json(), &wanted), "{told}\nwanted {wanted}");
        }
        if exchange.head == "POST /auth/login" && answer.status == 200 {
            let given = answer.json()["access_token"].clone();
            token = given.as_str().expect("a token").to_owned();
        }
    }
}

#[test]
fn the_service_paths_are_those_of_the_contract() {
    play(include_str!("golden/service.txt"));
}

#[test]
fn register_is_that_of_the_contract() {
    play(include_str!("golden/register.txt"));
}

#[test]
fn login_is_that_of_the_contract() {
    play(include_str!("golden/login.txt"));
}

#[test]
fn me_is_that_of_the_contract() {
    play(include_str!("golden/me.txt"));
}

#[test]
fn two_hundred_characters_are_looked_at_before_the_bytes() {
    let house = House::new();
    for (characters, want) in [(4, 200), (72, 200), (73, 400), (200, 400), (201, 422)] {
        let body = hadir::base::json::json!({
            "username": format!("orang{characters}"), "password": "a".repeat(characters),
        });
        let answer = house.post("/auth/register", &body);
        assert_eq!(answer.status, want, "{characters}: {}", answer.body);
    }
}

#[test]
fn head_is_a_method_that_no_path_takes() {
    let house = House::new();
    for path in ["/", "/health", "/auth/me", "/docs"] {
        let answer = house.send(&format!("HEAD {path}"), "", "");
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("GET")),
            "{path}"
        );
    }
}

#[test]
fn the_start_page_has_three_links_and_no_password() {
    let house = House::new();
    house.register("panitia1", "committee");
    let page = house.send("GET /", "", "").body;
    for link in ["docs", "redoc", "health"] {
        assert!(page.contains(&format!("href=\"{link}\"")), "{page}");
    }
    for word in ["secret", "panitia1", "admin1", "password"] {
        assert!(!page.to_lowercase().contains(word), "{word}: {page}");
    }
}

#[test]
fn what_is_no_json_at_all_is_refused_without_harm() {
    let house = House::new();
    let deep = "[".repeat(10_000);
    for body in [
        "\u{0}",
        "{\"username\":\"\\ud800\"}",
        &deep,
        "\u{feff}{}",
        "{\"a\":1}}",
    ] {
        let answer = house.send("POST /auth/login", "", body);
        assert!(matches!(answer.status, 400 | 422), "{body:.40}: {answer:?}");
        assert!(!answer.json()["detail"].is_null(), "{body:.40}: {answer:?}");
    }
    // The length alone is enough; nothing of it has to be sent.
    let answer = house.send("POST /auth/login", "content-length: 300000\r\n", "");
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.json()["detail"].is_string());
}
