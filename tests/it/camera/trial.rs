//! Where a living head has to be shown: what a door asks for, and whom it lets in.

use crate::support::desk::{Desk, direction, face};
use hadir::base::id::PersonId;
use hadir::domain::checkin::Decision;
use hadir::domain::checkin::reason::{Liveness, Reason, Verdict};
use hadir::domain::rule::LivenessPolicy;
use hadir::surface::door::view::Asked;
use hadir::surface::door::{Aim, Door, Sighting};
use hadir::vision::embed::Embedding;
use hadir::vision::liveness::Step;
use hadir::vision::worker::{EngineState, FaceSeen};

/// Milliseconds between two pictures: fifteen a second.
const FRAME_MS: i64 = 66;

fn sinta() -> Embedding {
    direction(&[1.0])
}

/// Somebody at a right angle to Sinta.
fn other() -> Embedding {
    direction(&[0.0, 1.0])
}

/// Who stands before the door, and how they hold their head.
#[derive(Clone)]
struct Visitor {
    embedding: Embedding,
    left: f32,
    yaw: f32,
    opening: f32,
}

impl Visitor {
    fn new(embedding: &Embedding) -> Self {
        Self {
            embedding: embedding.clone(),
            left: 200.0,
            yaw: 0.0,
            opening: 0.30,
        }
    }

    fn seen(&self) -> FaceSeen {
        FaceSeen {
            yaw: self.yaw,
            openings: Some([self.opening; 2]),
            ..face(self.left, 120.0, Some(self.embedding.clone()))
        }
    }

    /// Does what is asked, frame `n` of the action.
    fn acting(&self, step: Step, n: usize) -> Self {
        let mut acting = self.clone();
        match step {
            Step::TurnLeft if n > 5 => acting.yaw = 0.3,
            Step::TurnRight if n > 5 => acting.yaw = -0.3,
            Step::Blink if (8..10).contains(&n) => acting.opening = 0.1,
            Step::TurnLeft | Step::TurnRight | Step::Blink => {}
        }
        acting
    }
}

struct Gate {
    desk: Desk,
    door: Door,
}

impl Gate {
    fn new(liveness: LivenessPolicy) -> Self {
        let desk = Desk::with(liveness, EngineState::On);
        let door = desk.door(Aim::Today);
        Self { desk, door }
    }

    fn look(&mut self, faces: Vec<FaceSeen>) -> Sighting {
        self.desk.clock.advance(FRAME_MS);
        self.door.look(self.desk.faces(faces)).expect("a sighting")
    }

    /// Lets a visitor do what is asked, as `act` has them do it, until a decision or for
    /// `seconds`.
    fn visit(
        &mut self,
        seconds: i64,
        mut act: impl FnMut(Option<Step>, usize) -> Vec<FaceSeen>,
    ) -> (Vec<Asked>, Option<Decision>) {
        let (mut asked, mut step, mut n) = (Vec::new(), None, 0);
        for _ in 0..seconds * 1000 / FRAME_MS {
            let shown = act(step, n);
            let sighting = self.look(shown);
            let now = sighting.view.asked.and_then(|a| a.step);
            n = if now == step { n + 1 } else { 0 };
            step = now;
            asked.extend(sighting.view.asked);
            if let Some(decision) = sighting.decisions.into_iter().next() {
                return (asked, Some(decision));
            }
        }
        (asked, None)
    }

    /// A visitor who does all that is asked.
    fn willing(&mut self, visitor: &Visitor) -> (Vec<Asked>, Option<Decision>) {
        self.visit(20, |step, n| {
            let acting = step.map_or_else(|| visitor.clone(), |s| visitor.acting(s, n));
            vec![acting.seen()]
        })
    }
}

fn steps(asked: &[Asked]) -> Vec<Step> {
    let mut steps: Vec<Step> = asked.iter().filter_map(|a| a.step).collect();
    steps.dedup();
    steps
}

fn outcome(decision: Option<&Decision>) -> Option<(Verdict, Option<Reason>, Option<Liveness>)> {
    decision.map(|d| (d.verdict, d.reason, d.liveness))
}

const PASSED: Option<(Verdict, Option<Reason>, Option<Liveness>)> =
    Some((Verdict::Admitted, None, Some(Liveness::Pass)));

#[test]
fn who_does_what_is_asked_is_let_in_with_the_proof_on_record() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    let person = gate.desk.enrolled("Sinta", &sinta());
    let (asked, decision) = gate.willing(&Visitor::new(&sinta()));
    assert_eq!(outcome(decision.as_ref()), PASSED);
    assert_eq!(decision.and_then(|d| d.person), Some(person));
    assert_eq!(steps(&asked).len(), 2, "two actions: {asked:?}");
    assert!(asked.iter().all(|a| a.attempt == 1 && a.left_ms <= 4_000));
}

#[test]
fn the_actions_are_drawn_anew_for_each_visitor() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    let mut drawn = std::collections::HashSet::new();
    for i in 0..12u8 {
        let left = if i.is_multiple_of(2) { 100.0 } else { 400.0 };
        let visitor = Visitor {
            left,
            ..Visitor::new(&other())
        };
        drawn.insert(steps(&gate.willing(&visitor).0));
        gate.look(Vec::new());
    }
    assert!(drawn.len() > 2, "{drawn:?}");
}

#[test]
fn a_still_picture_lets_nobody_in_and_asks_twice() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    let still = Visitor::new(&sinta());
    let (asked, decision) = gate.visit(30, |_, _| vec![still.seen()]);
    let decision = decision.expect("a decision");
    assert_eq!(
        (decision.verdict, decision.reason),
        (Verdict::Refused, Some(Reason::LivenessFailed))
    );
    assert_eq!(
        decision.person, None,
        "nothing is told about who is enrolled"
    );
    let last = asked.last().expect("asked").attempt;
    assert_eq!((asked[0].attempt, last), (1, 2));
    // It is asked again after five seconds, and again in vain.
    let mut more = Vec::new();
    for _ in 0..2_000 {
        more.extend(gate.look(vec![still.seen()]).decisions);
    }
    assert!(more.len() >= 2);
    assert!(
        more.iter().all(|d| d.verdict == Verdict::Refused),
        "{more:?}"
    );
}

#[test]
fn without_eyes_a_blink_is_not_measured_and_lets_nobody_in() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    let blind = || FaceSeen {
        openings: None,
        ..Visitor::new(&sinta()).seen()
    };
    for _ in 0..6 {
        let (_, decision) = gate.visit(30, |_, _| vec![blind()]);
        let reason = decision.expect("a decision").reason;
        let refusals = [Reason::LivenessFailed, Reason::LivenessUnavailable];
        assert!(reason.is_some_and(|r| refusals.contains(&r)), "{reason:?}");
        gate.look(Vec::new());
    }
}

/// A photograph is held up for the first frames and for the last; the actions are done by
/// somebody else in the same place.
#[test]
fn a_face_that_changes_on_the_way_lets_nobody_in() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    let (photo, cheat) = (Visitor::new(&sinta()), Visitor::new(&other()));
    for swap_at in [0, 1, 3] {
        let (_, decision) = gate.visit(30, |step, n| {
            vec![match step {
                Some(step) if n >= swap_at => cheat.acting(step, n).seen(),
                Some(_) | None => photo.seen(),
            }]
        });
        let decision = decision.expect("a decision");
        assert_eq!(decision.verdict, Verdict::Refused, "swapped at {swap_at}");
        assert_eq!(decision.reason, Some(Reason::LivenessFailed));
        gate.look(Vec::new());
    }
}

#[test]
fn a_stranger_who_does_what_is_asked_stays_a_stranger() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    let (_, decision) = gate.willing(&Visitor::new(&other()));
    assert_eq!(
        outcome(decision.as_ref()),
        Some((
            Verdict::Refused,
            Some(Reason::UnknownFace),
            Some(Liveness::Pass)
        ))
    );
}

#[test]
fn who_walks_away_is_not_decided_about() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    let visitor = Visitor::new(&sinta());
    for _ in 0..20 {
        assert!(gate.look(vec![visitor.seen()]).decisions.is_empty());
    }
    for _ in 0..100 {
        assert!(gate.look(Vec::new()).decisions.is_empty());
    }
    let (asked, decision) = gate.willing(&visitor);
    assert_eq!(asked[0].attempt, 1, "tries begin anew");
    assert_eq!(outcome(decision.as_ref()), PASSED);
}

#[test]
fn who_fails_once_may_try_again() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    let visitor = Visitor::new(&sinta());
    let mut attempt = 1;
    let mut frames = 0;
    let (asked, decision) = gate.visit(30, |step, n| {
        frames += 1;
        // The first four seconds and a half nothing is done.
        if frames > 70 {
            attempt = 2;
        }
        let acting = step.filter(|_| attempt == 2);
        vec![
            acting
                .map_or_else(|| visitor.clone(), |s| visitor.acting(s, n))
                .seen(),
        ]
    });
    assert_eq!(asked.last().map(|a| a.attempt), Some(2));
    assert_eq!(outcome(decision.as_ref()), PASSED);
}

#[test]
fn where_liveness_is_only_shown_to_staff_nothing_is_asked() {
    for policy in [LivenessPolicy::Advisory, LivenessPolicy::Off] {
        let mut gate = Gate::new(policy);
        gate.desk.enrolled("Sinta", &sinta());
        let (asked, decision) = gate.visit(1, |_, _| vec![Visitor::new(&sinta()).seen()]);
        assert!(asked.is_empty());
        assert_eq!(
            outcome(decision.as_ref()),
            Some((Verdict::Admitted, None, Some(Liveness::NotMeasured)))
        );
    }
}

#[test]
fn a_single_picture_where_proof_is_required_lets_nobody_in() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    gate.look(vec![Visitor::new(&sinta()).seen()]);
    let decision = gate.door.conclude().expect("a decision");
    assert_eq!(decision.reason, Some(Reason::LivenessUnavailable));
}

fn stands(gate: &mut Gate, visitor: &Visitor, frames: usize) -> Vec<(Option<PersonId>, Verdict)> {
    let mut decided = Vec::new();
    for _ in 0..frames {
        let sighting = gate.look(vec![visitor.seen()]);
        decided.extend(sighting.decisions.iter().map(|d| (d.person, d.verdict)));
    }
    decided
}

/// Experience: "already" is not said while the same face simply stays, and they must have been
/// gone for five seconds first.
#[test]
fn where_people_linger_a_turned_head_is_no_second_visit() {
    let desk = Desk::new();
    let person = desk.enrolled("Sinta", &sinta());
    let second = desk.enrolled("Budi", &other());
    let door = desk.door(Aim::Today).lingering(5_000);
    let mut gate = Gate { desk, door };
    let (visitor, budi) = (Visitor::new(&sinta()), Visitor::new(&other()));
    let first = stands(&mut gate, &visitor, 10);
    assert_eq!(first, [(Some(person), Verdict::Admitted)]);
    for _ in 0..30 {
        gate.look(Vec::new()); // two seconds
    }
    assert_eq!(stands(&mut gate, &visitor, 20), []);
    for _ in 0..80 {
        gate.look(Vec::new()); // more than five
    }
    let again = stands(&mut gate, &visitor, 10);
    assert_eq!(again, [(Some(person), Verdict::Already)]);
    // Somebody else is decided about at once.
    gate.look(Vec::new());
    let other = stands(&mut gate, &budi, 10);
    assert_eq!(other, [(Some(second), Verdict::Admitted)]);
}

#[test]
fn who_comes_back_at_once_is_not_asked_for_the_actions_again() {
    let mut gate = Gate::new(LivenessPolicy::Required);
    gate.desk.enrolled("Sinta", &sinta());
    gate.door = gate.desk.door(Aim::Today).lingering(5_000);
    let visitor = Visitor::new(&sinta());
    assert_eq!(outcome(gate.willing(&visitor).1.as_ref()), PASSED);
    gate.look(Vec::new());
    let (asked, decision) = gate.visit(2, |_, _| vec![visitor.seen()]);
    assert_eq!((asked, decision), (Vec::new(), None));
}
