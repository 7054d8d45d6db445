//! What a listener serves, and within which limits.

use crate::base::id::RequestId;
use crate::base::limits;
use crate::crypto::tls::Acceptor;
use crate::http::door::Places;
use crate::http::forward::Network;
use crate::http::lane::Lanes;
use crate::http::route::{Router, Surface};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// The limits of a listener.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections.
    pub places: Places,
    /// Time for the head of a request, also for the next one of the same connection, and for
    /// a TLS handshake.
    pub header: Duration,
    /// Time for a body.
    pub body: Duration,
    /// Time in which a client must take a part of its answer.
    pub write: Duration,
    /// Time that a stop waits for requests under way.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            places: Places::default(),
            header: Duration::from_millis(limits::HEADER_MS_MAX),
            body: Duration::from_millis(limits::BODY_MS_MAX),
            write: Duration::from_millis(limits::WRITE_MS_MAX),
            drain: Duration::from_millis(limits::DRAIN_MS_MAX),
        }
    }
}

/// Where clients without TLS are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirect {
    /// The port at which this machine speaks TLS.
    pub port: u16,
    /// Beginnings of paths that are answered all the same: what a client needs before it
    /// trusts the box.
    pub open: &'static [&'static str],
}

/// Makes request ids.
pub type Ids = dyn Fn() -> RequestId + Send + Sync;

/// What a listener serves.
pub struct Service<S: Surface> {
    /// The table of routes.
    pub router: Arc<Router<S>>,
    /// What handlers work on.
    pub state: Arc<S>,
    /// Where request ids come from.
    pub ids: Arc<Ids>,
    /// Limits.
    pub limits: Limits,
    /// The lanes, shared by all listeners.
    pub lanes: Lanes,
    /// TLS; None: the listener does not speak it.
    pub tls: Option<Acceptor>,
    /// Where a client without TLS is sent, unless it is this machine itself.
    pub redirect: Option<Redirect>,
    /// Proxies whose words about their clients count.
    pub trusted: Arc<[Network]>,
    /// Counts the rounds of the accept loop, for the watchdog.
    pub alive: Arc<AtomicU64>,
}

impl<S: Surface> Service<S> {
    /// A service without TLS, behind no proxy, with the limits of the program.
    #[must_use]
    pub fn new(router: Router<S>, state: Arc<S>, ids: Arc<Ids>) -> Self {
        Self::sharing(Arc::new(router), state, ids)
    }

    /// The same with a table that other listeners have too.
    #[must_use]
    pub fn sharing(router: Arc<Router<S>>, state: Arc<S>, ids: Arc<Ids>) -> Self {
        Self {
            router,
            state,
            ids,
            limits: Limits::default(),
            lanes: Lanes::default(),
            tls: None,
            redirect: None,
            trusted: Arc::new([]),
            alive: Arc::default(),
        }
    }
}

impl<S: Surface> Clone for Service<S> {
    fn clone(&self) -> Self {
        Self {
            router: Arc::clone(&self.router),
            state: Arc::clone(&self.state),
            ids: Arc::clone(&self.ids),
            limits: self.limits,
            lanes: self.lanes.clone(),
            tls: self.tls.clone(),
            redirect: self.redirect,
            trusted: Arc::clone(&self.trusted),
            alive: Arc::clone(&self.alive),
        }
    }
}
