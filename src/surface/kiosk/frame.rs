//! `POST /api/v1/kiosk/frame`: a picture (JPEG, PNG or WebP) of a screen's own camera comes in;
//! what was seen and decided goes out. A screen sends the next picture when it has the answer
//! to the last, so nothing queues up here.

use crate::base::cause::Cause;
use crate::base::json::{Value, json};
use crate::domain::device;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::door::{DoorError, Sighting};
use crate::surface::gate::{Gate, post_of};
use crate::surface::kiosk::{SURFACE, screen};
use crate::surface::native::{Caller, Native};
use crate::surface::told;
use crate::vision::worker::EngineError;
use std::sync::TryLockError;

/// The gate of the screen that calls.
///
/// # Errors
/// 401 if no screen calls, and the store's.
pub(in crate::surface::kiosk) fn gate_of(
    native: &Native,
    caller: &Caller,
) -> Result<Gate, Problem> {
    let (screen, actor) = screen(caller)?;
    let id = screen.id;
    let options = native
        .core
        .read(actor, SURFACE, |view, _| device::options(view, id))?;
    let post = post_of(screen, &options);
    Ok(native.gates.of(&native.core, post, id))
}

/// Answers a picture.
///
/// # Errors
/// 422 for what is no picture, 503 while faces and codes cannot be looked for.
pub fn look(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let gate = gate_of(native, caller)?;
    let looked = match gate.try_lock() {
        Ok(mut door) => door.look(request.into_body()),
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner().look(request.into_body()),
        Err(TryLockError::WouldBlock) => return Ok(Reply::json(200, &skipped())),
    };
    match looked {
        Ok(sighting) => Ok(Reply::json(200, &answer(native, &sighting))),
        Err(DoorError::Engine(EngineError::Superseded)) => Ok(Reply::json(200, &skipped())),
        Err(error) => Err(problem(error)),
    }
}

/// The picture was not looked at, because another one is.
fn skipped() -> Value {
    json!({"skipped": true, "seen": null, "decisions": []})
}

fn answer(native: &Native, sighting: &Sighting) -> Value {
    let decisions: Vec<Value> = (sighting.decisions.iter())
        .map(|decision| told::decided(&native.core, decision))
        .collect();
    json!({"skipped": false, "seen": told::view(&sighting.view), "decisions": decisions})
}

/// A door's error as a refusal.
pub(in crate::surface::kiosk) fn problem(error: DoorError) -> Problem {
    match error {
        DoorError::Engine(EngineError::Frame(error)) => {
            Problem::new(Cause::Unprocessable, error.to_string()).with_code("bad_picture")
        }
        DoorError::Engine(EngineError::Stopped) => {
            Problem::new(Cause::Stopping, "The box is stopping.")
        }
        DoorError::Engine(
            EngineError::Off(_)
            | EngineError::Panicked
            | EngineError::Inference(_)
            | EngineError::Superseded,
        ) => Problem::new(
            Cause::FaceEngine,
            "Faces cannot be looked for. Type the number, or go to the desk.",
        ),
        DoorError::CheckIn(error) => error.into(),
    }
}
