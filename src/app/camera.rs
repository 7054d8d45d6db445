//! The box's own cameras, as the configuration names them.

use crate::app::config::{CAMERA_NAME, CameraOccasion, CameraSetting, CameraSource};
use crate::app::error::Failure;
use crate::base::id::DeviceId;
use crate::base::limits;
use crate::domain::actor::{Actor, DeviceAccess};
use crate::domain::checkin::request::Occasion;
use crate::domain::device::{self, DeviceKind, NewDevice};
use crate::domain::rule::Attended;
use crate::host::camera::Source;
use crate::host::camera::device::Kernel;
use crate::host::camera::folder::Folder;
use crate::host::camera::run::Camera;
use crate::host::camera::v4l2::V4l2;
use crate::surface::core::Core;
use crate::surface::door::{Aim, Door, Post};
use crate::surface::mjpeg::Mjpeg;
use crate::surface::told;
use crate::surface::watch::{Seen, Watch};
use std::sync::Arc;
use tokio::runtime::Handle;

/// The name under which the box's own camera is a device.
const NAME: &str = "Box camera";

/// Starts each camera and its door; none if the box has no camera. The first is that of the box's
/// own screen.
///
/// # Errors
/// If its device cannot be stored or the system gives no thread. A camera that is not there is
/// no error: it is tried again.
pub fn start(settings: &[CameraSetting], core: &Arc<Core>) -> Result<Vec<Watch>, Failure> {
    let mut all = Vec::new();
    for setting in settings {
        if let Some(source) = source(setting, true, &Handle::current()) {
            all.push(start_one(setting, source, core)?);
        }
    }
    Ok(all)
}

/// What the setting names, not yet opened; None for no camera. A folder is played `again` and
/// again, or once; a stream over the network is read by `runtime`.
#[must_use]
pub fn source(setting: &CameraSetting, again: bool, runtime: &Handle) -> Option<Box<dyn Source>> {
    Some(match &setting.source {
        CameraSource::Off => return None,
        CameraSource::V4l2(path) => {
            let name = path.display().to_string();
            Box::new(V4l2::new(name, Kernel::new(path)))
        }
        CameraSource::Files(dir) => Box::new(Folder::new(dir, setting.pause, again)),
        CameraSource::Mjpeg(url) => Box::new(Mjpeg::new(url.clone(), runtime.clone())),
    })
}

fn start_one(
    setting: &CameraSetting,
    source: Box<dyn Source>,
    core: &Arc<Core>,
) -> Result<Watch, Failure> {
    let device = own_device(core, &setting.name)?;
    let camera = Camera::start(&setting.name, source).map_err(Failure::of)?;
    let latest = camera.latest().clone();
    core.add_camera(camera);
    if core.live.box_camera().is_none() {
        core.live.set_box_camera(device);
    }
    let door = Door::new(Arc::clone(core), post(setting, device));
    let door = door.lingering(limits::SCREEN_LINGER_MS);
    let told_core = Arc::clone(core);
    let tell = move |_, seen: Seen| {
        if let Ok(sighting) = seen {
            told::seen(&told_core, device, &sighting);
        }
    };
    Watch::start(door, latest, tell).map_err(Failure::of)
}

/// A camera that nobody stands beside may scan and nothing else.
#[must_use]
fn post(setting: &CameraSetting, device: DeviceId) -> Post {
    Post {
        occasion: match setting.occasion {
            CameraOccasion::Daily => Aim::Today,
            CameraOccasion::Event(event) => Aim::Fixed(Occasion::Event(event)),
        },
        direction: setting.direction,
        attended: Attended::Unattended,
        actor: Actor::Device {
            id: device,
            access: DeviceAccess::Scan,
        },
        device: Some(device),
    }
}

/// The device that stands for a camera of the box; made when it is first needed.
fn own_device(core: &Core, camera: &str) -> Result<DeviceId, Failure> {
    let name = match camera {
        CAMERA_NAME => NAME.to_owned(),
        other => format!("{NAME} {other}"),
    };
    let devices = core
        .read(Actor::Operator, "camera", |view, call| {
            device::list(view, call, None, limits::LIST_ROWS_MAX)
        })
        .map_err(Failure::of)?;
    let own = devices
        .iter()
        .find(|d| d.kind == DeviceKind::Camera && d.name == name && !d.revoked);
    if let Some(device) = own {
        return Ok(device.id);
    }
    add(core, "camera", &name)
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
