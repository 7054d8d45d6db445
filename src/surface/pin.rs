//! PINs on screens: after five wrong ones a screen waits for five minutes; the right one lets its
//! menu change what the screen does, for five minutes.

use crate::base::id::DeviceId;
use crate::base::limits;
use crate::base::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Wrong PINs since the last right one, and when the last was.
#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    at: Timestamp,
}

#[derive(Default)]
struct State {
    tries: HashMap<DeviceId, Tries>,
    opened: HashMap<DeviceId, Timestamp>,
}

/// The PINs of all screens.
#[derive(Default)]
pub struct Pins(Mutex<State>);

impl Pins {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this screen may try: fewer than five wrong ones, or the last was long ago.
    #[must_use]
    pub fn may_try(&self, device: DeviceId, now: Timestamp) -> bool {
        self.state().tries.get(&device).is_none_or(|t| {
            let waited = now.since(t.at).as_millis() >= limits::PIN_WAIT_MS;
            t.count < limits::PIN_TRIES_MAX || waited
        })
    }

    /// Notes whether a PIN was right.
    pub fn note(&self, device: DeviceId, now: Timestamp, right: bool) {
        let mut state = self.state();
        let State { tries, opened } = &mut *state;
        tries.retain(|_, t| now.since(t.at).as_millis() < limits::PIN_WAIT_MS);
        opened.retain(|_, at| now.since(*at).as_millis() < limits::MENU_OPEN_MS);
        if right {
            tries.remove(&device);
            opened.insert(device, now);
            return;
        }
        let count = tries.get(&device).map_or(0, |t| t.count) + 1;
        tries.insert(device, Tries { count, at: now });
    }

    /// Whether the right PIN was typed on this screen a moment ago.
    #[must_use]
    pub fn is_open(&self, device: DeviceId, now: Timestamp) -> bool {
        let state = self.state();
        let fresh = |at: &Timestamp| now.since(*at).as_millis() < limits::MENU_OPEN_MS;
        state.opened.get(&device).is_some_and(fresh)
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

    #[test]
    fn the_right_pin_opens_the_menu_of_its_screen_for_five_minutes() {
        let pins = Pins::default();
        let (one, other) = (DeviceId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
        let at = Timestamp::from_millis;
        pins.note(one, at(0), false);
        assert!(!pins.is_open(one, at(0)), "a wrong one opens nothing");
        pins.note(one, at(1), true);
        assert!(pins.is_open(one, at(300_000)) && !pins.is_open(other, at(2)));
        assert!(!pins.is_open(one, at(300_001)));
    }
}
