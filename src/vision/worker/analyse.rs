//! One picture through the whole chain, and the words for what came out.

use crate::vision::code;
use crate::vision::detect::{self, Face};
use crate::vision::embed::{self, Embedding};
use crate::vision::eyes;
use crate::vision::frame::{Frame, FrameError};
use crate::vision::model::Models;
use crate::vision::quality::{self, Quality};
use crate::vision::worker::watch::Watch;
use crate::vision::{align, model};
use std::fmt;

/// A picture as it arrives: still encoded, or already pixels.
#[derive(Debug, Clone)]
pub enum Picture {
    /// The bytes of a JPEG, PNG or WebP file.
    Bytes(Vec<u8>),
    /// Decoded pixels.
    Frame(Frame),
}

impl From<Frame> for Picture {
    fn from(frame: Frame) -> Self {
        Self::Frame(frame)
    }
}

impl From<Vec<u8>> for Picture {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// What is wanted of a picture. The default is nothing but decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Want {
    /// Read QR codes.
    pub codes: bool,
    /// Find faces; the largest one is aligned, judged and embedded, the others are only counted.
    pub faces: bool,
    /// Align, judge and embed every face, not the largest alone.
    pub multi: bool,
    /// Measure the eyes' openings of the faces that are embedded (for liveness).
    pub eyes: bool,
    /// Detect at the picture's own size: slower, for enrolment and comparisons.
    pub exact: bool,
}

impl Want {
    /// What a door wants of a camera frame: codes and the largest face.
    #[must_use]
    pub const fn door() -> Self {
        Self {
            codes: true,
            faces: true,
            multi: false,
            eyes: false,
            exact: false,
        }
    }

    /// What enrolment wants of a picture: the largest face, looked at closely.
    #[must_use]
    pub const fn enrolment() -> Self {
        Self {
            codes: false,
            faces: true,
            multi: false,
            eyes: false,
            exact: true,
        }
    }
}

/// One face of a picture.
#[derive(Debug, Clone)]
pub struct FaceSeen {
    /// Where it is.
    pub face: Face,
    /// How usable it is. For a bystander only what detection alone can tell: score 0, no issues.
    pub quality: Quality,
    /// See [`Face::yaw`].
    pub yaw: f32,
    /// See [`Face::roll_deg`].
    pub roll_deg: f32,
    /// Openings of the eyes, the picture's left first; None unless wanted.
    pub openings: Option<[f32; 2]>,
    /// None for bystanders: they are never embedded.
    pub embedding: Option<Embedding>,
}

/// Microseconds spent in each stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StageTimes {
    /// Bytes to pixels.
    pub decode_us: u64,
    /// QR codes.
    pub codes_us: u64,
    /// Detection, both looks.
    pub detect_us: u64,
    /// Alignment and quality.
    pub align_us: u64,
    /// The eyes' openings.
    pub eyes_us: u64,
    /// Embedding.
    pub embed_us: u64,
}

/// All that was found in a picture.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// Width of the upright picture in pixels.
    pub width: u32,
    /// Height of the upright picture in pixels.
    pub height: u32,
    /// The faces, largest first.
    pub faces: Vec<FaceSeen>,
    /// The texts of QR codes.
    pub codes: Vec<String>,
    /// Why faces were not looked for although wanted; None when they were.
    pub faces_off: Option<Off>,
    /// Time spent.
    pub times: StageTimes,
}

/// Why the engine does not look for faces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Off {
    /// A model is missing or wrong.
    Model(model::ModelError),
    /// Inference panicked too often within a minute; a restart tries again.
    Panics,
}

impl fmt::Display for Off {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(e) => e.fmt(f),
            Self::Panics => f.write_str(
                "face recognition failed three times within a minute and is off until the service is restarted",
            ),
        }
    }
}

/// Why a picture was not analysed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// A newer frame of the same source took its place, or the queue was full.
    Superseded,
    /// The picture is bad.
    Frame(FrameError),
    /// A network failed on it; the library's words.
    Inference(String),
    /// The analysis panicked; the panic was caught and counted.
    Panicked,
    /// Only faces were wanted, and faces are off.
    Off(Off),
    /// The engine is stopping.
    Stopped,
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Superseded => f.write_str("a newer picture took this one's place"),
            Self::Frame(e) => e.fmt(f),
            Self::Inference(why) => f.write_str(why),
            Self::Panicked => f.write_str("the analysis of this picture failed"),
            Self::Off(why) => why.fmt(f),
            Self::Stopped => f.write_str("the engine is stopping"),
        }
    }
}

impl std::error::Error for EngineError {}

impl From<FrameError> for EngineError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

impl From<model::RunError> for EngineError {
    fn from(error: model::RunError) -> Self {
        Self::Inference(error.to_string())
    }
}

impl From<detect::DetectError> for EngineError {
    fn from(error: detect::DetectError) -> Self {
        match error {
            detect::DetectError::Run(e) => e.into(),
            detect::DetectError::Frame(e) => e.into(),
        }
    }
}

/// What the threads run on each picture. Production has one, [`Chain`]; tests hand in others.
pub trait Analyse: Send + Sync + 'static {
    /// Analyses one picture.
    ///
    /// # Errors
    /// Any [`EngineError`].
    fn analyse(&self, picture: &Picture, want: Want) -> Result<Analysis, EngineError>;
}

/// The real chain; without models it reads codes only.
#[derive(Debug, Clone)]
pub struct Chain(pub Option<Models>);

impl Analyse for Chain {
    fn analyse(&self, picture: &Picture, want: Want) -> Result<Analysis, EngineError> {
        let mut watch = Watch::start();
        let frame = match picture {
            Picture::Bytes(bytes) => Frame::decode(bytes)?,
            Picture::Frame(frame) => frame.clone(),
        };
        let mut analysis = Analysis {
            width: frame.width(),
            height: frame.height(),
            ..Analysis::default()
        };
        analysis.times.decode_us = watch.lap_us();
        if want.codes {
            analysis.codes = code::find_codes(&frame.luma());
            analysis.times.codes_us = watch.lap_us();
        }
        if let (true, Some(models)) = (want.faces, &self.0) {
            look_for_faces(models, &frame, want, &mut analysis, &mut watch)?;
        }
        Ok(analysis)
    }
}

fn look_for_faces(
    models: &Models,
    frame: &Frame,
    want: Want,
    analysis: &mut Analysis,
    watch: &mut Watch,
) -> Result<(), EngineError> {
    let mut found = if want.exact {
        detect::find_exact(models, frame)?
    } else {
        detect::find(models, frame)?
    };
    found.sort_by(|a, b| b.area().total_cmp(&a.area()));
    analysis.times.detect_us = watch.lap_us();
    for (place, face) in found.into_iter().enumerate() {
        let seen = if place == 0 || want.multi {
            look_closely(models, frame, face, want, &mut analysis.times, watch)?
        } else {
            bystander(face)
        };
        analysis.faces.push(seen);
    }
    Ok(())
}

fn bystander(face: Face) -> FaceSeen {
    FaceSeen {
        face,
        quality: Quality::default(),
        yaw: face.yaw(),
        roll_deg: face.roll_deg(),
        openings: None,
        embedding: None,
    }
}

fn look_closely(
    models: &Models,
    frame: &Frame,
    face: Face,
    want: Want,
    times: &mut StageTimes,
    watch: &mut Watch,
) -> Result<FaceSeen, EngineError> {
    let face = if want.exact {
        face
    } else {
        detect::refine(models, frame, &face)?
    };
    times.detect_us += watch.lap_us();
    let mut seen = bystander(face);
    let Some(crop) = align::align(frame, &face.landmarks) else {
        return Ok(seen);
    };
    seen.quality = quality::judge(&face, &crop);
    times.align_us += watch.lap_us();
    if want.eyes {
        seen.openings = Some(eyes::openings(models, frame, &face.landmarks)?);
        times.eyes_us += watch.lap_us();
    }
    seen.embedding = Some(embed::embed(models, &crop)?);
    times.embed_us += watch.lap_us();
    Ok(seen)
}
