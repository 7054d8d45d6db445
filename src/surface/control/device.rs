//! Commands on devices, and the code of the first administrator.

use crate::base::id::{DeviceId, EventId};
use crate::base::json;
use crate::base::limits;
use crate::domain::actor::DeviceAccess;
use crate::domain::device::{self, DeviceKind, NewDevice, Options};
use crate::domain::setup;
use crate::surface::control::person::parse;
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;

/// Makes a code with which the first administrator sets the box up.
pub fn setup_code(core: &Core) -> Result<json::Value, Refusal> {
    let code = core.write(ACTOR, SURFACE, setup::new_code)?;
    Ok(json::json!({"code": code.expose(), "minutes": limits::SETUP_CODE_MS_MAX / 60_000}))
}

/// Offers a device and gives the code with which it is paired.
pub fn pair(
    core: &Core,
    name: &str,
    kind: DeviceKind,
    event: Option<EventId>,
) -> Result<json::Value, Refusal> {
    let new = NewDevice {
        name: parse("name", name)?,
        kind,
        access: match kind {
            DeviceKind::Desk => DeviceAccess::Desk,
            DeviceKind::Kiosk | DeviceKind::Camera => DeviceAccess::Scan,
        },
        gate: None,
    };
    let options = Options {
        occasion: event,
        ..Options::default()
    };
    let (id, code) = core.write(ACTOR, SURFACE, move |tx, call| {
        device::offer(tx, call, &new, &options)
    })?;
    Ok(json::json!({"device": id, "code": code.expose()}))
}

/// All devices, revoked ones too.
pub fn list(core: &Core) -> Result<json::Value, Refusal> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = core.read(ACTOR, SURFACE, |view, call| {
            device::list_standing(view, call, after, limits::LIST_ROWS_MAX)
        })?;
        let Some(last) = page.last() else { break };
        after = Some(last.device.id);
        all.extend(page.iter().map(|listed| {
            let state = match (
                listed.device.revoked,
                listed.paired_at,
                listed.offered_until,
            ) {
                (true, _, _) => "revoked",
                (false, Some(_), _) => "paired",
                (false, None, Some(_)) => "offered",
                (false, None, None) => "unpaired",
            };
            json::json!({
                "device": listed.device.id,
                "name": listed.device.name,
                "kind": listed.device.kind,
                "access": listed.device.access,
                "state": state,
                "event": listed.options.occasion,
            })
        }));
    }
    Ok(json::json!({"devices": all}))
}

/// Revokes a device: from this commit on it is refused.
pub fn revoke(core: &Core, id: DeviceId) -> Result<json::Value, Refusal> {
    core.write(ACTOR, SURFACE, move |tx, call| device::revoke(tx, call, id))?;
    Ok(json::json!({"device": id, "revoked": true}))
}
