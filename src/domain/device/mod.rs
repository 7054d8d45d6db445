//! Devices: kiosks, desks and cameras that check people in. A revoked one is refused from the
//! next transaction on.

mod own;
mod pairing;

use crate::base::cause::Cause;
use crate::base::id::{DeviceId, EventId};
use crate::base::text::{Name, Slug};
use crate::base::time::Timestamp;
use crate::domain::actor::DeviceAccess;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::outbox::{self, Notice};
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::store::devices::{self, DeviceRow};
use crate::store::pairings::{self, OptionRow};
use crate::store::verdicts::Direction;
use crate::store::{Tx, View, events};
use std::fmt;

pub use crate::store::devices::DeviceKind;
pub use own::{Shown, pair_own};
pub use pairing::{
    Answer, Listed, Refusal, find_by_token, list_standing, offer, offer_again, redeem, token_digest,
};

/// Why a device was not added, found or revoked.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such device, or it is revoked.
    NoDevice,
    /// There is no such event.
    NoEvent,
    /// The actor's rights or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoDevice | Self::NoEvent => Cause::Missing,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDevice => f.write_str("there is no such device in use"),
            Self::NoEvent => f.write_str("there is no such event"),
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
    /// When it was added.
    pub created_at: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// What a device shows and does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The event it checks in to; None: the attendance of the day.
    pub occasion: Option<EventId>,
    /// Which way people pass it.
    pub direction: Direction,
    /// Diagonal of its screen, in tenths of an inch; None: not told.
    pub diagonal_tenths_inch: Option<u16>,
    /// Distance of the visitor to the screen, in centimetres; None: not told.
    pub distance_cm: Option<u16>,
    /// The language it begins in; None: the site's.
    pub language: Option<Language>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            occasion: None,
            direction: Direction::Entry,
            diagonal_tenths_inch: None,
            distance_cm: None,
            language: None,
        }
    }
}

fn read(row: DeviceRow) -> Result<Device, Error> {
    let access = DeviceAccess::read(&row.access).ok_or(Fault::Damaged("device"))?;
    Ok(Device {
        id: row.id,
        name: row.name,
        kind: row.kind,
        access,
        gate: row.gate,
        created_at: row.created_at,
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

/// What a device shows and does. Asks nobody for rights: a device asks for itself.
///
/// # Errors
/// The faults.
pub fn options(view: &View<'_>, id: DeviceId) -> Result<Options, Error> {
    let row = pairings::find_options(view, id)?;
    let read = |row: OptionRow| Options {
        occasion: row.event,
        direction: row.direction,
        diagonal_tenths_inch: row.diagonal,
        distance_cm: row.distance_cm,
        language: row.language.as_deref().and_then(Language::read),
    };
    Ok(row.map(read).unwrap_or_default())
}

fn keep_options(tx: &Tx<'_>, id: DeviceId, options: &Options) -> Result<(), Error> {
    if let Some(event) = options.occasion {
        events::find_event(tx, event)?.ok_or(Error::NoEvent)?;
    }
    let positive = |number: Option<u16>| number.filter(|n| *n > 0);
    let row = OptionRow {
        event: options.occasion,
        direction: options.direction,
        diagonal: positive(options.diagonal_tenths_inch),
        distance_cm: positive(options.distance_cm),
        language: options.language.map(|l| l.code().to_owned()),
    };
    Ok(pairings::insert_options(tx, id, &row)?)
}

/// Changes what a device shows and does: by whoever manages devices, or by the device itself, on
/// which staff have unlocked the menu.
///
/// # Errors
/// [`Error::NoDevice`], [`Error::NoEvent`], and the faults.
pub fn update_options(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: DeviceId,
    options: &Options,
) -> Result<(), Error> {
    if call.actor.device() != Some(id) {
        let _may = call.actor.manage_devices()?;
    }
    get_in_use(tx, id)?;
    keep_options(tx, id, options)?;
    let occasion = (options.occasion).map_or_else(|| "daily".to_owned(), |e| format!("event:{e}"));
    let told = Detail::Plain(format!("{occasion} {}", options.direction));
    audit::record(tx, call, Act::DeviceOptions, format!("device:{id}"), told)?;
    Ok(())
}

/// Revokes a device: its token and its code are gone with this commit.
///
/// # Errors
/// [`Error::NoDevice`], and the faults.
pub fn revoke(tx: &Tx<'_>, call: &mut Call<'_>, id: DeviceId) -> Result<(), Error> {
    let _may = call.actor.manage_devices()?;
    if !devices::update_revoked(tx, id, call.now.at)? {
        return Err(Error::NoDevice);
    }
    pairings::delete_offer(tx, id)?;
    pairings::delete_token(tx, id)?;
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

/// A device, also one that was revoked: what it was called when something happened there.
/// None: there is none.
///
/// # Errors
/// The faults.
pub fn find(view: &View<'_>, call: &Call<'_>, id: DeviceId) -> Result<Option<Device>, Error> {
    let _may = call.actor.attend()?;
    devices::find_device(view, id)?.map(read).transpose()
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
