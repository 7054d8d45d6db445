//! An archive of a few texts in the format of POSIX.1-1988 (`ustar`).

use crate::base::time::Timestamp;

/// The format's unit.
const BLOCK: usize = 512;

/// An archive.
pub struct Archive {
    bytes: Vec<u8>,
    at: Timestamp,
}

impl Archive {
    /// An archive with nothing in it, of files of this time.
    pub const fn new(at: Timestamp) -> Self {
        Self {
            bytes: Vec::new(),
            at,
        }
    }

    /// Adds a file; its name has at most 100 bytes.
    pub fn add(&mut self, name: &str, contents: &[u8]) {
        self.bytes.extend(header(name, contents.len(), self.at));
        self.bytes.extend_from_slice(contents);
        self.pad(BLOCK);
    }

    /// The whole archive.
    pub fn end(mut self) -> Vec<u8> {
        self.bytes.extend([0; 2 * BLOCK]);
        self.bytes
    }

    fn pad(&mut self, to: usize) {
        let length = self.bytes.len().next_multiple_of(to);
        self.bytes.resize(length, 0);
    }
}

/// A field: its text, filled up with zeros.
fn field(text: &str, length: usize) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(length, 0);
    bytes
}

fn header(name: &str, size: usize, at: Timestamp) -> Vec<u8> {
    let seconds = at.as_seconds().max(0);
    let before = [
        field(name, 100),
        field("0000600", 8),
        field("0000000", 8),
        field("0000000", 8),
        field(&format!("{size:011o}"), 12),
        field(&format!("{seconds:011o}"), 12),
    ]
    .concat();
    let after = [
        field("0", 1),
        field("", 100),
        field("ustar", 6),
        field("00", 2),
        field("", 247),
    ]
    .concat();
    // The checksum is that of the header with spaces in its place.
    let sum: u32 = before.iter().chain(&after).map(|b| u32::from(*b)).sum();
    let sum = sum + 8 * u32::from(b' ');
    let mut bytes = before;
    bytes.extend(format!("{sum:06o}\0 ").into_bytes());
    bytes.extend(after);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_block_with_its_checksum() {
        let bytes = header("a.txt", 5, Timestamp::from_millis(1_000));
        assert_eq!(bytes.len(), BLOCK);
        assert_eq!(&bytes[257..263], b"ustar\0");
        assert_eq!(&bytes[124..136], b"00000000005\0");
        let mut blank = bytes.clone();
        blank[148..156].fill(b' ');
        let sum: u32 = blank.iter().map(|b| u32::from(*b)).sum();
        assert_eq!(&bytes[148..156], format!("{sum:06o}\0 ").as_bytes());
    }

    #[test]
    fn every_file_begins_at_a_block() {
        let mut archive = Archive::new(Timestamp::from_millis(0));
        archive.add("a", b"12345");
        archive.add("b", &[b'x'; BLOCK]);
        let bytes = archive.end();
        assert_eq!(bytes.len(), 6 * BLOCK);
        assert_eq!(&bytes[BLOCK..BLOCK + 5], b"12345");
        assert_eq!(bytes[2 * BLOCK], b'b');
    }
}
