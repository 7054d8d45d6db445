//! The thread of one camera: opens it, passes on the newest picture, notices when nothing
//! comes any more, and opens it again with pauses that double up to a limit.

use crate::base::limits;
use crate::host::camera::latest::Latest;
use crate::host::camera::{CameraError, Source};
use crate::journal::fields;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long the thread waits for a picture before it looks whether it should stop.
const LOOK: Duration = Duration::from_millis(250);

/// How a camera is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraState {
    /// It has not sent a picture yet.
    Opening,
    /// It sends pictures.
    On,
    /// It sends none; the text says why. It is tried again.
    Lost(String),
    /// It has come to its end or was stopped.
    Ended,
}

/// A camera that runs.
#[derive(Debug)]
pub struct Camera {
    name: String,
    latest: Latest,
    state: Arc<Mutex<CameraState>>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Camera {
    /// Starts the camera's thread. `name` is for logs and states.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(name: &str, source: Box<dyn Source>) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let latest = Latest::default();
        let state = Arc::new(Mutex::new(CameraState::Opening));
        let mut worker = Worker {
            name: name.to_owned(),
            source,
            latest: latest.clone(),
            state: state.clone(),
            stopped,
        };
        let thread = std::thread::Builder::new()
            .name(format!("camera-{name}").chars().take(15).collect())
            .spawn(move || worker.run())?;
        Ok(Self {
            name: name.to_owned(),
            latest,
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The camera's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The place where its newest picture is.
    #[must_use]
    pub const fn latest(&self) -> &Latest {
        &self.latest
    }

    /// How it is.
    #[must_use]
    pub fn state(&self) -> CameraState {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Asks the thread to stop and waits for it: at most as long as the source takes for
    /// one look of a quarter of a second.
    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A camera thread that panicked has nothing left to stop.
            let _ = thread.join();
        }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The pause after this one.
fn longer(pause_ms: u64) -> u64 {
    (pause_ms * 2).min(limits::CAMERA_RETRY_MS_MAX)
}

struct Worker {
    name: String,
    source: Box<dyn Source>,
    latest: Latest,
    state: Arc<Mutex<CameraState>>,
    stopped: Receiver<()>,
}

impl Worker {
    fn run(&mut self) {
        let mut pause_ms = limits::CAMERA_RETRY_MS_MIN;
        loop {
            match self.play(&mut pause_ms) {
                CameraError::Ended => break,
                error @ (CameraError::Silent | CameraError::Lost(_)) => self.lost(&error),
            }
            if self.stops_within(Duration::from_millis(pause_ms)) {
                break;
            }
            pause_ms = longer(pause_ms);
        }
        self.set(CameraState::Ended);
        self.latest.close();
    }

    /// Opens the camera and passes pictures on until it fails, ends or shall stop.
    fn play(&mut self, pause_ms: &mut u64) -> CameraError {
        if let Err(error) = self.source.open() {
            return error;
        }
        let mut silent = Duration::ZERO;
        let mut pictures = 0;
        loop {
            if self.stops_within(Duration::ZERO) {
                return CameraError::Ended;
            }
            match self.source.next(LOOK) {
                Ok(content) => {
                    silent = Duration::ZERO;
                    pictures += 1;
                    // A loose cable gives a picture now and then: that is no reason to hurry.
                    if pictures == limits::CAMERA_STEADY_PICTURES {
                        *pause_ms = limits::CAMERA_RETRY_MS_MIN;
                    }
                    self.on();
                    self.latest.put(content);
                }
                Err(CameraError::Silent) => {
                    silent += LOOK;
                    if silent >= Duration::from_millis(limits::CAMERA_SILENT_MS_MAX) {
                        return CameraError::Silent;
                    }
                }
                Err(error) => return error,
            }
        }
    }

    fn stops_within(&self, limit: Duration) -> bool {
        match self.stopped.recv_timeout(limit) {
            Err(RecvTimeoutError::Timeout) => false,
            Ok(()) | Err(RecvTimeoutError::Disconnected) => true,
        }
    }

    fn set(&self, state: CameraState) -> CameraState {
        let mut now = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut now, state)
    }

    fn on(&self) {
        if let CameraState::Lost(_) = self.set(CameraState::On) {
            tracing::info!(
                { fields::EVENT } = "camera_back",
                { fields::MESSAGE_ID } = fields::CAMERA_BACK,
                "Camera {} sends pictures again.",
                self.name
            );
        }
    }

    fn lost(&self, error: &CameraError) {
        let before = self.set(CameraState::Lost(error.to_string()));
        if !matches!(before, CameraState::Lost(_)) {
            tracing::warn!(
                { fields::EVENT } = "camera_lost",
                { fields::MESSAGE_ID } = fields::CAMERA_LOST,
                { fields::ERROR } = %error,
                "Camera {} is lost ({error}); it will be tried again.",
                self.name
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::camera::latest::Taken;
    use crate::host::camera::picture::Content;

    /// A camera that does what a list says; each opening takes the next list.
    struct Script(
        Vec<Vec<Result<u8, CameraError>>>,
        Vec<Result<u8, CameraError>>,
    );

    impl Source for Script {
        fn open(&mut self) -> Result<(), CameraError> {
            if self.0.is_empty() {
                return Err(CameraError::Ended);
            }
            self.1 = self.0.remove(0);
            Ok(())
        }
        fn next(&mut self, _: Duration) -> Result<Content, CameraError> {
            if self.1.is_empty() {
                return Err(CameraError::Lost("cut".into()));
            }
            self.1.remove(0).map(|b| vec![b].into())
        }
    }

    fn worker(script: Script, stopped: Receiver<()>) -> Worker {
        Worker {
            name: "door".into(),
            source: Box::new(script),
            latest: Latest::default(),
            state: Arc::new(Mutex::new(CameraState::Opening)),
            stopped,
        }
    }

    fn newest(camera: &Camera) -> Content {
        match camera.latest().take(Duration::from_secs(20)) {
            Taken::Picture(picture) => picture.content,
            other @ (Taken::Nothing | Taken::Closed) => panic!("no picture: {other:?}"),
        }
    }

    #[test]
    fn a_lost_camera_is_opened_again_until_it_ends() {
        let script = Script(vec![vec![Ok(1)], vec![Ok(2)]], vec![]);
        let camera = Camera::start("door", Box::new(script)).expect("start");
        assert_eq!(newest(&camera), vec![1].into());
        assert_eq!(newest(&camera), vec![2].into());
        assert_eq!(camera.latest().take(Duration::from_secs(20)), Taken::Closed);
        assert_eq!(camera.state(), CameraState::Ended);
    }

    #[test]
    fn pauses_double_up_to_their_limit_and_start_anew_after_a_steady_while() {
        let first = limits::CAMERA_RETRY_MS_MIN;
        let pauses: Vec<u64> = std::iter::successors(Some(first), |p| Some(longer(*p)))
            .take(7)
            .collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
        let steady = limits::CAMERA_STEADY_PICTURES;
        for (pictures, want) in [(steady - 1, 8000), (steady, 500)] {
            let all = (0..pictures).map(|_| Ok(1)).collect();
            let (_stop, stopped) = channel();
            let mut worker = worker(Script(vec![all], vec![]), stopped);
            let mut pause_ms = 8000;
            worker.play(&mut pause_ms);
            assert_eq!(pause_ms, want, "{pictures} pictures");
        }
    }

    #[test]
    fn a_camera_that_is_not_there_is_lost_with_its_reason_until_it_sends() {
        let (_stop, stopped) = channel();
        let script = Script(vec![vec![], vec![Err(CameraError::Silent), Ok(1)]], vec![]);
        let mut worker = worker(script, stopped);
        let error = worker.play(&mut 1);
        assert_eq!(*worker.state.lock().expect("state"), CameraState::Opening);
        worker.lost(&error);
        let lost = CameraState::Lost("cut".into());
        assert_eq!(*worker.state.lock().expect("state"), lost);
        worker.source.open().expect("there again");
        assert_eq!(*worker.state.lock().expect("state"), lost, "not yet");
        worker.on();
        assert_eq!(*worker.state.lock().expect("state"), CameraState::On);
    }

    #[test]
    fn twelve_silent_looks_lose_a_camera() {
        let silent = vec![Err(CameraError::Silent); 12];
        let (_stop, stopped) = channel();
        let script = Script(vec![silent.clone(), silent[..11].to_vec()], vec![]);
        let mut worker = worker(script, stopped);
        assert_eq!(worker.play(&mut 1), CameraError::Silent);
        assert_eq!(
            worker.play(&mut 1),
            CameraError::Lost("cut".into()),
            "eleven are not enough"
        );
    }

    #[test]
    fn a_camera_stops_at_once() {
        struct Quiet;
        impl Source for Quiet {
            fn open(&mut self) -> Result<(), CameraError> {
                Err(CameraError::Lost("not there".into()))
            }
            fn next(&mut self, _: Duration) -> Result<Content, CameraError> {
                Err(CameraError::Silent)
            }
        }
        let mut camera = Camera::start("door", Box::new(Quiet)).expect("start");
        camera.stop();
        assert_eq!(camera.state(), CameraState::Ended);
    }
}
