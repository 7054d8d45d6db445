//! QR codes as vector pictures for pages and print.

use crate::vision::code;
use maud::{Markup, html};
use std::fmt::Write as _;

/// Pixels of a module in what `vision` draws.
const MODULE_PIXELS: usize = 8;

/// The code of a text as `<svg>`, black on white with its quiet zone, and `label` for those who
/// do not see it. Empty for a text that does not fit into a code (about 2,300 bytes).
#[must_use]
pub fn svg(text: &str, label: &str) -> Markup {
    let Some((modules, path)) = path(text) else {
        return html! {};
    };
    html! {
        svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=(label)
            viewBox={ "0 0 " (modules) " " (modules) } shape-rendering="crispEdges" {
            rect width="100%" height="100%" fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

/// The same as the address of a picture (`data:`), for a script to show; None for a text that does
/// not fit.
#[must_use]
pub fn data(text: &str) -> Option<String> {
    path(text)?;
    let mut uri = "data:image/svg+xml,".to_owned();
    for byte in svg(text, text).into_string().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'/' | b':' | b'=' => {
                uri.push(char::from(byte));
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    Some(uri)
}

/// Modules along a side, and a path over the dark ones, run by run.
fn path(text: &str) -> Option<(usize, String)> {
    let drawn = code::render(text).ok()?;
    let width = drawn.width() as usize;
    let mut path = String::new();
    for (y, row) in drawn
        .grey()
        .chunks(width)
        .step_by(MODULE_PIXELS)
        .enumerate()
    {
        let dark: Vec<bool> = row.iter().step_by(MODULE_PIXELS).map(|v| *v == 0).collect();
        let mut x = 0;
        for run in dark.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                let _ = write!(path, "M{x} {y}h{}v1h-{}z", run.len(), run.len());
            }
            x += run.len();
        }
    }
    Some((width / MODULE_PIXELS, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::frame::Luma;

    /// Draws the path again, as a browser does.
    fn drawn(text: &str) -> Luma {
        let (modules, path) = path(text).expect("fits");
        let side = modules * MODULE_PIXELS;
        let mut grey = vec![255; side * side];
        for run in path.split('M').skip(1) {
            let numbers: Vec<usize> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|n| n.parse().ok())
                .collect();
            for y in 0..MODULE_PIXELS {
                let from = (numbers[1] * MODULE_PIXELS + y) * side + numbers[0] * MODULE_PIXELS;
                grey[from..from + numbers[2] * MODULE_PIXELS].fill(0);
            }
        }
        Luma::from_grey(side as u32, side as u32, grey).expect("a picture")
    }

    #[test]
    fn the_picture_is_read_as_the_text() {
        for text in ["https://192.168.1.7/trust", "HADIR-7K2M"] {
            assert_eq!(code::find_codes(&drawn(text)), [text]);
        }
    }

    #[test]
    fn the_address_of_a_picture_is_the_picture() {
        let address = "https://[fd00::7]/\u{e9}";
        let uri = data(address).expect("fits");
        let coded = uri.strip_prefix("data:image/svg+xml,").expect("its kind");
        let mut bytes = Vec::new();
        let mut rest = coded.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            if *first == b'%' {
                let digits = std::str::from_utf8(&rest[..2]).expect("digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("digits"));
                rest = &rest[2..];
            } else {
                bytes.push(*first);
            }
        }
        assert_eq!(
            String::from_utf8(bytes),
            Ok(svg(address, address).into_string())
        );
        assert_eq!(data(&"x".repeat(5000)), None);
    }

    #[test]
    fn the_picture_has_a_name_and_no_style() {
        let text = svg("x", "kode <QR>").into_string();
        assert!(text.contains("aria-label=\"kode &lt;QR&gt;\"") && !text.contains("style"));
        assert_eq!(svg(&"x".repeat(5000), "too long").into_string(), "");
    }
}
