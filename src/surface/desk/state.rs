//! What an open desk shows besides its own card: the numbers of the occasion, the last scans,
//! calls for help.

use crate::base::id::{DeviceId, Nonce};
use crate::domain::checkin::listing::{self, Counts, Listed};
use crate::domain::checkin::reason::{Direction, Means, Mode, Reason, Verdict};
use crate::domain::checkin::{Error, Occasion};
use crate::domain::device;
use crate::domain::identity::person;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Rate};
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::shape::{
    DirectionText, IdText, MeansText, ModeText, ReasonText, VerdictText,
};
use crate::surface::api::{occasion, page};
use crate::surface::native::{Caller, Native, SURFACE};
use schemars::JsonSchema;
use serde::Serialize;

/// Scans in the list.
const SCANS: u32 = 20;

/// The occasion in the query.
pub(super) const OCCASION: Param = Param {
    name: "occasion",
    about: "Which occasion; today's attendance if not said.",
    required: false,
    form: Form::Occasion,
};

/// What a desk shows.
#[derive(Debug, Serialize, JsonSchema)]
struct DeskState {
    /// The numbers.
    counts: CountsShape,
    /// The last scans, newest first, at most twenty.
    recent: Vec<ScanShape>,
    /// Calls for help that nobody has answered, oldest first.
    help: Vec<CallShape>,
}

/// The numbers of an occasion.
#[derive(Debug, Serialize, JsonSchema)]
struct CountsShape {
    /// Tickets in force, or people on a day of attendance.
    expected: Option<u32>,
    /// Inside now.
    inside: u32,
    /// Let in, each once.
    admitted: u32,
    /// Decisions that let nobody in.
    refused: u32,
    /// Entries in stretches of ten minutes in which there were any, oldest first.
    per_ten_minutes: Vec<BarShape>,
    /// Entries by the gate of the device, most first.
    per_gate: Vec<GateShape>,
}

/// Entries of a gate.
#[derive(Debug, Serialize, JsonSchema)]
struct GateShape {
    /// The gate, or the name of a device that stands at none; null: staff on a page of their own.
    gate: Option<String>,
    /// Entries.
    entries: u32,
}

/// Entries of ten minutes.
#[derive(Debug, Serialize, JsonSchema)]
struct BarShape {
    /// When they began, in milliseconds since 1970.
    from_ms: i64,
    /// Entries.
    entries: u32,
}

/// A scan in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct ScanShape {
    /// Names it for ever; an undo asks for it.
    #[schemars(with = "IdText")]
    nonce: Nonce,
    /// When it happened, in milliseconds since 1970.
    at_ms: i64,
    /// What was decided.
    #[schemars(with = "VerdictText")]
    verdict: Verdict,
    /// Why; null: admitted.
    #[schemars(with = "Option<ReasonText>")]
    reason: Option<Reason>,
    /// Which way.
    #[schemars(with = "DirectionText")]
    direction: Direction,
    /// By what.
    #[schemars(with = "MeansText")]
    means: Means,
    /// Whether the box decided or was told.
    #[schemars(with = "ModeText")]
    mode: Mode,
    /// Who; null: nobody known.
    name: Option<String>,
    /// At which device.
    #[schemars(with = "Option<IdText>")]
    device: Option<DeviceId>,
    /// Whether it was undone since.
    undone: bool,
    /// A report of an admission that the rules would have refused: why.
    #[schemars(with = "Option<ReasonText>")]
    conflict: Option<Reason>,
}

/// A call for help from a screen.
#[derive(Debug, Serialize, JsonSchema)]
struct CallShape {
    /// The screen.
    #[schemars(with = "IdText")]
    device: DeviceId,
    /// What it is called.
    name: String,
    /// Since when, in milliseconds since 1970.
    at_ms: i64,
}

/// The route.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/desk/state", show)
            .about(
                "Desk",
                "The numbers, last scans and calls for help of an occasion.",
            )
            .access(Access::Known)
            .lane(crate::http::route::Lane::Ordinary, Rate::Poll)
            .right("attend")
            .query(&[OCCASION])
            .answers::<DeskState>(200),
    ]
}

/// The occasion that a request names.
pub(super) fn occasion_of(native: &Native, head: &Head) -> Result<Occasion, Problem> {
    let text = head.query("occasion").unwrap_or("today");
    let now = native.core.clock.stamp();
    occasion::read("occasion", text, &native.core.site(), now)
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["occasion"])?;
    let occasion = occasion_of(native, &request)?;
    let (mut counts, listed) = native.read(caller, |view, call| -> Result<_, Error> {
        let counts = native.core.tallies.counts(view, call, occasion)?;
        Ok((counts, listing::visits(view, call, occasion, None, SCANS)?))
    })?;
    if let Occasion::Daily(_) = occasion {
        counts.expected = people(native);
    }
    let state = DeskState {
        counts: numbers(counts),
        recent: listed.iter().map(|l| scan(native, caller, l)).collect(),
        help: calls(native, caller)?,
    };
    Ok(Reply::of(200, &state))
}

/// Calls that nobody has answered; of a device that is gone there is nothing to answer.
fn calls(native: &Native, caller: &Caller) -> Result<Vec<CallShape>, Problem> {
    let standing = native.core.live.help();
    if standing.is_empty() {
        return Ok(Vec::new());
    }
    native.read(caller, |view, _| -> Result<_, device::Error> {
        let named = standing.iter().filter_map(|call| {
            let device = device::get_in_use(view, call.device).ok()?;
            Some(CallShape {
                device: call.device,
                name: device.name,
                at_ms: call.at.as_millis(),
            })
        });
        Ok(named.collect())
    })
}

/// Who may take part in a day of attendance: everybody in the list of names.
fn people(native: &Native) -> Option<u32> {
    let core = &native.core;
    let directory = core.directory.get(&core.store, &core.site()).ok()?;
    u32::try_from(directory.len()).ok()
}

fn numbers(counts: Counts) -> CountsShape {
    let bar = |(from, entries): &(crate::base::time::Timestamp, u32)| BarShape {
        from_ms: from.as_millis(),
        entries: *entries,
    };
    let gate = |(gate, entries)| GateShape { gate, entries };
    CountsShape {
        expected: counts.expected,
        inside: counts.inside,
        admitted: counts.admitted,
        refused: counts.refused,
        per_ten_minutes: counts.per_ten_minutes.iter().map(bar).collect(),
        per_gate: counts.per_gate.into_iter().map(gate).collect(),
    }
}

/// A name that cannot be read is left out: the list is of what happened.
fn scan(native: &Native, caller: &Caller, listed: &Listed) -> ScanShape {
    let decision = &listed.decision;
    let name = decision.person.zip(caller.actor).and_then(|(id, actor)| {
        let found = native.core.read(actor, SURFACE, |view, call| {
            person::shown_name(view, call.site, &actor, id)
        });
        found.ok().flatten()
    });
    ScanShape {
        nonce: decision.nonce,
        at_ms: decision.at.as_millis(),
        verdict: decision.verdict,
        reason: decision.reason,
        direction: decision.direction,
        means: decision.means,
        mode: decision.mode,
        name,
        device: decision.device,
        undone: listed.undone,
        conflict: decision.conflict,
    }
}
