//! The requests that go out, against a server that answers as each test says.

use crate::support::LONG;
use hadir::http::client::{ClientError, Stream};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Short enough to be waited for, in tests that wait for nothing else.
const SHORT: Duration = Duration::from_millis(60);

/// Serves one connection: reads the request's head and goes on as told.
fn serve(go_on: impl FnOnce(&mut TcpStream) + Send + 'static) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = listener.local_addr().expect("address");
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else {
            return;
        };
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
            head.extend_from_slice(&byte);
        }
        let _ = tell.send(String::from_utf8_lossy(&head).into_owned());
        go_on(&mut stream);
    });
    (address, asked)
}

/// Answers with these bytes and closes.
fn answering(bytes: &'static str) -> SocketAddr {
    let (address, _) = serve(move |stream| {
        let _ = stream.write_all(bytes.as_bytes());
    });
    address
}

async fn open(address: SocketAddr) -> Result<Stream, ClientError> {
    Stream::open(&format!("http://{address}/live?size=2"), LONG).await
}

/// Everything that comes until the end.
async fn read_all(stream: &mut Stream) -> Result<String, ClientError> {
    let mut all = Vec::new();
    while let Some(bytes) = stream.read(LONG).await? {
        all.extend(bytes);
    }
    Ok(String::from_utf8(all).expect("text"))
}

#[tokio::test]
async fn what_is_no_address_is_refused_without_a_connection() {
    let table = [
        "",
        "x",
        "/live",
        "127.0.0.1:80",
        "http://",
        "http:///live",
        "https://127.0.0.1/",
        "ftp://127.0.0.1/",
        "HTTP//127.0.0.1",
        "http://a b/",
        "http://127.0.0.1:port/",
    ];
    for url in table {
        let got = Stream::open(url, LONG).await;
        assert!(matches!(got, Err(ClientError::Address)), "{url:?}: {got:?}");
    }
}

#[tokio::test]
async fn the_request_asks_for_the_path_of_the_host() {
    let (address, asked) = serve(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    open(address).await.expect("an answer");
    let head = asked.recv().expect("a request").to_lowercase();
    assert!(head.starts_with("get /live?size=2 http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("host: {address}\r\n")), "{head}");
}

#[tokio::test]
async fn a_status_that_is_no_success_is_told() {
    let table = [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404),
        (
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 1\r\n\r\nx",
            401,
        ),
        (
            "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            301,
        ),
        ("HTTP/1.0 500 Oh\r\n\r\n", 500),
    ];
    for (answer, want) in table {
        let got = open(answering(answer)).await;
        assert!(
            matches!(got, Err(ClientError::Status(s)) if s == want),
            "{want}: {got:?}"
        );
    }
}

#[tokio::test]
async fn bodies_of_every_framing_are_read_to_their_end() {
    let table = [
        (
            "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nhello",
            "a/b",
            "hello",
        ),
        (
            "HTTP/1.0 200 OK\r\nContent-Type: x; y=z\r\n\r\nto the end",
            "x; y=z",
            "to the end",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            "",
            "hello",
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", "", ""),
    ];
    for (answer, kind, body) in table {
        let mut stream = open(answering(answer)).await.expect(answer);
        assert_eq!(stream.content_type(), kind, "{answer}");
        assert_eq!(read_all(&mut stream).await.expect(answer), body, "{answer}");
        assert!(stream.read(LONG).await.expect("still the end").is_none());
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_or_is_none_is_a_broken_connection() {
    let heads = [
        "",
        "HTTP",
        "HTTP/1.1 200 OK\r\nContent-",
        "SSH-2.0-x\r\n\r\n",
        "\0\0\0\0",
    ];
    for answer in heads {
        let got = open(answering(answer)).await;
        assert!(
            matches!(got, Err(ClientError::Connection(_))),
            "{answer:?}: {got:?}"
        );
    }
    let bodies = [
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n",
    ];
    for answer in bodies {
        let mut stream = open(answering(answer)).await.expect(answer);
        let got = read_all(&mut stream).await;
        assert!(
            matches!(got, Err(ClientError::Connection(_))),
            "{answer:?}: {got:?}"
        );
    }
}

#[tokio::test]
async fn nobody_there_is_told_at_once() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = listener.local_addr().expect("address");
    drop(listener);
    let got = open(address).await;
    assert!(matches!(got, Err(ClientError::Connection(_))), "{got:?}");
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let (release, held) = channel::<()>();
    let (address, _) = serve(move |_| {
        let _ = held.recv();
    });
    let got = Stream::open(&format!("http://{address}/"), SHORT).await;
    assert!(matches!(got, Err(ClientError::Slow)), "{got:?}");
    drop(release);
}

#[tokio::test]
async fn a_read_that_was_too_slow_loses_nothing() {
    let (release, held) = channel::<()>();
    let (address, _) = serve(move |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
        let _ = held.recv();
        let _ = stream.write_all(b"two");
    });
    let mut stream = open(address).await.expect("a head");
    let first = stream.read(LONG).await.expect("bytes");
    assert_eq!(first.as_deref(), Some(&b"one"[..]));
    for _ in 0..3 {
        let got = stream.read(SHORT).await;
        assert!(matches!(got, Err(ClientError::Slow)), "{got:?}");
    }
    drop(release);
    assert_eq!(read_all(&mut stream).await.expect("the rest"), "two");
}

#[test]
fn what_went_wrong_is_said_for_the_log() {
    let table = [
        (
            ClientError::Address,
            "the address is not http://HOST[:PORT]/PATH",
        ),
        (ClientError::Slow, "no answer in time"),
        (ClientError::Connection("reset".to_owned()), "reset"),
        (ClientError::Status(404), "the answer was 404"),
    ];
    for (error, text) in table {
        assert_eq!(error.to_string(), text);
    }
}
