//! Pictures that a client sends: looked at by the engine, in words that a client understands
//! when that fails.

use crate::base::cause::Cause;
use crate::http::problem::Problem;
use crate::surface::native::Native;
use crate::vision::gallery::ModelHash;
use crate::vision::worker::{Analysis, EngineError, SourceId, Want};

/// What a check-in by one picture wants of it.
pub const CHECK_IN: Want = Want {
    codes: false,
    faces: true,
    multi: false,
    eyes: false,
    exact: false,
};

/// The faces of a picture, and the model that looked.
///
/// # Errors
/// 503 `face_engine_error` while faces are off or the engine is busy; 422 for what is no
/// picture.
pub fn faces(
    native: &Native,
    bytes: Vec<u8>,
    want: Want,
) -> Result<(Analysis, ModelHash), Problem> {
    let Some(model) = native.core.model else {
        return Err(off());
    };
    let pending = native.core.engine.analyse(SourceId::fresh(), bytes, want);
    let analysis = pending.wait().map_err(|e| failed(&e))?;
    if analysis.faces_off.is_some() {
        return Err(off());
    }
    Ok((analysis, model))
}

/// Why the engine did not look; the network's own words stay in the box.
fn failed(error: &EngineError) -> Problem {
    match error {
        EngineError::Frame(fault) => {
            let message = format!("This picture cannot be used: {fault}.");
            Problem::new(Cause::Unprocessable, message).with_code(fault.code())
        }
        EngineError::Superseded => Problem::new(
            Cause::Busy,
            "Many pictures are being looked at. Try again in a moment.",
        ),
        EngineError::Off(_) => off(),
        EngineError::Inference(_) | EngineError::Panicked | EngineError::Stopped => {
            let message = "This picture could not be looked at. Try another one.";
            Problem::new(Cause::FaceEngine, message)
        }
    }
}

fn off() -> Problem {
    let message = "Faces are switched off on this box. Use the QR code or the number.";
    Problem::new(Cause::FaceEngine, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::fault::FrameError;

    #[test]
    fn a_bad_picture_is_the_client_s_and_a_failure_is_ours() {
        let table = [
            (
                EngineError::Frame(FrameError::Truncated),
                Cause::Unprocessable,
                "image_truncated",
            ),
            (EngineError::Superseded, Cause::Busy, "busy"),
            (
                EngineError::Panicked,
                Cause::FaceEngine,
                "face_engine_error",
            ),
            (
                EngineError::Inference("rahasia".into()),
                Cause::FaceEngine,
                "face_engine_error",
            ),
        ];
        for (error, cause, code) in table {
            let problem = failed(&error);
            assert_eq!((problem.cause, problem.code), (cause, code), "{error}");
            assert!(!problem.message.contains("rahasia"));
        }
    }
}
