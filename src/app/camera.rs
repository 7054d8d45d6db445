//! The box's own camera, as the configuration names it.

use crate::app::config::{CameraOccasion, CameraSetting, CameraSource};
use crate::app::error::Failure;
use crate::base::id::DeviceId;
use crate::base::limits;
use crate::domain::actor::{Actor, DeviceAccess};
use crate::domain::checkin::reason::Direction;
use crate::domain::checkin::request::Occasion;
use crate::domain::device::{self, DeviceKind, NewDevice};
use crate::domain::rule::Attended;
use crate::host::camera::Source;
use crate::host::camera::folder::Folder;
use crate::host::camera::run::Camera;
use crate::surface::core::Core;
use crate::surface::door::{Aim, Door, Post};
use crate::surface::mjpeg::Mjpeg;
use crate::surface::told;
use crate::surface::watch::{Seen, Watch};
use std::sync::Arc;
use tokio::runtime::Handle;

/// The name under which the box's own camera is a device.
const NAME: &str = "Box camera";

/// Starts the camera and its door; None if the box has no camera.
///
/// # Errors
/// If its device cannot be stored or the system gives no thread. A camera that is not there is
/// no error: it is tried again.
pub fn start(setting: &CameraSetting, core: &Arc<Core>) -> Result<Option<Watch>, Failure> {
    let source: Box<dyn Source> = match &setting.source {
        CameraSource::Off => return Ok(None),
        CameraSource::Files(dir) => Box::new(Folder::new(dir, setting.pause, true)),
        CameraSource::Mjpeg(url) => Box::new(Mjpeg::new(url.clone(), Handle::current())),
    };
    let device = own_device(core)?;
    let camera = Camera::start("door", source).map_err(Failure::of)?;
    let latest = camera.latest().clone();
    core.add_camera(camera);
    core.live.set_box_camera(device);
    let door = Door::new(Arc::clone(core), post(setting, device));
    let door = door.lingering(limits::SCREEN_LINGER_MS);
    let told_core = Arc::clone(core);
    let tell = move |_, seen: Seen| {
        if let Ok(sighting) = seen {
            told::seen(&told_core, device, &sighting);
        }
    };
    Watch::start(door, latest, tell)
        .map(Some)
        .map_err(Failure::of)
}

/// A camera that nobody stands beside may scan and nothing else.
#[must_use]
fn post(setting: &CameraSetting, device: DeviceId) -> Post {
    Post {
        occasion: match setting.occasion {
            CameraOccasion::Daily => Aim::Today,
            CameraOccasion::Event(event) => Aim::Fixed(Occasion::Event(event)),
        },
        direction: Direction::Entry,
        attended: Attended::Unattended,
        actor: Actor::Device {
            id: device,
            access: DeviceAccess::Scan,
        },
        device: Some(device),
    }
}

/// The device that stands for the box's own camera; made when it is first needed.
fn own_device(core: &Core) -> Result<DeviceId, Failure> {
    let devices = core
        .read(Actor::Operator, "camera", |view, call| {
            device::list(view, call, None, limits::LIST_ROWS_MAX)
        })
        .map_err(Failure::of)?;
    let own = devices
        .iter()
        .find(|d| d.kind == DeviceKind::Camera && d.name == NAME && !d.revoked);
    if let Some(device) = own {
        return Ok(device.id);
    }
    add(core, "camera", NAME)
}

/// Adds a camera as a device that may scan; `surface` is what the audit says it was done by.
///
/// # Errors
/// If the name is none or the store refuses.
pub fn add(core: &Core, surface: &'static str, name: &str) -> Result<DeviceId, Failure> {
    let new = NewDevice {
        name: name.parse().map_err(Failure::of)?,
        kind: DeviceKind::Camera,
        access: DeviceAccess::Scan,
        gate: None,
    };
    core.write(Actor::Operator, surface, move |tx, call| {
        device::add(tx, call, &new)
    })
    .map_err(Failure::of)
}
