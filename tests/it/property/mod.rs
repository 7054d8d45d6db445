//! Invariants under any sequence of operations.

mod bulk;
mod claim;
mod day;
mod door;
mod merge;
mod model;
mod pairing;
mod people;
mod registration;
mod session;
mod trail;
