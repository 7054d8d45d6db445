//! A daemon with TLS: its own authority, which a device fetches and then trusts; limits that
//! the configuration sets.

use crate::support::boxed::{Daemon, TestBox};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const MORE: &str = "[[listener]]\naddress = \"127.0.0.1:0\"\ntls = \"box\"\n";

/// The addresses of the listeners, in their order.
fn addresses(daemon: &Daemon) -> Vec<String> {
    let written = daemon.running.written();
    let told = written.split("Listening on ").skip(1);
    let address = |rest: &str| {
        rest.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    told.map(|rest| address(rest).trim_end_matches('.').to_owned())
        .collect()
}

fn exchange(mut stream: impl std::io::Read + std::io::Write, path: &str, lines: &str) -> Vec<u8> {
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}Connection: close\r\n\r\n"
    )
    .expect("write");
    let mut answer = Vec::new();
    // The end of a TLS stream may come without a farewell.
    let _ = stream.read_to_end(&mut answer);
    answer
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("connect");
    let limit = Some(Duration::from_secs(30));
    stream.set_read_timeout(limit).expect("a limit");
    stream
}

fn body(answer: &[u8]) -> &[u8] {
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n");
    &answer[end.expect("a head") + 4..]
}

fn over_tls(address: &str, authority: &[u8], path: &str) -> String {
    over_tls_as("localhost", address, authority, path)
}

/// Asks a box that is called by this name, and believes it only if its certificate has it.
fn over_tls_as(name: &'static str, address: &str, authority: &[u8], path: &str) -> String {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from(authority.to_vec());
    roots.add(authority).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name).expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let answer = exchange(StreamOwned::new(client, connect(address)), path, "");
    String::from_utf8(answer).expect("text")
}

#[test]
fn a_device_fetches_the_authority_and_then_trusts_the_box() {
    let subject = TestBox::new(MORE);
    let daemon = subject.serve();
    let [plain, secure] = &*addresses(&daemon) else {
        panic!("{}", daemon.running.written())
    };
    let authority = exchange(connect(plain), "/trust/hadir.crt", "");
    assert!(
        authority.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&authority)
    );
    let answer = over_tls(secure, body(&authority), "/ready");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn the_authority_survives_a_restart() {
    let subject = TestBox::new(MORE);
    let fetch = || {
        let mut daemon = subject.serve();
        let answer = exchange(connect(&addresses(&daemon)[0]), "/trust/hadir.crt", "");
        daemon.running.signal("TERM");
        assert!(daemon.running.end().success());
        body(&answer).to_vec()
    };
    let first = fetch();
    assert!(first.len() > 200);
    assert_eq!(fetch(), first);
}

#[test]
fn a_certificate_that_is_missing_stops_the_start() {
    let more = "[[listener]]\naddress = \"127.0.0.1:0\"\ntls = { cert = \"/nonexistent/c.pem\", key = \"file:/nonexistent/k.pem\" }\n";
    let (status, said) = TestBox::new(more).refused(&["serve"]);
    assert_eq!(status, Some(78), "{said}");
    assert!(said.contains("/nonexistent/c.pem"), "{said}");
}

#[test]
fn a_mistake_in_the_limits_is_named() {
    let (status, said) =
        TestBox::without_key("[limits]\nlogin = \"often\"\n").refused(&["check-config"]);
    assert_eq!(status, Some(78), "{said}");
    assert!(
        said.contains("limits.login: \"often\" is not allowed"),
        "{said}"
    );
}

/// What the configuration calls the box stands in its certificate as well.
#[test]
fn a_name_of_the_configuration_is_in_the_certificate() {
    let subject = TestBox::new(&format!(
        "{MORE}[tls]\nnames = [\"presensi.sekolah.lan\"]\n"
    ));
    let daemon = subject.serve();
    let [plain, secure] = &*addresses(&daemon) else {
        panic!("{}", daemon.running.written())
    };
    let authority = exchange(connect(plain), "/trust/hadir.crt", "");
    let answer = over_tls_as("presensi.sekolah.lan", secure, body(&authority), "/ready");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
