//! Start, answers, stop.

use crate::support::boxed::TestBox;
use crate::support::program::text;
use crate::support::{LONG, eventually};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

#[test]
fn a_good_box_says_so() {
    let subject = TestBox::new("");
    let daemon = subject.serve();
    let (status, health) = daemon.get("/health");
    assert_eq!(status, 200);
    for (key, want) in [
        ("status", "good"),
        ("store", "good"),
        ("faces", "on"),
        ("disk", "good"),
    ] {
        assert_eq!(health[key], want, "{health}");
    }
    assert_eq!(daemon.get("/ready").0, 200);
    let (status, missing) = daemon.get("/api/v1/nothing");
    assert_eq!(status, 404);
    assert_eq!(missing["error"]["code"], "missing");
    assert_eq!(missing["error"]["request"].as_str().map(str::len), Some(26));
}

#[test]
fn both_signals_stop_it_in_order() {
    for signal in ["TERM", "INT"] {
        let subject = TestBox::new("");
        let mut daemon = subject.serve();
        daemon.running.signal(signal);
        assert!(daemon.running.end().success(), "{signal}");
        let written = daemon.running.wait_for("event=stopped");
        assert!(written.contains("event=stopping"), "{written}");
        assert!(!written.contains("stop_incomplete"), "{written}");
        // The checkpoint has emptied the log.
        let left =
            std::fs::metadata(subject.scratch.path("store/hadir.db-wal")).map_or(0, |d| d.len());
        assert_eq!(left, 0);
    }
}

#[test]
fn a_stop_waits_for_no_idle_connection() {
    let subject = TestBox::new("");
    let mut daemon = subject.serve();
    let mut idle = TcpStream::connect(daemon.address()).expect("connect");
    write!(idle, "GET /health HTTP/1.1\r\nHost: box\r\n\r\n").expect("write");
    let mut first = [0; 15];
    idle.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let _silent = TcpStream::connect(daemon.address()).expect("connect");
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    assert!(
        !daemon.running.written().contains("cut off"),
        "{}",
        daemon.running.written()
    );
}

#[test]
fn a_second_instance_on_the_same_store_is_refused() {
    let subject = TestBox::new("");
    let daemon = subject.serve();
    let (status, said) = subject.refused(&["serve"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("another hadir has the store open"), "{said}");
    assert_eq!(daemon.get("/health").0, 200, "the first one goes on");
    assert_eq!(
        subject.json(&["status"])["ready"],
        true,
        "and keeps its socket"
    );
}

#[test]
fn a_port_in_use_names_the_key_to_change() {
    let busy = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = busy.local_addr().expect("address");
    let subject = TestBox::new(&format!("[[listener]]\naddress = \"{address}\"\n"));
    let (status, said) = subject.refused(&["serve"]);
    assert_eq!(status, Some(78));
    assert!(
        said.contains(&format!(
            "{address} is used by another program; change listener.1.address"
        )),
        "{said}"
    );
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let subject = TestBox::new("");
    let mut daemon = subject.serve();
    subject.json(&["person", "add", "Sinta"]);
    daemon.running.signal("KILL");
    daemon.running.end();
    let _daemon = subject.serve();
    assert_eq!(
        subject.json(&["person", "list"])["people"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
}

/// A folder as the box's camera: pictures of nobody decide nothing, and the state is shown.
#[test]
fn a_folder_is_a_camera() {
    let camera = crate::support::scratch::Scratch::new();
    let picture = crate::support::program::root().join("tests/reference/none_320x240.jpg");
    camera.write("a.jpg", std::fs::read(picture).expect("a picture"));
    let subject = TestBox::new(&format!(
        "[camera]\nsource = \"files:{}\"\npause_ms = 20\n",
        camera.dir().display()
    ));
    let mut daemon = subject.serve();
    let state = |health: &hadir::base::json::Value| health["cameras"][0]["state"].clone();
    eventually(LONG, "the camera is on", || {
        state(&daemon.get("/health").1) == "on"
    });
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
}

#[test]
fn the_log_can_be_json() {
    let subject = TestBox::new("[log]\nform = \"json\"\n");
    let mut running = crate::support::program::Running::start(subject.command(&["serve"]));
    let written = running.wait_for("\"HADIR_EVENT\":\"started\"");
    for line in written.lines() {
        let value: hadir::base::json::Value =
            hadir::base::json::decode(line.as_bytes(), 65536).expect("a line of JSON");
        assert!(
            value["message"].is_string() && value["level"].is_string(),
            "{line}"
        );
    }
    running.signal("TERM");
    assert!(running.end().success());
}

#[test]
fn slow_a_silent_client_is_cut_off() {
    let subject = TestBox::new("");
    let daemon = subject.serve();
    let mut slow = TcpStream::connect(daemon.address()).expect("connect");
    slow.set_read_timeout(Some(Duration::from_secs(30)))
        .expect("limit");
    slow.write_all(b"GET /health HTTP/1.1\r\nHost:")
        .expect("write");
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).expect("the daemon closes");
    assert!(!text(&answer).contains("200"));
    assert_eq!(daemon.get("/health").0, 200);
}
