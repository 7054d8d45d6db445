//! What the box sees with: models, thresholds, the camera.

use crate::app::camera;
use crate::app::config::{CameraSetting, CameraSource};
use crate::app::doctor::{Daemon, Finding};
use crate::base::limits;
use crate::domain::checkin::threshold;
use crate::domain::rule::FacePolicy;
use crate::host::camera::{CameraError, Source};
use crate::vision::model::Models;
use std::path::PathBuf;
use std::time::Duration;

/// How often a camera that says nothing is asked within the time in which it would be lost.
const LOOKS: u64 = 12;

/// The models in the first of these folders that has them.
pub fn models(dirs: &[PathBuf]) -> Finding {
    match Models::load(dirs) {
        Ok(models) => Finding::good("models", format!("embedder {}", models.embedder_hash())),
        Err(error) => Finding::bad("models", format!("{error}; faces are off until then")),
    }
}

/// The thresholds that follow from the policy.
pub fn thresholds(policy: &FacePolicy) -> Finding {
    let steps =
        threshold::steps(policy).map(|(cosine, people)| format!("{cosine:.2} up to {people:.0}"));
    let text = format!(
        "{} people; above, a second factor decides",
        steps.join(", ")
    );
    Finding::good("thresholds", text)
}

/// A camera of the box. A running daemon has it and is asked; else one picture is taken.
pub fn camera(setting: &CameraSetting, running: &Daemon) -> Finding {
    const SUBJECT: &str = "camera";
    if setting.source == CameraSource::Off {
        return Finding::good(SUBJECT, "the box has none of its own");
    }
    let source = &setting.source;
    let mut known = running.cameras().into_iter();
    let told = match known.find(|(name, _, _)| *name == setting.name) {
        Some((_, state, detail)) if state == "lost" => Err(detail),
        Some((_, state, _)) => Ok(format!("{source} is {state}")),
        None => one_picture(setting).map(|size| format!("{source} gives pictures ({size} bytes)")),
    };
    match told {
        Ok(text) => Finding::good(SUBJECT, text),
        Err(why) => {
            let text = format!(
                "{source} gives no picture: {why}; look at its cable and address, or change camera.source"
            );
            Finding::bad(SUBJECT, text)
        }
    }
}

/// Takes a picture and gives its size.
fn one_picture(setting: &CameraSetting) -> Result<usize, String> {
    let runtime = crate::app::supervise::runtime().map_err(|e| e.to_string())?;
    let once = CameraSetting {
        pause: Duration::ZERO,
        ..setting.clone()
    };
    let Some(mut camera) = camera::source(&once, false, runtime.handle()) else {
        return Ok(0);
    };
    take(&mut *camera).map_err(|e| e.to_string())
}

/// Opens the camera and waits for a picture: the first ones of many webcams are damaged, which
/// the source leaves out as if nothing had come.
fn take(camera: &mut dyn Source) -> Result<usize, CameraError> {
    let part = Duration::from_millis(limits::CAMERA_SILENT_MS_MAX / LOOKS);
    camera.open()?;
    for _ in 1..LOOKS {
        match camera.next(part) {
            Err(CameraError::Silent) => {}
            other => return other.map(|picture| picture.bytes()),
        }
    }
    camera.next(part).map(|picture| picture.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::CameraOccasion;
    use crate::app::doctor::Grade;
    use crate::base::json::json;
    use crate::domain::checkin::reason::Direction;
    use crate::host::camera::picture::Content;

    fn setting(source: CameraSource) -> CameraSetting {
        CameraSetting {
            name: "door".into(),
            direction: Direction::Entry,
            source,
            occasion: CameraOccasion::Daily,
            pause: Duration::ZERO,
        }
    }

    #[test]
    fn a_camera_that_is_not_there_is_named() {
        let found = camera(
            &setting(CameraSource::Files("/nonexistent".into())),
            &Daemon::None,
        );
        assert_eq!(found.grade, Grade::Bad, "{found:?}");
        assert!(found.text.contains("files:/nonexistent gives no picture"));
        assert!(found.text.contains("camera.source"), "{found:?}");
        let off = camera(&setting(CameraSource::Off), &Daemon::None);
        assert_eq!(off.grade, Grade::Good);
    }

    /// Says nothing so often, then sends a picture.
    struct Late(u64);

    impl Source for Late {
        fn open(&mut self) -> Result<(), CameraError> {
            Ok(())
        }
        fn next(&mut self, _: Duration) -> Result<Content, CameraError> {
            if self.0 == 0 {
                return Ok(vec![1, 2, 3].into());
            }
            self.0 -= 1;
            Err(CameraError::Silent)
        }
    }

    #[test]
    fn the_first_pictures_of_a_camera_may_be_damaged() {
        assert_eq!(take(&mut Late(0)), Ok(3));
        assert_eq!(take(&mut Late(LOOKS - 1)), Ok(3));
        assert_eq!(take(&mut Late(LOOKS)), Err(CameraError::Silent));
    }

    #[test]
    fn a_running_daemon_is_asked_instead() {
        let of = |state: &str| {
            let status = json!({"cameras": [{"name": "door", "state": state, "detail": "cut"}]});
            let daemon = Daemon::Running {
                status,
                keys: Ok(json!({})),
                audit: Ok(json!({})),
            };
            camera(
                &setting(CameraSource::Files("/nonexistent".into())),
                &daemon,
            )
        };
        assert_eq!(of("on").grade, Grade::Good);
        let other = CameraSetting {
            name: "exit".into(),
            ..setting(CameraSource::Files("/nonexistent".into()))
        };
        let status = json!({"cameras": [{"name": "door", "state": "on", "detail": null}]});
        let daemon = Daemon::Running {
            status,
            keys: Ok(json!({})),
            audit: Ok(json!({})),
        };
        assert_eq!(
            camera(&other, &daemon).grade,
            Grade::Bad,
            "each its own state"
        );
        let lost = of("lost");
        assert!(
            lost.grade == Grade::Bad && lost.text.contains("cut"),
            "{lost:?}"
        );
    }
}
