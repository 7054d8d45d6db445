//! What a door saw in one picture, for whoever stands before it: boxes, the best advice, the
//! action that is asked for. Pure, and without a name.

use crate::domain::checkin::track::{FaceBox, count_at_the_door};
use crate::vision::liveness::Step;
use crate::vision::quality::QualityIssue;
use crate::vision::worker::Analysis;

/// A face less wide than this is asked nearer, in pixels of the picture.
const NEAR_WIDTH_MIN: f32 = 60.0;

/// A face that fills more of the picture's height than this share stands too near.
const NEAR_HEIGHT_SHARE_MAX: f32 = 0.85;

/// What the person could do better; nobody is asked to take off a headscarf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Come closer.
    Closer,
    /// Step back a little.
    Back,
    /// Look at the camera.
    Look,
    /// Move to where there is more light.
    Dark,
    /// Move to where there is less light.
    Bright,
    /// Hold still.
    Still,
    /// Take off a mask or sunglasses.
    Uncover,
    /// One at a time.
    OneByOne,
}

impl Hint {
    /// All hints.
    pub const ALL: [Self; 8] = [
        Self::Closer,
        Self::Back,
        Self::Look,
        Self::Dark,
        Self::Bright,
        Self::Still,
        Self::Uncover,
        Self::OneByOne,
    ];

    /// A stable word for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closer => "closer",
            Self::Back => "back",
            Self::Look => "look",
            Self::Dark => "dark",
            Self::Bright => "bright",
            Self::Still => "still",
            Self::Uncover => "uncover",
            Self::OneByOne => "one_by_one",
        }
    }

    const fn of_issue(issue: QualityIssue) -> Self {
        match issue {
            QualityIssue::Small => Self::Closer,
            QualityIssue::Dark => Self::Dark,
            QualityIssue::Bright => Self::Bright,
            QualityIssue::Blurred => Self::Still,
            QualityIssue::TurnedAway | QualityIssue::Tilted => Self::Look,
            QualityIssue::Unsure => Self::Uncover,
        }
    }

    /// The best advice for a picture; None: nobody is there, or nothing is to be improved.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Option<Self> {
        let nearest = analysis.faces.first()?;
        let boxes: Vec<FaceBox> = analysis.faces.iter().map(|f| f.face.bbox).collect();
        if count_at_the_door(&boxes) > 1 {
            return Some(Self::OneByOne);
        }
        let [_, _, width, height] = nearest.face.bbox;
        if width < NEAR_WIDTH_MIN {
            return Some(Self::Closer);
        }
        if analysis.height > 0 && height > analysis.height as f32 * NEAR_HEIGHT_SHARE_MAX {
            return Some(Self::Back);
        }
        nearest.quality.issues.first().copied().map(Self::of_issue)
    }
}

/// What is asked of the person to show that a living head is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The action; None: look straight into the camera.
    pub step: Option<Step>,
    /// Milliseconds that are left for it.
    pub left_ms: i64,
    /// Which try this is, from 1.
    pub attempt: u8,
}

/// What one picture showed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// The faces' boxes, largest first: left, top, width, height in pixels.
    pub faces: Vec<FaceBox>,
    /// The best advice; None while somebody who was decided about simply stays.
    pub hint: Option<Hint>,
    /// What is asked for, while a living head has to be shown.
    pub asked: Option<Asked>,
    /// Whether whoever stands there was decided about a moment ago.
    pub settled: bool,
    /// Whether faces are not looked for at all: the engine is off.
    pub faces_off: bool,
}

impl View {
    /// The view of an analysed picture, before anything was made of it.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        Self {
            width: analysis.width,
            height: analysis.height,
            faces: analysis.faces.iter().map(|f| f.face.bbox).collect(),
            hint: Hint::of(analysis),
            asked: None,
            settled: false,
            faces_off: analysis.faces_off.is_some(),
        }
    }

    /// The same about somebody who was decided about: no advice any more.
    #[must_use]
    pub fn settled(self) -> Self {
        Self {
            hint: None,
            settled: true,
            ..self
        }
    }
}

/// The stable word of an action.
#[must_use]
pub const fn step_code(step: Option<Step>) -> &'static str {
    match step {
        None => "look",
        Some(Step::TurnLeft) => "turn_left",
        Some(Step::TurnRight) => "turn_right",
        Some(Step::Blink) => "blink",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::detect::Face;
    use crate::vision::quality::Quality;
    use crate::vision::worker::FaceSeen;

    fn seen(width: f32, height: f32, issues: &[QualityIssue]) -> FaceSeen {
        FaceSeen {
            face: Face {
                bbox: [10.0, 10.0, width, height],
                landmarks: [[0.0; 2]; 5],
                score: 0.9,
            },
            quality: Quality {
                score: 0.5,
                issues: issues.to_vec(),
            },
            yaw: 0.0,
            roll_deg: 0.0,
            openings: None,
            embedding: None,
        }
    }

    fn hint(faces: Vec<FaceSeen>) -> Option<Hint> {
        let analysis = Analysis {
            width: 640,
            height: 480,
            faces,
            ..Analysis::default()
        };
        assert_eq!(View::of(&analysis).settled().hint, None);
        Hint::of(&analysis)
    }

    #[test]
    fn the_best_advice_is_given_alone() {
        use QualityIssue::{Blurred, Bright, Dark, Small, Tilted, TurnedAway, Unsure};
        let one = |issues: &[QualityIssue]| hint(vec![seen(120.0, 150.0, issues)]);
        let table = [
            (hint(vec![]), None),
            (one(&[]), None),
            (one(&[Dark, Blurred]), Some(Hint::Dark)),
            (one(&[Bright]), Some(Hint::Bright)),
            (one(&[Blurred]), Some(Hint::Still)),
            (one(&[Small]), Some(Hint::Closer)),
            (one(&[TurnedAway]), Some(Hint::Look)),
            (one(&[Tilted]), Some(Hint::Look)),
            (one(&[Unsure]), Some(Hint::Uncover)),
            (hint(vec![seen(59.0, 70.0, &[Dark])]), Some(Hint::Closer)),
            (hint(vec![seen(300.0, 410.0, &[])]), Some(Hint::Back)),
            (
                hint(vec![seen(120.0, 150.0, &[]), seen(100.0, 120.0, &[])]),
                Some(Hint::OneByOne),
            ),
            (
                hint(vec![seen(120.0, 150.0, &[]), seen(40.0, 50.0, &[])]),
                None,
            ),
        ];
        for (i, (got, want)) in table.into_iter().enumerate() {
            assert_eq!(got, want, "row {i}");
        }
    }

    #[test]
    fn codes_tell_hints_and_steps_apart() {
        let mut codes: Vec<&str> = Hint::ALL.iter().map(|h| h.code()).collect();
        codes.extend([
            step_code(None),
            step_code(Some(Step::TurnLeft)),
            step_code(Some(Step::TurnRight)),
            step_code(Some(Step::Blink)),
        ]);
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        // "look" is the hint and the step: the same words are shown.
        assert_eq!(codes.len(), all - 1);
    }
}
