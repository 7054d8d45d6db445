//! The daemon as the service manager and the operator see it.

mod daemon;
mod degraded;
mod notified;
mod secrecy;
mod secure;
