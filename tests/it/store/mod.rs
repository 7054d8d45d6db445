//! The store engine over real files.

mod engine;
mod outbox;
mod snapshot;
