//! The pictures of the demo's camera, all made out of two portraits: cut, rolled, scaled, lit
//! and compressed differently, and laid into a frame of 640x480.

use crate::vision::code;
use crate::vision::edit;
use crate::vision::frame::{Frame, FrameError};

/// Width of a camera frame, in pixels.
const WIDTH: u32 = 640;
/// Height of a camera frame, in pixels.
const HEIGHT: u32 = 480;
/// The wall behind the visitors.
const WALL: [u8; 3] = [96, 100, 104];
/// JPEG quality of the camera, where a variant says nothing else.
const QUALITY: u8 = 90;

/// How a portrait is changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variant {
    /// Share of each side that is cut away, half at each end: 0 to 0.2.
    pub cut: f32,
    /// Degrees by which it is turned clockwise.
    pub roll_deg: f32,
    /// Factor on the light.
    pub light: f32,
    /// Factor on the size.
    pub scale: f32,
    /// JPEG quality of the frame.
    pub quality: u8,
}

impl Variant {
    /// A variant in the camera's own JPEG quality.
    #[must_use]
    pub const fn new(cut: f32, roll_deg: f32, light: f32, scale: f32) -> Self {
        Self {
            cut,
            roll_deg,
            light,
            scale,
            quality: QUALITY,
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sides of a few hundred pixels, times factors near one"
)]
fn times(side: u32, factor: f32) -> u32 {
    ((side as f32 * factor).round() as u32).max(1)
}

fn changed(portrait: &Frame, variant: Variant) -> Result<Frame, FrameError> {
    let turned = edit::rotate(portrait, variant.roll_deg)?;
    let (width, height) = (turned.width(), turned.height());
    let (left, top) = (
        times(width, variant.cut / 2.0),
        times(height, variant.cut / 2.0),
    );
    let (inner_width, inner_height) = (width - 2 * left, height - 2 * top);
    let offset = |v: u32| i32::try_from(v).unwrap_or(0);
    let inner = edit::crop(
        &turned,
        offset(left),
        offset(top),
        inner_width,
        inner_height,
    )?;
    let sized = edit::scale(
        &inner,
        times(inner_width, variant.scale),
        times(inner_height, variant.scale),
    )?;
    edit::brighten(&sized, variant.light)
}

fn place(onto: &Frame, picture: &Frame, centre: u32) -> Result<Frame, FrameError> {
    let half = |v: u32| i32::try_from(v / 2).unwrap_or(0);
    let left = half(centre * 2) - half(picture.width());
    edit::paste(onto, picture, left, half(HEIGHT) - half(picture.height()))
}

/// A frame in which the portrait stands in the middle.
///
/// # Errors
/// None that portraits of a few hundred pixels can cause.
pub fn visitor(portrait: &Frame, variant: Variant) -> Result<Vec<u8>, FrameError> {
    let wall = edit::brighten(&edit::blank(WIDTH, HEIGHT, WALL)?, variant.light)?;
    place(&wall, &changed(portrait, variant)?, WIDTH / 2)?.encode_jpeg(variant.quality)
}

/// A frame with two people side by side.
///
/// # Errors
/// As [`visitor`].
pub fn visitors(one: &Frame, other: &Frame, variant: Variant) -> Result<Vec<u8>, FrameError> {
    let wall = edit::blank(WIDTH, HEIGHT, WALL)?;
    let first = place(&wall, &changed(one, variant)?, WIDTH / 4)?;
    place(&first, &changed(other, variant)?, WIDTH * 3 / 4)?.encode_jpeg(variant.quality)
}

/// A frame in which nobody stands.
///
/// # Errors
/// As [`visitor`].
pub fn nobody() -> Result<Vec<u8>, FrameError> {
    edit::blank(WIDTH, HEIGHT, WALL)?.encode_jpeg(QUALITY)
}

/// A frame in which somebody holds a ticket up to the camera.
///
/// # Errors
/// [`FrameError`]; a code that does not fit a QR picture counts as an empty one.
pub fn ticket(text: &str) -> Result<Vec<u8>, FrameError> {
    let picture = code::render(text)
        .map_err(|_| FrameError::Empty)?
        .to_frame();
    let side = HEIGHT * 2 / 3;
    let held = edit::scale(&picture, side, side)?;
    let wall = edit::blank(WIDTH, HEIGHT, WALL)?;
    place(&wall, &held, WIDTH / 2)?.encode_jpeg(QUALITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_in_a_frame_can_be_read() {
        let frame = Frame::decode(&ticket("HADIR-DEMO-1").expect("frame")).expect("jpeg");
        assert_eq!(code::find_codes(&frame.luma()), ["HADIR-DEMO-1"]);
    }

    #[test]
    fn variants_differ_and_frames_have_the_camera_s_size() {
        let portrait = edit::blank(288, 288, [200, 150, 120]).expect("portrait");
        let one = visitor(&portrait, Variant::new(0.0, 0.0, 0.5, 0.7)).expect("frame");
        let other = visitor(&portrait, Variant::new(0.2, 10.0, 0.6, 0.75)).expect("frame");
        assert_ne!(one, other);
        let frame = Frame::decode(&other).expect("jpeg");
        assert_eq!((frame.width(), frame.height()), (WIDTH, HEIGHT));
    }
}
