//! Fifty people who sign in at once, again and again, and what everybody else notices of it: a
//! desk that checks people in, and another request that reads the store. Passwords are hashed two
//! at a time, so the fifty wait for each other; check-ins have a lane of their own and must not.
//!
//! The same is measured first with nobody signing in. Every check-in must be admitted: an answer
//! that is no 200 ends the bench. Of the sign-ins some may be told that the box has too much to do.

use super::child::Process;
use super::client::{self, Client};
use super::rate::nonces;
use super::{at_percent, count, folder, verdict};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// People who sign in at once.
const PEOPLE: usize = 50;
/// Pause between two requests of the desk, and of whoever reads.
const PAUSE: Duration = Duration::from_millis(20);
/// The account with which all of them sign in.
pub const NAME: &str = "panitia1";
/// Its password.
pub const PASSWORD: &str = "kuda laut";

/// How long each half takes.
fn length() -> Duration {
    Duration::from_secs(count("SECONDS", 10) as u64)
}

/// Tickets for both halves.
pub fn check_ins() -> usize {
    2 * length().as_millis() as usize / PAUSE.as_millis() as usize
}

/// Times of answers in milliseconds.
#[derive(Default)]
struct Times {
    check_ins: Vec<f64>,
    reads: Vec<f64>,
    logins: Vec<f64>,
    refused: usize,
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Sends requests one after the other until the time is over; gives how long each took.
async fn repeat(
    address: SocketAddr,
    mut next: impl FnMut() -> Option<Vec<u8>>,
    wanted: &'static str,
) -> Vec<f64> {
    let (mut client, begun) = (Client::connect(address).await, Instant::now());
    let mut times = Vec::new();
    while begun.elapsed() < length() {
        let Some(request) = next() else { break };
        let sent = Instant::now();
        let answer = client.ask(&request).await;
        times.push(ms(sent));
        assert!(answer.contains(wanted), "{answer}");
        tokio::time::sleep(PAUSE.saturating_sub(sent.elapsed())).await;
    }
    times
}

/// Signs in until the time is over: how long each took, and how many were sent away.
async fn sign_in(address: SocketAddr) -> (Vec<f64>, usize) {
    let body = format!(r#"{{"username":"{NAME}","password":"{PASSWORD}"}}"#);
    let path = "/compat/identity/auth/login";
    let request = client::request("POST", path, "-", "application/json", body.as_bytes());
    let (mut client, begun) = (Client::connect(address).await, Instant::now());
    let (mut times, mut refused) = (Vec::new(), 0);
    while begun.elapsed() < length() {
        let sent = Instant::now();
        let (status, answer) = client.exchange(&request).await;
        match status {
            200 => times.push(ms(sent)),
            503 => refused += 1,
            _ => panic!("{status}: {answer}"),
        }
    }
    (times, refused)
}

fn half(served: &Process, people: usize, codes: &[String]) -> Times {
    let address = served.address();
    let (desk, occasion) = (
        served.one("desk").to_owned(),
        served.one("occasion").to_owned(),
    );
    let mut asked: Vec<Vec<u8>> = (codes.iter().zip(nonces(codes.len())))
        .map(|(code, nonce)| {
            let body = format!(r#"{{"nonce":"{nonce}","occasion":"{occasion}","code":"{code}"}}"#);
            let path = "/api/v1/check-ins";
            client::request("POST", path, &desk, "application/json", body.as_bytes())
        })
        .collect();
    let read = client::request("GET", "/api/v1/occasions", &desk, "application/json", b"");
    client::run(async move {
        let crowd: Vec<JoinHandle<_>> = (0..people)
            .map(|_| tokio::task::spawn_local(sign_in(address)))
            .collect();
        let admitted = "\"verdict\":\"admitted\"";
        let desk = tokio::task::spawn_local(repeat(address, move || asked.pop(), admitted));
        let reads = repeat(address, move || Some(read.clone()), "\"items\"").await;
        let mut times = Times {
            check_ins: desk.await.expect("the desk"),
            reads,
            ..Times::default()
        };
        for one in crowd {
            let (logins, refused) = one.await.expect("somebody");
            times.logins.extend(logins);
            times.refused += refused;
        }
        times
    })
}

fn tell(what: &str, times: &[f64]) {
    println!(
        "  {what}: p50 {:.1} ms, p99 {:.1} ms, {} of them",
        at_percent(times, 50),
        at_percent(times, 99),
        times.len()
    );
}

/// Measures both halves; true: no check-in was refused, and all of them were made.
pub fn measure() -> bool {
    let dir = folder("logins");
    let served = Process::ours(&["box", "logins", &dir.display().to_string()]);
    let codes = served.all("code").to_vec();
    let (first, second) = codes.split_at(codes.len() / 2);
    let quiet = half(&served, 0, first);
    println!("nobody signs in:");
    tell("check-ins", &quiet.check_ins);
    tell("other requests", &quiet.reads);
    let busy = half(&served, PEOPLE, second);
    println!("{PEOPLE} sign in at once:");
    tell("check-ins", &busy.check_ins);
    tell("other requests", &busy.reads);
    tell("sign-ins", &busy.logins);
    println!("  sign-ins told to try again: {}", busy.refused);
    let met = !busy.check_ins.is_empty() && !busy.logins.is_empty();
    println!("no check-in was refused: {}", verdict(met));
    met
}
