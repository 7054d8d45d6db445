//! `GET /api/v1/kiosk/menu` and `POST …/options`: what staff may choose on a screen once the PIN
//! has opened its menu: the event and the direction. Names of events are all that a screen ever
//! reads in a list, and only then.

use crate::base::cause::Cause;
use crate::base::id::{DeviceId, EventId};
use crate::base::json::{Value, json};
use crate::base::limits;
use crate::domain::actor::Actor;
use crate::domain::checkin::reason::Direction;
use crate::domain::device::{self, Options};
use crate::domain::ticketing::event::{self, EventState};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::shape::{DirectionText, IdText};
use crate::surface::kiosk::{SURFACE, screen, state, stream};
use crate::surface::native::{Caller, Native};
use crate::surface::qr;
use crate::surface::started::for_phones;
use schemars::JsonSchema;
use serde::Deserialize;

/// The screen that calls, if its menu is open.
///
/// # Errors
/// 401 if no screen calls, 403 `menu_shut` unless the PIN was typed a moment ago.
fn opened(native: &Native, caller: &Caller) -> Result<(DeviceId, Actor), Problem> {
    let (screen, actor) = screen(caller)?;
    if native.pins.is_open(screen.id, native.core.clock.stamp().at) {
        return Ok((screen.id, actor));
    }
    let message = "Type the PIN again: the menu is open for five minutes.";
    Err(Problem::new(Cause::Forbidden, message).with_code("menu_shut"))
}

/// Answers with the events that are open, what is chosen now, and where the box is found. `fixed`:
/// the camera is the box's, whose event is that of the configuration.
///
/// # Errors
/// 401 if no screen calls, 403 `menu_shut`, and the store's.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (id, actor) = opened(native, caller)?;
    let (events, options) = native.core.read(actor, SURFACE, |view, call| {
        let events = event::list(view, call, None, limits::LIST_ROWS_MAX)?;
        let options = device::options(view, id).map_err(Problem::from)?;
        Ok::<_, Problem>((events, options))
    })?;
    let chosen = options.occasion;
    let offered = |e: &&event::Event| e.state == EventState::Open || Some(e.id) == chosen;
    let events: Vec<Value> = (events.iter().filter(offered))
        .take(limits::MENU_EVENTS_MAX)
        .map(|e| json!({"id": e.id.to_string(), "name": e.name}))
        .collect();
    let addresses = native.addresses();
    let code = for_phones(&addresses).and_then(|address| qr::data(address));
    Ok(Reply::json(
        200,
        &json!({
            "addresses": addresses,
            "code": code,
            "events": events,
            "event": chosen.map(|e| e.to_string()),
            "direction": options.direction,
            "fixed": stream::own_camera(native, &request).is_some(),
        }),
    ))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::surface::kiosk) struct ChoiceBody {
    /// Null: the attendance of the day.
    #[schemars(with = "Option<IdText>")]
    event: Option<String>,
    /// Which way people pass the screen.
    #[schemars(with = "DirectionText")]
    direction: String,
}

/// Keeps what was chosen, with a row in the audit; answers how the screen is to be now.
///
/// # Errors
/// 422 for a field that cannot be, 401 if no screen calls, 403 `menu_shut`, and the store's.
pub fn choose(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (id, actor) = opened(native, caller)?;
    let body: ChoiceBody = request.json()?;
    let occasion = (body.event.as_deref())
        .map(str::parse::<EventId>)
        .transpose()
        .map_err(|_| Problem::field("event", "An event is an id of 26 characters, or null."))?;
    let direction = Direction::read(&body.direction)
        .ok_or_else(|| Problem::field("direction", "A direction is entry or exit."))?;
    native.core.write(actor, SURFACE, move |tx, call| {
        let options = Options {
            occasion,
            direction,
            ..device::options(tx, id)?
        };
        device::update_options(tx, call, id, &options)
    })?;
    state::show(native, caller, request)
}
