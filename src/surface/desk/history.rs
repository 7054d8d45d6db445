//! Where somebody was before: what staff must know of a ticket that was used already, of a
//! visitor about whom they have to decide.

use crate::base::id::{DeviceId, Nonce, PersonId};
use crate::domain::checkin::listing::{self, Earlier};
use crate::domain::checkin::reason::{Direction, Means, Mode};
use crate::domain::device::{self, Device};
use crate::domain::fault::Fault;
use crate::domain::identity::person;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{DirectionText, IdText, MeansText, ModeText};
use crate::surface::native::{Caller, Native, SURFACE};
use schemars::JsonSchema;
use serde::Serialize;

/// The passages of whoever a decision is about.
#[derive(Debug, Serialize, JsonSchema)]
struct History {
    /// The class or group of whoever the decision is about.
    class: Option<String>,
    /// Their number.
    number: Option<String>,
    /// At most twenty, the last first; without the decision itself and what was undone.
    items: Vec<PassageShape>,
}

/// One of them.
#[derive(Debug, Serialize, JsonSchema)]
struct PassageShape {
    /// Names it for ever.
    #[schemars(with = "IdText")]
    nonce: Nonce,
    /// When it happened, in milliseconds since 1970.
    at_ms: i64,
    /// Which way.
    #[schemars(with = "DirectionText")]
    direction: Direction,
    /// By what.
    #[schemars(with = "MeansText")]
    means: Means,
    /// Whether the box decided or was told.
    #[schemars(with = "ModeText")]
    mode: Mode,
    /// The name of the device; null: a page, or the command line.
    device: Option<String>,
    /// The gate it stands at.
    gate: Option<String>,
    /// Who of the staff; null: a device alone.
    staff: Option<String>,
}

/// The route.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/desk/history/{nonce}", show)
            .about(
                "Desk",
                "Of whom a decision is: class, number, and when, where and by whom let in or out before.",
            )
            .access(Access::Known)
            .lane(Lane::Ordinary, Rate::Poll)
            .right("attend")
            .answers::<History>(200)
            .refuses(&[(404, "no_visit")]),
    ]
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let nonce: Nonce = request.id_param("nonce")?;
    let may = caller.known()?.attend().map_err(Fault::from)?;
    let (person, all) = native.read(caller, |view, call| listing::earlier(view, call, nonce))?;
    let core = &native.core;
    let known = match person {
        Some(id) => (core.directory.get(&core.store, &core.site())?).find(may, id),
        None => None,
    };
    let (class, number) = known.map_or((None, None), |hit| (hit.class, hit.number));
    let items = all.iter().map(|one| shape(native, caller, one)).collect();
    let history = History {
        class,
        number,
        items,
    };
    Ok(Reply::of(200, &history))
}

fn shape(native: &Native, caller: &Caller, one: &Earlier) -> PassageShape {
    let decision = &one.decision;
    let device = decision.device.and_then(|id| device_of(native, caller, id));
    PassageShape {
        nonce: decision.nonce,
        at_ms: decision.at.as_millis(),
        direction: decision.direction,
        means: decision.means,
        mode: decision.mode,
        gate: device.as_ref().and_then(|d| d.gate.clone()),
        device: device.map(|d| d.name),
        staff: one.staff.and_then(|id| name_of(native, caller, id)),
    }
}

/// What cannot be read is left out: the list is of what happened.
fn device_of(native: &Native, caller: &Caller, id: DeviceId) -> Option<Device> {
    let found = native.read(caller, |view, call| device::find(view, call, id));
    found.ok().flatten()
}

fn name_of(native: &Native, caller: &Caller, id: PersonId) -> Option<String> {
    let actor = caller.actor?;
    let found = native.core.read(actor, SURFACE, |view, call| {
        person::shown_name(view, call.site, &actor, id)
    });
    found.ok().flatten()
}
