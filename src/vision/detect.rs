//! Finds faces and their five points.
//!
//! YuNet (`models/manifest.toml`), its heads merged: three maps of 16 channels, one cell for each 8,
//! 16 and 32 pixels. Channels 0 and 1 are logits (a face; a thing), 2 to 5 the box, 6 to 15 the
//! points. Two ways lead to a face: [`find_exact`] looks at the picture's own size and is what the
//! reference values were made with; [`find`] looks at a small copy first and then once more
//! at each wanted face alone, which is several times faster and as exact (see `docs/face.md`).

use crate::base::limits;
use crate::vision::edit;
use crate::vision::frame::{Frame, FrameError};
use crate::vision::model::{Models, RunError};
use std::fmt;

/// A cell counts as a face from this score on.
pub const SCORE_MIN: f32 = 0.7;

/// Of two faces that overlap by more than this the weaker is dropped.
const OVERLAP_MAX: f32 = 0.3;

/// A score of 0.7 is sqrt(cls x obj), so neither can be below 0.49: its logit is above -0.05.
const LOGIT_MIN: f32 = -0.05;

/// Strides of the three maps in pixels.
const STRIDES: [u32; 3] = [8, 16, 32];

/// Channels of a map.
const CHANNELS: usize = 16;

/// A face in a picture, in the picture's pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Left, top, width, height; may reach beyond the picture.
    pub bbox: [f32; 4],
    /// Eye at the picture's left, eye at its right, nose, mouth left, mouth right.
    pub landmarks: [[f32; 2]; 5],
    /// The detector's score, 0.7 to 1.
    pub score: f32,
}

impl Face {
    /// How far the nose is off the middle of the eyes, in eye distances: 0 is frontal, positive
    /// towards the picture's right, beyond 0.25 the head is turned. 0 if the eyes coincide.
    #[must_use]
    pub fn yaw(&self) -> f32 {
        let [[lx, ly], [rx, ry], [nx, ny], ..] = self.landmarks;
        let (ex, ey) = (rx - lx, ry - ly);
        let square = ex * ex + ey * ey;
        let along = (nx - (lx + rx) / 2.0) * ex + (ny - (ly + ry) / 2.0) * ey;
        if square > 0.0 { along / square } else { 0.0 }
    }

    /// The tilt of the line of the eyes in degrees, positive clockwise.
    #[must_use]
    pub fn roll_deg(&self) -> f32 {
        let [[lx, ly], [rx, ry], ..] = self.landmarks;
        (ry - ly).atan2(rx - lx).to_degrees()
    }

    /// The area of the box in pixels.
    #[must_use]
    pub fn area(&self) -> f32 {
        let [_, _, width, height] = self.bbox;
        width.max(0.0) * height.max(0.0)
    }

    /// Intersection over union of the two boxes, 0 to 1.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        overlap(&self.bbox, &other.bbox)
    }

    fn moved(&self, scale: f32, dx: f32, dy: f32) -> Self {
        let [x, y, width, height] = self.bbox;
        Self {
            bbox: [
                x * scale + dx,
                y * scale + dy,
                width * scale,
                height * scale,
            ],
            landmarks: self
                .landmarks
                .map(|[x, y]| [x * scale + dx, y * scale + dy]),
            score: self.score,
        }
    }
}

/// Intersection over union of two boxes (left, top, width, height), 0 to 1.
#[must_use]
pub fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let [ax, ay, aw, ah] = *a;
    let [bx, by, bw, bh] = *b;
    let width = (ax + aw).min(bx + bw) - ax.max(bx);
    let height = (ay + ah).min(by + bh) - ay.max(by);
    let both = width.max(0.0) * height.max(0.0);
    let either = aw * ah + bw * bh - both;
    if either > 0.0 { both / either } else { 0.0 }
}

/// Why no faces were looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum DetectError {
    /// The network failed.
    Run(RunError),
    /// The picture could not be scaled.
    Frame(FrameError),
}

impl fmt::Display for DetectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(e) => e.fmt(f),
            Self::Frame(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for DetectError {}

impl From<RunError> for DetectError {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl From<FrameError> for DetectError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

/// Looks at the picture at its own size; faces by falling score. Pictures larger than
/// [`limits::DETECT_EXACT_PIXELS_MAX`] a side are scaled down to it, so that time is bounded.
///
/// # Errors
/// [`DetectError`].
pub fn find_exact(models: &Models, frame: &Frame) -> Result<Vec<Face>, DetectError> {
    let side = frame.width().max(frame.height());
    if side > limits::DETECT_EXACT_PIXELS_MAX {
        return scaled(models, frame, limits::DETECT_EXACT_PIXELS_MAX);
    }
    Ok(run(models, frame)?)
}

/// Looks at a copy of at most 320 pixels a side; faces by falling score. Boxes are good to a few
/// pixels; landmarks are to be [`refine`]d before a face is embedded.
///
/// # Errors
/// [`DetectError`].
pub fn find(models: &Models, frame: &Frame) -> Result<Vec<Face>, DetectError> {
    if frame.width().max(frame.height()) <= limits::DETECT_WIDTH_PIXELS {
        return Ok(run(models, frame)?);
    }
    scaled(models, frame, limits::DETECT_WIDTH_PIXELS)
}

fn scaled(models: &Models, frame: &Frame, side_max: u32) -> Result<Vec<Face>, DetectError> {
    let scale = side_max as f32 / frame.width().max(frame.height()) as f32;
    let fit = |v: u32| ((v as f32 * scale).round() as u32).max(1);
    let small = edit::scale(frame, fit(frame.width()), fit(frame.height()))?;
    let back = frame.width() as f32 / small.width() as f32;
    let faces = run(models, &small)?;
    Ok(faces.iter().map(|f| f.moved(back, 0.0, 0.0)).collect())
}

/// Side of the picture of one face that [`refine`] looks at, in pixels.
const REFINE_SIDE: u32 = 160;

/// Side of the square around a face that is looked at again, in widths of its box.
const REFINE_MARGIN: f32 = 1.8;

/// Looks again at one face alone, at a size that suits the detector; the face as it was when
/// the second look finds none in its place.
///
/// # Errors
/// [`DetectError`].
pub fn refine(models: &Models, frame: &Frame, face: &Face) -> Result<Face, DetectError> {
    let [x, y, width, height] = face.bbox;
    let side = (width.max(height) * REFINE_MARGIN).round().max(8.0);
    let (left, top) = (
        (x + width / 2.0 - side / 2.0).round(),
        (y + height / 2.0 - side / 2.0).round(),
    );
    let around = edit::crop(frame, left as i32, top as i32, side as u32, side as u32)?;
    let target = REFINE_SIDE.min(side as u32);
    let small = edit::scale(&around, target, target)?;
    let scale = side / target as f32;
    let again = run(models, &small)?
        .into_iter()
        .map(|f| f.moved(scale, left, top))
        .filter(|f| f.overlap(face) > 0.4)
        .max_by(|a, b| a.overlap(face).total_cmp(&b.overlap(face)));
    Ok(again.map_or(*face, |f| Face {
        score: f.score.max(face.score),
        ..f
    }))
}

fn run(models: &Models, frame: &Frame) -> Result<Vec<Face>, RunError> {
    let (width, height) = (
        frame.width().next_multiple_of(32),
        frame.height().next_multiple_of(32),
    );
    let maps = models.run_detector(width, height, planes(frame, width, height))?;
    let mut found = Vec::new();
    for (map, stride) in maps.iter().zip(STRIDES) {
        read_map(map, width / stride, stride, &mut found);
    }
    Ok(suppress(found))
}

/// Planes B, G, R of 0 to 255, with zeros at the right and at the bottom.
fn planes(frame: &Frame, width: u32, height: u32) -> Vec<f32> {
    let (width, plane) = (width as usize, width as usize * height as usize);
    let mut out = vec![0f32; 3 * plane];
    let (blue, rest) = out.split_at_mut(plane);
    let (green, red) = rest.split_at_mut(plane);
    let rows = frame.rgb().chunks_exact(frame.width() as usize * 3);
    let targets = blue
        .chunks_exact_mut(width)
        .zip(green.chunks_exact_mut(width))
        .zip(red.chunks_exact_mut(width));
    for (from, ((b, g), r)) in rows.zip(targets) {
        for (((pixel, b), g), r) in from.chunks_exact(3).zip(b).zip(g).zip(r) {
            if let [pr, pg, pb] = pixel {
                (*r, *g, *b) = (f32::from(*pr), f32::from(*pg), f32::from(*pb));
            }
        }
    }
    out
}

/// Reads the cells of one map that pass the score. `columns` is the map's width in cells.
fn read_map(map: &[f32], columns: u32, stride: u32, found: &mut Vec<Face>) {
    let cells = map.len() / CHANNELS;
    let channel = |c: usize, cell: usize| map.get(c * cells + cell).copied().unwrap_or(0.0);
    let (Some(faces), Some(things)) = (map.get(..cells), map.get(cells..2 * cells)) else {
        return;
    };
    for (cell, (face, thing)) in faces.iter().zip(things).enumerate() {
        if *face < LOGIT_MIN || *thing < LOGIT_MIN {
            continue;
        }
        let score = (sigmoid(*face) * sigmoid(*thing)).sqrt();
        if score < SCORE_MIN {
            continue;
        }
        let (column, row) = (cell as u32 % columns.max(1), cell as u32 / columns.max(1));
        let s = stride as f32;
        let (x, y) = (column as f32, row as f32);
        let (width, height) = (channel(4, cell).exp() * s, channel(5, cell).exp() * s);
        let point = |i: usize| {
            let (px, py) = (channel(6 + 2 * i, cell), channel(7 + 2 * i, cell));
            [(x + px) * s, (y + py) * s]
        };
        let left = (x + channel(2, cell)) * s - width / 2.0;
        let top = (y + channel(3, cell)) * s - height / 2.0;
        found.push(Face {
            bbox: [left, top, width, height],
            landmarks: [point(0), point(1), point(2), point(3), point(4)],
            score,
        });
    }
}

fn sigmoid(v: f32) -> f32 {
    1.0 / (1.0 + (-v).exp())
}

/// Strongest first; drops what overlaps a stronger one, and everything beyond the limit.
fn suppress(mut found: Vec<Face>) -> Vec<Face> {
    found.retain(|f| f.bbox.iter().all(|v| v.is_finite()));
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in found {
        if kept.len() >= limits::FACES_PER_FRAME_MAX {
            break;
        }
        if kept.iter().all(|k| k.overlap(&face) <= OVERLAP_MAX) {
            kept.push(face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn face(x: f32, score: f32) -> Face {
        Face {
            bbox: [x, 0.0, 10.0, 10.0],
            landmarks: [[0.0; 2]; 5],
            score,
        }
    }

    #[test]
    fn the_stronger_of_two_overlapping_faces_stays() {
        let kept = suppress(vec![face(0.0, 0.8), face(2.0, 0.9), face(30.0, 0.75)]);
        let scores: Vec<f32> = kept.iter().map(|f| f.score).collect();
        assert_eq!(scores, [0.9, 0.75]);
        let many = (0..100).map(|i| face(i as f32 * 50.0, 0.8)).collect();
        assert_eq!(suppress(many).len(), limits::FACES_PER_FRAME_MAX);
    }

    #[test]
    fn overlap_of_boxes() {
        let a = [0.0, 0.0, 10.0, 10.0];
        assert!((overlap(&a, &a) - 1.0).abs() < 1e-6);
        assert!((overlap(&a, &[5.0, 0.0, 10.0, 10.0]) - 1.0 / 3.0).abs() < 1e-6);
        assert!(overlap(&a, &[20.0, 0.0, 10.0, 10.0]).abs() < 1e-6);
        assert!(overlap(&[0.0; 4], &[0.0; 4]).abs() < 1e-6);
    }

    #[test]
    fn a_cell_is_read_by_the_published_formula() {
        // One map of 2 x 2 cells; the cell at column 1, row 1 holds a face.
        let mut map = vec![-9.0f32; CHANNELS * 4];
        let values = [
            3.0, 4.0, 0.5, 0.25, 1.0, 2.0, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
        ];
        for (c, v) in values.iter().enumerate() {
            map[c * 4 + 3] = *v;
        }
        let mut found = Vec::new();
        read_map(&map, 2, 16, &mut found);
        let [one] = found.as_slice() else {
            panic!("{found:?}");
        };
        let (width, height) = (1f32.exp() * 16.0, 2f32.exp() * 16.0);
        let want = [24.0 - width / 2.0, 20.0 - height / 2.0, width, height];
        for (got, want) in one.bbox.iter().zip(want) {
            assert!((got - want).abs() < 1e-4);
        }
        assert!((one.landmarks[4][1] - 30.4).abs() < 1e-4);
        assert!((one.score - (0.952_574_1f32 * 0.982_013_8).sqrt()).abs() < 1e-5);
    }

    #[test]
    fn yaw_and_roll_follow_the_points() {
        let mut f = face(0.0, 1.0);
        f.landmarks = [
            [0.0, 0.0],
            [10.0, 0.0],
            [8.0, 5.0],
            [2.0, 10.0],
            [8.0, 10.0],
        ];
        assert!((f.yaw() - 0.3).abs() < 1e-6 && f.roll_deg().abs() < 1e-6);
        f.landmarks[1] = [10.0, 10.0];
        assert!((f.roll_deg() - 45.0).abs() < 1e-4);
        f.landmarks[1] = [0.0, 0.0];
        assert!(f.yaw().abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn no_map_makes_the_reader_panic(map in proptest::collection::vec(any::<f32>(), 0..200), columns in 0u32..5) {
            let mut found = Vec::new();
            read_map(&map, columns, 8, &mut found);
            prop_assert!(suppress(found).len() <= limits::FACES_PER_FRAME_MAX);
        }
    }
}
