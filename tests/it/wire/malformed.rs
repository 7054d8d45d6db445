//! Bytes that are no request: an error and a closed connection, and the server goes on.

use super::server::Server;
use super::server::places;
use hadir::http::server::Limits;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// One answer with one of these statuses, after which the server closes.
fn assert_refused(server: &Server<super::server::Hall>, bytes: &[u8], statuses: &[u16]) {
    let answers = server.talk(bytes);
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    assert_eq!(answers.len(), 1, "{shown:?} got {answers:?}");
    assert!(
        statuses.contains(&answers[0].status),
        "{shown:?} got {answers:?}"
    );
}

#[test]
fn what_is_no_request_line_is_refused() {
    let server = Server::with(Limits::default());
    let table: [&[u8]; 11] = [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /hello\r\n\r\n",
        b" GET /hello HTTP/1.1\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"G@T /hello HTTP/1.1\r\n\r\n",
        b"GET /he llo HTTP/1.1\r\n\r\n",
        b"GET /hello HTTP/1.1 more\r\n\r\n",
        b"GET /hello HTTPS/1.1\r\n\r\n",
        b"GET /hello\x00 HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ];
    for bytes in table {
        assert_refused(&server, bytes, &[400]);
    }
    for version in ["0.9", "2.0", "3.0", "9.9"] {
        let bytes = format!("GET /hello HTTP/{version}\r\n\r\n");
        assert_refused(&server, bytes.as_bytes(), &[400, 505]);
    }
    assert!(server.is_well());
}

#[test]
fn headers_of_the_wrong_form_are_refused() {
    let server = Server::with(Limits::default());
    let table: [&[u8]; 11] = [
        b"no colon",
        b": no name",
        b"a name: x",
        b"name : x",
        b"na\x00me: x",
        b"name: a\x00b",
        b"name: a\r\n folded",
        b"Content-Length: -1",
        b"Content-Length: ten",
        b"Content-Length: 1\r\nContent-Length: 2",
        b"Content-Length: 99999999999999999999999",
    ];
    for header in table {
        let mut bytes = b"GET /hello HTTP/1.1\r\nHost: a\r\n".to_vec();
        bytes.extend_from_slice(header);
        bytes.extend_from_slice(b"\r\n\r\n");
        assert_refused(&server, &bytes, &[400]);
    }
    assert!(server.is_well());
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let server = Server::with(Limits::default());
    // Exactly as many bytes as are ever read, so that the answer is not lost in a reset.
    let mut endless = b"GET /hello HTTP/1.1\r\nX: ".to_vec();
    endless.resize(64 * 1024, b'x');
    assert_refused(&server, &endless, &[431]);
    let headers = |count: usize| {
        let many: String = (0..count).map(|i| format!("X-{i}: {i}\r\n")).collect();
        format!("GET /hello HTTP/1.0\r\n{many}\r\n").into_bytes()
    };
    assert_refused(&server, &headers(101), &[431]);
    assert_refused(&server, &headers(100), &[200]);
}

#[test]
fn a_long_path_is_only_not_found_and_not_repeated() {
    let server = Server::with(Limits::default());
    let path = "secret".repeat(8000);
    let answers = server.talk(format!("GET /{path}?{path} HTTP/1.0\r\n\r\n"));
    let answers: Vec<_> = answers
        .iter()
        .map(|a| (a.status, a.body.contains("secret")))
        .collect();
    let refused_as_long = answers == [(414, false)] || answers == [(431, false)];
    assert!(answers == [(404, false)] || refused_as_long, "{answers:?}");
    let answers = server.talk("GET /secret HTTP/1.0\r\n\r\n");
    assert_eq!(
        (answers[0].status, answers[0].body.contains("secret")),
        (404, false)
    );
}

/// A request hidden in what another server might take for a body is not answered as one.
#[test]
fn nothing_is_smuggled_in_behind_a_body() {
    let server = Server::with(Limits::default());
    let hidden = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
    let length = hidden.len();
    let table = [
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!("Content-Length: {length}\r\n\r\n{hidden}{hidden}"),
        format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{hidden}\r\n0\r\n\r\n{hidden}"),
        format!("Transfer-Encoding: identity\r\n\r\n{hidden}"),
        format!("Content-Length: 5\r\nContent-Length: {length}\r\n\r\n{hidden}"),
    ];
    for end in table {
        let bytes = format!("POST /act HTTP/1.1\r\nHost: a\r\n{end}");
        assert_refused(&server, bytes.as_bytes(), &[400, 413]);
    }
    assert!(server.is_well());
}

#[test]
fn no_bytes_end_the_server() {
    // One place: a connection that is not given back would be missed by the next.
    let limits = Limits {
        places: places(1),
        ..Limits::default()
    };
    let server = Server::with(limits);
    let pieces = prop_oneof![
        Just(b"GET /hello HTTP/1.1\r\n".to_vec()),
        Just(b"Host: a\r\n".to_vec()),
        Just(b"Content-Length: 3\r\n".to_vec()),
        Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
        Just(b"Upgrade: websocket\r\nConnection: upgrade\r\n".to_vec()),
        Just(b"Expect: 100-continue\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..60),
    ];
    let bytes = proptest::collection::vec(pieces, 0..8);
    let mut runner = TestRunner::new(Config::with_cases(96));
    let done = runner.run(&bytes, |pieces| {
        let mut client = server.connect();
        client.send(pieces.concat());
        client.finish();
        for answer in client.read_all() {
            prop_assert!((200..=505).contains(&answer.status), "{:?}", answer);
            prop_assert_ne!(answer.status, 500);
        }
        Ok(())
    });
    done.expect("every input is answered or closed");
    assert!(server.is_well());
}
