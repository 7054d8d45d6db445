//! What the daemon and the commands write for the operator holds no secret, name or template.

use crate::support::boxed::TestBox;
use crate::support::program::{root, text};
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn logs_hold_no_secret() {
    let subject = TestBox::new("[log]\nlevel = \"debug\"\n");
    let mut daemon = subject.serve();
    let person = subject.json(&[
        "person",
        "add",
        "Rahasia Sekali",
        "--number",
        "9911223344",
        "--email",
        "rahasia@sma.id",
    ]);
    let reference = |name: &str| {
        root()
            .join("tests/reference")
            .join(name)
            .display()
            .to_string()
    };
    let pictures = ["p3_a.png", "p3_b.png", "p3_c.png"].map(reference);
    let mut arguments = vec!["face", "enroll", "9911223344"];
    arguments.extend(pictures.iter().map(String::as_str));
    arguments.extend([
        "--consent",
        "paper",
        "--consent-text",
        "v1",
        "--guardian",
        "Wali Murid",
        "--relation",
        "mother",
    ]);
    subject.json(&arguments);
    let event = subject.json(&["event", "add", "Acara Tertutup"]);
    let ticket = subject.json(&[
        "ticket",
        "add",
        event["event"].as_str().expect("an id"),
        "--person",
        "9911223344",
    ]);
    subject.json(&["key", "rotate"]);
    daemon.get("/health");
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    let written = daemon.running.written();
    let key = std::fs::read_to_string(subject.scratch.path("master.key")).expect("the key");
    let secrets = [
        "Rahasia",
        "9911223344",
        "rahasia@sma.id",
        "Wali Murid",
        "Acara Tertutup",
        ticket["code"].as_str().expect("a code"),
    ];
    for secret in secrets
        .into_iter()
        .chain(key.split_whitespace().filter(|w| w.len() > 20))
    {
        assert!(!written.contains(secret), "{secret} in {written}");
    }
    assert!(
        written.contains("event=started"),
        "the log was looked at: {written}"
    );
    assert!(person["person"].is_string());
}

#[test]
fn an_exposed_key_stops_the_start() {
    let subject = TestBox::new("");
    let key = subject.scratch.path("master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("chmod");
    let (status, said) = subject.refused(&["serve"]);
    assert_eq!(status, Some(78));
    assert!(said.contains("master.key"), "{said}");
    let contents = std::fs::read_to_string(&key).expect("the key");
    assert!(!said.contains(contents.trim()));
}

#[test]
fn a_credential_of_the_service_manager_is_taken() {
    let subject = TestBox::new("");
    let credentials = subject.scratch.path("credentials");
    std::fs::create_dir(&credentials).expect("a directory");
    let key = std::fs::read(subject.scratch.path("master.key")).expect("the key");
    std::fs::write(credentials.join("hadir.master-key"), key).expect("a credential");
    let mode = std::fs::Permissions::from_mode(0o400);
    std::fs::set_permissions(credentials.join("hadir.master-key"), mode).expect("chmod");
    let with = |directory: Option<&std::path::Path>| {
        let mut command = subject.command(&["key", "status", "--json"]);
        command.env("HADIR_KEYS__MASTER", "credential:hadir.master-key");
        directory.map(|d| command.env("CREDENTIALS_DIRECTORY", d));
        crate::support::program::run_with(command, "")
    };
    let good = with(Some(&credentials));
    assert!(
        text(&good.stdout).contains("\"fits\":true"),
        "{}",
        text(&good.stderr)
    );
    let none = with(None);
    assert_eq!(none.status.code(), Some(78));
    assert!(
        text(&none.stderr).contains("no credentials were handed over"),
        "{}",
        text(&none.stderr)
    );
}

#[test]
fn the_store_is_the_owner_s_alone() {
    let subject = TestBox::new("");
    let _daemon = subject.serve();
    let mode = |name: &str| {
        let data = std::fs::metadata(subject.scratch.path(name)).expect(name);
        data.permissions().mode() & 0o777
    };
    assert_eq!(mode("store"), 0o700);
    assert_eq!(mode("store/hadir.db"), 0o600);
    assert_eq!(mode("master.key"), 0o600);
}
