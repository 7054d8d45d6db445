//! The desk: one page that stays open on the phone of whoever stands at the door, what it has
//! to tell beyond a check-in (reports, walk-ins), and what it is told (state, search, events).

pub mod decoder;
pub mod events;
pub mod history;
pub mod page;
pub mod search;
pub mod send;
pub mod state;

use crate::http::route::{Access, Lane, Rate, Route};
use crate::surface::api::entry::Entry;
use crate::surface::native::Native;
use crate::surface::pages;

/// Its part of the interface, with its document.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let groups = [
        send::entries(),
        state::entries(),
        search::entries(),
        events::entries(),
        history::entries(),
    ];
    groups.concat()
}

/// The table of routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let decoder = Route {
        lane: Lane::Memory,
        rate: Rate::Free,
        ..pages::read(decoder::PATH, Access::Open, decoder::show)
    };
    let mut routes = vec![decoder, pages::read("/desk", Access::Known, page::show)];
    routes.extend(entries().into_iter().map(|entry| entry.route));
    routes
}
