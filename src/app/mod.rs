//! Configuration, wiring, supervision and the command line.

mod announce;
mod bundle;
mod camera;
pub mod cli;
pub mod config;
pub mod demo;
mod doctor;
pub mod error;
mod head;
mod listening;
mod output;
mod own_screen;
mod pulse;
mod reload;
mod supervise;
pub mod tls;
pub mod wire;
