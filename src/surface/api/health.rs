//! `GET /health`: how the box is; 503 only when check-ins cannot be recorded.
//! `GET /ready`: 200 while it serves, else 503.

use crate::base::cause::Cause;
use crate::base::json;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::health::{Health, Overall};
use crate::surface::native::{Caller, Native};

/// Answers `/health`.
///
/// # Errors
/// None.
pub fn health(native: &Native, _: &Caller, _: Request) -> Result<Reply, Problem> {
    let health = Health::of(&native.core);
    let status = if health.overall() == Overall::Failing {
        503
    } else {
        200
    };
    Ok(Reply::json(status, &health.to_json()))
}

/// Answers `/ready`.
///
/// # Errors
/// 503 while it starts or stops.
pub fn ready(native: &Native, _: &Caller, _: Request) -> Result<Reply, Problem> {
    if native.core.is_ready() {
        return Ok(Reply::json(200, &json::json!({"ready": true})));
    }
    let message = "The box is starting or stopping.";
    Err(Problem::new(Cause::Stopping, message))
}
