//! What a camera yields: a file, or the raw pixels of a device that compresses nothing.

use std::fmt;

/// One picture of a camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Counts from 1 for each camera.
    pub number: u64,
    /// What it is.
    pub content: Content,
}

/// What a picture is.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// A file: JPEG, PNG or WebP.
    File(Vec<u8>),
    /// Raw pixels.
    Yuyv(Yuyv),
}

impl Content {
    /// How many bytes it holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::File(bytes) => bytes.len(),
            Self::Yuyv(raw) => raw.bytes.len(),
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the pixels: a picture must not end up in a log.
        match self {
            Self::File(bytes) => write!(f, "File({} bytes)", bytes.len()),
            Self::Yuyv(raw) => raw.fmt(f),
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(file: Vec<u8>) -> Self {
        Self::File(file)
    }
}

/// A picture as `V4L2_PIX_FMT_YUYV` has it (kernel documentation, "Packed YUV formats"): two
/// pixels in four bytes, Y U Y V, rows from top to bottom.
#[derive(Clone, PartialEq, Eq)]
pub struct Yuyv {
    width: u32,
    height: u32,
    /// From the beginning of a row to that of the next, in bytes.
    stride: usize,
    bytes: Vec<u8>,
}

impl fmt::Debug for Yuyv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Yuyv({}x{})", self.width, self.height)
    }
}

impl Yuyv {
    /// Takes rows of `stride` bytes each; the last may be shorter by what lies behind its
    /// pixels. None if the width is odd, a side is zero, or bytes are missing.
    #[must_use]
    pub fn new(width: u32, height: u32, stride: usize, bytes: Vec<u8>) -> Option<Self> {
        let row = (width as usize).checked_mul(2)?;
        let rows_before_last = (height as usize).checked_sub(1)?;
        let least = rows_before_last.checked_mul(stride)?.checked_add(row)?;
        let good = width > 0 && width.is_multiple_of(2) && stride >= row && bytes.len() >= least;
        good.then_some(Self {
            width,
            height,
            stride,
            bytes,
        })
    }

    /// Width in pixels, even.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixels as R, G, B bytes, row by row: ITU-R BT.601 with the limited range (16 to 235)
    /// that webcams send unless they say otherwise (UVC 1.5, colour matching descriptor).
    #[must_use]
    pub fn to_rgb(&self) -> Vec<u8> {
        let row = self.width as usize * 2;
        let mut rgb = Vec::with_capacity(row / 2 * 3 * self.height as usize);
        for line in self.bytes.chunks(self.stride).take(self.height as usize) {
            for pair in line.get(..row).unwrap_or_default().chunks_exact(4) {
                if let [y0, u, y1, v] = *pair {
                    rgb.extend(pixel(y0, u, v));
                    rgb.extend(pixel(y1, u, v));
                }
            }
        }
        rgb
    }
}

/// One pixel, in 256ths: 298/256 is 255/219, the others are the matrix of BT.601 times 255/224.
fn pixel(y: u8, u: u8, v: u8) -> [u8; 3] {
    let luma = 298 * (i32::from(y) - 16) + 128;
    let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
    [luma + 409 * v, luma - 100 * u - 208 * v, luma + 516 * u]
        .map(|sum| (sum >> 8).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_colours_come_out() {
        // The bars of a test picture at 75 % and the two ends, as BT.601 has them.
        let table = [
            ([16, 128, 128], [0, 0, 0]),
            ([235, 128, 128], [255, 255, 255]),
            ([180, 128, 128], [191, 191, 191]),
            ([65, 100, 212], [191, 0, 0]),
            ([112, 72, 58], [0, 191, 0]),
            ([35, 212, 114], [0, 0, 191]),
        ];
        for ([y, u, v], want) in table {
            let raw = Yuyv::new(2, 1, 4, vec![y, u, y, v]).expect("whole");
            let rgb = raw.to_rgb();
            let near = |got: &[u8]| got.iter().zip(want).all(|(g, w)| g.abs_diff(w) <= 2);
            assert!(near(&rgb[..3]) && near(&rgb[3..]), "{rgb:?} for {want:?}");
        }
    }

    #[test]
    fn padding_between_rows_is_no_picture() {
        let bytes = vec![235, 128, 235, 128, 7, 7, 16, 128, 16, 128];
        let raw = Yuyv::new(2, 2, 6, bytes.clone()).expect("whole");
        assert_eq!(raw.to_rgb(), [[255; 6], [0; 6]].concat());
        for (width, height, stride, taken) in [
            (2, 2, 6, 9),  // a byte is missing
            (2, 2, 3, 10), // rows overlap
            (1, 2, 4, 10), // half a pair
            (0, 2, 4, 10),
            (2, 0, 4, 10),
            (u32::MAX - 1, u32::MAX, usize::MAX, 10),
        ] {
            let cut = bytes[..taken].to_vec();
            assert_eq!(
                Yuyv::new(width, height, stride, cut),
                None,
                "{width}x{height}"
            );
        }
    }

    #[test]
    fn no_pixels_in_a_log() {
        let raw = Yuyv::new(2, 1, 4, vec![77; 4]).map(Content::Yuyv);
        assert_eq!(format!("{raw:?}"), "Some(Yuyv(2x1))");
        let file = Content::from(vec![77; 4]);
        assert_eq!(
            (format!("{file:?}"), file.bytes()),
            ("File(4 bytes)".into(), 4)
        );
    }

    /// The same from the definition: weights of red and blue, and the two ranges.
    fn by_definition(y: u8, u: u8, v: u8) -> [f64; 3] {
        let (kr, kb) = (0.299, 0.114);
        let luma = (f64::from(y) - 16.0) / 219.0;
        let pb = (f64::from(u) - 128.0) / 224.0;
        let pr = (f64::from(v) - 128.0) / 224.0;
        let red = luma + 2.0 * (1.0 - kr) * pr;
        let blue = luma + 2.0 * (1.0 - kb) * pb;
        let green = (luma - kr * red - kb * blue) / (1.0 - kr - kb);
        [red, green, blue].map(|c| (c * 255.0).clamp(0.0, 255.0))
    }

    impl PartialEq<[f64; 3]> for Near {
        fn eq(&self, want: &[f64; 3]) -> bool {
            self.0
                .iter()
                .zip(want)
                .all(|(g, w)| (f64::from(*g) - w).abs() <= 1.5)
        }
    }

    #[derive(Debug)]
    struct Near([u8; 3]);

    proptest! {
        #[test]
        fn each_pixel_is_what_the_definition_says(y: u8, u: u8, v: u8) {
            prop_assert_eq!(Near(pixel(y, u, v)), by_definition(y, u, v));
        }

        #[test]
        fn each_pixel_has_its_own_place(
            (width, height, pad) in (1_u32..20, 1_u32..8, 0_usize..9),
            seed: u64,
        ) {
            let (width, row) = (width * 2, width as usize * 4);
            let stride = row + pad;
            let noise = |i: usize| (seed.rotate_left(i as u32 % 64) as usize ^ (i * 151)) as u8;
            let bytes: Vec<u8> = (0..stride * height as usize).map(noise).collect();
            let rgb = Yuyv::new(width, height, stride, bytes.clone()).expect("whole").to_rgb();
            prop_assert_eq!(rgb.len(), (width * height * 3) as usize);
            for y in 0..height as usize {
                for x in 0..width as usize {
                    let pair = y * stride + x / 2 * 4;
                    let want = pixel(bytes[pair + x % 2 * 2], bytes[pair + 1], bytes[pair + 3]);
                    let at = (y * width as usize + x) * 3;
                    prop_assert_eq!(&rgb[at..at + 3], &want[..]);
                }
            }
        }
    }
}
