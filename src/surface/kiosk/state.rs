//! `GET /api/v1/kiosk/state`: how a screen is to be: what people check in to, whether it is open,
//! whose camera sees them, which version of the program serves.

use crate::base::json::{Value, json};
use crate::base::time::Timestamp;
use crate::domain::device::{self, Options};
use crate::domain::ticketing::event::{self, Event, EventState};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::surface::kiosk::{SURFACE, screen, stream};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::asset;
use crate::vision::worker::EngineState;

/// Whether people are let in, and if not, from when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Now.
    pub open: bool,
    /// From when on, if that is known and still to come.
    pub opens_at: Option<Timestamp>,
}

impl Opening {
    /// Of an event at this time; without one it is a day of attendance, which is always open.
    #[must_use]
    pub fn of(event: Option<&Event>, now: Timestamp, synced: bool) -> Self {
        let Some(event) = event else {
            return Self {
                open: true,
                opens_at: None,
            };
        };
        // Nobody is sent away because the box's clock is wrong.
        let early = synced && event.starts_at.is_some_and(|starts| now < starts);
        let over = synced && event.ends_at.is_some_and(|ends| now > ends);
        Self {
            open: event.state == EventState::Open && !early && !over,
            opens_at: event
                .starts_at
                .filter(|_| early && event.state == EventState::Open),
        }
    }
}

/// How the screen that calls is to be.
///
/// # Errors
/// 401 if no screen calls, and the store's.
pub(in crate::surface::kiosk) fn of(
    native: &Native,
    caller: &Caller,
    head: &Head,
) -> Result<Value, Problem> {
    let (screen, actor) = screen(caller)?;
    let id = screen.id;
    let options: Options =
        (native.core).read(actor, SURFACE, |view, _| device::options(view, id))?;
    let event = match options.occasion {
        Some(event) => {
            Some((native.core).read(actor, SURFACE, |view, call| event::find(view, call, event))?)
        }
        None => None,
    };
    let now = native.core.clock.stamp();
    let synced = now.clock == crate::base::time::ClockState::Synced;
    let opening = Opening::of(event.as_ref(), now.at, synced);
    let site = native.core.site();
    let language = options.language.unwrap_or(site.rules.language);
    let camera = match stream::own_camera(native, head) {
        Some(_) => "box",
        None => "browser",
    };
    let opens = opening
        .opens_at
        .map(|at| site.zone.time_of_day(at).to_string());
    Ok(json!({
        "open": opening.open,
        "opens": opens,
        "opens_at_ms": opening.opens_at.map(Timestamp::as_millis),
        "occasion": event.map(|e| e.name),
        "direction": options.direction,
        "language": language,
        "camera": camera,
        "faces": native.core.faces() == EngineState::On,
        "help": native.core.live.help().iter().any(|h| h.device == id),
        "diagonal_inch": options.diagonal_tenths_inch.map(|tenths| f32::from(tenths) / 10.0),
        "distance_cm": options.distance_cm,
        "now_ms": now.at.as_millis(),
        "zone": site.zone.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "files": files(),
    }))
}

/// What changes when the box serves other files for this page: an open one is loaded anew then.
fn files() -> String {
    const OWN: [&str; 5] = [
        "kiosk.js",
        "kiosk.css",
        "kiosk_state.js",
        "kiosk_camera.js",
        "kiosk_sound.js",
    ];
    let tag = |name| asset::address(name).rsplit('=').next().map(str::to_owned);
    OWN.into_iter()
        .filter_map(tag)
        .collect::<Vec<_>>()
        .join("-")
}

/// Answers with it.
///
/// # Errors
/// As [`of`].
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &of(native, caller, &request)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{EventId, Id as _};
    use crate::domain::ticketing::event::{CapacityOf, EntryRule};

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    fn event(state: EventState, starts: Option<i64>, ends: Option<i64>) -> Event {
        Event {
            id: EventId::from_bytes([1; 16]),
            name: "Wisuda".to_owned(),
            state,
            capacity: None,
            capacity_of: CapacityOf::Inside,
            entry_rule: EntryRule::OncePerEvent,
            face_allowed: true,
            starts_at: starts.map(at),
            ends_at: ends.map(at),
            inside: 0,
            admitted: 0,
            created_at: at(0),
        }
    }

    #[test]
    fn a_screen_is_open_while_its_event_is() {
        use EventState::{Closed, Draft, Open};
        let table = [
            (None, true, (true, None)),
            (Some(event(Open, None, None)), true, (true, None)),
            (Some(event(Open, Some(100), None)), true, (false, Some(100))),
            (Some(event(Open, Some(100), None)), false, (true, None)),
            (Some(event(Open, Some(50), Some(50))), true, (true, None)),
            (Some(event(Open, None, Some(49))), true, (false, None)),
            (Some(event(Open, None, Some(49))), false, (true, None)),
            (Some(event(Draft, Some(100), None)), true, (false, None)),
            (Some(event(Closed, None, None)), true, (false, None)),
        ];
        for (i, (event, synced, (open, opens_at))) in table.into_iter().enumerate() {
            let want = Opening {
                open,
                opens_at: opens_at.map(at),
            };
            assert_eq!(Opening::of(event.as_ref(), at(50), synced), want, "row {i}");
        }
    }
}
