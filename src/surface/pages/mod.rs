//! The pages: rendered here, complete without scripts where no camera is needed, in Indonesian
//! and English. Handlers parse, call the domain and fill a template; texts are in `words`,
//! files in `assets`.

pub mod asset;
pub mod audit;
pub mod backup;
pub mod browser;
pub mod choice;
pub mod clock;
pub mod devices;
pub mod enrol;
pub mod events;
pub mod field;
pub mod home;
pub mod icon;
pub mod keys;
pub mod kit;
pub mod layout;
pub mod logo;
pub mod me;
pub mod name;
pub mod password;
pub mod people;
pub mod person;
pub mod place;
pub mod privacy;
pub mod refusal;
pub mod sample;
pub mod set_clock;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod sign_link;
pub mod status;
pub mod today;
pub mod todo;
pub mod trust;
pub mod webhooks;
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

/// A form with a password or a code in it.
const fn guarded(
    path: &'static str,
    access: Access,
    rate: Rate,
    to: Handler<Native>,
) -> Route<Native> {
    let lane = match rate {
        Rate::Login | Rate::Auth => Lane::Password,
        Rate::Free | Rate::General | Rate::Code | Rate::Poll | Rate::ApiKey => Lane::Ordinary,
    };
    Route {
        lane,
        rate,
        ..send(path, access, to)
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
    let base = vec![
        asset,
        read("/language/{language}", Access::Open, choice::language),
        read("/setup", Access::Open, setup::start),
        guarded("/setup", Access::Open, Rate::Code, setup::enter),
        read("/setup/{step}", Access::Open, setup::step::show),
        send("/setup/{step}", Access::Open, setup::step::send),
        guarded(
            "/setup/screen",
            Access::Open,
            Rate::Code,
            setup::screen::show,
        ),
        read("/setup/finished", Access::Open, kit::finished),
        logo::sending("/setup/logo", Access::Open, setup::step::keep_logo),
        read("/", Access::Person, home::show),
        read("/more", Access::Person, choice::more),
        read("/settings", Access::Person, settings::show),
        send("/settings/{part}", Access::Person, settings::send),
        read("/kit", Access::Person, kit::ask),
        guarded("/kit", Access::Person, Rate::Login, kit::show),
        read("/status", Access::Person, status::show),
    ];
    [
        base,
        sign_in::routes(),
        me::routes(),
        logo::routes(),
        people::routes(),
        people::access::routes(),
        sample::routes(),
        enrol::routes(),
        events::routes(),
        devices::routes(),
        set_clock::routes(),
        webhooks::routes(),
        keys::routes(),
        audit::routes(),
        me::data::routes(),
        privacy::routes(),
    ]
    .concat()
}
