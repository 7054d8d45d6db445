//! The screen at the door: its page and what the page asks for. A screen is a paired device
//! that may scan and nothing else; it reads no lists but the events in the menu that staff have
//! opened, and no names but those of its own decisions.

pub mod entries;
pub mod frame;
pub mod menu;
pub mod own;
pub mod page;
pub mod pair;
pub mod pin;
pub mod shape;
pub mod sign;
pub mod state;
pub mod stream;
pub mod typed;

use crate::domain::actor::Actor;
use crate::domain::device::Device;
use crate::http::problem::Problem;
use crate::http::request::Method;
use crate::http::route::{Access, Handler, Lane, Rate, Route};
use crate::surface::native::{Caller, Native, unknown};

/// The name under which calls of screens are logged and audited.
const SURFACE: &str = "kiosk";

/// The screen that calls, and as whom it asks.
///
/// # Errors
/// 401 for anybody else.
fn screen(caller: &Caller) -> Result<(&Device, Actor), Problem> {
    let device = caller.device.as_ref().ok_or_else(unknown)?;
    let actor = Actor::Device {
        id: device.id,
        access: device.access,
    };
    Ok((device, actor))
}

/// The table of routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let open = |method, path, rate, body_bytes_max, handle: Handler<Native>| Route {
        method,
        path,
        access: Access::Public,
        lane: Lane::Ordinary,
        rate,
        body_bytes_max,
        handle,
    };
    let mut routes = vec![
        open(Method::Get, "/kiosk", Rate::General, 0, page::show),
        open(
            Method::Post,
            "/kiosk/pair",
            Rate::Code,
            4 * 1024,
            pair::redeem,
        ),
        open(
            Method::Post,
            "/kiosk/own",
            Rate::General,
            4 * 1024,
            own::redeem,
        ),
    ];
    routes.extend(entries::entries().into_iter().map(|entry| entry.route));
    routes
}
