//! Takes the pictures out of an MJPEG stream: a `multipart/x-mixed-replace` body (RFC 2046,
//! section 5.1) whose parts are JPEG files. Pure: bytes in, pictures out.
//!
//! Cameras differ: many write the boundary in the header with its two hyphens, some end
//! lines with LF alone, some send no Content-Length. All of these are read.

use crate::base::limits;
use std::fmt;

/// Longest head of one part, in bytes.
const HEAD_BYTES_MAX: usize = 8 * 1024;

/// Why a stream cannot be read on. The connection must be opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MjpegError {
    /// The Content-Type is not `multipart/x-mixed-replace` with a boundary.
    NotMjpeg,
    /// A part is larger than [`limits::MJPEG_PART_BYTES_MAX`].
    PartTooLarge,
    /// A part's head is longer than 8 KiB or has a Content-Length that is no number.
    BadHead,
}

impl fmt::Display for MjpegError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMjpeg => "the address serves no multipart/x-mixed-replace stream",
            Self::PartTooLarge => "a picture of the stream is too large",
            Self::BadHead => "a picture of the stream has no readable head",
        })
    }
}

impl std::error::Error for MjpegError {}

/// The boundary named by a Content-Type, without leading hyphens.
///
/// # Errors
/// [`MjpegError::NotMjpeg`] if it is another type or names no boundary.
pub fn boundary(content_type: &str) -> Result<String, MjpegError> {
    let mut parts = content_type.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    if !kind.eq_ignore_ascii_case("multipart/x-mixed-replace") {
        return Err(MjpegError::NotMjpeg);
    }
    let named = parts.find_map(|p| {
        let (name, value) = p.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim())
    });
    let bare = named
        .unwrap_or_default()
        .trim_matches('"')
        .trim_start_matches('-');
    if bare.is_empty() || bare.len() > 200 {
        return Err(MjpegError::NotMjpeg);
    }
    Ok(bare.to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a boundary.
    Outside,
    /// After a boundary, within the head of a part.
    Head,
    /// Within a part of this many bytes.
    Counted(usize),
    /// Within a part that ends where the next boundary begins.
    Open,
}

/// The parser of one connection.
#[derive(Debug)]
pub struct Parser {
    /// `--` and the boundary.
    mark: Vec<u8>,
    state: State,
    buffer: Vec<u8>,
    /// Bytes of the buffer in which there is surely no mark.
    searched: usize,
}

impl Parser {
    /// A parser for a stream with this boundary, without its leading hyphens.
    #[must_use]
    pub fn new(boundary: &str) -> Self {
        Self {
            mark: format!("--{boundary}").into_bytes(),
            state: State::Outside,
            buffer: Vec::new(),
            searched: 0,
        }
    }

    /// Takes bytes as they arrive and returns the pictures that are complete with them.
    ///
    /// # Errors
    /// [`MjpegError::PartTooLarge`], [`MjpegError::BadHead`]. The parser is of no use then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, MjpegError> {
        let mut pictures = Vec::new();
        // Pieces keep the buffer within its limit however much arrives at once.
        for piece in bytes.chunks(64 * 1024) {
            self.buffer.extend_from_slice(piece);
            while self.step(&mut pictures)? {}
        }
        Ok(pictures)
    }

    /// Bytes held, for the test of the limit.
    #[must_use]
    pub fn held(&self) -> usize {
        self.buffer.len()
    }

    /// One change of state; false if more bytes are needed for it.
    fn step(&mut self, pictures: &mut Vec<Vec<u8>>) -> Result<bool, MjpegError> {
        match self.state {
            State::Outside => Ok(self.leave_outside()),
            State::Head => self.leave_head(),
            State::Counted(bytes) => Ok(self.leave_counted(bytes, pictures)),
            State::Open => self.leave_open(pictures),
        }
    }

    fn leave_outside(&mut self) -> bool {
        let Some(at) = self.find_mark() else {
            // Only a beginning of the mark can be of use later.
            let keep = self.mark.len().saturating_sub(1);
            let drop = self.buffer.len().saturating_sub(keep);
            self.consume(drop);
            return false;
        };
        self.consume(at + self.mark.len());
        self.state = State::Head;
        true
    }

    fn leave_head(&mut self) -> Result<bool, MjpegError> {
        let Some((length, end)) = head_end(&self.buffer) else {
            return if self.buffer.len() > HEAD_BYTES_MAX {
                Err(MjpegError::BadHead)
            } else {
                Ok(false)
            };
        };
        if end > HEAD_BYTES_MAX {
            return Err(MjpegError::BadHead);
        }
        let head = self.buffer.get(..length).unwrap_or_default();
        self.state = match content_length(head)? {
            Some(bytes) if bytes > limits::MJPEG_PART_BYTES_MAX => {
                return Err(MjpegError::PartTooLarge);
            }
            Some(bytes) => State::Counted(bytes),
            None => State::Open,
        };
        self.consume(end);
        Ok(true)
    }

    fn leave_counted(&mut self, bytes: usize, pictures: &mut Vec<Vec<u8>>) -> bool {
        let Some(part) = self.buffer.get(..bytes) else {
            return false;
        };
        if !part.is_empty() {
            pictures.push(part.to_vec());
        }
        self.consume(bytes);
        self.state = State::Outside;
        true
    }

    fn leave_open(&mut self, pictures: &mut Vec<Vec<u8>>) -> Result<bool, MjpegError> {
        let Some(at) = self.find_mark() else {
            if self.buffer.len() > limits::MJPEG_PART_BYTES_MAX {
                return Err(MjpegError::PartTooLarge);
            }
            return Ok(false);
        };
        let part = self.buffer.get(..at).unwrap_or_default();
        let part = part.strip_suffix(b"\n").unwrap_or(part);
        let part = part.strip_suffix(b"\r").unwrap_or(part);
        if part.len() > limits::MJPEG_PART_BYTES_MAX {
            return Err(MjpegError::PartTooLarge);
        }
        if !part.is_empty() {
            pictures.push(part.to_vec());
        }
        self.consume(at + self.mark.len());
        self.state = State::Head;
        Ok(true)
    }

    fn find_mark(&mut self) -> Option<usize> {
        let from = self.searched.min(self.buffer.len());
        let rest = self.buffer.get(from..).unwrap_or_default();
        let found = rest.windows(self.mark.len()).position(|w| w == self.mark);
        if found.is_none() {
            // The mark may begin in the last bytes, which are searched again.
            self.searched = self.buffer.len().saturating_sub(self.mark.len());
        }
        found.map(|at| from + at)
    }

    fn consume(&mut self, bytes: usize) {
        self.buffer.drain(..bytes.min(self.buffer.len()));
        self.searched = 0;
    }
}

/// Length of the head and where the part begins: after the first empty line.
fn head_end(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut line_start = 0;
    // The first line is what stands behind the boundary; it may be empty and ends nothing.
    let mut first = true;
    for (i, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' {
            let line = bytes.get(line_start..i).unwrap_or_default();
            if !first && (line.is_empty() || line == b"\r") {
                return Some((line_start, i + 1));
            }
            first = false;
            line_start = i + 1;
        }
    }
    None
}

fn content_length(head: &[u8]) -> Result<Option<usize>, MjpegError> {
    for line in head.split(|b| *b == b'\n') {
        let line = String::from_utf8_lossy(line);
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            return value
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| MjpegError::BadHead);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stream(parts: &[Vec<u8>], counted: bool, eol: &str) -> Vec<u8> {
        let mut bytes = b"a preamble".to_vec();
        for part in parts {
            bytes.extend(format!("{eol}--frame{eol}Content-Type: image/jpeg{eol}").bytes());
            if counted {
                bytes.extend(format!("content-length: {}{eol}", part.len()).bytes());
            }
            bytes.extend(eol.bytes());
            bytes.extend(part);
        }
        bytes.extend(format!("{eol}--frame{eol}").bytes());
        bytes
    }

    fn read(bytes: &[u8], piece: usize) -> Result<Vec<Vec<u8>>, MjpegError> {
        let mut parser = Parser::new("frame");
        let mut pictures = Vec::new();
        for piece in bytes.chunks(piece.max(1)) {
            pictures.extend(parser.push(piece)?);
        }
        Ok(pictures)
    }

    #[test]
    fn content_types_of_real_cameras_are_read() {
        let good = [
            "multipart/x-mixed-replace; boundary=frame",
            "multipart/x-mixed-replace;boundary=--frame",
            "Multipart/X-Mixed-Replace; charset=x; BOUNDARY=\"frame\"",
        ];
        for text in good {
            assert_eq!(boundary(text).as_deref(), Ok("frame"), "{text}");
        }
        for text in [
            "",
            "image/jpeg",
            "multipart/x-mixed-replace",
            "multipart/x-mixed-replace; boundary=--",
        ] {
            assert_eq!(boundary(text), Err(MjpegError::NotMjpeg), "{text}");
        }
    }

    #[test]
    fn limits_hold() {
        let mut parser = Parser::new("frame");
        let head = format!(
            "--frame\r\nContent-Length: {}\r\n\r\n",
            limits::MJPEG_PART_BYTES_MAX + 1
        );
        assert_eq!(parser.push(head.as_bytes()), Err(MjpegError::PartTooLarge));
        let mut parser = Parser::new("frame");
        assert_eq!(
            parser.push(b"--frame\r\nContent-Length: many\r\n\r\n"),
            Err(MjpegError::BadHead)
        );
        let mut parser = Parser::new("frame");
        let endless = vec![b'x'; HEAD_BYTES_MAX + 1];
        assert_eq!(parser.push(b"--frame\r\n"), Ok(vec![]));
        assert_eq!(parser.push(&endless), Err(MjpegError::BadHead));
    }

    #[test]
    fn a_part_without_an_end_and_a_stream_without_parts_hold_no_more_than_the_limit() {
        let block = vec![0_u8; 1024 * 1024];
        let mut outside = Parser::new("frame");
        for _ in 0..20 {
            assert_eq!(outside.push(&block), Ok(vec![]));
            assert!(outside.held() < 16);
        }
        let mut open = Parser::new("frame");
        open.push(b"--frame\r\nContent-Type: image/jpeg\r\n\r\n")
            .expect("head");
        let end = (0..20).find_map(|_| open.push(&block).err());
        assert_eq!(end, Some(MjpegError::PartTooLarge));
        assert!(open.held() <= limits::MJPEG_PART_BYTES_MAX + 64 * 1024);
    }

    proptest! {
        #[test]
        fn pictures_arrive_whole_however_they_are_cut(
            parts in prop::collection::vec(prop::collection::vec(0_u8..=255, 1..300), 0..5),
            piece in 1_usize..400,
            counted: bool,
            lf: bool,
        ) {
            // A picture without a length must not end in a line break or hold the mark.
            let parts: Vec<Vec<u8>> = parts.into_iter().map(|mut p| {
                if !counted {
                    p.retain(|b| *b != b'-');
                    p.push(0xD9);
                }
                p
            }).collect();
            let bytes = stream(&parts, counted, if lf { "\n" } else { "\r\n" });
            prop_assert_eq!(read(&bytes, piece), Ok(parts));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(0_u8..=255, 0..2000), piece in 1_usize..99) {
            let _ = read(&bytes, piece);
            let mut behind = b"--frame\r\n".to_vec();
            behind.extend(&bytes);
            let _ = read(&behind, piece);
        }
    }
}
