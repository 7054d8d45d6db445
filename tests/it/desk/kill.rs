//! The box is killed in the middle of desk scans from twenty phones: everything that was
//! pending is delivered, and each scan is decided once. The phones here follow the page's own
//! protocol: an intent is kept with its nonce until it is answered, and sent again unchanged.

use super::prepare::{Prepared, code_of};
use crate::support::boxed::{Daemon, TestBox};
use crate::support::{LONG, eventually};
use hadir::base::id::{Id as _, Nonce};
use hadir::base::json::{Value, decode, json};
use hadir::base::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const PHONES: usize = 20;
const SCANS: usize = 40;
/// Of each phone's scans so many are of tickets that its neighbour scans as well.
const SHARED: usize = 10;

/// What the phones see of the world: where the box is now, and how much was answered.
#[derive(Default)]
struct World {
    address: Mutex<Option<String>>,
    answered: AtomicUsize,
    unheard: AtomicUsize,
}

struct Phone<'a> {
    token: String,
    event: String,
    pending: VecDeque<(String, Value)>,
    answers: BTreeMap<String, Value>,
    world: &'a World,
}

/// Sends one request; None: nothing, or not all of an answer, was heard.
fn post(address: &str, token: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let text = body.to_string();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: box\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some((status, decode(body.as_bytes(), 65536).ok()?))
}

impl Phone<'_> {
    /// Scans: an intent is kept before it is sent for the first time.
    fn scan(&mut self, nonce: String, code: &str) {
        let body = json!({
            "nonce": nonce, "occasion": self.event, "code": code, "direction": "entry",
        });
        self.pending.push_back((nonce, body));
    }

    /// One attempt for the oldest intent; true if it was answered.
    fn attempt(&mut self) -> bool {
        let Some((nonce, body)) = self.pending.pop_front() else {
            return true;
        };
        let address = self.world.address.lock().expect("lock").clone();
        let heard = address.and_then(|a| post(&a, &self.token, "/api/v1/check-ins", &body));
        let Some((200, decision)) = heard else {
            if let Some((status, told)) = heard {
                assert!(matches!(status, 429 | 503), "{status}: {told}");
            }
            self.world.unheard.fetch_add(1, Ordering::Relaxed);
            self.pending.push_front((nonce, body));
            return false;
        };
        let before = self.answers.insert(nonce, decision.clone());
        assert!(
            before.is_none_or(|b| b == decision),
            "another decision for the same nonce"
        );
        self.world.answered.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Works until nothing is pending. Every eighth answer counts as lost: asked again at once.
    fn work(mut self) -> BTreeMap<String, Value> {
        let mut done = 0;
        while let Some((nonce, body)) = self.pending.front().cloned() {
            eventually(LONG, "an answer", || self.attempt());
            done += 1;
            if done % 8 == 0 {
                self.pending.push_front((nonce, body));
            }
        }
        self.answers
    }
}

/// The nonce of a phone's scan.
fn nonce(phone: usize, scan: usize) -> String {
    let mut bytes = [0; 10];
    bytes[0] = u8::try_from(phone).expect("small");
    bytes[1] = u8::try_from(scan).expect("small");
    Nonce::from_parts(Timestamp::from_millis(1_795_226_400_000), bytes).to_string()
}

/// The ticket that a phone scans: its own, and some of its neighbour's.
fn ticket(phone: usize, scan: usize) -> usize {
    if scan < SHARED {
        return ((phone + 1) % PHONES) * SCANS + SHARED + scan;
    }
    phone * SCANS + scan
}

/// Kills the box whenever so much was answered, and starts it again.
fn kill_often(subject: &TestBox, world: &World, kills: usize) -> Daemon {
    let all = PHONES * SCANS;
    for round in 0..=kills {
        let daemon = subject.serve();
        *world.address.lock().expect("lock") = Some(daemon.address());
        if round == kills {
            return daemon;
        }
        let until = all * (round + 1) / (kills + 2);
        eventually(LONG, "scans are answered", || {
            world.answered.load(Ordering::Relaxed) >= until
        });
        daemon.running.signal("KILL");
    }
    unreachable!("the last round returns");
}

fn rounds(kills: usize) {
    let subject = TestBox::without_key("");
    let prepared = Prepared::with(&subject, PHONES, PHONES * SCANS);
    let world = World::default();
    let mut answers = BTreeMap::new();
    let daemon = std::thread::scope(|scope| {
        let phones: Vec<_> = (prepared.tokens.iter().enumerate())
            .map(|(number, token)| {
                let mut phone = Phone {
                    token: token.clone(),
                    event: prepared.event.clone(),
                    pending: VecDeque::new(),
                    answers: BTreeMap::new(),
                    world: &world,
                };
                for scan in 0..SCANS {
                    phone.scan(nonce(number, scan), &code_of(ticket(number, scan)));
                }
                scope.spawn(move || phone.work())
            })
            .collect();
        let daemon = kill_often(&subject, &world, kills);
        for phone in phones {
            answers.extend(phone.join().expect("a phone"));
        }
        daemon
    });
    println!(
        "{kills} kills, {} scans answered, {} attempts unheard",
        answers.len(),
        world.unheard.load(Ordering::Relaxed)
    );
    assert!(
        world.unheard.load(Ordering::Relaxed) >= kills,
        "nothing was pending at a kill"
    );
    drop(daemon);
    judge(&subject, &answers);
}

/// What the store says afterwards is what the phones were told: each scan once, each ticket in
/// once, whoever scanned it.
fn judge(subject: &TestBox, answers: &BTreeMap<String, Value>) {
    assert_eq!(answers.len(), PHONES * SCANS);
    let kept = super::prepare::visits(subject);
    let nonces: BTreeSet<&String> = kept.iter().map(|v| &v.nonce).collect();
    assert_eq!(nonces.len(), kept.len(), "a scan was kept twice");
    assert_eq!(nonces, answers.keys().collect(), "a scan is missing");
    let mut admitted = BTreeMap::<&String, u32>::new();
    for visit in &kept {
        let told = &answers[&visit.nonce];
        assert_eq!(told["sequence"], visit.sequence, "{told}");
        assert_eq!(told["verdict"], visit.verdict.as_str(), "{told}");
        let ticket = visit.ticket.as_ref().expect("a ticket");
        *admitted.entry(ticket).or_default() += u32::from(visit.verdict == "admitted");
    }
    assert!(
        admitted.values().all(|times| *times == 1),
        "a ticket let in twice, or never"
    );
    assert_eq!(admitted.len(), PHONES * (SCANS - SHARED));
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
}

#[test]
fn pending_scans_of_twenty_phones_are_delivered_once_through_kills() {
    rounds(2);
}

#[test]
fn slow_pending_scans_of_twenty_phones_are_delivered_once_through_ten_kills() {
    rounds(10);
}
