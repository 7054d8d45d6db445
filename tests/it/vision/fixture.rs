//! The models, the reference pictures and the chain at a picture's own size.

use hadir::base::json;
use hadir::vision::align::{self, Crop};
use hadir::vision::detect::{self, Face};
use hadir::vision::embed::{self, Embedding};
use hadir::vision::frame::Frame;
use hadir::vision::model::Models;
use hadir::vision::{eyes, quality};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

/// The folder with the models.
pub fn model_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// The models, loaded once for all tests.
pub fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(|| Models::load(&[model_dir()]).expect("the models are in the repository"))
}

/// The bytes of a reference picture.
pub fn file(name: &str) -> Vec<u8> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    std::fs::read(dir.join(name)).expect("a reference picture")
}

/// A reference picture, decoded.
pub fn picture(name: &str) -> Frame {
    Frame::decode(&file(name)).expect("a reference picture decodes")
}

#[derive(Deserialize)]
pub struct Texture {
    pub laplacian_var: f32,
    pub luma_mean: f32,
}

#[derive(Deserialize)]
pub struct KnownFace {
    #[serde(rename = "box")]
    pub bbox: [f32; 4],
    pub landmarks: [[f32; 2]; 5],
    pub score: f32,
    pub yaw: f32,
    pub roll_deg: f32,
    pub eye_opening: [f32; 2],
    pub quality: Texture,
    pub crop_rgb_8x8: Vec<f32>,
    pub embedding: Vec<f32>,
}

#[derive(Deserialize)]
pub struct KnownImage {
    pub file: String,
    pub width: u32,
    pub height: u32,
    pub faces: Vec<KnownFace>,
}

#[derive(Deserialize)]
pub struct Tolerance {
    pub box_px: f32,
    pub landmark_px: f32,
    pub score: f32,
    pub crop_mean_abs: f32,
    pub embedding_cos_min: f32,
    pub yaw: f32,
    pub eye_opening: f32,
    pub pair_cosine: f32,
}

#[derive(Deserialize)]
pub struct Tolerances {
    pub png: Tolerance,
    pub jpg: Tolerance,
}

#[derive(Deserialize)]
pub struct Reference {
    pub tolerances: Tolerances,
    pub images: Vec<KnownImage>,
    pub pair_cosines: BTreeMap<String, f32>,
}

impl Reference {
    /// The tolerances that hold for a file.
    pub fn tolerance(&self, file: &str) -> &Tolerance {
        if file.ends_with(".png") {
            &self.tolerances.png
        } else {
            &self.tolerances.jpg
        }
    }
}

/// The reference values, read once.
pub fn reference() -> &'static Reference {
    static REFERENCE: OnceLock<Reference> = OnceLock::new();
    REFERENCE.get_or_init(|| {
        json::decode(&file("reference.json"), 1 << 20).expect("the values have the known form")
    })
}

/// Everything that is compared with the reference, of one face.
pub struct Measured {
    pub face: Face,
    pub crop: Crop,
    pub texture: quality::Texture,
    pub openings: [f32; 2],
    pub embedding: Embedding,
}

/// The chain at the picture's own size; faces by falling score.
pub fn measure(frame: &Frame) -> Vec<Measured> {
    let faces = detect::find_exact(models(), frame).expect("detection runs");
    faces
        .into_iter()
        .map(|face| measure_face(frame, face))
        .collect()
}

/// The rest of the chain for a face that was found.
pub fn measure_face(frame: &Frame, face: Face) -> Measured {
    let crop = align::align(frame, &face.landmarks).expect("five distinct points");
    Measured {
        face,
        texture: quality::texture(&crop),
        openings: eyes::openings(models(), frame, &face.landmarks).expect("the eyes run"),
        embedding: embed::embed(models(), &crop).expect("the embedder runs"),
        crop,
    }
}

/// The embedding of the only face, at the picture's own size.
pub fn embedding(frame: &Frame) -> Embedding {
    let mut all = measure(frame);
    assert_eq!(all.len(), 1, "one face is expected");
    all.remove(0).embedding
}

/// The mean R, G, B of the 8 x 8 blocks of a crop, row by row.
pub fn blocks(crop: &Crop) -> Vec<f32> {
    let mut sums = vec![0f32; 8 * 8 * 3];
    for (i, value) in crop.rgb().iter().enumerate() {
        let (x, y, channel) = (i / 3 % 112, i / 3 / 112, i % 3);
        sums[(y / 14 * 8 + x / 14) * 3 + channel] += f32::from(*value);
    }
    sums.iter().map(|s| s / (14.0 * 14.0)).collect()
}
