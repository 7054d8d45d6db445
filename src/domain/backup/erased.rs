//! Who was erased, kept in a file beside the backups: a backup from before an erasure still has
//! the person's key, and whoever restores it must not bring the person back.
//!
//! The file is sealed under the box's own keys, so that nobody else can write one or read it;
//! a restored backup brings the keys that open it. It holds ids and times. An older file that
//! somebody puts in its place is authentic, too; therefore it says up to when it knows of
//! erasures, and a restore says so.

use crate::base::id::PersonId;
use crate::base::json;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::crypto::keyring::Purpose;
use crate::crypto::random::Entropy;
use crate::crypto::seal::{self, Context, SealError};
use crate::domain::fault::Fault;
use crate::domain::identity::person;
use crate::domain::site::{Call, Site};
use crate::store::people::{self, PersonState};
use crate::store::{self, Tx, View, settings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What the file begins with.
const MAGIC: &[u8; 16] = b"hadir-erased-1\n\0";

/// Who was erased up to some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// Erasures after this time are not in it, in milliseconds since 1970.
    pub known_ms: i64,
    /// The ids of all erased people.
    pub people: Vec<String>,
}

/// Why a file does not say who was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasedError {
    /// It is something else, or was cut.
    Form,
    /// It was changed, or is another box's.
    NotAuthentic,
}

impl fmt::Display for ErasedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "it is no list of the erased, or it was cut off",
            Self::NotAuthentic => "it was changed, or belongs to another box",
        })
    }
}

impl std::error::Error for ErasedError {}

const CONTEXT: Context<'static> = Context {
    table: "backup",
    column: "erased",
    row: b"list",
};

impl Erased {
    /// Up to when it knows of erasures.
    #[must_use]
    pub const fn known(&self) -> Timestamp {
        Timestamp::from_millis(self.known_ms)
    }

    /// The contents of the file.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(&self, site: &Site, entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
        let text = json::encode(self).map_err(|_| SealError::Form)?;
        let key = site.keyring.purpose(Purpose::Backup);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(seal::seal(key, &CONTEXT, text.as_bytes(), entropy)?);
        Ok(bytes)
    }

    /// Reads the contents of the file.
    ///
    /// # Errors
    /// [`ErasedError`].
    pub fn open(bytes: &[u8], site: &Site) -> Result<Self, ErasedError> {
        let sealed = bytes.strip_prefix(MAGIC).ok_or(ErasedError::Form)?;
        let key = site.keyring.purpose(Purpose::Backup);
        let plain = seal::open(key, &CONTEXT, sealed).map_err(|error| match error {
            SealError::Form => ErasedError::Form,
            SealError::KeyNumber(_) | SealError::NotAuthentic | SealError::WornOut => {
                ErasedError::NotAuthentic
            }
        })?;
        json::decode(plain.expose(), limits::BACKUP_ERASED_BYTES_MAX).map_err(|_| ErasedError::Form)
    }
}

/// The name under which a restored store keeps whom it never knew: somebody who was added and
/// erased after the backup that it came from. A backup from in between still has the key.
const ELSEWHERE: &str = "backup.erased";

fn elsewhere(view: &View<'_>) -> Result<BTreeSet<String>, store::Error> {
    let value = settings::find_setting(view, ELSEWHERE)?.unwrap_or_default();
    let read = json::decode(&value, limits::BACKUP_ERASED_BYTES_MAX);
    Ok(read.unwrap_or_default())
}

/// Everybody who was erased, as the store has it at `now`.
///
/// # Errors
/// Those of reading.
pub fn collect(view: &View<'_>, now: Timestamp) -> Result<Erased, store::Error> {
    let mut all = elsewhere(view)?;
    all.extend(people::list_erased(view)?.iter().map(ToString::to_string));
    Ok(Erased {
        known_ms: now.as_millis(),
        people: all.into_iter().collect(),
    })
}

/// Erases in a restored store whoever was erased since, each with an audit row: how many.
/// Whom the store does not know came later; that they were erased is kept for the list.
///
/// # Errors
/// Those of [`person::erase`].
pub fn apply(tx: &Tx<'_>, call: &mut Call<'_>, people: &[String]) -> Result<u32, person::Error> {
    let (mut count, mut unknown) = (0, elsewhere(tx)?);
    let before = unknown.len();
    for id in people.iter().filter_map(|id| id.parse::<PersonId>().ok()) {
        match people::find_state(tx, id)? {
            Some(PersonState::Erased) => {}
            None => {
                unknown.insert(id.to_string());
            }
            Some(PersonState::Active | PersonState::Disabled) => {
                person::erase(tx, call, id)?;
                count += 1;
            }
        }
    }
    if unknown.len() > before {
        let text = json::encode(&unknown).map_err(|_| Fault::Damaged("list of the erased"))?;
        settings::insert_setting(tx, ELSEWHERE, text.as_bytes(), call.now.at)?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{BoxId, Id as _};
    use crate::base::time::Zone;
    use crate::crypto::keyring::{Keyring, MasterKey};
    use crate::crypto::random::{Seed, Seeded};
    use crate::domain::rule::Rules;
    use std::sync::Arc;

    fn site(number: u64) -> Site {
        let mut chance = Seeded::new(&Seed::from_number(number));
        let master = MasterKey::generate(&mut chance);
        let (keyring, _) = Keyring::create(&master, &mut chance).expect("keys");
        Site {
            keyring: Arc::new(keyring),
            zone: Zone::utc(),
            box_id: BoxId::from_bytes([1; 16]),
            rules: Rules::default(),
        }
    }

    #[test]
    fn the_list_opens_for_its_box_and_whole_alone() {
        let (mine, other) = (site(1), site(2));
        let list = Erased {
            known_ms: 7,
            people: vec![PersonId::from_bytes([3; 16]).to_string()],
        };
        let mut chance = Seeded::new(&Seed::from_number(3));
        let bytes = list.seal(&mine, &mut chance).expect("sealed");
        assert_eq!(Erased::open(&bytes, &mine), Ok(list));
        assert_eq!(Erased::open(&bytes, &other), Err(ErasedError::NotAuthentic));
        for cut in 0..bytes.len() {
            assert!(Erased::open(&bytes[..cut], &mine).is_err(), "cut at {cut}");
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Erased::open(&changed, &mine).is_err(), "changed at {at}");
        }
    }
}
