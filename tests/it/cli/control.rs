//! Commands through the running daemon's control socket and, while none runs, under the store's
//! lock: the same commands, the same answers, never two writers.

use crate::support::LONG;
use crate::support::boxed::TestBox;
use crate::support::eventually;
use crate::support::program::text;
use hadir::base::json::{Value, decode, json};
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

fn names(list: &Value) -> Vec<&str> {
    let people = list["people"].as_array().expect("people");
    people
        .iter()
        .map(|p| p["name"].as_str().expect("a name"))
        .collect()
}

/// Everything that the commands can do to people, events and tickets, in one order.
fn exercise(subject: &TestBox) {
    let sinta = subject.json(&[
        "person",
        "add",
        "Sinta Dewi",
        "--number",
        "2026-1",
        "--class",
        "X-1",
    ]);
    let budi = subject.json(&[
        "person",
        "add",
        "Budi",
        "--role",
        "teacher",
        "--email",
        "budi@sma.id",
    ]);
    assert_ne!(sinta["person"], budi["person"]);
    let list = subject.json(&["person", "list"]);
    assert_eq!(names(&list), ["Sinta Dewi", "Budi"]);
    assert_eq!(list["people"][0]["class"], "X-1");
    assert_eq!(list["people"][1]["role"], "teacher");
    let event = subject.json(&["event", "add", "Wisuda", "--capacity", "2"]);
    let event = event["event"].as_str().expect("an id");
    let ticket = subject.json(&["ticket", "add", event, "--person", "2026-1"]);
    let file = subject.scratch.path(&format!(
        "{}.png",
        ticket["ticket"].as_str().expect("an id")
    ));
    let name = file.display().to_string();
    subject.json(&[
        "ticket",
        "qr",
        ticket["ticket"].as_str().expect("an id"),
        &name,
    ]);
    let picture = hadir::vision::frame::Frame::decode(&std::fs::read(&file).expect("a file"));
    let codes = hadir::vision::code::find_codes(&picture.expect("a picture").luma());
    assert_eq!(codes, [ticket["code"].as_str().expect("a code")]);
    subject.json(&["event", "close", event]);
    assert_eq!(
        subject.json(&["event", "list"])["events"][0]["state"],
        "closed"
    );
    subject.json(&["person", "erase", "2026-1"]);
    assert_eq!(names(&subject.json(&["person", "list"])), ["Budi"]);
    assert_eq!(subject.json(&["key", "status"])["fits"], true);
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
}

fn refusals(subject: &TestBox) {
    let table: [(&[&str], &str); 6] = [
        (
            &["person", "erase", "nobody"],
            "nobody has the id or number",
        ),
        (&["person", "add", "X", "--email", "no address"], "e-mail"),
        (&["person", "add", "\u{202E}X"], "name"),
        (&["event", "close", "01KANCJ2G0000000000000000A"], "event"),
        (&["ticket", "add", "01KANCJ2G0000000000000000A"], "event"),
        (&["face", "remove", "01KANCJ2G0000000000000000A"], "person"),
    ];
    for (arguments, says) in table {
        let (status, said) = subject.refused(arguments);
        assert_eq!(status, Some(1), "{arguments:?}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn without_a_daemon_commands_work_under_the_lock() {
    let subject = TestBox::new("");
    exercise(&subject);
    refusals(&subject);
    let (status, said) = subject.refused(&["status"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("no daemon listens on"), "{said}");
}

#[test]
fn with_a_daemon_commands_go_through_its_socket() {
    let subject = TestBox::new("");
    let mut daemon = subject.serve();
    exercise(&subject);
    refusals(&subject);
    assert_eq!(subject.json(&["status"])["ready"], true);
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    // What was done through the socket is there for the direct commands.
    assert_eq!(names(&subject.json(&["person", "list"])), ["Budi"]);
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
}

#[test]
fn a_socket_that_is_asked_for_must_answer() {
    let subject = TestBox::new("");
    let (status, said) = subject.refused(&["person", "list", "--socket", "/nonexistent.sock"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("/nonexistent.sock"), "{said}");
}

#[test]
fn rotating_the_key_goes_on_under_the_daemon() {
    let subject = TestBox::new("");
    let key = subject.scratch.path("master.key");
    let before = std::fs::read(&key).expect("a key");
    let _daemon = subject.serve();
    subject.json(&["person", "add", "Sinta"]);
    subject.json(&["key", "rotate"]);
    assert_ne!(std::fs::read(&key).expect("a key"), before);
    assert_eq!(names(&subject.json(&["person", "list"])), ["Sinta"]);
    assert_eq!(subject.json(&["key", "status"])["fits"], true);
}

#[test]
fn a_key_is_never_made_over_another_and_a_missing_one_is_final() {
    let subject = TestBox::new("");
    let (status, said) = subject.refused(&["key", "init"]);
    assert_eq!(status, Some(78));
    assert!(said.contains("already"), "{said}");
    subject.json(&["person", "add", "Sinta"]);
    let key = subject.scratch.path("master.key");
    std::fs::rename(&key, subject.scratch.path("elsewhere")).expect("move");
    for arguments in [&["serve"][..], &["person", "list"]] {
        let (status, said) = subject.refused(arguments);
        assert_eq!(status, Some(78), "{said}");
        assert!(said.contains("master.key"), "{said}");
    }
    // Another key is refused as well, and nothing has been changed by the tries.
    assert!(subject.run(&["key", "init"]).status.success());
    assert_eq!(subject.refused(&["person", "list"]).0, Some(78));
    std::fs::rename(subject.scratch.path("elsewhere"), &key).expect("move back");
    assert_eq!(names(&subject.json(&["person", "list"])), ["Sinta"]);
}

/// Sends bytes to the socket and returns what comes back.
fn send(path: &Path, bytes: &[u8]) -> Vec<u8> {
    let mut stream = UnixStream::connect(path).expect("connect");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("limit");
    // The daemon may refuse before everything is written.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn the_socket_is_the_owner_s_alone_and_takes_only_whole_commands() {
    let subject = TestBox::new("");
    let mut daemon = subject.serve();
    let path = subject.scratch.path("control.sock");
    let mode = std::fs::metadata(&path)
        .expect("the socket")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let whole = json!({"command": "person_add", "name": "Half", "role": "user",
        "number": null, "email": null, "class": null})
    .to_string();
    let deep = "[".repeat(100_000);
    let long = "x".repeat(3 * 1024 * 1024);
    for bytes in ["", "\n", "{}\n", "nonsense\n", &whole, &deep, &long] {
        let answer = send(&path, bytes.as_bytes());
        let refused = answer.is_empty() || String::from_utf8_lossy(&answer).contains("refused");
        assert!(
            refused,
            "{}: {}",
            &bytes[..bytes.len().min(40)],
            text(&answer)
        );
    }
    assert!(
        names(&subject.json(&["person", "list"])).is_empty(),
        "half a command did nothing"
    );
    let answer: Value = decode(&send(&path, format!("{whole}\n").as_bytes()), 65536).expect("json");
    assert!(answer["done"]["person"].is_string(), "{answer}");
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    assert!(!path.exists(), "the socket goes with the daemon");
}

/// Clients that connect and say nothing take no place for ever, and others get their turn.
#[test]
fn many_commands_at_once_all_get_an_answer() {
    let subject = TestBox::new("");
    let _daemon = subject.serve();
    let path = subject.scratch.path("control.sock");
    let threads: Vec<_> = (0..16)
        .map(|i| {
            let path = path.clone();
            std::thread::spawn(move || {
                let line = json!({"command": "person_add", "name": format!("P{i}"), "role": "user",
                    "number": null, "email": null, "class": null});
                let answer = send(&path, format!("{line}\n").as_bytes());
                String::from_utf8_lossy(&answer).contains("done")
            })
        })
        .collect();
    assert!(threads.into_iter().all(|t| t.join().expect("a thread")));
    assert_eq!(names(&subject.json(&["person", "list"])).len(), 16);
}

#[test]
fn a_socket_that_a_killed_daemon_left_is_replaced() {
    let subject = TestBox::new("");
    let mut daemon = subject.serve();
    daemon.running.signal("KILL");
    daemon.running.end();
    assert!(subject.scratch.path("control.sock").exists());
    // Nobody listens there, so a direct command works.
    assert!(names(&subject.json(&["person", "list"])).is_empty());
    let daemon = subject.serve();
    assert_eq!(subject.json(&["status"])["status"], "good");
    daemon.running.signal("TERM");
    eventually(LONG, "the socket goes", || {
        !subject.scratch.path("control.sock").exists()
    });
}
