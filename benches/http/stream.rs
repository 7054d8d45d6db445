//! The memory of 500 open event streams: half of them a desk's, half of them screens'; by how
//! much the box's process has grown when each has got some events.

use super::child::Process;
use super::client::{self, Client};
use super::{folder, verdict};
use hadir::base::id::Nonce;
use hadir::base::time::Timestamp;
use hadir::crypto::random::{Seed, Seeded, new_id};
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Open streams.
const STREAMS: usize = 500;
/// Screens among which a half of the streams is divided.
pub const SCREENS: usize = 10;
/// Check-ins of each screen before the streams are opened, and again when they are.
const ROUND: usize = 10;
/// Check-ins of all.
pub const CHECK_INS: usize = 2 * ROUND * SCREENS;
/// Most memory, in MB.
const MOST_MB: f64 = 50.0;

/// Every screen shows its tickets, one after the other.
async fn check_in(address: SocketAddr, screens: &[String], codes: &[String]) {
    let mut source = Seeded::new(&Seed::from_system().expect("seed"));
    for (screen, codes) in screens.iter().zip(codes.chunks(ROUND)) {
        let mut client = Client::connect(address).await;
        for code in codes {
            let nonce: Nonce = new_id(Timestamp::from_millis(1_795_218_720_000), &mut source);
            let body = format!(r#"{{"nonce":"{nonce}","code":"{code}"}}"#);
            let path = "/api/v1/kiosk/code";
            let kind = "application/json";
            let asked = client::request("POST", path, screen, kind, body.as_bytes());
            let answer = client.ask(&asked).await;
            assert!(answer.contains("\"verdict\":\"admitted\""), "{answer}");
        }
    }
}

/// Waits until a number has been counted.
async fn counted(what: &Cell<usize>, wanted: usize) {
    let begin = Instant::now();
    while what.get() < wanted {
        assert!(
            begin.elapsed() < Duration::from_secs(30),
            "{} events",
            what.get()
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Opens the streams, sends events through them, and says what they take; true: little enough.
pub fn measure() -> bool {
    let dir = folder("streams");
    let served = Process::ours(&["box", "streams", &dir.display().to_string()]);
    let (address, desk) = (served.address(), served.one("desk"));
    let (screens, codes) = (served.all("screen"), served.all("code"));
    let (first, second) = codes.split_at(ROUND * SCREENS);
    let [before, after] = client::run(async {
        check_in(address, screens, first).await; // what the box itself needs for them
        let before = served.memory_kib();
        let (hello, told) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        for i in 0..STREAMS {
            let asked = match i % 2 {
                0 => client::request("GET", "/api/v1/desk/events", desk, "text/plain", b""),
                _ => {
                    let screen = &screens[i / 2 % SCREENS];
                    client::request("GET", "/api/v1/kiosk/events", screen, "text/plain", b"")
                }
            };
            let client = Client::connect(address).await;
            let (hello_heard, told_heard) = (Rc::clone(&hello), Rc::clone(&told));
            tokio::task::spawn_local(client.listen(asked, move |text| {
                let count = |event: &str| text.matches(event).count();
                hello_heard.set(hello_heard.get() + count("event: hello"));
                told_heard.set(told_heard.get() + count("event: decision"));
            }));
            counted(&hello, i + 1).await;
        }
        check_in(address, screens, second).await;
        // A desk hears of all check-ins, a screen of its own.
        counted(&told, STREAMS / 2 * (ROUND * SCREENS + ROUND)).await;
        println!("{} events were read by {STREAMS} streams", told.get());
        [before, served.memory_kib()]
    });
    let mb = |kib: u64| kib as f64 / 1024.0;
    let grown = mb(after[0].saturating_sub(before[0]));
    println!(
        "memory of the box before {:.1} MB (its own {:.1}), with {STREAMS} streams {:.1} MB (its own {:.1})",
        mb(before[0]),
        mb(before[1]),
        mb(after[0]),
        mb(after[1])
    );
    let met = grown < MOST_MB;
    println!(
        "{STREAMS} streams take {grown:.1} MB, {:.0} KiB each (wanted: less than {MOST_MB} MB): {}",
        grown * 1024.0 / STREAMS as f64,
        verdict(met)
    );
    met
}
