//! Cameras: anything that yields pictures. One thread per camera opens it, keeps only the
//! newest picture, and opens it again with growing pauses when it is lost.
//!
//! Pictures are whole files (JPEG, PNG, WebP); `vision` decodes them. Nothing here looks at
//! what is in a picture.

pub mod folder;
pub mod latest;
pub mod mjpeg;
pub mod pushed;
pub mod run;

use std::fmt;
use std::time::Duration;

/// One picture of a camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Counts from 1 for each camera.
    pub number: u64,
    /// The file's bytes: JPEG, PNG or WebP.
    pub bytes: Vec<u8>,
}

/// Why a camera gives no picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraError {
    /// Nothing came within the time given; the camera may still be there.
    Silent,
    /// It cannot be opened, or the connection broke; the text says how.
    Lost(String),
    /// There will never be another picture.
    Ended,
}

impl fmt::Display for CameraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => f.write_str("no picture came in time"),
            Self::Lost(why) => f.write_str(why),
            Self::Ended => f.write_str("there are no more pictures"),
        }
    }
}

impl std::error::Error for CameraError {}

/// A camera. Each method is called by the camera's own thread only.
pub trait Source: Send {
    /// Opens it, or opens it again after it was lost.
    ///
    /// # Errors
    /// [`CameraError::Lost`] if it is not there now; it is tried again later.
    fn open(&mut self) -> Result<(), CameraError>;

    /// The bytes of the next picture, waiting for at most `limit`.
    ///
    /// # Errors
    /// Each variant of [`CameraError`]. After `Lost` it must be opened again.
    fn next(&mut self, limit: Duration) -> Result<Vec<u8>, CameraError>;
}
