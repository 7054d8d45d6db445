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
