//! Loads the three networks and runs them. The only file of vision that reads from the disk.
//!
//! Every file must have the sha256 that is compiled in: a changed model would give embeddings
//! that cannot be compared with the stored ones, and nobody would notice. A runnable network
//! is made once for each input size and kept; the number of sizes kept is bounded.

use crate::base::limits;
use crate::crypto::digest::sha256;
use crate::vision::{depthwise, ops};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tract_onnx::prelude::*;

/// A model file and the digest it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// The file's name.
    pub name: &'static str,
    /// Its sha256 in hexadecimal.
    pub sha256: &'static str,
}

/// The detector, YuNet with merged heads.
pub const DETECTOR: ModelFile = ModelFile {
    name: "face_detection_yunet_2023mar_merged.onnx",
    sha256: "cc2b46f52576c235c83525315cda62403eb01520755663da6113195b93957a5d",
};

/// The embedder, SFace with folded normalisations.
pub const EMBEDDER: ModelFile = ModelFile {
    name: "face_recognition_sface_2021dec.onnx",
    sha256: "319e8cd9a1047213c39c1061df78f91f8f28b033248e9fa125e31d36a7c8a901",
};

/// The eye contour network, MediaPipe iris.
pub const EYES: ModelFile = ModelFile {
    name: "iris_landmark.onnx",
    sha256: "31ab1fcdb9229fab4c7d441a579ef7e94a4afa708185dce6e8b77ac763bd7a56",
};

/// The sha256 of the embedder's file. Embeddings of two models live in different spaces and are
/// never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModelHash(pub [u8; 32]);

impl fmt::Display for ModelHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

/// Why the models could not be loaded. Faces are off then; codes and lists go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// The file is in none of the folders.
    Missing {
        /// The file's name.
        file: &'static str,
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The file is there but is another one.
    Changed {
        /// The file.
        path: PathBuf,
        /// The digest it has.
        found: String,
        /// The digest it must have.
        expected: &'static str,
    },
    /// The file cannot be read; what the system says.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// The right file, but the inference library refuses it.
    Unusable {
        /// The file's name.
        file: &'static str,
        /// The library's words.
        why: String,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const AGAIN: &str = "install it again, or make it with models/prepare.py";
        match self {
            Self::Missing { file, looked } => {
                let dirs: Vec<_> = looked.iter().map(|d| d.display().to_string()).collect();
                write!(
                    f,
                    "the model {file} is missing (looked in {}); {AGAIN}",
                    dirs.join(", ")
                )
            }
            Self::Changed {
                path,
                found,
                expected,
            } => write!(
                f,
                "the model {} is not the expected one (sha256 {found}, expected {expected}); {AGAIN}",
                path.display()
            ),
            Self::Unreadable { path, why } => {
                write!(f, "the model {} cannot be read: {why}", path.display())
            }
            Self::Unusable { file, why } => write!(f, "the model {file} cannot be used: {why}"),
        }
    }
}

impl std::error::Error for ModelError {}

/// A network failed while running; the library's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunError(String);

impl RunError {
    /// Wraps a description.
    #[must_use]
    pub const fn new(why: String) -> Self {
        Self(why)
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inference failed: {}", self.0)
    }
}

impl std::error::Error for RunError {}

type Plan = Arc<TypedRunnableModel>;

struct Sized {
    width: u32,
    height: u32,
    plan: Plan,
}

struct Inner {
    detector: Vec<u8>,
    detectors: Mutex<Vec<Sized>>, // most recently used last
    embedder: Plan,
    eyes: Plan,
    embedder_hash: ModelHash,
}

/// The loaded networks; clones share them.
#[derive(Clone)]
pub struct Models(Arc<Inner>);

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Models({})", self.0.embedder_hash)
    }
}

impl Models {
    /// Loads all networks; each file is taken from the first folder that has it. Takes about half
    /// a second and some 100 MB.
    ///
    /// # Errors
    /// [`ModelError`], naming the file and what to do.
    pub fn load(dirs: &[PathBuf]) -> Result<Self, ModelError> {
        let detector = read(dirs, &DETECTOR)?;
        let (embedder, eyes) = (read(dirs, &EMBEDDER)?, read(dirs, &EYES)?);
        let usable = |file: &ModelFile, built: TractResult<Plan>| {
            built.map_err(|e| ModelError::Unusable {
                file: file.name,
                why: format!("{e:#}"),
            })
        };
        let width = limits::DETECT_WIDTH_PIXELS;
        let first = Sized {
            width,
            height: 256,
            plan: usable(&DETECTOR, build(&detector, &[1, 3, 256, width as usize]))?,
        };
        Ok(Self(Arc::new(Inner {
            detectors: Mutex::new(vec![first]),
            detector,
            embedder_hash: ModelHash(sha256(&embedder)),
            embedder: usable(&EMBEDDER, build(&embedder, &[1, 3, 112, 112]))?,
            eyes: usable(&EYES, build(&eyes, &[1, 3, 64, 64]))?,
        })))
    }

    /// The embedder's digest: embeddings of different embedders are never compared.
    #[must_use]
    pub fn embedder_hash(&self) -> ModelHash {
        self.0.embedder_hash
    }

    /// The three maps of the detector for planes B, G, R of `width` x `height`, both multiples of 32.
    pub(in crate::vision) fn run_detector(
        &self,
        width: u32,
        height: u32,
        planes: Vec<f32>,
    ) -> Result<Vec<Vec<f32>>, RunError> {
        let shape = [1, 3, height as usize, width as usize];
        let plan = self.detector(width, height).map_err(failed)?;
        run(&plan, &shape, planes).map_err(failed)
    }

    /// The 128 raw numbers for planes R, G, B of 112 x 112.
    pub(in crate::vision) fn run_embedder(&self, planes: Vec<f32>) -> Result<Vec<f32>, RunError> {
        let outputs = run(&self.0.embedder, &[1, 3, 112, 112], planes).map_err(failed)?;
        Ok(outputs.into_iter().next().unwrap_or_default())
    }

    /// The contour (71 points of x, y, z) for planes R, G, B of 64 x 64, 0 to 1.
    pub(in crate::vision) fn run_eyes(&self, planes: Vec<f32>) -> Result<Vec<f32>, RunError> {
        let outputs = run(&self.0.eyes, &[1, 3, 64, 64], planes).map_err(failed)?;
        Ok(outputs.into_iter().next().unwrap_or_default())
    }

    /// The detector for an input size, made at first use; the least recently used one goes when
    /// there are too many. The lock is held while one is made, so that two threads never make the
    /// same.
    fn detector(&self, width: u32, height: u32) -> TractResult<Plan> {
        let mut all = self
            .0
            .detectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = all
            .iter()
            .position(|s| s.width == width && s.height == height);
        let sized = match known {
            Some(place) => all.remove(place),
            None => Sized {
                width,
                height,
                plan: build(&self.0.detector, &[1, 3, height as usize, width as usize])?,
            },
        };
        let plan = Arc::clone(&sized.plan);
        all.push(sized);
        if all.len() > limits::DETECT_SIZES_MAX {
            all.remove(0);
        }
        Ok(plan)
    }
}

fn failed(error: TractError) -> RunError {
    RunError(format!("{error:#}"))
}

fn read(dirs: &[PathBuf], file: &ModelFile) -> Result<Vec<u8>, ModelError> {
    let path = dirs.iter().map(|d| d.join(file.name)).find(|p| p.exists());
    let path = path.ok_or_else(|| ModelError::Missing {
        file: file.name,
        looked: dirs.to_vec(),
    })?;
    let bytes = read_bounded(&path).map_err(|e| ModelError::Unreadable {
        path: path.clone(),
        why: e.to_string(),
    })?;
    let found = ModelHash(sha256(&bytes)).to_string();
    if found != file.sha256 {
        return Err(ModelError::Changed {
            path,
            found,
            expected: file.sha256,
        });
    }
    Ok(bytes)
}

fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let bytes_max = limits::MODEL_BYTES_MAX;
    if std::fs::metadata(path)?.len() > bytes_max {
        return Err(std::io::Error::other(format!(
            "it is longer than {bytes_max} bytes"
        )));
    }
    std::fs::read(path)
}

/// Reads ONNX bytes for one input shape. The files carry shapes of their own inside; only the
/// one given here counts.
fn build(bytes: &[u8], shape: &[usize]) -> TractResult<Plan> {
    let mut reader = bytes;
    let mut model = tract_onnx::onnx()
        .with_ignore_value_info(true)
        .model_for_read(&mut reader)?;
    model.set_input_fact(0, f32::fact(shape).into())?;
    for i in 0..model.outputs.len() {
        model.set_output_fact(i, InferenceFact::default())?;
    }
    let model = model.into_typed()?.into_decluttered()?;
    depthwise::fuse(ops::fuse(model)?)?
        .into_optimized()?
        .into_runnable()
}

fn run(plan: &Plan, shape: &[usize], planes: Vec<f32>) -> TractResult<Vec<Vec<f32>>> {
    let input = tract_ndarray::ArrayD::from_shape_vec(shape, planes)?;
    let outputs = plan.run(tvec![Tensor::from(input).into()])?;
    ops::leave_wide_registers();
    let flat = |t: &TValue| Ok(t.to_plain_array_view::<f32>()?.iter().copied().collect());
    outputs.iter().map(flat).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("hadir-model-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a temporary folder");
        dir
    }

    #[test]
    fn a_missing_model_is_named() {
        let dir = folder("missing");
        let error = Models::load(std::slice::from_ref(&dir)).expect_err("nothing is there");
        assert!(matches!(&error, ModelError::Missing { file, .. } if *file == DETECTOR.name));
        let text = error.to_string();
        assert!(
            text.contains(DETECTOR.name) && text.contains("prepare.py"),
            "{text}"
        );
        std::fs::remove_dir_all(dir).expect("is removed");
    }

    #[test]
    fn a_changed_model_is_refused() {
        let dir = folder("changed");
        std::fs::write(dir.join(DETECTOR.name), b"not a network").expect("is written");
        let error = Models::load(std::slice::from_ref(&dir)).expect_err("the digest differs");
        assert!(matches!(error, ModelError::Changed { .. }), "{error}");
        std::fs::remove_dir_all(dir).expect("is removed");
    }

    #[test]
    fn a_folder_in_the_place_of_a_model_cannot_be_read() {
        let dir = folder("folder");
        std::fs::create_dir_all(dir.join(DETECTOR.name)).expect("a folder");
        let error = Models::load(std::slice::from_ref(&dir)).expect_err("it is a folder");
        assert!(matches!(error, ModelError::Unreadable { .. }), "{error}");
        std::fs::remove_dir_all(dir).expect("is removed");
    }
}
