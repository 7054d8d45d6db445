//! `GET /health`: how the box is; 503 only when check-ins cannot be recorded.
//! `GET /ready`: 200 while it serves, else 503.

use crate::base::cause::Cause;
use crate::base::json;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::core::Core;
use crate::surface::health::{Health, Overall};

/// Answers `/health`.
#[must_use]
pub fn health(core: &Core, _: &Request) -> Reply {
    let health = Health::of(core);
    let status = if health.overall() == Overall::Failing {
        503
    } else {
        200
    };
    Reply::json(status, &health.to_json())
}

/// Answers `/ready`.
#[must_use]
pub fn ready(core: &Core, request: &Request) -> Reply {
    if core.is_ready() {
        Reply::json(200, &json::json!({"ready": true}))
    } else {
        Reply::refusal(
            Cause::Stopping,
            "The box is starting or stopping.",
            request.id,
        )
    }
}
