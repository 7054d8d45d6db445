//! `hadir face compare A B`.

use crate::app::cli::Common;
use crate::app::cli::face::picture;
use crate::app::error::Failure;
use crate::app::output::{Style, line};
use crate::base::json;
use crate::domain::checkin::threshold;
use crate::vision::model::Models;
use crate::vision::worker::FaceSeen;
use clap::Args;
use std::path::{Path, PathBuf};

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Compare {
    /// One picture
    a: PathBuf,
    /// Another picture
    b: PathBuf,
}

fn look(models: &Models, path: &Path) -> Result<FaceSeen, Failure> {
    picture::largest(models, path).map_err(|e| Failure::Failed(format!("{}: {e}", path.display())))
}

/// Compares the largest faces of two pictures, as a claimed identity is compared (1:1).
///
/// # Errors
/// [`Failure::Failed`] if one has no face.
pub fn run(common: &Common, models: &Models, args: &Compare) -> Result<(), Failure> {
    let (a, b) = (look(models, &args.a)?, look(models, &args.b)?);
    let (Some(one), Some(other)) = (&a.embedding, &b.embedding) else {
        return Err(Failure::Failed("a face could not be aligned".to_owned()));
    };
    let cosine = one.dot(other);
    let same = cosine >= threshold::CLAIMED;
    match common.style() {
        Style::Json => line(json::json!({
            "cosine": cosine,
            "threshold": threshold::CLAIMED,
            "same": same,
            "quality": [a.quality.score, b.quality.score],
        })),
        Style::Text => line(format!(
            "cosine {cosine:.3}, threshold {:.2} (1:1): {}; quality {:.2} and {:.2}",
            threshold::CLAIMED,
            if same {
                "the same person"
            } else {
                "not the same person"
            },
            a.quality.score,
            b.quality.score
        )),
    }
    Ok(())
}
