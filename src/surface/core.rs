//! What all surfaces share: the store, the site, the engine, the clock, chance, the galleries,
//! the cameras. A surface stamps the time here, once per request or frame, and runs the
//! domain's functions in a transaction; what is decided, the domain decides.

use crate::base::id::{Id, PersonId, RequestId};
use crate::base::time::{Clock, Stamp, Zone};
use crate::crypto::certificate::Standing;
use crate::crypto::random::{Seed, Seeded, new_id};
use crate::domain::actor::Actor;
use crate::domain::audit::Act;
use crate::domain::identity::{person, session};
use crate::domain::rule::Rules;
use crate::domain::setting;
use crate::domain::site::{Call, Deed, Site};
use crate::host::camera::run::{Camera, CameraState};
use crate::host::credential::Place;
use crate::journal::fields;
use crate::store::{self, Pending, Store, Tx, View};
use crate::surface::after;
use crate::surface::callers::Callers;
use crate::surface::directory::Names;
use crate::surface::gallery::Galleries;
use crate::surface::live::{Live, Whose};
use crate::surface::post::Post;
use crate::surface::shelf::Shelf;
use crate::surface::tally::Tallies;
use crate::surface::waiting::Waiting;
use crate::vision::gallery::ModelHash;
use crate::vision::worker::{Engine, EngineState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// The state of a running box.
pub struct Core {
    /// The store.
    pub store: Store,
    site: RwLock<Arc<Site>>,
    /// The site as the configuration has it. Its lock is held while the settings are read anew,
    /// so that of two changes the later one stays.
    configured: Mutex<Site>,
    /// The inference threads.
    pub engine: Engine,
    /// The digest of the embedder; None while faces are off for want of a model.
    pub model: Option<ModelHash>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where the master key is.
    pub master: Place,
    /// Where backups lie.
    pub shelf: Shelf,
    /// The way out for mails.
    pub post: Post,
    /// The galleries in memory.
    pub galleries: Galleries,
    /// Everybody's names in memory.
    pub directory: Names,
    /// The numbers of occasions, as far as they were counted.
    pub tallies: Tallies,
    /// The pages that listen, and what screens say of themselves.
    pub live: Live,
    /// Faces that wait for a second factor.
    pub waiting: Waiting,
    /// Devices that called lately.
    pub devices: Callers,
    chance: Mutex<Seeded>,
    ready: AtomicBool,
    cameras: Mutex<Vec<Camera>>,
    certificate: Mutex<Option<Standing>>,
}

/// What a core is made of.
pub struct Parts {
    /// The store, open.
    pub store: Store,
    /// Keys, zone, rules.
    pub site: Site,
    /// The inference threads.
    pub engine: Engine,
    /// The digest of the embedder, if there is one.
    pub model: Option<ModelHash>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where the master key is.
    pub master: Place,
    /// Where all chance comes from.
    pub seed: Seed,
}

impl Core {
    /// A core that is not ready yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            store: parts.store,
            configured: Mutex::new(parts.site.clone()),
            site: RwLock::new(Arc::new(parts.site)),
            engine: parts.engine,
            model: parts.model,
            clock: parts.clock,
            master: parts.master,
            shelf: Shelf::default(),
            post: Post::default(),
            galleries: Galleries::default(),
            directory: Names::default(),
            tallies: Tallies::default(),
            live: Live::default(),
            waiting: Waiting::default(),
            devices: Callers::default(),
            chance: Mutex::new(Seeded::new(&parts.seed)),
            ready: AtomicBool::new(false),
            cameras: Mutex::new(Vec::new()),
            certificate: Mutex::new(None),
        }
    }

    /// Keys, zone, rules, as they are now: a request takes them once.
    #[must_use]
    pub fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the settings in the store over those of the configuration: at the start, and after
    /// each change of them.
    ///
    /// # Errors
    /// Those of reading; the site stays as it was then.
    pub fn refresh_site(&self) -> Result<(), setting::Error> {
        let configured = self
            .configured
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let site = self.store.read(|view| setting::apply(view, &configured))?;
        *self.site.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
        Ok(())
    }

    /// Takes another configuration over: under what is set in the store, from the next request on.
    ///
    /// # Errors
    /// Those of reading; the site stays as it was then.
    pub fn configure(&self, zone: Zone, rules: Rules) -> Result<(), setting::Error> {
        let mut configured = self
            .configured
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let new = Site {
            zone,
            rules,
            ..configured.clone()
        };
        let site = self.store.read(|view| setting::apply(view, &new))?;
        *configured = new;
        *self.site.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
        Ok(())
    }

    fn chance(&self) -> MutexGuard<'_, Seeded> {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new id.
    #[must_use]
    pub fn new_id<T: Id>(&self) -> T {
        new_id(self.clock.stamp().at, &mut *self.chance())
    }

    /// A seed that nobody else has, for one job.
    #[must_use]
    pub fn draw_seed(&self) -> Seed {
        Seed::draw(&mut *self.chance())
    }

    /// Runs a function of the domain that writes, for an actor who came through `surface`. The
    /// answer comes after the commit; the journal has been told by then, and the streams of whom
    /// it took a right from have ended. The job may run twice; it then sees the same time and
    /// the same chance.
    ///
    /// # Errors
    /// The job's own, and the store's.
    pub fn write<T, E>(
        &self,
        actor: Actor,
        surface: &'static str,
        job: impl Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
    {
        self.write_at(self.clock.stamp(), actor, surface, job)
    }

    /// As [`Core::write`], for a surface that has stamped the time already.
    ///
    /// # Errors
    /// The job's own, and the store's.
    pub fn write_at<T, E>(
        &self,
        now: Stamp,
        actor: Actor,
        surface: &'static str,
        job: impl Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
    {
        let (origin, pending) = self.queue(now, actor, surface, job);
        let (answer, deeds) = pending.wait()?;
        self.follow(&origin, &deeds);
        Ok(answer)
    }

    /// As [`Core::write_at`], for a surface that does not wait: the job is queued on return, the
    /// future gives its answer. The journal and the streams are told only if the future is
    /// awaited to its end.
    pub fn submit_at<T, E, J>(
        self: &Arc<Self>,
        now: Stamp,
        actor: Actor,
        surface: &'static str,
        job: J,
    ) -> impl Future<Output = Result<T, E>> + Send + 'static + use<T, E, J>
    where
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
        J: Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
    {
        let core = Arc::clone(self);
        let (origin, pending) = self.queue(now, actor, surface, job);
        async move {
            let (answer, deeds) = pending.await?;
            core.follow(&origin, &deeds);
            Ok(answer)
        }
    }

    /// Queues a job of the domain with a time, chance and a request's id of its own.
    fn queue<T, E>(
        &self,
        now: Stamp,
        actor: Actor,
        surface: &'static str,
        job: impl Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
    ) -> (Origin, Done<T, E>)
    where
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
    {
        let origin = Origin {
            actor,
            surface,
            now,
            request: self.new_id(),
        };
        let (site, seed) = (self.site(), self.draw_seed());
        let pending = self.store.submit(move |tx| {
            origin.call(&site, &seed, |call| {
                let answer = job(tx, call)?;
                Ok::<_, E>((answer, std::mem::take(&mut call.deeds)))
            })
        });
        (origin, pending)
    }

    /// What follows a commit.
    fn follow(&self, origin: &Origin, deeds: &[Deed]) {
        for deed in deeds {
            after::log(&origin.actor, origin.surface, origin.request, deed);
            after::end(&self.live, deed);
            if deed.object.starts_with("device:") {
                self.devices.forget();
            }
        }
        if deeds.iter().any(|d| d.act == Act::PersonErase.code()) {
            let (site, seed) = (self.site(), self.draw_seed());
            (self.shelf).note_erasure(&self.store, &site, origin.now, &seed);
        }
    }

    /// Erases a person and empties the store's log, which still holds the old pages: what was
    /// said of the person is overwritten when this returns true. False: a reader held the log
    /// up, and the writer's next checkpoint does it.
    ///
    /// # Errors
    /// Those of [`person::erase`].
    pub fn erase(
        &self,
        actor: Actor,
        surface: &'static str,
        id: PersonId,
    ) -> Result<bool, person::Error> {
        self.write(actor, surface, move |tx, call| person::erase(tx, call, id))?;
        Ok(self.empty_log(surface))
    }

    /// Empties the store's log after something was erased; false: it could not be done at once,
    /// which the journal is told, and the writer's next checkpoint does it.
    pub fn empty_log(&self, surface: &'static str) -> bool {
        let emptied = self.store.checkpoint();
        if let Err(error) = &emptied {
            tracing::warn!(
                { fields::EVENT } = "log_not_emptied",
                { fields::SURFACE } = surface,
                { fields::ERROR } = %error,
                "After an erasure the store's log could not be emptied at once; it is tried again."
            );
        }
        emptied.is_ok()
    }

    /// Runs a function of the domain that reads.
    ///
    /// # Errors
    /// The query's own, and the store's.
    pub fn read<T, E: From<store::Error>>(
        &self,
        actor: Actor,
        surface: &'static str,
        query: impl FnOnce(&View<'_>, &Call<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let origin = Origin {
            actor,
            surface,
            now: self.clock.stamp(),
            request: self.new_id(),
        };
        let (site, seed) = (self.site(), self.draw_seed());
        self.store
            .read(|view| origin.call(&site, &seed, |call| query(view, call)))
    }

    /// A sign of life on all event streams; those of sessions whose time is over end instead.
    pub fn pulse(&self) {
        let now = self.clock.stamp().at;
        for id in self.live.sessions() {
            // Where the store cannot say, the stream goes on until it can.
            let open = self.store.read(|view| session::is_open(view, id, now));
            if open == Ok(false) {
                self.live.end(Whose::Session(id));
            }
        }
        self.live.pulse();
    }

    /// Whether the box serves: everything is built and the first commit has succeeded.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Says whether it serves.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }

    /// Whether faces are looked for.
    #[must_use]
    pub fn faces(&self) -> EngineState {
        self.engine.state()
    }

    /// Adds a camera that was started.
    pub fn add_camera(&self, camera: Camera) {
        self.cameras
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(camera);
    }

    /// Name and state of each camera.
    #[must_use]
    pub fn camera_states(&self) -> Vec<(String, CameraState)> {
        let cameras = self.cameras.lock().unwrap_or_else(PoisonError::into_inner);
        cameras
            .iter()
            .map(|c| (c.name().to_owned(), c.state()))
            .collect()
    }

    /// Notes how the brought certificate stands that ends first.
    pub fn set_certificate(&self, standing: Option<Standing>) {
        *(self.certificate.lock()).unwrap_or_else(PoisonError::into_inner) = standing;
    }

    /// How the brought certificate stands that ends first; None: the listeners show none.
    #[must_use]
    pub fn certificate(&self) -> Option<Standing> {
        *(self.certificate.lock()).unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops all cameras and waits for their threads.
    pub fn stop_cameras(&self) {
        let cameras =
            std::mem::take(&mut *self.cameras.lock().unwrap_or_else(PoisonError::into_inner));
        drop(cameras);
    }
}

/// A job's answer and the deeds that follow it.
type Done<T, E> = Pending<(T, Vec<Deed>), E>;

/// Where a call comes from; one per request, so that a request sees one time.
#[derive(Clone, Copy)]
struct Origin {
    actor: Actor,
    surface: &'static str,
    now: Stamp,
    request: RequestId,
}

impl Origin {
    fn call<T>(&self, site: &Site, seed: &Seed, run: impl FnOnce(&mut Call<'_>) -> T) -> T {
        let mut entropy = Seeded::new(seed);
        run(&mut Call {
            site,
            now: self.now,
            actor: &self.actor,
            surface: self.surface,
            entropy: &mut entropy,
            request: self.request,
            deeds: Vec::new(),
        })
    }
}
