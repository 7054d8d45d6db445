//! What one can check in to now, and how the box is.

use crate::base::id::BoxId;
use crate::base::json::Value;
use crate::domain::checkin::Occasion;
use crate::domain::ticketing::event::{self, EventState};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::Access;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{IdText, OccasionText};
use crate::surface::health::Health;
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::Serialize;

/// Something to check in to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OccasionNow")]
struct OccasionShape {
    /// As check-ins name it.
    #[schemars(with = "OccasionText")]
    occasion: String,
    /// An event's name; null for the attendance of today.
    name: Option<String>,
    /// How many are inside; null for the attendance of today.
    inside: Option<u32>,
    /// How many were admitted.
    admitted: Option<u32>,
    /// How many it holds; null: no limit.
    capacity: Option<u32>,
}

/// All occasions that are open.
#[derive(Debug, Serialize, JsonSchema)]
struct Occasions {
    /// Today first, then the open events.
    items: Vec<OccasionShape>,
    /// The cursor of the next page of events; null at the end.
    next: Option<String>,
}

/// How the box is.
#[derive(Debug, Serialize, JsonSchema)]
struct Status {
    /// Which box.
    #[schemars(with = "IdText")]
    r#box: BoxId,
    /// Its time, in milliseconds since 1970.
    now_ms: i64,
    /// The site's time zone.
    zone: String,
    /// What `/health` says.
    health: Value,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/occasions", list)
            .about(
                "Check-in",
                "What one can check in to now: today and open events.",
            )
            .access(Access::Known)
            .right("scan")
            .query(&[page::AFTER, page::LIMIT])
            .answers::<Occasions>(200),
        Entry::get("/api/v1/status", status)
            .about("Box", "How the box is.")
            .answers::<Status>(200),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["after", "limit"])?;
    let (after, limit) = (page::value(&request, "after")?, page::limit(&request)?);
    let events = native.read(caller, |view, call| event::list(view, call, after, limit))?;
    let next = page::next(&events, limit, |e| e.id.to_string());
    let day = native.core.site().zone.day(native.core.clock.stamp().at);
    let today = OccasionShape {
        occasion: Occasion::Daily(day).to_string(),
        name: None,
        inside: None,
        admitted: None,
        capacity: None,
    };
    let open = events.into_iter().filter(|e| e.state == EventState::Open);
    let open = open.map(|e| OccasionShape {
        occasion: Occasion::Event(e.id).to_string(),
        name: Some(e.name),
        inside: Some(e.inside),
        admitted: Some(e.admitted),
        capacity: e.capacity,
    });
    let first = after.is_none().then_some(today);
    let items = first.into_iter().chain(open).collect();
    Ok(Reply::of(200, &Occasions { items, next }))
}

fn status(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let site = native.core.site();
    let status = Status {
        r#box: site.box_id,
        now_ms: native.core.clock.stamp().at.as_millis(),
        zone: site.zone.name().to_owned(),
        health: Health::of(&native.core).to_json(),
    };
    Ok(Reply::of(200, &status))
}
