//! Durable check-ins by ticket from 32 clients on kept connections: the box over HTTP, FastAPI
//! on uvicorn with a dict, and the same check-ins in the store without HTTP, in turn.

use super::child::{self, Process};
use super::{at_percent, client, folder, ground, median, verdict};
use hadir::base::id::Nonce;
use hadir::base::time::Timestamp;
use hadir::crypto::random::{Seed, Seeded, new_id};
use hadir::domain::actor::{Actor, DeviceAccess};
use hadir::domain::checkin::reason::{Direction, Mode, Verdict};
use hadir::domain::checkin::{Credential, Error, Occasion, Request, scan};
use hadir::domain::device::{self, DeviceKind};
use hadir::domain::rule::Attended;
use hadir::domain::site::Call;
use hadir::store::Pending;
use std::collections::VecDeque;
use std::path::Path;
use std::time::Instant;

/// Clients, and check-ins that wait at a time where there is no HTTP.
const CLIENTS: usize = 32;
/// What every answer must say.
const ADMITTED: &str = "\"verdict\":\"admitted\"";
/// Least share of the store's own rate.
const OF_LIMIT_MIN: f64 = 0.7;
/// Least multiple of FastAPI's rate.
const OF_FASTAPI_MIN: f64 = 5.0;

/// Check-ins of one run.
pub fn check_ins() -> usize {
    super::count("CHECK_INS", 12_800)
}

/// So many new nonces.
pub fn nonces(count: usize) -> Vec<Nonce> {
    let mut source = Seeded::new(&Seed::from_system().expect("seed"));
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    let at = Timestamp::from_millis(since.as_millis() as i64);
    (0..count).map(|_| new_id(at, &mut source)).collect()
}

/// The check-ins without HTTP: prints `rate`, then `ready`.
pub fn limit(dir: &Path) {
    let core = ground::faceless(dir);
    let (event, codes) = ground::tickets(&core, check_ins());
    let (desk, _) = ground::device(&core, DeviceKind::Desk, device::Options::default());
    core.store.checkpoint().expect("checkpoint");
    let requests: Vec<Request> = (codes.iter().zip(nonces(codes.len())))
        .map(|(code, nonce)| Request {
            occasion: Occasion::Event(event),
            credential: Credential::Code(code.to_string()),
            device: Some(desk),
            nonce,
            direction: Direction::Entry,
            mode: Mode::Online,
            attended: Attended::Attended,
            happened: None,
        })
        .collect();
    let submit = |request: Request| -> Pending<Verdict, Error> {
        let (site, seed, now) = (core.site(), core.draw_seed(), core.clock.stamp());
        let id = core.new_id();
        core.store.submit(move |tx| {
            let actor = Actor::Device {
                id: desk,
                access: DeviceAccess::Desk,
            };
            let mut call = Call {
                site: &site,
                now,
                actor: &actor,
                surface: "native",
                request: id,
                deeds: Vec::new(),
                entropy: &mut Seeded::new(&seed),
            };
            scan::check_in(tx, &mut call, &request).map(|decision| decision.verdict)
        })
    };
    let count = requests.len();
    let (begin, busy) = (Instant::now(), child::processor_s("self"));
    let mut waiting = VecDeque::with_capacity(CLIENTS);
    for request in requests {
        if waiting.len() == CLIENTS {
            let first: Pending<Verdict, Error> = waiting.pop_front().expect("one");
            assert_eq!(first.wait(), Ok(Verdict::Admitted));
        }
        waiting.push_back(submit(request));
    }
    for last in waiting {
        assert_eq!(last.wait(), Ok(Verdict::Admitted));
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("rate {}", count as f64 / seconds);
    println!("busy {}", (child::processor_s("self") - busy) / seconds);
    core.store.close();
    println!("ready");
}

/// What one run of clients came to.
struct Run {
    rate: f64,
    line: String,
}

fn run(name: &str, served: &Process, requests: Vec<Vec<u8>>) -> Run {
    let before = (served.processor_s(), child::processor_s("self"));
    let (times, seconds) = client::send_all(served.address(), CLIENTS, requests, ADMITTED);
    let rate = times.len() as f64 / seconds;
    let served = (served.processor_s() - before.0) / seconds;
    let clients = (child::processor_s("self") - before.1) / seconds;
    Run {
        rate,
        line: format!(
            "{name} {rate:.0}/s, p50 {:.2} ms, p99 {:.2} ms, cores: it {served:.2}, clients {clients:.2}",
            at_percent(&times, 50),
            at_percent(&times, 99),
        ),
    }
}

/// One turn of all: rates of the box, of the store alone, of FastAPI.
fn turn(uvicorn: Option<&str>) -> (f64, f64, Option<f64>) {
    let dir = folder("limit");
    let alone = Process::ours(&["limit", &dir.display().to_string()]);
    let limit: f64 = alone.one("rate").parse().expect("a rate");
    let busy: f64 = alone.one("busy").parse().expect("a share");
    drop(alone);
    let dir = folder("box");
    let served = Process::ours(&["box", "tickets", &dir.display().to_string()]);
    let codes = served.all("code").to_vec();
    let (desk, occasion) = (served.one("desk"), served.one("occasion"));
    let requests: Vec<Vec<u8>> = (codes.iter().zip(nonces(codes.len())))
        .map(|(code, nonce)| {
            let body = format!(r#"{{"nonce":"{nonce}","occasion":"{occasion}","code":"{code}"}}"#);
            let path = "/api/v1/check-ins";
            client::request("POST", path, desk, "application/json", body.as_bytes())
        })
        .collect();
    let ours = run("hadir", &served, requests.clone());
    drop(served);
    println!("{}", ours.line);
    println!("store alone {limit:.0}/s, {CLIENTS} waiting, cores {busy:.2}");
    let theirs = uvicorn.map(|program| {
        let served = Process::uvicorn(program, &dir, &codes);
        let theirs = run("FastAPI", &served, requests);
        println!("{}", theirs.line);
        theirs.rate
    });
    (ours.rate, limit, theirs)
}

/// Compares in `TURNS` turns; true: the figure is met.
pub fn compare(uvicorn: Option<&str>) -> bool {
    let turns: Vec<_> = (0..super::count("TURNS", 5))
        .map(|_| turn(uvicorn))
        .collect();
    let of_limit: Vec<f64> = turns.iter().map(|(ours, limit, _)| ours / limit).collect();
    let of_limit = median(&of_limit);
    let of_fastapi: Vec<f64> = (turns.iter())
        .filter_map(|(ours, _, theirs)| theirs.map(|t| ours / t))
        .collect();
    let rate =
        |of: fn(&(f64, f64, Option<f64>)) -> f64| median(&turns.iter().map(of).collect::<Vec<_>>());
    println!(
        "check-ins over HTTP {:.0}/s, store alone {:.0}/s: {of_limit:.2} of it (wanted {OF_LIMIT_MIN})",
        rate(|t| t.0),
        rate(|t| t.1)
    );
    let mut met = of_limit >= OF_LIMIT_MIN;
    if of_fastapi.is_empty() {
        println!("FastAPI was not asked: benches/http.sh does");
    } else {
        let of_fastapi = median(&of_fastapi);
        println!(
            "FastAPI with a dict {:.0}/s: {of_fastapi:.2} times it (wanted {OF_FASTAPI_MIN})",
            rate(|t| t.2.unwrap_or_default())
        );
        met |= of_fastapi >= OF_FASTAPI_MIN;
    }
    println!("wanted: whichever of both is lower: {}", verdict(met));
    met
}
