//! The box's own screen pairs itself: the package made a token in a file that only root reads, and
//! the service manager hands it to the daemon and to the screen. Whoever shows exactly that
//! token is the screen. One token is one device for ever, so a screen that was revoked stays out
//! until it is given another token.

use super::pairing::{self, digest};
use super::{Device, Error, read};
use crate::base::id::{DeviceId, Id as _};
use crate::base::secret::Secret;
use crate::base::text::Name;
use crate::domain::actor::DeviceAccess;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::site::{Call, Site};
use crate::store::Tx;
use crate::store::devices::{self, DeviceKind, DeviceRow};

/// The kinds under which the token of the file is digested.
const OWN: &str = "own screen";
const OWN_ID: &str = "own screen's id";

/// What showing a token gives. A refusal is an answer and no error.
#[derive(Debug)]
pub enum Shown {
    /// The box's own screen, and its device token, in the place of an older one.
    Paired(Device, Secret<String>),
    /// It is not the token of the file.
    Wrong,
    /// An administrator has revoked this screen.
    Revoked,
}

/// The device that a token of the file stands for: half of a digest of it.
fn id_of(site: &Site, kept: &Secret<String>) -> DeviceId {
    let digest = digest(site, OWN_ID, kept.expose());
    DeviceId::from_bytes(digest.first_chunk().copied().unwrap_or_default())
}

/// Pairs the box's own screen, which has shown a token: `kept` is that of the file. The first time
/// makes the device under this name. Asks nobody for rights: the token is the right. The caller
/// makes sure that it was shown on the box itself.
///
/// # Errors
/// The faults.
pub fn pair_own(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    kept: &Secret<String>,
    shown: &Secret<String>,
    name: &Name,
) -> Result<Shown, Error> {
    let site = call.site;
    // Digests under a key of the box: their comparison tells nothing of how much was right.
    if digest(site, OWN, kept.expose()) != digest(site, OWN, shown.expose()) {
        return Ok(Shown::Wrong);
    }
    let id = id_of(site, kept);
    let device = match devices::find_device(tx, id)? {
        Some(row) => read(row)?,
        None => add(tx, call, id, name)?,
    };
    if device.revoked {
        return Ok(Shown::Revoked);
    }
    let token = pairing::give_token(tx, call, id)?;
    Ok(Shown::Paired(device, token))
}

fn add(tx: &Tx<'_>, call: &mut Call<'_>, id: DeviceId, name: &Name) -> Result<Device, Error> {
    let (kind, access) = (DeviceKind::Kiosk, DeviceAccess::Scan);
    let row = DeviceRow {
        id,
        name: name.to_string(),
        kind,
        access: access.code().to_owned(),
        gate: None,
        created_at: call.now.at,
        revoked_at: None,
    };
    devices::insert_device(tx, &row)?;
    let told = Detail::Plain(format!("{kind} {access} own"));
    audit::record(tx, call, Act::DeviceAdd, format!("device:{id}"), told)?;
    read(row)
}
