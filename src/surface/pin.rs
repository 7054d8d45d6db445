//! Wrong PINs on screens: after five of them a screen waits for five minutes.

use crate::base::id::DeviceId;
use crate::base::limits;
use crate::base::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Wrong PINs since the last right one, and when the last was.
#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    at: Timestamp,
}

/// The wrong PINs of all screens.
#[derive(Default)]
pub struct Pins(Mutex<HashMap<DeviceId, Tries>>);

impl Pins {
    /// Whether this screen may try: fewer than five wrong ones, or the last was long ago.
    #[must_use]
    pub fn may_try(&self, device: DeviceId, now: Timestamp) -> bool {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.get(&device).is_none_or(|t| {
            let waited = now.since(t.at).as_millis() >= limits::PIN_WAIT_MS;
            t.count < limits::PIN_TRIES_MAX || waited
        })
    }

    /// Notes whether a PIN was right.
    pub fn note(&self, device: DeviceId, now: Timestamp, right: bool) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.retain(|_, t| now.since(t.at).as_millis() < limits::PIN_WAIT_MS);
        if right {
            tries.remove(&device);
            return;
        }
        let count = tries.get(&device).map_or(0, |t| t.count) + 1;
        tries.insert(device, Tries { count, at: now });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id as _;

    #[test]
    fn five_wrong_pins_wait_for_five_minutes_on_that_screen_alone() {
        let pins = Pins::default();
        let (one, other) = (DeviceId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
        let at = Timestamp::from_millis;
        for n in 0..5 {
            assert!(pins.may_try(one, at(n)), "{n}");
            pins.note(one, at(n), false);
        }
        assert!(!pins.may_try(one, at(10)) && pins.may_try(other, at(10)));
        assert!(!pins.may_try(one, at(300_003)));
        assert!(pins.may_try(one, at(300_004)));
        pins.note(one, at(300_004), false);
        assert!(pins.may_try(one, at(300_005)), "it begins anew");
    }

    #[test]
    fn the_right_pin_forgets_the_wrong_ones() {
        let pins = Pins::default();
        let (screen, at) = (DeviceId::from_bytes([1; 16]), Timestamp::from_millis(1));
        for _ in 0..3 {
            for _ in 0..4 {
                pins.note(screen, at, false);
            }
            pins.note(screen, at, true);
            assert!(pins.may_try(screen, at));
        }
    }
}
