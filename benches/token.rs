//! How long the check of an access token takes, against the limit of 20 microseconds.
//!
//! `cargo bench --bench token` prints the figures of docs/performance.md: signature and claims
//! alone, and with the look whether the token's person may still do anything. It ends with 1
//! where the first misses the limit.

#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench stops at the unexpected and measures elapsed time"
)]

use hadir::base::id::{BoxId, Id as _};
use hadir::base::time::Zone;
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::Role;
use hadir::domain::identity::holder::{self, Holder};
use hadir::domain::identity::registration::Policy;
use hadir::domain::rule::Rules;
use hadir::domain::site::Site;
use hadir::domain::surface::Surface;
use hadir::store::{Options, Store};
use hadir::surface::tixgo::{Setting, State};
use std::process::ExitCode;
use std::time::Instant;

/// The limit, in microseconds.
const MOST_US: f64 = 20.0;
/// Checks of one run.
const CHECKS: u32 = 20_000;
/// Runs; the median counts.
const RUNS: usize = 9;

/// Microseconds of one call: the median of the runs' means.
fn time(mut call: impl FnMut()) -> f64 {
    let mut runs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            (0..CHECKS).for_each(|_| call());
            begun.elapsed().as_secs_f64() * 1e6 / f64::from(CHECKS)
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs.get(RUNS / 2).copied().expect("a median")
}

fn main() -> ExitCode {
    let dir = std::env::temp_dir().join(format!("hadir-bench-token-{}", std::process::id()));
    let store = Store::open(&Options::new(dir.clone(), BoxId::from_bytes([1; 16]))).expect("store");
    let mut source = Seeded::new(&Seed::from_number(1));
    let master = MasterKey::generate(&mut source);
    let (keyring, _) = Keyring::create(&master, &mut source).expect("keys");
    let site = Site {
        keyring: keyring.into(),
        zone: Zone::utc(),
        box_id: store.box_id(),
        rules: Rules::default(),
    };
    let setting = Setting {
        policy: Policy {
            open: false,
            roles: vec![Role::Committee],
        },
        password_chars_min: 4,
        token_s: 7200,
        origins: Vec::new(),
    };
    let state = State::new(setting, State::own_secret(&site).expose());
    let token = state.token("panitia1", "committee", 1_000);
    let alone = time(|| {
        let claims = state.read(token.expose(), 2_000);
        assert!(std::hint::black_box(claims).is_ok(), "a token");
    });
    let whole = time(|| {
        let claims = state.read(token.expose(), 2_000).expect("a token");
        let name = claims.get("sub").and_then(|n| n.as_str()).expect("a name");
        let holder = store.read(|view| holder::find(view, &site, Surface::Identity, name));
        assert_eq!(holder.expect("readable"), Holder::Nobody);
    });
    store.close();
    let _ = std::fs::remove_dir_all(&dir);
    println!("token check, signature and claims:   {alone:.2} us (at most {MOST_US:.0})");
    println!("token check, with its person's state: {whole:.2} us");
    ExitCode::from(u8::from(alone > MOST_US))
}
