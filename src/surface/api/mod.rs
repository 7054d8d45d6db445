//! Our own HTTP interface.

pub mod health;

use crate::http::request::Method;
use crate::http::route::Route;
use crate::surface::core::Core;

/// The table of routes.
pub const ROUTES: &[Route<Core>] = &[
    Route {
        method: Method::Get,
        path: "/health",
        handle: health::health,
    },
    Route {
        method: Method::Get,
        path: "/ready",
        handle: health::ready,
    },
];
