//! The processes that are measured: starting them, what they say, what they use.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A box, or what it is compared with. It ends when this is dropped.
pub struct Process {
    child: Child,
    facts: HashMap<String, Vec<String>>,
}

impl Process {
    /// This program with these arguments; waits until it has said `ready`.
    pub fn ours(arguments: &[&str]) -> Self {
        let program = std::env::current_exe().expect("a path");
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut facts: HashMap<String, Vec<String>> = HashMap::new();
        for line in BufReader::new(child.stdout.take().expect("its output")).lines() {
            let line = line.expect("a line");
            match line.split_once(' ') {
                Some((name, fact)) => facts.entry(name.into()).or_default().push(fact.into()),
                None if line == "ready" => break,
                None => panic!("{line}"),
            }
        }
        Self { child, facts }
    }

    /// The service in Python, which knows these tickets, on a free port.
    pub fn uvicorn(program: &str, dir: &Path, codes: &[String]) -> Self {
        let list = dir.join("tickets.txt");
        std::fs::write(&list, codes.join("\n")).expect("a file");
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr());
        let address = free.expect("a port");
        let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/http");
        let child = Command::new(program)
            .args(["baseline:app", "--loop", "uvloop", "--http", "httptools"])
            .args(["--workers", "1", "--log-level", "warning"])
            .args(["--no-access-log", "--port", &address.port().to_string()])
            .arg("--app-dir")
            .arg(app)
            .env("TICKETS", list)
            .spawn()
            .expect("uvicorn");
        while TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        let facts = HashMap::from([("address".into(), vec![address.to_string()])]);
        Self { child, facts }
    }

    /// All that it said under a name, in order.
    pub fn all(&self, name: &str) -> &[String] {
        self.facts.get(name).map_or(&[], Vec::as_slice)
    }

    /// The one thing that it said under a name.
    pub fn one(&self, name: &str) -> &str {
        self.all(name).first().expect("a fact")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.one("address").parse().expect("an address")
    }

    /// Seconds of processor time that it has used.
    pub fn processor_s(&self) -> f64 {
        processor_s(&self.child.id().to_string())
    }

    /// KiB of its memory that is resident, and the part of it that nobody shares.
    pub fn memory_kib(&self) -> [u64; 2] {
        let path = format!("/proc/{}/smaps_rollup", self.child.id());
        let text = std::fs::read_to_string(path).expect("its memory");
        let of = |name: &str| {
            let line = text.lines().find_map(|l| l.strip_prefix(name));
            let word = line.and_then(|l| l.split_whitespace().next());
            word.expect("a number").parse::<u64>().expect("a number")
        };
        [of("Rss:"), of("Private_Dirty:") + of("Private_Clean:")]
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.stdin.take()); // our own end by it
        if !self.facts.contains_key("kind") {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Seconds of processor time that a process has used: a number, or `self`.
pub fn processor_s(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("stat");
    let (_, after) = stat.rsplit_once(") ").expect("a name");
    let ticks: u64 = after
        .split(' ')
        .skip(11)
        .take(2)
        .map(|n| n.parse::<u64>().expect("ticks"))
        .sum();
    ticks as f64 / 100.0 // USER_HZ
}
