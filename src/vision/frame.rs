//! A picture in memory: decoded with limits, upright, three bytes a pixel.
//!
//! Every surface that receives a picture, and each camera, makes a [`Frame`] first. The
//! decoders are the `image` crate's; [`crate::vision::header`] has judged the bytes before.

use crate::base::limits;
use crate::vision::header::{self, Format};
use image::{ImageDecoder, ImageFormat, ImageReader, Limits};
use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

pub use crate::vision::fault::FrameError;

/// A grey picture: one byte a pixel, rows from top to bottom, 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Luma {
    width: u32,
    height: u32,
    grey: Vec<u8>,
}

impl Luma {
    /// Takes `width` x `height` bytes, row by row.
    ///
    /// # Errors
    /// [`FrameError::Shape`] when the number of bytes differs or a side is zero.
    pub fn from_grey(width: u32, height: u32, grey: Vec<u8>) -> Result<Self, FrameError> {
        if width == 0 || height == 0 || grey.len() != width as usize * height as usize {
            return Err(FrameError::Shape);
        }
        Ok(Self {
            width,
            height,
            grey,
        })
    }

    /// Width in pixels.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row.
    #[must_use]
    pub fn grey(&self) -> &[u8] {
        &self.grey
    }

    /// The same picture with three equal channels.
    #[must_use]
    pub fn to_frame(&self) -> Frame {
        let rgb = self.grey.iter().flat_map(|g| [*g, *g, *g]).collect();
        Frame {
            width: self.width,
            height: self.height,
            rgb: Arc::new(rgb),
        }
    }
}

/// A colour picture: R, G, B bytes, rows from top to bottom. Clones share the pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    width: u32,
    height: u32,
    rgb: Arc<Vec<u8>>,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the pixels: a frame must not end up in a log.
        write!(f, "Frame({}x{})", self.width, self.height)
    }
}

impl Frame {
    /// Decodes a JPEG, PNG or WebP file and turns it upright as its EXIF orientation says.
    /// Transparency is ignored. Memory stays within a small multiple of the pixel limit.
    ///
    /// # Errors
    /// See [`FrameError`]; nothing is allocated for pixels before the header was judged.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let header = header::read(bytes)?;
        let format = match header.format {
            Format::Jpeg => ImageFormat::Jpeg,
            Format::Png => ImageFormat::Png,
            Format::WebP => ImageFormat::WebP,
        };
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut bounds = Limits::default();
        bounds.max_image_width = Some(limits::IMAGE_SIDE_PIXELS_MAX);
        bounds.max_image_height = Some(limits::IMAGE_SIDE_PIXELS_MAX);
        bounds.max_alloc = Some(limits::IMAGE_PIXELS_MAX * 8);
        reader.limits(bounds);
        let mut decoder = reader.into_decoder().map_err(|e| Self::blame(&e))?;
        let orientation = decoder
            .orientation()
            .unwrap_or(image::metadata::Orientation::NoTransforms);
        let mut picture =
            image::DynamicImage::from_decoder(decoder).map_err(|e| Self::blame(&e))?;
        picture.apply_orientation(orientation);
        let rgb = picture.into_rgb8();
        let (width, height) = rgb.dimensions();
        Self::from_rgb(width, height, rgb.into_raw())
    }

    fn blame(error: &image::ImageError) -> FrameError {
        match error {
            image::ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                FrameError::Truncated
            }
            image::ImageError::Unsupported(_) => {
                FrameError::Unsupported("this variant of the picture format")
            }
            image::ImageError::Decoding(_)
            | image::ImageError::Encoding(_)
            | image::ImageError::Parameter(_)
            | image::ImageError::Limits(_)
            | image::ImageError::IoError(_) => FrameError::Corrupt("its pixels cannot be decoded"),
        }
    }

    /// Takes `width` x `height` x 3 bytes, row by row.
    ///
    /// # Errors
    /// [`FrameError::Shape`] when the number of bytes differs or a side is zero,
    /// [`FrameError::TooManyPixels`] above the limits.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, FrameError> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels > limits::IMAGE_PIXELS_MAX {
            return Err(FrameError::TooManyPixels { width, height });
        }
        if pixels == 0 || rgb.len() as u64 != pixels * 3 {
            return Err(FrameError::Shape);
        }
        Ok(Self {
            width,
            height,
            rgb: Arc::new(rgb),
        })
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixels: `width` x `height` x 3 bytes.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The grey picture (ITU-R BT.601 weights).
    #[must_use]
    pub fn luma(&self) -> Luma {
        let grey = |p: &[u8]| match p {
            [r, g, b] => {
                ((u32::from(*r) * 299 + u32::from(*g) * 587 + u32::from(*b) * 114 + 500) / 1000)
                    as u8
            }
            _ => 0,
        };
        Luma {
            width: self.width,
            height: self.height,
            grey: self.rgb.chunks_exact(3).map(grey).collect(),
        }
    }

    /// Encodes as JPEG of `quality` 1 to 100, without metadata.
    ///
    /// # Errors
    /// [`FrameError::Corrupt`] when the encoder refuses, which no frame within the limits makes it do.
    pub fn encode_jpeg(&self, quality: u8) -> Result<Vec<u8>, FrameError> {
        let mut out = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, quality.clamp(1, 100))
            .encode(
                &self.rgb,
                self.width,
                self.height,
                image::ExtendedColorType::Rgb8,
            )
            .map_err(|_| FrameError::Corrupt("it cannot be encoded"))?;
        Ok(out)
    }

    /// Encodes as PNG, without metadata.
    ///
    /// # Errors
    /// As [`Frame::encode_jpeg`].
    pub fn encode_png(&self) -> Result<Vec<u8>, FrameError> {
        use image::ImageEncoder;
        let mut out = Vec::new();
        image::codecs::png::PngEncoder::new(&mut out)
            .write_image(
                &self.rgb,
                self.width,
                self.height,
                image::ExtendedColorType::Rgb8,
            )
            .map_err(|_| FrameError::Corrupt("it cannot be encoded"))?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: u32, height: u32) -> Frame {
        let mut rgb = Vec::new();
        for y in 0..height {
            for x in 0..width {
                rgb.extend([
                    (x * 7 % 256) as u8,
                    (y * 5 % 256) as u8,
                    ((x + y) % 256) as u8,
                ]);
            }
        }
        Frame::from_rgb(width, height, rgb).expect("a valid shape")
    }

    #[test]
    fn a_png_comes_back_as_it_was() {
        let frame = gradient(31, 17);
        let back = Frame::decode(&frame.encode_png().expect("encodes")).expect("decodes");
        assert!(back == frame);
    }

    #[test]
    fn every_cut_of_a_file_is_an_error() {
        let frame = gradient(40, 24);
        let files = [
            frame.encode_jpeg(90).expect("encodes"),
            frame.encode_png().expect("encodes"),
        ];
        for file in files {
            assert!(Frame::decode(&file).is_ok());
            for length in (0..file.len()).step_by(7) {
                let cut = Frame::decode(&file[..length]);
                assert!(cut.is_err(), "{length} of {} bytes", file.len());
                if length > 8 {
                    assert_eq!(
                        cut,
                        Err(FrameError::Truncated),
                        "{length} of {}",
                        file.len()
                    );
                }
            }
        }
    }

    #[test]
    fn exif_orientation_turns_the_picture_upright() {
        // Orientation 6: the stored picture is to be turned by 90 degrees clockwise.
        let file = gradient(32, 16).encode_jpeg(95).expect("encodes");
        let mut exif = vec![0xFF, 0xE1, 0, 34];
        exif.extend(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
        let turned = [&file[..2], &exif, &file[2..]].concat();
        let frame = Frame::decode(&turned).expect("decodes");
        assert_eq!((frame.width(), frame.height()), (16, 32));
    }

    #[test]
    fn shapes_are_checked() {
        assert_eq!(Frame::from_rgb(2, 2, vec![0; 11]), Err(FrameError::Shape));
        assert_eq!(Frame::from_rgb(0, 2, Vec::new()), Err(FrameError::Shape));
        assert_eq!(Luma::from_grey(2, 2, vec![0; 3]), Err(FrameError::Shape));
        assert!(matches!(
            Frame::from_rgb(u32::MAX, u32::MAX, Vec::new()),
            Err(FrameError::TooManyPixels { .. })
        ));
    }

    #[test]
    fn grey_weighs_the_channels() {
        let frame = Frame::from_rgb(3, 1, vec![255, 0, 0, 0, 255, 0, 0, 0, 255]).expect("valid");
        assert_eq!(frame.luma().grey(), [76, 150, 29]);
        assert_eq!(format!("{frame:?}"), "Frame(3x1)");
    }
}
