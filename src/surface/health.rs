//! How the box is, in one value: for `/health`, `/ready`, `hadir status` and the service
//! manager's status line. Words and numbers only: no path, no name, no address.

use crate::base::json;
use crate::base::limits;
use crate::base::time::ClockState;
use crate::host::camera::run::CameraState;
use crate::host::disk;
use crate::store;
use crate::surface::core::Core;
use crate::vision::worker::{EngineState, Off};

/// How the box is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overall {
    /// Everything works.
    Good,
    /// Something does not, and check-ins go on by other means.
    Degraded,
    /// Check-ins cannot be recorded.
    Failing,
}

impl Overall {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
        }
    }
}

/// How each part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Everything is built and the first commit has succeeded.
    pub ready: bool,
    /// The store.
    pub store: store::Health,
    /// Whether faces are looked for.
    pub faces: EngineState,
    /// Each camera's name and state.
    pub cameras: Vec<(String, CameraState)>,
    /// Whether the clock may be believed.
    pub clock: ClockState,
    /// Free bytes of the store's disk, if the system says.
    pub disk_free_bytes: Option<u64>,
}

impl Health {
    /// Looks at everything; reads memory and one file system's statistics.
    #[must_use]
    pub fn of(core: &Core) -> Self {
        Self {
            ready: core.is_ready(),
            store: core.store.health(),
            faces: core.faces(),
            cameras: core.camera_states(),
            clock: core.clock.stamp().clock,
            disk_free_bytes: disk::room(core.store.dir()).ok().map(|r| r.free_bytes),
        }
    }

    /// Free space is running out.
    #[must_use]
    pub fn disk_low(&self) -> bool {
        self.disk_free_bytes
            .is_some_and(|free| free < limits::DISK_FREE_BYTES_MIN)
    }

    /// How the box is as a whole: the worst of its parts. A wrong clock degrades nothing.
    #[must_use]
    pub fn overall(&self) -> Overall {
        if self.store != store::Health::Good {
            return Overall::Failing;
        }
        let lost = |(_, state): &(String, CameraState)| matches!(state, CameraState::Lost(_));
        if self.faces != EngineState::On || self.cameras.iter().any(lost) || self.disk_low() {
            return Overall::Degraded;
        }
        Overall::Good
    }

    /// The public form.
    #[must_use]
    pub fn to_json(&self) -> json::Value {
        let camera = |(name, state): &(String, CameraState)| json::json!({"name": name, "state": camera_word(state)});
        json::json!({
            "status": self.overall().word(),
            "ready": self.ready,
            "version": env!("CARGO_PKG_VERSION"),
            "store": store_word(&self.store),
            "faces": faces_word(&self.faces),
            "cameras": self.cameras.iter().map(camera).collect::<Vec<_>>(),
            "clock": match self.clock {
                ClockState::Synced => "synced",
                ClockState::Unsynced => "unsynced",
            },
            "disk": if self.disk_low() { "low" } else { "good" },
        })
    }
}

fn store_word(health: &store::Health) -> &'static str {
    match health {
        store::Health::Good => "good",
        store::Health::Full => "full",
        store::Health::ReadOnly(_) => "read_only",
        store::Health::Failed(_) => "failed",
    }
}

fn faces_word(state: &EngineState) -> &'static str {
    match state {
        EngineState::On => "on",
        EngineState::Off(Off::Model(_)) => "off_model",
        EngineState::Off(Off::Panics) => "off_panics",
    }
}

/// The word for a camera's state.
#[must_use]
pub fn camera_word(state: &CameraState) -> &'static str {
    match state {
        CameraState::Opening => "opening",
        CameraState::On => "on",
        CameraState::Lost(_) => "lost",
        CameraState::Ended => "ended",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Health {
        Health {
            ready: true,
            store: store::Health::Good,
            faces: EngineState::On,
            cameras: vec![("door".into(), CameraState::On)],
            clock: ClockState::Synced,
            disk_free_bytes: Some(u64::MAX),
        }
    }

    #[test]
    fn the_worst_part_counts_and_the_clock_does_not() {
        let lost = vec![("door".into(), CameraState::Lost("cut".into()))];
        let table = [
            (good(), Overall::Good),
            (
                Health {
                    clock: ClockState::Unsynced,
                    ..good()
                },
                Overall::Good,
            ),
            (
                Health {
                    cameras: lost,
                    ..good()
                },
                Overall::Degraded,
            ),
            (
                Health {
                    faces: EngineState::Off(Off::Panics),
                    ..good()
                },
                Overall::Degraded,
            ),
            (
                Health {
                    disk_free_bytes: Some(0),
                    ..good()
                },
                Overall::Degraded,
            ),
            (
                Health {
                    store: store::Health::Full,
                    ..good()
                },
                Overall::Failing,
            ),
        ];
        for (health, want) in table {
            assert_eq!(health.overall(), want, "{health:?}");
        }
    }

    #[test]
    fn the_public_form_tells_no_inner_story() {
        let mut health = good();
        health.store = store::Health::Failed("/var/lib/hadir: rahasia".into());
        health.cameras = vec![("door".into(), CameraState::Lost("http://10.0.0.1".into()))];
        let text = health.to_json().to_string();
        assert!(
            !text.contains("rahasia") && !text.contains("10.0.0.1"),
            "{text}"
        );
        assert!(text.contains("failing"));
    }
}
