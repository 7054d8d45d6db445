//! The second factor of a face that only proposed somebody.

use crate::base::id::{DeviceId, Nonce};
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::reason::Reason;
use crate::domain::checkin::scan;
use crate::surface::core::Core;
use crate::surface::door::DoorError;

/// Decides about the face that only proposed somebody before this device, with the last digits
/// of the number that were typed since. The same nonce is the same decision; after a slip of
/// the finger they may type again. None: no face waits for them.
///
/// # Errors
/// [`DoorError::CheckIn`].
pub fn complete(
    core: &Core,
    device: DeviceId,
    nonce: Nonce,
    digits: &str,
) -> Option<Result<Decision, DoorError>> {
    let now = core.clock.stamp();
    let (actor, request) = core.waiting.find(device, nonce, digits, now.at)?;
    let decided = core
        .write_at(now, actor, "camera", move |tx, call| {
            scan::check_in(tx, call, &request)
        })
        .map_err(DoorError::CheckIn);
    match decided.as_ref().map(|d| d.reason) {
        Ok(Some(Reason::SecondFactor)) => core.waiting.miss(device),
        Ok(_) => core.waiting.finish(device, nonce),
        Err(_) => {} // nothing was decided: the same may be asked again
    }
    Some(decided)
}
