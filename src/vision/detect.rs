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

/// Windows that [`refine`] looks through, width and height in pixels: few, because each is an input
/// size of the detector, and taller than wide, as faces are.
const WINDOWS: [(u32, u32); 4] = [(128, 160), (160, 192), (192, 256), (256, 320)];

/// What a window shows around a face, as a share of the face's box on each side.
const MARGIN: f32 = 0.2;

/// The detector's coarsest cell; a window that starts on it has its cells where those of the whole
/// picture are.
const CELL: u32 = 32;

/// A window onto a picture that was halved `halvings` times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    left: i32,
    top: i32,
    size: (u32, u32),
    halvings: u32,
}

/// The smallest window that shows the whole face, at full resolution if one is large enough; None
/// when the first look was at least as fine.
fn window(frame: &Frame, face: &Face) -> Option<Window> {
    let side = frame.width().max(frame.height());
    let mut halvings = 0;
    while limits::DETECT_WIDTH_PIXELS << halvings < side {
        let cell = (CELL << halvings) as f32;
        let [x, y, width, height] = face.bbox;
        let from = |at: f32, length: f32| ((at - MARGIN * length) / cell).floor();
        let to = |at: f32, length: f32| ((at + length * (1.0 + MARGIN)) / cell).ceil();
        let (left, top) = (from(x, width), from(y, height));
        let cells = |from: f32, to: f32| ((to - from).max(1.0) as u32).saturating_mul(CELL);
        let needed = (cells(left, to(x, width)), cells(top, to(y, height)));
        let fits = |w: &&(u32, u32)| w.0 >= needed.0 && w.1 >= needed.1;
        if let Some(size) = WINDOWS.iter().find(fits) {
            return Some(Window {
                left: (left * cell) as i32,
                top: (top * cell) as i32,
                size: *size,
                halvings,
            });
        }
        halvings += 1;
    }
    None
}

/// Looks again at one face alone, through a window whose cells lie where those of the whole
/// picture would: its landmarks then come out as in [`find_exact`], for a tenth of the time.
/// The face stays as it was when the first look was as fine, or the second finds none in its place.
///
/// Landmarks depend on scale and on where the cells lie; a second look at another scale
/// or place is no better than the first (`docs/face.md` has the numbers).
///
/// # Errors
/// [`DetectError`].
pub fn refine(models: &Models, frame: &Frame, face: &Face) -> Result<Face, DetectError> {
    let Some(window) = window(frame, face) else {
        return Ok(*face);
    };
    let ((width, height), factor) = (window.size, 1u32 << window.halvings);
    let full = (width * factor, height * factor);
    let mut seen = edit::crop(frame, window.left, window.top, full.0, full.1)?;
    if factor > 1 {
        seen = edit::scale(&seen, width, height)?;
    }
    let again = run(models, &seen)?
        .into_iter()
        .map(|f| f.moved(factor as f32, window.left as f32, window.top as f32))
        .max_by(|a, b| a.overlap(face).total_cmp(&b.overlap(face)))
        .filter(|f| f.overlap(face) > 0.4);
    Ok(again.unwrap_or(*face))
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

    #[test]
    fn a_window_starts_on_a_cell_and_shows_the_whole_face() {
        let frame = edit::blank(640, 480, [0; 3]).expect("valid");
        let at = |bbox| Face {
            bbox,
            ..face(0.0, 0.9)
        };
        let seen = window(&frame, &at([278.0, 61.0, 82.0, 104.0])).expect("small");
        assert_eq!(
            (seen.left, seen.top, seen.size, seen.halvings),
            (256, 32, (128, 160), 0)
        );
        let seen = window(&frame, &at([-20.0, -20.0, 60.0, 60.0])).expect("at the edge");
        assert_eq!((seen.left, seen.top), (-32, -32));
        // As fine as the first look already: a large face, a small picture.
        assert_eq!(window(&frame, &at([100.0, 50.0, 300.0, 400.0])), None);
        let small = edit::blank(320, 240, [0; 3]).expect("valid");
        assert_eq!(window(&small, &at([100.0, 50.0, 60.0, 80.0])), None);
        let large = edit::blank(1920, 1080, [0; 3]).expect("valid");
        let seen = window(&large, &at([500.0, 300.0, 300.0, 380.0])).expect("halved");
        assert_eq!((seen.left % 64, seen.top % 64, seen.halvings), (0, 0, 1));
    }

    proptest! {
        #[test]
        fn no_face_makes_the_window_panic(bbox in proptest::array::uniform4(any::<f32>()), w in 1u32..2000, h in 1u32..2000) {
            let frame = edit::blank(w, h, [0; 3]).expect("valid");
            if let Some(window) = window(&frame, &Face { bbox, ..face(0.0, 0.9) }) {
                prop_assert!(edit::crop(&frame, window.left, window.top, window.size.0, window.size.1).is_ok());
            }
        }

        #[test]
        fn no_map_makes_the_reader_panic(map in proptest::collection::vec(any::<f32>(), 0..200), columns in 0u32..5) {
            let mut found = Vec::new();
            read_map(&map, columns, 8, &mut found);
            prop_assert!(suppress(found).len() <= limits::FACES_PER_FRAME_MAX);
        }
    }
}
