//! What an open desk is told at once, and the answer to a screen that calls for help.

use crate::base::id::DeviceId;
use crate::base::json::json;
use crate::domain::fault::Fault;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::desk::state::OCCASION;
use crate::surface::held;
use crate::surface::live::Topic;
use crate::surface::native::{Caller, Native};

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/desk/events", listen)
            .about(
                "Desk",
                "A stream of events: `hello`, `pulse`, `decision`, `undo`, `help`, `helped`, `clock`.",
            )
            .access(Access::Known)
            .lane(Lane::Ordinary, Rate::Poll)
            .right("attend")
            .query(&[OCCASION])
            .answers_bytes("text/event-stream"),
        Entry::post("/api/v1/desk/help/{device}/answer", come)
            .about(
                "Desk",
                "Says that somebody comes to a screen that called for help.",
            )
            .access(Access::Known)
            .right("attend")
            .refuses(&[(404, "missing")]),
    ]
}

fn listen(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["occasion"])?;
    let _may = caller.known()?.attend().map_err(Fault::from)?;
    let stream = held::listen(native, caller, &request, &[Topic::Desk])?;
    Ok(Reply::stream("text/event-stream", stream))
}

fn come(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let _may = caller.known()?.attend().map_err(Fault::from)?;
    let device: DeviceId = request.id_param("device")?;
    if !native.core.live.answer_help(device) {
        return Err(Problem::missing());
    }
    let told = json!({"device": device.to_string()});
    native
        .core
        .live
        .tell(Topic::Screen(device), "helped", &told);
    native.core.live.tell(Topic::Desk, "helped", &told);
    Ok(Reply::empty())
}
