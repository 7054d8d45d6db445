//! Invariants under any sequence of operations.

mod day;
mod door;
mod model;
mod pairing;
mod people;
mod registration;
mod session;
