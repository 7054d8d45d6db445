//! The box's clock: whether it is right, and what staff say the time is while it is not.

use crate::base::time::{ClockState, Timestamp};
use crate::domain::clock;
use crate::domain::fault::Fault;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::clock as keeping;
use crate::surface::native::{Caller, Native, SURFACE};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the clock is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Clock")]
struct ClockShape {
    /// Whether it may be believed; `false`: lateness is provisional, and nobody is refused.
    synced: bool,
    /// The box's time, in milliseconds since 1970.
    now_ms: i64,
    /// What staff have set, until the clock is right; null: nothing.
    set: Option<SetShape>,
}

/// What staff have set.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ClockSet")]
struct SetShape {
    /// Who: `person:ID` or `device:ID`.
    by: String,
    /// The time that was said, in milliseconds since 1970.
    to_ms: i64,
    /// By how much the box's time was set forward, in milliseconds.
    ahead_ms: i64,
}

/// What the time is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClockNow {
    /// The time now, in milliseconds since 1970. Not before the box's own: what it has recorded
    /// is never overtaken backwards.
    now_ms: i64,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/clock", show)
            .about("Box", "How the box's clock is, and who has set it.")
            .access(Access::Known)
            .right("set_clock")
            .answers::<ClockShape>(200),
        Entry::put("/api/v1/clock", alter)
            .about(
                "Box",
                "Says what the time is while the clock is not right; ends by itself once it is.",
            )
            .access(Access::Known)
            .right("set_clock")
            .lane(Lane::Ordinary, Rate::Auth)
            .takes::<ClockNow>(r#"{"now_ms":1795219200000}"#)
            .answers::<ClockShape>(200)
            .refuses(&[
                (409, "clock_synced"),
                (409, "clock_behind"),
                (422, "clock_range"),
            ]),
    ]
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let _may = caller.known()?.set_clock().map_err(Fault::from)?;
    Ok(Reply::of(200, &shape(native)?))
}

fn shape(native: &Native) -> Result<ClockShape, Problem> {
    let now = native.core.clock.stamp();
    let set = native.core.store.read(clock::find_set)?;
    Ok(ClockShape {
        synced: now.clock == ClockState::Synced,
        now_ms: now.at.as_millis(),
        set: set.map(|set| SetShape {
            by: set.by,
            to_ms: set.to.as_millis(),
            ahead_ms: set.ahead.as_millis(),
        }),
    })
}

fn alter(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let actor = caller.known()?;
    let _may = actor.set_clock().map_err(Fault::from)?;
    let new: ClockNow = request.json()?;
    let time = Timestamp::from_millis(new.now_ms);
    keeping::set(&native.core, actor, SURFACE, time)?;
    Ok(Reply::of(200, &shape(native)?))
}
