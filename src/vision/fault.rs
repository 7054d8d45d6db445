//! What can be wrong with a picture: one list for headers, decoders and edits.

use crate::base::limits;
use std::fmt;

/// Why bytes did not become a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameError {
    /// There are no bytes at all.
    Empty,
    /// The bytes are no picture of any kind that is known.
    NotAnImage,
    /// A picture, but of a format that is not read; the format's name.
    Unsupported(&'static str),
    /// The file ends before its picture does.
    Truncated,
    /// The file is damaged; what is wrong with it.
    Corrupt(&'static str),
    /// The file is longer than `bytes_max`.
    TooManyBytes {
        /// Bytes received.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// The header claims more pixels than are allowed.
    TooManyPixels {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
    },
    /// A four-colour (CMYK) JPEG.
    Cmyk,
    /// More than eight bits a channel.
    SixteenBit,
    /// A moving picture (APNG, animated WebP).
    Animated,
    /// Width, height and number of bytes do not belong together (frames from raw pixels only).
    Shape,
}

impl FrameError {
    /// A stable word for logs and answers.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "image_empty",
            Self::NotAnImage => "image_not_recognised",
            Self::Unsupported(_) => "image_unsupported",
            Self::Truncated => "image_truncated",
            Self::Corrupt(_) => "image_corrupt",
            Self::TooManyBytes { .. } => "image_too_many_bytes",
            Self::TooManyPixels { .. } => "image_too_many_pixels",
            Self::Cmyk => "image_cmyk",
            Self::SixteenBit => "image_sixteen_bit",
            Self::Animated => "image_animated",
            Self::Shape => "image_shape",
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the picture has 0 bytes; send a JPEG, PNG or WebP file"),
            Self::NotAnImage => f.write_str("this is not a picture; send a JPEG, PNG or WebP file"),
            Self::Unsupported(name) => {
                write!(f, "{name} is not supported; send a JPEG, PNG or WebP file")
            }
            Self::Truncated => f.write_str("the picture is cut off; send the whole file again"),
            Self::Corrupt(what) => write!(f, "the picture is damaged: {what}"),
            Self::TooManyBytes { bytes, bytes_max } => write!(
                f,
                "the picture has {bytes} bytes and at most {bytes_max} are accepted; send a smaller one"
            ),
            Self::TooManyPixels { width, height } => write!(
                f,
                "the picture claims {width}x{height} pixels; at most {} a side and {} in all are accepted",
                limits::IMAGE_SIDE_PIXELS_MAX,
                limits::IMAGE_PIXELS_MAX
            ),
            Self::Cmyk => f.write_str("this JPEG is in printing colours (CMYK); save it as RGB"),
            Self::SixteenBit => {
                f.write_str("this picture has more than 8 bits a channel; save it with 8 bits")
            }
            Self::Animated => f.write_str("this picture moves; send a single still picture"),
            Self::Shape => f.write_str("width, height and number of pixels do not fit together"),
        }
    }
}

impl std::error::Error for FrameError {}
