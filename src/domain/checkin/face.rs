//! What the frames of a track say about who it is. Pure: frames, a gallery and a policy come
//! in, a verdict goes out; the transaction of the check-in asks again whether the person named
//! still has a template and a consent.

use crate::base::id::PersonId;
use crate::domain::checkin::threshold::{self, Threshold};
use crate::domain::checkin::track::Frame;
use crate::domain::rule::FacePolicy;
use crate::vision::embed::Embedding;
use crate::vision::gallery::{Gallery, Matches};
use crate::vision::quality::{QualityIssue, USE_SCORE_MIN};

/// Who it is, as far as faces can tell.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// This person.
    Match(PersonId),
    /// This person in all likelihood, but in so large a gallery a second factor has to decide.
    Proposal(PersonId),
    /// One of these two, too near each other to choose.
    Ambiguous(PersonId, PersonId),
    /// Nobody of the gallery.
    Unknown,
    /// The claimed person has no template in force.
    NotEnrolled(PersonId),
    /// No face in any frame.
    NoFace,
    /// This many faces stand at the door.
    ManyFaces(usize),
    /// No frame is good enough; what is wrong, worst first.
    LowQuality(Vec<QualityIssue>),
    /// Face recognition is off or failed.
    EngineError,
}

/// A finding with the numbers behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceVerdict {
    /// Who it is.
    pub finding: Finding,
    /// Cosine of the best person, if there was a comparison.
    pub cosine: Option<f32>,
    /// Cosine of the best other person.
    pub second: Option<f32>,
    /// The threshold in force, if there was a comparison.
    pub threshold: Option<f32>,
    /// Frames that were compared.
    pub frames: usize,
    /// Frames that picked the best person on their own.
    pub votes: usize,
    /// The averaged probe: the contents that a nonce is bound to.
    pub probe: Option<Embedding>,
}

impl FaceVerdict {
    /// A verdict without a comparison.
    #[must_use]
    pub const fn without_comparison(finding: Finding) -> Self {
        Self {
            finding,
            cosine: None,
            second: None,
            threshold: None,
            frames: 0,
            votes: 0,
            probe: None,
        }
    }

    /// The confidence that is shown for it, 0.40 to 1.00.
    #[must_use]
    pub fn confidence(&self) -> Option<f32> {
        Some(threshold::confidence(self.cosine?, self.threshold?))
    }
}

/// Finds out who of the gallery is on the frames (1:N).
///
/// The probe is the normalised mean of the frames that are good enough. It must reach the
/// threshold of the gallery's size, lead the second best person by the margin, and be picked
/// by `policy.votes` single frames. One picture alone has no votes and needs 0.05 more.
#[must_use]
pub fn judge(frames: &[Frame], gallery: &Gallery, policy: &FacePolicy) -> FaceVerdict {
    let probes = match usable(frames) {
        Ok(probes) => probes,
        Err(finding) => return FaceVerdict::without_comparison(finding),
    };
    let Some(probe) = Embedding::mean(&probes) else {
        return FaceVerdict::without_comparison(Finding::LowQuality(Vec::new()));
    };
    let limit = threshold::threshold(gallery.len(), policy);
    let found = gallery.search(&probe);
    let single = probes.len() == 1;
    let extra = if single {
        threshold::SINGLE_PICTURE_EXTRA
    } else {
        0.0
    };
    let needed = limit.cosine + extra;
    let votes = found.best.map_or(0, |(person, _)| {
        let picks = |one: &&Embedding| agrees(&gallery.search(one), person, limit.cosine);
        probes.iter().filter(picks).count()
    });
    let enough_votes = single || votes >= policy.votes;
    FaceVerdict {
        finding: conclude(&found, needed, enough_votes, limit, policy),
        cosine: found.best.map(|(_, cosine)| cosine),
        second: found.second.map(|(_, cosine)| cosine),
        threshold: Some(needed),
        frames: probes.len(),
        votes,
        probe: Some(probe),
    }
}

/// Whether a single frame picks this person at the threshold.
fn agrees(found: &Matches, person: PersonId, threshold: f32) -> bool {
    found
        .best
        .is_some_and(|(who, cosine)| who == person && cosine >= threshold)
}

fn conclude(
    found: &Matches,
    needed: f32,
    enough_votes: bool,
    limit: Threshold,
    policy: &FacePolicy,
) -> Finding {
    let Some((person, cosine)) = found.best else {
        return Finding::Unknown;
    };
    if cosine < needed {
        return Finding::Unknown;
    }
    if let Some((rival, second)) = found.second
        && cosine - second < policy.margin
    {
        return Finding::Ambiguous(person, rival);
    }
    if !enough_votes {
        return Finding::Unknown;
    }
    if limit.decides {
        Finding::Match(person)
    } else {
        Finding::Proposal(person)
    }
}

/// Finds out whether the frames show the person that was claimed (1:1).
#[must_use]
pub fn judge_claim(
    frames: &[Frame],
    person: PersonId,
    template: Option<&Embedding>,
    policy: &FacePolicy,
) -> FaceVerdict {
    let Some(template) = template else {
        return FaceVerdict::without_comparison(Finding::NotEnrolled(person));
    };
    let probes = match usable(frames) {
        Ok(probes) => probes,
        Err(finding) => return FaceVerdict::without_comparison(finding),
    };
    let Some(probe) = Embedding::mean(&probes) else {
        return FaceVerdict::without_comparison(Finding::LowQuality(Vec::new()));
    };
    let needed = policy.threshold.unwrap_or(threshold::CLAIMED);
    let cosine = probe.dot(template);
    let finding = if cosine >= needed {
        Finding::Match(person)
    } else {
        Finding::Unknown
    };
    FaceVerdict {
        finding,
        cosine: Some(cosine),
        second: None,
        threshold: Some(needed),
        frames: probes.len(),
        votes: probes.iter().filter(|p| p.dot(template) >= needed).count(),
        probe: Some(probe),
    }
}

/// The embeddings of the frames that are good enough, or why there are none. The newest frame
/// decides about others at the door: whoever stood there before may have left.
fn usable(frames: &[Frame]) -> Result<Vec<Embedding>, Finding> {
    let newest = frames.last().ok_or(Finding::NoFace)?;
    if newest.faces > 1 {
        return Err(Finding::ManyFaces(newest.faces));
    }
    let good: Vec<Embedding> = frames
        .iter()
        .filter(|f| f.quality >= USE_SCORE_MIN && f.faces == 1)
        .filter_map(|f| f.embedding.clone())
        .collect();
    if !good.is_empty() {
        return Ok(good);
    }
    let best = frames
        .iter()
        .filter(|f| f.face.is_some())
        .max_by(|a, b| a.quality.total_cmp(&b.quality));
    Err(best.map_or(Finding::NoFace, |f| Finding::LowQuality(f.issues.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::base::time::Timestamp;
    use crate::vision::embed::EMBEDDING_FLOATS;
    use crate::vision::gallery::ModelHash;
    use proptest::prelude::*;

    /// A direction with the cosines `along` to the first axes.
    fn direction(along: &[f32]) -> Embedding {
        let mut numbers = [0f32; EMBEDDING_FLOATS];
        let mut rest = 1.0;
        for (n, a) in numbers.iter_mut().zip(along) {
            *n = *a;
            rest -= a * a;
        }
        numbers[EMBEDDING_FLOATS - 1] = rest.max(0.0).sqrt();
        Embedding::from_slice(&numbers).expect("a direction")
    }

    fn axis(i: usize) -> Embedding {
        let mut along = vec![0f32; i + 1];
        along[i] = 1.0;
        direction(&along)
    }

    fn person(i: u8) -> PersonId {
        PersonId::from_parts(Timestamp::from_millis(i64::from(i)), [i; 10])
    }

    /// A gallery of `people` at right angles to each other.
    fn gallery(people: u8) -> Gallery {
        let mut gallery = Gallery::new(ModelHash([1; 32]));
        for i in 0..people {
            gallery
                .insert(person(i), &axis(usize::from(i)))
                .expect("room");
        }
        gallery
    }

    fn frame(embedding: &Embedding) -> Frame {
        Frame {
            face: Some([0.0, 0.0, 100.0, 100.0]),
            faces: 1,
            quality: 0.9,
            embedding: Some(embedding.clone()),
            ..Frame::empty(Timestamp::from_millis(0))
        }
    }

    fn judged(probes: &[Embedding], people: u8) -> FaceVerdict {
        let frames: Vec<Frame> = probes.iter().map(frame).collect();
        judge(&frames, &gallery(people), &FacePolicy::default())
    }

    #[test]
    fn a_face_at_the_threshold_is_matched_and_below_it_unknown() {
        let (at, below) = (direction(&[0.4501]), direction(&[0.4499]));
        assert_eq!(
            judged(&[at.clone(), at], 2).finding,
            Finding::Match(person(0))
        );
        assert_eq!(judged(&[below.clone(), below], 2).finding, Finding::Unknown);
        assert_eq!(judged(&[axis(5), axis(5)], 2).finding, Finding::Unknown);
    }

    #[test]
    fn a_single_picture_needs_more() {
        assert_eq!(judged(&[direction(&[0.49])], 2).finding, Finding::Unknown);
        let verdict = judged(&[direction(&[0.51])], 2);
        assert_eq!(verdict.finding, Finding::Match(person(0)));
        assert_eq!(verdict.threshold, Some(0.50));
    }

    #[test]
    fn two_people_who_are_too_near_are_not_told_apart() {
        let near = direction(&[0.60, 0.53]);
        let verdict = judged(&[near.clone(), near], 2);
        assert_eq!(verdict.finding, Finding::Ambiguous(person(0), person(1)));
        let apart = direction(&[0.60, 0.51]);
        assert_eq!(
            judged(&[apart.clone(), apart], 2).finding,
            Finding::Match(person(0))
        );
    }

    #[test]
    fn a_mean_without_votes_is_nobody() {
        // Each frame alone stays below the threshold; their mean, with the differences averaged
        // away, is above it. Only the vote holds it back.
        let frames = [
            direction(&[0.44, 0.0, 0.0, 0.60]),
            direction(&[0.44, 0.0, 0.0, -0.60]),
        ];
        let verdict = judged(&frames, 2);
        assert!(verdict.cosine.expect("compared") > 0.5);
        assert_eq!((verdict.votes, verdict.finding), (0, Finding::Unknown));
    }

    #[test]
    fn a_fixed_threshold_binds_the_single_frames_too() {
        let policy = FacePolicy {
            threshold: Some(0.9),
            ..FacePolicy::default()
        };
        let frames: Vec<Frame> = [
            direction(&[0.89, 0.0, 0.0, 0.40]),
            direction(&[0.89, 0.0, 0.0, -0.40]),
        ]
        .iter()
        .map(frame)
        .collect();
        let verdict = judge(&frames, &gallery(2), &policy);
        assert!(verdict.cosine.expect("compared") > 0.9);
        assert_eq!(verdict.finding, Finding::Unknown);
    }

    #[test]
    fn a_gallery_beyond_the_table_only_proposes() {
        let policy = FacePolicy {
            strangers_per_day: 100_000.0,
            ..FacePolicy::default()
        };
        let frames = [frame(&axis(0)), frame(&axis(0))];
        let verdict = judge(&frames, &gallery(2), &policy);
        assert_eq!(verdict.finding, Finding::Proposal(person(0)));
    }

    #[test]
    fn a_claim_needs_less_and_a_template() {
        let frames = [frame(&direction(&[0.41]))];
        let policy = FacePolicy::default();
        let claim = |template: Option<&Embedding>| {
            judge_claim(&frames, person(0), template, &policy).finding
        };
        assert_eq!(claim(Some(&axis(0))), Finding::Match(person(0)));
        assert_eq!(claim(Some(&axis(1))), Finding::Unknown);
        assert_eq!(claim(None), Finding::NotEnrolled(person(0)));
    }

    #[test]
    fn without_a_good_face_there_is_no_comparison() {
        let mut dark = frame(&axis(0));
        dark.quality = 0.1;
        dark.issues = vec![QualityIssue::Dark];
        let mut two = frame(&axis(0));
        two.faces = 2;
        let none = Frame::empty(Timestamp::from_millis(0));
        let table = [
            (vec![], Finding::NoFace),
            (vec![none.clone()], Finding::NoFace),
            (vec![two.clone()], Finding::ManyFaces(2)),
            (vec![frame(&axis(0)), two], Finding::ManyFaces(2)),
            (
                vec![dark.clone(), none],
                Finding::LowQuality(vec![QualityIssue::Dark]),
            ),
            (vec![dark], Finding::LowQuality(vec![QualityIssue::Dark])),
        ];
        for (frames, want) in table {
            let verdict = judge(&frames, &gallery(1), &FacePolicy::default());
            assert_eq!(verdict, FaceVerdict::without_comparison(want));
        }
        let empty = judge(&[frame(&axis(0))], &gallery(0), &FacePolicy::default());
        assert_eq!(empty.finding, Finding::Unknown);
    }

    proptest! {
        /// Whatever the frames: a match has threshold, margin and votes behind it.
        #[test]
        fn no_match_without_its_proofs(along in proptest::collection::vec((0f32..0.7, 0f32..0.7), 1..6)) {
            let probes: Vec<Embedding> = along.iter().map(|(a, b)| direction(&[*a, *b])).collect();
            let verdict = judged(&probes, 3);
            if let Finding::Match(_) = verdict.finding {
                let cosine = verdict.cosine.expect("compared");
                prop_assert!(cosine >= verdict.threshold.expect("compared"));
                prop_assert!(cosine - verdict.second.unwrap_or(-1.0) >= 0.08);
                prop_assert!(verdict.votes >= 2 || verdict.frames == 1);
            }
        }
    }
}
