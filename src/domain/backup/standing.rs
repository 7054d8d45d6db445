//! How backups stand: the last proven one, which the store remembers, and what is to be said of
//! it.

use crate::base::json;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::Fault;
use crate::domain::site::Call;
use crate::store::{Tx, View, sessions, settings};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The name under which the last one is kept.
const LAST: &str = "backup.last";

/// The last backup that was made and proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// When, in milliseconds since 1970.
    pub made_ms: i64,
    /// Its file.
    pub file: String,
    /// Its length, in bytes.
    pub bytes: u64,
    /// It lies on the drive of the data.
    pub same_drive: bool,
}

impl Last {
    /// When it was made.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_millis(self.made_ms)
    }
}

/// What somebody should know of the backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worry {
    /// None was ever made.
    Never,
    /// The last one is older than two days: of so many whole days.
    Old(i64),
    /// The last one lies on the drive of the data: both would be lost together.
    SameDrive,
}

impl fmt::Display for Worry {
    /// For the operator, with what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str(
                "none was made yet: `hadir backup create`, or wait for hadir-backup.timer",
            ),
            Self::Old(days) => write!(
                f,
                "the last proven one is {days} days old: look at `systemctl status hadir-backup.service` and at the drive"
            ),
            Self::SameDrive => f.write_str(
                "the last one lies on the drive of the data, both would be lost together: choose another folder on /settings",
            ),
        }
    }
}

/// What is to be said of the last backup.
#[must_use]
pub fn worries(last: Option<&Last>, now: Timestamp) -> Vec<Worry> {
    let Some(last) = last else {
        return vec![Worry::Never];
    };
    let age_ms = now.since(last.made_at()).as_millis();
    let old = (age_ms > limits::BACKUP_AGE_MS_MAX).then_some(Worry::Old(age_ms / 86_400_000));
    let same = last.same_drive.then_some(Worry::SameDrive);
    old.into_iter().chain(same).collect()
}

/// The last backup that was proven; None: none, or what is kept of it cannot be read.
///
/// # Errors
/// Those of reading.
pub fn find_last(view: &View<'_>) -> Result<Option<Last>, crate::store::Error> {
    let value = settings::find_setting(view, LAST)?;
    Ok(value.and_then(|v| json::decode(&v, limits::JSON_BODY_BYTES_MAX).ok()))
}

/// Remembers that a backup was made and proven, with an audit row.
///
/// # Errors
/// The faults.
pub fn record(tx: &Tx<'_>, call: &mut Call<'_>, last: &Last) -> Result<(), Fault> {
    let _may = call.actor.manage_settings()?;
    let value = json::encode(last).map_err(|_| Fault::Damaged("record of a backup"))?;
    settings::insert_setting(tx, LAST, value.as_bytes(), call.now.at)?;
    let told = Detail::Plain(last.file.clone());
    audit::record(tx, call, Act::BackupCreate, "backup".to_owned(), told)
}

/// What a restored store does before it counts: it ends all sessions, because some of them may
/// have been ended since, and notes in the audit chain that it was restored.
///
/// # Errors
/// The faults.
pub fn settle(tx: &Tx<'_>, call: &mut Call<'_>, from: &str) -> Result<(), Fault> {
    let _may = call.actor.manage_settings()?;
    sessions::delete_all(tx)?;
    let told = Detail::Plain(from.to_owned());
    audit::record(tx, call, Act::BackupRestore, "backup".to_owned(), told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(made_ms: i64, same_drive: bool) -> Last {
        Last {
            made_ms,
            file: "/mnt/usb/x.backup".to_owned(),
            bytes: 1,
            same_drive,
        }
    }

    #[test]
    fn an_old_one_and_one_on_the_same_drive_are_told() {
        const DAY: i64 = 86_400_000;
        let now = Timestamp::from_millis(100 * DAY);
        let table = [
            (None, vec![Worry::Never]),
            (Some(last(98 * DAY, false)), vec![]),
            (Some(last(98 * DAY - 1, false)), vec![Worry::Old(2)]),
            (
                Some(last(90 * DAY, true)),
                vec![Worry::Old(10), Worry::SameDrive],
            ),
            (Some(last(100 * DAY, true)), vec![Worry::SameDrive]),
            // A clock that went back is no reason to worry about a backup.
            (Some(last(200 * DAY, false)), vec![]),
        ];
        for (last, want) in table {
            assert_eq!(worries(last.as_ref(), now), want, "{last:?}");
        }
    }
}
