//! How well a face can be recognised in a picture, and what stands in the way.
//!
//! The numbers come from measurements with degraded pairs (`docs/face.md`): where a ramp starts,
//! recognition begins to fail; where it ends, more brings nothing.

use crate::vision::align::{CROP_SIDE, Crop};
use crate::vision::detect::Face;

/// A frame counts for recognition from this score on.
pub const USE_SCORE_MIN: f32 = 0.2;

/// A picture counts for enrolment from this score on.
pub const ENROL_SCORE_MIN: f32 = 0.6;

/// A ramp below this value is named as an issue.
const ISSUE_BELOW: f32 = 0.6;

/// What is wrong with a face in a picture; each has its own advice for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QualityIssue {
    /// The face is too small: come closer.
    Small,
    /// Too little light.
    Dark,
    /// Too much light.
    Bright,
    /// Out of focus or moved.
    Blurred,
    /// The head is turned to a side.
    TurnedAway,
    /// The head or the camera is tilted.
    Tilted,
    /// The detector itself is in doubt: something covers the face, or it is none.
    Unsure,
}

impl QualityIssue {
    /// A stable word for logs and answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Dark => "dark",
            Self::Bright => "bright",
            Self::Blurred => "blurred",
            Self::TurnedAway => "turned_away",
            Self::Tilted => "tilted",
            Self::Unsure => "unsure",
        }
    }
}

/// The verdict on one face.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quality {
    /// 0 (useless) to 1 (nothing to improve): the product of all ramps.
    pub score: f32,
    /// What lowers the score, worst first; empty when nothing does noticeably.
    pub issues: Vec<QualityIssue>,
}

impl Quality {
    /// The percentage shown to people: 0 at score 0, 85 at 0.6, 100 at 1.
    #[must_use]
    pub fn percent(&self) -> f32 {
        let score = self.score.clamp(0.0, 1.0);
        if score < ENROL_SCORE_MIN {
            score / ENROL_SCORE_MIN * 85.0
        } else {
            85.0 + (score - ENROL_SCORE_MIN) / (1.0 - ENROL_SCORE_MIN) * 15.0
        }
    }
}

/// What the pixels of an aligned face say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Texture {
    /// Mean grey of the inner face, 0 to 255.
    pub mean: f32,
    /// Variance of the 4-neighbour Laplacian of the inner face.
    pub laplacian_variance: f32,
}

/// 0 at `from`, 1 at `to`, linear between; `from` may be the larger one.
fn ramp(value: f32, from: f32, to: f32) -> f32 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}

/// Judges a face by its detection and its aligned crop.
#[must_use]
pub fn judge(face: &Face, crop: &Crop) -> Quality {
    use QualityIssue::{Blurred, Bright, Dark, Small, Tilted, TurnedAway, Unsure};
    let texture = texture(crop);
    let undone = 128.0 / texture.mean.max(1.0);
    let sharp = texture.laplacian_variance * undone * undone;
    let [_, _, width, _] = face.bbox;
    let ramps = [
        (ramp(sharp, 6.0, 40.0), Blurred),
        (ramp(texture.mean, 20.0, 45.0), Dark),
        (ramp(texture.mean, 225.0, 190.0), Bright),
        (ramp(width, 28.0, 60.0), Small),
        (ramp(face.yaw().abs(), 0.35, 0.15), TurnedAway),
        (ramp(face.roll_deg().abs(), 35.0, 15.0), Tilted),
        (ramp(face.score, 0.80, 0.90), Unsure),
    ];
    let mut low: Vec<_> = ramps.iter().filter(|(r, _)| *r < ISSUE_BELOW).collect();
    low.sort_by(|a, b| a.0.total_cmp(&b.0));
    Quality {
        score: ramps.iter().map(|(r, _)| r).product(),
        issues: low.into_iter().map(|(_, issue)| *issue).collect(),
    }
}

/// Mean and sharpness of the inner face: rows 16 to 103 and columns 16 to 95 of the crop.
#[must_use]
#[allow(
    clippy::indexing_slicing,
    reason = "all positions are constants inside the 112x112 crop"
)]
pub fn texture(crop: &Crop) -> Texture {
    const LEFT: usize = 16;
    const WIDTH: usize = 80;
    const HEIGHT: usize = 88;
    let side = CROP_SIDE as usize;
    let mut grey = [[0f32; WIDTH]; HEIGHT];
    for (y, row) in grey.iter_mut().enumerate() {
        let from = ((y + 16) * side + LEFT) * 3;
        let pixels = crop.rgb()[from..from + WIDTH * 3].chunks_exact(3);
        for (to, p) in row.iter_mut().zip(pixels) {
            let (r, g, b) = (f32::from(p[0]), f32::from(p[1]), f32::from(p[2]));
            *to = (0.299 * r + 0.587 * g + 0.114 * b).round();
        }
    }
    let (mut sum, mut sum_of_squares) = (0f64, 0f64);
    for y in 1..HEIGHT - 1 {
        for x in 1..WIDTH - 1 {
            let around = grey[y - 1][x] + grey[y + 1][x] + grey[y][x - 1] + grey[y][x + 1];
            let v = f64::from(around - 4.0 * grey[y][x]);
            sum += v;
            sum_of_squares += v * v;
        }
    }
    let n = ((HEIGHT - 2) * (WIDTH - 2)) as f64;
    let total: f32 = grey.iter().flatten().sum();
    Texture {
        mean: total / (WIDTH * HEIGHT) as f32,
        laplacian_variance: (sum_of_squares / n - (sum / n) * (sum / n)) as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(width: f32, yaw: f32, roll_deg: f32, score: f32) -> Face {
        let (sin, cos) = roll_deg.to_radians().sin_cos();
        let turn = |x: f32, y: f32| [100.0 + x * cos - y * sin, 100.0 + x * sin + y * cos];
        Face {
            bbox: [50.0, 50.0, width, width],
            landmarks: [
                turn(-20.0, 0.0),
                turn(20.0, 0.0),
                turn(yaw * 40.0, 20.0),
                turn(-15.0, 40.0),
                turn(15.0, 40.0),
            ],
            score,
        }
    }

    fn crop(level: u8, contrast: u8) -> Crop {
        let side = CROP_SIDE;
        let rgb = (0..side * side)
            .flat_map(|i| {
                let on = (i % side / 4 + i / side / 4).is_multiple_of(2);
                [if on {
                    level.saturating_add(contrast)
                } else {
                    level
                }; 3]
            })
            .collect();
        Crop::from_rgb(rgb).expect("112 x 112 x 3 bytes")
    }

    #[test]
    fn each_fault_has_its_name() {
        let good = face(100.0, 0.0, 0.0, 0.95);
        let texture = crop(110, 30);
        assert!(judge(&good, &texture).issues.is_empty());
        assert!(judge(&good, &texture).score > 0.99);
        let table = [
            (
                face(30.0, 0.0, 0.0, 0.95),
                crop(110, 30),
                QualityIssue::Small,
            ),
            (
                face(100.0, 0.33, 0.0, 0.95),
                crop(110, 30),
                QualityIssue::TurnedAway,
            ),
            (
                face(100.0, -0.33, 0.0, 0.95),
                crop(110, 30),
                QualityIssue::TurnedAway,
            ),
            (
                face(100.0, 0.0, 30.0, 0.95),
                crop(110, 30),
                QualityIssue::Tilted,
            ),
            (
                face(100.0, 0.0, 0.0, 0.81),
                crop(110, 30),
                QualityIssue::Unsure,
            ),
            (good, crop(15, 12), QualityIssue::Dark),
            (good, crop(200, 45), QualityIssue::Bright),
            (good, crop(128, 2), QualityIssue::Blurred),
        ];
        for (face, crop, want) in table {
            let quality = judge(&face, &crop);
            assert_eq!(quality.issues, [want]);
            assert!(
                quality.score < ENROL_SCORE_MIN,
                "{want:?}: {}",
                quality.score
            );
        }
    }

    #[test]
    fn percent_has_its_three_fixed_points() {
        for (score, want) in [
            (0.0, 0.0),
            (0.6, 85.0),
            (1.0, 100.0),
            (0.3, 42.5),
            (0.8, 92.5),
        ] {
            let quality = Quality {
                score,
                issues: Vec::new(),
            };
            assert!((quality.percent() - want).abs() < 1e-3);
        }
    }
}
