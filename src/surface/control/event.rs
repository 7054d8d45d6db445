//! Commands on events and tickets.

use crate::base::id::{EventId, TicketId};
use crate::base::json;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::domain::ticketing::event::{self, Event, NewEvent};
use crate::domain::ticketing::ticket::{self, NewTicket};
use crate::surface::control::person::{parse, resolve};
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;

/// Makes an open event.
pub fn add(core: &Core, name: &str, capacity: Option<u32>) -> Result<json::Value, Refusal> {
    let new = NewEvent {
        capacity,
        ..NewEvent::open(parse("name", name)?)
    };
    let id = core.write(ACTOR, SURFACE, move |tx, call| {
        event::create(tx, call, &new)
    })?;
    Ok(json::json!({"event": id}))
}

fn shown(event: &Event) -> json::Value {
    json::json!({
        "event": event.id,
        "name": event.name,
        "state": event.state,
        "capacity": event.capacity,
        "starts_at": event.starts_at.map(text),
        "ends_at": event.ends_at.map(text),
    })
}

fn text(at: Timestamp) -> String {
    at.to_string()
}

/// Lists all events.
pub fn list(core: &Core) -> Result<json::Value, Refusal> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = core.read(ACTOR, SURFACE, |view, call| {
            event::list(view, call, after, limits::LIST_ROWS_MAX)
        })?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        all.extend(page.iter().map(shown));
    }
    Ok(json::json!({"events": all}))
}

/// Closes an event.
pub fn close(core: &Core, id: EventId) -> Result<json::Value, Refusal> {
    core.write(ACTOR, SURFACE, move |tx, call| event::close(tx, call, id))?;
    Ok(json::json!({"event": id, "closed": true}))
}

/// Issues a ticket with a new code.
pub fn issue(core: &Core, event: EventId, person: Option<&str>) -> Result<json::Value, Refusal> {
    let holder = person.map(|p| resolve(core, p)).transpose()?;
    let new = NewTicket::plain(event, holder);
    let issued = core.write(ACTOR, SURFACE, move |tx, call| {
        ticket::issue(tx, call, &new)
    })?;
    Ok(json::json!({"ticket": issued.id, "code": issued.code.as_str()}))
}

/// A ticket's code.
pub fn code(core: &Core, id: TicketId) -> Result<json::Value, Refusal> {
    let code = core.read(ACTOR, SURFACE, |view, call| ticket::code(view, call, id))?;
    Ok(json::json!({"ticket": id, "code": code}))
}
