//! The thread of one door: takes the newest picture of its camera, looks at it, tells whoever
//! wants to know what it brought.

use crate::domain::checkin::Decision;
use crate::host::camera::latest::{Latest, Taken};
use crate::host::camera::picture::Content;
use crate::journal::fields;
use crate::surface::door::{Door, DoorError, Sighting};
use crate::vision::frame::Frame;
use crate::vision::worker::Picture;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long the thread waits for a picture before it looks whether its camera has ended.
const LOOK: Duration = Duration::from_millis(500);

/// What a picture brought, by the picture's number.
pub type Seen = Result<Sighting, DoorError>;

/// A door that is watched.
pub struct Watch {
    door: Arc<Mutex<Door>>,
    thread: JoinHandle<()>,
}

impl Watch {
    /// Starts the thread; it ends when the camera's place for pictures is closed. `tell` is
    /// called in that thread, once for each picture.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(
        door: Door,
        latest: Latest,
        mut tell: impl FnMut(u64, Seen) + Send + 'static,
    ) -> io::Result<Self> {
        let door = Arc::new(Mutex::new(door));
        let inner = Arc::clone(&door);
        let thread = std::thread::Builder::new()
            .name("door".to_owned())
            .spawn(move || {
                loop {
                    match latest.take(LOOK) {
                        Taken::Closed => return,
                        Taken::Nothing => {}
                        Taken::Picture(picture) => {
                            let seen = decoded(picture.content).and_then(|shown| {
                                let mut door = lock(&inner);
                                door.show(&shown);
                                door.look(shown)
                            });
                            log(&seen);
                            tell(picture.number, seen);
                        }
                    }
                }
            })?;
        Ok(Self { door, thread })
    }

    /// Decides now on what the last pictures showed.
    ///
    /// # Errors
    /// [`DoorError::CheckIn`].
    pub fn conclude(&self) -> Result<Decision, DoorError> {
        lock(&self.door).conclude()
    }

    /// Whether the thread has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits for the thread; true if it ended without a panic.
    #[must_use]
    pub fn join(self) -> bool {
        self.thread.join().is_ok()
    }
}

/// The picture as the engine takes it: files are decoded there, raw pixels here.
fn decoded(content: Content) -> Result<Picture, DoorError> {
    match content {
        Content::File(bytes) => Ok(Picture::Bytes(bytes)),
        Content::Yuyv(raw) => Frame::from_rgb(raw.width(), raw.height(), raw.to_rgb())
            .map(Picture::Frame)
            .map_err(|error| DoorError::Engine(error.into())),
    }
}

fn lock(door: &Mutex<Door>) -> std::sync::MutexGuard<'_, Door> {
    door.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A line for a picture that failed. What was decided is told with its commit.
fn log(seen: &Seen) {
    if let Err(error) = seen {
        tracing::warn!(
            { fields::EVENT } = "frame_failed",
            { fields::ERROR } = %error,
            "A picture of the camera brought nothing."
        );
    }
}
