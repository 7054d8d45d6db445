//! One picture file through the whole chain, detection at the picture's own size.

use crate::base::limits;
use crate::vision::model::Models;
use crate::vision::worker::{Analyse as _, Analysis, Chain, FaceSeen, Picture, Want};
use std::path::Path;

/// Reads a file of at most [`limits::IMAGE_BYTES_MAX`] bytes.
///
/// # Errors
/// A sentence.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let size = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if size > limits::IMAGE_BYTES_MAX as u64 {
        return Err(format!(
            "the file is larger than {} bytes",
            limits::IMAGE_BYTES_MAX
        ));
    }
    std::fs::read(path).map_err(|e| e.to_string())
}

/// All faces of a picture file, each embedded if `multi`, else the largest alone.
///
/// # Errors
/// A sentence on why it is not a picture that can be looked at.
pub fn analyse(models: &Models, path: &Path, multi: bool) -> Result<Analysis, String> {
    let want = Want {
        multi,
        ..Want::enrolment()
    };
    let picture = Picture::Bytes(read(path)?);
    Chain(Some(models.clone()))
        .analyse(&picture, want)
        .map_err(|e| e.to_string())
}

/// The largest face of a picture file.
///
/// # Errors
/// As [`analyse`], and if there is no face.
pub fn largest(models: &Models, path: &Path) -> Result<FaceSeen, String> {
    let analysis = analyse(models, path, false)?;
    analysis
        .faces
        .into_iter()
        .next()
        .ok_or_else(|| "no face was found".to_owned())
}
