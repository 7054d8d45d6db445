//! Events: made, opened, closed, listed.

use crate::base::id::EventId;
use crate::domain::ticketing::event::{
    self, CapacityOf, EntryRule, Event, EventState, NewEvent as Wanted,
};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::Access;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{
    CapacityOfText, EntryRuleText, EventStateText, IdText, OccasionText, parse, time_some,
};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An event.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct EventShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: EventId,
    /// The event as check-ins name it.
    #[schemars(with = "OccasionText")]
    occasion: String,
    /// What people call it.
    name: String,
    /// Whether it lets people in.
    #[schemars(with = "EventStateText")]
    state: EventState,
    /// How many it holds; null: no limit.
    capacity: Option<u32>,
    /// What that limits.
    #[schemars(with = "CapacityOfText")]
    capacity_of: CapacityOf,
    /// How often one ticket lets in.
    #[schemars(with = "EntryRuleText")]
    entry_rule: EntryRule,
    /// Whether a face will do.
    face_allowed: bool,
    /// From when on people are let in, in milliseconds since 1970.
    starts_at_ms: Option<i64>,
    /// Until when people are let in.
    ends_at_ms: Option<i64>,
    /// How many are inside now.
    inside: u32,
    /// How many were admitted.
    admitted: u32,
}

impl From<Event> for EventShape {
    fn from(event: Event) -> Self {
        Self {
            occasion: format!("event:{}", event.id),
            id: event.id,
            name: event.name,
            state: event.state,
            capacity: event.capacity,
            capacity_of: event.capacity_of,
            entry_rule: event.entry_rule,
            face_allowed: event.face_allowed,
            starts_at_ms: event.starts_at.map(|t| t.as_millis()),
            ends_at_ms: event.ends_at.map(|t| t.as_millis()),
            inside: event.inside,
            admitted: event.admitted,
        }
    }
}

/// A page of events.
#[derive(Debug, Serialize, JsonSchema)]
struct EventsPage {
    /// The events, in the order they were made.
    items: Vec<EventShape>,
    /// The cursor of the next page; null at the end.
    next: Option<String>,
}

/// An event to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewEvent {
    /// What people call it.
    #[schemars(length(min = 1, max = 120))]
    name: String,
    /// Whether it lets people in at once; yes if not said.
    open: Option<bool>,
    /// How many it holds.
    capacity: Option<u32>,
    /// What that limits; `admitted` if not said.
    #[schemars(with = "Option<CapacityOfText>")]
    capacity_of: Option<CapacityOf>,
    /// How often one ticket lets in; `once_per_event` if not said.
    #[schemars(with = "Option<EntryRuleText>")]
    entry_rule: Option<EntryRule>,
    /// Whether a face will do; yes if not said.
    face_allowed: Option<bool>,
    /// From when on people are let in, in milliseconds since 1970.
    #[schemars(range(min = 0, max = 253_402_300_799_999_i64))]
    starts_at_ms: Option<i64>,
    /// Until when people are let in.
    #[schemars(range(min = 0, max = 253_402_300_799_999_i64))]
    ends_at_ms: Option<i64>,
}

const NO_EVENT: &[(u16, &str)] = &[(404, "no_event")];

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/events", list)
            .about("Events", "A page of events in the order they were made.")
            .access(Access::Known)
            .right("scan")
            .query(&[page::AFTER, page::LIMIT])
            .answers::<EventsPage>(200),
        Entry::post("/api/v1/events", create)
            .about("Events", "Makes an event.")
            .right("manage_events")
            .takes::<NewEvent>(r#"{"name":"Wisuda 2026","capacity":400}"#)
            .answers::<EventShape>(201)
            .refuses(&[(400, "times")]),
        Entry::get("/api/v1/events/{event}", find)
            .about("Events", "One event.")
            .access(Access::Known)
            .right("scan")
            .answers::<EventShape>(200)
            .refuses(NO_EVENT),
        Entry::post("/api/v1/events/{event}/open", open)
            .about("Events", "Opens an event.")
            .right("manage_events")
            .answers::<EventShape>(200)
            .refuses(NO_EVENT),
        Entry::post("/api/v1/events/{event}/close", close)
            .about(
                "Events",
                "Closes an event: nobody comes in any more, all get out.",
            )
            .right("manage_events")
            .answers::<EventShape>(200)
            .refuses(NO_EVENT),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["after", "limit"])?;
    let (after, limit) = (page::value(&request, "after")?, page::limit(&request)?);
    let events = native.read(caller, |view, call| event::list(view, call, after, limit))?;
    let next = page::next(&events, limit, |e| e.id.to_string());
    let items = events.into_iter().map(EventShape::from).collect();
    Ok(Reply::of(200, &EventsPage { items, next }))
}

fn create(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewEvent = request.json()?;
    let wanted = Wanted {
        name: parse("name", &new.name)?,
        open: new.open.unwrap_or(true),
        capacity: new.capacity,
        capacity_of: new.capacity_of.unwrap_or(CapacityOf::Admitted),
        entry_rule: new.entry_rule.unwrap_or(EntryRule::OncePerEvent),
        face_allowed: new.face_allowed.unwrap_or(true),
        starts_at: time_some("starts_at_ms", new.starts_at_ms)?,
        ends_at: time_some("ends_at_ms", new.ends_at_ms)?,
    };
    let id = native.write(caller, move |tx, call| event::create(tx, call, &wanted))?;
    shown(native, caller, id, 201)
}

fn find(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    shown(native, caller, request.id_param("event")?, 200)
}

fn shown(native: &Native, caller: &Caller, id: EventId, status: u16) -> Result<Reply, Problem> {
    let event = native.read(caller, |view, call| event::find(view, call, id))?;
    Ok(Reply::of(status, &EventShape::from(event)))
}

fn open(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: EventId = request.id_param("event")?;
    native.write(caller, move |tx, call| event::open(tx, call, id))?;
    shown(native, caller, id, 200)
}

fn close(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: EventId = request.id_param("event")?;
    native.write(caller, move |tx, call| event::close(tx, call, id))?;
    shown(native, caller, id, 200)
}
