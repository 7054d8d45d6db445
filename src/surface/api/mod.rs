//! Our own HTTP interface.

pub mod health;

use crate::http::request::Method;
use crate::http::route::{Access, Handler, Lane, Rate, Route};
use crate::surface::native::Native;

const fn from_memory(path: &'static str, handle: Handler<Native>) -> Route<Native> {
    Route {
        method: Method::Get,
        path,
        access: Access::Open,
        lane: Lane::Memory,
        rate: Rate::Free,
        body_bytes_max: 0,
        handle,
    }
}

/// The table of routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        from_memory("/health", health::health),
        from_memory("/ready", health::ready),
    ]
}
