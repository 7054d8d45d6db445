//! One call to a receiver that may do anything: each end has its own error, within its time.

use crate::mail::smtp::closed;
use hadir::base::limits;
use hadir::crypto::tls::Connector;
use hadir::http::call::{CallError, Post, Reach, post};
use proptest::prelude::*;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Reads one request and answers these bytes.
async fn answer<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, bytes: &[u8]) {
    let mut request = vec![0; 4096];
    let _ = stream.read(&mut request).await;
    // A client that leaves early is part of the tests.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
}

async fn receiver(bytes: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        answer(stream, &bytes).await;
    });
    address
}

async fn call(url: &str, connector: Option<&Connector>) -> Result<u16, CallError> {
    let made = Post {
        url,
        headers: &[("x-hadir-event", "event.opened".to_owned())],
        body: "{\"x\":1}",
    };
    let limit = Duration::from_millis(limits::CALL_MS_MAX) * 3;
    let called = post(&made, connector, Reach::anywhere());
    tokio::time::timeout(limit, called).await.expect("no hang")
}

async fn answered(bytes: impl Into<Vec<u8>>) -> Result<u16, CallError> {
    let address = receiver(bytes.into()).await;
    call(&format!("http://{address}/x"), None).await
}

#[tokio::test]
async fn only_a_status_of_the_two_hundreds_is_a_success() {
    for status in [200, 201, 202, 204, 299] {
        let text = format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(answered(text).await, Ok(status));
    }
    for status in [301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503, 599] {
        let text = format!(
            "HTTP/1.1 {status} x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        );
        assert_eq!(answered(text).await, Err(CallError::Status(status)));
    }
}

#[tokio::test]
async fn what_is_no_answer_of_the_web_is_no_success() {
    for bytes in [
        b"".to_vec(),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        b"220 mail.test ESMTP\r\n".to_vec(),
        b"HTTP/1.1 200".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Le".to_vec(),
        b"HTTP/1.1 xyz OK\r\n\r\n".to_vec(),
        vec![0xff; 4096],
        [b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'y'; 200_000]].concat(),
    ] {
        let got = answered(bytes.clone()).await;
        let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(20)]).into_owned();
        assert_eq!(got, Err(CallError::Connection), "{begin:?}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n".to_vec();
    let body = vec![b'x'; 4 * limits::CALL_ANSWER_BYTES_MAX];
    assert_eq!(answered([head, body].concat()).await, Ok(200));
}

#[tokio::test]
async fn names_and_ports_without_anybody_are_told_apart() {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let url = format!("http://{}/", free.local_addr().expect("address"));
    drop(free);
    assert_eq!(call(&url, None).await, Err(CallError::Connection));
    let nowhere = call("http://no-such-host.invalid/", None).await;
    assert_eq!(nowhere, Err(CallError::Name));
    for url in [
        "",
        "x",
        "/x",
        "ftp://x/",
        "http://",
        "http://u@x/",
        "http://x:y/",
    ] {
        assert_eq!(call(url, None).await, Err(CallError::Address), "{url}");
    }
}

#[tokio::test]
async fn an_encrypted_call_needs_the_right_certificate() {
    let (_, server, client) = closed();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = server.acceptor();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    answer(stream, b"HTTP/1.1 204 x\r\n\r\n").await;
                }
            });
        }
    });
    let url = format!("https://127.0.0.1:{port}/x");
    assert_eq!(call(&url, Some(&client)).await, Ok(204));
    assert_eq!(
        call(&url, None).await,
        Err(CallError::Tls),
        "nobody is believed"
    );
    let by_name = format!("https://localhost:{port}/x");
    assert_eq!(call(&by_name, Some(&client)).await, Ok(204));
    let other = format!("https://127.0.0.2:{port}/x");
    let got = call(&other, Some(&client)).await;
    assert!(
        matches!(got, Err(CallError::Tls | CallError::Connection)),
        "{got:?}"
    );
    let plain = receiver(b"HTTP/1.1 204 x\r\n\r\n".to_vec()).await;
    let got = call(&format!("https://{plain}/x"), Some(&client)).await;
    assert_eq!(got, Err(CallError::Tls), "no TLS there");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever comes back, the call ends, and only an answer that is one is a success.
    #[test]
    fn whatever_a_receiver_says_the_call_ends(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let got = runtime.expect("a runtime").block_on(answered(bytes.clone()));
        if got.is_ok() {
            prop_assert!(bytes.starts_with(b"HTTP/1."));
        }
    }
}
