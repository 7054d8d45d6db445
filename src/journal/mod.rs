//! What the program tells its operator: tracing events, sent to systemd's journal with their
//! fields, or to stderr as text or JSON where there is no journal.
//!
//! Every layer above logs through `tracing`; `app` calls [`start`] once. Nothing that is
//! secret is ever put into an event: no token, name, template, message text or picture.

mod entry;
pub mod fields;
mod layer;

pub use entry::Level;
pub use layer::{Form, start};
