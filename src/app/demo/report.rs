//! The lines of the demo: one for each scene, and a summary.

use crate::app::demo::scene::Scene;
use crate::app::demo::stage::Played;
use crate::base::json;
use crate::base::time::{Span, Timestamp};
use crate::domain::checkin::Decision;
use crate::domain::checkin::reason::{Liveness, Verdict};
use crate::vision::worker::StageTimes;

/// The cosines between which at least one admission must lie: high enough to be certain, low
/// enough that a threshold of 0.99 is noticed.
const TELLING: std::ops::RangeInclusive<f32> = 0.90..=0.98;

/// A scene and what it came to.
#[derive(Debug, Clone)]
pub struct Line {
    /// The scene.
    pub scene: Scene,
    /// What it came to.
    pub played: Played,
    /// Whether it was decided as it must be.
    pub right: bool,
    /// Played again, when everybody is inside already: nothing is expected.
    pub repeated: bool,
}

impl Line {
    /// Judges a scene. `named`: the person named is the one who stood there.
    #[must_use]
    pub fn new(scene: Scene, played: Played, named: bool) -> Self {
        let decided = |d: &Decision| {
            d.verdict == scene.verdict
                && (d.reason == scene.reason)
                && d.liveness.is_none_or(|l| l == Liveness::NotMeasured)
        };
        let right =
            named && played.error.is_none() && played.decision.as_ref().is_some_and(decided);
        Self {
            scene,
            played,
            right,
            repeated: false,
        }
    }

    /// A scene that was played before.
    #[must_use]
    pub const fn repeated(scene: Scene, played: Played) -> Self {
        Self {
            scene,
            played,
            right: true,
            repeated: true,
        }
    }

    /// The line for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mark = match (self.repeated, self.right) {
            (true, _) => "again",
            (false, true) => "right",
            (false, false) => "WRONG",
        };
        let Some(decision) = &self.played.decision else {
            let why = self
                .played
                .error
                .as_deref()
                .unwrap_or("nothing was decided");
            return format!("{mark}  {:<31} {why}", self.scene.title);
        };
        let reason = decision.reason.map_or("-", |r| r.code());
        let text = format!(
            "{mark}  {:<31} {:<9} {:<16} cosine={} second={} threshold={} liveness={}  {}",
            self.scene.title,
            decision.verdict.code(),
            reason,
            number(decision.cosine),
            number(decision.second),
            number(decision.threshold),
            liveness(decision),
            stages(&self.played.times, self.played.pictures),
        );
        if self.right {
            return text;
        }
        let expected = self.scene.reason.map_or("-", |r| r.code());
        format!(
            "{text}  (expected {} {expected})",
            self.scene.verdict.code()
        )
    }

    /// The line for programs.
    #[must_use]
    pub fn to_json(&self) -> json::Value {
        let times = &self.played.times;
        json::json!({
            "scene": self.scene.title,
            "right": self.right,
            "expected": {"verdict": self.scene.verdict, "reason": self.scene.reason},
            "decision": self.played.decision.as_ref().map(Decision::to_json),
            "liveness": self.played.decision.as_ref().map(liveness),
            "error": self.played.error,
            "pictures": self.played.pictures,
            "times_us": {
                "decode": times.decode_us, "codes": times.codes_us, "detect": times.detect_us,
                "align": times.align_us, "embed": times.embed_us,
            },
        })
    }

    /// An admission by a face whose cosine tells something.
    fn is_telling(&self) -> bool {
        self.right
            && self.played.decision.as_ref().is_some_and(|d| {
                d.verdict == Verdict::Admitted && d.cosine.is_some_and(|c| TELLING.contains(&c))
            })
    }
}

fn number(value: Option<f32>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"))
}

fn liveness(decision: &Decision) -> &'static str {
    match decision.liveness {
        None | Some(Liveness::NotMeasured) => "not measured",
        Some(Liveness::Pass) => "pass",
        Some(Liveness::Fail) => "fail",
    }
}

/// Milliseconds of each stage for one picture.
#[allow(clippy::cast_precision_loss, reason = "microseconds of a few seconds")]
fn stages(times: &StageTimes, pictures: u32) -> String {
    let each = |us: u64| us as f64 / 1000.0 / f64::from(pictures.max(1));
    format!(
        "ms: decode {:.1} codes {:.1} detect {:.1} align {:.1} embed {:.1} x{pictures}",
        each(times.decode_us),
        each(times.codes_us),
        each(times.detect_us),
        each(times.align_us),
        each(times.embed_us),
    )
}

/// How the whole demo went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Scenes played.
    pub scenes: usize,
    /// Scenes decided as they must be.
    pub right: usize,
    /// At least one admission had a telling cosine.
    pub telling: bool,
    /// How long it took.
    pub took: Span,
}

impl Summary {
    /// Sums up.
    #[must_use]
    pub fn of(lines: &[Line], from: Timestamp, to: Timestamp) -> Self {
        Self {
            scenes: lines.len(),
            right: lines.iter().filter(|l| l.right).count(),
            telling: lines.iter().any(Line::is_telling),
            took: to.since(from),
        }
    }

    /// Whether everything was right.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        self.right == self.scenes && self.telling
    }

    /// The line for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let telling = if self.telling {
            ""
        } else {
            "; no admission had a cosine from 0.90 to 0.98"
        };
        format!(
            "{}: {} of {} decisions right in {:.1} s{telling}",
            if self.is_good() { "good" } else { "FAILED" },
            self.right,
            self.scenes,
            std::time::Duration::from_millis(self.took.as_millis().unsigned_abs()).as_secs_f64(),
        )
    }

    /// The line for programs.
    #[must_use]
    pub fn to_json(&self) -> json::Value {
        json::json!({
            "good": self.is_good(),
            "scenes": self.scenes,
            "right": self.right,
            "telling": self.telling,
            "took_ms": self.took.as_millis(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::demo::scene::SCENES;
    use crate::base::id::{BoxId, Id, Nonce};
    use crate::base::time::ClockState;
    use crate::domain::checkin::Occasion;
    use crate::domain::checkin::reason::{Direction, Means, Mode};

    fn decision(scene: &Scene, cosine: f32) -> Decision {
        let at = Timestamp::from_millis(0);
        Decision {
            nonce: Nonce::from_bytes([1; 16]),
            box_id: BoxId::from_bytes([2; 16]),
            sequence: Some(1),
            occasion: Occasion::Daily("2026-11-21".parse().expect("a day")),
            device: None,
            means: Means::Face,
            direction: Direction::Entry,
            mode: Mode::Online,
            verdict: scene.verdict,
            reason: scene.reason,
            detail: None,
            person: None,
            rival: None,
            ticket: None,
            at,
            arrived: at,
            clock: ClockState::Synced,
            first: None,
            first_by: None,
            opens: None,
            arrival: None,
            liveness: Some(Liveness::NotMeasured),
            cosine: Some(cosine),
            second: None,
            threshold: Some(0.45),
            conflict: None,
        }
    }

    fn played(decision: Option<Decision>) -> Played {
        let times = StageTimes {
            decode_us: 2_000,
            embed_us: 40_000,
            ..StageTimes::default()
        };
        Played {
            decision,
            times,
            pictures: 2,
            error: None,
        }
    }

    fn admission() -> Scene {
        *SCENES
            .iter()
            .find(|s| s.verdict == Verdict::Admitted)
            .expect("an admission")
    }

    #[test]
    fn a_line_tells_numbers_and_times_of_one_picture() {
        let scene = admission();
        let line = Line::new(scene, played(Some(decision(&scene, 0.95))), true);
        let text = line.to_text();
        assert!(text.starts_with("right  "), "{text}");
        for part in [
            "admitted",
            "cosine=0.950",
            "second=-",
            "threshold=0.450",
            "liveness=not measured",
            "decode 1.0 ",
            "embed 20.0 x2",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let json = line.to_json();
        assert_eq!(json["decision"]["verdict"], "admitted");
        assert_eq!(json["times_us"]["embed"], 40_000);
    }

    #[test]
    fn everything_that_can_be_wrong_is_wrong() {
        let scene = admission();
        let good = decision(&scene, 0.95);
        let refused = Decision {
            verdict: Verdict::Refused,
            ..good.clone()
        };
        let passed = Decision {
            liveness: Some(Liveness::Pass),
            ..good.clone()
        };
        let failed = Played {
            error: Some("the engine stopped".into()),
            ..played(Some(good.clone()))
        };
        let table = [
            (played(Some(good.clone())), true, true),
            (played(Some(good.clone())), false, false),
            (played(Some(refused)), true, false),
            (played(Some(passed)), true, false),
            (played(None), true, false),
            (failed, true, false),
        ];
        for (played, named, right) in table {
            let line = Line::new(scene, played, named);
            assert_eq!(line.right, right, "{}", line.to_text());
            assert_eq!(line.to_text().starts_with("WRONG"), !right);
        }
    }

    #[test]
    fn a_summary_is_good_only_with_a_telling_admission() {
        let scene = admission();
        let line = |cosine| Line::new(scene, played(Some(decision(&scene, cosine))), true);
        let sum = |lines: &[Line]| {
            Summary::of(
                lines,
                Timestamp::from_millis(0),
                Timestamp::from_millis(1_500),
            )
        };
        for (cosine, good) in [(0.89, false), (0.90, true), (0.98, true), (0.99, false)] {
            assert_eq!(sum(&[line(cosine)]).is_good(), good, "{cosine}");
        }
        let wrong = Line::new(scene, played(None), true);
        let mixed = sum(&[line(0.95), wrong]);
        assert!(!mixed.is_good());
        assert_eq!(mixed.to_text(), "FAILED: 1 of 2 decisions right in 1.5 s");
        assert_eq!(
            sum(&[line(0.95)]).to_text(),
            "good: 1 of 1 decisions right in 1.5 s"
        );
        assert_eq!(mixed.to_json()["good"], false);
    }

    #[test]
    fn what_is_played_again_expects_nothing() {
        let scene = admission();
        let refused = Decision {
            verdict: Verdict::Refused,
            ..decision(&scene, 0.2)
        };
        let line = Line::repeated(scene, played(Some(refused)));
        assert!(line.to_text().starts_with("again"), "{}", line.to_text());
    }
}
