//! What the engine saw, as the rules look at it: a frame of a track, a picture of an enrolment,
//! the outcome of a challenge.

use crate::base::time::Timestamp;
use crate::domain::checkin::reason::Liveness;
use crate::domain::checkin::track::{FaceBox, Frame, count_at_the_door};
use crate::vision::liveness::Outcome;
use crate::vision::worker::Analysis;

/// The frame of a track that an analysis shows: its largest face, which comes first.
#[must_use]
pub fn frame(at: Timestamp, analysis: &Analysis) -> Frame {
    let Some(seen) = analysis.faces.first() else {
        return Frame::empty(at);
    };
    let boxes: Vec<FaceBox> = analysis.faces.iter().map(|f| f.face.bbox).collect();
    Frame {
        at,
        face: Some(seen.face.bbox),
        faces: count_at_the_door(&boxes),
        quality: seen.quality.score,
        issues: seen.quality.issues.clone(),
        embedding: seen.embedding.clone(),
    }
}

/// What is known of a living person, from the outcome of a challenge; None: there was none.
#[must_use]
pub const fn liveness(outcome: Option<&Outcome>) -> Liveness {
    match outcome {
        Some(Outcome::Pass) => Liveness::Pass,
        Some(Outcome::Fail(_)) => Liveness::Fail,
        Some(Outcome::NotMeasured) | None => Liveness::NotMeasured,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::detect::Face;
    use crate::vision::liveness::{Step, Why};
    use crate::vision::quality::{Quality, QualityIssue};
    use crate::vision::worker::FaceSeen;

    fn face(width: f32, score: f32) -> FaceSeen {
        FaceSeen {
            face: Face {
                bbox: [0.0, 0.0, width, width],
                landmarks: [[0.0; 2]; 5],
                score: 0.9,
            },
            quality: Quality {
                score,
                issues: vec![QualityIssue::Dark],
            },
            yaw: 0.0,
            roll_deg: 0.0,
            openings: None,
            embedding: None,
        }
    }

    #[test]
    fn a_frame_is_that_of_the_first_face() {
        let at = Timestamp::from_millis(5);
        let mut analysis = Analysis::default();
        let none = frame(at, &analysis);
        assert_eq!((none.at, none.face, none.faces), (at, None, 0));
        analysis.faces = vec![face(100.0, 0.7), face(60.0, 0.0), face(20.0, 0.0)];
        let seen = frame(at, &analysis);
        assert_eq!(seen.face, Some([0.0, 0.0, 100.0, 100.0]));
        assert_eq!((seen.faces, seen.quality), (2, 0.7));
        assert_eq!(seen.issues, [QualityIssue::Dark]);
        assert!(seen.embedding.is_none());
    }

    #[test]
    fn no_challenge_is_not_measured_and_neither_is_a_failure() {
        let table = [
            (None, Liveness::NotMeasured),
            (Some(Outcome::NotMeasured), Liveness::NotMeasured),
            (Some(Outcome::Pass), Liveness::Pass),
            (Some(Outcome::Fail(Why::TrackBroken)), Liveness::Fail),
            (
                Some(Outcome::Fail(Why::TimedOut(Step::Blink))),
                Liveness::Fail,
            ),
        ];
        for (outcome, want) in table {
            assert_eq!(liveness(outcome.as_ref()), want, "{outcome:?}");
        }
    }
}
