//! The pages: rendered here, complete without scripts where no camera is needed, in Indonesian
//! and English. Handlers parse, call the domain and fill a template; texts are in `words`,
//! files in `assets`.

pub mod asset;
pub mod choice;
pub mod icon;
pub mod layout;
pub mod refusal;
pub mod trust;
pub mod words;

use crate::http::request::Method;
use crate::http::route::{Access, Handler, Lane, Rate, Route};
use crate::surface::native::Native;

/// A page that is read.
#[must_use]
pub const fn read(path: &'static str, access: Access, handle: Handler<Native>) -> Route<Native> {
    Route {
        method: Method::Get,
        path,
        access,
        lane: Lane::Ordinary,
        rate: Rate::General,
        body_bytes_max: 0,
        handle,
    }
}

/// A form that is sent, of at most 64 KiB.
#[must_use]
pub const fn send(path: &'static str, access: Access, handle: Handler<Native>) -> Route<Native> {
    Route {
        method: Method::Post,
        body_bytes_max: 64 * 1024,
        ..read(path, access, handle)
    }
}

/// The table of routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let asset = Route {
        lane: Lane::Memory,
        rate: Rate::Free,
        ..read("/assets/{name}", Access::Open, asset::show)
    };
    vec![
        asset,
        read("/language/{language}", Access::Open, choice::language),
        read("/more", Access::Person, choice::more),
    ]
}
