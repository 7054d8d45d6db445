//! How sure a face must be for a gallery of a given size, and the scales on which people are
//! shown how sure it was.
//!
//! False accepts a day <= strangers a day x FAR(threshold) x people in the gallery. The FAR
//! (false accept rate of one comparison) was measured on 6.4 million pairs of single pictures
//! of Labeled Faces in the Wild; templates are means of several pictures, which lifts strangers
//! too, so three times the measured rate is counted. Votes and averaged probes help by an
//! amount that nobody has measured on tracks, so they are not counted.

use crate::domain::rule::FacePolicy;

/// A cosine, and up to how many people it serves at 0.1 false accepts and 100 strangers a day:
/// 0.001 / (3 x FAR), with FAR 2.1e-5, 2.5e-6 and 6e-7, rounded.
const TABLE: [(f32, f32); 3] = [(0.45, 16.0), (0.50, 130.0), (0.55, 550.0)];

/// What a face needs to propose somebody in a gallery larger than the table covers.
const PROPOSAL: f32 = 0.55;

/// The ratio of false accepts to strangers for which [`TABLE`] is written.
const TABLE_RATIO: f32 = 0.1 / 100.0;

/// What a single picture needs above the threshold, for want of votes.
pub const SINGLE_PICTURE_EXTRA: f32 = 0.05;

/// The threshold for a claimed identity (one comparison, FAR 1.9e-4).
pub const CLAIMED: f32 = 0.40;

/// A threshold, and whether the face decides alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// The least cosine.
    pub cosine: f32,
    /// False: the gallery is larger than the table covers; the face only proposes somebody.
    pub decides: bool,
}

/// The threshold for a gallery of `people`, by the policy's override or else by the table.
#[must_use]
pub fn threshold(people: usize, policy: &FacePolicy) -> Threshold {
    if let Some(cosine) = policy.threshold {
        return Threshold {
            cosine,
            decides: true,
        };
    }
    let people = people as f32;
    let fits = steps(policy).into_iter().find(|(_, most)| people <= *most);
    match fits {
        Some((cosine, _)) => Threshold {
            cosine,
            decides: true,
        },
        None => Threshold {
            cosine: PROPOSAL,
            decides: false,
        },
    }
}

/// The table under a policy, for `hadir doctor`: each threshold and the most people it serves.
#[must_use]
pub fn steps(policy: &FacePolicy) -> [(f32, f32); 3] {
    let ratio = policy.false_accepts_per_day / policy.strangers_per_day.max(1e-6);
    TABLE.map(|(cosine, people)| (cosine, (people * ratio / TABLE_RATIO + 1e-3).floor()))
}

/// A point of a scale: input, output.
type Point = (f32, f32);

/// Piecewise linear through two points, clamped to their outputs.
fn between(x: f32, (x0, y0): Point, (x1, y1): Point) -> f32 {
    if x1 - x0 <= f32::EPSILON {
        return if x < x0 { y0 } else { y1 };
    }
    y0 + (y1 - y0) * ((x - x0) / (x1 - x0)).clamp(0.0, 1.0)
}

/// The confidence that is shown for a cosine: 0.80 at the threshold, 1.00 from 0.85 on, 0.40 up
/// to 0.20. Never falls when the cosine rises.
#[must_use]
pub fn confidence(cosine: f32, threshold: f32) -> f32 {
    if cosine < threshold {
        between(cosine, (0.20_f32.min(threshold), 0.40), (threshold, 0.80))
    } else {
        between(cosine, (threshold, 0.80), (0.85_f32.max(threshold), 1.00))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_threshold_grows_with_the_gallery() {
        let policy = FacePolicy::default();
        let table = [
            (0, 0.45, true),
            (1, 0.45, true),
            (16, 0.45, true),
            (17, 0.50, true),
            (130, 0.50, true),
            (131, 0.55, true),
            (550, 0.55, true),
            (551, 0.55, false),
            (100_000, 0.55, false),
        ];
        for (people, cosine, decides) in table {
            assert_eq!(
                threshold(people, &policy),
                Threshold { cosine, decides },
                "{people}"
            );
        }
    }

    #[test]
    fn a_stricter_site_gets_smaller_galleries() {
        let policy = FacePolicy {
            false_accepts_per_day: 0.05,
            ..FacePolicy::default()
        };
        assert_eq!(steps(&policy).map(|s| s.1), [8.0, 65.0, 275.0]);
        let busy = FacePolicy {
            strangers_per_day: 1000.0,
            ..FacePolicy::default()
        };
        assert_eq!(steps(&busy).map(|s| s.1), [1.0, 13.0, 55.0]);
    }

    #[test]
    fn a_fixed_threshold_holds_for_every_size() {
        let policy = FacePolicy {
            threshold: Some(0.99),
            ..FacePolicy::default()
        };
        let want = Threshold {
            cosine: 0.99,
            decides: true,
        };
        assert_eq!(threshold(1, &policy), want);
        assert_eq!(threshold(50_000, &policy), want);
    }

    #[test]
    fn the_scales_meet_their_points() {
        let near = |a: f32, b: f32| (a - b).abs() < 1e-4;
        for t in [0.45, 0.50, 0.55] {
            assert!(near(confidence(t, t), 0.80));
            assert!(near(confidence(0.85, t), 1.0) && near(confidence(0.99, t), 1.0));
            assert!(near(confidence(0.20, t), 0.40) && near(confidence(-0.3, t), 0.40));
        }
    }

    proptest! {
        #[test]
        fn confidence_never_falls(a in -1f32..1.0, b in -1f32..1.0, t in 0f32..1.0) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            prop_assert!(confidence(low, t) <= confidence(high, t) + 1e-5);
            prop_assert!((0.39..=1.001).contains(&confidence(a, t)));
        }

        #[test]
        fn a_larger_gallery_never_needs_less(a in 0usize..2000, b in 0usize..2000) {
            let policy = FacePolicy::default();
            let (small, large) = (a.min(b), a.max(b));
            let (s, l) = (threshold(small, &policy), threshold(large, &policy));
            prop_assert!(s.cosine <= l.cosine);
            prop_assert!(s.decides || !l.decides);
        }
    }
}
