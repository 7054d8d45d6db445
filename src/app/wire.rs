//! Builds everything, in order: clock, chance, store, keys, engine, core.

use crate::app::config::Config;
use crate::app::error::Failure;
use crate::base::id::BoxId;
use crate::base::time::{Clock, Span};
use crate::crypto::random::{Seed, Seeded, new_id};
use crate::domain::custody;
use crate::domain::site::Site;
use crate::host::clock::SystemClock;
use crate::journal::fields;
use crate::store::{self, Migration, Options, Store, stretches};
use crate::surface::core::{Core, Parts};
use crate::vision::model::{ModelError, Models};
use crate::vision::worker::Engine;
use std::sync::Arc;

/// Inference threads, most: one face takes one core, and the writer and the network need the rest.
const INFERENCE_THREADS_MAX: usize = 2;

/// Opens the box that the configuration describes: takes the store's lock, unlocks the keys,
/// starts the inference threads. Without models faces are off and everything else goes on.
///
/// # Errors
/// [`Failure::Key`] for a missing or wrong key, [`Failure::Setup`] for a store that another program
/// or a newer version has made; [`Failure::Failed`] for one that cannot be opened else.
pub fn open(config: &Config, models: Result<Models, ModelError>) -> Result<Core, Failure> {
    open_by(config, models, |clock| Arc::new(clock))
}

/// The same on a clock made of the system's, which has come to the store's last time by then.
///
/// # Errors
/// As [`open`].
pub fn open_by(
    config: &Config,
    models: Result<Models, ModelError>,
    make_clock: impl FnOnce(SystemClock) -> Arc<dyn Clock>,
) -> Result<Core, Failure> {
    let clock = SystemClock::new();
    let seed = Seed::from_system().map_err(Failure::of)?;
    let mut chance = Seeded::new(&seed);
    let new_box: BoxId = new_id(clock.stamp().at, &mut chance);
    let store = Store::open(&Options::new(config.store_dir.clone(), new_box)).map_err(not_open)?;
    clock.not_before(store.last_time().plus(Span::from_millis(1)));
    for row in store.read(stretches::list_stretches).map_err(not_open)? {
        clock.follow(row.stretch);
    }
    report(store.migration());
    let now = clock.stamp();
    let may_create = config.is_development();
    let keyring = custody::unlock(&store, &config.master, may_create, now, &mut chance)
        .map_err(|e| locked(&e))?;
    let site = Site {
        keyring: Arc::new(keyring),
        zone: config.site.zone.clone(),
        box_id: store.box_id(),
        rules: config.rules.clone(),
    };
    let model = models.as_ref().ok().map(Models::embedder_hash);
    let core = Core::new(Parts {
        engine: engine(models)?,
        model,
        store,
        site,
        clock: make_clock(clock),
        master: config.master.clone(),
        seed: Seed::draw(&mut chance),
    });
    core.shelf.configure(config.backup.clone());
    core.post.configure(config.mail.clone());
    core.refresh_site().map_err(Failure::of)?;
    Ok(core)
}

fn engine(models: Result<Models, ModelError>) -> Result<Engine, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Engine::start(models, cores.min(INFERENCE_THREADS_MAX)).map_err(Failure::of)
}

/// What another program has made stays what it is however often this one starts; the rest may pass.
fn not_open(error: store::Error) -> Failure {
    if matches!(error, store::Error::Foreign(_) | store::Error::Newer(..)) {
        return Failure::Setup(error.to_string());
    }
    Failure::of(error)
}

fn locked(error: &custody::Error) -> Failure {
    Failure::Key(error.to_string())
}

fn report(migration: Migration) {
    if let Migration::From(number) = migration {
        tracing::info!(
            { fields::EVENT } = "migrated",
            { fields::MESSAGE_ID } = fields::MIGRATED,
            "The store was brought up from form {number}."
        );
    }
}
