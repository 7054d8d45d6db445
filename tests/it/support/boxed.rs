//! A box in a scratch directory: a configuration with a free port, a master key, and the built
//! program to run on it, as a daemon or command by command.

use crate::support::program::{Running, command, config, run_with, text};
use crate::support::scratch::Scratch;
use hadir::base::json::{Value, decode};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Output};
use std::time::Duration;

/// The box.
pub struct TestBox {
    /// Its directory.
    pub scratch: Scratch,
    file: String,
}

impl TestBox {
    /// A box with its key made, and `more` at the end of its configuration.
    pub fn new(more: &str) -> Self {
        let fresh = Self::without_key(more);
        let made = fresh.run(&["key", "init"]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        fresh
    }

    /// A box whose key has not been made.
    pub fn without_key(more: &str) -> Self {
        let scratch = Scratch::new();
        let file = config(scratch.dir(), more).display().to_string();
        Self { scratch, file }
    }

    /// A command on this box.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(&[arguments, &["--config", &self.file]].concat())
    }

    /// Runs a command on this box to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        run_with(self.command(arguments), "")
    }

    /// Runs a command that must succeed, and reads the JSON it prints.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        decode(&output.stdout, 1024 * 1024).expect("json")
    }

    /// Runs a command that must fail, and returns its status and what it says.
    pub fn refused(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(arguments);
        assert!(
            !output.status.success(),
            "{arguments:?}: {}",
            text(&output.stdout)
        );
        (output.status.code(), text(&output.stderr))
    }

    /// Starts the daemon and waits until it serves.
    pub fn serve(&self) -> Daemon {
        self.serve_with(|_| {})
    }

    /// Starts the daemon with changes to its command.
    pub fn serve_with(&self, change: impl FnOnce(&mut Command)) -> Daemon {
        let mut command = self.command(&["serve"]);
        change(&mut command);
        let mut running = Running::start(command);
        running.wait_for("event=started");
        Daemon { running }
    }
}

/// The address in the line in which a daemon tells where it listens.
pub fn listener(written: &str) -> String {
    let mut lines = written.lines();
    let rest = lines.find_map(|l| l.split("Listening on ").nth(1));
    let address = rest.expect("a listener").split_whitespace().next();
    address
        .expect("an address")
        .trim_end_matches('.')
        .to_owned()
}

/// A daemon that serves.
pub struct Daemon {
    /// The process.
    pub running: Running,
}

impl Daemon {
    /// The address that it listens on.
    pub fn address(&self) -> String {
        listener(&self.running.written())
    }

    /// Sends `GET path` and returns the status and the body.
    pub fn get(&self, path: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(self.address()).expect("connect");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("limit");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: box\r\nConnection: close\r\n\r\n"
        )
        .expect("write");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .expect("a status");
        let body = answer.split("\r\n\r\n").nth(1).expect("a body");
        (status, decode(body.as_bytes(), 65536).expect("json"))
    }
}
