//! A camera whose pictures are handed in by a caller: a browser's, a phone's, the demo's.

use crate::host::camera::latest::{Latest, Taken};
use crate::host::camera::picture::Content;
use crate::host::camera::{CameraError, Source};
use std::time::Duration;

/// The caller's end. Dropping it ends the camera.
#[derive(Debug)]
pub struct Pusher(Latest);

impl Pusher {
    /// Hands a picture in; an older one that the camera has not taken yet is dropped.
    pub fn push(&self, bytes: Vec<u8>) {
        self.0.put(bytes);
    }
}

impl Drop for Pusher {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The camera's end.
#[derive(Debug)]
pub struct Pushed(Latest);

/// A camera and the end to push its pictures into.
#[must_use]
pub fn pushed() -> (Pusher, Pushed) {
    let latest = Latest::default();
    (Pusher(latest.clone()), Pushed(latest))
}

impl Source for Pushed {
    fn open(&mut self) -> Result<(), CameraError> {
        Ok(())
    }

    fn next(&mut self, limit: Duration) -> Result<Content, CameraError> {
        match self.0.take(limit) {
            Taken::Picture(picture) => Ok(picture.content),
            Taken::Nothing => Err(CameraError::Silent),
            Taken::Closed => Err(CameraError::Ended),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_arrive_and_the_end_is_seen() {
        let (pusher, mut camera) = pushed();
        camera.open().expect("open");
        assert_eq!(camera.next(Duration::ZERO), Err(CameraError::Silent));
        pusher.push(vec![1]);
        assert_eq!(camera.next(Duration::ZERO), Ok(vec![1].into()));
        drop(pusher);
        assert_eq!(
            camera.next(Duration::from_secs(20)),
            Err(CameraError::Ended)
        );
    }
}
