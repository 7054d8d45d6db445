//! The built program with the surface on a listener of its own.

use crate::support::boxed::{Daemon, TestBox};
use crate::support::program::{run_with, text};
use hadir::base::json::{Value, decode, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

const LISTENER: &str = "[[listener]]\naddress = \"127.0.0.1:0\"\nsurface = \"identity\"\n";

/// The address of the listener of this number.
fn address(daemon: &Daemon, number: usize) -> String {
    let written = daemon.running.written();
    let mut all = written
        .lines()
        .filter_map(|l| l.split("Listening on ").nth(1));
    let address = all.nth(number).expect("a listener");
    address
        .split_whitespace()
        .next()
        .expect("an address")
        .trim_end_matches('.')
        .to_owned()
}

fn ask(address: &str, head: &str, line: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).expect("connect");
    let length = body.len();
    write!(
        stream,
        "{head} HTTP/1.1\r\nhost: box\r\nconnection: close\r\ncontent-length: {length}\r\n{line}\r\n{body}"
    )
    .expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (top, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = top.split(' ').nth(1).and_then(|s| s.parse().ok());
    (
        status.expect("a status"),
        decode(body.as_bytes(), 65536).expect("JSON"),
    )
}

/// A box with an administrator.
fn set_up(more: &str) -> TestBox {
    let subject = TestBox::new(more);
    subject.json(&[
        "person", "add", "Kepala", "--role", "admin", "--number", "1",
    ]);
    let arguments = [
        "person",
        "passwd",
        "1",
        "--login",
        "kepala",
        "--password-stdin",
    ];
    let output = run_with(subject.command(&arguments), "kuda laut biru\n");
    assert!(output.status.success(), "{}", text(&output.stderr));
    subject
}

#[test]
fn an_account_and_its_token_outlive_a_restart() {
    let subject = set_up(&format!(
        "{LISTENER}[surface.identity]\nregistration = \"open\"\n"
    ));
    let kind = "content-type: application/json\r\n";
    let body = json!({"username": "panitia1", "password": "secret"}).to_string();
    let mut daemon = subject.serve();
    let at = address(&daemon, 1);
    let made = ask(&at, "POST /auth/register", kind, &body);
    assert_eq!(
        made,
        (200, json!({"username": "panitia1", "role": "committee"}))
    );
    let (status, given) = ask(&at, "POST /auth/login", kind, &body);
    assert_eq!(status, 200, "{given}");
    let ours = ask(&address(&daemon, 0), "GET /compat/identity/health", "", "");
    assert_eq!(
        ours,
        (200, json!({"status": "ok", "service": "identity-service"}))
    );
    daemon.running.signal("KILL");
    daemon.running.end();
    let mut daemon = subject.serve();
    let at = address(&daemon, 1);
    let token = given["access_token"].as_str().expect("a token");
    let bearer = format!("authorization: Bearer {token}\r\n");
    let me = ask(&at, "GET /auth/me", &bearer, "");
    assert_eq!(
        me,
        (200, json!({"username": "panitia1", "role": "committee"}))
    );
    assert_eq!(ask(&at, "POST /auth/login", kind, &body).0, 200);
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    let written = daemon.running.written();
    assert!(
        !written.contains(token) && !written.contains("panitia1"),
        "{written}"
    );
}

#[test]
fn nobody_registers_where_nothing_is_said() {
    let subject = set_up(LISTENER);
    let daemon = subject.serve();
    let body = json!({"username": "panitia1", "password": "secret"}).to_string();
    let answer = ask(&address(&daemon, 1), "POST /auth/register", "", &body);
    assert_eq!(answer, (403, json!({"detail": "Registration is closed"})));
}

#[test]
fn a_short_secret_and_a_missing_one_stop_the_start() {
    let subject = TestBox::new("");
    let secret = subject.scratch.path("jwt");
    std::fs::write(&secret, "dev-secret\n").expect("a secret");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("chmod");
    for (file, why) in [
        ("jwt", "fewer than 32 bytes"),
        ("nothing", "does not exist"),
    ] {
        let path = subject.scratch.path(file);
        let mut command = subject.command(&["serve"]);
        command.env(
            "HADIR_SURFACE__IDENTITY__JWT_SECRET",
            format!("file:{}", path.display()),
        );
        let output = run_with(command, "");
        let written = text(&output.stderr);
        assert_eq!(output.status.code(), Some(78), "{written}");
        assert!(
            written.contains("surface.identity.jwt_secret") && written.contains(why),
            "{written}"
        );
        assert!(!written.contains("dev-secret"), "{written}");
    }
}
