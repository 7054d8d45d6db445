//! What the box does over HTTP: check-ins against FastAPI and against the store's own limit,
//! pictures of screens against the bare pipeline, the memory of event streams, and what fifty who
//! sign in at once do to everybody else.
//!
//! `benches/http.sh` runs all of it; docs/performance.md says what the figures mean. The box is
//! always a process of its own (this program again, `box`), with the routes, lanes and limits of
//! the program; only the limits of rates are off.
//! usage: `http rate [UVICORN]` | `http streams` | `http kiosk` | `http login`. Exits with 1 where a figure is
//! missed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a bench stops at the unexpected and measures elapsed time"
)]

mod child;
mod client;
mod ground;
mod kiosk;
mod login;
mod rate;
mod stream;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A new folder on the disk on which the program is built.
fn folder(name: &str) -> PathBuf {
    let base = std::env::var_os("HADIR_BENCH_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("http"),
        PathBuf::from,
    );
    let dir = base.join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a folder");
    dir
}

/// A number out of the environment.
fn count(name: &str, otherwise: usize) -> usize {
    let set = std::env::var(name).ok();
    set.map_or(otherwise, |n| n.parse().expect("a number"))
}

/// The one in the middle, or a share of the way up.
fn at_percent(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) * percent / 100]
}

fn median(values: &[f64]) -> f64 {
    at_percent(values, 50)
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let met = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["box", kind, dir] => {
            ground::serve(kind, Path::new(dir));
            true
        }
        ["limit", dir] => {
            rate::limit(Path::new(dir));
            true
        }
        ["rate"] => rate::compare(None),
        ["rate", uvicorn] => rate::compare(Some(uvicorn)),
        ["streams"] => stream::measure(),
        ["kiosk"] => kiosk::measure(),
        ["login"] => login::measure(),
        [] => [
            stream::measure(),
            kiosk::measure(),
            login::measure(),
            rate::compare(None),
        ]
        .iter()
        .all(|met| *met),
        _ => panic!("usage: rate [UVICORN] | streams | kiosk | login"),
    };
    ExitCode::from(u8::from(!met))
}
