//! A camera of the kernel (V4L2): what is asked of it, and what becomes of what it sends. What
//! speaks with the kernel is behind [`Driver`]; a test has one of its own.
//!
//! Nothing here touches exposure, gain or white balance: the driver sees more of the room than
//! we do.

use crate::base::limits;
use crate::host::camera::choice::{Choice, Coding, Offer, choose};
use crate::host::camera::picture::{Content, Yuyv};
use crate::host::camera::{CameraError, Source, jpeg};
use std::io;
use std::time::Duration;

/// What the device made of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// How pictures are written.
    pub coding: Coding,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Bytes from a row to the next, of raw pictures.
    pub stride: usize,
}

/// A device as the kernel shows it. After an error it is opened anew.
pub trait Driver: Send {
    /// Opens the device, closing what was open, and asks what it offers.
    ///
    /// # Errors
    /// The system's.
    fn open(&mut self) -> io::Result<Vec<Offer>>;

    /// Begins to send pictures; the device may choose otherwise.
    ///
    /// # Errors
    /// The system's.
    fn start(&mut self, choice: &Choice) -> io::Result<Layout>;

    /// Whether a picture is there within `limit`.
    ///
    /// # Errors
    /// The system's; a device that has gone.
    fn wait(&mut self, limit: Duration) -> io::Result<bool>;

    /// The next picture, as it arrived; None for one that the device itself calls damaged.
    ///
    /// # Errors
    /// The system's; a device that has gone.
    fn take(&mut self) -> io::Result<Option<Vec<u8>>>;
}

/// The camera.
pub struct V4l2<D> {
    name: String,
    driver: D,
    layout: Option<Layout>,
    damaged: u32,
}

impl<D: Driver> V4l2<D> {
    /// A camera over `driver`; `name` is for messages.
    pub const fn new(name: String, driver: D) -> Self {
        Self {
            name,
            driver,
            layout: None,
            damaged: 0,
        }
    }

    fn lost(&self, why: &str) -> CameraError {
        CameraError::Lost(format!("{}: {why}", self.name))
    }

    fn fault(&self, error: &io::Error) -> CameraError {
        let text = error.to_string();
        self.lost(match error.raw_os_error() {
            Some(NO_FILE) => "there is no such device; is it plugged in?",
            Some(NO_RIGHT) => {
                "it may not be opened; the service's user has to be in the group video"
            }
            Some(BUSY) => "another program uses it",
            Some(NO_DEVICE) => "it was unplugged",
            Some(_) | None => &text,
        })
    }

    fn content(&self, bytes: Vec<u8>) -> Option<Content> {
        let layout = self.layout?;
        if bytes.len() > limits::CAMERA_PICTURE_BYTES_MAX {
            return None;
        }
        match layout.coding {
            Coding::Jpeg => jpeg::whole(&bytes).map(Content::File),
            Coding::Yuyv => {
                Yuyv::new(layout.width, layout.height, layout.stride, bytes).map(Content::Yuyv)
            }
        }
    }
}

// The system's errors that say more than their text.
/// `ENOENT`.
const NO_FILE: i32 = 2;
/// `EACCES`.
const NO_RIGHT: i32 = 13;
/// `EBUSY`.
const BUSY: i32 = 16;
/// `ENODEV`.
const NO_DEVICE: i32 = 19;

impl<D: Driver> Source for V4l2<D> {
    fn open(&mut self) -> Result<(), CameraError> {
        self.layout = None;
        self.damaged = 0;
        let offers = self.driver.open().map_err(|e| self.fault(&e))?;
        let choice = choose(&offers).ok_or_else(|| {
            self.lost("it offers pictures neither as MJPEG nor as YUYV; is it a camera?")
        })?;
        let layout = self.driver.start(&choice).map_err(|e| self.fault(&e))?;
        tracing::debug!(
            "{} sends {}x{} as {}.",
            self.name,
            layout.width,
            layout.height,
            layout.coding.word()
        );
        self.layout = Some(layout);
        Ok(())
    }

    fn next(&mut self, limit: Duration) -> Result<Content, CameraError> {
        if self.layout.is_none() {
            return Err(self.lost("it is not open"));
        }
        if !self.driver.wait(limit).map_err(|e| self.fault(&e))? {
            return Err(CameraError::Silent);
        }
        let taken = self.driver.take().map_err(|e| self.fault(&e))?;
        if let Some(content) = taken.and_then(|bytes| self.content(bytes)) {
            self.damaged = 0;
            return Ok(content);
        }
        self.damaged += 1;
        if self.damaged >= limits::CAMERA_DAMAGED_MAX {
            return Err(self.lost("its pictures arrive damaged; try another cable or port"));
        }
        Err(CameraError::Silent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [u8; 12] = [0xff, 0xd8, 0xff, 0xc4, 0, 2, 0xff, 0xda, 0, 2, 0xff, 0xd9];

    /// A device whose every answer is written down.
    #[derive(Default)]
    struct Script {
        offers: Vec<io::Result<Vec<Offer>>>,
        layout: Option<Layout>,
        asked: Vec<Choice>,
        pictures: Vec<io::Result<Option<Vec<u8>>>>,
    }

    impl Driver for Script {
        fn open(&mut self) -> io::Result<Vec<Offer>> {
            self.offers.remove(0)
        }
        fn start(&mut self, choice: &Choice) -> io::Result<Layout> {
            self.asked.push(*choice);
            self.layout.ok_or_else(|| io::Error::from_raw_os_error(16))
        }
        fn wait(&mut self, _: Duration) -> io::Result<bool> {
            Ok(!self.pictures.is_empty())
        }
        fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
            self.pictures.remove(0)
        }
    }

    fn offer(coding: Coding) -> io::Result<Vec<Offer>> {
        Ok(vec![Offer {
            coding,
            width: 2,
            height: 1,
            intervals: vec![(1, 30)],
        }])
    }

    fn camera(coding: Coding, pictures: Vec<io::Result<Option<Vec<u8>>>>) -> V4l2<Script> {
        let script = Script {
            offers: vec![offer(coding), offer(coding)],
            layout: Some(Layout {
                coding,
                width: 2,
                height: 1,
                stride: 4,
            }),
            asked: Vec::new(),
            pictures,
        };
        let mut camera = V4l2::new("v4l2:/dev/video0".into(), script);
        camera.open().expect("open");
        camera
    }

    const LIMIT: Duration = Duration::ZERO;

    fn why(result: Result<Content, CameraError>) -> String {
        match result {
            Err(CameraError::Lost(why)) => why,
            other => panic!("not lost: {other:?}"),
        }
    }

    #[test]
    fn pictures_come_as_they_are_written() {
        let mut jpeg = camera(Coding::Jpeg, vec![Ok(Some(WHOLE.to_vec()))]);
        assert_eq!(jpeg.next(LIMIT), Ok(Content::File(WHOLE.to_vec())));
        assert_eq!(jpeg.next(LIMIT), Err(CameraError::Silent));
        let mut raw = camera(Coding::Yuyv, vec![Ok(Some(vec![1, 2, 3, 4]))]);
        let want = Yuyv::new(2, 1, 4, vec![1, 2, 3, 4]).map(Content::Yuyv);
        assert_eq!(raw.next(LIMIT).ok(), want);
        assert_eq!(raw.driver.asked[0].interval, Some((1, 30)));
    }

    #[test]
    fn a_damaged_picture_is_left_out_and_many_lose_the_camera() {
        let torn = || Ok(Some(WHOLE[..11].to_vec()));
        let many = limits::CAMERA_DAMAGED_MAX as usize;
        let mut pictures: Vec<_> = (1..many).map(|_| torn()).collect();
        pictures.extend([Ok(Some(WHOLE.to_vec())), Ok(None)]);
        pictures.extend((1..many).map(|_| torn()));
        let mut camera = camera(Coding::Jpeg, pictures);
        for _ in 1..many {
            assert_eq!(camera.next(LIMIT), Err(CameraError::Silent));
        }
        assert!(camera.next(LIMIT).is_ok());
        for _ in 1..many {
            assert_eq!(camera.next(LIMIT), Err(CameraError::Silent));
        }
        assert!(why(camera.next(LIMIT)).contains("damaged"));
    }

    #[test]
    fn each_fault_says_what_to_do() {
        let table = [
            (2, "is it plugged in"),
            (13, "group video"),
            (16, "another program"),
            (19, "unplugged"),
            (28, "No space left"),
        ];
        for (number, want) in table {
            let fault = || io::Error::from_raw_os_error(number);
            let mut away = V4l2::new("v4l2:/dev/video9".into(), Script::default());
            away.driver.offers = vec![Err(fault())];
            let text = why(away.open().map(|()| Content::File(vec![])));
            assert!(
                text.contains(want) && text.contains("/dev/video9"),
                "{text}"
            );
            let mut going = camera(Coding::Jpeg, vec![Err(fault())]);
            assert!(why(going.next(LIMIT)).contains(want));
        }
        let mut other = V4l2::new("x".into(), Script::default());
        other.driver.offers = vec![Ok(vec![]), offer(Coding::Jpeg)];
        let told = why(other.open().map(|()| Content::File(vec![])));
        assert!(told.contains("MJPEG"), "{told}");
        assert!(why(other.next(LIMIT)).contains("not open"));
        let busy = why(other.open().map(|()| Content::File(vec![])));
        assert!(busy.contains("another program"), "{busy}");
    }

    #[test]
    fn it_is_opened_again_after_it_was_lost() {
        let gone = || Err(io::Error::from_raw_os_error(NO_DEVICE));
        let mut camera = camera(Coding::Jpeg, vec![gone(), Ok(Some(WHOLE.to_vec()))]);
        assert!(why(camera.next(LIMIT)).contains("unplugged"));
        camera.open().expect("again");
        assert!(camera.next(LIMIT).is_ok());
    }
}
