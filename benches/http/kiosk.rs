//! From a frame to its answer at the screen's route, against the bare pipeline in one thread;
//! then eight screens at once, each sending the next picture when it has its answer.
//!
//! A visitor is decided about on the third picture of their face. What is compared is the time
//! of one picture, from the request's first byte to the answer's last one: of the pictures that
//! bring the decision (its commit included), and of all that show a face.

use super::child::Process;
use super::client::{self, Client};
use super::{at_percent, count, folder, ground, median, verdict};
use hadir::base::id::{Id as _, PersonId};
use hadir::vision::frame::Frame;
use hadir::vision::gallery::Gallery;
use hadir::vision::model::Models;
use hadir::vision::{align, detect, edit, embed, quality};
use std::hint::black_box;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Screens, each of which decides about one visitor in a turn.
pub const SCREENS: usize = 24;
/// Screens at once.
const CROWD: usize = 8;
/// The same visitor is decided about again only after this time out of the picture.
const LINGER: Duration = Duration::from_millis(5_200);
/// Every third picture of a door is searched for codes.
const SEARCHED: usize = 3;
/// Pictures of nobody between two visitors of the crowd, and pictures of a visitor.
const CROWD_GAP: usize = 3;
const CROWD_VISIT: usize = 12;
/// Least pause between two pictures of a screen, as in its page.
const PAUSE: Duration = Duration::from_millis(66);
/// Most times the bare pipeline.
const BARE_MAX: f64 = 1.3;
/// By how much the last quarter may be slower than the first.
const GROWTH_MAX: f64 = 1.25;

/// The requests of a screen: somebody, nobody.
#[derive(Clone)]
struct Pictures {
    face: Vec<u8>,
    nobody: Vec<u8>,
}

impl Pictures {
    fn of(token: &str) -> Self {
        let face = std::fs::read(ground::picture()).expect("the picture");
        let nobody = edit::blank(640, 480, [90, 90, 90]).and_then(|f| f.encode_jpeg(85));
        let ask = |picture: &[u8]| {
            client::request("POST", "/api/v1/kiosk/frame", token, "image/jpeg", picture)
        };
        Self {
            face: ask(&face),
            nobody: ask(&nobody.expect("a picture")),
        }
    }
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// The bare pipeline: decode, detect, align, judge, embed, match; milliseconds.
fn bare(models: &Models, bytes: &[u8], gallery: &Gallery) -> f64 {
    let begin = Instant::now();
    let frame = Frame::decode(bytes).expect("a picture");
    let coarse = detect::find(models, &frame).expect("runs").remove(0);
    let face = detect::refine(models, &frame, &coarse).expect("runs");
    let crop = align::align(&frame, &face.landmarks).expect("distinct points");
    black_box(quality::judge(&face, &crop));
    let embedding = embed::embed(models, &crop).expect("runs");
    black_box(gallery.search(&embedding));
    ms(begin)
}

/// Times of pictures with a face, in milliseconds.
#[derive(Default)]
struct Times {
    /// That brought a decision.
    decided: Vec<f64>,
    /// Of those the ones that were searched for codes besides.
    decided_searched: Vec<f64>,
    /// That only added to it.
    other: Vec<f64>,
    /// The bare pipeline's.
    bare: Vec<f64>,
    /// Decisions without a picture: the request and its commit.
    typed: Vec<f64>,
}

/// A number that nobody has, typed at a screen: what a decision takes without a picture.
async fn type_number(client: &mut Client, token: &str, times: &mut Times) {
    let nonce = super::rate::nonces(1).remove(0);
    let body = format!(r#"{{"nonce":"{nonce}","number":"999"}}"#);
    let path = "/api/v1/kiosk/number";
    let asked = client::request("POST", path, token, "application/json", body.as_bytes());
    let begin = Instant::now();
    let answer = client.ask(&asked).await;
    times.typed.push(ms(begin));
    assert!(answer.contains("\"refused\""), "{answer}");
}

/// One visitor at one screen; `shown` counts its pictures.
async fn visit(client: &mut Client, pictures: &Pictures, shown: &mut usize, times: &mut Times) {
    client.ask(&pictures.nobody).await;
    *shown += 1;
    for _ in 0..6 {
        let begin = Instant::now();
        let answer = client.ask(&pictures.face).await;
        let took = ms(begin);
        let searched = shown.is_multiple_of(SEARCHED);
        *shown += 1;
        if answer.contains("\"show\":") {
            times.decided.push(took);
            if searched {
                times.decided_searched.push(took);
            }
            return;
        }
        times.other.push(took);
    }
    panic!("nothing was decided about the visitor");
}

fn one_by_one(address: SocketAddr, tokens: &[String]) -> Times {
    let models = ground::models();
    let bytes = std::fs::read(ground::picture()).expect("the picture");
    let mut gallery = Gallery::new(models.embedder_hash());
    let frame = Frame::decode(&bytes).expect("a picture");
    let face = detect::find(&models, &frame).expect("runs").remove(0);
    let crop = align::align(&frame, &face.landmarks).expect("distinct points");
    let embedding = embed::embed(&models, &crop).expect("runs");
    gallery
        .insert(PersonId::from_bytes([1; 16]), &embedding)
        .expect("room");
    let mut times = Times::default();
    client::run(async {
        let mut screens = Vec::new();
        for token in tokens {
            let client = Client::connect(address).await;
            screens.push((client, token, Pictures::of(token), 0));
        }
        for _ in 0..count("TURNS", 6) {
            for (client, token, pictures, shown) in &mut screens {
                // The box closes connections that were idle for as long as a turn takes.
                *client = Client::connect(address).await;
                visit(client, pictures, shown, &mut times).await;
                type_number(client, token, &mut times).await;
                for _ in 0..3 {
                    times.bare.push(bare(&models, &bytes, &gallery));
                }
            }
            tokio::time::sleep(LINGER).await;
        }
    });
    times
}

fn report(times: &Times) -> bool {
    let bare = median(&times.bare);
    println!(
        "bare pipeline, one thread: p50 {bare:.1} ms, p95 {:.1} ms, {} pictures",
        at_percent(&times.bare, 95),
        times.bare.len()
    );
    let tell = |what: &str, of: &[f64]| {
        println!(
            "{what}: p50 {:.1} ms, p95 {:.1} ms, {} of them, {:.2} times bare",
            median(of),
            at_percent(of, 95),
            of.len(),
            median(of) / bare
        );
    };
    tell("pictures that bring a decision", &times.decided);
    tell("  of those searched for codes too", &times.decided_searched);
    tell("pictures before it", &times.other);
    tell("decisions without a picture", &times.typed);
    let all = [times.decided.as_slice(), &times.other].concat();
    tell("all pictures of a face", &all);
    let worst = median(&times.decided).max(median(&all)) / bare;
    let met = worst <= BARE_MAX;
    println!(
        "frame to decision: {worst:.2} times the bare pipeline (wanted: at most {BARE_MAX}): {}",
        verdict(met)
    );
    met
}

/// What one screen of the crowd saw: for each picture when, how long, skipped or not, decided.
struct Seen {
    at_s: f64,
    took_ms: f64,
    skipped: bool,
    decided: bool,
}

async fn stand(
    address: SocketAddr,
    pictures: Pictures,
    place: usize,
    begin: Instant,
    s: u64,
) -> Vec<Seen> {
    let mut client = Client::connect(address).await;
    let mut seen = Vec::new();
    while begin.elapsed() < Duration::from_secs(s) {
        let turn = (seen.len() + 2 * place) % (CROWD_GAP + CROWD_VISIT);
        let nobody = turn < CROWD_GAP;
        let sent = Instant::now();
        let at_s = begin.elapsed().as_secs_f64();
        let asked = if nobody {
            &pictures.nobody
        } else {
            &pictures.face
        };
        let answer = client.ask(asked).await;
        seen.push(Seen {
            at_s,
            took_ms: ms(sent),
            skipped: answer.contains("\"skipped\":true"),
            decided: answer.contains("\"show\":"),
        });
        tokio::time::sleep(PAUSE.saturating_sub(sent.elapsed())).await;
    }
    seen
}

fn crowd(address: SocketAddr, tokens: &[String]) -> bool {
    let seconds = count("SECONDS", 40) as u64;
    let seen: Vec<Seen> = client::run(async {
        let begin = Instant::now();
        let stands: Vec<_> = (tokens.iter().enumerate())
            .map(|(place, token)| {
                let pictures = Pictures::of(token);
                tokio::task::spawn_local(stand(address, pictures, place, begin, seconds))
            })
            .collect();
        let mut all = Vec::new();
        for stand in stands {
            all.extend(stand.await.expect("a screen"));
        }
        all
    });
    let quarter = |n: usize| -> Vec<f64> {
        let length = seconds as f64 / 4.0;
        let within = |s: &&Seen| (s.at_s / length) as usize == n;
        seen.iter().filter(within).map(|s| s.took_ms).collect()
    };
    for n in 0..4 {
        let times = quarter(n);
        println!(
            "{CROWD} screens, quarter {}: p50 {:.1} ms, p95 {:.1} ms, {} pictures",
            n + 1,
            median(&times),
            at_percent(&times, 95),
            times.len()
        );
    }
    let skipped = seen.iter().filter(|s| s.skipped).count();
    let decided = seen.iter().filter(|s| s.decided).count();
    let growth = median(&quarter(3)) / median(&quarter(0));
    let met = growth <= GROWTH_MAX;
    println!(
        "{CROWD} screens, {seconds} s: {:.1} pictures/s each, {skipped} skipped, {decided} decisions; last quarter / first {growth:.2} (wanted: at most {GROWTH_MAX}): {}",
        seen.len() as f64 / seconds as f64 / CROWD as f64,
        verdict(met)
    );
    met
}

/// Measures both; true: both are met.
pub fn measure() -> bool {
    let dir = folder("kiosk");
    let served = Process::ours(&["box", "screens", &dir.display().to_string()]);
    let (address, tokens) = (served.address(), served.all("screen"));
    let quick = report(&one_by_one(address, tokens));
    let steady = crowd(address, &tokens[..CROWD]);
    quick && steady
}
