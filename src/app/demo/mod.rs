//! `hadir demo`: the whole way from a camera's picture to a committed decision, on a box that is
//! thrown away, with the real models and pictures that the demo makes itself.

mod picture;
mod reference;
mod report;
mod scene;
mod stage;

pub use report::{Line, Summary};
pub use stage::Setting;

use crate::app::error::Failure;
use scene::{Before, SCENES, Scene, Who};
use stage::{Played, Stage};

/// Plays all scenes once and hands each line to `tell` as soon as it is there.
///
/// # Errors
/// [`Failure::Setup`] without models or pictures; [`Failure::Failed`] if somebody cannot be
/// enrolled or the box hangs. Wrong decisions are no error here: the summary tells.
pub fn play(setting: &Setting, mut tell: impl FnMut(&Line)) -> Result<Summary, Failure> {
    let stage = Stage::build(setting)?;
    play_on(&stage, &mut tell)
}

fn play_on(stage: &Stage, tell: &mut impl FnMut(&Line)) -> Result<Summary, Failure> {
    let clock = &stage.core().clock;
    let from = clock.stamp().at;
    let mut lines = Vec::new();
    for scene in SCENES {
        if let Before::Enrol(who) = scene.before {
            stage.enrol(who)?;
        }
        let played = stage.play(scene)?;
        let named = is_named(stage, scene, &played);
        let line = Line::new(*scene, played, named);
        tell(&line);
        lines.push(line);
    }
    Ok(Summary::of(&lines, from, clock.stamp().at))
}

/// Whether the decision names who stood there, if it must name anybody.
fn is_named(stage: &Stage, scene: &Scene, played: &Played) -> bool {
    let named = played.decision.as_ref().and_then(|d| d.person);
    scene
        .who
        .is_none_or(|who: Who| named.is_some() && named == stage.person(who))
}
