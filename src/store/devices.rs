//! Devices: kiosks, desks, cameras. A revoked device keeps its row, for the visits that name it.

use crate::base::id::{DeviceId, Id};
use crate::base::time::Timestamp;
use crate::base::word::words;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension, Row, params};

words! {
    /// What a device is.
    DeviceKind {
        /// A screen with a camera that nobody stands beside.
        Kiosk => "kiosk",
        /// A phone or laptop in a member of the staff's hands.
        Desk => "desk",
        /// A camera of the box.
        Camera => "camera",
    }
}

/// A device as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Which.
    pub id: DeviceId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Code of what it may do.
    pub access: String,
    /// The gate it stands at, if it is bound to one.
    pub gate: Option<String>,
    /// When it was paired.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Adds a device.
///
/// # Errors
/// [`Error::Conflict`] if the id is taken.
pub fn insert_device(tx: &Tx<'_>, device: &DeviceRow) -> Result<(), Error> {
    let sql = "INSERT INTO device (id, name, kind, access, gate, created_at, revoked_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    tx.connection().prepare_cached(sql)?.execute(params![
        device.id.to_bytes(),
        device.name,
        device.kind.code(),
        device.access,
        device.gate,
        device.created_at.as_millis(),
        device.revoked_at.map(Timestamp::as_millis),
    ])?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, name, kind, access, gate, created_at, revoked_at FROM device";

fn read_device(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        id: column::id(row, 0)?,
        name: row.get(1)?,
        kind: column::word(row, 2, DeviceKind::read)?,
        access: row.get(3)?,
        gate: row.get(4)?,
        created_at: column::time(row, 5)?,
        revoked_at: column::time_or_none(row, 6)?,
    })
}

/// One device, revoked ones too.
///
/// # Errors
/// Those of reading.
pub fn find_device(view: &View<'_>, id: DeviceId) -> Result<Option<DeviceRow>, Error> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let mut statement = view.connection().prepare_cached(&sql)?;
    Ok(statement
        .query_row([id.to_bytes()], read_device)
        .optional()?)
}

/// A page of devices in the order they were paired.
///
/// # Errors
/// Those of reading.
pub fn list_devices(
    view: &View<'_>,
    after: Option<DeviceId>,
    limit: u32,
) -> Result<Vec<DeviceRow>, Error> {
    let sql = format!("{COLUMNS} WHERE id > ?1 ORDER BY id LIMIT ?2");
    let from = after.map_or([0; 16], Id::to_bytes);
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map(params![from, limit], read_device)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Revokes a device. False: it is missing or was revoked before.
///
/// # Errors
/// Those of writing.
pub fn update_revoked(tx: &Tx<'_>, id: DeviceId, at: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE device SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    let key = params![id.to_bytes(), at.as_millis()];
    Ok(tx.connection().prepare_cached(sql)?.execute(key)? > 0)
}
