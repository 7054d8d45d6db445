//! Check-ins read back: those of an occasion, newest first, and one by its nonce.

use crate::base::id::{DeviceId, PersonId};
use crate::domain::checkin::Error;
use crate::domain::checkin::history::{self, Wanted};
use crate::domain::checkin::listing::Listed;
use crate::domain::checkin::reason::Verdict;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::decision::{self, DecisionShape};
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::shape::IdText;
use crate::surface::api::{occasion, page};
use crate::surface::known::Known;
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::Serialize;

/// A check-in that was kept.
#[derive(Debug, Serialize, JsonSchema)]
struct CheckIn {
    /// What was decided.
    #[serde(flatten)]
    decision: DecisionShape,
    /// At which device; null: a person decided without one.
    #[schemars(with = "Option<IdText>")]
    device: Option<DeviceId>,
    /// Whether it was undone since.
    undone: bool,
}

/// A page of check-ins.
#[derive(Debug, Serialize, JsonSchema)]
struct CheckInsPage {
    /// The check-ins, newest first.
    items: Vec<CheckIn>,
    /// The cursor of the next page; null at the end.
    next: Option<String>,
}

const QUERY: &[Param] = &[
    Param {
        name: "occasion",
        about: "Which occasion; today's attendance if not said.",
        required: false,
        form: Form::Occasion,
    },
    Param {
        name: "verdict",
        about: "Only those with this verdict.",
        required: false,
        form: Form::Words(&["admitted", "already", "refused", "ambiguous", "attention"]),
    },
    Param {
        name: "person",
        about: "Only those of this person.",
        required: false,
        form: Form::Id,
    },
    Param {
        name: "device",
        about: "Only those at this device.",
        required: false,
        form: Form::Id,
    },
    Param {
        name: "after",
        about: "The `next` of the page before.",
        required: false,
        form: Form::Count,
    },
    page::LIMIT,
];

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/check-ins", list)
            .about(
                "Check-in",
                "A page of an occasion's check-ins, newest first.",
            )
            .access(Access::Known)
            .right("attend")
            .query(QUERY)
            .answers::<CheckInsPage>(200),
        Entry::get("/api/v1/check-ins/{nonce}", find)
            .about(
                "Check-in",
                "One check-in by its nonce; a kiosk gets its own ones only.",
            )
            .access(Access::Known)
            .lane(Lane::Ordinary, Rate::Poll)
            .right("scan")
            .answers::<CheckIn>(200)
            .refuses(&[(404, "no_visit")]),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let names: Vec<&str> = QUERY.iter().map(|p| p.name).collect();
    page::known(&request, &names)?;
    let text = request.query("occasion").unwrap_or("today");
    let now = native.core.clock.stamp();
    let occasion = occasion::read("occasion", text, &native.core.site(), now)?;
    let wanted = Wanted {
        verdict: page::value::<Verdict>(&request, "verdict")?,
        person: page::value::<PersonId>(&request, "person")?,
        device: page::value::<DeviceId>(&request, "device")?,
    };
    let before: Option<u32> = page::value(&request, "after")?;
    let limit = page::limit(&request)?;
    let listed = native.read(caller, |view, call| -> Result<_, Error> {
        history::list(view, call, occasion, wanted, before.map(u64::from), limit)
    })?;
    let sequence = |l: &Listed| l.decision.sequence.unwrap_or_default().to_string();
    let next = page::next(&listed, limit, sequence);
    let items: Result<Vec<CheckIn>, Problem> =
        listed.iter().map(|l| shape(native, caller, l)).collect();
    let items = items?;
    Ok(Reply::of(200, &CheckInsPage { items, next }))
}

fn find(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let nonce = request.id_param("nonce")?;
    let found = native.read(caller, |view, call| history::find(view, call, nonce))?;
    Ok(Reply::of(200, &shape(native, caller, &found)?))
}

fn shape(native: &Native, caller: &Caller, listed: &Listed) -> Result<CheckIn, Problem> {
    let (core, actor) = (&native.core, caller.known()?);
    let known = Known::read(core, &listed.decision);
    Ok(CheckIn {
        decision: decision::shown(core, &actor, caller.language, &listed.decision, &known),
        device: listed.decision.device,
        undone: listed.undone,
    })
}
