//! Invariants under any sequence of operations.

mod day;
mod door;
mod model;
mod people;
