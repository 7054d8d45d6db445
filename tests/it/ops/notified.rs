//! READY, STATUS, WATCHDOG, STOPPING: what the service manager hears.

use crate::support::boxed::{TestBox, listener};
use crate::support::program::Running;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// The manager's end: a datagram socket in the box's directory.
struct Manager(UnixDatagram);

impl Manager {
    fn listen(subject: &TestBox) -> Self {
        let socket = UnixDatagram::bind(subject.scratch.path("notify")).expect("bind");
        socket
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("limit");
        Self(socket)
    }

    fn hear(&self) -> String {
        let mut buffer = [0; 1024];
        let n = self.0.recv(&mut buffer).expect("a datagram in time");
        String::from_utf8_lossy(&buffer[..n]).into_owned()
    }

    fn hear_until(&self, wanted: &str) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            heard.push(self.hear());
            if heard.last().is_some_and(|h| h == wanted) {
                return heard;
            }
        }
    }
}

fn start(subject: &TestBox, watchdog_usec: &str) -> Running {
    let mut command = subject.command(&["serve"]);
    command.env("NOTIFY_SOCKET", subject.scratch.path("notify"));
    command.env("WATCHDOG_USEC", watchdog_usec);
    Running::start(command)
}

#[test]
fn the_manager_hears_ready_watchdog_and_stopping_in_order() {
    let subject = TestBox::new("");
    let manager = Manager::listen(&subject);
    let mut running = start(&subject, "3000000");
    let before = manager.hear_until("READY=1");
    assert!(
        before.iter().any(|h| h.starts_with("STATUS=")),
        "{before:?}"
    );
    // What it wrote may come later than what it told: another thread reads it.
    let address = listener(&running.wait_for("Listening on "));
    std::net::TcpStream::connect(address).expect("ready means that it listens");
    for _ in 0..2 {
        manager.hear_until("WATCHDOG=1");
    }
    running.signal("TERM");
    let after = manager.hear_until("STOPPING=1");
    assert!(!after.contains(&"READY=1".to_owned()));
    assert!(running.end().success());
}

#[test]
fn a_daemon_that_cannot_start_is_never_ready() {
    let subject = TestBox::without_key("");
    let manager = Manager::listen(&subject);
    let mut running = start(&subject, "0");
    assert_eq!(running.end().code(), Some(78));
    manager.0.set_nonblocking(true).expect("nonblocking");
    let mut buffer = [0; 1024];
    while let Ok(n) = manager.0.recv(&mut buffer) {
        assert!(
            !buffer[..n].starts_with(b"READY"),
            "it said that it was ready"
        );
    }
}
