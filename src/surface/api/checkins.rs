//! Check-ins: by code, person, number or a picture of the face; reports of those that were
//! decided offline; undoing. The nonce names one intent: the same request with the same nonce
//! gets the same decision, for ever.

use crate::base::id::{DeviceId, EventId, Nonce, PersonId};
use crate::base::limits;
use crate::base::text::Remark;
use crate::base::time::Stamp;
use crate::domain::checkin::face::judge;
use crate::domain::checkin::reason::{Direction, Liveness, Mode, UndoReason};
use crate::domain::checkin::request::{Credential, FaceEvidence, Request as CheckIn};
use crate::domain::checkin::undo::{self, Undo};
use crate::domain::checkin::{Decision, Error, Occasion, scan, seen};
use crate::domain::device;
use crate::domain::rule::Attended;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Lane, Rate};
use crate::store::View;
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::shape::{
    DirectionText, IdText, ModeText, OccasionText, UndoReasonText, parse_some, time_some,
};
use crate::surface::api::{decision, occasion, page};
use crate::surface::known::Known;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::picture;
use crate::surface::told;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// One check-in by what somebody shows or says: exactly one of code, person and number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCheckIn {
    /// Made by the client, once for each intent.
    #[schemars(with = "IdText")]
    nonce: Nonce,
    /// To what; if not said, what the device stands for, else today's attendance.
    #[schemars(with = "Option<OccasionText>")]
    occasion: Option<String>,
    /// The code of a ticket.
    code: Option<String>,
    /// A person picked from the list by staff.
    #[schemars(with = "Option<IdText>")]
    person: Option<PersonId>,
    /// A person's number.
    number: Option<String>,
    /// Which way; in if not said.
    #[schemars(with = "Option<DirectionText>")]
    direction: Option<Direction>,
    /// `offline`: a report of what was decided while the box could not be reached.
    #[schemars(with = "Option<ModeText>")]
    mode: Option<Mode>,
    /// When a reported check-in happened, in milliseconds since 1970.
    happened_at_ms: Option<i64>,
}

/// Why an admission is undone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewUndo {
    /// The reason.
    #[schemars(with = "UndoReasonText")]
    reason: UndoReason,
    /// In words; needed for `other`.
    remark: Option<String>,
}

const FACE_QUERY: &[Param] = &[
    Param {
        name: "nonce",
        about: "Made by the client, once for each intent.",
        required: true,
        form: Form::Id,
    },
    Param {
        name: "occasion",
        about: "To what; today's attendance if not said.",
        required: false,
        form: Form::Occasion,
    },
    Param {
        name: "direction",
        about: "Which way; in if not said.",
        required: false,
        form: Form::Words(&["entry", "exit"]),
    },
    Param {
        name: "digits",
        about: "The last digits of the number, at least four, where the face only proposes.",
        required: false,
        form: Form::Text(limits::ID_NUMBER_CHARS_MAX),
    },
];

const REFUSALS: &[(u16, &str)] = &[(404, "no_event"), (403, "no_device"), (409, "nonce_reused")];

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/check-ins", by_statement)
            .about("Check-in", "Checks somebody in by code, person or number.")
            .access(Access::Known)
            .lane(Lane::Queued, Rate::Poll)
            .right("scan")
            .takes::<NewCheckIn>(
                r#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","occasion":"today","number":"2026001"}"#,
            )
            .answers::<decision::DecisionShape>(200)
            .refuses(REFUSALS),
        Entry::post("/api/v1/check-ins/face", by_face)
            .about("Check-in", "Checks somebody in by one picture of the face.")
            .access(Access::Known)
            .lane(Lane::CheckIn, Rate::Poll)
            .right("scan")
            .query(FACE_QUERY)
            .takes_picture()
            .answers::<decision::DecisionShape>(200)
            .refuses(REFUSALS),
        Entry::post("/api/v1/check-ins/{nonce}/undo", take_back)
            .about("Check-in", "Undoes an admission, with a reason.")
            .access(Access::Known)
            .right("undo")
            .takes::<NewUndo>(r#"{"reason":"wrong_person"}"#)
            .answers::<decision::DecisionShape>(200)
            .refuses(&[
                (404, "no_visit"),
                (409, "undone_before"),
                (403, "undo_window"),
                (400, "remark_missing"),
            ]),
    ]
}

fn by_statement(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewCheckIn = request.json()?;
    let now = native.core.clock.stamp();
    let named = new.occasion.as_deref();
    let named = named.map(|text| occasion::read("occasion", text, &native.core.site(), now));
    let named = named.transpose()?;
    // Where none is named, the transaction looks up what the device stands for.
    let device = caller.device.as_ref().map(|d| d.id);
    let stood_for = device.filter(|_| named.is_none());
    let wanted = stated(new, device, named.unwrap_or_else(|| today(native, now)))?;
    queue(native, caller, now, wanted, stood_for)
}

/// The check-in that a body asks for.
fn stated(
    new: NewCheckIn,
    device: Option<DeviceId>,
    occasion: Occasion,
) -> Result<CheckIn, Problem> {
    let wanted = CheckIn {
        occasion,
        device,
        nonce: new.nonce,
        direction: new.direction.unwrap_or(Direction::Entry),
        mode: new.mode.unwrap_or(Mode::Online),
        attended: Attended::Attended,
        happened: time_some("happened_at_ms", new.happened_at_ms)?,
        credential: credential(new.code, new.person, new.number)?,
    };
    if wanted.happened.is_some() && wanted.mode == Mode::Online {
        let message = "Only a report (mode `offline`) says when it happened.";
        return Err(Problem::field("happened_at_ms", message));
    }
    Ok(wanted)
}

/// Hands a check-in to the writer; its answer comes when it is durable. `stood_for`: the device
/// that says to what.
fn queue(
    native: &Native,
    caller: &Caller,
    now: Stamp,
    wanted: CheckIn,
    stood_for: Option<DeviceId>,
) -> Result<Reply, Problem> {
    let (core, actor, language) = (Arc::clone(&native.core), caller.known()?, caller.language);
    let site = core.site();
    let decided = core.submit_at(now, actor, SURFACE, move |tx, call| {
        let mut wanted = wanted.clone();
        let event = stood_for.map_or(Ok(None), |id| stands_for(tx, id))?;
        wanted.occasion = event.map_or(wanted.occasion, Occasion::Event);
        let decision = scan::check_in(tx, call, &wanted)?;
        let known = Known::of(tx, &site, &decision);
        Ok::<_, Error>((decision, known))
    });
    Ok(Reply::later(async move {
        let (decision, known) = decided.await?;
        told::announce(&core, &decision, &known);
        let shape = decision::shown(&core, &actor, language, &decision, &known);
        Ok(Reply::of(200, &shape))
    }))
}

/// What somebody is known by, of a body that has to name exactly one thing.
///
/// # Errors
/// 422 if it names none or several.
pub(in crate::surface) fn credential(
    code: Option<String>,
    person: Option<PersonId>,
    number: Option<String>,
) -> Result<Credential, Problem> {
    match (code, person, number) {
        (Some(code), None, None) => Ok(Credential::Code(code)),
        (None, Some(person), None) => Ok(Credential::Person(person)),
        (None, None, Some(number)) => Ok(Credential::Number(number)),
        (_, _, _) => {
            let message = "Send exactly one of code, person and number.";
            Err(Problem::field("code", message))
        }
    }
}

/// The occasion that was named, else the one that the device stands for, else today.
fn occasion_of(
    native: &Native,
    caller: &Caller,
    text: Option<&str>,
    now: Stamp,
) -> Result<Occasion, Problem> {
    let site = native.core.site();
    if let Some(text) = text {
        return occasion::read("occasion", text, &site, now);
    }
    let event = match &caller.device {
        Some(device) => (native.core.store).read(|view| stands_for(view, device.id))?,
        None => None,
    };
    Ok(event.map_or_else(|| today(native, now), Occasion::Event))
}

fn today(native: &Native, now: Stamp) -> Occasion {
    Occasion::Daily(native.core.site().zone.day(now.at))
}

/// The event that a device checks in to; None: the attendance of the day.
fn stands_for(view: &View<'_>, device: DeviceId) -> Result<Option<EventId>, Error> {
    Ok(device::options(view, device)?.occasion)
}

/// Runs the check-in and shows its decision. Who stands by is taken from the actor's rights: a
/// kiosk's claim that staff do is not believed.
fn decide(native: &Native, caller: &Caller, now: Stamp, wanted: CheckIn) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let decided: Result<Decision, Error> =
        (native.core).write_at(now, actor, SURFACE, move |tx, call| {
            scan::check_in(tx, call, &wanted)
        });
    answer(native, caller, &decided?)
}

/// Tells the screens of a decision that was committed, and shows it to whoever asked for it.
///
/// # Errors
/// 401 for nobody.
pub(in crate::surface) fn answer(
    native: &Native,
    caller: &Caller,
    decided: &Decision,
) -> Result<Reply, Problem> {
    let (core, actor) = (&native.core, caller.known()?);
    let known = Known::read(core, decided);
    told::announce(core, decided, &known);
    let shape = decision::shown(core, &actor, caller.language, decided, &known);
    Ok(Reply::of(200, &shape))
}

fn by_face(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["nonce", "occasion", "direction", "digits"])?;
    caller
        .known()?
        .scan()
        .map_err(crate::domain::fault::Fault::from)?;
    let now = native.core.clock.stamp();
    let nonce = page::value(&request, "nonce")?;
    let nonce = nonce.ok_or_else(|| Problem::field("nonce", "The parameter nonce is missing."))?;
    let occasion = occasion_of(native, caller, request.query("occasion"), now)?;
    let direction = page::value(&request, "direction")?.unwrap_or(Direction::Entry);
    let digits = page::text(&request, "digits", limits::ID_NUMBER_CHARS_MAX)?.map(str::to_owned);
    let evidence = evidence(native, occasion, now, digits, request)?;
    let wanted = CheckIn {
        occasion,
        credential: Credential::Face(Box::new(evidence)),
        device: caller.device.as_ref().map(|d| d.id),
        nonce,
        direction,
        mode: Mode::Online,
        attended: Attended::Attended,
        happened: None,
    };
    decide(native, caller, now, wanted)
}

/// What one picture shows of a face, judged against the occasion's gallery.
fn evidence(
    native: &Native,
    occasion: Occasion,
    now: Stamp,
    last_digits: Option<String>,
    request: Request,
) -> Result<FaceEvidence, Problem> {
    let (analysis, model) = picture::faces(native, request.into_body(), picture::CHECK_IN)?;
    let core = &native.core;
    let site = core.site();
    let loaded = (core.galleries).get(&core.store, &site, &occasion.key(), model)?;
    let frame = seen::frame(now.at, &analysis);
    Ok(FaceEvidence {
        verdict: judge(&[frame], &loaded.gallery, &site.rules.face),
        model,
        liveness: Liveness::NotMeasured,
        last_digits,
    })
}

fn take_back(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewUndo = request.json()?;
    let wanted = Undo {
        nonce: nonce_of(&request)?,
        reason: new.reason,
        remark: parse_some::<Remark>("remark", new.remark.as_deref())?,
    };
    let decided = native.write(caller, move |tx, call| undo::undo(tx, call, &wanted))?;
    told::undone(&native.core, &decided);
    let (core, actor) = (&native.core, caller.known()?);
    let known = Known::read(core, &decided);
    let shape = decision::shown(core, &actor, caller.language, &decided, &known);
    Ok(Reply::of(200, &shape))
}

fn nonce_of(head: &Head) -> Result<Nonce, Problem> {
    head.id_param("nonce")
}
