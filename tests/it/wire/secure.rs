//! Clients without TLS are sent to it, except this machine itself and what a client needs
//! before it trusts the box.

use super::server::{Answer, Hall, Server};
use crate::support::LONG;
use hadir::base::time::Timestamp;
use hadir::crypto::certificate::{Authority, Names};
use hadir::crypto::random::{Seed, Seeded};
use hadir::crypto::tls;
use hadir::http::server::Redirect;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A request from afar, as a proxy that is trusted tells it: every client of a test is this
/// machine itself.
fn from_afar(server: &Server<Hall>, line: &str, host: &str) -> Answer {
    let answers = server.talk(format!(
        "{line} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-For: 10.1.2.3\r\nConnection: close\r\n\r\n"
    ));
    assert_eq!(answers.len(), 1, "{line}: {answers:?}");
    answers.into_iter().next().expect("an answer")
}

fn redirecting(port: u16) -> Server<Hall> {
    Server::changed(|service| {
        service.trusted = ["127.0.0.0/8".parse().expect("a network")].into();
        service.redirect = Some(Redirect {
            port,
            open: &["/echo/"],
        });
    })
}

#[test]
fn reading_is_sent_to_the_same_address_with_tls() {
    let table = [
        (
            443,
            "GET /hello",
            "hadir.local",
            "https://hadir.local/hello",
        ),
        (
            443,
            "GET /hello",
            "hadir.local:80",
            "https://hadir.local/hello",
        ),
        (
            8443,
            "GET /a/b?c=d%20e",
            "10.0.0.5:8080",
            "https://10.0.0.5:8443/a/b?c=d%20e",
        ),
        (443, "GET /", "[fd00::1]:80", "https://[fd00::1]/"),
    ];
    for (port, line, host, to) in table {
        let answer = from_afar(&redirecting(port), line, host);
        assert_eq!((answer.status, answer.header("location")), (308, Some(to)));
    }
}

#[test]
fn what_changes_something_is_refused_and_not_sent_on() {
    let answer = from_afar(&redirecting(443), "POST /act", "hadir.local");
    assert_eq!(answer.status, 403);
    assert_eq!(answer.json()["error"]["code"], "tls_required");
}

#[test]
fn this_machine_and_the_open_paths_are_answered() {
    let server = redirecting(443);
    assert!(server.is_well());
    assert_eq!(from_afar(&server, "GET /echo/a", "hadir.local").status, 200);
}

#[test]
fn a_name_that_cannot_be_one_is_not_repeated() {
    for host in ["", "a b", "evil\"><script>", "a/b", "a@b"] {
        let answer = from_afar(&redirecting(443), "GET /hello", host);
        assert_eq!(answer.status, 400, "{host:?}");
        assert_eq!(answer.header("location"), None, "{host:?}");
    }
}

/// A listener that speaks TLS, and what a client must trust.
fn speaking() -> (Server<Hall>, TlsConnector) {
    let mut entropy = Seeded::new(&Seed::from_system().expect("seed"));
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    let now = Timestamp::from_millis(i64::try_from(since.as_millis()).expect("fits"));
    let authority = Authority::create("hadir of the test", now, &mut entropy).expect("authority");
    let names = Names::read(["hadir.local"]).expect("names");
    let certificate = authority
        .issue(&names, now, &mut entropy)
        .expect("certificate");
    let tls = tls::Server::new(&certificate).expect("server");
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(authority.certificate().to_vec()))
        .expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let server = Server::changed(|service| {
        service.tls = Some(tls.acceptor());
        service.limits.header = Duration::from_millis(300);
        service.redirect = Some(Redirect {
            port: 443,
            open: &[],
        });
    });
    (server, TlsConnector::from(Arc::new(config)))
}

async fn over_tls(server: &Server<Hall>, client: &TlsConnector, path: &str) -> String {
    let stream = TcpStream::connect(server.address).await.expect("connect");
    let name = ServerName::try_from("hadir.local").expect("a name");
    let mut stream = client.connect(name, stream).await.expect("a handshake");
    let request = format!("GET {path} HTTP/1.1\r\nHost: hadir.local\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}

fn run(work: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work);
}

#[test]
fn the_same_routes_are_served_over_tls_and_know_it() {
    let (server, client) = speaking();
    run(async {
        let answer = over_tls(&server, &client, "/echo/a").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("\"secure\":true"), "{answer}");
        let page = over_tls(&server, &client, "/page").await;
        assert!(
            page.len() > super::server::PAGE_BYTES,
            "a long answer comes whole"
        );
    });
}

#[test]
fn broken_handshakes_are_cut_off_and_leave_the_rest_alone() {
    let (server, client) = speaking();
    run(async {
        for begin in [
            &b"\x16"[..],
            b"\x16\x03\x01\xff\xff",
            b"\x16\x03\x01\x00\x05hello",
            b"",
        ] {
            let mut stream = TcpStream::connect(server.address).await.expect("connect");
            stream.write_all(begin).await.expect("write");
            let mut rest = Vec::new();
            // It ends only because the server closes.
            let ended = tokio::time::timeout(LONG, stream.read_to_end(&mut rest)).await;
            assert!(ended.is_ok(), "{begin:?}");
        }
        assert!(
            over_tls(&server, &client, "/hello")
                .await
                .starts_with("HTTP/1.1 200")
        );
    });
}

#[test]
fn http_on_the_port_of_tls_is_sent_to_it() {
    let (server, _) = speaking();
    assert!(server.is_well(), "this machine itself is answered");
    // Without a trusted proxy, words of one make the request one from elsewhere.
    let answer = from_afar(&server, "GET /hello", "hadir.local");
    assert_eq!(
        (answer.status, answer.header("location")),
        (308, Some("https://hadir.local/hello"))
    );
}
