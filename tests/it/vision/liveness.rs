//! Played sequences for the liveness machine: what passes, what fails and why, and that nothing
//! makes it panic or pass without the actions.

use super::fixture;
use hadir::base::time::Timestamp;
use hadir::vision::embed::{EMBEDDING_FLOATS, Embedding};
use hadir::vision::liveness::{Challenge, Outcome, Progress, Signal, Step, Why};
use proptest::prelude::*;

use Step::{Blink, TurnLeft, TurnRight};

/// Frames at fifteen a second, written as a film is cut: each method adds frames.
#[derive(Clone)]
struct Film {
    signals: Vec<Signal>,
    now_ms: i64,
    open: f32,
    person: usize,
    x: f32,
}

impl Film {
    fn new() -> Self {
        Self {
            signals: Vec::new(),
            now_ms: 1_000,
            open: 0.30,
            person: 0,
            x: 100.0,
        }
    }

    fn frames(mut self, count: usize, yaw: f32, opening: f32) -> Self {
        for _ in 0..count {
            self.signals.push(Signal {
                at: Timestamp::from_millis(self.now_ms),
                yaw,
                opening: Some(opening),
                bbox: [self.x, 80.0, 100.0, 120.0],
                embedding: Some(face(self.person)),
            });
            self.now_ms += 66;
        }
        self
    }

    fn look(self, count: usize) -> Self {
        let open = self.open;
        self.frames(count, 0.02, open)
    }

    fn turn(self, yaw: f32, count: usize) -> Self {
        let open = self.open;
        self.frames(1, yaw / 2.0, open).frames(count, yaw, open)
    }

    fn blink(self, count: usize) -> Self {
        let closed = self.open * 0.35;
        self.frames(count, 0.02, closed)
    }

    fn pause(mut self, ms: i64) -> Self {
        self.now_ms += ms;
        self
    }

    fn with(mut self, change: impl Fn(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn play(&self, steps: [Step; 2]) -> Option<Outcome> {
        let mut challenge = Challenge::of(steps);
        for signal in &self.signals {
            challenge.observe(signal);
        }
        challenge.tick(Timestamp::from_millis(self.now_ms));
        challenge.outcome()
    }
}

/// An embedding of a made-up person; two persons are at right angles.
fn face(person: usize) -> Embedding {
    let mut numbers = [0f32; EMBEDDING_FLOATS];
    numbers[person] = 1.0;
    Embedding::from_slice(&numbers).expect("a direction")
}

const BOTH: [Step; 2] = [TurnLeft, Blink];
const PASS: Option<Outcome> = Some(Outcome::Pass);

fn fail(why: Why) -> Option<Outcome> {
    Some(Outcome::Fail(why))
}

fn whole() -> Film {
    Film::new().look(6).turn(0.3, 4).look(6).blink(2).look(4)
}

#[test]
fn sequences_that_pass() {
    let table = [
        ("left, blink", BOTH, whole()),
        (
            "right, left",
            [TurnRight, TurnLeft],
            Film::new()
                .look(2)
                .turn(-0.3, 4)
                .look(3)
                .turn(0.3, 4)
                .look(3),
        ),
        (
            "blink first",
            [Blink, TurnRight],
            Film::new().look(8).blink(3).look(3).turn(-0.4, 3).look(2),
        ),
        (
            "narrow eyes: the limit is the person's own",
            BOTH,
            Film::new()
                .with(|f| f.open = 0.17)
                .look(6)
                .turn(0.3, 4)
                .look(6)
                .blink(2)
                .look(4),
        ),
        (
            "the wrong side first, then the right one",
            BOTH,
            Film::new()
                .look(3)
                .turn(-0.3, 4)
                .look(3)
                .turn(0.3, 4)
                .look(6)
                .blink(2)
                .look(4),
        ),
        (
            "the head moves slowly across the picture",
            BOTH,
            Film::new()
                .look(6)
                .with(|f| f.x += 30.0)
                .turn(0.3, 4)
                .with(|f| f.x += 30.0)
                .look(6)
                .blink(2)
                .look(4),
        ),
    ];
    for (name, steps, film) in table {
        assert_eq!(film.play(steps), PASS, "{name}");
    }
}

#[test]
fn sequences_that_fail_and_why() {
    let late = |step| fail(Why::TimedOut(step));
    let wait = |film: Film| film.look(70);
    let table = [
        ("a still picture", BOTH, wait(Film::new()), late(TurnLeft)),
        (
            "only the turn",
            BOTH,
            wait(Film::new().look(4).turn(0.3, 4)),
            late(Blink),
        ),
        (
            "the other order",
            [TurnRight, TurnLeft],
            wait(Film::new().look(3).turn(0.3, 4).look(3).turn(-0.3, 4)),
            late(TurnLeft),
        ),
        (
            "a turn of one frame",
            BOTH,
            wait(Film::new().look(4).turn(0.3, 1)),
            late(TurnLeft),
        ),
        (
            "a turn that is too small",
            BOTH,
            wait(Film::new().look(4).turn(0.24, 8)),
            late(TurnLeft),
        ),
        (
            "never straight before the turn",
            [TurnLeft, TurnRight],
            Film::new().look(1).turn(-0.3, 3).frames(70, 0.3, 0.3),
            late(TurnLeft),
        ),
        (
            "eyes shut for a second",
            BOTH,
            wait(Film::new().look(6).turn(0.3, 4).look(6).blink(15)),
            late(Blink),
        ),
        (
            "the face jumps between the steps",
            BOTH,
            Film::new()
                .look(6)
                .turn(0.3, 4)
                .with(|f| f.x = 400.0)
                .look(6)
                .blink(2)
                .look(4),
            fail(Why::TrackBroken),
        ),
        (
            "the face goes away for two seconds",
            BOTH,
            Film::new()
                .look(6)
                .turn(0.3, 4)
                .pause(2_000)
                .look(6)
                .blink(2)
                .look(4),
            fail(Why::TrackBroken),
        ),
        (
            "another face does the second step",
            BOTH,
            Film::new()
                .look(6)
                .turn(0.3, 4)
                .with(|f| f.person = 1)
                .look(6)
                .blink(2)
                .look(4),
            fail(Why::OtherFace),
        ),
    ];
    for (name, steps, film, want) in table {
        assert_eq!(film.play(steps), want, "{name}");
    }
}

#[test]
fn what_cannot_be_measured_is_no_failure() {
    let mut blind = Film::new().look(6).turn(0.3, 4).look(70);
    for signal in &mut blind.signals {
        signal.opening = None;
    }
    assert_eq!(
        blind.play(BOTH),
        Some(Outcome::NotMeasured),
        "eyes never measured"
    );
    let mut slow = Film::new().look(6).turn(0.3, 4).look(35);
    for (signal, at) in slow.signals.iter_mut().zip((1_000..).step_by(132)) {
        signal.at = Timestamp::from_millis(at);
    }
    slow.now_ms = 9_000;
    assert_eq!(
        slow.play(BOTH),
        Some(Outcome::NotMeasured),
        "too few frames a second"
    );
    let mut unknown = whole();
    for signal in &mut unknown.signals {
        signal.embedding = None;
    }
    let unknown = unknown.pause(4_000);
    assert_eq!(
        unknown.play(BOTH),
        Some(Outcome::NotMeasured),
        "never embedded"
    );
}

#[test]
fn the_time_of_a_blink_counts_not_its_frames() {
    // The same blink of 200 ms at 10, 15 and 30 frames a second.
    for step_ms in [100i64, 66, 33] {
        let mut challenge = Challenge::of(BOTH);
        let mut signals = Vec::new();
        let mut at = 0;
        while at < 4_000 {
            let (yaw, opening) = match at {
                600..1_000 => (0.3, 0.3),
                2_000..2_200 => (0.0, 0.1),
                _ => (0.0, 0.3),
            };
            signals.push((at, yaw, opening));
            at += step_ms;
        }
        for (at, yaw, opening) in signals {
            challenge.observe(&Signal {
                at: Timestamp::from_millis(at),
                yaw,
                opening: Some(opening),
                bbox: [0.0, 0.0, 10.0, 10.0],
                embedding: Some(face(0)),
            });
        }
        assert_eq!(challenge.outcome(), PASS, "every {step_ms} ms");
    }
}

#[test]
fn the_person_is_told_what_to_do_and_how_long() {
    let film = whole();
    let mut challenge = Challenge::of(BOTH);
    let first = challenge.observe(&film.signals[0]);
    assert_eq!(first, Progress::Act(TurnLeft, 4_000));
    assert_eq!(
        challenge.observe(&film.signals[1]),
        Progress::Act(TurnLeft, 3_934)
    );
    let told: Vec<Progress> = film.signals[2..]
        .iter()
        .map(|s| challenge.observe(s))
        .collect();
    assert!(told.iter().any(|p| matches!(p, Progress::Act(Blink, _))));
    assert_eq!(told.last(), Some(&Progress::Done(Outcome::Pass)));
}

#[test]
fn a_still_photograph_of_a_real_face_does_not_pass() {
    let measured = fixture::measure(&fixture::picture("p2_a.png")).remove(0);
    for steps in [[TurnLeft, TurnRight], [Blink, TurnLeft], [TurnRight, Blink]] {
        let mut challenge = Challenge::of(steps);
        for n in 0..150i64 {
            challenge.observe(&Signal {
                at: Timestamp::from_millis(n * 66),
                yaw: measured.face.yaw(),
                opening: Some((measured.openings[0] + measured.openings[1]) / 2.0),
                bbox: measured.face.bbox,
                embedding: Some(measured.embedding.clone()),
            });
        }
        assert_eq!(challenge.outcome(), fail(Why::TimedOut(steps[0])));
    }
}

proptest! {
    /// Any signals at all: no panic; and whoever passes has shown both turns.
    #[test]
    fn no_signals_make_it_panic_or_pass_unturned(
        signals in prop::collection::vec(
            (any::<i16>(), prop_oneof![-0.5f32..0.5, any::<f32>()], prop::option::of(any::<f32>()), prop::array::uniform4(-9f32..9.0), 0usize..3),
            0..80,
        ),
        drawn in any::<[u8; 2]>(),
        rate in any::<f32>(),
    ) {
        let mut challenge = Challenge::draw(drawn, rate);
        for (at, yaw, opening, bbox, person) in &signals {
            let at = Timestamp::from_millis(i64::from(*at));
            if *person == 2 {
                challenge.tick(at);
            } else {
                let embedding = Some(face(*person));
                challenge.observe(&Signal { at, yaw: *yaw, opening: *opening, bbox: *bbox, embedding });
            }
        }
        if challenge.outcome() == Some(Outcome::Pass) {
            for step in challenge.steps() {
                let seen = |turned: fn(f32) -> bool| signals.iter().filter(|s| turned(s.1)).count() >= 2;
                match step {
                    TurnLeft => prop_assert!(seen(|yaw| yaw > 0.25)),
                    TurnRight => prop_assert!(seen(|yaw| yaw < -0.25)),
                    Blink => {}
                }
            }
        }
    }
}
