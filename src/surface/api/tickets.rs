//! Tickets of events: issued with a code, printed again, revoked, blocked.

use crate::base::id::{EventId, PersonId, TicketId};
use crate::base::text::Slug;
use crate::domain::ticketing::ticket::{self, NewTicket as Wanted, Ticket, TicketState};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::page;
use crate::surface::api::shape::{IdText, TicketStateText, parse, parse_some, time_some};
use crate::surface::native::{Caller, Native};
use crate::surface::qr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A ticket; its code has a route of its own.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ticket")]
struct TicketShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: TicketId,
    /// Of which event.
    #[schemars(with = "IdText")]
    event: EventId,
    /// For whom; null: for whoever shows the code.
    #[schemars(with = "Option<IdText>")]
    holder: Option<PersonId>,
    /// Whether it is in force.
    #[schemars(with = "TicketStateText")]
    state: TicketState,
    /// Whether it is paid for.
    settled: bool,
    /// Whether the event's questions are answered.
    answered: bool,
    /// From when on it lets in, in milliseconds since 1970.
    valid_from_ms: Option<i64>,
    /// Until when it lets in.
    valid_until_ms: Option<i64>,
    /// Gates it is for; empty: every gate.
    gates: Vec<String>,
    /// When it was issued.
    created_at_ms: i64,
}

impl From<Ticket> for TicketShape {
    fn from(ticket: Ticket) -> Self {
        let gates = ticket.gates.unwrap_or_default();
        Self {
            id: ticket.id,
            event: ticket.event,
            holder: ticket.holder,
            state: ticket.state,
            settled: ticket.settled,
            answered: ticket.answered,
            valid_from_ms: ticket.valid_from.map(|t| t.as_millis()),
            valid_until_ms: ticket.valid_until.map(|t| t.as_millis()),
            gates: gates
                .split(',')
                .filter(|g| !g.is_empty())
                .map(str::to_owned)
                .collect(),
            created_at_ms: ticket.created_at.as_millis(),
        }
    }
}

/// A page of tickets.
#[derive(Debug, Serialize, JsonSchema)]
struct TicketsPage {
    /// The tickets.
    items: Vec<TicketShape>,
    /// The cursor of the next page; null at the end.
    next: Option<String>,
}

/// A ticket to be issued.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewTicket {
    /// For whom; nobody: for whoever shows the code.
    #[schemars(with = "Option<IdText>")]
    holder: Option<PersonId>,
    /// The code, as printed elsewhere; a new one is made if not said.
    #[schemars(length(min = 4, max = 128))]
    code: Option<String>,
    /// Whether it is paid for; yes if not said.
    settled: Option<bool>,
    /// Whether the event's questions are answered; yes if not said.
    answered: Option<bool>,
    /// From when on it lets in, in milliseconds since 1970.
    #[schemars(range(min = 0, max = 253_402_300_799_999_i64))]
    valid_from_ms: Option<i64>,
    /// Until when it lets in.
    #[schemars(range(min = 0, max = 253_402_300_799_999_i64))]
    valid_until_ms: Option<i64>,
    /// Gates it is for; every gate if not said.
    gates: Option<Vec<String>>,
}

/// An issued ticket and its code.
#[derive(Debug, Serialize, JsonSchema)]
struct Issued {
    /// Which.
    #[schemars(with = "IdText")]
    id: TicketId,
    /// Its code, which is what the QR picture shows.
    code: String,
}

/// Tickets are counted, not named, by their cursor.
const SKIP: Param = Param {
    name: "after",
    about: "The `next` of the page before.",
    required: false,
    form: Form::Count,
};

const NO_TICKET: &[(u16, &str)] = &[(404, "no_ticket")];

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    let change = |path, handle, summary| {
        Entry::post(path, handle)
            .about("Tickets", summary)
            .right("manage_tickets")
            .refuses(NO_TICKET)
    };
    vec![
        Entry::get("/api/v1/events/{event}/tickets", list)
            .about("Tickets", "A page of an event's tickets.")
            .right("manage_tickets")
            .query(&[SKIP, page::LIMIT])
            .answers::<TicketsPage>(200),
        Entry::post("/api/v1/events/{event}/tickets", issue)
            .about("Tickets", "Issues a ticket.")
            .right("manage_tickets")
            .takes::<NewTicket>("{}")
            .answers::<Issued>(201)
            .refuses(&[
                (404, "no_event"),
                (404, "no_person"),
                (409, "code_taken"),
                (409, "event_closed"),
                (400, "times"),
            ]),
        Entry::get("/api/v1/tickets/{ticket}/code", code)
            .about("Tickets", "The code of a ticket, to print it again.")
            .right("manage_tickets")
            .answers::<Issued>(200)
            .refuses(NO_TICKET),
        Entry::get("/api/v1/tickets/{ticket}/qr", picture)
            .about("Tickets", "The QR code of a ticket as a picture.")
            .right("manage_tickets")
            .answers_bytes("image/svg+xml")
            .refuses(NO_TICKET),
        change(
            "/api/v1/tickets/{ticket}/revoke",
            revoke,
            "Revokes a ticket for ever.",
        ),
        change(
            "/api/v1/tickets/{ticket}/block",
            block,
            "Blocks a ticket until it is unblocked.",
        ),
        change(
            "/api/v1/tickets/{ticket}/unblock",
            unblock,
            "Lets a blocked ticket in again.",
        ),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["after", "limit"])?;
    let event: EventId = request.id_param("event")?;
    let skip: u32 = page::value(&request, "after")?.unwrap_or(0);
    let limit = page::limit(&request)?;
    let tickets = native.read(caller, |view, call| {
        ticket::list(view, call, event, skip, limit)
    })?;
    let next = page::next(&tickets, limit, |_| skip.saturating_add(limit).to_string());
    let items = tickets.into_iter().map(TicketShape::from).collect();
    Ok(Reply::of(200, &TicketsPage { items, next }))
}

fn issue(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let event: EventId = request.id_param("event")?;
    let new: NewTicket = request.json()?;
    let gates = new.gates.unwrap_or_default();
    let gates: Result<Vec<Slug>, Problem> = gates.iter().map(|g| parse("gates", g)).collect();
    let wanted = Wanted {
        event,
        holder: new.holder,
        code: parse_some("code", new.code.as_deref())?,
        settled: new.settled.unwrap_or(true),
        answered: new.answered.unwrap_or(true),
        valid_from: time_some("valid_from_ms", new.valid_from_ms)?,
        valid_until: time_some("valid_until_ms", new.valid_until_ms)?,
        gates: gates?,
    };
    let issued = native.write(caller, move |tx, call| ticket::issue(tx, call, &wanted))?;
    let code = issued.code.to_string();
    Ok(Reply::of(
        201,
        &Issued {
            id: issued.id,
            code,
        },
    ))
}

fn code(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: TicketId = request.id_param("ticket")?;
    let code = native.read(caller, |view, call| ticket::code(view, call, id))?;
    Ok(Reply::of(200, &Issued { id, code }))
}

fn picture(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: TicketId = request.id_param("ticket")?;
    let code = native.read(caller, |view, call| ticket::code(view, call, id))?;
    let drawn = qr::svg(&code, &code).into_string();
    Ok(Reply::bytes("image/svg+xml", drawn.into_bytes()))
}

fn revoke(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: TicketId = request.id_param("ticket")?;
    native.write(caller, move |tx, call| ticket::revoke(tx, call, id))?;
    Ok(Reply::empty())
}

fn block(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: TicketId = request.id_param("ticket")?;
    native.write(caller, move |tx, call| ticket::block(tx, call, id))?;
    Ok(Reply::empty())
}

fn unblock(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: TicketId = request.id_param("ticket")?;
    native.write(caller, move |tx, call| ticket::unblock(tx, call, id))?;
    Ok(Reply::empty())
}
