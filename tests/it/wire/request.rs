//! Requests of the right form: routes, methods, bodies, ids, headers of the answers.

use super::server::{Answer, Server};
use hadir::http::server::Limits;
use std::collections::BTreeSet;

fn ask(server: &Server<super::server::Hall>, line: &str) -> Answer {
    let answers = server.talk(format!(
        "{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    ));
    assert_eq!(answers.len(), 1, "{line}: {answers:?}");
    answers.into_iter().next().expect("an answer")
}

fn code(answer: &Answer) -> String {
    answer.json()["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_path_is_found_only_as_it_is_written() {
    let server = Server::with(Limits::default());
    for path in [
        "/hello",
        "/hello?",
        "/hello?a=b&c",
        "http://elsewhere/hello",
    ] {
        assert_eq!(ask(&server, &format!("GET {path}")).status, 200, "{path}");
    }
    let strange = [
        "/",
        "/Hello",
        "/hello/",
        "//hello",
        "/./hello",
        "/a/../hello",
        "/%68ello",
        "/hello%00",
        "/hello;a",
        "/hello/../../etc/passwd",
        "*",
    ];
    for path in strange {
        let answer = ask(&server, &format!("GET {path}"));
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (404, "missing"),
            "{path}"
        );
    }
}

#[test]
fn other_methods_are_told_which_ones_there_are() {
    let server = Server::with(Limits::default());
    let table = [
        ("/hello", "POST", "GET, HEAD"),
        ("/hello", "DELETE", "GET, HEAD"),
        ("/hello", "OPTIONS", "GET, HEAD"),
        ("/hello", "BREW", "GET, HEAD"),
        ("/act", "GET", "POST"),
        ("/act", "HEAD", "POST"),
        ("/both", "PUT", "GET, HEAD, POST"),
    ];
    for (path, method, allow) in table {
        let line = format!("{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let mut client = server.connect();
        client.send(line);
        let answers = if method == "HEAD" {
            client.read_heads()
        } else {
            client.read_all()
        };
        let [answer] = answers.as_slice() else {
            panic!("{method} {path}: {answers:?}")
        };
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some(allow)),
            "{method} {path}"
        );
    }
    assert_eq!(ask(&server, "POST /act").status, 200);
    assert_eq!(ask(&server, "POST /both").status, 200);
    assert_eq!(ask(&server, "GET /hello").header("allow"), None);
}

#[test]
fn head_is_the_head_of_get() {
    let server = Server::with(Limits::default());
    for path in ["/hello", "/nothing"] {
        let get = ask(&server, &format!("GET {path}"));
        let mut client = server.connect();
        client.send(format!(
            "HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        ));
        let heads = client.read_heads();
        let [head] = heads.as_slice() else {
            panic!("{heads:?}")
        };
        assert_eq!((head.status, head.body.as_str()), (get.status, ""));
        for name in ["content-length", "content-type", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
        assert_eq!(
            get.header("content-length"),
            Some(get.body.len().to_string().as_str())
        );
    }
}

#[test]
fn every_answer_says_what_it_is_and_is_not_kept() {
    let server = Server::with(Limits::default());
    for (line, status) in [("GET /hello", 200), ("GET /x", 404), ("PUT /hello", 405)] {
        let answer = ask(&server, line);
        assert_eq!(answer.status, status);
        assert_eq!(
            answer.header("content-type"),
            Some("application/json; charset=utf-8")
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.body.ends_with('\n'));
        assert!(answer.json().is_object());
    }
}

#[test]
fn every_request_has_an_id_of_its_own_which_its_refusal_repeats() {
    let server = Server::with(Limits::default());
    let mut seen = BTreeSet::new();
    for round in 0..60 {
        let answer = ask(&server, ["GET /hello", "GET /x", "PUT /act"][round % 3]);
        let id = answer.header("x-request-id").expect("an id").to_owned();
        if answer.status != 200 {
            let named = answer.json()["error"]["request"].clone();
            assert_eq!(named.as_str(), Some(id.as_str()));
        }
        assert!(seen.insert(id), "an id came twice");
    }
}

#[test]
fn an_id_that_the_client_brings_is_not_taken() {
    let server = Server::with(Limits::default());
    let forged = "00000000000000000000000000";
    let answers = server.talk(format!(
        "GET /hello HTTP/1.0\r\nX-Request-Id: {forged}\r\n\r\n"
    ));
    assert_eq!(answers[0].number(), 1);
}

#[test]
fn a_body_is_refused_before_it_is_read() {
    let server = Server::with(Limits::default());
    let table = [
        "Content-Length: 5\r\n\r\nhello",
        "Content-Length: 5\r\n\r\n",
        "Content-Length: 104857600\r\n\r\n",
        "Content-Length: 104857600\r\nExpect: 100-continue\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
    ];
    let paths = [
        ("GET /hello", (413, "too_large")),
        ("POST /act", (413, "too_large")),
        ("POST /nothing", (404, "missing")),
    ];
    for (path, want) in paths {
        for end in table {
            let answers = server.talk(format!("{path} HTTP/1.1\r\nHost: a\r\n{end}"));
            let [answer] = answers.as_slice() else {
                panic!("{path} {end:?}: {answers:?}")
            };
            assert_eq!((answer.status, code(answer).as_str()), want, "{end:?}");
            assert_eq!(answer.header("connection"), Some("close"));
        }
    }
    let empty = server.talk("POST /act HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(empty[0].status, 200, "a body of nothing is none");
}
