//! Plain edits of pictures: what detection needs (crop, scale) and what the demo derives its
//! variants with (rotate, brighten, blur, mirror, paste). Pure; every edit makes a new frame.

use crate::vision::align::{self, Placement};
use crate::vision::frame::{Frame, FrameError};

/// The rectangle from (`left`, `top`), which may lie outside; black where there is no picture.
///
/// # Errors
/// [`FrameError::Shape`] when a side is zero, [`FrameError::TooManyPixels`] above the limits.
pub fn crop(
    frame: &Frame,
    left: i32,
    top: i32,
    width: u32,
    height: u32,
) -> Result<Frame, FrameError> {
    let blank = blank(width, height, [0; 3])?;
    paste(&blank, frame, left.saturating_neg(), top.saturating_neg())
}

/// A picture of one colour (R, G, B).
///
/// # Errors
/// As [`crop`].
pub fn blank(width: u32, height: u32, colour: [u8; 3]) -> Result<Frame, FrameError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > crate::base::limits::IMAGE_PIXELS_MAX {
        return Err(FrameError::TooManyPixels { width, height });
    }
    Frame::from_rgb(width, height, colour.repeat(pixels as usize))
}

/// `onto` with `picture` laid over it, its top left corner at (`left`, `top`); what reaches
/// beyond the edges is cut.
///
/// # Errors
/// None that a valid frame can cause; the shape is checked again.
pub fn paste(onto: &Frame, picture: &Frame, left: i32, top: i32) -> Result<Frame, FrameError> {
    let mut rgb = onto.rgb().to_vec();
    let (left, top) = (i64::from(left), i64::from(top));
    let from = (-left).max(0).min(i64::from(picture.width()));
    let to = (i64::from(onto.width()) - left).clamp(from, i64::from(picture.width()));
    let (from_byte, to_byte) = (from as usize * 3, to as usize * 3);
    let at_byte = (left + from).max(0) as usize * 3;
    let rows = picture.rgb().chunks_exact(picture.width() as usize * 3);
    for (y, row) in (0i64..).zip(rows) {
        let Ok(target_y) = usize::try_from(y + top) else {
            continue;
        };
        let start = target_y * onto.width() as usize * 3 + at_byte;
        let target = rgb.get_mut(start..start + (to_byte - from_byte));
        if let (Some(target), Some(row)) = (target, row.get(from_byte..to_byte)) {
            target.copy_from_slice(row);
        }
    }
    Frame::from_rgb(onto.width(), onto.height(), rgb)
}

/// One place of a scaled row or column: the first source pixel and the weights from there on.
struct Span {
    first: usize,
    weights: Vec<f32>,
}

/// For each target pixel the source pixels it covers: by area when shrinking, by distance of
/// the centres when growing. Weights sum to 1.
fn spans(from: u32, to: u32) -> Vec<Span> {
    let step = f64::from(from) / f64::from(to);
    let last = f64::from(from) - 1.0;
    let one = |i: u32| {
        if step > 1.0 {
            let (start, end) = (f64::from(i) * step, f64::from(i + 1) * step);
            let first = start.floor();
            let until = end.ceil().min(f64::from(from));
            let covered = |p: f64| ((p + 1.0).min(end) - p.max(start)).max(0.0);
            let weights = (0..(until - first) as u32)
                .map(|k| (covered(first + f64::from(k)) / step) as f32)
                .collect();
            return Span {
                first: first as usize,
                weights,
            };
        }
        let centre = ((f64::from(i) + 0.5) * step - 0.5).clamp(0.0, last);
        let first = centre.floor().min((last - 1.0).max(0.0));
        let right = (centre - first) as f32;
        let weights = if last < 1.0 {
            vec![1.0]
        } else {
            vec![1.0 - right, right]
        };
        Span {
            first: first as usize,
            weights,
        }
    };
    (0..to).map(one).collect()
}

/// Scales to `width` x `height`: averages areas when shrinking, interpolates when growing.
///
/// # Errors
/// As [`crop`].
pub fn scale(frame: &Frame, width: u32, height: u32) -> Result<Frame, FrameError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > crate::base::limits::IMAGE_PIXELS_MAX {
        return Err(FrameError::TooManyPixels { width, height });
    }
    if (width, height) == (frame.width(), frame.height()) || pixels == 0 {
        return Frame::from_rgb(width, height, frame.rgb().to_vec());
    }
    let columns = spans(frame.width(), width);
    let stride = frame.width() as usize * 3;
    let mut rgb = Vec::with_capacity(pixels as usize * 3);
    let mut sums = vec![0f32; stride];
    for span in spans(frame.height(), height) {
        sums.fill(0.0);
        let rows = frame.rgb().chunks_exact(stride).skip(span.first);
        for (row, weight) in rows.zip(&span.weights) {
            for (sum, v) in sums.iter_mut().zip(row) {
                *sum += f32::from(*v) * weight;
            }
        }
        shrink_row(&sums, &columns, &mut rgb);
    }
    Frame::from_rgb(width, height, rgb)
}

fn shrink_row(row: &[f32], columns: &[Span], rgb: &mut Vec<u8>) {
    for span in columns {
        let mut sum = [0.5f32; 3]; // rounds
        let from = row.get(span.first * 3..).unwrap_or_default();
        for (pixel, weight) in from.chunks_exact(3).zip(&span.weights) {
            for (s, v) in sum.iter_mut().zip(pixel) {
                *s += v * weight;
            }
        }
        rgb.extend(sum.map(|s| s as u8));
    }
}

/// Turned clockwise by `degrees` about the centre; the sides stay, the corners become black.
///
/// # Errors
/// None that a valid frame can cause; the shape is checked again.
pub fn rotate(frame: &Frame, degrees: f32) -> Result<Frame, FrameError> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (frame.width(), frame.height());
    let (cx, cy) = ((width as f32 - 1.0) / 2.0, (height as f32 - 1.0) / 2.0);
    let placed = Placement {
        origin: [cx - cos * cx - sin * cy, cy + sin * cx - cos * cy],
        column: [cos, -sin],
        row: [sin, cos],
    };
    let mut rgb = Vec::with_capacity(frame.rgb().len());
    align::sample(frame, &placed, (width, height), |p| {
        rgb.extend(p.map(|v| v.round() as u8));
    });
    Frame::from_rgb(width, height, rgb)
}

/// Every value times `factor`, cut at 255.
///
/// # Errors
/// None that a valid frame can cause; the shape is checked again.
pub fn brighten(frame: &Frame, factor: f32) -> Result<Frame, FrameError> {
    let rgb = frame
        .rgb()
        .iter()
        .map(|v| (f32::from(*v) * factor).round() as u8);
    Frame::from_rgb(frame.width(), frame.height(), rgb.collect())
}

/// Left and right exchanged.
///
/// # Errors
/// None that a valid frame can cause; the shape is checked again.
pub fn mirror(frame: &Frame) -> Result<Frame, FrameError> {
    let rows = frame.rgb().chunks_exact(frame.width() as usize * 3);
    let rgb = rows.flat_map(|row| row.chunks_exact(3).rev().flatten().copied());
    Frame::from_rgb(frame.width(), frame.height(), rgb.collect())
}

/// Gaussian blur of standard deviation `sigma` pixels (at most 20); edges repeat.
///
/// # Errors
/// None that a valid frame can cause; the shape is checked again.
pub fn blur(frame: &Frame, sigma: f32) -> Result<Frame, FrameError> {
    let sigma = sigma.clamp(0.05, 20.0);
    let reach = (3.0 * sigma).ceil() as i64;
    let bell: Vec<f32> = (-reach..=reach)
        .map(|d| (-(d as f32).powi(2) / (2.0 * sigma * sigma)).exp())
        .collect();
    let total: f32 = bell.iter().sum();
    let weights: Vec<f32> = bell.iter().map(|w| w / total).collect();
    let across = convolve(frame, &weights, [1, 0])?;
    convolve(&across, &weights, [0, 1])
}

fn convolve(frame: &Frame, weights: &[f32], step: [i64; 2]) -> Result<Frame, FrameError> {
    let (width, height) = (i64::from(frame.width()), i64::from(frame.height()));
    let reach = weights.len() as i64 / 2;
    let mut rgb = Vec::with_capacity(frame.rgb().len());
    for y in 0..height {
        for x in 0..width {
            let mut sum = [0.5f32; 3];
            for (d, weight) in (-reach..).zip(weights) {
                let px = (x + d * step[0]).clamp(0, width - 1);
                let py = (y + d * step[1]).clamp(0, height - 1);
                let at = (py * width + px) as usize * 3;
                let pixel = frame.rgb().get(at..at + 3).unwrap_or_default();
                for (s, v) in sum.iter_mut().zip(pixel) {
                    *s += f32::from(*v) * weight;
                }
            }
            rgb.extend(sum.map(|s| s as u8));
        }
    }
    Frame::from_rgb(frame.width(), frame.height(), rgb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbered(width: u32, height: u32) -> Frame {
        let rgb = (0..width * height).flat_map(|i| [i as u8, (i * 3) as u8, 7]);
        Frame::from_rgb(width, height, rgb.collect()).expect("a valid shape")
    }

    fn pixel(frame: &Frame, x: u32, y: u32) -> [u8; 3] {
        let at = ((y * frame.width() + x) * 3) as usize;
        frame.rgb()[at..at + 3].try_into().expect("three bytes")
    }

    #[test]
    fn a_crop_is_black_outside() {
        let frame = numbered(4, 3);
        let cut = crop(&frame, 2, 1, 4, 4).expect("a valid size");
        assert_eq!(pixel(&cut, 0, 0), pixel(&frame, 2, 1));
        assert_eq!(pixel(&cut, 1, 1), pixel(&frame, 3, 2));
        assert_eq!(pixel(&cut, 2, 0), [0; 3]);
        let cut = crop(&frame, -1, -1, 3, 3).expect("a valid size");
        assert_eq!(pixel(&cut, 0, 0), [0; 3]);
        assert_eq!(pixel(&cut, 1, 1), pixel(&frame, 0, 0));
        assert!(crop(&frame, i32::MIN, i32::MAX, 2, 2).is_ok());
    }

    #[test]
    fn shrinking_averages_areas() {
        let rgb = vec![0, 0, 0, 100, 100, 100, 200, 200, 200, 100, 100, 100];
        let frame = Frame::from_rgb(2, 2, rgb).expect("a valid shape");
        let one = scale(&frame, 1, 1).expect("a valid size");
        assert_eq!(one.rgb(), [100; 3]);
        // 3 to 2: the middle pixel counts half on each side.
        let frame = Frame::from_rgb(3, 1, vec![0, 0, 0, 90, 90, 90, 0, 0, 0]).expect("valid");
        assert_eq!(scale(&frame, 2, 1).expect("valid").rgb(), [30; 6]);
    }

    #[test]
    fn a_quarter_turn_moves_the_corners() {
        let turned = rotate(&numbered(3, 3), 90.0).expect("valid");
        assert_eq!(pixel(&turned, 2, 0), pixel(&numbered(3, 3), 0, 0));
        assert_eq!(pixel(&turned, 0, 0), pixel(&numbered(3, 3), 0, 2));
    }

    #[test]
    fn mirror_brighten_and_blur() {
        let frame = numbered(4, 2);
        let there = mirror(&frame).expect("valid");
        assert_eq!(pixel(&there, 0, 1), pixel(&frame, 3, 1));
        assert!(mirror(&there).expect("valid") == frame);
        let grey = blank(5, 5, [100, 50, 200]).expect("valid");
        assert_eq!(
            pixel(&brighten(&grey, 1.5).expect("valid"), 2, 2),
            [150, 75, 255]
        );
        assert!(
            blur(&grey, 2.0).expect("valid") == grey,
            "a plain area stays"
        );
    }

    proptest! {
        #[test]
        fn scaling_keeps_a_plain_colour(w in 1u32..40, h in 1u32..40, tw in 1u32..60, th in 1u32..60, v in any::<u8>()) {
            let frame = blank(w, h, [v, 0, 255]).expect("valid");
            let scaled = scale(&frame, tw, th).expect("valid");
            prop_assert!(scaled == blank(tw, th, [v, 0, 255]).expect("valid"));
        }
    }
}
