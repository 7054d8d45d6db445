//! Configuration, wiring, supervision and the command line.
pub mod cli;
pub mod config;
