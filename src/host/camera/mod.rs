//! Cameras: anything that yields pictures. One thread per camera opens it, keeps only the
//! newest picture, and opens it again with growing pauses when it is lost.
//!
//! Pictures are whole files (JPEG, PNG, WebP) or raw pixels; `vision` decodes them. Nothing here
//! looks at what is in a picture.

pub mod choice;
pub mod device;
pub mod folder;
pub mod jpeg;
pub mod latest;
pub mod mjpeg;
pub mod picture;
pub mod pushed;
pub mod run;
pub mod v4l2;

use picture::Content;

use std::fmt;
use std::time::Duration;

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

    /// The next picture, waiting for at most `limit`.
    ///
    /// # Errors
    /// Each variant of [`CameraError`]. After `Lost` it must be opened again.
    fn next(&mut self, limit: Duration) -> Result<Content, CameraError>;
}
