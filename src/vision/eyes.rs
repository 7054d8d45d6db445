//! How far each eye is open, from the MediaPipe iris network.
//!
//! Per eye a square as wide as the distance of the eyes, centred on the eye, turned with the
//! line of the eyes; the second eye is mirrored, because the network knows left eyes only.

use crate::vision::align::{self, Placement};
use crate::vision::frame::Frame;
use crate::vision::model::{Models, RunError};

/// Side of the network's input in pixels.
const SIDE: u32 = 64;

/// The network's contour has 71 points of x, y, z in pixels of the square.
const POINTS: usize = 71;

/// Lid height over eye width of both eyes, picture's left first: below about 0.15 closed, median
/// of open eyes 0.29.
///
/// # Errors
/// [`RunError`] when the network fails.
pub fn openings(
    models: &Models,
    frame: &Frame,
    landmarks: &[[f32; 2]; 5],
) -> Result<[f32; 2], RunError> {
    let [left, right, ..] = *landmarks;
    let one = |mirrored: bool| {
        let placed = placement(left, right, mirrored);
        let contour = models.run_eyes(planes(frame, &placed))?;
        Ok(opening(&contour))
    };
    Ok([one(false)?, one(true)?])
}

fn placement(left: [f32; 2], right: [f32; 2], mirrored: bool) -> Placement {
    // e / 64 is both the step of one column and, a quarter turn on, of one row.
    let step = [
        (right[0] - left[0]) / SIDE as f32,
        (right[1] - left[1]) / SIDE as f32,
    ];
    let sign = if mirrored { -1.0 } else { 1.0 };
    let (column, row) = ([step[0] * sign, step[1] * sign], [-step[1], step[0]]);
    let centre = if mirrored { right } else { left };
    let half = SIDE as f32 / 2.0 - 0.5;
    Placement {
        origin: [
            centre[0] - half * (column[0] + row[0]),
            centre[1] - half * (column[1] + row[1]),
        ],
        column,
        row,
    }
}

/// Planes R, G, B of 0 to 1.
fn planes(frame: &Frame, placed: &Placement) -> Vec<f32> {
    let plane = (SIDE * SIDE) as usize;
    let (mut red, mut green, mut blue) = (
        Vec::with_capacity(3 * plane),
        Vec::with_capacity(plane),
        Vec::with_capacity(plane),
    );
    align::sample(frame, placed, (SIDE, SIDE), |[r, g, b]| {
        red.push(r / 255.0);
        green.push(g / 255.0);
        blue.push(b / 255.0);
    });
    red.append(&mut green);
    red.append(&mut blue);
    red
}

/// Mean of three lid distances over the distance of the eye's corners; 0 when it cannot be told.
fn opening(contour: &[f32]) -> f32 {
    let point = |i: usize| {
        let of = |axis: usize| contour.get(3 * i + axis).copied().unwrap_or(0.0);
        (of(0), of(1))
    };
    let distance = |i: usize, j: usize| {
        let ((ax, ay), (bx, by)) = (point(i), point(j));
        (ax - bx).hypot(ay - by)
    };
    let width = distance(8, 0);
    if contour.len() < 3 * POINTS || width < 1e-3 {
        return 0.0;
    }
    (distance(3, 11) + distance(4, 12) + distance(5, 13)) / (3.0 * width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opening_is_lid_height_over_width() {
        let mut contour = vec![0f32; 3 * POINTS];
        let mut set = |i: usize, x: f32, y: f32| {
            contour[3 * i] = x;
            contour[3 * i + 1] = y;
        };
        set(0, 10.0, 30.0);
        set(8, 50.0, 30.0);
        for (lower, upper, x) in [(3, 11, 20.0), (4, 12, 30.0), (5, 13, 40.0)] {
            set(lower, x, 36.0);
            set(upper, x, 24.0);
        }
        assert!((opening(&contour) - 0.3).abs() < 1e-6);
        assert!(opening(&contour[..30]).abs() < 1e-6);
        assert!(opening(&vec![1.0; 3 * POINTS]).abs() < 1e-6);
    }

    #[test]
    fn the_square_is_centred_on_its_eye() {
        let (left, right) = ([100.0, 50.0], [164.0, 50.0]);
        for (mirrored, centre) in [(false, left), (true, right)] {
            let p = placement(left, right, mirrored);
            let middle = 31.5;
            for (axis, want) in centre.into_iter().enumerate() {
                let at = p.origin[axis] + middle * (p.column[axis] + p.row[axis]);
                assert!((at - want).abs() < 1e-4);
            }
            assert!((p.column[0] - if mirrored { -1.0 } else { 1.0 }).abs() < 1e-6);
        }
    }
}
