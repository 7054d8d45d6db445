//! QR codes as SVG: sharp at every size, on screens and on paper.

use crate::http::problem::Problem;
use crate::vision::code;
use std::fmt::Write as _;

/// Light modules around the code (ISO/IEC 18004 asks for four).
const QUIET: u32 = 4;

/// A QR code of a text as an SVG element. It has a `viewBox` and no size: the page gives one.
/// Black on white in every theme, since scanners need it.
///
/// # Errors
/// 422 for a text that no code holds.
pub fn svg(text: &str) -> Result<String, Problem> {
    let (side, dark) = code::modules(text)
        .map_err(|e| Problem::field("text", format!("There is no QR code of this: {e}.")))?;
    let whole = side + 2 * QUIET;
    let mut path = String::new();
    let rows = dark.chunks(usize::try_from(side).unwrap_or(1).max(1));
    for (y, row) in (QUIET..).zip(rows) {
        for (x, _) in (QUIET..).zip(row).filter(|(_, dark)| **dark) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::frame::Luma;

    /// Draws the dark squares of the SVG again, eight pixels each.
    fn pixels(svg: &str) -> Luma {
        let whole = svg.split("viewBox=\"0 0 ").nth(1).expect("a box");
        let whole: u32 = whole
            .split(' ')
            .next()
            .expect("a side")
            .parse()
            .expect("a number");
        let side = whole * 8;
        let mut grey = vec![255u8; (side * side) as usize];
        let path = svg.rsplit("d=\"").next().expect("a path");
        for square in path.split('M').skip(1) {
            let (x, rest) = square.split_once(' ').expect("x");
            let y = rest.split('h').next().expect("y");
            let (x, y): (u32, u32) = (x.parse().expect("x"), y.parse().expect("y"));
            for dy in 0..8 {
                for dx in 0..8 {
                    grey[((y * 8 + dy) * side + x * 8 + dx) as usize] = 0;
                }
            }
        }
        Luma::from_grey(side, side, grey).expect("a picture")
    }

    #[test]
    fn a_drawn_code_reads_as_its_text() {
        for text in ["A", "https://192.168.1.20/setup#8H2K9QXM", "TICKET-0042"] {
            let drawn = svg(text).expect("fits");
            assert_eq!(code::find_codes(&pixels(&drawn)), [text]);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(svg(&"x".repeat(5000)).is_err());
    }
}
