//! Turns, scales and shifts a face so that its five points lie where the embedder expects them.
//!
//! Called between detection and embedding; [`crate::vision::eyes`] samples its squares with the
//! same bilinear rule. Pure: pixels in, pixels out.

use crate::vision::frame::Frame;

/// Side of the aligned square in pixels.
pub const CROP_SIDE: u32 = 112;

/// Where SFace was trained to find eye, eye, nose and the corners of the mouth.
const TARGET: [[f64; 2]; 5] = [
    [38.2946, 51.6963],
    [73.5318, 51.5014],
    [56.0252, 71.7366],
    [41.5493, 92.3655],
    [70.7299, 92.2041],
];

/// An aligned face: 112 x 112 pixels, R, G, B bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Crop(Vec<u8>);

impl std::fmt::Debug for Crop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crop(…)")
    }
}

impl Crop {
    /// Takes 112 x 112 x 3 bytes; None when there are more or fewer.
    #[must_use]
    pub fn from_rgb(rgb: Vec<u8>) -> Option<Self> {
        (rgb.len() == (CROP_SIDE * CROP_SIDE * 3) as usize).then_some(Self(rgb))
    }

    /// The pixels, row by row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.0
    }
}

/// An affine map from a square's pixel (column, row) to a place in a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// The place of pixel (0, 0).
    pub origin: [f32; 2],
    /// What one column to the right adds.
    pub column: [f32; 2],
    /// What one row down adds.
    pub row: [f32; 2],
}

/// The least-squares similarity (turn, scale, shift; no reflection) from the landmarks onto
/// the target points, inverted; None when the landmarks coincide.
///
/// With p and q the points less their means: a = sum(p . q) / sum |p|^2, b = sum(p x q) / sum |p|^2.
#[must_use]
pub fn placement(landmarks: &[[f32; 2]; 5]) -> Option<Placement> {
    let from = landmarks.map(|[x, y]| [f64::from(x), f64::from(y)]);
    let (mean_from, mean_to) = (mean(&from), mean(&TARGET));
    let (mut a, mut b, mut n) = (0.0, 0.0, 0.0);
    for ([fx, fy], [tx, ty]) in from.iter().zip(&TARGET) {
        let (px, py) = (fx - mean_from[0], fy - mean_from[1]);
        let (qx, qy) = (tx - mean_to[0], ty - mean_to[1]);
        a += px * qx + py * qy;
        b += px * qy - py * qx;
        n += px * px + py * py;
    }
    let square = a * a + b * b; // of the scale, times n squared
    if !(n > 1e-6 && square > 1e-6 && square.is_finite()) {
        return None;
    }
    // The inverse of x' = a x - b y, y' = b x + a y (both over n) turns back and undoes the scale.
    let (ia, ib) = (a * n / square, b * n / square);
    Some(Placement {
        origin: [
            (mean_from[0] - ia * mean_to[0] - ib * mean_to[1]) as f32,
            (mean_from[1] + ib * mean_to[0] - ia * mean_to[1]) as f32,
        ],
        column: [ia as f32, -ib as f32],
        row: [ib as f32, ia as f32],
    })
}

fn mean(points: &[[f64; 2]; 5]) -> [f64; 2] {
    let sum = points
        .iter()
        .fold([0.0, 0.0], |s, p| [s[0] + p[0], s[1] + p[1]]);
    [sum[0] / 5.0, sum[1] / 5.0]
}

/// The aligned crop of a face; None when its landmarks coincide.
#[must_use]
pub fn align(frame: &Frame, landmarks: &[[f32; 2]; 5]) -> Option<Crop> {
    let placement = placement(landmarks)?;
    let mut rgb = Vec::with_capacity((CROP_SIDE * CROP_SIDE * 3) as usize);
    sample(frame, &placement, (CROP_SIDE, CROP_SIDE), |pixel| {
        rgb.extend(pixel.map(|v| v.round() as u8));
    });
    Crop::from_rgb(rgb)
}

/// Hands out the pixels of the placed rectangle of `size` (columns, rows), row by row, each as R, G,
/// B of 0 to 255: bilinear, black outside the frame.
pub fn sample(frame: &Frame, placed: &Placement, size: (u32, u32), mut put: impl FnMut([f32; 3])) {
    let ([x0, y0], [cx, cy], [rx, ry]) = (placed.origin, placed.column, placed.row);
    for row in 0..size.1 {
        let (x, y) = (x0 + row as f32 * rx, y0 + row as f32 * ry);
        for column in 0..size.0 {
            put(bilinear(
                frame,
                x + column as f32 * cx,
                y + column as f32 * cy,
            ));
        }
    }
}

#[allow(
    clippy::indexing_slicing,
    reason = "the inner case is checked against the frame's sides"
)]
fn bilinear(frame: &Frame, x: f32, y: f32) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let (width, height) = (frame.width() as i32, frame.height() as i32);
    let (left, top) = (left as i32, top as i32);
    if left < -1 || top < -1 || left >= width || top >= height {
        return [0.0; 3];
    }
    let rgb = frame.rgb();
    if left >= 0 && top >= 0 && left + 1 < width && top + 1 < height {
        let at = (top as usize * width as usize + left as usize) * 3;
        let upper = &rgb[at..at + 6];
        let lower = &rgb[at + width as usize * 3..at + width as usize * 3 + 6];
        return [0, 1, 2].map(|c| {
            let over = f32::from(upper[c]) * (1.0 - fx) + f32::from(upper[c + 3]) * fx;
            let under = f32::from(lower[c]) * (1.0 - fx) + f32::from(lower[c + 3]) * fx;
            over * (1.0 - fy) + under * fy
        });
    }
    let mut sum = [0.0; 3];
    for (dx, dy, weight) in [
        (0, 0, (1.0 - fx) * (1.0 - fy)),
        (1, 0, fx * (1.0 - fy)),
        (0, 1, (1.0 - fx) * fy),
        (1, 1, fx * fy),
    ] {
        let (px, py) = (left + dx, top + dy);
        if px >= 0 && py >= 0 && px < width && py < height {
            let at = (py as usize * width as usize + px as usize) * 3;
            for (s, v) in sum.iter_mut().zip(&rgb[at..at + 3]) {
                *s += weight * f32::from(*v);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target() -> [[f32; 2]; 5] {
        TARGET.map(|[x, y]| [x as f32, y as f32])
    }

    #[test]
    fn points_in_place_stay_in_place() {
        let p = placement(&target()).expect("distinct points");
        for (got, want) in [
            (p.origin, [0.0, 0.0]),
            (p.column, [1.0, 0.0]),
            (p.row, [0.0, 1.0]),
        ] {
            assert!((got[0] - want[0]).abs() < 1e-4 && (got[1] - want[1]).abs() < 1e-4);
        }
    }

    #[test]
    fn points_in_one_place_have_no_alignment() {
        assert_eq!(placement(&[[3.0, 3.0]; 5]), None);
        assert_eq!(placement(&[[f32::NAN, 3.0]; 5]), None);
        assert_eq!(placement(&[[f32::INFINITY, 3.0]; 5]), None);
    }

    #[test]
    fn outside_is_black_and_the_edge_fades() {
        let frame = Frame::from_rgb(2, 2, vec![200; 12]).expect("a valid shape");
        assert_eq!(bilinear(&frame, 0.5, 0.5), [200.0; 3]);
        assert_eq!(bilinear(&frame, -0.5, 0.0), [100.0; 3]);
        assert_eq!(bilinear(&frame, 1.5, 1.5), [50.0; 3]);
        assert_eq!(bilinear(&frame, -1.5, 0.0), [0.0; 3]);
        assert_eq!(bilinear(&frame, f32::NAN, 1e20), [0.0; 3]);
    }

    proptest! {
        #[test]
        fn a_moved_face_is_found_again(angle in -3.1f32..3.1, scale in 0.2f32..8.0, dx in -500f32..500.0, dy in -500f32..500.0) {
            let (sin, cos) = angle.sin_cos();
            let moved = target().map(|[x, y]| [scale * (cos * x - sin * y) + dx, scale * (sin * x + cos * y) + dy]);
            let p = placement(&moved).expect("distinct points");
            for ([u, v], want) in target().iter().zip(moved) {
                let x = p.origin[0] + u * p.column[0] + v * p.row[0];
                let y = p.origin[1] + u * p.column[1] + v * p.row[1];
                prop_assert!((x - want[0]).abs() < 0.02 && (y - want[1]).abs() < 0.02);
            }
        }

        #[test]
        fn no_landmarks_make_it_panic(points in proptest::array::uniform5(proptest::array::uniform2(any::<f32>()))) {
            let frame = Frame::from_rgb(4, 3, vec![9; 36]).expect("a valid shape");
            let _ = align(&frame, &points);
        }
    }
}
