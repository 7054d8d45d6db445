//! How devices come in: the code by which one pairs itself, its token afterwards, what it shows
//! and does, and who has tried wrong codes. Codes and tokens are kept as digests.

use crate::base::id::{DeviceId, EventId, Id};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::people::Digest;
use crate::store::tx::{Tx, View};
use crate::store::verdicts::Direction;
use rusqlite::{OptionalExtension, params};

/// Offers a device to whoever has the code, in the place of an older offer of it.
///
/// # Errors
/// [`Error::Conflict`] if the code is another device's.
pub fn insert_offer(
    tx: &Tx<'_>,
    device: DeviceId,
    code: [u8; 32],
    expires_at: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO pairing (device, code_digest, expires_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (device) DO UPDATE SET code_digest = ?2, expires_at = ?3, tries = 0";
    let key = params![device.to_bytes(), code, expires_at.as_millis()];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// The device that a code is of, and when the code ends.
///
/// # Errors
/// Those of reading.
pub fn find_offer(view: &View<'_>, code: [u8; 32]) -> Result<Option<(DeviceId, Timestamp)>, Error> {
    let sql = "SELECT device, expires_at FROM pairing WHERE code_digest = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| Ok((column::id(row, 0)?, column::time(row, 1)?));
    Ok(statement.query_row([code], read).optional()?)
}

/// When the offer of a device ends; None: it is not offered.
///
/// # Errors
/// Those of reading.
pub fn find_offer_of(view: &View<'_>, device: DeviceId) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT expires_at FROM pairing WHERE device = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| column::time(row, 0);
    Ok(statement.query_row([device.to_bytes()], read).optional()?)
}

/// Counts a wrong try against every offer in force, and takes back those tried too often. Gives
/// how many offers the try was counted against.
///
/// # Errors
/// Those of writing.
pub fn update_offers_tried(tx: &Tx<'_>, now: Timestamp, tries_max: u32) -> Result<usize, Error> {
    let sql = "UPDATE pairing SET tries = tries + 1 WHERE expires_at > ?1";
    let counted = (tx.connection().prepare_cached(sql)?).execute([now.as_millis()])?;
    let sql = "DELETE FROM pairing WHERE expires_at > ?1 AND tries >= ?2";
    (tx.connection().prepare_cached(sql)?).execute(params![now.as_millis(), tries_max])?;
    Ok(counted)
}

/// Takes back the offer of a device.
///
/// # Errors
/// Those of writing.
pub fn delete_offer(tx: &Tx<'_>, device: DeviceId) -> Result<(), Error> {
    let sql = "DELETE FROM pairing WHERE device = ?1";
    (tx.connection().prepare_cached(sql)?).execute([device.to_bytes()])?;
    Ok(())
}

/// Removes the offers and the tries that are out of date.
///
/// # Errors
/// Those of writing.
pub fn delete_stale(tx: &Tx<'_>, now: Timestamp, tries_since: Timestamp) -> Result<(), Error> {
    let sql = "DELETE FROM pairing WHERE expires_at <= ?1";
    (tx.connection().prepare_cached(sql)?).execute([now.as_millis()])?;
    let sql = "DELETE FROM pairing_try WHERE since <= ?1";
    (tx.connection().prepare_cached(sql)?).execute([tries_since.as_millis()])?;
    Ok(())
}

/// Counts a wrong try of an address; the time of its first one stays.
///
/// # Errors
/// Those of writing.
pub fn insert_try(tx: &Tx<'_>, address: Digest, at: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO pairing_try (address, tries, since) VALUES (?1, 1, ?2)
         ON CONFLICT (address) DO UPDATE SET tries = tries + 1";
    (tx.connection().prepare_cached(sql)?).execute(params![address, at.as_millis()])?;
    Ok(())
}

/// Wrong tries of an address, and when the first of them was.
///
/// # Errors
/// Those of reading.
pub fn find_tries(view: &View<'_>, address: Digest) -> Result<Option<(u32, Timestamp)>, Error> {
    let sql = "SELECT tries, since FROM pairing_try WHERE address = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, column::time(row, 1)?));
    Ok(statement.query_row([address], read).optional()?)
}

/// Gives a device its token, in the place of an older one.
///
/// # Errors
/// [`Error::Conflict`] if the token is another device's.
pub fn insert_token(
    tx: &Tx<'_>,
    device: DeviceId,
    token: [u8; 32],
    at: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO device_token (device, token_digest, paired_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (device) DO UPDATE SET token_digest = ?2, paired_at = ?3";
    let key = params![device.to_bytes(), token, at.as_millis()];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// The device of a token.
///
/// # Errors
/// Those of reading.
pub fn find_by_token(view: &View<'_>, token: [u8; 32]) -> Result<Option<DeviceId>, Error> {
    let sql = "SELECT device FROM device_token WHERE token_digest = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([token], |row| column::id(row, 0))
        .optional()?)
}

/// When a device was paired; None: it holds no token.
///
/// # Errors
/// Those of reading.
pub fn find_paired(view: &View<'_>, device: DeviceId) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT paired_at FROM device_token WHERE device = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| column::time(row, 0);
    Ok(statement.query_row([device.to_bytes()], read).optional()?)
}

/// Takes a device's token away.
///
/// # Errors
/// Those of writing.
pub fn delete_token(tx: &Tx<'_>, device: DeviceId) -> Result<(), Error> {
    let sql = "DELETE FROM device_token WHERE device = ?1";
    (tx.connection().prepare_cached(sql)?).execute([device.to_bytes()])?;
    Ok(())
}

/// What a device shows and does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionRow {
    /// The event it checks in to; None: the attendance of the day.
    pub event: Option<EventId>,
    /// Which way people pass it.
    pub direction: Direction,
    /// Diagonal of its screen, in tenths of an inch.
    pub diagonal: Option<u16>,
    /// Distance of the visitor to the screen, in centimetres.
    pub distance_cm: Option<u16>,
    /// Code of the language it begins in.
    pub language: Option<String>,
}

/// Keeps a device's options, in the place of older ones.
///
/// # Errors
/// [`Error::Conflict`] for an event or device that is not there.
pub fn insert_options(tx: &Tx<'_>, device: DeviceId, row: &OptionRow) -> Result<(), Error> {
    let sql =
        "INSERT INTO device_option (device, event, direction, diagonal, distance_cm, language)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (device) DO UPDATE
         SET event = ?2, direction = ?3, diagonal = ?4, distance_cm = ?5, language = ?6";
    tx.connection().prepare_cached(sql)?.execute(params![
        device.to_bytes(),
        row.event.map(Id::to_bytes),
        row.direction.code(),
        row.diagonal,
        row.distance_cm,
        row.language,
    ])?;
    Ok(())
}

/// A device's options; None: none were set.
///
/// # Errors
/// Those of reading.
pub fn find_options(view: &View<'_>, device: DeviceId) -> Result<Option<OptionRow>, Error> {
    let sql = "SELECT event, direction, diagonal, distance_cm, language
         FROM device_option WHERE device = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(OptionRow {
            event: column::id_or_none(row, 0)?,
            direction: column::word(row, 1, Direction::read)?,
            diagonal: row.get(2)?,
            distance_cm: row.get(3)?,
            language: row.get(4)?,
        })
    };
    Ok(statement.query_row([device.to_bytes()], read).optional()?)
}
