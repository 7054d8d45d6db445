//! The screen at the door: its page and what the page asks for. A screen is a paired device
//! that may scan and nothing else; it reads no lists but the events in the menu that staff have
//! opened, and no names but those of its own decisions.

pub mod frame;
pub mod menu;
pub mod page;
pub mod pair;
pub mod pin;
pub mod sign;
pub mod state;
pub mod stream;
pub mod typed;

use crate::base::limits;
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

const fn ask(
    method: Method,
    path: &'static str,
    lane: Lane,
    body_bytes_max: usize,
    handle: Handler<Native>,
) -> Route<Native> {
    Route {
        method,
        path,
        access: Access::Device,
        lane,
        rate: Rate::Poll,
        body_bytes_max,
        handle,
    }
}

/// The table of routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    const SMALL: usize = 4 * 1024;
    const PICTURE: usize = limits::SCREEN_PICTURE_BYTES_MAX;
    let post = |path, lane, bytes, handle| ask(Method::Post, path, lane, bytes, handle);
    let get = |path, handle| ask(Method::Get, path, Lane::Ordinary, 0, handle);
    let open = |method, path, rate, bytes, handle| Route {
        access: Access::Public,
        rate,
        ..ask(method, path, Lane::Ordinary, bytes, handle)
    };
    vec![
        open(Method::Get, "/kiosk", Rate::General, 0, page::show),
        open(Method::Post, "/kiosk/pair", Rate::Code, SMALL, pair::redeem),
        post("/api/v1/kiosk/frame", Lane::CheckIn, PICTURE, frame::look),
        post("/api/v1/kiosk/code", Lane::CheckIn, SMALL, typed::code),
        post("/api/v1/kiosk/number", Lane::CheckIn, SMALL, typed::number),
        post("/api/v1/kiosk/help", Lane::Ordinary, 0, sign::help),
        post("/api/v1/kiosk/heartbeat", Lane::Ordinary, SMALL, sign::beat),
        post("/api/v1/kiosk/escape", Lane::Ordinary, SMALL, pin::escape),
        post("/api/v1/kiosk/options", Lane::Ordinary, SMALL, menu::choose),
        get("/api/v1/kiosk/menu", menu::show),
        get("/api/v1/kiosk/state", state::show),
        get("/api/v1/kiosk/events", stream::events),
        get("/api/v1/kiosk/preview", stream::preview),
    ]
}
