//! The daemon as the service manager and the operator see it.

mod client;
mod daemon;
mod degraded;
mod doctor;
mod notified;
mod revoked;
mod secrecy;
mod secure;
