//! The kernel's side of a camera: opens `/dev/video*`, asks what it offers, takes its pictures
//! out of the memory that it shares with the kernel. Bindings are `linuxvideo`'s.

use crate::host::camera::choice::{
    Choice, Coding, Interval, Offer, nearest_interval, nearest_size,
};
use crate::host::camera::v4l2::{Driver, Layout};
use linuxvideo::format::{FrameIntervals, FrameSizes, PixFormat, PixelFormat};
use linuxvideo::stream::ReadStream;
use linuxvideo::{BufType, Device, Fract};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A device of the kernel.
pub struct Kernel {
    path: PathBuf,
    device: Option<Device>,
    stream: Option<ReadStream>,
}

impl Kernel {
    /// The device at `path`; nothing is opened yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            device: None,
            stream: None,
        }
    }
}

const fn coding(format: PixelFormat) -> Option<Coding> {
    match &format.as_fourcc() {
        b"MJPG" | b"JPEG" => Some(Coding::Jpeg),
        b"YUYV" => Some(Coding::Yuyv),
        _ => None,
    }
}

/// The bindings assert what they expect of a driver; one that answers otherwise costs the
/// camera, not the thread.
fn guarded<T>(act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(io::Error::other("its driver answers what no driver should")))
}

fn part(fraction: &Fract) -> Interval {
    (fraction.numerator(), fraction.denominator())
}

/// Many drivers do not say; that is no fault.
fn intervals(device: &Device, format: PixelFormat, (width, height): (u32, u32)) -> Vec<Interval> {
    match device.frame_intervals(format, width, height) {
        Ok(FrameIntervals::Discrete(all)) => all.iter().map(|i| part(i.fract())).collect(),
        Ok(FrameIntervals::Stepwise(bounds) | FrameIntervals::Continuous(bounds)) => {
            vec![nearest_interval(part(bounds.min()), part(bounds.max()))]
        }
        Err(_) => Vec::new(),
    }
}

fn sizes(device: &Device, format: PixelFormat) -> Vec<(u32, u32)> {
    match device.frame_sizes(format) {
        Ok(FrameSizes::Discrete(all)) => all.iter().map(|s| (s.width(), s.height())).collect(),
        Ok(FrameSizes::Stepwise(s) | FrameSizes::Continuous(s)) => vec![nearest_size(
            (s.min_width(), s.max_width(), s.step_width()),
            (s.min_height(), s.max_height(), s.step_height()),
        )],
        // It does not say: it will answer the usual size with the nearest that it has.
        Err(_) => vec![nearest_size((0, u32::MAX, 1), (0, u32::MAX, 1))],
    }
}

fn offers(device: &Device) -> io::Result<Vec<Offer>> {
    let mut all = Vec::new();
    for described in device.formats(BufType::VIDEO_CAPTURE) {
        let format = described?.pixel_format();
        let Some(coding) = coding(format) else {
            continue;
        };
        for size in sizes(device, format) {
            all.push(Offer {
                coding,
                width: size.0,
                height: size.1,
                intervals: intervals(device, format, size),
            });
        }
    }
    Ok(all)
}

/// MJPG and JPEG are the same to us; a device that has both gets its first name.
fn format_of(device: &Device, wanted: Coding) -> io::Result<PixelFormat> {
    for described in device.formats(BufType::VIDEO_CAPTURE) {
        let format = described?.pixel_format();
        if coding(format) == Some(wanted) {
            return Ok(format);
        }
    }
    Err(io::Error::other("it takes back what it offered"))
}

fn start(device: Device, choice: &Choice) -> io::Result<(ReadStream, Layout)> {
    let format = format_of(&device, choice.coding)?;
    let capture = device.video_capture(PixFormat::new(choice.width, choice.height, format))?;
    if let Some((part, of)) = choice.interval.filter(|(part, of)| *part > 0 && *of > 0) {
        // A device that keeps its own pace still sends pictures.
        let _ = capture.set_frame_interval(Fract::new(part, of));
    }
    let got = capture.format();
    let coding = coding(got.pixel_format())
        .ok_or_else(|| io::Error::other(format!("it chose {} instead", got.pixel_format())))?;
    let layout = Layout {
        coding,
        width: got.width(),
        height: got.height(),
        stride: (got.bytes_per_line() as usize).max(got.width() as usize * 2),
    };
    Ok((capture.into_stream()?, layout))
}

impl Driver for Kernel {
    fn open(&mut self) -> io::Result<Vec<Offer>> {
        self.stream = None;
        self.device = None;
        let device = guarded(|| Device::open(&self.path))?;
        let offers = guarded(|| offers(&device))?;
        self.device = Some(device);
        Ok(offers)
    }

    fn start(&mut self, choice: &Choice) -> io::Result<Layout> {
        let device = self.device.take().ok_or(io::ErrorKind::NotConnected)?;
        let (stream, layout) = guarded(|| start(device, choice))?;
        self.stream = Some(stream);
        Ok(layout)
    }

    fn wait(&mut self, limit: Duration) -> io::Result<bool> {
        let stream = self.stream.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        let mut watched = [PollFd::new(stream, PollFlags::IN)];
        let limit = Timespec::try_from(limit).map_err(io::Error::other)?;
        match poll(&mut watched, Some(&limit)) {
            Err(rustix::io::Errno::INTR) => return Ok(false),
            other => other?,
        };
        // A device that has gone says so at once and for ever: taking would wait in vain.
        let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
        let seen = watched.map(|w| w.revents());
        if seen.iter().any(|s| s.intersects(gone)) {
            return Err(rustix::io::Errno::NODEV.into());
        }
        Ok(seen.iter().any(|s| s.contains(PollFlags::IN)))
    }

    fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        guarded(|| {
            stream.dequeue(|picture| {
                let good = !picture.is_error() && !picture.is_empty();
                Ok(good.then(|| picture.to_vec()))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_camera_is_refused_by_the_kernel() {
        for (path, kind) in [
            ("/dev/no-such-camera", io::ErrorKind::NotFound),
            ("/proc/self/mem", io::ErrorKind::Other),
        ] {
            let mut kernel = Kernel::new(Path::new(path));
            let error = kernel.open().expect_err(path);
            assert!(
                error.kind() == kind || kind == io::ErrorKind::Other,
                "{error:?}"
            );
            assert!(kernel.wait(Duration::ZERO).is_err() && kernel.take().is_err());
        }
        // A device that answers every other question than a camera's.
        assert!(Kernel::new(Path::new("/dev/null")).open().is_err());
    }

    #[test]
    fn a_driver_that_breaks_its_word_costs_no_thread() {
        let error = guarded::<()>(|| panic!("unknown frame size type 7")).expect_err("caught");
        assert!(error.to_string().contains("driver"), "{error}");
        assert_eq!(guarded(|| Ok(1)).ok(), Some(1));
    }

    #[test]
    fn formats_by_their_four_letters() {
        let of = |name: &[u8; 4]| coding(PixelFormat::from_fourcc(*name));
        assert_eq!(of(b"MJPG"), Some(Coding::Jpeg));
        assert_eq!(of(b"JPEG"), Some(Coding::Jpeg));
        assert_eq!(of(b"YUYV"), Some(Coding::Yuyv));
        assert_eq!(of(b"H264"), None);
    }
}
