//! Invariants under any sequence of operations.

mod door;
mod model;
