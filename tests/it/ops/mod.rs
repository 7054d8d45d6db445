//! The daemon as the service manager and the operator see it.

mod announce;
mod bundle;
pub mod client;
mod daemon;
mod deaf;
mod degraded;
mod doctor;
mod inherited;
mod journal;
mod notified;
mod packages;
mod reload;
mod revoked;
mod secrecy;
mod secure;
mod start;
