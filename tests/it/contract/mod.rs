//! Golden exchanges and decisions.

pub mod reason;
