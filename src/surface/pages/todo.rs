//! What the home page proposes: the first steps on a new box, and what only a person can mend.
//! Pure: from facts to lines.

use crate::base::time::ClockState;
use crate::domain::rule::Language;
use crate::host::camera::run::CameraState;
use crate::store;
use crate::surface::health::Health;
use crate::surface::pages::clock;
use crate::surface::pages::words::{Words, home};
use crate::vision::worker::EngineState;

/// What has been done on the box so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// The clock may be believed.
    pub clock: bool,
    /// There are people besides the one who asks.
    pub people: bool,
    /// Somebody's face is enrolled.
    pub face: bool,
    /// A device is paired.
    pub device: bool,
    /// There is an event.
    pub event: bool,
    /// Somebody was admitted.
    pub check_in: bool,
}

/// One of the first steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What to do.
    pub title: Words,
    /// What for.
    pub why: Words,
    /// Where.
    pub path: &'static str,
    /// Whether it was done.
    pub done: bool,
}

/// The first steps, in the order in which they make sense.
#[must_use]
pub const fn checklist(facts: &Facts) -> [Item; 6] {
    const fn item(title: Words, why: Words, path: &'static str, done: bool) -> Item {
        Item {
            title,
            why,
            path,
            done,
        }
    }
    [
        item(home::CLOCK, home::CLOCK_WHY, "/status", facts.clock),
        item(home::PEOPLE, home::PEOPLE_WHY, "/people", facts.people),
        item(home::EVENT, home::EVENT_WHY, "/events", facts.event),
        item(home::FACE, home::FACE_WHY, "/enrol", facts.face),
        item(home::KIOSK, home::KIOSK_WHY, "/devices", facts.device),
        item(home::CHECK_IN, home::CHECK_IN_WHY, "/desk", facts.check_in),
    ]
}

/// How much a trouble matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It works, not as it should.
    Warn,
    /// Something does not work.
    Bad,
}

/// Something that a person has to look after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// How much it matters.
    pub weight: Weight,
    /// What it is and what to do.
    pub text: String,
}

/// What has to be looked after, the worst first. Nothing that heals itself.
#[must_use]
pub fn troubles(health: &Health, language: Language) -> Vec<Trouble> {
    let bad = |text: String| Trouble {
        weight: Weight::Bad,
        text,
    };
    let warn = |text: String| Trouble {
        weight: Weight::Warn,
        text,
    };
    let mut all = Vec::new();
    if health.store != store::Health::Good {
        all.push(bad(home::STORE.of(language).to_owned()));
    }
    if health.faces != EngineState::On {
        all.push(bad(home::FACES_OFF.of(language).to_owned()));
    }
    for (name, state) in &health.cameras {
        if matches!(state, CameraState::Lost(_)) {
            all.push(bad(home::CAMERA_LOST.fill(language, &[name])));
        }
    }
    if health.disk_low() {
        let free = clock::gigabytes(health.disk_free_bytes.unwrap_or(0), language);
        all.push(warn(home::DISK.fill(language, &[&free])));
    }
    if health.clock == ClockState::Unsynced {
        all.push(warn(home::CLOCK_UNSYNCED.of(language).to_owned()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::worker::Off;

    fn good() -> Health {
        Health {
            ready: true,
            store: store::Health::Good,
            faces: EngineState::On,
            cameras: vec![("pintu".into(), CameraState::On)],
            clock: ClockState::Synced,
            disk_free_bytes: Some(u64::MAX),
        }
    }

    #[test]
    fn a_good_box_asks_for_nothing() {
        assert_eq!(troubles(&good(), Language::Id), []);
        let opening = Health {
            cameras: vec![("pintu".into(), CameraState::Opening)],
            ..good()
        };
        assert_eq!(troubles(&opening, Language::Id), [], "it heals itself");
    }

    #[test]
    fn each_trouble_is_said_once_and_the_worst_first() {
        let health = Health {
            store: store::Health::Full,
            faces: EngineState::Off(Off::Panics),
            cameras: vec![("pintu".into(), CameraState::Lost("cut".into()))],
            clock: ClockState::Unsynced,
            disk_free_bytes: Some(100_000_000),
            ..good()
        };
        for language in [Language::Id, Language::En] {
            let all = troubles(&health, language);
            assert_eq!(all.len(), 5);
            assert!(all.windows(2).all(|two| two[0].weight >= two[1].weight));
            assert!(all[2].text.contains("pintu") && !all[2].text.contains("cut"));
        }
        let text = &troubles(&health, Language::Id)[3].text;
        assert!(text.contains("0,1 GB"), "{text}");
    }

    #[test]
    fn the_list_follows_the_facts() {
        let none = checklist(&Facts::default());
        assert!(none.iter().all(|item| !item.done));
        let some = Facts {
            clock: true,
            event: true,
            ..Facts::default()
        };
        let done: Vec<&str> = (checklist(&some).iter())
            .filter(|item| item.done)
            .map(|item| item.path)
            .collect();
        assert_eq!(done, ["/status", "/events"]);
    }
}
