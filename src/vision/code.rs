//! QR codes: finds those in a picture, and draws one.
//!
//! Found texts are just texts here; whether one is a ticket is for the domain to say.

use crate::base::limits;
use crate::vision::edit;
use crate::vision::frame::Luma;
use std::fmt;

/// Longer pictures are read at this side, which bounds the time of a search.
const SEARCH_SIDE_MAX: u32 = 1280;

/// Pictures up to this side are also tried at twice their size.
const GROW_SIDE_MAX: u32 = 480;

/// Pixels of a drawn module.
const MODULE_PIXELS: u32 = 8;

/// Light modules around a drawn code (ISO/IEC 18004 asks for four).
const QUIET_MODULES: u32 = 4;

/// A text that does not fit into a QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeTooLong;

impl fmt::Display for CodeTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text does not fit into a QR code")
    }
}

impl std::error::Error for CodeTooLong {}

/// How a picture becomes black and white.
#[derive(Clone, Copy, PartialEq)]
enum Threshold {
    /// By the neighbourhood: for shadows across the code.
    Local,
    /// Halfway between dark and light of the whole picture: for pale codes and small modules.
    Global,
}

/// The texts of all QR codes in the picture, in no particular order, each once.
///
/// When the first look finds none there are others: with another threshold (small codes doubled),
/// then, for large pictures, at half the size, where blur and noise matter less.
#[must_use]
pub fn find_codes(luma: &Luma) -> Vec<String> {
    let side = luma.width().max(luma.height());
    if side > SEARCH_SIDE_MAX {
        return resize(luma, f64::from(SEARCH_SIDE_MAX) / f64::from(side))
            .map(|small| find_codes(&small))
            .unwrap_or_default();
    }
    let found = look(luma, Threshold::Local);
    if !found.is_empty() {
        return found;
    }
    let stretched = stretch(luma);
    if side <= GROW_SIDE_MAX {
        return resize(&stretched, 2.0)
            .map(|doubled| look(&doubled, Threshold::Global))
            .unwrap_or_default();
    }
    let found = look(&stretched, Threshold::Global);
    if !found.is_empty() {
        return found;
    }
    resize(luma, 0.5)
        .map(|halved| look(&halved, Threshold::Local))
        .unwrap_or_default()
}

fn look(luma: &Luma, threshold: Threshold) -> Vec<String> {
    let (width, height) = (luma.width() as usize, luma.height() as usize);
    let grey = |x: usize, y: usize| luma.grey().get(y * width + x).copied().unwrap_or(255);
    let mut image = match threshold {
        Threshold::Local => rqrr::PreparedImage::prepare_from_greyscale(width, height, grey),
        Threshold::Global => {
            rqrr::PreparedImage::prepare_from_bitmap(width, height, |x, y| grey(x, y) < 128)
        }
    };
    let mut texts: Vec<String> = Vec::new();
    for grid in image.detect_grids() {
        // A grid that is no code, or too damaged, is no error: pictures are full of squares.
        if let Ok((_, text)) = grid.decode()
            && !texts.contains(&text)
            && texts.len() < limits::CODES_PER_FRAME_MAX
        {
            texts.push(text);
        }
    }
    texts
}

fn resize(luma: &Luma, factor: f64) -> Option<Luma> {
    let fit = |v: u32| ((f64::from(v) * factor).round() as u32).max(1);
    let frame = edit::scale(&luma.to_frame(), fit(luma.width()), fit(luma.height()));
    frame.ok().map(|f| f.luma())
}

/// Spreads the middle 98 % of the grey values over 0 to 255.
fn stretch(luma: &Luma) -> Luma {
    let mut counts = [0u32; 256];
    for v in luma.grey() {
        if let Some(count) = counts.get_mut(usize::from(*v)) {
            *count += 1;
        }
    }
    let aside = luma.grey().len() as u32 / 100;
    let low = end(counts.iter().enumerate(), aside);
    let high = end(counts.iter().enumerate().rev(), aside);
    let width = (high - low).max(1);
    let grey = luma.grey().iter();
    let grey = grey.map(|v| ((i32::from(*v) - low) * 255 / width).clamp(0, 255) as u8);
    Luma::from_grey(luma.width(), luma.height(), grey.collect()).unwrap_or_else(|_| luma.clone())
}

/// The first value behind which more than `aside` pixels lie.
fn end<'a>(mut values: impl Iterator<Item = (usize, &'a u32)>, aside: u32) -> i32 {
    let mut seen = 0;
    let found = values.find(|(_, count)| {
        seen += **count;
        seen > aside
    });
    found.map_or(0, |(value, _)| value as i32)
}

/// Draws a text as a QR code of error correction level M, 8 pixels a module with the quiet zone.
///
/// # Errors
/// [`CodeTooLong`] above about 2,300 bytes.
pub fn render(text: &str) -> Result<Luma, CodeTooLong> {
    let code = qrcode::QrCode::new(text).map_err(|_| CodeTooLong)?;
    let modules = code.width() as u32;
    let side = (modules + 2 * QUIET_MODULES) * MODULE_PIXELS;
    let colours = code.to_colors();
    let dark = |x: u32, y: u32| {
        let inside = |v: u32| {
            (v / MODULE_PIXELS)
                .checked_sub(QUIET_MODULES)
                .filter(|m| *m < modules)
        };
        let place = inside(x)
            .zip(inside(y))
            .map(|(x, y)| (y * modules + x) as usize);
        place.and_then(|p| colours.get(p)) == Some(&qrcode::Color::Dark)
    };
    let pixels = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let grey = pixels
        .map(|(x, y)| if dark(x, y) { 0 } else { 255 })
        .collect();
    Luma::from_grey(side, side, grey).map_err(|_| CodeTooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_code_is_found() {
        for text in ["HADIR-7K2M", "https://example.id/t?x=1&y=ä", "0"] {
            assert_eq!(find_codes(&render(text).expect("fits")), [text]);
        }
        assert_eq!(render(&"x".repeat(5000)), Err(CodeTooLong));
    }

    #[test]
    fn small_pale_codes_are_found_at_the_second_look() {
        let drawn = render("TICKET-0042").expect("fits");
        let pale: Vec<u8> = drawn.grey().iter().map(|v| 150 + v / 16).collect();
        let pale = Luma::from_grey(drawn.width(), drawn.height(), pale).expect("same shape");
        for factor in [0.22, 0.25, 0.28, 0.31, 0.375, 0.4, 0.45, 0.5] {
            let small = resize(&pale, factor).expect("a valid size");
            assert!(
                look(&small, Threshold::Local).is_empty(),
                "{factor} needs no second look"
            );
            assert_eq!(find_codes(&small), ["TICKET-0042"], "{factor}");
        }
    }

    #[test]
    fn nothing_is_found_in_an_empty_picture() {
        for (w, h) in [(1, 1), (3, 200), (64, 64)] {
            let luma = Luma::from_grey(w, h, vec![128; (w * h) as usize]).expect("valid");
            assert!(find_codes(&luma).is_empty());
        }
    }
}
