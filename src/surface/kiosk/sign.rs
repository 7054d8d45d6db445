//! `POST /api/v1/kiosk/help` and `…/heartbeat`: what a screen says of itself.

use crate::base::json::json;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::kiosk::{screen, state};
use crate::surface::live::{Sign, Topic};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::Deserialize;

/// Calls staff to the screen. A second call before somebody came changes nothing.
///
/// # Errors
/// 401 if no screen calls.
pub fn help(native: &Native, caller: &Caller, _: Request) -> Result<Reply, Problem> {
    let (screen, _) = screen(caller)?;
    let now = native.core.clock.stamp().at;
    if let Some(help) = native.core.live.call_help(screen.id, now) {
        let told = json!({
            "device": screen.id.to_string(),
            "name": screen.name,
            "number": help.number,
            "at_ms": help.at.as_millis(),
        });
        native.core.live.tell(Topic::Desk, "help", &told);
    }
    Ok(Reply::empty())
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::surface::kiosk) struct BeatBody {
    /// Which state it shows, by its word.
    #[schemars(regex(pattern = "^[a-z_]{0,32}$"))]
    screen: String,
    /// Milliseconds since the last picture of its camera.
    #[serde(default)]
    frame_age_ms: Option<u64>,
    /// Memory that its page uses, in bytes.
    #[serde(default)]
    memory_bytes: Option<u64>,
}

/// Longest word of a screen's state.
const SCREEN_CHARS_MAX: usize = 32;

/// Notes that the screen lives, and answers how it is to be: open or closed, which version.
///
/// # Errors
/// 422 for a field that cannot be, 401 if no screen calls.
pub fn beat(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (screen, _) = screen(caller)?;
    let body: BeatBody = request.json()?;
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    if body.screen.len() > SCREEN_CHARS_MAX || !body.screen.chars().all(word) {
        return Err(Problem::field("screen", "This is no state of a screen."));
    }
    let sign = Sign {
        at: native.core.clock.stamp().at,
        screen: body.screen,
        frame_age_ms: body.frame_age_ms,
        memory_bytes: body.memory_bytes,
    };
    native.core.live.note(screen.id, sign);
    state::show(native, caller, request)
}
