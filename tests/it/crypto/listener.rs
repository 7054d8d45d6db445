//! The built program behind TLS: with the box's own certificate, and with one that was brought.

use crate::support::boxed::TestBox;
use crate::support::scratch::Scratch;
use hadir::app::tls::Brought;
use hadir::host::credential::Place;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const REQUEST: &str = "GET /health HTTP/1.1\r\nHost: box\r\nConnection: close\r\n\r\n";

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("connect");
    let limit = Some(Duration::from_secs(30));
    stream.set_read_timeout(limit).expect("limit");
    stream
}

/// Asks over TLS as a device that trusts `authority`; the answer's beginning, or the refusal.
fn ask(address: &str, authority: &[u8]) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    let trusted = CertificateDer::from(authority.to_vec());
    roots.add(trusted).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").expect("name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("connection");
    let mut stream = StreamOwned::new(connection, connect(address));
    let mut answer = [0; 15];
    let told = |e: std::io::Error| e.to_string();
    stream.write_all(REQUEST.as_bytes()).map_err(told)?;
    stream.read_exact(&mut answer).map_err(told)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What a plain listener of the box gives for a path: its body.
fn get(address: &str, path: &str) -> Vec<u8> {
    let mut stream = connect(address);
    let request = format!("GET {path} HTTP/1.1\r\nHost: box\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("write");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let head = answer.windows(4).position(|w| w == b"\r\n\r\n");
    let status = String::from_utf8_lossy(&answer[..15]).into_owned();
    assert_eq!(status, "HTTP/1.1 200 OK", "{path}");
    answer.split_off(head.expect("a head") + 4)
}

/// The addresses that a daemon told, in the order of its configuration.
fn listeners(written: &str) -> Vec<String> {
    let told = written
        .lines()
        .filter_map(|l| l.split("Listening on ").nth(1));
    let first = |rest: &str| {
        rest.split_whitespace()
            .next()
            .map(|a| a.trim_end_matches('.').to_owned())
    };
    told.filter_map(first).collect()
}

#[test]
fn a_device_that_took_the_file_from_trust_is_let_in_and_stays_so_after_a_restart() {
    let subject = TestBox::new("[[listener]]\naddress = \"127.0.0.1:0\"\ntls = \"box\"\n");
    let mut authority = Vec::new();
    for run in 0..2 {
        let daemon = subject.serve();
        let [plain, secure] = &listeners(&daemon.running.written())[..] else {
            panic!("two listeners");
        };
        if run == 0 {
            authority = get(plain, "/trust/hadir.crt");
            let pem = String::from_utf8(get(plain, "/trust/hadir.pem")).expect("text");
            assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
        }
        assert_eq!(
            ask(secure, &authority).as_deref(),
            Ok("HTTP/1.1 200 OK"),
            "run {run}"
        );
        let page = String::from_utf8(get(plain, "/trust")).expect("text");
        assert!(
            page.contains("id=\"fingerprint\"") && page.contains("<svg"),
            "{page}"
        );
    }
    let stranger = rcgen::generate_simple_self_signed(["x".to_owned()]).expect("certificate");
    let daemon = subject.serve();
    let secure = &listeners(&daemon.running.written())[1];
    ask(secure, stranger.cert.der()).expect_err("another's authority");
    // The store's folder is closed; what lies in it is sealed all the same.
    for name in ["tls.authority", "tls.certificate"] {
        let mode = std::fs::metadata(subject.scratch.path("store").join(name)).expect(name);
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

/// Writes a certificate for loopback and its key, and gives the certificate.
fn bring(folder: &Path) -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("made");
    std::fs::write(folder.join("own.pem"), made.cert.pem()).expect("write");
    let key = folder.join("own.key");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("write");
    let closed = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(key, closed).expect("closed");
    made.cert.der().to_vec()
}

#[test]
fn a_brought_certificate_is_shown_and_a_torn_one_stops_the_start_with_its_name() {
    let files = Scratch::new();
    let folder = files.dir().display().to_string();
    let subject = TestBox::new(&format!(
        "[[listener]]\naddress = \"127.0.0.1:0\"\ntls = {{ cert = \"{folder}/own.pem\", key = \"file:{folder}/own.key\" }}\n"
    ));
    let own = bring(files.dir());
    {
        let daemon = subject.serve();
        let secure = &listeners(&daemon.running.written())[1];
        assert_eq!(ask(secure, &own).as_deref(), Ok("HTTP/1.1 200 OK"));
    }
    let whole = std::fs::read(files.path("own.pem")).expect("read");
    std::fs::write(files.path("own.pem"), &whole[..whole.len() / 2]).expect("tear");
    let (status, told) = subject.refused(&["serve"]);
    assert_eq!(status, Some(78), "{told}");
    assert!(
        told.contains("own.pem") && told.contains("certificate"),
        "{told}"
    );
    std::fs::write(files.path("own.pem"), &whole).expect("mend");
    std::fs::remove_file(files.path("own.key")).expect("remove");
    let (status, told) = subject.refused(&["serve"]);
    assert_eq!(status, Some(78), "{told}");
    assert!(told.contains("own.key"), "{told}");
}

#[test]
fn changed_files_are_shown_and_torn_ones_told_once() {
    let files = Scratch::new();
    bring(files.dir());
    let (cert, key) = (files.path("own.pem"), files.path("own.key"));
    let brought = Brought::open(&cert, &Place::File(key.clone())).expect("read");
    assert_eq!(brought.refresh(), Ok(false));
    let old_key = std::fs::read(&key).expect("read");
    bring(files.dir());
    assert_eq!(brought.refresh(), Ok(true));
    assert_eq!(brought.refresh(), Ok(false));
    let whole = std::fs::read(&cert).expect("read");
    std::fs::write(&cert, &whole[..100]).expect("tear");
    assert!(brought.refresh().expect_err("torn").contains("own.pem"));
    assert_eq!(brought.refresh(), Ok(false), "told once");
    std::fs::write(&cert, &whole).expect("mend");
    assert_eq!(brought.refresh(), Ok(true));
    std::fs::write(&key, old_key).expect("another's key");
    assert!(
        brought
            .refresh()
            .expect_err("another's key")
            .contains("key")
    );
}
