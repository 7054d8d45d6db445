//! Makes a whole JPEG file of what a webcam sends as MJPEG. Pure.
//!
//! Webcams leave out the Huffman tables, which are always the same (AVI's MJPEG; the tables
//! are those of ITU-T T.81, annex K.3), fill up with zeros behind the end, and now and then a
//! picture arrives cut off: that one is not shown, its lower half would be grey.

/// Bits and values of the four tables: class and number, how many codes have 1 to 16 bits, and
/// the values in the order of their codes.
struct Table {
    class: u8,
    lengths: [u8; 16],
    values: &'static [u8],
}

const LUMA_DC: Table = Table {
    class: 0x00,
    lengths: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    values: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

const CHROMA_DC: Table = Table {
    class: 0x01,
    lengths: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    values: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

const LUMA_AC: Table = Table {
    class: 0x10,
    lengths: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
    values: &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
        0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52,
        0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25,
        0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45,
        0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64,
        0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83,
        0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
        0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
        0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3,
        0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8,
        0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};

const CHROMA_AC: Table = Table {
    class: 0x11,
    lengths: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
    values: &[
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61,
        0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33,
        0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18,
        0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44,
        0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63,
        0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a,
        0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
        0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
        0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca,
        0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
        0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};

/// What is to be read before the pixels.
struct Head {
    /// Where the segment before the pixels begins.
    scan_at: usize,
    /// The file has Huffman tables of its own.
    tables: bool,
}

/// Walks over the segments up to the one before the pixels; None if there is no way there.
fn head(bytes: &[u8]) -> Option<Head> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let mut tables = false;
    loop {
        let at = bytes.len() - rest.len();
        rest = match rest {
            [0xff, 0xff, ..] => rest.get(1..)?, // a marker may be filled up in front
            [0xff, 0xda, ..] => {
                return Some(Head {
                    scan_at: at,
                    tables,
                });
            }
            [0xff, 0x01 | 0xd0..=0xd7, rest @ ..] => rest,
            [0xff, 0xd9 | 0x00, ..] => return None,
            [0xff, kind, high, low, ..] => {
                tables |= *kind == 0xc4;
                // The length counts its own two bytes.
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                if length < 2 {
                    return None;
                }
                rest.get(2 + length..)?
            }
            _ => return None,
        };
    }
}

/// Where the file ends: behind its last end marker.
fn end(bytes: &[u8], from: usize) -> Option<usize> {
    let pixels = bytes.get(from..)?;
    let last = pixels.windows(2).rposition(|w| w == [0xff, 0xd9])?;
    Some(from + last + 2)
}

/// The segment with the four tables.
fn tables() -> Vec<u8> {
    let all = [&LUMA_DC, &LUMA_AC, &CHROMA_DC, &CHROMA_AC];
    let length = 2 + all.iter().map(|t| 17 + t.values.len()).sum::<usize>();
    let mut segment = vec![0xff, 0xc4];
    segment.extend((length as u16).to_be_bytes());
    for table in all {
        segment.push(table.class);
        segment.extend(table.lengths);
        segment.extend(table.values);
    }
    segment
}

/// The file: without what lies behind its end, with the usual tables if it has none. None for a
/// picture that was cut off or is none.
#[must_use]
pub fn whole(bytes: &[u8]) -> Option<Vec<u8>> {
    let head = head(bytes)?;
    let end = end(bytes, head.scan_at)?;
    let (before, pixels) = bytes.get(..end)?.split_at_checked(head.scan_at)?;
    if head.tables {
        return bytes.get(..end).map(<[u8]>::to_vec);
    }
    Some([before, &tables(), pixels].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const APP: [u8; 6] = [0xff, 0xe0, 0, 4, 0xff, 0xd9]; // an end marker within a segment
    const HUFFMAN: [u8; 5] = [0xff, 0xc4, 0, 3, 0];
    const SCAN: [u8; 6] = [0xff, 0xda, 0, 2, 1, 2];
    const BEGIN: [u8; 2] = [0xff, 0xd8];
    const END: [u8; 2] = [0xff, 0xd9];

    #[test]
    fn tables_are_put_in_where_they_are_missing() {
        let with = [&BEGIN[..], &APP, &HUFFMAN, &SCAN, &END].concat();
        assert_eq!(whole(&with).as_ref(), Some(&with));
        let without = [&BEGIN[..], &APP, &SCAN, &END].concat();
        let want = [&BEGIN[..], &APP, &tables(), &SCAN, &END].concat();
        assert_eq!(whole(&without), Some(want.clone()));
        assert_eq!(whole(&want), Some(want), "once is enough");
    }

    #[test]
    fn the_tables_are_as_long_as_they_say() {
        assert_eq!(
            tables().len(),
            420,
            "as in every JPEG with the usual tables"
        );
        for table in [LUMA_DC, CHROMA_DC, LUMA_AC, CHROMA_AC] {
            let codes: usize = table.lengths.iter().map(|n| usize::from(*n)).sum();
            assert_eq!(codes, table.values.len());
            let mut each = table.values.to_vec();
            each.sort_unstable();
            each.dedup();
            assert_eq!(each.len(), codes, "a value has one code");
        }
    }

    #[test]
    fn what_was_cut_off_is_no_picture() {
        let file = [&BEGIN[..], &APP, &HUFFMAN, &SCAN, &[3; 40], &END].concat();
        for cut in 0..file.len() {
            assert_eq!(whole(&file[..cut]), None, "{cut} bytes");
        }
        let mut filled = file.clone();
        filled.extend([0; 500]);
        assert_eq!(whole(&filled), Some(file.clone()), "zeros behind the end");
        for none in [
            &[][..],
            b"GIF89a",
            &[&BEGIN[..], &END].concat(),
            &[&BEGIN[..], &[7; 9], &SCAN, &END].concat(),
            &[&BEGIN[..], &[0xff; 9]].concat(),
            &[&BEGIN[..], &[0xff, 0xe0, 0, 0, 0xff], &SCAN, &END].concat(),
        ] {
            assert_eq!(whole(none), None, "{none:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = whole(&bytes);
            let _ = whole(&[&BEGIN[..], &bytes].concat());
            let _ = whole(&[&BEGIN[..], &APP, &SCAN, &bytes, &END].concat());
        }
    }
}
