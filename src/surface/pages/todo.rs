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
    /// All steps of the setup are done.
    pub setup: bool,
    /// The clock may be believed.
    pub clock: bool,
    /// A backup was made and proven.
    pub backup: bool,
    /// There are people besides the one who asks.
    pub people: bool,
    /// The consent text in force was read.
    pub consent_text: bool,
    /// Somebody's face is enrolled.
    pub face: bool,
    /// There is an event.
    pub event: bool,
    /// A device is paired.
    pub device: bool,
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
    /// What its button says.
    pub button: Words,
    /// Where.
    pub path: &'static str,
    /// Whether it was done.
    pub done: bool,
}

/// The first steps, in the order in which they make sense.
#[must_use]
pub const fn checklist(facts: &Facts) -> [Item; 9] {
    use home as w;
    const fn item(words: [Words; 3], path: &'static str, done: bool) -> Item {
        let [title, why, button] = words;
        Item {
            title,
            why,
            button,
            path,
            done,
        }
    }
    [
        item([w::SETUP, w::SETUP_WHY, w::SETUP_DO], "/setup", facts.setup),
        item(
            [w::CLOCK, w::CLOCK_WHY, w::CLOCK_DO],
            "/status",
            facts.clock,
        ),
        item(
            [w::BACKUP, w::BACKUP_WHY, w::BACKUP_DO],
            "/settings",
            facts.backup,
        ),
        item(
            [w::PEOPLE, w::PEOPLE_WHY, w::PEOPLE_DO],
            "/people/import",
            facts.people,
        ),
        item(
            [w::CONSENT, w::CONSENT_WHY, w::CONSENT_DO],
            "/settings",
            facts.consent_text,
        ),
        item([w::FACE, w::FACE_WHY, w::FACE_DO], "/enrol", facts.face),
        item(
            [w::EVENT, w::EVENT_WHY, w::EVENT_DO],
            "/events",
            facts.event,
        ),
        item(
            [w::KIOSK, w::KIOSK_WHY, w::KIOSK_DO],
            "/devices",
            facts.device,
        ),
        item(
            [w::CHECK_IN, w::CHECK_IN_WHY, w::CHECK_IN_DO],
            "/desk",
            facts.check_in,
        ),
    ]
}

/// What only a look at the store and the devices tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Screens that were heard since the start and are silent now, by their names.
    pub silent: Vec<String>,
    /// Days until the box's own certificate ends, if it has one.
    pub certificate_days: Option<i64>,
    /// Days since the last proven backup, if they are too many.
    pub backup_days: Option<i64>,
}

/// A certificate is renewed long before; one that ends this soon was not.
const CERTIFICATE_DAYS_MIN: i64 = 14;

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
    /// Where to look.
    pub path: &'static str,
}

/// What has to be looked after, the worst first. Nothing that heals itself.
#[must_use]
pub fn troubles(health: &Health, seen: &Seen, language: Language) -> Vec<Trouble> {
    let bad = |text: String| Trouble {
        weight: Weight::Bad,
        text,
        path: "/status",
    };
    let warn = |text: String| Trouble {
        weight: Weight::Warn,
        ..bad(text)
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
    for name in &seen.silent {
        all.push(Trouble {
            path: "/devices",
            ..warn(home::KIOSK_SILENT.fill(language, &[name]))
        });
    }
    if let Some(days) = seen.certificate_days.filter(|d| *d < CERTIFICATE_DAYS_MIN) {
        let days = days.max(0).to_string();
        all.push(warn(home::CERTIFICATE.fill(language, &[&days])));
    }
    if let Some(days) = seen.backup_days {
        all.push(warn(home::BACKUP_OLD.fill(language, &[&days.to_string()])));
    }
    if health.disk_low() {
        let free = clock::gigabytes(health.disk_free_bytes.unwrap_or(0), language);
        all.push(warn(home::DISK.fill(language, &[&free])));
    }
    if health.clock == ClockState::Unsynced {
        all.push(Trouble {
            path: "/clock",
            ..warn(home::CLOCK_UNSYNCED.of(language).to_owned())
        });
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
        let seen = Seen {
            certificate_days: Some(14),
            ..Seen::default()
        };
        assert_eq!(troubles(&good(), &seen, Language::Id), []);
        let opening = Health {
            cameras: vec![("pintu".into(), CameraState::Opening)],
            ..good()
        };
        assert_eq!(
            troubles(&opening, &seen, Language::Id),
            [],
            "it heals itself"
        );
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
        let seen = Seen {
            silent: vec!["Pintu utara".to_owned()],
            certificate_days: Some(-3),
            backup_days: Some(11),
        };
        for language in [Language::Id, Language::En] {
            let all = troubles(&health, &seen, language);
            assert_eq!(all.len(), 8);
            let devices = all.iter().filter(|t| t.path == "/devices").count();
            assert_eq!(devices, 1);
            assert!(all.windows(2).all(|two| two[0].weight >= two[1].weight));
            assert!(all[2].text.contains("pintu") && !all[2].text.contains("cut"));
        }
        let all = troubles(&health, &seen, Language::Id);
        let text: String = all.iter().map(|t| t.text.as_str()).collect();
        for part in ["0,1 GB", "Pintu utara", "0 hari lagi", "sudah 11 hari"] {
            assert!(text.contains(part), "{part} in {text}");
        }
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
