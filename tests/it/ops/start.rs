//! What keeps a daemon from starting: one line in the journal that says what and where, and the
//! exit status that tells the service manager whether to try again.

use crate::support::boxed::TestBox;
use crate::support::program::{root, run_with, text};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

/// The lines that tell of something wrong.
fn wrong(written: &str) -> Vec<&str> {
    let loud = |line: &&str| {
        line.contains(" error ") || line.contains(" warning ") || line.starts_with("hadir: ")
    };
    written.lines().filter(loud).collect()
}

/// Starts a daemon that ends by itself: its status and its one line.
fn ends(subject: &TestBox, change: impl FnOnce(&mut Command)) -> (Option<i32>, String) {
    let mut command = subject.command(&["serve"]);
    change(&mut command);
    let output = run_with(command, "");
    let written = text(&output.stderr);
    let lines = wrong(&written);
    assert_eq!(lines.len(), 1, "{written}");
    (output.status.code(), lines[0].to_owned())
}

#[test]
fn a_key_that_others_can_read_is_final() {
    let subject = TestBox::new("");
    let key = subject.scratch.path("master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("chmod");
    let (status, line) = ends(&subject, |_| {});
    assert_eq!(status, Some(78), "{line}");
    assert!(line.contains("event=key_missing"), "{line}");
    assert!(
        line.contains("master.key") && line.contains("644"),
        "{line}"
    );
}

#[test]
fn a_mistake_in_the_configuration_is_final() {
    let subject = TestBox::new("[log]\nlevel = \"info\"\n");
    let path = subject.scratch.path("hadir.toml");
    let old = std::fs::read_to_string(&path).expect("the configuration");
    std::fs::write(&path, old.replace("\"info\"", "\"loud\"")).expect("write");
    let (status, line) = ends(&subject, |_| {});
    assert_eq!(status, Some(78), "{line}");
    assert!(
        line.contains("hadir.toml:") && line.contains("log.level"),
        "{line}"
    );
}

#[test]
fn a_port_that_is_taken_is_final() {
    let busy = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = busy.local_addr().expect("address");
    let subject = TestBox::new(&format!("[[listener]]\naddress = \"{address}\"\n"));
    let (status, line) = ends(&subject, |_| {});
    assert_eq!(status, Some(78), "{line}");
    assert!(line.contains("event=start_refused"), "{line}");
    assert!(
        line.contains(&format!("{address} is used by another program")),
        "{line}"
    );
}

/// Starts a daemon over a store that is no good to it: it is final, and the file stays as it is.
fn refuses_the_store(change: &str, told: &str) {
    let subject = TestBox::new("");
    let mut daemon = subject.serve();
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    let path = subject.scratch.path("store/hadir.db");
    let file = rusqlite::Connection::open(&path).expect("the store");
    file.execute_batch(change).expect("changed");
    drop(file);
    let before = std::fs::read(&path).expect("read");
    let (status, line) = ends(&subject, |_| {});
    assert_eq!(status, Some(78), "{line}");
    assert!(line.contains("event=start_refused"), "{line}");
    assert!(line.contains(told), "{line}");
    assert!(std::fs::read(&path).expect("read") == before);
}

#[test]
fn a_file_of_another_program_is_final() {
    refuses_the_store(
        "PRAGMA application_id = 7;",
        "hadir.db is not a store of hadir",
    );
}

#[test]
fn a_store_of_a_newer_version_is_final() {
    refuses_the_store("PRAGMA user_version = 9999;", "install a newer hadir");
}

/// A disk without room, for a box that has nothing yet: tried again until there is some.
#[test]
fn a_full_disk_at_the_first_start_is_tried_again() {
    let subject = TestBox::new("");
    let program = env!("CARGO_BIN_EXE_hadir");
    let file = subject.scratch.path("hadir.toml").display().to_string();
    // No file may grow beyond 8 KiB; without the trap the signal would end the program.
    let script = format!("trap '' XFSZ; ulimit -f 8; exec {program} serve --config {file}");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(root());
    let output = run_with(command, "");
    let written = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{written}");
    let lines = wrong(&written);
    assert_eq!(lines.len(), 1, "{written}");
    assert!(lines[0].contains("event=ended"), "{written}");
    // With room it starts, as if nothing had been.
    let mut daemon = subject.serve();
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
}

#[test]
fn missing_models_are_one_warning_and_the_box_serves() {
    let subject = TestBox::new("");
    let mut daemon = subject.serve_with(|command| {
        command.current_dir(subject.scratch.dir());
    });
    assert_eq!(daemon.get("/ready").0, 200);
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    let written = daemon.running.written();
    let lines = wrong(&written);
    assert_eq!(lines.len(), 1, "{written}");
    assert!(
        lines[0].contains("event=faces_off") && lines[0].contains(".onnx"),
        "{written}"
    );
}

#[test]
fn a_clock_in_1970_is_one_warning_and_the_box_serves() {
    let subject = TestBox::new("");
    let library = subject.scratch.path("clock.so");
    let built = Command::new("cc")
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .args([&library, &root().join("tests/it/ops/clock.c")])
        .status();
    assert!(built.expect("a C compiler").success());
    let mut daemon = subject.serve_with(|command| {
        command.env("LD_PRELOAD", &library);
        command.env("HADIR_TEST_SECONDS", "60");
    });
    daemon.running.wait_for("event=clock_unsynced");
    assert_eq!(daemon.get("/health").1["clock"], "unsynced");
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    let written = daemon.running.written();
    assert_eq!(wrong(&written).len(), 1, "{written}");
}
