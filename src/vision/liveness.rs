//! Whether a living head is before the camera: two drawn actions out of turn left, turn right and
//! blink, each within four seconds, on one unbroken track of one face.
//!
//! A pure state machine over signals that [`crate::vision::worker`] measures and the surface
//! passes on; it knows no clock and draws nothing itself. It stops a held photograph. It does not
//! stop a video made for the purpose or a mask, and was never measured against prints and screens:
//! a hurdle, not a proof (`docs/face.md`).

use crate::base::limits;
use crate::base::time::Timestamp;
use crate::vision::detect;
use crate::vision::embed::Embedding;

/// What was measured on one frame.
#[derive(Debug, Clone)]
pub struct Signal {
    /// When the frame was taken.
    pub at: Timestamp,
    /// See [`detect::Face::yaw`]; positive is the person's left in a picture that is not mirrored.
    pub yaw: f32,
    /// Mean opening of both eyes; None when not measured.
    pub opening: Option<f32>,
    /// The face's box: left, top, width, height in pixels.
    pub bbox: [f32; 4],
    /// The face's embedding, where one was computed.
    pub embedding: Option<Embedding>,
}

/// An action that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Turn the head to the person's own left.
    TurnLeft,
    /// Turn the head to the person's own right.
    TurnRight,
    /// Close both eyes for a moment.
    Blink,
}

/// Why a challenge was failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The action was not seen within its four seconds.
    TimedOut(Step),
    /// The face jumped or was away: it may be another one.
    TrackBroken,
    /// The face after the actions is not the one before.
    OtherFace,
}

/// How a challenge ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Both actions were seen on one face.
    Pass,
    /// They were not.
    Fail(Why),
    /// The signals did not suffice to tell: no frontal face, no eyes, too few frames a second.
    NotMeasured,
}

/// What the person is to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Look straight into the camera.
    Look,
    /// Do this, within so many milliseconds.
    Act(Step, i64),
    /// Nothing more.
    Done(Outcome),
}

/// A step, and the looks before and after, may take this long.
pub const STEP_MS_MAX: i64 = 4_000;
/// Below this rate a blink may fall between two frames, so none is asked for.
pub const BLINK_RATE_MIN: f32 = 10.0;
/// A head is turned beyond this yaw, and must stay there for [`TURN_MS_MIN`].
pub const TURN_YAW_MIN: f32 = 0.25;
/// A head is straight below this yaw.
pub const STRAIGHT_YAW_MAX: f32 = 0.10;
/// How long a turn is held: two frames at fifteen a second.
pub const TURN_MS_MIN: i64 = 130;
/// A shorter closing is noise.
pub const BLINK_MS_MIN: i64 = 60;
/// A longer closing is no blink.
pub const BLINK_MS_MAX: i64 = 400;
/// From one frame to the next the boxes must overlap by more than this.
pub const TRACK_OVERLAP_MIN: f32 = 0.3;
/// A face that was away for longer is a new track.
pub const TRACK_GAP_MS_MAX: i64 = 1_000;
/// The faces before and after must be at least this near.
pub const SAME_FACE_COSINE_MIN: f32 = 0.5;
/// Eyes are closed below this share of the person's own opening.
const CLOSED_SHARE: f32 = 0.55;
/// Eyes are open above this share of the person's own opening.
const OPEN_SHARE: f32 = 0.70;
/// Without measured openings of the person there is no judging a blink.
const OPENINGS_MIN: usize = 4;

/// Where the challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Before,
    Step(usize),
    After,
    Done(Outcome),
}

/// What has been seen of the present step.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    straight: bool,
    turned_since: Option<Timestamp>,
    open: bool,
    closed_since: Option<Timestamp>,
    openings: u32,
}

/// One challenge for one person.
#[derive(Debug, Clone)]
pub struct Challenge {
    steps: [Step; 2],
    stage: Stage,
    since: Option<Timestamp>,
    last: Option<(Timestamp, [f32; 4])>,
    before: Option<Embedding>,
    openings: Vec<f32>,
    seen: Seen,
}

impl Challenge {
    /// Draws two different actions, in an order, by two random bytes that nobody can predict.
    /// Below 10 measured frames a second no blink is among them.
    #[must_use]
    pub fn draw(entropy: [u8; 2], frames_per_second: f32) -> Self {
        use Step::{Blink, TurnLeft, TurnRight};
        let drawn = u16::from_le_bytes(entropy);
        let with_blink = frames_per_second >= BLINK_RATE_MIN;
        let steps = match drawn % if with_blink { 6 } else { 2 } {
            0 => [TurnLeft, TurnRight],
            1 => [TurnRight, TurnLeft],
            2 => [TurnLeft, Blink],
            3 => [Blink, TurnLeft],
            4 => [TurnRight, Blink],
            _ => [Blink, TurnRight],
        };
        Self::of(steps)
    }

    /// A challenge of these two actions.
    #[must_use]
    pub const fn of(steps: [Step; 2]) -> Self {
        Self {
            steps,
            stage: Stage::Before,
            since: None,
            last: None,
            before: None,
            openings: Vec::new(),
            seen: Seen {
                straight: false,
                turned_since: None,
                open: false,
                closed_since: None,
                openings: 0,
            },
        }
    }

    /// The two actions in their order.
    #[must_use]
    pub const fn steps(&self) -> [Step; 2] {
        self.steps
    }

    /// How it ended; None while it goes on.
    #[must_use]
    pub const fn outcome(&self) -> Option<Outcome> {
        match self.stage {
            Stage::Done(outcome) => Some(outcome),
            Stage::Before | Stage::Step(_) | Stage::After => None,
        }
    }

    /// Takes a frame without a face, or just the time: ends what took too long.
    pub fn tick(&mut self, now: Timestamp) -> Progress {
        let since = *self.since.get_or_insert(now);
        let away = self.last.map_or(0, |(at, _)| now.since(at).as_millis());
        if self.outcome().is_none() {
            if away > TRACK_GAP_MS_MAX && self.stage != Stage::Before {
                self.stage = Stage::Done(Outcome::Fail(Why::TrackBroken));
            } else if now.since(since).as_millis() > STEP_MS_MAX {
                self.stage = Stage::Done(self.late());
            }
        }
        self.progress(now)
    }

    /// Takes a frame's signal. Signals that are older than the last one are ignored.
    pub fn observe(&mut self, signal: &Signal) -> Progress {
        let stale = self.last.is_some_and(|(at, _)| signal.at <= at);
        if self.outcome().is_some() || stale {
            return self.progress(signal.at);
        }
        self.tick(signal.at);
        if self.outcome().is_some() {
            return self.progress(signal.at);
        }
        if !self.follows(signal) {
            self.stage = Stage::Done(Outcome::Fail(Why::TrackBroken));
            return self.progress(signal.at);
        }
        self.last = Some((signal.at, signal.bbox));
        self.calibrate(signal);
        match self.stage {
            Stage::Before => self.look_before(signal),
            Stage::Step(place) => self.act(place, signal),
            Stage::After => self.look_after(signal),
            Stage::Done(_) => {}
        }
        self.progress(signal.at)
    }

    fn progress(&self, now: Timestamp) -> Progress {
        let spent = self.since.map_or(0, |since| now.since(since).as_millis());
        match self.stage {
            Stage::Before | Stage::After => Progress::Look,
            Stage::Step(place) => {
                Progress::Act(self.step(place), STEP_MS_MAX.saturating_sub(spent).max(0))
            }
            Stage::Done(outcome) => Progress::Done(outcome),
        }
    }

    const fn step(&self, place: usize) -> Step {
        let [first, second] = self.steps;
        if place == 0 { first } else { second }
    }

    /// The outcome when the time of the present stage has run out.
    fn late(&self) -> Outcome {
        match self.stage {
            Stage::Before | Stage::After => Outcome::NotMeasured,
            Stage::Step(place) if self.step(place) == Step::Blink => {
                let needed = BLINK_RATE_MIN * STEP_MS_MAX as f32 / 1000.0;
                let measured = self.seen.openings as f32 >= needed && self.own_opening().is_some();
                if measured {
                    Outcome::Fail(Why::TimedOut(Step::Blink))
                } else {
                    Outcome::NotMeasured
                }
            }
            Stage::Step(place) => Outcome::Fail(Why::TimedOut(self.step(place))),
            Stage::Done(outcome) => outcome,
        }
    }

    fn enter(&mut self, stage: Stage, now: Timestamp) {
        self.stage = stage;
        self.since = Some(now);
        self.seen = Seen::default();
    }

    /// Whether the box continues the track. Before the first step a jump only starts anew.
    fn follows(&mut self, signal: &Signal) -> bool {
        let Some((_, bbox)) = &self.last else {
            return true;
        };
        if detect::overlap(bbox, &signal.bbox) > TRACK_OVERLAP_MIN {
            return true;
        }
        self.openings.clear();
        self.stage == Stage::Before
    }

    /// Collects the person's own openings while the head is straight.
    fn calibrate(&mut self, signal: &Signal) {
        let Some(opening) = signal.opening.filter(|o| o.is_finite()) else {
            return;
        };
        self.seen.openings = self.seen.openings.saturating_add(1);
        if signal.yaw.abs() < TURN_YAW_MIN && self.openings.len() < limits::LIVENESS_OPENINGS_MAX {
            self.openings.push(opening);
        }
    }

    /// The person's open eyes: the 80 % quantile of the track; None with too few measurements.
    fn own_opening(&self) -> Option<f32> {
        if self.openings.len() < OPENINGS_MIN {
            return None;
        }
        let mut sorted = self.openings.clone();
        sorted.sort_by(f32::total_cmp);
        sorted.get(sorted.len() * 4 / 5).copied()
    }

    fn look_before(&mut self, signal: &Signal) {
        if signal.yaw.abs() < STRAIGHT_YAW_MAX && signal.embedding.is_some() {
            self.before.clone_from(&signal.embedding);
            self.enter(Stage::Step(0), signal.at);
        }
    }

    fn look_after(&mut self, signal: &Signal) {
        if signal.yaw.abs() >= STRAIGHT_YAW_MAX {
            return;
        }
        if let (Some(before), Some(after)) = (&self.before, &signal.embedding) {
            let same = before.dot(after) >= SAME_FACE_COSINE_MIN;
            self.stage = Stage::Done(if same {
                Outcome::Pass
            } else {
                Outcome::Fail(Why::OtherFace)
            });
        }
    }

    fn act(&mut self, place: usize, signal: &Signal) {
        let done = match self.step(place) {
            Step::TurnLeft => self.turned(signal.at, signal.yaw),
            Step::TurnRight => self.turned(signal.at, -signal.yaw),
            Step::Blink => self.blinked(signal),
        };
        if done {
            let next = if place == 0 {
                Stage::Step(1)
            } else {
                Stage::After
            };
            self.enter(next, signal.at);
        }
    }

    /// A turn counts from straight on, and when it was held.
    fn turned(&mut self, at: Timestamp, yaw: f32) -> bool {
        if yaw.abs() < STRAIGHT_YAW_MAX {
            self.seen.straight = true;
        }
        if !(self.seen.straight && yaw > TURN_YAW_MIN) {
            self.seen.turned_since = None;
            return false;
        }
        let since = *self.seen.turned_since.get_or_insert(at);
        at.since(since).as_millis() >= TURN_MS_MIN
    }

    /// Open, closed for as long as a blink takes, open.
    fn blinked(&mut self, signal: &Signal) -> bool {
        let (Some(opening), Some(own)) = (signal.opening, self.own_opening()) else {
            return false;
        };
        if signal.yaw.abs() > TURN_YAW_MIN {
            (self.seen.open, self.seen.closed_since) = (false, None);
            return false;
        }
        if opening < CLOSED_SHARE * own {
            if self.seen.open {
                self.seen.closed_since.get_or_insert(signal.at);
            }
            return false;
        }
        if opening < OPEN_SHARE * own {
            return false; // on the way: neither
        }
        self.seen.open = true;
        let closed_ms = self
            .seen
            .closed_since
            .take()
            .map(|since| signal.at.since(since).as_millis());
        closed_ms.is_some_and(|ms| (BLINK_MS_MIN..=BLINK_MS_MAX).contains(&ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_drawn_and_slow_cameras_get_no_blink() {
        let mut fast = std::collections::HashSet::new();
        for n in 0..=u16::MAX {
            let steps = Challenge::draw(n.to_le_bytes(), 15.0).steps();
            assert_ne!(steps[0], steps[1]);
            fast.insert(steps);
            let slow = Challenge::draw(n.to_le_bytes(), 9.9).steps();
            assert!(!slow.contains(&Step::Blink));
        }
        assert_eq!(fast.len(), 6);
    }

    #[test]
    fn without_a_face_nothing_is_measured() {
        let mut challenge = Challenge::of([Step::TurnLeft, Step::TurnRight]);
        let at = |ms| Timestamp::from_millis(ms);
        assert_eq!(challenge.tick(at(0)), Progress::Look);
        assert_eq!(challenge.tick(at(4_000)), Progress::Look);
        assert_eq!(
            challenge.tick(at(4_001)),
            Progress::Done(Outcome::NotMeasured)
        );
        assert_eq!(
            challenge.tick(at(9_000)),
            Progress::Done(Outcome::NotMeasured)
        );
    }
}
