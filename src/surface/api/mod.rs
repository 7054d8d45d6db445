//! Our own HTTP interface.

pub mod audit;
pub mod checkins;
pub mod clock;
pub mod consents;
pub mod decision;
pub mod devices;
pub mod dossier;
pub mod entry;
pub mod events;
pub mod faces;
pub mod factors;
pub mod health;
pub mod import;
pub mod keys;
pub mod occasion;
pub mod occasions;
pub mod page;
pub mod people;
pub mod privacy;
pub mod sessions;
pub mod settings;
pub mod shape;
pub mod tickets;
pub mod tokens;
pub mod visits;
pub mod webhooks;

use crate::http::request::Method;
use crate::http::route::{Access, Handler, Lane, Rate, Route};
use crate::surface::api::entry::Entry;
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

/// The interface below `/api/v1` with its document.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let groups = [
        sessions::entries(),
        tokens::entries(),
        factors::entries(),
        people::entries(),
        dossier::entries(),
        import::entries(),
        consents::entries(),
        faces::entries(),
        events::entries(),
        tickets::entries(),
        occasions::entries(),
        checkins::entries(),
        visits::entries(),
        devices::entries(),
        webhooks::entries(),
        keys::entries(),
        settings::entries(),
        clock::entries(),
        audit::entries(),
        privacy::entries(),
    ];
    groups.into_iter().flatten().collect()
}

/// The table of routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let mut routes = vec![
        from_memory("/health", health::health),
        from_memory("/ready", health::ready),
    ];
    routes.extend(entries().into_iter().map(|entry| entry.route));
    routes
}
