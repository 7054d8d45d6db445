//! `hadir reload`: what is taken over at once, what waits for a restart, what is refused whole.

use crate::ops::client::{Client, person};
use crate::support::boxed::TestBox;
use crate::support::{LONG, eventually};
use hadir::base::json::Value;

/// The configuration's text, changed.
fn edit(subject: &TestBox, change: impl FnOnce(String) -> String) {
    let path = subject.scratch.path("hadir.toml");
    let text = std::fs::read_to_string(&path).expect("the configuration");
    std::fs::write(path, change(text)).expect("write");
}

fn names(value: &Value, key: &str) -> Vec<String> {
    let list = value[key].as_array().expect("a list");
    list.iter()
        .map(|n| n.as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn limits_level_and_rules_are_taken_over_without_a_restart() {
    let subject = TestBox::new("");
    person(&subject, "kepala", "admin");
    let mut daemon = subject.serve();
    let address = daemon.address();
    let stranger = Client::stranger(&address);
    let wrong = r#"{"login":"kepala","password":"salah sekali"}"#;
    assert_eq!(stranger.ask("POST", "/api/v1/session", wrong).status, 401);
    let nothing = subject.json(&["reload"]);
    assert_eq!(
        (
            names(&nothing, "taken").len(),
            names(&nothing, "restart").len()
        ),
        (0, 0)
    );
    edit(&subject, |text| {
        format!("{text}\n[limits]\nlogin = \"1/15m\"\n[attendance]\nlate_after = \"07:45\"\n")
    });
    let told = subject.json(&["reload"]);
    assert_eq!(names(&told, "taken"), ["attendance", "limits"]);
    assert_eq!(names(&told, "restart"), [] as [&str; 0]);
    daemon.running.wait_for("event=reloaded");
    assert_eq!(
        stranger.ask("POST", "/api/v1/session", wrong).status,
        429,
        "at once"
    );
    assert_eq!(daemon.address(), address, "the listeners went on");
    edit(&subject, |text| text.replace("1/15m", "off"));
    subject.json(&["reload"]);
    let client = Client::signed_in(&address, "kepala");
    assert_eq!(client.ask("GET", "/api/v1/session", "").status, 200);
}

#[test]
fn the_level_of_the_log_changes_both_ways() {
    let subject = TestBox::new("");
    let daemon = subject.serve();
    let lines = || daemon.running.written().matches("event=request ").count();
    let level = |text: String, level: &str| format!("{text}\n[log]\nlevel = \"{level}\"\n");
    daemon.get("/api/v1/session");
    eventually(LONG, "a request is told", || lines() == 1);
    edit(&subject, |text| level(text, "warning"));
    assert_eq!(names(&subject.json(&["reload"]), "taken"), ["log.level"]);
    daemon.get("/api/v1/session");
    edit(&subject, |text| text.replace("\"warning\"", "\"info\""));
    subject.json(&["reload"]);
    daemon.get("/api/v1/session");
    eventually(LONG, "requests are told again", || lines() == 2);
}

#[test]
fn what_waits_for_a_restart_is_named_each_time() {
    let subject = TestBox::new("");
    let daemon = subject.serve();
    edit(&subject, |text| {
        format!(
            "{text}\n[[listener]]\naddress = \"127.0.0.1:0\"\n[camera]\nsource = \"files:/pictures\"\n"
        )
    });
    for _ in 0..2 {
        let told = subject.json(&["reload"]);
        assert_eq!(names(&told, "restart"), ["camera", "listener.1 (new)"]);
    }
    let said = subject.run(&["reload"]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("needs a restart: camera\n"), "{said}");
    assert_eq!(daemon.get("/health").0, 200);
}

#[test]
fn a_wrong_configuration_changes_nothing_and_is_named_with_its_line() {
    let subject = TestBox::new("");
    let daemon = subject.serve();
    edit(&subject, |text| {
        format!("{text}\n[attendance]\nlate_after = \"07:45\"\n[log]\nlevel = \"loud\"\n")
    });
    let (status, said) = subject.refused(&["reload"]);
    assert_eq!(status, Some(78), "{said}");
    let line = std::fs::read_to_string(subject.scratch.path("hadir.toml"))
        .expect("the configuration")
        .lines()
        .position(|l| l.contains("loud"))
        .expect("the line")
        + 1;
    assert!(
        said.contains(&format!("hadir.toml:{line}: log.level")),
        "{said}"
    );
    // The daemon's own look says the same, to whoever sends the command past the check.
    let socket = subject.scratch.path("control.sock");
    let mut stream = std::os::unix::net::UnixStream::connect(socket).expect("connect");
    std::io::Write::write_all(&mut stream, b"{\"command\":\"reload\"}\n").expect("write");
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).expect("an answer");
    assert!(
        answer.contains(&format!("hadir.toml:{line}: log.level")),
        "{answer}"
    );
    assert!(!daemon.running.written().contains("event=reloaded"));
    edit(&subject, |text| text.replace("loud", "debug"));
    let told = subject.json(&["reload"]);
    assert_eq!(
        names(&told, "taken"),
        ["attendance", "log.level"],
        "all of it, now"
    );
}

#[test]
fn without_a_daemon_there_is_nothing_to_reload() {
    let subject = TestBox::new("");
    let (status, said) = subject.refused(&["reload"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("no daemon listens on"), "{said}");
}
