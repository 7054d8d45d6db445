//! The doors of the screens that send their own pictures: one for each, as long as it is used.

use crate::base::id::DeviceId;
use crate::base::limits;
use crate::domain::actor::Actor;
use crate::domain::checkin::request::Occasion;
use crate::domain::device::{Device, Options};
use crate::domain::rule::Attended;
use crate::surface::core::Core;
use crate::surface::door::{Aim, Door, Post};
use std::sync::{Arc, Mutex, PoisonError};

/// A door that one picture at a time is looked at.
pub type Gate = Arc<Mutex<Door>>;

/// The gates, the one used last at the end.
#[derive(Default)]
pub struct Gates(Mutex<Vec<(DeviceId, Post, Gate)>>);

/// What a screen does with those it sees. Nobody stands beside it, whatever it may do else.
#[must_use]
pub fn post_of(device: &Device, options: &Options) -> Post {
    let event = options.occasion.map(Occasion::Event);
    Post {
        occasion: event.map_or(Aim::Today, Aim::Fixed),
        direction: options.direction,
        attended: Attended::Unattended,
        actor: Actor::Device {
            id: device.id,
            access: device.access,
        },
        device: Some(device.id),
    }
}

impl Gates {
    /// The gate of a screen with these settings. When they have changed it is a new one:
    /// nobody is let in to one event by what was seen for another.
    #[must_use]
    pub fn of(&self, core: &Arc<Core>, post: Post, device: DeviceId) -> Gate {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = gates
            .iter()
            .position(|(d, p, _)| *d == device && *p == post);
        let entry = match at {
            Some(at) => gates.remove(at),
            None => {
                let door = Door::new(Arc::clone(core), post).lingering(limits::SCREEN_LINGER_MS);
                (device, post, Arc::new(Mutex::new(door)))
            }
        };
        gates.retain(|(d, ..)| *d != device);
        if gates.len() >= limits::SCREENS_MAX {
            gates.remove(0);
        }
        let gate = Arc::clone(&entry.2);
        gates.push(entry);
        gate
    }

    /// How many gates there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
