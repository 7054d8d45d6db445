//! Golden exchanges and decisions.
