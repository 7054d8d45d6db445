//! What each listener serves, and what stands before it: places, lanes, TLS, proxies.

use crate::app::config::Config;
use crate::app::error::Failure;
use crate::base::limits;
use crate::crypto::tls::Acceptor;
use crate::domain::surface::Surface;
use crate::http::door::Places;
use crate::http::forward::Network;
use crate::http::lane::Lanes;
use crate::http::route::{self, Router};
use crate::http::server::{Redirect, Service, serve};
use crate::surface::core::Core;
use crate::surface::identity::{self, Identity};
use crate::surface::native::Native;
use crate::surface::tixgo::State;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// All listeners work on one `native`: what it keeps in memory is the box's, not a listener's.
pub fn service(native: &Arc<Native>, alive: Arc<AtomicU64>) -> Service<Native> {
    let ids = Arc::clone(&native.core);
    let mut service = Service::new(
        Router::new(Native::routes()),
        Arc::clone(native),
        Arc::new(move || ids.new_id()),
    );
    service.alive = alive;
    service
}

/// A listener that is bound, and what stands before what it serves.
pub struct Ready {
    /// It accepts.
    pub socket: tokio::net::TcpListener,
    /// Its TLS, if it speaks that.
    pub tls: Option<Acceptor>,
    /// Where clients without TLS are sent.
    pub redirect: Option<Redirect>,
    /// The lanes of all listeners.
    pub lanes: Lanes,
    /// How many may be connected.
    pub places: Places,
    /// Proxies before it.
    pub trusted: Arc<[Network]>,
    /// Counts the rounds of its accept loop.
    pub alive: Arc<AtomicU64>,
}

impl Ready {
    /// Begins to serve a surface. Of the old ones only those that a listener may name come here.
    pub fn serve(
        self,
        surface: Surface,
        native: &Arc<Native>,
        tasks: &mut JoinSet<()>,
        stop: watch::Receiver<bool>,
    ) {
        if surface == Surface::Identity {
            let identity = Arc::new(Identity(Arc::clone(native)));
            let ids = Arc::clone(&native.core);
            let ids = Arc::new(move || ids.new_id());
            let served = Service::new(Router::new(identity::routes()), identity, ids);
            self.go(served, tasks, stop);
        } else {
            let served = service(native, Arc::default());
            self.go(served, tasks, stop);
        }
    }

    fn go<S: route::Surface>(
        self,
        mut served: Service<S>,
        tasks: &mut JoinSet<()>,
        stop: watch::Receiver<bool>,
    ) {
        served.alive = self.alive;
        served.tls = self.tls;
        served.redirect = self.redirect;
        served.lanes = self.lanes;
        served.limits.places = self.places;
        served.trusted = self.trusted;
        tasks.spawn(serve(self.socket, served, stop));
    }
}

/// The surface `identity` with the secret of its tokens.
///
/// # Errors
/// A secret that cannot be read, or is too short to sign with.
pub fn identity_of(config: &Config, core: &Core) -> Result<Option<State>, Failure> {
    let Some(found) = &config.identity else {
        return Ok(None);
    };
    let setting = found.setting.clone();
    let Some(place) = &found.secret else {
        let own = State::own_secret(&core.site());
        return Ok(Some(State::new(setting, own.expose())));
    };
    let wrong = |why: String| Failure::Setup(format!("surface.identity.jwt_secret: {why}"));
    let secret = place.read().map_err(|e| wrong(e.to_string()))?;
    let secret = secret.expose().trim_ascii();
    if secret.len() < limits::JWT_SECRET_BYTES_MIN {
        let least = limits::JWT_SECRET_BYTES_MIN;
        return Err(wrong(format!("the secret has fewer than {least} bytes")));
    }
    Ok(Some(State::new(setting, secret)))
}
