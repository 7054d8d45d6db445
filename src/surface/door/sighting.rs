//! What a door tells about one picture.

use crate::domain::checkin::{self, decision::Decision};
use crate::surface::door::view::View;
use crate::vision::worker::{EngineError, StageTimes};

/// What one picture brought.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Faces in the picture.
    pub faces: usize,
    /// Codes in the picture.
    pub codes: usize,
    /// Time spent in each stage.
    pub times: StageTimes,
    /// What was decided with this picture; empty while a face is still followed.
    pub decisions: Vec<Decision>,
    /// What was seen, for whoever stands there.
    pub view: View,
}

/// Why a picture brought nothing.
#[derive(Debug)]
pub enum DoorError {
    /// The picture could not be analysed.
    Engine(EngineError),
    /// The check-in failed.
    CheckIn(checkin::Error),
}

impl std::fmt::Display for DoorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(error) => error.fmt(f),
            Self::CheckIn(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DoorError {}
