//! What a desk sends besides plain check-ins: reports of admissions made while the box was not
//! heard, and tickets for people without one. Both may be repeated until they are answered.

use crate::base::id::{Nonce, PersonId};
use crate::base::text::TicketCode;
use crate::base::time::{Stamp, Timestamp};
use crate::domain::checkin::again::{self, Again};
use crate::domain::checkin::reason::{Direction, Mode};
use crate::domain::checkin::{Credential, Request as CheckIn, report, walk_in};
use crate::domain::rule::Attended;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::checkins::{answer, credential};
use crate::surface::api::decision::DecisionShape;
use crate::surface::api::entry::Entry;
use crate::surface::api::shape::{DirectionText, IdText, OccasionText, parse, time};
use crate::surface::api::{occasion, page};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::Deserialize;

/// A report of an admission: exactly one of code, person and number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Report {
    /// Made by the client, once for this report.
    #[schemars(with = "IdText")]
    nonce: Nonce,
    /// The nonce of the check-in that was sent before and not answered.
    #[schemars(with = "IdText")]
    instead_of: Nonce,
    /// To what.
    #[schemars(with = "OccasionText")]
    occasion: String,
    /// The code of a ticket.
    code: Option<String>,
    /// A person picked from the list.
    #[schemars(with = "Option<IdText>")]
    person: Option<PersonId>,
    /// A person's number.
    number: Option<String>,
    /// Which way; in if not said.
    #[schemars(with = "Option<DirectionText>")]
    direction: Option<Direction>,
    /// When it happened, in milliseconds since 1970.
    happened_at_ms: i64,
}

/// A ticket for somebody without one, used at once.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WalkIn {
    /// Made by the client, once for each intent.
    #[schemars(with = "IdText")]
    nonce: Nonce,
    /// To which event.
    #[schemars(with = "OccasionText")]
    occasion: String,
    /// The new ticket's code, made by the client.
    code: String,
}

/// An admission against a rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Override {
    /// Made by the client, once for each intent.
    #[schemars(with = "IdText")]
    nonce: Nonce,
    /// The nonce of the decision that is overruled: `already` or `attention`.
    #[schemars(with = "IdText")]
    instead_of: Nonce,
    /// Why.
    remark: String,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/desk/overrides", take_override)
            .about(
                "Desk",
                "Admits somebody whom a rule keeps out, or leaves to a person; with a reason.",
            )
            .access(Access::Known)
            .lane(Lane::CheckIn, Rate::Poll)
            .right("supervise")
            .takes::<Override>(
                r#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B3","instead_of":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","remark":"Left a bag in the car"}"#,
            )
            .answers::<DecisionShape>(200)
            .refuses(&[
                (404, "no_event"),
                (404, "no_visit"),
                (403, "no_device"),
                (409, "nonce_reused"),
            ]),
        Entry::post("/api/v1/desk/reports", take_report)
            .about("Desk", "Reports an admission that was made while the box was not heard.")
            .access(Access::Known)
            .lane(Lane::CheckIn, Rate::Poll)
            .right("report_offline")
            .takes::<Report>(
                r#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B3","instead_of":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","occasion":"today","number":"2026001","happened_at_ms":1795226400000}"#,
            )
            .answers::<DecisionShape>(200)
            .refuses(&[(404, "no_event"), (403, "no_device"), (409, "nonce_reused")]),
        Entry::post("/api/v1/desk/walk-ins", take_walk_in)
            .about("Desk", "Makes a ticket for somebody without one and checks in with it.")
            .access(Access::Known)
            .lane(Lane::CheckIn, Rate::Poll)
            .right("manage_tickets")
            .takes::<WalkIn>(
                r#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","occasion":"event:01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","code":"7K3M9QXW2P4R8T6V5YAB"}"#,
            )
            .answers::<DecisionShape>(200)
            .refuses(&[
                (400, "no_tickets"),
                (404, "no_event"),
                (409, "event_closed"),
                (409, "nonce_reused"),
            ]),
    ]
}

/// A check-in at this desk.
fn check_in(
    native: &Native,
    caller: &Caller,
    now: Stamp,
    nonce: Nonce,
    to: &str,
    credential: Credential,
) -> Result<CheckIn, Problem> {
    Ok(CheckIn {
        occasion: occasion::read("occasion", to, &native.core.site(), now)?,
        credential,
        device: caller.device.as_ref().map(|d| d.id),
        nonce,
        direction: Direction::Entry,
        mode: Mode::Online,
        attended: Attended::Attended,
        happened: None,
    })
}

fn take_report(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: Report = request.json()?;
    let happened: Timestamp = time("happened_at_ms", new.happened_at_ms)?;
    let credential = credential(new.code, new.person, new.number)?;
    let now = native.core.clock.stamp();
    let wanted = CheckIn {
        direction: new.direction.unwrap_or(Direction::Entry),
        mode: Mode::Offline,
        happened: Some(happened),
        ..check_in(native, caller, now, new.nonce, &new.occasion, credential)?
    };
    let instead_of = new.instead_of;
    let decided = native.write(caller, move |tx, call| {
        report::stand_for(tx, call, instead_of, &wanted)
    })?;
    answer(native, caller, &decided)
}

fn take_override(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: Override = request.json()?;
    let wanted = Again {
        nonce: new.nonce,
        instead_of: new.instead_of,
        device: caller.device.as_ref().map(|d| d.id),
        remark: parse("remark", &new.remark)?,
    };
    let decided = native.write(caller, move |tx, call| again::admit(tx, call, &wanted))?;
    answer(native, caller, &decided)
}

fn take_walk_in(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: WalkIn = request.json()?;
    let code: TicketCode = parse("code", &new.code)?;
    let credential = Credential::Code(code.as_str().to_owned());
    let now = native.core.clock.stamp();
    let wanted = check_in(native, caller, now, new.nonce, &new.occasion, credential)?;
    let decided = native.write(caller, move |tx, call| {
        walk_in::admit(tx, call, &code, &wanted)
    })?;
    answer(native, caller, &decided)
}

impl From<walk_in::Error> for Problem {
    fn from(error: walk_in::Error) -> Self {
        let cause = error.cause();
        match error {
            walk_in::Error::NoTickets => {
                Self::new(cause, "A day of attendance has no tickets.").with_code("no_tickets")
            }
            walk_in::Error::OtherCode => Self::field("code", "The check-in has another code."),
            walk_in::Error::Ticket(error) => error.into(),
            walk_in::Error::CheckIn(error) => error.into(),
            walk_in::Error::Fault(fault) => fault.into(),
        }
    }
}
