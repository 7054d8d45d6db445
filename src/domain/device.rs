//! Devices: kiosks, desks and cameras that check people in. A revoked one is refused from the
//! next transaction on.

use crate::base::cause::Cause;
use crate::base::id::DeviceId;
use crate::base::text::{Name, Slug};
use crate::domain::actor::DeviceAccess;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::outbox::{self, Notice};
use crate::domain::site::Call;
use crate::store::devices::{self, DeviceRow};
use crate::store::{Tx, View};
use std::fmt;

pub use crate::store::devices::DeviceKind;

/// Why a device was not added, found or revoked.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such device, or it is revoked.
    NoDevice,
    /// The actor's rights or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoDevice => Cause::Missing,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDevice => f.write_str("there is no such device in use"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A device to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// What people call it.
    pub name: Name,
    /// What it is.
    pub kind: DeviceKind,
    /// What it may do.
    pub access: DeviceAccess,
    /// The gate it stands at, if tickets ask for one.
    pub gate: Option<Slug>,
}

/// A device in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// What it may do.
    pub access: DeviceAccess,
    /// The gate it stands at.
    pub gate: Option<String>,
    /// Whether it was revoked.
    pub revoked: bool,
}

fn read(row: DeviceRow) -> Result<Device, Error> {
    let access = DeviceAccess::read(&row.access).ok_or(Fault::Damaged("device"))?;
    Ok(Device {
        id: row.id,
        name: row.name,
        kind: row.kind,
        access,
        gate: row.gate,
        revoked: row.revoked_at.is_some(),
    })
}

/// Adds a device.
///
/// # Errors
/// The faults.
pub fn add(tx: &Tx<'_>, call: &mut Call<'_>, new: &NewDevice) -> Result<DeviceId, Error> {
    let _may = call.actor.manage_devices()?;
    let row = DeviceRow {
        id: call.new_id(),
        name: new.name.to_string(),
        kind: new.kind,
        access: new.access.code().to_owned(),
        gate: new.gate.as_ref().map(ToString::to_string),
        created_at: call.now.at,
        revoked_at: None,
    };
    devices::insert_device(tx, &row)?;
    let told = Detail::Plain(format!("{} {}", new.kind, new.access));
    audit::record(tx, call, Act::DeviceAdd, format!("device:{}", row.id), told)?;
    Ok(row.id)
}

/// A page of devices, revoked ones too.
///
/// # Errors
/// The faults.
pub fn list(
    view: &View<'_>,
    call: &Call<'_>,
    after: Option<DeviceId>,
    limit: u32,
) -> Result<Vec<Device>, Error> {
    let _may = call.actor.manage_devices()?;
    let rows = devices::list_devices(view, after, limit)?;
    rows.into_iter().map(read).collect()
}

/// Revokes a device.
///
/// # Errors
/// [`Error::NoDevice`], and the faults.
pub fn revoke(tx: &Tx<'_>, call: &mut Call<'_>, id: DeviceId) -> Result<(), Error> {
    let _may = call.actor.manage_devices()?;
    if !devices::update_revoked(tx, id, call.now.at)? {
        return Err(Error::NoDevice);
    }
    audit::record(
        tx,
        call,
        Act::DeviceRevoke,
        format!("device:{id}"),
        Detail::None,
    )?;
    let payload = format!("{{\"device\":\"{id}\"}}");
    outbox::notify(tx, call, Notice::DeviceRevoked, payload)?;
    Ok(())
}

/// A device in use. Asks nobody for rights: a device finds itself.
///
/// # Errors
/// [`Error::NoDevice`] if it is missing or revoked, and the faults.
pub fn get_in_use(view: &View<'_>, id: DeviceId) -> Result<Device, Error> {
    let row = devices::find_device(view, id)?.ok_or(Error::NoDevice)?;
    let device = read(row)?;
    if device.revoked {
        Err(Error::NoDevice)
    } else {
        Ok(device)
    }
}
