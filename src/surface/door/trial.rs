//! The proof that a living head is there, where the site requires one: a challenge over the
//! frames of one person, and of these frames the ones that tell who it is.
//!
//! The frames that are compared with the gallery are taken during the challenge itself, and
//! each must show the face that began it: a photograph held up first, or in between, ends it.

use crate::base::limits;
use crate::base::time::Timestamp;
use crate::domain::checkin::reason::Liveness;
use crate::domain::checkin::track::Frame;
use crate::surface::door::view::Asked;
use crate::vision::embed::Embedding;
use crate::vision::liveness::{
    Challenge, Outcome, Progress, SAME_FACE_COSINE_MIN, STEP_MS_MAX, STRAIGHT_YAW_MAX, Signal,
    Step, Why,
};
use crate::vision::quality::USE_SCORE_MIN;
use std::collections::VecDeque;

/// Tries that a person has before it is decided without the proof.
pub const TRIES_MAX: u8 = 2;

/// A turned head is less like itself than a straight one; less than this is another person
/// (see the track's own limit in `domain::checkin::track`).
const TURNED_COSINE_MIN: f32 = 0.3;

/// Frames over which the rate is measured.
const RATE_FRAMES: usize = 10;

/// How many frames a second a door gets, measured over the last few.
#[derive(Debug, Default)]
pub struct Rate(VecDeque<Timestamp>);

impl Rate {
    /// Notes a frame.
    pub fn note(&mut self, at: Timestamp) {
        if self.0.back().is_some_and(|last| at < *last) {
            self.0.clear(); // the clock went back
        }
        self.0.push_back(at);
        while self.0.len() > RATE_FRAMES {
            self.0.pop_front();
        }
    }

    /// Frames a second; 0 while there are too few to tell.
    #[must_use]
    pub fn per_second(&self) -> f32 {
        let (Some(first), Some(last)) = (self.0.front(), self.0.back()) else {
            return 0.0;
        };
        let ms = last.since(*first).as_millis();
        if self.0.len() < 3 || ms <= 0 {
            return 0.0;
        }
        (self.0.len() - 1) as f32 * 1000.0 / ms as f32
    }
}

/// Where a trial stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It goes on; this is asked for.
    Going(Asked),
    /// It has ended so.
    Ended(Liveness),
    /// Whoever stood there has left: nothing is to be decided.
    Left,
}

/// One challenge of one person at a door.
#[derive(Debug)]
pub struct Trial {
    challenge: Challenge,
    began: Option<Embedding>,
    frames: Vec<Frame>,
    attempt: u8,
}

impl Trial {
    /// A challenge drawn by two random bytes, for a camera of this rate.
    #[must_use]
    pub fn draw(entropy: [u8; 2], frames_per_second: f32, attempt: u8) -> Self {
        Self::of(Challenge::draw(entropy, frames_per_second), attempt)
    }

    const fn of(challenge: Challenge, attempt: u8) -> Self {
        Self {
            challenge,
            began: None,
            frames: Vec::new(),
            attempt,
        }
    }

    /// Whether somebody shows well enough to be asked for anything.
    #[must_use]
    pub fn may_begin(frame: &Frame) -> bool {
        frame.faces == 1 && frame.quality >= USE_SCORE_MIN && frame.embedding.is_some()
    }

    /// Whether the eyes' openings are needed.
    #[must_use]
    pub fn wants_eyes(&self) -> bool {
        self.challenge.steps().contains(&Step::Blink)
    }

    /// The frames that tell who it is: straight on, good enough, of the face that began.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Takes the next frame, with its signal if it shows a face.
    pub fn take(&mut self, frame: &Frame, signal: Option<&Signal>) -> Standing {
        let Some(signal) = signal else {
            return match self.challenge.tick(frame.at) {
                Progress::Done(_) => Standing::Left,
                going @ (Progress::Look | Progress::Act(..)) => self.standing(going),
            };
        };
        if self.is_other_face(frame, signal) {
            return Standing::Ended(Liveness::Fail);
        }
        let progress = self.challenge.observe(signal);
        self.keep(frame, signal);
        self.standing(progress)
    }

    fn standing(&self, progress: Progress) -> Standing {
        let asked = |step, left_ms| {
            Standing::Going(Asked {
                step,
                left_ms,
                attempt: self.attempt,
            })
        };
        match progress {
            Progress::Look => asked(None, STEP_MS_MAX),
            Progress::Act(step, left_ms) => asked(Some(step), left_ms),
            Progress::Done(outcome) => Standing::Ended(liveness_of(outcome)),
        }
    }

    /// Whether a frame that is good enough to tell shows another face than the first one.
    fn is_other_face(&self, frame: &Frame, signal: &Signal) -> bool {
        let (Some(began), Some(now)) = (&self.began, &frame.embedding) else {
            return false;
        };
        let least = if signal.yaw.abs() < STRAIGHT_YAW_MAX {
            SAME_FACE_COSINE_MIN
        } else {
            TURNED_COSINE_MIN
        };
        frame.quality >= USE_SCORE_MIN && began.dot(now) < least
    }

    /// Keeps the best straight frames, the newest always.
    fn keep(&mut self, frame: &Frame, signal: &Signal) {
        let good = frame.quality >= USE_SCORE_MIN && signal.yaw.abs() < STRAIGHT_YAW_MAX;
        let (Some(embedding), true) = (&frame.embedding, good) else {
            return;
        };
        self.began.get_or_insert_with(|| embedding.clone());
        self.frames.push(frame.clone());
        if self.frames.len() > limits::TRACK_FRAMES_MAX {
            let older = self.frames.len().saturating_sub(1);
            let worst = (self.frames.iter().take(older).enumerate())
                .min_by(|(_, a), (_, b)| a.quality.total_cmp(&b.quality))
                .map_or(0, |(i, _)| i);
            self.frames.remove(worst);
        }
    }
}

/// The outcome in the words of a decision. A track that broke was not measured to its end, but
/// somebody stands there and did not do it: that is a fail like any other.
const fn liveness_of(outcome: Outcome) -> Liveness {
    match outcome {
        Outcome::Pass => Liveness::Pass,
        Outcome::Fail(Why::TimedOut(_) | Why::TrackBroken | Why::OtherFace) => Liveness::Fail,
        Outcome::NotMeasured => Liveness::NotMeasured,
    }
}
