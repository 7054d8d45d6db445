//! The site's rules, as the configuration sets them: how sure a face must be, what liveness
//! has to show, when a day begins, which words a visitor reads. Plain values with defaults.

use crate::base::time::{Span, TimeOfDay};
use crate::base::word::words;

words! {
    /// A language of the sentences for visitors.
    Language {
        /// Indonesian.
        Id => "id",
        /// English.
        En => "en",
    }
}

words! {
    /// What a site is.
    SiteKind {
        /// Events with tickets.
        Event => "event",
        /// A school: attendance of each day.
        School => "school",
    }
}

words! {
    /// How visitors are addressed in Indonesian.
    Address {
        /// Guests: "Anda".
        Anda => "anda",
        /// Pupils: "kamu".
        Kamu => "kamu",
    }
}

words! {
    /// What is asked of a liveness measurement.
    LivenessPolicy {
        /// Only `pass` will do.
        Required => "required",
        /// Shown to staff, decides nothing.
        Advisory => "advisory",
        /// Not looked at.
        Off => "off",
    }
}

words! {
    /// Whether staff must have a second factor.
    SecondFactor {
        /// Whoever wants to.
        Optional => "optional",
        /// All staff: without one they can do nothing but set it up.
        Required => "required",
    }
}

words! {
    /// Who stands by while somebody checks in.
    Attended {
        /// Nobody: a kiosk.
        Unattended => "unattended",
        /// Staff at a desk.
        Attended => "attended",
        /// An old client, which can say nothing about it.
        Compat => "compat",
    }
}

/// How sure a face must be. Cosines are those of the embedder in use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacePolicy {
    /// Wrong admissions a day that the site accepts.
    pub false_accepts_per_day: f32,
    /// Strangers a day who stand before the camera.
    pub strangers_per_day: f32,
    /// A threshold instead of the table's, which then also binds each single frame.
    pub threshold: Option<f32>,
    /// By how much the best person must be nearer than the second best.
    pub margin: f32,
    /// Frames of a track that must pick the person on their own.
    pub votes: usize,
}

impl Default for FacePolicy {
    fn default() -> Self {
        Self {
            false_accepts_per_day: 0.1,
            strangers_per_day: 100.0,
            threshold: None,
            margin: 0.08,
            votes: crate::base::limits::TRACK_VOTES_MIN,
        }
    }
}

/// What liveness has to show, by who stands by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LivenessRule {
    /// At a kiosk.
    pub unattended: LivenessPolicy,
    /// At a staffed desk.
    pub attended: LivenessPolicy,
    /// For old clients.
    pub compat: LivenessPolicy,
}

impl Default for LivenessRule {
    fn default() -> Self {
        Self {
            unattended: LivenessPolicy::Required,
            attended: LivenessPolicy::Advisory,
            compat: LivenessPolicy::Advisory,
        }
    }
}

impl LivenessRule {
    /// The policy for a kind of attendance.
    #[must_use]
    pub const fn of(&self, attended: Attended) -> LivenessPolicy {
        match attended {
            Attended::Unattended => self.unattended,
            Attended::Attended => self.attended,
            Attended::Compat => self.compat,
        }
    }
}

/// When a day of attendance begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRule {
    /// From when on minutes of lateness are counted.
    pub start: TimeOfDay,
    /// After this minute an arrival is late.
    pub late_after: TimeOfDay,
}

impl Default for DayRule {
    fn default() -> Self {
        let at = |text: &str| text.parse().ok();
        let midnight = TimeOfDay::MIDNIGHT;
        Self {
            start: at("07:00").unwrap_or(midnight),
            late_after: at("07:15").unwrap_or(midnight),
        }
    }
}

/// The place that a visitor is sent to, as an object of "please go to": one word per language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// In Indonesian: "meja panitia", "guru piket", "resepsionis".
    pub id: String,
    /// In English: "the desk", "the duty teacher", "reception".
    pub en: String,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            id: "meja panitia".to_owned(),
            en: "the desk".to_owned(),
        }
    }
}

/// All rules of the site.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The site's name.
    pub name: String,
    /// What tells the site's logo from another, 16 digits; None: there is none.
    pub logo: Option<String>,
    /// What the site is.
    pub kind: SiteKind,
    /// How visitors are addressed.
    pub address: Address,
    /// How sure a face must be.
    pub face: FacePolicy,
    /// What liveness has to show.
    pub liveness: LivenessRule,
    /// Whether staff must have a second factor.
    pub second_factor: SecondFactor,
    /// When a day of attendance begins.
    pub day: DayRule,
    /// The language of sentences when nobody has chosen one.
    pub language: Language,
    /// Where visitors are sent.
    pub desk: Desk,
    /// How long the device that admitted may undo it.
    pub undo_window: Span,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            name: "hadir".to_owned(),
            logo: None,
            kind: SiteKind::Event,
            address: Address::Anda,
            face: FacePolicy::default(),
            liveness: LivenessRule::default(),
            second_factor: SecondFactor::Optional,
            day: DayRule::default(),
            language: Language::Id,
            desk: Desk::default(),
            undo_window: Span::from_millis(crate::base::limits::UNDO_WINDOW_MS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_manual() {
        let rules = Rules::default();
        assert_eq!(rules.day.start.to_string(), "07:00");
        assert_eq!(rules.day.late_after.to_string(), "07:15");
        assert_eq!(
            rules.liveness.of(Attended::Unattended),
            LivenessPolicy::Required
        );
        assert_eq!(
            rules.liveness.of(Attended::Attended),
            LivenessPolicy::Advisory
        );
        assert_eq!(
            rules.liveness.of(Attended::Compat),
            LivenessPolicy::Advisory
        );
        assert_eq!(rules.undo_window.as_millis(), 15 * 60 * 1000);
    }
}
