//! `hadir demo`: the whole way from a camera's picture to a committed decision, on a box that is
//! thrown away, with the real models and pictures that the demo makes itself.

mod guest;
mod pace;
mod picture;
mod reference;
mod report;
mod scene;
mod stage;

pub use report::{Line, Summary};
pub use stage::Setting;

use crate::app::config::LimitSetting;
use crate::app::error::Failure;
use crate::app::output::complaint;
use crate::app::supervise;
use crate::base::time::Clock as _;
use crate::host::clock::SystemClock;
use crate::host::sockets::Inherited;
use guest::SignIn;
use scene::{Before, SCENES, Scene, Who};
use stage::{Played, Stage, Time};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Pause between two scenes of the demo that goes on playing: so many pictures of nobody.
const BETWEEN_SCENES: usize = 4;

/// Pause before each of them.
const BETWEEN_PICTURES: Duration = Duration::from_millis(500);

/// Plays all scenes once and hands each line to `tell` as soon as it is there.
///
/// # Errors
/// [`Failure::Setup`] without models or pictures; [`Failure::Failed`] if somebody cannot be
/// enrolled or the box hangs. Wrong decisions are no error here: the summary tells.
pub fn play(setting: &Setting, mut tell: impl FnMut(&Line)) -> Result<Summary, Failure> {
    let stage = Stage::build(setting, Time::OfPictures)?;
    play_on(&stage, &mut tell)
}

/// Plays all scenes again and again and serves the pages on `address` within the configured
/// limits, until Ctrl-C or SIGTERM.
///
/// # Errors
/// As [`play`], and if the address cannot be listened on.
pub fn keep_playing(
    setting: &Setting,
    address: SocketAddr,
    limits: LimitSetting,
    mut tell: impl FnMut(&Line) + Send + 'static,
) -> Result<(), Failure> {
    let listener = Inherited::default()
        .listen(address, "--listen")
        .map_err(|e| Failure::Setup(e.to_string()))?;
    let address = listener.local_addr().map_err(Failure::of)?;
    let stage = Stage::build(setting, Time::System)?;
    show(&stage, address)?;
    let core = Arc::clone(stage.core());
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let player = std::thread::Builder::new()
        .name("demo".to_owned())
        .spawn(move || {
            for round in 0_u64.. {
                for scene in SCENES {
                    if stopped.load(Ordering::Relaxed) {
                        return Ok(());
                    }
                    tell(&play_scene(&stage, scene, round == 0)?);
                    pause(&stage, &stopped)?;
                }
            }
            Ok(())
        });
    let player = player.map_err(Failure::of)?;
    let served =
        supervise::runtime()?.block_on(supervise::serve_until_stopped(core, listener, limits));
    stop.store(true, Ordering::Relaxed);
    player.thread().unpark();
    let played = player
        .join()
        .unwrap_or_else(|_| Err(Failure::of("the demo's player failed")));
    served.and(played)
}

fn pause(stage: &Stage, stopped: &AtomicBool) -> Result<(), Failure> {
    for _ in 0..BETWEEN_SCENES {
        std::thread::park_timeout(BETWEEN_PICTURES);
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        stage.wait()?;
    }
    Ok(())
}

/// Says where the pages are and how one signs in. The password is of this demo alone, and goes
/// with its folder.
fn show(stage: &Stage, address: SocketAddr) -> Result<(), Failure> {
    let SignIn { login, password } = guest::administrator(stage.core())?;
    let code = guest::kiosk(stage.core())?;
    complaint(format_args!(
        "the pages are at http://{address}/ (sign in: {login}, password {})",
        password.expose()
    ));
    complaint(format_args!(
        "the kiosk is at http://{address}/kiosk (pair it with {code}), the desk at http://{address}/desk"
    ));
    complaint("this box is thrown away when the demo ends; Ctrl-C ends it");
    Ok(())
}

/// `first`: the first time; later everybody is enrolled and inside, so that nothing is expected.
fn play_scene(stage: &Stage, scene: &Scene, first: bool) -> Result<Line, Failure> {
    if let (true, Before::Enrol(who)) = (first, scene.before) {
        stage.enrol(who)?;
    }
    let played = stage.play(scene)?;
    if !first {
        return Ok(Line::repeated(*scene, played));
    }
    let named = is_named(stage, scene, &played);
    Ok(Line::new(*scene, played, named))
}

fn play_on(stage: &Stage, tell: &mut impl FnMut(&Line)) -> Result<Summary, Failure> {
    let clock = SystemClock::new();
    let from = clock.stamp().at;
    let mut lines = Vec::new();
    for scene in SCENES {
        let line = play_scene(stage, scene, true)?;
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
