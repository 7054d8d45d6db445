//! Handshakes on loopback: a client that trusts the box's authority gets through by name and by
//! address, any other does not, and a new certificate is shown without a restart.

use hadir::base::time::{Span, Timestamp};
use hadir::crypto::certificate::{Authority, Certificate, CertificateError, Names};
use hadir::crypto::random::{Seed, Seeded};
use hadir::crypto::tls::Server;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier as _;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

const LIMIT: Duration = Duration::from_secs(20);

fn entropy() -> Seeded {
    Seeded::new(&Seed::from_number(11))
}

/// The time by which the client judges: rustls takes the system's.
fn now() -> Timestamp {
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    Timestamp::from_millis(i64::try_from(since.as_millis()).expect("fits"))
}

fn days(count: i64) -> Span {
    Span::from_seconds(count * 24 * 3600)
}

fn authority(at: Timestamp) -> Authority {
    Authority::create("hadir of the test", at, &mut entropy()).expect("authority")
}

fn issue(authority: &Authority, names: &[&str], at: Timestamp) -> Certificate {
    let names = Names::read(names.iter().copied()).expect("names");
    authority
        .issue(
            &names,
            at,
            &mut Seeded::new(&Seed::from_system().expect("seed")),
        )
        .expect("issue")
}

fn roots(authority: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let der = CertificateDer::from(authority.certificate().to_vec());
    roots.add(der).expect("an authority that clients take");
    roots
}

fn client(authority: &Authority, versions: &[&'static SupportedProtocolVersion]) -> TlsConnector {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots(authority))
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

/// One handshake and one word there and back; gives the certificate that was shown.
async fn meet(server: &Server, client: &TlsConnector, name: &str) -> Result<Vec<u8>, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
    let address = listener.local_addr().expect("address");
    let acceptor = server.acceptor();
    let answering = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("accept");
        let Ok(mut stream) = acceptor.accept(stream).await else {
            return;
        };
        let mut word = [0; 4];
        stream.read_exact(&mut word).await.expect("read");
        stream.write_all(&word).await.expect("write");
        stream.shutdown().await.expect("close");
    });
    let asking = async {
        let stream = TcpStream::connect(address).await.expect("connect");
        let name = ServerName::try_from(name.to_owned()).expect("name");
        let mut stream = client
            .connect(name, stream)
            .await
            .map_err(|e| e.to_string())?;
        let shown = stream.get_ref().1.peer_certificates().expect("shown")[0].to_vec();
        stream.write_all(b"word").await.map_err(|e| e.to_string())?;
        let mut back = String::new();
        stream
            .read_to_string(&mut back)
            .await
            .map_err(|e| e.to_string())?;
        assert_eq!(back, "word");
        Ok(shown)
    };
    let met = tokio::time::timeout(LIMIT, asking).await.expect("in time");
    tokio::time::timeout(LIMIT, answering)
        .await
        .expect("in time")
        .expect("no panic");
    met
}

#[tokio::test]
async fn a_client_that_trusts_the_box_gets_through_by_each_name_and_address() {
    let authority = authority(now());
    let names = ["hadir.local", "hadir", "127.0.0.1", "::1"];
    let server = Server::new(&issue(&authority, &names, now())).expect("server");
    for version in [&TLS12, &TLS13] {
        let client = client(&authority, &[version]);
        for name in names {
            meet(&server, &client, name).await.expect(name);
        }
        for name in ["other.local", "127.0.0.2", "x.hadir.local"] {
            let refused = meet(&server, &client, name).await.expect_err(name);
            assert!(refused.contains("not valid for name"), "{refused}");
        }
    }
}

#[tokio::test]
async fn a_client_that_knows_another_authority_refuses() {
    let (own, other) = (authority(now()), authority(now()));
    let server = Server::new(&issue(&own, &["hadir.local"], now())).expect("server");
    // The names of the two are the same; only the keys differ.
    let refused = meet(&server, &client(&other, &[&TLS13]), "hadir.local").await;
    let refused = refused.expect_err("another's certificate");
    assert!(
        refused.contains("BadSignature") || refused.contains("UnknownIssuer"),
        "{refused}"
    );
}

#[tokio::test]
async fn an_ended_certificate_is_refused_and_a_new_one_shown_without_a_restart() {
    let authority = authority(now());
    let long_ago = Timestamp::from_millis(now().as_millis() - days(400).as_millis());
    let ended = issue(&authority, &["hadir.local"], long_ago);
    let server = Server::new(&ended).expect("server");
    let client = client(&authority, &[&TLS13]);
    let refused = meet(&server, &client, "hadir.local")
        .await
        .expect_err("it ended");
    assert!(refused.contains("expired"), "{refused}");

    let fresh = issue(&authority, &["hadir.local"], now());
    server.replace(&fresh).expect("replace");
    let shown = meet(&server, &client, "hadir.local").await.expect("fresh");
    assert_eq!(shown, fresh.chain()[0]);
}

/// Judged by a given time, as a browser with that clock would.
fn judged(authority: &Authority, shown: &Certificate, at: Timestamp) -> Result<(), String> {
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(roots(authority).into(), provider);
    let name = ServerName::try_from("hadir.local").expect("name");
    let seconds = u64::try_from(at.as_seconds()).expect("after 1970");
    let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let leaf = CertificateDer::from(shown.chain()[0].clone());
    let verified =
        verifier
            .build()
            .expect("verifier")
            .verify_server_cert(&leaf, &[], &name, &[], at);
    verified.map(|_| ()).map_err(|e| e.to_string())
}

#[test]
fn at_no_time_in_ten_years_is_the_certificate_shown_one_that_a_browser_refuses() {
    let begin = Timestamp::from_millis(1_795_000_000_000);
    let authority = authority(begin);
    let names = Names::read(["hadir.local"]).expect("names");
    let mut shown = issue(&authority, &["hadir.local"], begin);
    let mut made = 1;
    for day in 0..3650 {
        let at = begin.plus(days(day));
        if shown.is_due(&names, at) {
            shown = issue(&authority, &["hadir.local"], at);
            made += 1;
        }
        judged(&authority, &shown, at).unwrap_or_else(|e| panic!("day {day}: {e}"));
        // A phone whose clock is half a day behind, too.
        let behind = Timestamp::from_millis(at.as_millis() - days(1).as_millis() / 2);
        judged(&authority, &shown, behind).unwrap_or_else(|e| panic!("day {day}: {e}"));
    }
    assert_eq!(made, 10, "366 days each");
    let refused =
        judged(&authority, &shown, begin.plus(days(4100))).expect_err("the authority ended");
    assert!(refused.contains("expired"), "{refused}");
}

#[test]
fn what_the_authority_issued_cannot_issue() {
    let authority = authority(now());
    let leaf = issue(&authority, &["hadir.local"], now());
    let mut taken = RootCertStore::empty();
    taken
        .add(CertificateDer::from(leaf.chain()[0].clone()))
        .expect("parsed");
    // Even where somebody installed the server's certificate, it authorises itself only.
    let der = &leaf.chain()[0];
    let basic_constraints = [0x06, 0x03, 0x55, 0x1d, 0x13];
    assert!(
        !der.windows(5).any(|w| w == basic_constraints),
        "no authority"
    );
    assert!(
        authority
            .certificate()
            .windows(5)
            .any(|w| w == basic_constraints)
    );
}

fn own_files() -> (String, String) {
    let key = rcgen::KeyPair::generate().expect("key");
    let params = rcgen::CertificateParams::new(vec!["box.example".to_owned()]).expect("params");
    let made = params.self_signed(&key).expect("certificate");
    (made.pem(), key.serialize_pem())
}

#[tokio::test]
async fn own_files_are_shown_and_a_wrong_pair_leaves_the_old_one_in_place() {
    let (certificate, key) = own_files();
    let own = Certificate::from_pem(certificate.as_bytes(), key.as_bytes()).expect("own");
    let authority = authority(now());
    let server = Server::new(&issue(&authority, &["hadir.local"], now())).expect("server");
    let (_, strange) = own_files();
    let wrong = Certificate::from_pem(certificate.as_bytes(), strange.as_bytes()).expect("read");
    assert_eq!(Server::new(&wrong).err(), Some(CertificateError::Mismatch));
    assert_eq!(server.replace(&wrong), Err(CertificateError::Mismatch));
    let trusting = || client(&authority, &[&TLS13]);
    meet(&server, &trusting(), "hadir.local")
        .await
        .expect("the old one");

    server.replace(&own).expect("own");
    // Another client: one that has been here resumes its session and is shown no certificate.
    let refused = meet(&server, &trusting(), "hadir.local").await;
    refused.map(|_| ()).expect_err("not of the authority");
    assert!(
        !own.is_due(&Names::default(), now().plus(days(9999))),
        "it is not ours to renew"
    );
}

#[tokio::test]
async fn plain_http_and_noise_on_the_tls_port_end_the_handshake_only() {
    let authority = authority(now());
    let server = Server::new(&issue(&authority, &["hadir.local"], now())).expect("server");
    for noise in [
        &b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..],
        &[0; 64],
        &[0x16, 3, 1, 255, 255, 1],
    ] {
        let (client, stream) = tokio::io::duplex(1024);
        let (mut reading, mut writing) = tokio::io::split(client);
        let acceptor = server.acceptor();
        let handshake = tokio::spawn(async move { acceptor.accept(stream).await.is_ok() });
        writing.write_all(noise).await.expect("write");
        writing.shutdown().await.expect("end");
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(LIMIT, reading.read_to_end(&mut answer))
            .await
            .expect("ends");
        assert!(!handshake.await.expect("no panic"));
    }
    meet(&server, &client(&authority, &[&TLS13]), "hadir.local")
        .await
        .expect("still there");
}
