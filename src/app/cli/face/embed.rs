//! `hadir face embed`: the format is part of the program's contract with scripts that compare
//! its embeddings with those of other programs.

use crate::app::cli::face::picture;
use crate::app::error::Failure;
use crate::app::output::line;
use crate::base::json;
use crate::vision::model::Models;
use crate::vision::worker::FaceSeen;
use std::io::BufRead as _;
use std::path::Path;

/// Longest path, in bytes (PATH_MAX of Linux).
const PATH_BYTES_MAX: usize = 4096;

fn face(seen: &FaceSeen) -> json::Value {
    let embedding = seen.embedding.as_ref().map(|e| e.as_slice().to_vec());
    json::json!({
        "box": seen.face.bbox,
        "score": seen.face.score,
        "landmarks": seen.face.landmarks,
        "quality": seen.quality.score,
        "embedding": embedding,
    })
}

fn report(models: &Models, path: &str) -> Result<json::Value, json::Value> {
    match picture::analyse(models, Path::new(path), true) {
        Ok(analysis) => {
            let faces: Vec<_> = analysis.faces.iter().map(face).collect();
            Ok(json::json!({"path": path, "faces": faces}))
        }
        Err(error) => Err(json::json!({"path": path, "faces": [], "error": error})),
    }
}

/// Reads paths from stdin, one a line, and prints a JSON line for each.
///
/// # Errors
/// [`Failure::Failed`] at the end if a picture could not be read; its line says why.
pub fn run(models: &Models) -> Result<(), Failure> {
    let mut failed = 0_usize;
    for path in std::io::stdin().lock().lines() {
        let path = path.map_err(Failure::of)?;
        if path.is_empty() || path.len() > PATH_BYTES_MAX {
            continue;
        }
        match report(models, &path) {
            Ok(value) => line(value),
            Err(value) => {
                failed += 1;
                line(value);
            }
        }
    }
    match failed {
        0 => Ok(()),
        n => Err(Failure::Failed(format!("{n} pictures could not be read"))),
    }
}
