//! The command line, run as the operator runs it.

mod audit;
mod config;
mod control;
mod device;
mod execute;
mod face;
mod help;
mod passwd;
mod person;
