//! Events and their tickets.
pub mod capacity;
pub mod error;
pub mod event;
pub mod ticket;
