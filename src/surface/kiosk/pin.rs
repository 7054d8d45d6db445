//! `POST /api/v1/kiosk/escape`: the PIN that opens the menu of staff on a screen. After five wrong
//! ones a screen waits for five minutes.

use crate::base::cause::Cause;
use crate::base::secret::Secret;
use crate::domain::setting;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::kiosk::screen;
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::surface::kiosk) struct PinBody {
    /// What was typed.
    pin: String,
}

/// Answers 204 to the right PIN.
///
/// # Errors
/// 403 `wrong_pin`, 429 `pin_locked`, 409 `no_pin` while none is set.
pub fn escape(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (screen, _) = screen(caller)?;
    let body: PinBody = request.json()?;
    let now = native.core.clock.stamp().at;
    let site = native.core.site();
    let found = (native.core.store).read(|view| setting::find_kiosk_pin(view, &site))?;
    let Some(hash) = found else {
        let message = "No PIN has been set. An administrator sets it in the settings.";
        return Err(Problem::new(Cause::Conflict, message).with_code("no_pin"));
    };
    if !native.pins.may_try(screen.id, now) {
        let message = "Too many wrong PINs. Try again in five minutes.";
        return Err(Problem::new(Cause::RateLimited, message).with_code("pin_locked"));
    }
    let verdict = native
        .passwords
        .verify(&Secret::new(body.pin), hash.expose());
    let right = verdict.is_ok_and(|v| v.matches);
    native.pins.note(screen.id, now, right);
    if right {
        return Ok(Reply::empty());
    }
    Err(Problem::new(Cause::Forbidden, "This is not the PIN.").with_code("wrong_pin"))
}
