//! A webcam without a webcam: a driver that plays one, from its plug to the engine's picture.

use crate::support::desk::Desk;
use crate::support::program::root;
use crate::support::{LONG, eventually};
use hadir::host::camera::choice::{Choice, Coding, Offer};
use hadir::host::camera::jpeg;
use hadir::host::camera::latest::Taken;
use hadir::host::camera::picture::{Content, Yuyv};
use hadir::host::camera::run::{Camera, CameraState};
use hadir::host::camera::v4l2::{Driver, Layout, V4l2};
use hadir::surface::door::Aim;
use hadir::vision::frame::Frame;
use hadir::vision::worker::Picture;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the kernel says of a device that has gone: ENOENT at its path, ENODEV at what is open.
const NOT_THERE: i32 = 2;
const GONE: i32 = 19;

#[derive(Default)]
struct State {
    plugged: bool,
    opened: u32,
    sent: u8,
}

/// A webcam that numbers its pictures.
#[derive(Clone, Default)]
struct Webcam(Arc<Mutex<State>>);

impl Webcam {
    fn plug(&self, plugged: bool) {
        self.0.lock().expect("state").plugged = plugged;
    }
    fn opened(&self) -> u32 {
        self.0.lock().expect("state").opened
    }
    fn there(&self, otherwise: i32) -> io::Result<()> {
        let there = self.0.lock().expect("state").plugged;
        there
            .then_some(())
            .ok_or_else(|| io::Error::from_raw_os_error(otherwise))
    }
}

impl Driver for Webcam {
    fn open(&mut self) -> io::Result<Vec<Offer>> {
        self.0.lock().expect("state").opened += 1;
        self.there(NOT_THERE)?;
        Ok(vec![Offer {
            coding: Coding::Yuyv,
            width: 2,
            height: 1,
            intervals: vec![],
        }])
    }
    fn start(&mut self, choice: &Choice) -> io::Result<Layout> {
        Ok(Layout {
            coding: choice.coding,
            width: choice.width,
            height: choice.height,
            stride: 4,
        })
    }
    fn wait(&mut self, _: Duration) -> io::Result<bool> {
        std::thread::park_timeout(Duration::from_millis(2));
        self.there(GONE).map(|()| true)
    }
    fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut state = self.0.lock().expect("state");
        state.sent = state.sent.wrapping_add(1);
        Ok(Some(vec![state.sent, 128, state.sent, 128]))
    }
}

fn why(camera: &Camera) -> String {
    match camera.state() {
        CameraState::Lost(why) => why,
        other @ (CameraState::Opening | CameraState::On | CameraState::Ended) => {
            format!("{other:?}")
        }
    }
}

#[test]
fn a_webcam_that_is_plugged_in_later_and_pulled_out_is_told_each_time() {
    let webcam = Webcam::default();
    let source = V4l2::new("/dev/video0".into(), webcam.clone());
    let mut camera = Camera::start("door", Box::new(source)).expect("start");
    eventually(LONG, "it is missed at the start", || {
        why(&camera).contains("/dev/video0: there is no such device")
    });
    eventually(LONG, "it is tried again", || webcam.opened() > 1);
    webcam.plug(true);
    eventually(LONG, "pictures", || camera.state() == CameraState::On);
    let opened = webcam.opened();
    webcam.plug(false);
    eventually(LONG, "it is missed again", || {
        camera.state() != CameraState::On
    });
    // Either of the two is true, as the pull falls.
    let told = why(&camera);
    assert!(
        told.contains("unplugged") || told.contains("no such device"),
        "{told}"
    );
    webcam.plug(true);
    eventually(LONG, "pictures again", || camera.state() == CameraState::On);
    assert!(webcam.opened() > opened, "it was opened anew");
    camera.stop();
}

#[test]
fn the_newest_picture_of_a_webcam_wins() {
    let webcam = Webcam::default();
    webcam.plug(true);
    let source = V4l2::new("/dev/video0".into(), webcam);
    let mut camera = Camera::start("door", Box::new(source)).expect("start");
    eventually(LONG, "twenty pictures that nobody took", || {
        camera.latest().counts().0 >= 20
    });
    let Taken::Picture(picture) = camera.latest().take(LONG) else {
        panic!("there are pictures");
    };
    assert!(picture.number >= 20, "an old one: {}", picture.number);
    let sent = (picture.number % 256) as u8;
    let want = Yuyv::new(2, 1, 4, vec![sent, 128, sent, 128]).map(Content::Yuyv);
    assert_eq!(Some(picture.content), want);
    camera.stop();
}

fn reference() -> Vec<u8> {
    std::fs::read(root().join("tests/reference/single_640x480.jpg")).expect("a picture")
}

/// The file without its Huffman tables, as most webcams send it.
fn without_tables(file: &[u8]) -> Vec<u8> {
    let mut out = file[..2].to_vec();
    let mut at = 2;
    while file[at + 1] != 0xda {
        let length = 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
        if file[at + 1] != 0xc4 {
            out.extend(&file[at..at + length]);
        }
        at += length;
    }
    out.extend(&file[at..]);
    out
}

#[test]
fn a_picture_without_tables_is_the_same_picture() {
    // The encoder writes the usual tables, so that they can be left out.
    let frame = Frame::decode(&reference()).expect("a picture");
    let file = frame.encode_jpeg(85).expect("a file");
    let bare = without_tables(&file);
    assert!(bare.len() + 400 < file.len(), "something was left out");
    let mut sent = bare.clone();
    sent.extend([0; 4096]);
    let made = jpeg::whole(&sent).expect("whole");
    let (made, want) = (Frame::decode(&made), Frame::decode(&file));
    assert_eq!(made.expect("decodes"), want.expect("decodes"));
    assert_eq!(jpeg::whole(&bare[..bare.len() / 2]), None, "cut off");
}

/// Pixels as a webcam has them, from the definition of BT.601 in limited range.
fn to_yuyv(frame: &Frame) -> Vec<u8> {
    let mut out = Vec::new();
    for pair in frame.rgb().chunks_exact(6) {
        let of = |p: &[u8]| {
            let [r, g, b] = [p[0], p[1], p[2]].map(|c| f64::from(c) / 255.0);
            let y = 0.299 * r + 0.587 * g + 0.114 * b;
            (y, (b - y) / 1.772, (r - y) / 1.402)
        };
        let (left, right) = (of(&pair[..3]), of(&pair[3..]));
        let luma = |y: f64| (16.0 + 219.0 * y).round() as u8;
        let chroma = |a: f64, b: f64| (128.0 + 224.0 * f64::midpoint(a, b)).round() as u8;
        out.extend([
            luma(left.0),
            chroma(left.1, right.1),
            luma(right.0),
            chroma(left.2, right.2),
        ]);
    }
    out
}

#[test]
fn raw_pixels_are_the_picture_that_was_filmed() {
    let frame = Frame::decode(&reference()).expect("a picture");
    let (width, height) = (frame.width(), frame.height());
    let raw = Yuyv::new(width, height, width as usize * 2, to_yuyv(&frame)).expect("whole");
    let seen = Frame::from_rgb(width, height, raw.to_rgb()).expect("a frame");
    let off: u64 = (frame.rgb().iter().zip(seen.rgb()))
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    let mean = off as f64 / frame.rgb().len() as f64;
    assert!(mean < 2.0, "colours of pairs are shared, no more: {mean}");
    let grey: u64 = (frame.luma().grey().iter().zip(seen.luma().grey()))
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    assert!(grey / frame.luma().grey().len() as u64 <= 1, "{grey}");
}

#[test]
fn raw_pixels_are_compressed_for_a_screen_that_watches() {
    let desk = Desk::new();
    let door = desk.door(Aim::Today);
    let camera = door.post().device.expect("a device");
    let frame = Frame::decode(&reference()).expect("a picture");
    let stream = desk.core.live.preview(camera).expect("room");
    door.show(&Picture::Frame(frame.clone()));
    let shown = stream.drain();
    let file = frame.encode_jpeg(75).expect("a file");
    let length = format!("Content-Length: {}\r\n", file.len());
    assert!(
        shown.starts_with("--hadir-picture\r\nContent-Type: image/jpeg\r\n")
            && shown.contains(&length),
        "{}",
        shown.chars().take(120).collect::<String>()
    );
}
