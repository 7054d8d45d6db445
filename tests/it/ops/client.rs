//! A client of a running daemon: requests, and streams that are read as they come.

use crate::support::boxed::TestBox;
use crate::support::program::{run_with, text};
use crate::support::{LONG, eventually};
use hadir::base::json::{Value, decode};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The password of everybody who signs in.
pub const PASSWORD: &str = "kuda laut biru";

/// Somebody who talks to a daemon.
#[derive(Clone)]
pub struct Client {
    address: String,
    headers: String,
}

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The body; null if it is no JSON.
    pub body: Value,
}

impl Client {
    /// Somebody whom nobody knows.
    pub fn stranger(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            headers: format!("Origin: http://{address}\r\n"),
        }
    }

    /// A device with its token.
    pub fn device(address: &str, token: &str) -> Self {
        Self {
            address: address.to_owned(),
            headers: format!("Authorization: Bearer {token}\r\n"),
        }
    }

    /// Somebody who has signed in.
    pub fn signed_in(address: &str, login: &str) -> Self {
        let stranger = Self::stranger(address);
        let body = format!("{{\"login\":\"{login}\",\"password\":\"{PASSWORD}\"}}");
        let answer = stranger.ask("POST", "/api/v1/session", &body);
        assert_eq!(answer.status, 201, "{} {}", answer.head, answer.body);
        let cookie = answer.head.split("hadir_native=").nth(1).expect("a cookie");
        let token = cookie.split(';').next().expect("a token");
        Self {
            headers: format!("{}Cookie: hadir_native={token}\r\n", stranger.headers),
            ..stranger
        }
    }

    fn connect(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("connect");
        stream.set_read_timeout(Some(LONG)).expect("limit");
        let kind = if body.starts_with('{') {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let (address, headers, length) = (&self.address, &self.headers, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: {kind}\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        )
        .expect("write");
        stream
    }

    /// Asks, and reads the answer to its end.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let mut all = Vec::new();
        self.connect(method, path, body)
            .read_to_end(&mut all)
            .expect("an answer");
        let end = all.windows(4).position(|w| w == b"\r\n\r\n");
        let (head, body) = all.split_at(end.expect("a head"));
        let head = text(head);
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
        Answer {
            status: status.expect("a status"),
            body: decode(&body[4..], 1024 * 1024).unwrap_or(Value::Null),
            head,
        }
    }

    /// Opens a stream and waits until it is there.
    pub fn listen(&self, path: &str) -> Listening {
        let mut stream = self.connect("GET", path, "");
        let listening = Listening::default();
        let state = Arc::clone(&listening.0);
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(n @ 1..) = stream.read(&mut part) {
                let mut state = state.lock().expect("lock");
                state.0.push_str(&text(&part[..n]));
            }
            state.lock().expect("lock").1 = true;
        });
        eventually(LONG, "the stream begins", || {
            listening.read().contains("200 OK")
        });
        listening
    }
}

/// A stream, as far as it was read, and whether it has ended.
#[derive(Default)]
pub struct Listening(Arc<Mutex<(String, bool)>>);

impl Listening {
    /// What has come.
    pub fn read(&self) -> String {
        self.0.lock().expect("lock").0.clone()
    }

    /// Whether the box has ended it.
    pub fn has_ended(&self) -> bool {
        self.0.lock().expect("lock").1
    }

    /// Waits for its end and says how long that took.
    pub fn end(&self, what: &str) -> Duration {
        #[allow(clippy::disallowed_methods, reason = "the time is what is tested")]
        let started = std::time::Instant::now();
        eventually(LONG, what, || self.has_ended());
        started.elapsed()
    }
}

/// Makes a person with this role who signs in by that name; gives the id.
pub fn person(subject: &TestBox, login: &str, role: &str) -> String {
    let added = subject.json(&["person", "add", &format!("Orang {login}"), "--role", role]);
    let id = added["person"].as_str().expect("an id").to_owned();
    let arguments = [
        "person",
        "passwd",
        &id,
        "--login",
        login,
        "--password-stdin",
    ];
    let set = run_with(subject.command(&arguments), &format!("{PASSWORD}\n"));
    assert!(set.status.success(), "{}", text(&set.stderr));
    id
}

/// Pairs a device by its code; gives its id and token.
pub fn pair(subject: &TestBox, address: &str, kind: &str) -> (String, String) {
    let offered = subject.json(&["device", "pair", "Pintu", "--kind", kind]);
    let code = offered["code"].as_str().expect("a code");
    let body = format!("{{\"code\":\"{code}\"}}");
    let paired = Client::stranger(address).ask("POST", "/api/v1/devices/pair", &body);
    assert!(paired.status < 300, "{} {}", paired.head, paired.body);
    let word = |key: &str| paired.body[key].as_str().expect("a text").to_owned();
    (word("device"), word("token"))
}
