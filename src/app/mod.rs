//! Configuration, wiring, supervision and the command line.

pub mod cli;
pub mod config;
pub mod demo;
pub mod error;
mod output;
pub mod wire;
