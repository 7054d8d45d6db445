//! Devices: offered with a code, paired by it, listed, revoked.

use crate::base::cause::Cause;
use crate::base::id::{DeviceId, EventId};
use crate::base::time::Timestamp;
use crate::domain::actor::{Actor, DeviceAccess};
use crate::domain::checkin::reason::Direction;
use crate::domain::device::{
    self, Answer, DeviceKind, Listed, NewDevice as Wanted, Options, Refusal,
};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{
    DeviceAccessText, DeviceKindText, DirectionText, IdText, LanguageText, parse, parse_some,
};
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::session;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A device as those who manage devices see it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Device")]
struct DeviceShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: DeviceId,
    /// What people call it.
    name: String,
    /// What it is.
    #[schemars(with = "DeviceKindText")]
    kind: DeviceKind,
    /// What it may do.
    #[schemars(with = "DeviceAccessText")]
    access: DeviceAccess,
    /// The gate it stands at.
    gate: Option<String>,
    /// The event it checks in to; null: the attendance of the day.
    #[schemars(with = "Option<IdText>")]
    event: Option<EventId>,
    /// Which way people pass it.
    #[schemars(with = "DirectionText")]
    direction: Direction,
    /// When it was paired, in milliseconds since 1970; null: it holds no token.
    paired_at_ms: Option<i64>,
    /// Until when its code pairs; null: it is not offered.
    offered_until_ms: Option<i64>,
    /// Whether it was revoked.
    revoked: bool,
    /// Whether it has given a sign of life in the last half minute, as screens do.
    online: bool,
}

impl DeviceShape {
    fn of(native: &Native, now: Timestamp, listed: Listed) -> Self {
        let (id, revoked) = (listed.device.id, listed.device.revoked);
        Self {
            online: !revoked && native.core.live.is_present(id, now),
            id: listed.device.id,
            name: listed.device.name,
            kind: listed.device.kind,
            access: listed.device.access,
            gate: listed.device.gate,
            event: listed.options.occasion,
            direction: listed.options.direction,
            paired_at_ms: listed.paired_at.map(|t| t.as_millis()),
            offered_until_ms: listed.offered_until.map(|t| t.as_millis()),
            revoked: listed.device.revoked,
        }
    }
}

/// A page of devices.
#[derive(Debug, Serialize, JsonSchema)]
struct DevicesPage {
    /// The devices, revoked ones too.
    items: Vec<DeviceShape>,
    /// The cursor of the next page; null at the end.
    next: Option<String>,
}

/// A device to be paired.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewDevice {
    /// What people call it.
    #[schemars(length(min = 1, max = 120))]
    name: String,
    /// What it is.
    #[schemars(with = "DeviceKindText")]
    kind: DeviceKind,
    /// What it may do; `scan` for kiosks and cameras, `desk` for desks if not said.
    #[schemars(with = "Option<DeviceAccessText>")]
    access: Option<DeviceAccess>,
    /// The gate it stands at, if tickets ask for one.
    #[schemars(length(min = 1, max = 64))]
    gate: Option<String>,
    /// The event it checks in to; the attendance of the day if not said.
    #[schemars(with = "Option<IdText>")]
    event: Option<EventId>,
    /// Which way people pass it; in if not said.
    #[schemars(with = "Option<DirectionText>")]
    direction: Option<Direction>,
    /// Diagonal of its screen, in tenths of an inch.
    diagonal_tenths_inch: Option<u16>,
    /// Distance of the visitor to the screen, in centimetres.
    distance_cm: Option<u16>,
    /// The language it begins in; the site's if not said.
    #[schemars(with = "Option<LanguageText>")]
    language: Option<Language>,
}

/// A device that waits for its code to be entered.
#[derive(Debug, Serialize, JsonSchema)]
struct Offer {
    /// Which.
    #[schemars(with = "IdText")]
    device: DeviceId,
    /// The code to enter on the device: 8 characters, ten minutes, once.
    code: String,
}

/// A code that is entered on a device.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EnteredCode {
    /// The code.
    #[schemars(length(min = 1, max = 32))]
    code: String,
}

/// A paired device.
#[derive(Debug, Serialize, JsonSchema)]
struct Paired {
    /// Which.
    #[schemars(with = "IdText")]
    device: DeviceId,
    /// Its bearer token, shown this once. A browser keeps the cookie instead.
    token: String,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/devices", list)
            .about("Devices", "A page of devices, revoked ones too.")
            .right("manage_devices")
            .query(&[page::AFTER, page::LIMIT])
            .answers::<DevicesPage>(200),
        Entry::post("/api/v1/devices", offer)
            .about("Devices", "Adds a device and makes the code that pairs it.")
            .right("manage_devices")
            .takes::<NewDevice>(r#"{"name":"Gerbang utara","kind":"kiosk"}"#)
            .answers::<Offer>(201)
            .refuses(&[(404, "no_event")]),
        Entry::post("/api/v1/devices/pair", pair)
            .about(
                "Devices",
                "Pairs this device by its code; sets its cookie too.",
            )
            .access(Access::Public)
            .lane(Lane::Ordinary, Rate::Code)
            .takes::<EnteredCode>(r#"{"code":"7KQ2MX9D"}"#)
            .answers::<Paired>(201)
            .refuses(&[(401, "wrong_code"), (429, "too_many_codes")]),
        Entry::delete("/api/v1/devices/{device}", revoke)
            .about(
                "Devices",
                "Revokes a device: its token is nothing from now on.",
            )
            .right("manage_devices")
            .refuses(&[(404, "no_device")]),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["after", "limit"])?;
    let (after, limit) = (page::value(&request, "after")?, page::limit(&request)?);
    let devices = native.read(caller, |view, call| {
        device::list_standing(view, call, after, limit)
    })?;
    let next = page::next(&devices, limit, |d| d.device.id.to_string());
    let now = native.core.clock.stamp().at;
    let shape = |listed| DeviceShape::of(native, now, listed);
    let items = devices.into_iter().map(shape).collect();
    Ok(Reply::of(200, &DevicesPage { items, next }))
}

fn offer(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewDevice = request.json()?;
    let usual = match new.kind {
        DeviceKind::Kiosk | DeviceKind::Camera => DeviceAccess::Scan,
        DeviceKind::Desk => DeviceAccess::Desk,
    };
    let wanted = Wanted {
        name: parse("name", &new.name)?,
        kind: new.kind,
        access: new.access.unwrap_or(usual),
        gate: parse_some("gate", new.gate.as_deref())?,
    };
    let options = Options {
        occasion: new.event,
        direction: new.direction.unwrap_or(Direction::Entry),
        diagonal_tenths_inch: new.diagonal_tenths_inch,
        distance_cm: new.distance_cm,
        language: new.language,
    };
    let (device, code) = native.write(caller, move |tx, call| {
        device::offer(tx, call, &wanted, &options)
    })?;
    let code = code.expose().clone();
    Ok(Reply::of(201, &Offer { device, code }).with_secret())
}

fn pair(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let entered: EnteredCode = request.json()?;
    let address = request.peer.address.to_string();
    let answer = native
        .core
        .write(Actor::Stranger, SURFACE, move |tx, call| {
            device::redeem(tx, call, &entered.code, &address)
        })?;
    match answer {
        Answer::Paired(device, token) => {
            let cookie = session::set_cookie(session::DEVICE, token.expose(), request.peer.secure);
            let token = token.expose().clone();
            let shape = Paired {
                device: device.id,
                token,
            };
            let reply = Reply::of(201, &shape).with_secret();
            Ok(reply.with_header("set-cookie", cookie))
        }
        Answer::Refused(refusal) => Err(refused(refusal)),
    }
}

/// A code that does not pair, as a refusal.
fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Wrong { left } => {
            let message = format!("This code does not pair a device. Tries left: {left}.");
            Problem::new(Cause::Unauthenticated, message).with_code(refusal.code())
        }
        Refusal::TooOften { wait_ms } => {
            let message = "Too many wrong codes came from here. Wait, then get a new code.";
            let mut problem = Problem::new(Cause::RateLimited, message).with_code(refusal.code());
            let seconds = wait_ms.div_euclid(1000).saturating_add(1);
            problem.retry_after_s = u32::try_from(seconds).ok();
            problem
        }
    }
}

fn revoke(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: DeviceId = request.id_param("device")?;
    native.write(caller, move |tx, call| device::revoke(tx, call, id))?;
    Ok(Reply::empty())
}
