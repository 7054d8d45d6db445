//! The forms of requests and answers: parts of paths, queries, bodies, tags, compression,
//! the headers that browsers obey.

use super::server::{Answer, Hall, PAGE_BYTES, Server};
use hadir::http::server::Limits;

fn get(server: &Server<Hall>, path: &str, lines: &str) -> Answer {
    let answers = server.talk(format!(
        "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{lines}\r\n"
    ));
    assert_eq!(answers.len(), 1, "{path}: {answers:?}");
    answers.into_iter().next().expect("an answer")
}

#[test]
fn parts_of_the_path_and_the_query_are_decoded() {
    let server = Server::with(Limits::default());
    let table = [
        ("/echo/one?q=a+b%2B", "one", Some("a b+")),
        ("/echo/a%2Fb", "a/b", None),
        ("/echo/%C3%A9?q", "é", Some("")),
        ("/echo/a+b?x=1&q=2&q=3", "a+b", Some("2")),
    ];
    for (path, to, q) in table {
        let body = get(&server, path, "").json();
        assert_eq!(body["to"], to, "{path}");
        assert_eq!(body["q"].as_str(), q, "{path}");
    }
}

#[test]
fn what_is_broken_in_an_address_is_refused() {
    let server = Server::with(Limits::default());
    for (path, status) in [
        ("/echo/", 404),
        ("/echo/a/b", 404),
        ("/echo/%ff", 404),
        ("/echo/%", 404),
        ("/echo/a?q=%", 400),
        ("/echo/a?q=%ff", 400),
        ("/echo/a?%zz", 400),
    ] {
        assert_eq!(get(&server, path, "").status, status, "{path}");
    }
    let many = format!("/echo/a?{}", "a=1&".repeat(300));
    assert_eq!(get(&server, &many, "").status, 400);
}

fn post(server: &Server<Hall>, lines: &str, body: &str) -> Vec<Answer> {
    server.talk(format!(
        "POST /echo/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{lines}\r\n\r\n{body}"
    ))
}

#[test]
fn a_body_is_taken_up_to_its_limit() {
    let server = Server::with(Limits::default());
    let most = "y".repeat(1000);
    let answers = post(&server, "Content-Length: 1000", &most);
    assert_eq!(answers[0].json()["text"].as_str(), Some(most.as_str()));
    let answers = post(
        &server,
        "Transfer-Encoding: chunked",
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    );
    assert_eq!(answers[0].json()["text"], "abcde");
    for (lines, body) in [
        ("Content-Length: 1001", ""),
        ("Content-Length: 104857600", ""),
        (
            "Transfer-Encoding: chunked",
            &*format!("3e9\r\n{}\r\n0\r\n\r\n", "z".repeat(1001)),
        ),
    ] {
        let answers = post(&server, lines, body);
        assert_eq!(answers.len(), 1, "{lines}");
        assert_eq!(answers[0].status, 413, "{lines}");
        assert_eq!(answers[0].header("connection"), Some("close"));
    }
    assert_eq!(
        post(&server, "Transfer-Encoding: chunked", "zz\r\n")[0].status,
        400
    );
    assert!(server.is_well());
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let server = Server::with(Limits::default());
    let first = get(&server, "/page", "");
    assert_eq!((first.status, first.body.len()), (200, PAGE_BYTES));
    assert_eq!(first.header("etag"), Some("\"v1\""));
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    for tag in ["\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"] {
        let again = get(&server, "/page", &format!("If-None-Match: {tag}\r\n"));
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{tag}");
        assert_eq!(again.header("etag"), Some("\"v1\""));
        assert_eq!(again.header("content-length"), None);
    }
    assert_eq!(
        get(&server, "/page", "If-None-Match: \"v2\"\r\n").status,
        200
    );
    assert_eq!(
        get(&server, "/hello", "If-None-Match: *\r\n").status,
        200,
        "it has no tag"
    );
}

#[test]
fn long_texts_are_compressed_for_those_who_say_so() {
    let server = Server::with(Limits::default());
    let mut client = server.connect();
    client.send(
        "HEAD /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: gzip, br\r\n\r\n",
    );
    let heads = client.read_heads();
    assert_eq!(heads[0].header("content-encoding"), Some("gzip"));
    assert_eq!(heads[0].header("vary"), Some("Accept-Encoding"));
    assert_eq!(heads[0].header("etag"), Some("W/\"v1\""));
    let length: usize = heads[0]
        .header("content-length")
        .expect("length")
        .parse()
        .expect("a number");
    assert!(length < PAGE_BYTES / 20, "{length}");
    let plain = get(&server, "/page", "");
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("vary"), Some("Accept-Encoding"));
    let short = get(&server, "/hello", "Accept-Encoding: gzip\r\n");
    assert_eq!(short.header("content-encoding"), None, "{short:?}");
}

#[test]
fn pages_and_data_have_the_headers_that_browsers_obey() {
    let server = Server::with(Limits::default());
    let page = get(&server, "/page", "");
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(
        page.header("cross-origin-opener-policy"),
        Some("same-origin")
    );
    for path in ["/hello", "/page", "/nothing", "/echo/a?q=%"] {
        let answer = get(&server, path, "");
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        assert!(answer.header("server").is_none(), "{path}");
    }
}

#[test]
fn a_proxy_s_words_count_only_if_it_is_trusted() {
    let lines = "X-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: https\r\n";
    let plain = Server::with(Limits::default());
    let own = get(&plain, "/echo/a", "").json();
    assert_eq!(
        (own["address"].as_str(), own["loopback"].as_bool()),
        (Some("127.0.0.1"), Some(true))
    );
    let forged = get(&plain, "/echo/a", lines).json();
    assert_eq!(
        (forged["address"].as_str(), forged["loopback"].as_bool()),
        (Some("127.0.0.1"), Some(false))
    );
    assert_eq!(forged["secure"].as_bool(), Some(false));
    let behind = Server::changed(|service| {
        service.trusted = ["127.0.0.0/8".parse().expect("a network")].into();
    });
    let told = get(&behind, "/echo/a", lines).json();
    assert_eq!(
        (told["address"].as_str(), told["loopback"].as_bool()),
        (Some("10.1.2.3"), Some(false))
    );
    assert_eq!(told["secure"].as_bool(), Some(true));
}
