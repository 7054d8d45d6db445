//! The command line, run as the operator runs it.

mod config;
mod control;
mod device;
mod execute;
mod face;
mod help;
mod passwd;
