//! The daemon: starts everything in order, watches over it, and stops it in order.
//!
//! Start: sockets, store and keys, engine, listeners, the first commit, control socket,
//! camera; only then is the box ready. Stop: no more connections, requests under way, camera,
//! writer, checkpoint, close; each with its limit. A task that ends before the stop, by a panic or
//! otherwise, ends the process, and the service manager starts it again.

use crate::app::announce;
use crate::app::camera;
use crate::app::config::{Config, LimitSetting, Listener, Tls};
use crate::app::error::Failure;
use crate::app::head;
use crate::app::listening::{self, Ready};
use crate::app::own_screen;
use crate::app::pulse::Pulse;
use crate::app::reload::Reload;
use crate::app::tls::{self, Certificates};
use crate::app::wire;
use crate::base::limits;
use crate::base::time::Stamp;
use crate::crypto::keyring::Purpose;
use crate::domain::audit::Act;
use crate::domain::surface::Surface;
use crate::host::announce::Announcer;
use crate::host::notify::{Message, Notifier, watchdog_interval};
use crate::host::sockets::Inherited;
use crate::http::call::Reach;
use crate::http::lane::Lanes;
use crate::http::server::serve;
use crate::journal::fields;
use crate::store::{self, audit};
use crate::surface::clock::Keeper;
use crate::surface::control::server::Control;
use crate::surface::core::Core;
use crate::surface::delivery;
use crate::surface::health::Health;
use crate::surface::native::Native;
use crate::surface::started::{Door, Started};
use crate::surface::watch::Watch;
use crate::vision::model::Models;
use crate::vision::worker::EngineState;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// How often the box looks after itself where no watchdog asks for more.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// Time for stopping the camera, and for the writer's last work, each.
const STAGE_LIMIT: Duration = Duration::from_secs(5);

/// Threads of the runtime: requests are short, and the work is done in threads of its own.
const RUNTIME_THREADS: usize = 2;

/// The signals that ask for a stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).map_err(Failure::of)?,
            interrupt: signal(SignalKind::interrupt()).map_err(Failure::of)?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Everything that runs.
struct Running {
    core: Arc<Core>,
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
    watches: Vec<Watch>,
    pulse: Pulse,
    notifier: Notifier,
    certificates: Arc<Certificates>,
    keeper: Arc<Keeper>,
    looking: Option<JoinHandle<()>>,
    announcer: Option<Announcer>,
}

/// The runtime of the daemon.
///
/// # Errors
/// If the system gives no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(RUNTIME_THREADS)
        .enable_all()
        .build()
        .map_err(Failure::of)
}

/// Runs the daemon until it is asked to stop.
///
/// # Errors
/// [`Failure::Setup`] for what a restart cannot mend, [`Failure::Failed`] for the rest.
pub async fn run(config: Config, models: Vec<PathBuf>) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let notifier = Notifier::from_env();
    notifier.send(&Message::Status("opening the store".to_owned()));
    let sockets = bind(&config)?;
    let opening = config.clone();
    let opened = tokio::task::spawn_blocking(move || wire::open(&opening, Models::load(&models)));
    let core = tokio::select! {
        opened = opened => Arc::new(opened.map_err(Failure::of)??),
        () = signals.wait() => return Ok(()),
    };
    let mut running = start(&config, core, sockets, notifier)?;
    ready(&config, &running);
    let failure = running.watch_over(&mut signals).await;
    running.stop().await;
    failure.map_or(Ok(()), Err)
}

/// Runs `core` with one listener until a stop is asked for: what the demo does after its scenes.
///
/// # Errors
/// As [`run`].
pub async fn serve_until_stopped(
    core: Arc<Core>,
    listener: TcpListener,
    setting: LimitSetting,
) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let native = Native::new(Arc::clone(&core)).limited(setting.rates);
    let mut served = listening::service(&Arc::new(native), Arc::default());
    served.limits.places = setting.places;
    tasks.spawn(serve(accepting(listener)?, served, stopped));
    core.set_ready(true);
    let mut pulse = tokio::time::interval(Duration::from_secs(limits::STREAM_PULSE_S));
    loop {
        tokio::select! {
            () = signals.wait() => break,
            _ = pulse.tick() => beat(&core).await,
        }
    }
    core.set_ready(false);
    let _ = stop.send(true);
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// A sign of life on the event streams; it reads the store, and so has a thread of its own.
async fn beat(core: &Arc<Core>) {
    let core = Arc::clone(core);
    if let Err(error) = tokio::task::spawn_blocking(move || core.pulse()).await {
        tracing::error!({ fields::ERROR } = %error, "The event streams had no pulse.");
    }
}

fn bind(config: &Config) -> Result<Vec<TcpListener>, Failure> {
    let mut inherited = Inherited::from_env();
    let listen = |l: &Listener| inherited.listen(l.address, &l.key);
    let sockets: Result<Vec<_>, _> = config.listeners.iter().map(listen).collect();
    for address in inherited.left() {
        tracing::warn!(%address, "A socket was handed over that no listener of the configuration asks for.");
    }
    sockets.map_err(|e| Failure::Setup(e.to_string()))
}

fn accepting(listener: TcpListener) -> Result<tokio::net::TcpListener, Failure> {
    listener.set_nonblocking(true).map_err(Failure::of)?;
    tokio::net::TcpListener::from_std(listener).map_err(Failure::of)
}

fn start(
    config: &Config,
    core: Arc<Core>,
    sockets: Vec<TcpListener>,
    notifier: Notifier,
) -> Result<Running, Failure> {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let mut pulse = Pulse::new(Arc::clone(&core));
    let local = announce::name(config);
    let certificates = Arc::new(Certificates::open(config, &core, local.clone())?);
    let keeper = Arc::new(Keeper::default());
    keeper.begin(&core);
    let native = Native::new(Arc::clone(&core)).with_trust(certificates.trust());
    let native = native.started(started(config)?).named(local.clone());
    let native = native.with_identity(listening::identity_of(config, &core)?);
    let native = Arc::new(native.limited(config.limits.rates));
    let lanes = Lanes::default();
    for (listener, socket) in config.listeners.iter().zip(sockets) {
        let address = socket.local_addr().map_err(Failure::of)?;
        tracing::info!({ fields::EVENT } = "listening", "Listening on {address}.");
        let place = Ready {
            socket: accepting(socket)?,
            tls: certificates.acceptor(&listener.tls),
            redirect: tls::redirect(listener, &config.listeners),
            lanes: lanes.clone(),
            places: config.limits.places,
            trusted: listener.trusted_proxies.clone().into(),
            alive: pulse.listener(),
        };
        place.serve(listener.surface, &native, &mut tasks, stopped.clone());
    }
    first_commit(&core)?;
    let control = Control::bind(&config.control)
        .map_err(|e| Failure::Setup(format!("control.socket {}: {e}", config.control.display())))?;
    let reload = Reload::new(config, native, Arc::clone(&certificates));
    let reload = Arc::new(move || reload.run());
    let delivering = stopped.clone();
    tasks.spawn(control.serve(Arc::clone(&core), reload, stopped));
    tasks.spawn(delivery::run(
        Arc::clone(&core),
        Reach::outside(),
        delivering,
    ));
    let watches = camera::start(&config.cameras, &core)?;
    let announcer = local.and_then(|name| announce::start(&name, config, &core));
    Ok(Running {
        core,
        tasks,
        stop,
        watches,
        pulse,
        notifier,
        certificates,
        keeper,
        looking: None,
        announcer,
    })
}

/// What the pages tell of the configuration; of variables the names only.
///
/// # Errors
/// If the token of the own screen is there and cannot be used.
fn started(config: &Config) -> Result<Started, Failure> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let ours = |name: &String| name.starts_with("HADIR_") && name.contains("__");
    let door = |l: &Listener| Door {
        address: l.address,
        secure: l.tls != Tls::Off,
    };
    Ok(Started {
        file: config.file.clone(),
        variables: names.filter(ours).collect(),
        doors: (config
            .listeners
            .iter()
            .filter(|l| l.surface == Surface::Native))
        .map(door)
        .collect(),
        own_screen: own_screen::token(config)?,
    })
}

/// The row that says when the box started; its commit proves that the store can be written.
fn first_commit(core: &Core) -> Result<(), Failure> {
    let (site, now) = (core.site(), core.clock.stamp());
    let written = core
        .store
        .write(move |tx| audit::append(tx, site.keyring.purpose(Purpose::AuditChain), &entry(now)));
    match written {
        Ok(_) => Ok(()),
        // A full disk is a state that heals; reading goes on.
        Err(error @ (store::Error::Full | store::Error::Io(_) | store::Error::Corrupt(_))) => {
            tracing::error!(
                { fields::EVENT } = "store_read_only",
                { fields::MESSAGE_ID } = fields::STORE_READ_ONLY,
                { fields::ERROR } = %error,
                "The store cannot be written."
            );
            Ok(())
        }
        Err(error) => Err(Failure::of(error)),
    }
}

fn entry(now: Stamp) -> audit::Entry {
    audit::Entry {
        at: now.at,
        clock: now.clock,
        actor: "box".to_owned(),
        origin: "daemon".to_owned(),
        act: Act::BoxStart.code().to_owned(),
        object: format!("version {}", env!("CARGO_PKG_VERSION")),
        detail: Vec::new(),
    }
}

fn ready(config: &Config, running: &Running) {
    if let EngineState::Off(why) = running.core.faces() {
        tracing::warn!(
            { fields::EVENT } = "faces_off",
            { fields::MESSAGE_ID } = fields::FACES_OFF,
            { fields::ERROR } = %why,
            "Faces are off; codes and lists go on."
        );
    }
    running.core.set_ready(true);
    running.notifier.send(&Message::Ready);
    running.tell_status();
    tracing::info!(
        { fields::EVENT } = "started",
        { fields::MESSAGE_ID } = fields::STARTED,
        "hadir {} serves {}.",
        env!("CARGO_PKG_VERSION"),
        config.site.name
    );
}

impl Running {
    /// Looks after the box until a stop is asked for (None) or something fails.
    async fn watch_over(&mut self, signals: &mut Signals) -> Option<Failure> {
        let mut every = tokio::time::interval(watchdog_interval().unwrap_or(LOOK_EVERY));
        let mut second = tokio::time::interval(Duration::from_secs(1));
        let mut pulse = tokio::time::interval(Duration::from_secs(limits::STREAM_PULSE_S));
        let mut minute = tokio::time::interval(Duration::from_secs(60));
        let mut hour = tokio::time::interval(Duration::from_secs(3600));
        loop {
            tokio::select! {
                () = signals.wait() => return None,
                Some(ended) = self.tasks.join_next() => {
                    return Some(Failure::Failed(match ended {
                        Ok(()) => "a task has ended that must not end".to_owned(),
                        Err(error) => format!("a task has failed: {error}"),
                    }));
                }
                _ = every.tick() => self.look().await,
                _ = pulse.tick() => beat(&self.core).await,
                _ = minute.tick() => self.refresh_certificates().await,
                _ = hour.tick() => head::tell(&self.core).await,
                _ = second.tick() => {
                    if self.watches.iter().any(Watch::has_ended) {
                        return Some(Failure::of("a camera's thread has ended"));
                    }
                    self.look_at_clock();
                }
            }
        }
    }

    /// Looks at the clock, unless the last look still waits for the store.
    fn look_at_clock(&mut self) {
        if self.looking.as_ref().is_none_or(JoinHandle::is_finished) {
            let (keeper, core) = (Arc::clone(&self.keeper), Arc::clone(&self.core));
            self.looking = Some(tokio::task::spawn_blocking(move || keeper.tick(&core)));
        }
    }

    async fn refresh_certificates(&self) {
        let (certificates, core) = (Arc::clone(&self.certificates), Arc::clone(&self.core));
        let refreshed = tokio::task::spawn_blocking(move || certificates.refresh(&core));
        if let Err(error) = refreshed.await {
            tracing::error!({ fields::ERROR } = %error, "The certificates were not looked at.");
        }
    }

    async fn look(&mut self) {
        match self.pulse.feel().await {
            Ok(()) => self.notifier.send(&Message::Watchdog),
            Err(silent) => tracing::error!(
                { fields::EVENT } = "silent",
                { fields::ERROR } = silent,
                "A part of the box does not answer; the watchdog is not fed."
            ),
        }
        self.tell_status();
    }

    fn tell_status(&self) {
        let health = Health::of(&self.core);
        if health.disk_low() {
            tracing::warn!(
                { fields::EVENT } = "disk_low",
                { fields::MESSAGE_ID } = fields::DISK_LOW,
                { fields::BYTES } = health.disk_free_bytes.unwrap_or(0),
                "The store's disk is nearly full."
            );
        }
        self.notifier
            .send(&Message::Status(health.overall().word().to_owned()));
    }

    async fn stop(mut self) {
        tracing::info!(
            { fields::EVENT } = "stopping",
            { fields::MESSAGE_ID } = fields::STOPPING,
            "hadir stops."
        );
        self.notifier.send(&Message::Stopping);
        self.core.set_ready(false);
        let _ = self.stop.send(true);
        let drain = Duration::from_millis(limits::DRAIN_MS_MAX) + Duration::from_secs(1);
        let drained = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(drain, drained).await.is_err() {
            self.tasks.abort_all();
        }
        let announcer = self.announcer.take();
        stage("name", move || {
            drop(announcer);
            true
        })
        .await;
        let core = Arc::clone(&self.core);
        let watches = std::mem::take(&mut self.watches);
        stage("camera", move || {
            core.stop_cameras();
            watches.into_iter().all(Watch::join)
        })
        .await;
        head::tell(&self.core).await;
        let core = Arc::clone(&self.core);
        stage("store", move || {
            let flushed = core.store.checkpoint().is_ok();
            core.store.close();
            flushed
        })
        .await;
        tracing::info!({ fields::EVENT } = "stopped", "hadir has stopped.");
    }
}

/// Runs one stage of the stop within its limit.
async fn stage(name: &str, act: impl FnOnce() -> bool + Send + 'static) {
    let done = tokio::time::timeout(STAGE_LIMIT, tokio::task::spawn_blocking(act)).await;
    if !matches!(done, Ok(Ok(true))) {
        tracing::warn!(
            { fields::EVENT } = "stop_incomplete",
            "The {name} did not stop in order."
        );
    }
}
