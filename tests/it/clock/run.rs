//! The daemon with a clock that is wrong, leaps, and is set right, killed in between. A library
//! stands before the system's clock; the time since the box was started is the true one.

use crate::ops::client::{Answer, Client, pair, person};
use crate::support::boxed::{Daemon, TestBox};
use crate::support::program::root;
use crate::support::{LONG, eventually};
use hadir::base::json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

/// A box of which the test sets the clock.
struct Wrong {
    subject: TestBox,
    library: PathBuf,
}

impl Wrong {
    fn new() -> Self {
        let subject = TestBox::new("");
        person(&subject, "kepala", "admin");
        let library = subject.scratch.path("clock.so");
        let built = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .args([&library, &root().join("tests/it/ops/clock.c")])
            .status();
        assert!(built.expect("a C compiler").success());
        Self { subject, library }
    }

    /// The clock goes by this many seconds more than the true one from now on.
    fn put(&self, seconds: i64) {
        let new = self.subject.scratch.path("clock.new");
        std::fs::write(&new, seconds.to_string()).expect("write");
        std::fs::rename(new, self.subject.scratch.path("clock")).expect("rename");
    }

    /// The daemon, in this start of the box.
    fn serve(&self, boot: char) -> Daemon {
        self.subject.serve_with(|command| {
            command.env("LD_PRELOAD", &self.library);
            command.env("HADIR_TEST_CLOCK", self.subject.scratch.path("clock"));
            command.env("HADIR_BOOT", boot.to_string().repeat(32));
        })
    }

    fn kill(daemon: &mut Daemon) {
        daemon.running.signal("KILL");
        assert!(!daemon.running.end().success());
    }
}

/// 1970, whenever the test runs: the true time is about 56 years after.
const WOKEN_S: i64 = -56 * 365 * 86_400;

fn enter(client: &Client, person: &str, nonce: char) -> Answer {
    let body = json!({
        "nonce": format!("01JD5Z3N8GQ4X6V7W8Y9Z0A1C{nonce}"),
        "occasion": "today",
        "person": person,
    });
    let answer = client.ask("POST", "/api/v1/check-ins", &body.to_string());
    assert!(answer.status < 300, "{}", answer.body);
    answer
}

fn find(client: &Client, nonce: char) -> Value {
    let path = format!("/api/v1/check-ins/01JD5Z3N8GQ4X6V7W8Y9Z0A1C{nonce}");
    client.ask("GET", &path, "").body
}

#[test]
fn decisions_of_a_box_that_woke_in_1970_are_corrected_after_a_kill_and_the_truth() {
    let wrong = Wrong::new();
    let sinta = wrong.subject.json(&["person", "add", "Sinta"]);
    let sinta = sinta["person"].as_str().expect("an id").to_owned();
    wrong.put(WOKEN_S);
    let mut daemon = wrong.serve('a');
    assert_eq!(daemon.get("/health").1["clock"], "unsynced");
    daemon.running.wait_for("event=clock_unsynced");
    let (_, token) = pair(&wrong.subject, &daemon.address(), "desk");
    let desk = Client::device(&daemon.address(), &token);
    enter(&desk, &sinta, '1');
    let made = find(&desk, '1');
    assert_eq!(made["advisory"], "clock_unsynced", "{made}");
    Wrong::kill(&mut daemon);

    let mut daemon = wrong.serve('a');
    let desk = Client::device(&daemon.address(), &token);
    assert_eq!(
        find(&desk, '1'),
        made,
        "what was acknowledged is there, provisional"
    );
    // The truth is an hour later than the box thinks. It is told while the box runs, and the daemon is killed at any moment of
    // what follows: the next one goes on.
    wrong.put(3_600);
    eventually(LONG, "the clock is right", || {
        daemon.get("/health").1["clock"] == "synced"
    });
    Wrong::kill(&mut daemon);
    let daemon = wrong.serve('a');
    let desk = Client::device(&daemon.address(), &token);
    eventually(LONG, "the decision is corrected", || {
        find(&desk, '1') != made
    });
    let now = find(&desk, '1');
    assert!(now["advisory"].is_null(), "{now}");
    let later = now["at_ms"].as_i64().zip(made["at_ms"].as_i64());
    let later = later.map(|(now, made)| (now - made) / 60_000);
    assert!(matches!(later, Some(59..=60)), "{now}");
    assert_eq!(now["verdict"], made["verdict"]);
    let verified = wrong.subject.json(&["audit", "verify"]);
    assert_eq!(verified["whole"], true);
    drop(daemon);
    // Nothing is left to do in the next start.
    let mut daemon = wrong.serve('b');
    daemon.running.signal("TERM");
    daemon.running.end();
    let written = daemon.running.written();
    assert!(!written.contains("event=clock_settled"), "{written}");
}

#[test]
fn a_time_that_staff_have_set_outlives_the_daemon_and_ends_with_the_truth() {
    let wrong = Wrong::new();
    wrong.put(WOKEN_S);
    let mut daemon = wrong.serve('a');
    let (device, token) = pair(&wrong.subject, &daemon.address(), "desk");
    let desk = Client::device(&daemon.address(), &token);
    let shown = desk.ask("GET", "/api/v1/clock", "").body["now_ms"].as_i64();
    let ahead = 3 * 3_600_000;
    let wanted = shown.expect("a time") + ahead;
    let body = json!({"now_ms": wanted}).to_string();
    let answer = desk.ask("PUT", "/api/v1/clock", &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    Wrong::kill(&mut daemon);

    let daemon = wrong.serve('a');
    let desk = Client::device(&daemon.address(), &token);
    let now = desk.ask("GET", "/api/v1/clock", "").body;
    assert!(now["now_ms"].as_i64() >= Some(wanted), "{now}");
    assert_eq!(now["set"]["by"], format!("device:{device}"));
    assert_eq!(now["synced"], false);
    // The truth is later than what staff said, by a day.
    wrong.put(86_400);
    eventually(LONG, "what was set has ended", || {
        let now = desk.ask("GET", "/api/v1/clock", "").body;
        now["synced"] == true && now["set"].is_null()
    });
}

#[test]
fn a_clock_that_leaps_while_the_box_runs_loses_nothing() {
    let wrong = Wrong::new();
    wrong.put(0);
    let mut daemon = wrong.serve('a');
    let clock = |daemon: &Daemon| daemon.get("/health").1["clock"].as_str().map(str::to_owned);
    assert_eq!(clock(&daemon).as_deref(), Some("synced"));
    // Two hours back: not followed, not believed.
    wrong.put(-7_200);
    daemon.running.wait_for("event=clock_unsynced");
    assert_eq!(clock(&daemon).as_deref(), Some("unsynced"));
    // Right again, then a day forward: believed and told.
    wrong.put(0);
    daemon.running.wait_for("event=clock_synced");
    wrong.put(86_400);
    daemon.running.wait_for("event=clock_leapt");
    assert_eq!(clock(&daemon).as_deref(), Some("synced"));
    assert_eq!(daemon.get("/ready").0, 200);
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
}
