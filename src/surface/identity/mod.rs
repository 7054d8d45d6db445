//! The surface `identity`: accounts and tokens of the TixGo set, as its clients know them. It is
//! served at the root of a listener of its own, and below [`MOUNT`] on ours.
//!
//! What differs from the original on purpose is in docs/surfaces/identity.md, with its tests.

mod account;
mod answer;
mod front;
mod page;
mod shape;
mod table;

pub use front::{admit, early, finish, refuse};
pub use page::document;
pub use table::{Identity, PATHS, mounted, routes};

/// Where the surface is below a listener of ours.
pub const MOUNT: &str = "/compat/identity";

/// The name under which calls of this surface are logged and audited.
const SURFACE: &str = "identity";
