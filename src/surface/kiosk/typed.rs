//! `POST /api/v1/kiosk/code` and `…/number`: a code read elsewhere, a number typed on the screen.
//! The nonce makes a repetition the same check-in.

use crate::base::id::Nonce;
use crate::base::limits;
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::reason::Mode;
use crate::domain::checkin::request::{Credential, Request as CheckIn};
use crate::domain::checkin::scan;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::surface::api::shape::IdText;
use crate::surface::door::{self, Door, DoorError};
use crate::surface::kiosk::frame::{gate_of, problem};
use crate::surface::kiosk::{SURFACE, screen, stream};
use crate::surface::native::{Caller, Native};
use crate::surface::told;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::{MutexGuard, PoisonError};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::surface::kiosk) struct CodeBody {
    /// Made by the screen, once for each intent.
    #[schemars(with = "IdText")]
    nonce: String,
    /// The code of a ticket.
    #[schemars(length(min = 1, max = limits::TICKET_CODE_CHARS_MAX))]
    code: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::surface::kiosk) struct NumberBody {
    /// Made by the screen, once for each intent.
    #[schemars(with = "IdText")]
    nonce: String,
    /// The number, or its last digits.
    #[schemars(length(min = 1, max = limits::ID_NUMBER_CHARS_MAX))]
    number: String,
    /// Whether these are the last digits that a proposed face waits for.
    #[serde(default)]
    second: bool,
}

fn nonce(text: &str) -> Result<Nonce, Problem> {
    let wrong = |_| Problem::field("nonce", "A nonce is an id of 26 characters.");
    text.parse().map_err(wrong)
}

fn within(field: &str, text: &str, chars_max: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > chars_max {
        let message = format!("Between 1 and {chars_max} characters, please.");
        return Err(Problem::field(field, message));
    }
    Ok(text.to_owned())
}

/// Answers a code.
///
/// # Errors
/// 422 for a field that cannot be, and those of the check-in.
pub fn code(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let body: CodeBody = request.json()?;
    let code = within("code", &body.code, limits::TICKET_CODE_CHARS_MAX)?;
    decide(native, caller, nonce(&body.nonce)?, Credential::Code(code))
}

/// Answers a typed number, or the last digits for a face that only proposed somebody.
///
/// # Errors
/// 422 for a field that cannot be, and those of the check-in.
pub fn number(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let body: NumberBody = request.json()?;
    let nonce = nonce(&body.nonce)?;
    let number = within("number", &body.number, limits::ID_NUMBER_CHARS_MAX)?;
    if body.second
        && let Some(decided) = complete(native, caller, &request, nonce, &number)?
    {
        let decision = decided.map_err(problem)?;
        return Ok(Reply::json(200, &told::decided(&native.core, &decision)));
    }
    decide(native, caller, nonce, Credential::Number(number))
}

/// Decides about the face that waits for these digits: before the screen's own camera, or before
/// the box's, if the screen is the box's own. None: no face waits.
fn complete(
    native: &Native,
    caller: &Caller,
    head: &Head,
    nonce: Nonce,
    digits: &str,
) -> Result<Option<Result<Decision, DoorError>>, Problem> {
    let (screen, _) = screen(caller)?;
    let ask = |device| door::complete(&native.core, device, nonce, digits);
    Ok(ask(screen.id).or_else(|| stream::own_camera(native, head).and_then(ask)))
}

fn lock(gate: &std::sync::Mutex<Door>) -> MutexGuard<'_, Door> {
    gate.lock().unwrap_or_else(PoisonError::into_inner)
}

fn decide(
    native: &Native,
    caller: &Caller,
    nonce: Nonce,
    credential: Credential,
) -> Result<Reply, Problem> {
    let gate = gate_of(native, caller)?;
    let (post, occasion, now) = {
        let door = lock(&gate);
        let now = native.core.clock.stamp();
        (*door.post(), door.occasion(now), now)
    };
    let asked = CheckIn {
        occasion,
        credential,
        device: post.device,
        nonce,
        direction: post.direction,
        mode: Mode::Online,
        attended: post.attended,
        happened: None,
    };
    let decision = (native.core).write_at(now, post.actor, SURFACE, move |tx, call| {
        scan::check_in(tx, call, &asked)
    })?;
    Ok(Reply::json(200, &told::decided(&native.core, &decision)))
}
