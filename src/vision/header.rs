//! Reads what a picture file says about itself, without decoding a pixel.
//!
//! Called by [`crate::vision::frame`] before any decoder sees the bytes, because decoders
//! allocate what the header claims and the JPEG decoder fills the rest of a cut file with grey.
//! Sources: JPEG ITU-T T.81 annex B, PNG W3C third edition, WebP container RFC 9649.

use crate::base::limits;
use crate::vision::fault::FrameError;

/// The three formats that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Baseline or progressive JPEG, grey or YCbCr.
    Jpeg,
    /// PNG of at most 8 bits a channel.
    Png,
    /// WebP, lossy or lossless.
    WebP,
}

/// What the header of an acceptable picture says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The format.
    pub format: Format,
    /// Width in pixels, as stored (before any orientation is applied).
    pub width: u32,
    /// Height in pixels, as stored.
    pub height: u32,
}

/// Reads and judges the header.
///
/// # Errors
/// Every [`FrameError`] that can be known without decoding; see there.
pub fn read(bytes: &[u8]) -> Result<Header, FrameError> {
    if bytes.is_empty() {
        return Err(FrameError::Empty);
    }
    if bytes.len() > limits::IMAGE_BYTES_MAX {
        return Err(FrameError::TooManyBytes {
            bytes: bytes.len(),
            bytes_max: limits::IMAGE_BYTES_MAX,
        });
    }
    let header = if bytes.starts_with(&[0xFF, 0xD8]) {
        jpeg(bytes)?
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes)?
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12).is_none_or(|b| b == b"WEBP") {
        webp(bytes)?
    } else if let Some(name) = known_other(bytes) {
        return Err(FrameError::Unsupported(name));
    } else {
        return Err(FrameError::NotAnImage);
    };
    check_size(header)
}

/// Names the formats that people send by mistake, so that the answer can say which it was.
fn known_other(bytes: &[u8]) -> Option<&'static str> {
    let table: [(&[u8], usize, &'static str); 6] = [
        (b"GIF8", 0, "GIF"),
        (b"BM", 0, "BMP"),
        (b"II*\0", 0, "TIFF"),
        (b"MM\0*", 0, "TIFF"),
        (b"ftyp", 4, "HEIC, AVIF or video"),
        (b"%PDF", 0, "PDF"),
    ];
    table
        .into_iter()
        .find(|(magic, at, _)| bytes.get(*at..).is_some_and(|b| b.starts_with(magic)))
        .map(|(_, _, name)| name)
}

fn check_size(header: Header) -> Result<Header, FrameError> {
    let (width, height) = (header.width, header.height);
    if width == 0 || height == 0 {
        return Err(FrameError::NotAnImage);
    }
    let side_max = limits::IMAGE_SIDE_PIXELS_MAX;
    let pixels = u64::from(width) * u64::from(height);
    if width > side_max || height > side_max || pixels > limits::IMAGE_PIXELS_MAX {
        return Err(FrameError::TooManyPixels { width, height });
    }
    Ok(header)
}

fn be16(bytes: &[u8], at: usize) -> Result<u16, FrameError> {
    let pair = bytes.get(at..at.saturating_add(2));
    let pair: Option<[u8; 2]> = pair.and_then(|b| b.try_into().ok());
    pair.map(u16::from_be_bytes).ok_or(FrameError::Truncated)
}

fn be32(bytes: &[u8], at: usize) -> Result<u32, FrameError> {
    let four = bytes.get(at..at.saturating_add(4));
    let four: Option<[u8; 4]> = four.and_then(|b| b.try_into().ok());
    four.map(u32::from_be_bytes).ok_or(FrameError::Truncated)
}

fn byte(bytes: &[u8], at: usize) -> Result<u8, FrameError> {
    bytes.get(at).copied().ok_or(FrameError::Truncated)
}

/// Walks the segments of a JPEG up to its end marker.
fn jpeg(bytes: &[u8]) -> Result<Header, FrameError> {
    let (mut at, mut found) = (2usize, None);
    loop {
        if byte(bytes, at)? != 0xFF {
            return Err(FrameError::Corrupt(
                "a JPEG segment does not start with a marker",
            ));
        }
        let marker = byte(bytes, at + 1)?;
        match marker {
            0xFF => at += 1, // fill byte
            0xD9 => return found.ok_or(FrameError::Corrupt("the JPEG has no frame header")),
            0x01 | 0xD0..=0xD7 => at += 2,
            _ => {
                let length = usize::from(be16(bytes, at + 2)?);
                if length < 2 {
                    return Err(FrameError::Corrupt(
                        "a JPEG segment has an impossible length",
                    ));
                }
                if is_frame_header(marker) {
                    // The size is judged here, before the rest of the file is looked at.
                    found = Some(check_size(jpeg_frame(bytes, at + 4)?)?);
                }
                at += 2 + length;
                if marker == 0xDA {
                    at = skip_scan(bytes, at)?;
                }
            }
        }
    }
}

const fn is_frame_header(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

fn jpeg_frame(bytes: &[u8], at: usize) -> Result<Header, FrameError> {
    let (precision, components) = (byte(bytes, at)?, byte(bytes, at + 5)?);
    let (height, width) = (be16(bytes, at + 1)?, be16(bytes, at + 3)?);
    if precision != 8 {
        return Err(FrameError::SixteenBit);
    }
    match components {
        1 | 3 => Ok(Header {
            format: Format::Jpeg,
            width: u32::from(width),
            height: u32::from(height),
        }),
        4 => Err(FrameError::Cmyk),
        _ => Err(FrameError::Unsupported(
            "JPEG with 2 or more than 4 components",
        )),
    }
}

/// The position of the first marker after entropy-coded data; in the data itself an FF byte is
/// always followed by 00 or by a restart marker.
fn skip_scan(bytes: &[u8], from: usize) -> Result<usize, FrameError> {
    let data = bytes.get(from..).ok_or(FrameError::Truncated)?;
    let end = data
        .windows(2)
        .position(|pair| matches!(pair, [0xFF, m] if *m != 0 && !matches!(*m, 0xD0..=0xD7)));
    end.map(|n| from + n).ok_or(FrameError::Truncated)
}

/// Walks the chunks of a PNG up to IEND.
fn png(bytes: &[u8]) -> Result<Header, FrameError> {
    let mut at = 8usize;
    let mut found = None;
    loop {
        let length = be32(bytes, at)? as usize;
        let kind = bytes.get(at + 4..at + 8).ok_or(FrameError::Truncated)?;
        match kind {
            b"IHDR" => {
                let (width, height) = (be32(bytes, at + 8)?, be32(bytes, at + 12)?);
                let header = Header {
                    format: Format::Png,
                    width,
                    height,
                };
                if byte(bytes, at + 16)? == 16 {
                    return Err(FrameError::SixteenBit);
                }
                found = Some(check_size(header)?);
            }
            b"acTL" => return Err(FrameError::Animated),
            b"IEND" => return found.ok_or(FrameError::Corrupt("the PNG has no header chunk")),
            _ if found.is_none() => {
                return Err(FrameError::Corrupt(
                    "the PNG does not start with its header chunk",
                ));
            }
            _ => {}
        }
        at = at.saturating_add(length).saturating_add(12);
        if at > bytes.len() {
            return Err(FrameError::Truncated);
        }
    }
}

/// Reads the first chunk of a WebP; the container's own length tells whether it was cut.
fn webp(bytes: &[u8]) -> Result<Header, FrameError> {
    let four = bytes.get(4..8).and_then(|b| <[u8; 4]>::try_from(b).ok());
    let length = u32::from_le_bytes(four.ok_or(FrameError::Truncated)?) as usize;
    let kind = bytes.get(12..16).ok_or(FrameError::Truncated)?;
    let body = bytes.get(20..30).ok_or(FrameError::Truncated)?;
    let (width, height) = match (kind, body) {
        (b"VP8X", [flags, ..]) if flags & 0x02 != 0 => return Err(FrameError::Animated),
        (b"VP8X", [_, _, _, _, a, b, c, d, e, f]) => (le24(*a, *b, *c) + 1, le24(*d, *e, *f) + 1),
        (b"VP8 ", [_, _, _, 0x9D, 0x01, 0x2A, a, b, c, d]) => {
            (le24(*a, *b & 0x3F, 0), le24(*c, *d & 0x3F, 0))
        }
        (b"VP8L", [0x2F, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([*a, *b, *c, *d]);
            ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
        }
        _ => {
            return Err(FrameError::Corrupt(
                "the WebP does not start with a picture chunk",
            ));
        }
    };
    let header = check_size(Header {
        format: Format::WebP,
        width,
        height,
    })?;
    if length.saturating_add(8) > bytes.len() {
        return Err(FrameError::Truncated);
    }
    Ok(header)
}

const fn le24(a: u8, b: u8, c: u8) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png_start(width: u32, height: u32, bits: u8) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([bits, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    fn jpeg_start(precision: u8, width: u16, height: u16, components: u8) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 11, precision];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([components, 1, 0x11, 0]);
        bytes
    }

    #[test]
    fn each_bad_header_has_its_own_reason() {
        let mut animated = png_start(10, 10, 8);
        animated.extend(b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\0\0\0\0");
        let mut moving = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0".to_vec();
        moving.extend([9, 0, 0, 9, 0, 0]);
        let table: [(&str, Vec<u8>, FrameError); 13] = [
            ("nothing", Vec::new(), FrameError::Empty),
            ("text", b"hello, world".to_vec(), FrameError::NotAnImage),
            (
                "gif",
                b"GIF89a....".to_vec(),
                FrameError::Unsupported("GIF"),
            ),
            ("half a magic", vec![0xFF], FrameError::NotAnImage),
            ("cut png", png_start(10, 10, 8), FrameError::Truncated),
            ("deep png", png_start(10, 10, 16), FrameError::SixteenBit),
            ("moving png", animated, FrameError::Animated),
            ("moving webp", moving, FrameError::Animated),
            (
                "bomb",
                png_start(60_000, 60_000, 8),
                FrameError::TooManyPixels {
                    width: 60_000,
                    height: 60_000,
                },
            ),
            (
                "jpeg bomb",
                jpeg_start(8, 60_000, 60_000, 3),
                FrameError::TooManyPixels {
                    width: 60_000,
                    height: 60_000,
                },
            ),
            ("print jpeg", jpeg_start(8, 10, 10, 4), FrameError::Cmyk),
            (
                "deep jpeg",
                jpeg_start(12, 10, 10, 3),
                FrameError::SixteenBit,
            ),
            ("cut jpeg", jpeg_start(8, 10, 10, 3), FrameError::Truncated),
        ];
        for (name, bytes, want) in table {
            assert_eq!(read(&bytes), Err(want), "{name}");
        }
        let huge = vec![0; limits::IMAGE_BYTES_MAX + 1];
        assert!(matches!(read(&huge), Err(FrameError::TooManyBytes { .. })));
    }

    #[test]
    fn an_end_marker_inside_a_thumbnail_is_not_the_end() {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9];
        bytes.extend(&jpeg_start(8, 16, 8, 3)[2..]);
        assert_eq!(read(&bytes), Err(FrameError::Truncated));
        bytes.extend([
            0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0, 3, 0xFF, 0xD3, 4, 0xFF, 0xD9,
        ]);
        let header = read(&bytes).expect("complete now");
        assert_eq!((header.width, header.height), (16, 8));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(start in 0usize..4, rest in proptest::collection::vec(any::<u8>(), 0..200)) {
            let starts: [&[u8]; 4] = [b"", &[0xFF, 0xD8, 0xFF], b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP"];
            let bytes = [starts[start], &rest].concat();
            let _ = read(&bytes);
        }
    }
}
