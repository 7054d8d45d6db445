//! What is played, and what must be decided. Every probe is another variant than those that
//! were enrolled; both lists stand here side by side, and a test holds them apart.

use crate::app::demo::picture::Variant;
use crate::domain::checkin::reason::{Reason, Verdict};

/// Who stands before the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The first portrait.
    P1,
    /// The second portrait.
    P2,
}

/// What the camera sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown {
    /// Nobody.
    Nobody,
    /// A person, in these frames.
    Person(Who, &'static [Variant]),
    /// Both people side by side.
    Both(Variant),
    /// The ticket that was issued.
    Ticket,
    /// A ticket that nobody issued.
    ForeignTicket,
}

/// What people check in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The attendance of today.
    Today,
    /// The event of the evening.
    Event,
}

/// What happens before a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// This person is enrolled.
    Enrol(Who),
}

/// One scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scene {
    /// What is to be seen, for people.
    pub title: &'static str,
    /// What happens first.
    pub before: Before,
    /// What people check in to.
    pub at: At,
    /// What the camera sees.
    pub shown: Shown,
    /// What must be decided.
    pub verdict: Verdict,
    /// Why it must be decided so; None: no reason, which is an admission.
    pub reason: Option<Reason>,
    /// Who must be named.
    pub who: Option<Who>,
}

/// The pictures from which each person is enrolled.
pub const ENROLLED: &[Variant] = &[
    Variant::new(0.00, 0.0, 0.55, 0.75),
    Variant::new(0.10, 4.0, 0.50, 0.70),
    Variant::new(0.20, -6.0, 0.60, 0.65),
    Variant::new(0.05, 8.0, 0.45, 0.72),
];

/// An ordinary visit.
const PLAIN: &[Variant] = &[
    Variant::new(0.12, 2.0, 0.48, 0.74),
    Variant::new(0.12, 3.0, 0.52, 0.73),
    Variant::new(0.15, 1.0, 0.57, 0.71),
    Variant::new(0.08, 2.5, 0.53, 0.72),
    Variant::new(0.14, 1.5, 0.49, 0.70),
];

/// Another visit, a little later.
const LATER: &[Variant] = &[
    Variant::new(0.10, -3.0, 0.62, 0.68),
    Variant::new(0.06, -2.0, 0.58, 0.69),
    Variant::new(0.09, -4.0, 0.64, 0.71),
    Variant::new(0.07, -2.5, 0.61, 0.70),
    Variant::new(0.11, -3.5, 0.59, 0.67),
];

/// A visit in dim light, through a camera that compresses much: recognised, though not as
/// nearly as in good light. It keeps a threshold of 0.99 from passing unnoticed.
const DIM: &[Variant] = &[
    dim(0.03, 1.0),
    dim(0.06, 2.0),
    dim(0.09, 0.5),
    dim(0.04, 1.5),
    dim(0.07, 2.5),
];

const fn dim(cut: f32, roll_deg: f32) -> Variant {
    Variant {
        cut,
        roll_deg,
        light: 0.37,
        scale: 1.55,
        quality: 40,
    }
}

const fn scene(title: &'static str, at: At, shown: Shown) -> Scene {
    Scene {
        title,
        before: Before::Nothing,
        at,
        shown,
        verdict: Verdict::Refused,
        reason: None,
        who: None,
    }
}

const fn refused(scene: Scene, reason: Reason) -> Scene {
    Scene {
        reason: Some(reason),
        ..scene
    }
}

const fn admitted(scene: Scene, who: Option<Who>) -> Scene {
    Scene {
        verdict: Verdict::Admitted,
        reason: None,
        who,
        ..scene
    }
}

const fn already(scene: Scene, who: Option<Who>) -> Scene {
    Scene {
        verdict: Verdict::Already,
        reason: Some(Reason::AlreadyAdmitted),
        who,
        ..scene
    }
}

const fn after(scene: Scene, before: Before) -> Scene {
    Scene { before, ..scene }
}

/// All scenes, in order.
pub const SCENES: &[Scene] = &[
    refused(
        scene("nobody stands there", At::Today, Shown::Nobody),
        Reason::NoFace,
    ),
    after(
        admitted(
            scene("p1, enrolled", At::Today, Shown::Person(Who::P1, PLAIN)),
            Some(Who::P1),
        ),
        Before::Enrol(Who::P1),
    ),
    already(
        scene(
            "p1 comes a second time",
            At::Today,
            Shown::Person(Who::P1, LATER),
        ),
        Some(Who::P1),
    ),
    refused(
        scene("p2, a stranger", At::Today, Shown::Person(Who::P2, PLAIN)),
        Reason::UnknownFace,
    ),
    after(
        admitted(
            scene("p2, now enrolled", At::Today, Shown::Person(Who::P2, LATER)),
            Some(Who::P2),
        ),
        Before::Enrol(Who::P2),
    ),
    refused(
        scene(
            "p1 and p2 side by side",
            At::Today,
            Shown::Both(Variant::new(0.1, 0.0, 0.55, 0.7)),
        ),
        Reason::ManyFaces,
    ),
    admitted(
        scene(
            "p1 in dim light, for the event",
            At::Event,
            Shown::Person(Who::P1, DIM),
        ),
        Some(Who::P1),
    ),
    admitted(scene("a ticket", At::Event, Shown::Ticket), None),
    already(
        scene("the same ticket again", At::Event, Shown::Ticket),
        None,
    ),
    refused(
        scene(
            "a ticket of somewhere else",
            At::Event,
            Shown::ForeignTicket,
        ),
        Reason::UnknownTicket,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_probe_is_an_enrolled_picture() {
        for scene in SCENES {
            if let Shown::Person(_, variants) = scene.shown {
                for variant in variants {
                    assert!(!ENROLLED.contains(variant), "{}", scene.title);
                }
            }
        }
    }

    #[test]
    fn every_way_of_the_issue_is_played() {
        let has = |f: &dyn Fn(&Scene) -> bool| SCENES.iter().any(f);
        assert!(has(&|s| s.reason == Some(Reason::NoFace)));
        assert!(has(
            &|s| s.reason == Some(Reason::UnknownFace) && s.before == Before::Nothing
        ));
        assert!(has(
            &|s| s.verdict == Verdict::Already && matches!(s.shown, Shown::Person(..))
        ));
        assert!(has(
            &|s| s.verdict == Verdict::Admitted && s.shown == Shown::Ticket
        ));
        assert!(has(
            &|s| s.verdict == Verdict::Admitted && s.who == Some(Who::P2)
        ));
    }
}
