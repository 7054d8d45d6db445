//! A face as a point on the unit sphere, and the network that computes it.
//!
//! SFace (see `models/manifest.toml`): input 1x3x112x112, planes R, G, B, 0 to 255; output 128
//! numbers, of which only the direction counts.

use crate::vision::align::{CROP_SIDE, Crop};
use crate::vision::model::{Models, RunError};
use std::fmt;

/// How many numbers an embedding has.
pub const EMBEDDING_FLOATS: usize = 128;

/// Bytes of the stored form: 128 little-endian f32.
pub const EMBEDDING_BYTES: usize = EMBEDDING_FLOATS * 4;

/// Numbers that are no embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbeddingError {
    /// Not 128 numbers, or not 512 bytes.
    Length(usize),
    /// A number is not finite, or all are zero.
    Degenerate,
}

impl fmt::Display for EmbeddingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(got) => {
                write!(f, "an embedding has {EMBEDDING_FLOATS} numbers, not {got}")
            }
            Self::Degenerate => f.write_str("the embedding has no direction"),
        }
    }
}

impl std::error::Error for EmbeddingError {}

/// 128 numbers of length 1. The dot product of two is the cosine of their angle: about 0 for
/// strangers, above 0.6 for two good pictures of one person.
#[derive(Clone, PartialEq)]
pub struct Embedding(Box<[f32; EMBEDDING_FLOATS]>);

impl fmt::Debug for Embedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embedding(…)") // biometric data: never in a log
    }
}

impl Drop for Embedding {
    fn drop(&mut self) {
        self.0.fill(0.0);
    }
}

impl Embedding {
    /// Takes 128 numbers of any length above zero and brings them to length 1.
    ///
    /// # Errors
    /// [`EmbeddingError::Length`], [`EmbeddingError::Degenerate`].
    pub fn from_slice(numbers: &[f32]) -> Result<Self, EmbeddingError> {
        let mut unit: Box<[f32; EMBEDDING_FLOATS]> = numbers
            .to_vec()
            .into_boxed_slice()
            .try_into()
            .map_err(|_| EmbeddingError::Length(numbers.len()))?;
        let square: f64 = unit.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
        let length = square.sqrt();
        if !length.is_finite() || length < 1e-12 {
            return Err(EmbeddingError::Degenerate);
        }
        for v in unit.iter_mut() {
            *v = (f64::from(*v) / length) as f32;
        }
        Ok(Self(unit))
    }

    /// The cosine to another embedding, -1 to 1.
    #[must_use]
    pub fn dot(&self, other: &Self) -> f32 {
        self.0.iter().zip(other.0.iter()).map(|(a, b)| a * b).sum()
    }

    /// The 128 numbers, of length 1.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        self.0.as_slice()
    }

    /// The normalised mean; None for an empty list or one that cancels out.
    #[must_use]
    pub fn mean(of: &[Self]) -> Option<Self> {
        let mut sum = [0f32; EMBEDDING_FLOATS];
        for one in of {
            for (s, v) in sum.iter_mut().zip(one.0.iter()) {
                *s += v;
            }
        }
        Self::from_slice(&sum).ok()
    }

    /// The stored form: 512 bytes, little-endian f32.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    /// Reads the stored form and normalises again.
    ///
    /// # Errors
    /// As [`Embedding::from_slice`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EmbeddingError> {
        if bytes.len() != EMBEDDING_BYTES {
            return Err(EmbeddingError::Length(bytes.len() / 4));
        }
        let mut numbers = [0f32; EMBEDDING_FLOATS];
        for (to, from) in numbers.iter_mut().zip(bytes.chunks_exact(4)) {
            *to = <[u8; 4]>::try_from(from).map_or(0.0, f32::from_le_bytes);
        }
        Self::from_slice(&numbers)
    }
}

/// The embedding of an aligned face.
///
/// # Errors
/// [`RunError`] when the network fails or answers with something that is no direction.
pub fn embed(models: &Models, crop: &Crop) -> Result<Embedding, RunError> {
    let output = models.run_embedder(planes(crop))?;
    Embedding::from_slice(&output).map_err(|e| RunError::new(format!("sface: {e}")))
}

/// The crop as planes R, G, B, 0 to 255.
fn planes(crop: &Crop) -> Vec<f32> {
    let plane = (CROP_SIDE * CROP_SIDE) as usize;
    let mut out = Vec::with_capacity(3 * plane);
    for channel in 0..3 {
        let of_channel = crop.rgb().iter().skip(channel).step_by(3);
        out.extend(of_channel.map(|v| f32::from(*v)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn axis(i: usize) -> Embedding {
        let mut v = [0f32; EMBEDDING_FLOATS];
        v[i] = 3.0;
        Embedding::from_slice(&v).expect("has a direction")
    }

    #[test]
    fn wrong_numbers_are_refused() {
        assert_eq!(
            Embedding::from_slice(&[1.0; 3]),
            Err(EmbeddingError::Length(3))
        );
        for bad in [0.0, f32::NAN, f32::INFINITY] {
            let numbers = [bad; EMBEDDING_FLOATS];
            assert_eq!(
                Embedding::from_slice(&numbers),
                Err(EmbeddingError::Degenerate)
            );
        }
        assert_eq!(
            Embedding::from_bytes(&[0; 511]),
            Err(EmbeddingError::Length(127))
        );
    }

    #[test]
    fn the_mean_lies_between() {
        let mean = Embedding::mean(&[axis(0), axis(1)]).expect("a mean");
        assert!((mean.dot(&axis(0)) - 0.5f32.sqrt()).abs() < 1e-6);
        assert!(Embedding::mean(&[]).is_none());
    }

    #[test]
    fn an_embedding_is_not_printed() {
        assert_eq!(format!("{:?}", axis(0)), "Embedding(…)");
    }

    proptest! {
        #[test]
        fn bytes_bring_back_the_same_direction(numbers in proptest::collection::vec(-5f32..5.0, EMBEDDING_FLOATS)) {
            prop_assume!(numbers.iter().any(|v| v.abs() > 0.01));
            let one = Embedding::from_slice(&numbers).expect("has a direction");
            let back = Embedding::from_bytes(&one.to_bytes()).expect("reads its own form");
            prop_assert!((one.dot(&back) - 1.0).abs() < 1e-5);
            prop_assert!((one.dot(&one) - 1.0).abs() < 1e-5);
        }
    }
}
