//! The command line, run as the operator runs it.

mod config;
mod control;
mod face;
mod help;
