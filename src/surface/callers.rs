//! The devices that called lately, in memory, so that a call of theirs is let in without a look
//! into the store. What a device may do is still decided in the transaction of what it asks for.
//!
//! Every deed on a device empties the list. What was read from the store before such a deed and
//! comes to be kept after it is thrown away.

use crate::base::limits;
use crate::domain::device::Device;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A digest of a token, as the store keeps it.
type Token = [u8; 32];

#[derive(Default)]
struct Kept {
    devices: HashMap<Token, Device>,
    /// How often the list was emptied.
    round: u64,
}

/// The list.
#[derive(Default)]
pub struct Callers(Mutex<Kept>);

/// The list as it was before the store was asked.
#[derive(Debug, Clone, Copy)]
pub struct Round(u64);

impl Callers {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The device of a token, if it called lately.
    #[must_use]
    pub fn find(&self, token: &Token) -> Option<Device> {
        self.lock().devices.get(token).cloned()
    }

    /// To be taken before the store is asked.
    #[must_use]
    pub fn round(&self) -> Round {
        Round(self.lock().round)
    }

    /// Keeps what the store said, unless a device has changed since `asked`. A full list begins
    /// anew.
    pub fn keep(&self, asked: Round, token: Token, device: Device) {
        let mut kept = self.lock();
        if kept.round != asked.0 {
            return;
        }
        if kept.devices.len() >= limits::CALLERS_KEPT_MAX {
            kept.devices.clear();
        }
        kept.devices.insert(token, device);
    }

    /// Forgets all.
    pub fn forget(&self) {
        let mut kept = self.lock();
        kept.devices.clear();
        kept.round += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{DeviceId, Id};
    use crate::base::time::Timestamp;
    use crate::domain::actor::DeviceAccess;
    use crate::domain::device::DeviceKind;

    fn device(n: u8) -> Device {
        Device {
            id: DeviceId::from_bytes([n; 16]),
            name: String::new(),
            kind: DeviceKind::Desk,
            access: DeviceAccess::Desk,
            gate: None,
            created_at: Timestamp::from_millis(0),
            revoked: false,
        }
    }

    #[test]
    fn a_device_is_known_until_one_changes() {
        let callers = Callers::default();
        assert!(callers.find(&[1; 32]).is_none());
        callers.keep(callers.round(), [1; 32], device(1));
        assert_eq!(callers.find(&[1; 32]).map(|d| d.id), Some(device(1).id));
        assert!(callers.find(&[2; 32]).is_none());
        callers.forget();
        assert!(callers.find(&[1; 32]).is_none());
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let callers = Callers::default();
        let asked = callers.round();
        callers.forget();
        callers.keep(asked, [1; 32], device(1));
        assert!(callers.find(&[1; 32]).is_none());
    }

    #[test]
    fn the_list_does_not_grow_without_end() {
        let callers = Callers::default();
        for n in 0..=limits::CALLERS_KEPT_MAX {
            let mut token = [0; 32];
            token[..8].copy_from_slice(&n.to_le_bytes());
            callers.keep(callers.round(), token, device(1));
        }
        assert!(callers.lock().devices.len() <= limits::CALLERS_KEPT_MAX);
    }
}
