//! How long a face takes, stage by stage, and a search; one thread.
//!
//! `cargo bench --bench vision -- face PICTURE ROUNDS` and `-- search TEMPLATES ROUNDS` print one
//! line a measurement: name, best, median (milliseconds). `benches/vision.sh` runs them in turn
//! with the baselines.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a bench stops at the first surprise, and measures time"
)]

use hadir::base::id::{Id, PersonId};
use hadir::base::time::Timestamp;
use hadir::vision::embed::{EMBEDDING_FLOATS, Embedding};
use hadir::vision::frame::Frame;
use hadir::vision::gallery::Gallery;
use hadir::vision::model::Models;
use hadir::vision::{align, code, detect, embed, eyes, quality};
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn report(name: &str, rounds: usize, mut run: impl FnMut()) {
    run();
    let mut times: Vec<f64> = (0..rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name} {:.3} {:.3}", times[0], times[times.len() / 2]);
}

fn face(picture: &str, rounds: usize) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let models = Models::load(&[dir]).expect("the models of the repository");
    let bytes = std::fs::read(picture).expect("the picture");
    let frame = Frame::decode(&bytes).expect("a picture");
    let coarse = detect::find(&models, &frame).expect("runs").remove(0);
    let fine = detect::refine(&models, &frame, &coarse).expect("runs");
    let crop = align::align(&frame, &fine.landmarks).expect("distinct points");
    let whole = |exact: bool| {
        let face = if exact {
            detect::find_exact(&models, &frame).expect("runs").remove(0)
        } else {
            let coarse = detect::find(&models, &frame).expect("runs").remove(0);
            detect::refine(&models, &frame, &coarse).expect("runs")
        };
        let crop = align::align(&frame, &face.landmarks).expect("distinct points");
        embed::embed(&models, &crop).expect("runs")
    };
    report("whole", rounds, || drop(black_box(whole(false))));
    report("whole_exact", rounds, || drop(black_box(whole(true))));
    report("decode", rounds, || drop(black_box(Frame::decode(&bytes))));
    report("find", rounds, || {
        drop(black_box(detect::find(&models, &frame)))
    });
    report("refine", rounds, || {
        drop(black_box(detect::refine(&models, &frame, &coarse)))
    });
    report("find_exact", rounds, || {
        drop(black_box(detect::find_exact(&models, &frame)))
    });
    report("align", rounds, || {
        drop(black_box(align::align(&frame, &fine.landmarks)))
    });
    report("quality", rounds, || {
        drop(black_box(quality::judge(&fine, &crop)))
    });
    report("embed", rounds, || {
        drop(black_box(embed::embed(&models, &crop)))
    });
    report("eyes", rounds, || {
        drop(black_box(eyes::openings(&models, &frame, &fine.landmarks)))
    });
    report("codes", rounds, || {
        drop(black_box(code::find_codes(&frame.luma())))
    });
}

/// Made-up directions from a small generator (splitmix64): the time does not depend on them.
fn direction(state: &mut u64) -> Embedding {
    let mut next = || {
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    let numbers: Vec<f32> = (0..EMBEDDING_FLOATS).map(|_| next()).collect();
    Embedding::from_slice(&numbers).expect("a direction")
}

fn search(templates: usize, rounds: usize) {
    let mut state = 1;
    let mut gallery = Gallery::new(hadir::vision::model::ModelHash([0; 32]));
    for n in 0..templates {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&(n as u64).to_be_bytes());
        let person = PersonId::from_parts(Timestamp::from_millis(1), random);
        gallery
            .insert(person, &direction(&mut state))
            .expect("room");
    }
    let probe = direction(&mut state);
    report("search", rounds, || {
        black_box(gallery.search(black_box(&probe)));
    });
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let count = |i: usize| arguments.get(i).and_then(|a| a.parse().ok());
    match arguments.first().map(String::as_str) {
        Some("face") => face(&arguments[1], count(2).unwrap_or(30)),
        Some("search") => search(count(1).unwrap_or(50_000), count(2).unwrap_or(100)),
        _ => println!("usage: face PICTURE [ROUNDS] | search [TEMPLATES] [ROUNDS]"),
    }
}
