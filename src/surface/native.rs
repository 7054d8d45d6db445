//! The surface of our own: what its handlers work on, and who calls. Who may come in, and the
//! form of a refusal, is in `front`; what is served in `api`, `pages`, `kiosk` and `desk`.

use crate::base::cause::Cause;
use crate::base::id::ApiKeyId;
use crate::base::limits;
use crate::crypto::password::Passwords;
use crate::domain::actor::Actor;
use crate::domain::device::Device;
use crate::domain::identity::account;
use crate::domain::identity::session::Session;
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::host::announce::LocalName;
use crate::host::names;
use crate::http::problem::{Left, Problem};
use crate::http::rate::{Limiter, Rules};
use crate::store::{self, Tx, View};
use crate::surface::core::Core;
use crate::surface::exports::Exports;
use crate::surface::gate::Gates;
use crate::surface::pin::Pins;
use crate::surface::started::Started;
use crate::surface::tixgo::State;
use crate::surface::tray::Tray;
use crate::surface::trust::Trust;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The name under which calls of this surface are logged and audited.
pub const SURFACE: &str = "native";

/// What the handlers of this surface work on.
pub struct Native {
    /// The box.
    pub core: Arc<Core>,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// Pictures of enrolments under way.
    pub tray: Tray,
    /// Counts how often somebody does something.
    pub limiter: Limiter,
    /// The doors of screens that send their own pictures.
    pub gates: Gates,
    /// Exports of the audit trail under way.
    pub exports: Exports,
    /// Wrong PINs on screens.
    pub pins: Pins,
    set_up: AtomicBool,
    /// How the program was started.
    pub started: Started,
    /// The box's own authority; None where no listener uses it.
    pub trust: Option<Arc<Trust>>,
    /// The box's name on its network; None where it is not announced.
    pub local: Option<LocalName>,
    /// The surface `identity`; None where it is not served.
    pub identity: Option<Arc<State>>,
}

/// Who calls.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whom the domain is told: the person who signed in, else the device; None: nobody known.
    pub actor: Option<Actor>,
    /// The session of a person who signed in.
    pub session: Option<Session>,
    /// The device that the call comes from, also when a person signed in on it.
    pub device: Option<Device>,
    /// The key that the call comes with, if a program calls.
    pub key: Option<ApiKeyId>,
    /// The call has a device's token that is not in force any more.
    pub device_revoked: bool,
    /// The language of pages and sentences for this caller.
    pub language: Language,
    /// What the caller may still do in the class of the route.
    pub left: Option<Left>,
}

impl Caller {
    /// The actor of a route that only the known may call.
    ///
    /// # Errors
    /// 401 if nobody has signed in.
    pub fn known(&self) -> Result<Actor, Problem> {
        self.actor.ok_or_else(|| self.stranger())
    }

    /// A caller of whom nothing is known but the language.
    #[must_use]
    pub const fn nobody(language: Language) -> Self {
        Self {
            actor: None,
            session: None,
            device: None,
            key: None,
            device_revoked: false,
            language,
            left: None,
        }
    }

    /// The refusal of a caller who had to be known: 401 `device_revoked` if it was a device once.
    #[must_use]
    pub fn stranger(&self) -> Problem {
        if !self.device_revoked {
            return unknown();
        }
        let message = "This device is not paired any more. Pair it again.";
        Problem::new(Cause::Unauthenticated, message).with_code("device_revoked")
    }
}

/// Nobody known calls where somebody must: 401.
#[must_use]
pub fn unknown() -> Problem {
    Problem::new(
        Cause::Unauthenticated,
        "Sign in first, or send a device's token.",
    )
}

impl Native {
    /// A surface over this box.
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            passwords: Passwords::new(limits::PASSWORD_HASHES_AT_ONCE_MAX),
            tray: Tray::default(),
            limiter: Limiter::new(Rules::default()),
            gates: Gates::default(),
            exports: Exports::default(),
            pins: Pins::default(),
            set_up: AtomicBool::new(false),
            started: Started::default(),
            trust: None,
            local: None,
            identity: None,
        }
    }

    /// The same with other limits of rates.
    #[must_use]
    pub fn limited(mut self, rules: Rules) -> Self {
        self.limiter = Limiter::new(rules);
        self
    }

    /// Whether it is known already that the box has an administrator.
    pub(in crate::surface) fn was_set_up(&self) -> bool {
        self.set_up.load(Ordering::Acquire)
    }

    /// Whether the box has had an administrator since it was started; looks into the store
    /// until it has.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn is_set_up(&self) -> Result<bool, Problem> {
        if self.was_set_up() {
            return Ok(true);
        }
        let found = self.core.store.read(account::has_administrator)?;
        self.set_up.store(found, Ordering::Release);
        Ok(found)
    }

    /// Runs a function of the domain that writes, for a known caller; answers after the commit.
    ///
    /// # Errors
    /// 401, and the job's own as a refusal.
    pub fn write<T, E>(
        &self,
        caller: &Caller,
        job: impl Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: From<store::Error> + Into<Problem> + Send + 'static,
    {
        self.core
            .write(caller.known()?, SURFACE, job)
            .map_err(Into::into)
    }

    /// Runs a function of the domain that reads, for a known caller.
    ///
    /// # Errors
    /// 401, and the query's own as a refusal.
    pub fn read<T, E>(
        &self,
        caller: &Caller,
        query: impl FnOnce(&View<'_>, &Call<'_>) -> Result<T, E>,
    ) -> Result<T, Problem>
    where
        E: From<store::Error> + Into<Problem>,
    {
        self.core
            .read(caller.known()?, SURFACE, query)
            .map_err(Into::into)
    }

    /// The same with what is known of how the program was started.
    #[must_use]
    pub fn started(mut self, started: Started) -> Self {
        self.started = started;
        self
    }

    /// The same with the box's name on its network.
    #[must_use]
    pub fn named(mut self, local: Option<LocalName>) -> Self {
        self.local = local;
        self
    }

    /// The addresses for browsers of other devices, with the announced name first.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let mut all: Vec<String> = (self.local.as_ref().and_then(LocalName::told))
            .into_iter()
            .collect();
        for name in names::of_this_box() {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        self.started.addresses(&all)
    }

    /// The same with the surface `identity`.
    #[must_use]
    pub fn with_identity(mut self, identity: Option<State>) -> Self {
        self.identity = identity.map(Arc::new);
        self
    }

    /// The same with the box's own authority.
    #[must_use]
    pub fn with_trust(mut self, trust: Option<Arc<Trust>>) -> Self {
        self.trust = trust;
        self
    }
}
