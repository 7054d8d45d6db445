//! What the journal is told, in its native protocol: a socket of the test stands in for
//! journald while a day at the door is played through the real daemon. Events, priorities,
//! message ids and fields are compared with a list that was written by hand.

use crate::ops::client::{Client, PASSWORD, pair, person};
use crate::support::boxed::TestBox;
use crate::support::program::root;
use crate::support::{LONG, eventually};
use hadir::base::json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// One entry: names and values as they were sent.
type Entry = BTreeMap<String, String>;

/// Takes a datagram of the native protocol apart: `NAME=value`, or `NAME`, a length of eight
/// bytes and the value, each with a line break behind it.
fn parse(mut bytes: &[u8]) -> Entry {
    let mut entry = Entry::new();
    while !bytes.is_empty() {
        let line = bytes.iter().position(|b| *b == b'\n').expect("a line");
        let (first, rest) = (&bytes[..line], &bytes[line + 1..]);
        let text = |b: &[u8]| String::from_utf8(b.to_vec()).expect("text");
        let (name, value, rest) = if let Some(equals) = first.iter().position(|b| *b == b'=') {
            (text(&first[..equals]), text(&first[equals + 1..]), rest)
        } else {
            let (length, rest) = rest.split_first_chunk::<8>().expect("a length");
            let length = usize::try_from(u64::from_le_bytes(*length)).expect("small");
            (text(first), text(&rest[..length]), &rest[length + 1..])
        };
        assert!(entry.insert(name.clone(), value).is_none(), "{name} twice");
        bytes = rest;
    }
    entry
}

/// The journal's end.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<Entry>>>);

impl Journal {
    fn listen(subject: &TestBox) -> Self {
        let socket = UnixDatagram::bind(subject.scratch.path("journal")).expect("bind");
        let journal = Self::default();
        let entries = Arc::clone(&journal.0);
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            while let Ok(n) = socket.recv(&mut bytes) {
                // An empty one asks whether anybody is there.
                if n > 0 {
                    entries.lock().expect("lock").push(parse(&bytes[..n]));
                }
            }
        });
        journal
    }

    fn entries(&self) -> Vec<Entry> {
        self.0.lock().expect("lock").clone()
    }

    fn wait_for(&self, event: &str) {
        eventually(LONG, event, || {
            let all = self.entries();
            all.iter()
                .any(|e| e.get("HADIR_EVENT").is_some_and(|e| e == event))
        });
    }

    fn addresses(&self) -> Vec<String> {
        let all = self.entries();
        let told = all
            .iter()
            .filter_map(|e| e["MESSAGE"].strip_prefix("Listening on "));
        told.map(|a| a.trim_end_matches('.').to_owned()).collect()
    }
}

/// A daemon whose stderr is the journal's, as systemd has it.
struct Service(Child);

impl Service {
    fn start(subject: &TestBox) -> Self {
        let library = subject.scratch.path("journal.so");
        let built = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .args([&library, &root().join("tests/it/ops/journal.c")])
            .status();
        assert!(built.expect("a C compiler").success());
        let stderr = std::fs::File::create(subject.scratch.path("stderr")).expect("a file");
        let data = stderr.metadata().expect("metadata");
        let mut command = subject.command(&["serve"]);
        command
            .env("LD_PRELOAD", library)
            .env("HADIR_TEST_JOURNAL", subject.scratch.path("journal"))
            .env("JOURNAL_STREAM", format!("{}:{}", data.dev(), data.ino()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr);
        Self(command.spawn().expect("the program starts"))
    }

    fn stop(&mut self) {
        let signal = Command::new("kill").arg(self.0.id().to_string()).status();
        assert!(signal.expect("kill").success());
        eventually(LONG, "the daemon ends", || {
            self.0.try_wait().expect("state").is_some()
        });
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Plays the day; gives all that must not be told.
fn play(subject: &TestBox, address: &str) -> Vec<String> {
    let admin = person(subject, "kepala", "admin");
    let event = subject.json(&["event", "add", "Acara Tertutup"]);
    let event = event["event"].as_str().expect("an id").to_owned();
    let ticket = subject.json(&["ticket", "add", &event]);
    let code = ticket["code"].as_str().expect("a code").to_owned();
    let stranger = Client::stranger(address);
    let wrong = json!({"login": "kepala", "password": "salah sekali"}).to_string();
    assert_eq!(stranger.ask("POST", "/api/v1/session", &wrong).status, 401);
    let unknown = json!({"login": "siapakah", "password": PASSWORD}).to_string();
    assert_eq!(
        stranger.ask("POST", "/api/v1/session", &unknown).status,
        401
    );
    let client = Client::signed_in(address, "kepala");
    let offered = subject.json(&["device", "pair", "Pintu Rahasia"]);
    let wrong = json!({"code": "WRONGONE"}).to_string();
    assert_eq!(
        stranger.ask("POST", "/api/v1/devices/pair", &wrong).status,
        401
    );
    let (device, token) = pair(subject, address, "kiosk");
    let screen = Client::device(address, &token);
    let check_in = |nonce: char, code: &str| {
        let nonce = format!("01JD5Z3N8GQ4X6V7W8Y9Z0A1B{nonce}");
        json!({"nonce": nonce, "occasion": format!("event:{event}"), "code": code}).to_string()
    };
    for (who, nonce, code, verdict) in [
        (&client, '2', code.as_str(), "admitted"),
        (&screen, '3', code.as_str(), "already"),
        (&screen, '4', "TIKET-PALSU", "refused"),
    ] {
        let answer = who.ask("POST", "/api/v1/check-ins", &check_in(nonce, code));
        assert_eq!(
            answer.body["verdict"], verdict,
            "{} {}",
            answer.head, answer.body
        );
    }
    assert_eq!(screen.ask("POST", "/api/v1/kiosk/help", "").status, 204);
    let come = format!("/api/v1/desk/help/{device}/answer");
    assert!(client.ask("POST", &come, "").status < 300);
    let revoke = format!("/api/v1/devices/{device}");
    assert_eq!(client.ask("DELETE", &revoke, "").status, 204);
    assert_eq!(client.ask("DELETE", "/api/v1/session", "").status, 204);
    assert!(!admin.is_empty());
    let offered = offered["code"].as_str().expect("a code").to_owned();
    let key = std::fs::read_to_string(subject.scratch.path("master.key")).expect("the key");
    let key = key
        .split_whitespace()
        .find(|w| w.len() > 20)
        .expect("digits");
    let words = [
        "kepala",
        "siapakah",
        "salah sekali",
        PASSWORD,
        "Acara",
        "Orang",
        "Pintu",
        "hdrs_",
        "hdrd_",
        "WRONGONE",
        "TIKET-PALSU",
    ];
    let mut secret: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
    secret.extend([code, token, offered, key.to_owned()]);
    secret
}

/// A line of the list, and what an entry is as such a line.
type Line = (String, String, String, BTreeSet<String>);

fn line_of(entry: &Entry) -> Line {
    let field =
        |name: &str, none: &str| entry.get(name).cloned().unwrap_or_else(|| none.to_owned());
    let own = entry.keys().filter_map(|name| name.strip_prefix("HADIR_"));
    (
        field("HADIR_EVENT", "(no event)"),
        field("PRIORITY", "(none)"),
        field("MESSAGE_ID", "-"),
        own.map(ToOwned::to_owned).collect(),
    )
}

/// The lines of the list, those that are played and the others.
fn list() -> (BTreeSet<Line>, BTreeSet<Line>) {
    let text = include_str!("journal.txt");
    let (played, others) = text.split_once("# not played").expect("two parts");
    let read = |text: &str| {
        let lines = text
            .lines()
            .filter(|l| !l.starts_with('#') && l.contains("EVENT"));
        lines
            .map(|line| {
                let mut words = line.split_whitespace().map(ToOwned::to_owned);
                let mut next = || words.next().expect("a word");
                (next(), next(), next(), words.collect())
            })
            .collect()
    };
    (read(played), read(others))
}

#[test]
fn the_journal_is_told_what_the_list_says_and_nothing_secret() {
    let subject = TestBox::new("[[listener]]\naddress = \"127.0.0.1:0\"\ntls = \"box\"\n");
    let journal = Journal::listen(&subject);
    let mut service = Service::start(&subject);
    journal.wait_for("started");
    let address = journal.addresses().first().expect("an address").clone();
    let secret = play(&subject, &address);
    service.stop();
    journal.wait_for("stopped");
    let entries = journal.entries();
    let (played, _) = list();
    let told: BTreeSet<Line> = entries.iter().map(line_of).collect();
    let missing: Vec<_> = played.difference(&told).collect();
    let more: Vec<_> = told.difference(&played).collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "missing {missing:#?}\nmore {more:#?}"
    );
    for entry in &entries {
        for (name, value) in entry {
            for word in &secret {
                assert!(!value.contains(word), "{word} in {name}={value}");
            }
        }
        assert_eq!(entry["SYSLOG_IDENTIFIER"], "hadir");
        assert!(!entry["MESSAGE"].is_empty());
    }
    let stderr = std::fs::read_to_string(subject.scratch.path("stderr")).expect("the file");
    assert_eq!(stderr, "", "what the journal has is not written twice");
    assert_values(&entries);
}

/// Values that a search relies on.
fn assert_values(entries: &[Entry]) {
    let of = |event: &str, field: &str| -> Vec<String> {
        let all = entries
            .iter()
            .filter(|e| e.get("HADIR_EVENT").is_some_and(|e| e == event));
        all.filter_map(|e| e.get(&format!("HADIR_{field}")).cloned())
            .collect()
    };
    assert_eq!(
        of("checkin.decide", "OUTCOME"),
        ["admitted", "already", "refused"]
    );
    assert_eq!(
        of("checkin.decide", "CAUSE"),
        ["-", "already_admitted", "unknown_ticket"]
    );
    assert_eq!(
        of("sign_in_refused", "CAUSE"),
        ["wrong_password", "wrong_password"]
    );
    let device = of("device.revoke", "DEVICE");
    assert_eq!(device, of("help_called", "DEVICE"));
    assert_eq!(
        of("checkin.decide", "DEVICE"),
        [device[0].clone(), device[0].clone()]
    );
    assert_eq!(of("device.pair", "ACTOR"), ["stranger"]);
    assert_eq!(of("device.offer", "ACTOR"), ["operator", "operator"]);
    assert_eq!(of("device.offer", "SURFACE"), ["control", "control"]);
    let revoked = of("device.revoke", "ACTOR");
    assert!(revoked[0].starts_with("person:"), "{revoked:?}");
    let routes = of("request", "ROUTE");
    assert!(
        routes.contains(&"/api/v1/devices/{device}".to_owned()),
        "{routes:?}"
    );
}

/// The documentation's table has the same events, levels and ids, and names each field.
#[test]
fn the_documentation_has_the_same_list() {
    let text = std::fs::read_to_string(root().join("docs/operations.md")).expect("the document");
    let begin = text.find("| event | level |").expect("the table");
    let table = text[begin..]
        .lines()
        .skip(2)
        .take_while(|l| l.starts_with('|'));
    let cell = |c: &str| c.trim().trim_matches('`').to_owned();
    let rows: BTreeSet<Line> = table
        .map(|row| {
            let cells: Vec<_> = row.trim_matches('|').split('|').map(cell).collect();
            let fields = cells[3]
                .split_whitespace()
                .map(|f| cell(f.trim_matches('`')));
            (
                cells[0].clone(),
                cells[1].clone(),
                cells[2].clone(),
                fields.collect(),
            )
        })
        .collect();
    let level = |priority: &str| match priority {
        "3" => "error",
        "4" => "warning",
        "6" => "info",
        other => panic!("{other}"),
    };
    let (played, others) = list();
    let want: BTreeSet<Line> = played
        .union(&others)
        .map(|(event, priority, id, fields)| {
            let fields = fields.iter().filter(|f| *f != "EVENT").cloned();
            (
                event.clone(),
                level(priority).to_owned(),
                id.clone(),
                fields.collect(),
            )
        })
        .collect();
    let differ: Vec<_> = rows.symmetric_difference(&want).collect();
    assert!(differ.is_empty(), "{differ:#?}");
    for (_, _, _, fields) in &want {
        for field in fields {
            assert!(
                text.contains(&format!("`HADIR_{field}`")),
                "{field} is explained"
            );
        }
    }
}
