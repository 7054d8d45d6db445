//! How long the check of a token takes, against the limit of 20 microseconds each: the token of a
//! session, a signed access token, the key of a program, and the access token of an old set.
//!
//! `cargo bench --bench token` prints the figures of docs/performance.md: what is checked without the
//! store alone, and each kind whole, with the look whether its holder may still do anything. It ends
//! with 1 where one of them misses the limit.

#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench stops at the unexpected and measures elapsed time"
)]

use hadir::base::id::{BoxId, Id as _, PersonId};
use hadir::base::secret::Secret;
use hadir::base::time::{Clock, ClockState, Stamp, Timestamp, Zone};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, Role, Scope};
use hadir::domain::api_key::{self, NewKey};
use hadir::domain::identity::holder::{self, Holder};
use hadir::domain::identity::login::Login;
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::registration::Policy;
use hadir::domain::identity::{account, refresh, role, session};
use hadir::domain::rule::Rules;
use hadir::domain::site::Site;
use hadir::domain::surface::Surface;
use hadir::host::credential::Place;
use hadir::store::{Options, Store};
use hadir::surface::access;
use hadir::surface::core::{Core, Parts};
use hadir::surface::tixgo::{Setting, State};
use hadir::vision::model::ModelError;
use hadir::vision::worker::Engine;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// The limit, in microseconds.
const MOST_US: f64 = 20.0;
/// Checks of one run.
const CHECKS: u32 = 20_000;
/// Runs; the median counts.
const RUNS: usize = 9;

/// A time that stands still: no token ends while it is measured.
struct Still;

impl Clock for Still {
    fn stamp(&self) -> Stamp {
        Stamp {
            at: Timestamp::from_millis(2_000_000),
            clock: ClockState::Synced,
        }
    }
}

/// A box with nothing in it.
fn open(dir: &Path) -> Core {
    let options = Options::new(dir.to_owned(), BoxId::from_bytes([1; 16]));
    let store = Store::open(&options).expect("store");
    let mut source = Seeded::new(&Seed::from_number(1));
    let master = MasterKey::generate(&mut source);
    let (keyring, _) = Keyring::create(&master, &mut source).expect("keys");
    let site = Site {
        keyring: keyring.into(),
        zone: Zone::utc(),
        box_id: store.box_id(),
        rules: Rules::default(),
    };
    let missing = ModelError::Missing {
        file: "detector.onnx",
        looked: Vec::new(),
    };
    Core::new(Parts {
        store,
        site,
        engine: Engine::start(Err(missing), 1).expect("engine"),
        model: None,
        clock: Arc::new(Still),
        master: Place::File(dir.join("key")),
        seed: Seed::draw(&mut source),
    })
}

fn state(site: &Site) -> State {
    let setting = Setting {
        policy: Policy {
            open: false,
            roles: vec![Role::Committee],
        },
        password_chars_min: 4,
        token_s: 7200,
        origins: Vec::new(),
        rates: None,
    };
    State::new(setting, State::own_secret(site).expose())
}

fn add(core: &Core) -> PersonId {
    let profile = Profile {
        name: "Bench".parse().expect("name"),
        number: None,
        email: None,
        class: None,
        role: Role::Committee,
    };
    let added = core.write(Actor::Operator, "bench", move |tx, call| {
        person::add(tx, call, &profile)
    });
    added.expect("person")
}

fn key(core: &Core) -> Secret<String> {
    let new = NewKey {
        name: "Bench".parse().expect("name"),
        scopes: vec![Scope::Attend],
        days: 1,
    };
    let made = core.write(Actor::Operator, "bench", move |tx, call| {
        api_key::make(tx, call, &new)
    });
    made.expect("key").1
}

/// A login on the old set for a person, and a role there.
fn sign_up(core: &Core, person: PersonId) {
    let login = Login::chosen("panitia1").expect("a login");
    let named = core.write(Actor::Operator, "bench", move |tx, call| {
        account::set_login(
            tx,
            call,
            Surface::Identity,
            person,
            login.clone(),
            "no hash",
        )
    });
    named.expect("a login");
    let given = core.write(Actor::Operator, "bench", move |tx, call| {
        role::give(tx, call, person, Surface::Identity, Role::Committee, None)
    });
    given.expect("a role");
}

/// Microseconds of one call: the median of the runs' means.
fn time(mut call: impl FnMut() -> bool) -> f64 {
    let mut runs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            (0..CHECKS).for_each(|_| assert!(std::hint::black_box(call()), "it holds"));
            begun.elapsed().as_secs_f64() * 1e6 / f64::from(CHECKS)
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs.get(RUNS / 2).copied().expect("a median")
}

/// What is measured, with its microseconds.
fn measure(core: &Core) -> Vec<(&'static str, f64)> {
    let (site, now, person) = (core.site(), core.clock.stamp().at, add(core));
    let pages = core.write(Actor::Stranger, "bench", move |tx, call| {
        session::open(tx, call, person, Surface::Native, "127.0.0.1", "bench")
    });
    let pages = pages.expect("session").token;
    let tokens = core.write(Actor::Stranger, "bench", move |tx, call| {
        refresh::open(tx, call, person, Surface::Native, "127.0.0.1", "bench")
    });
    let (signed, _) = access::sign(&site, person, tokens.expect("session").id, now);
    let (key, old) = (key(core), state(&site));
    sign_up(core, person);
    let old_token = old.token("panitia1", "committee", 1_000);
    let by_session = || {
        let found = (core.store)
            .read(|view| session::find(view, &site, Surface::Native, pages.expose(), now));
        found.expect("readable").is_some()
    };
    let by_signature = || {
        let (_, id) = access::read(&site, signed.expose(), now).expect("a token");
        let found =
            (core.store).read(|view| session::find_signed(view, &site, Surface::Native, id, now));
        found.expect("readable").is_some()
    };
    let by_key = || {
        let found = (core.store).read(|view| api_key::find(view, &site, key.expose(), now));
        found.expect("readable").is_some()
    };
    let by_old = || {
        let claims = old.read(old_token.expose(), 2_000).expect("a token");
        let name = claims.get("sub").and_then(|n| n.as_str()).expect("a name");
        let holder = (core.store).read(|view| holder::find(view, &site, Surface::Identity, name));
        matches!(holder.expect("readable"), Holder::Known { .. })
    };
    vec![
        (
            "access token, signature and claims",
            time(|| access::read(&site, signed.expose(), now).is_some()),
        ),
        ("access token, with its session", time(by_signature)),
        ("token of a session", time(by_session)),
        ("key of a program", time(by_key)),
        (
            "token of an old set, signature and claims",
            time(|| old.read(old_token.expose(), 2_000).is_ok()),
        ),
        ("token of an old set, with its holder", time(by_old)),
    ]
}

fn main() -> ExitCode {
    let dir = std::env::temp_dir().join(format!("hadir-bench-token-{}", std::process::id()));
    let core = open(&dir);
    let all = measure(&core);
    core.store.close();
    let _ = std::fs::remove_dir_all(&dir);
    for (what, us) in &all {
        println!("{what}: {us:.2} us (at most {MOST_US:.0})");
    }
    ExitCode::from(u8::from(all.iter().any(|(_, us)| *us > MOST_US)))
}
