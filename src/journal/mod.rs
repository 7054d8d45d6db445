//! What the program tells its operator: tracing events, sent to systemd's journal with their
//! fields, or to stderr as text or JSON where there is no journal.
//!
//! Every layer above logs through `tracing`; `app` calls [`start`] once, and [`flush`] at the end.
//! Logging waits for nobody: entries are written by a thread of their own. Nothing that is
//! secret is ever put into an event: no token, name, template, message text or picture.

mod entry;
pub mod fields;
mod layer;
mod queue;

pub use entry::Level;
pub use layer::{Form, flush, is_behind_stderr, is_started, set_level, start};
