//! A face followed over the frames of one camera, until there are enough of them for one
//! decision. Pure: frames and their times come in.

use crate::base::limits;
use crate::base::time::{Span, Timestamp};
use crate::vision::embed::Embedding;
use crate::vision::quality::QualityIssue;

/// A second face counts as somebody else at the door if it is at least this much as wide as the
/// first; smaller ones are people in the background.
const OTHER_FACE_WIDTH_MIN: f32 = 0.5;

/// The share of two boxes that must overlap for a face to be the one of the frame before.
const SAME_TRACK_OVERLAP_MIN: f32 = 0.3;

/// Two frames whose embeddings are less alike than this show two people, even in one place.
/// On LFW less than one pair in a hundred of two people reaches it (7.7e-3), and hardly one pair
/// of a person stays below (0.6 %), though those are pictures of different days.
const SAME_TRACK_COSINE_MIN: f32 = 0.3;

/// A box in pixels: x, y, width, height.
pub type FaceBox = [f32; 4];

/// What one frame shows of the face that stands nearest.
#[derive(Debug, Clone)]
pub struct Frame {
    /// When it was taken.
    pub at: Timestamp,
    /// Where the largest face is; None: no face.
    pub face: Option<FaceBox>,
    /// How many faces stand at the door: the largest and those about as large.
    pub faces: usize,
    /// Quality of the largest face, 0 to 1.
    pub quality: f32,
    /// What is wrong with it.
    pub issues: Vec<QualityIssue>,
    /// Its embedding, if it was good enough for one.
    pub embedding: Option<Embedding>,
}

impl Frame {
    /// A frame without a face.
    #[must_use]
    pub const fn empty(at: Timestamp) -> Self {
        Self {
            at,
            face: None,
            faces: 0,
            quality: 0.0,
            issues: Vec::new(),
            embedding: None,
        }
    }
}

/// How many of these face boxes stand at the door.
#[must_use]
pub fn count_at_the_door(boxes: &[FaceBox]) -> usize {
    let widest = boxes.iter().map(|b| b[2]).fold(0.0, f32::max);
    boxes
        .iter()
        .filter(|b| b[2] >= widest * OTHER_FACE_WIDTH_MIN)
        .count()
}

/// The share of overlap of two boxes: intersection over union, 0 to 1.
#[must_use]
pub fn overlap(a: FaceBox, b: FaceBox) -> f32 {
    let [ax, ay, aw, ah] = a;
    let [bx, by, bw, bh] = b;
    let width = (ax + aw).min(bx + bw) - ax.max(bx);
    let height = (ay + ah).min(by + bh) - ay.max(by);
    if width <= 0.0 || height <= 0.0 {
        return 0.0;
    }
    let both = width * height;
    both / (aw * ah + bw * bh - both)
}

/// The frames of one face, newest last: at most five, within two seconds, never broken.
#[derive(Debug, Clone, Default)]
pub struct Track {
    frames: Vec<Frame>,
}

impl Track {
    /// A track without frames.
    #[must_use]
    pub const fn new() -> Self {
        Self { frames: Vec::new() }
    }

    /// Takes the next frame. The track starts anew when the face is gone, has jumped to another
    /// place, is another person's, or has come to stand beside another one; frames older than the window fall out.
    pub fn push(&mut self, frame: Frame) {
        let oldest = frame.at.plus(Span::from_millis(-limits::TRACK_WINDOW_MS));
        self.frames.retain(|f| f.at >= oldest && f.at <= frame.at);
        let broken = self.frames.last().is_some_and(|last| breaks(last, &frame));
        if broken || self.is_unlike(&frame) {
            self.frames.clear();
        }
        self.frames.push(frame);
        while self.frames.len() > limits::TRACK_FRAMES_MAX {
            self.drop_worst();
        }
    }

    /// The frames, oldest first.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// How many frames have an embedding.
    #[must_use]
    pub fn embedded(&self) -> usize {
        self.frames.iter().filter(|f| f.embedding.is_some()).count()
    }

    /// Forgets all frames: after a decision, or when the visitor has left.
    pub fn clear(&mut self) {
        self.frames.clear();
    }

    /// Whether the frame shows another person than the newest frame that was embedded.
    fn is_unlike(&self, next: &Frame) -> bool {
        let mut newest_first = self.frames.iter().rev();
        let known = newest_first.find_map(|f| f.embedding.as_ref());
        (known.zip(next.embedding.as_ref())).is_some_and(|(a, b)| a.dot(b) < SAME_TRACK_COSINE_MIN)
    }

    /// Drops the frame of least quality, but never the newest.
    fn drop_worst(&mut self) {
        let older = self.frames.len().saturating_sub(1);
        let worst = (self.frames.iter().take(older).enumerate())
            .min_by(|(_, a), (_, b)| a.quality.total_cmp(&b.quality))
            .map(|(i, _)| i);
        match worst {
            Some(i) => drop(self.frames.remove(i)),
            None => self.frames.clear(),
        }
    }
}

fn breaks(last: &Frame, next: &Frame) -> bool {
    match (last.face, next.face) {
        (Some(a), Some(b)) => {
            overlap(a, b) < SAME_TRACK_OVERLAP_MIN || (last.faces > 1) != (next.faces > 1)
        }
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(ms: i64, x: f32, quality: f32) -> Frame {
        Frame {
            face: Some([x, 0.0, 100.0, 100.0]),
            faces: 1,
            quality,
            ..Frame::empty(Timestamp::from_millis(ms))
        }
    }

    #[test]
    fn a_track_keeps_the_best_five_of_two_seconds() {
        let mut track = Track::new();
        for (i, quality) in [0.9, 0.3, 0.8, 0.7, 0.6, 0.95].into_iter().enumerate() {
            track.push(frame(i as i64 * 100, 0.0, quality));
        }
        let kept: Vec<f32> = track.frames().iter().map(|f| f.quality).collect();
        assert_eq!(kept, [0.9, 0.8, 0.7, 0.6, 0.95]);
        track.push(frame(2_350, 0.0, 0.5));
        let times: Vec<i64> = track.frames().iter().map(|f| f.at.as_millis()).collect();
        assert_eq!(times, [400, 500, 2_350]);
        track.clear();
        assert!(track.frames().is_empty());
    }

    #[test]
    fn another_face_starts_another_track() {
        let mut track = Track::new();
        track.push(frame(0, 0.0, 0.9));
        track.push(frame(100, 30.0, 0.9));
        assert_eq!(track.frames().len(), 2);
        track.push(frame(200, 300.0, 0.9));
        assert_eq!(track.frames().len(), 1);
        track.push(Frame::empty(Timestamp::from_millis(300)));
        assert_eq!(track.frames().len(), 1);
        let mut two = frame(400, 300.0, 0.9);
        track.push(frame(350, 300.0, 0.9));
        two.faces = 2;
        track.push(two);
        assert_eq!(track.frames().len(), 1);
    }

    /// Somebody steps into the place of another between two frames: the votes of the first do not
    /// count for the second.
    #[test]
    fn another_person_in_the_same_place_starts_another_track() {
        let axis = |i: usize| {
            let mut numbers = [0f32; 128];
            numbers[i] = 1.0;
            Embedding::from_slice(&numbers).expect("a direction")
        };
        let shows = |ms, person| Frame {
            embedding: person,
            ..frame(ms, 0.0, 0.9)
        };
        let mut track = Track::new();
        track.push(shows(0, Some(axis(0))));
        track.push(shows(100, Some(axis(0))));
        track.push(shows(200, None));
        assert_eq!((track.frames().len(), track.embedded()), (3, 2));
        track.push(shows(300, Some(axis(1))));
        assert_eq!((track.frames().len(), track.embedded()), (1, 1));
    }

    #[test]
    fn a_clock_that_goes_back_drops_what_it_cannot_order() {
        let mut track = Track::new();
        track.push(frame(5_000, 0.0, 0.9));
        track.push(frame(4_000, 0.0, 0.9));
        assert_eq!(track.frames().len(), 1);
    }

    #[test]
    fn people_in_the_background_are_not_at_the_door() {
        let face = |width| [0.0, 0.0, width, width];
        for (widths, want) in [
            (vec![], 0),
            (vec![100.0], 1),
            (vec![100.0, 49.0, 20.0], 1),
            (vec![50.0, 100.0, 90.0], 3),
        ] {
            let boxes: Vec<FaceBox> = widths.iter().map(|w| face(*w)).collect();
            assert_eq!(count_at_the_door(&boxes), want, "{widths:?}");
        }
    }

    #[test]
    fn overlap_is_the_share_of_both() {
        let a = [0.0, 0.0, 10.0, 10.0];
        assert!((overlap(a, a) - 1.0).abs() < 1e-6);
        assert!((overlap(a, [5.0, 0.0, 10.0, 10.0]) - 1.0 / 3.0).abs() < 1e-6);
        assert!(overlap(a, [10.0, 0.0, 10.0, 10.0]).abs() < 1e-6);
    }
}
