//! A door: the pictures of one camera become check-ins. Codes decide at once; a face is
//! followed until enough frames agree, and a visitor who stays is not decided about again.
//!
//! Every camera takes this way, whether its pictures come from a device, a stream, a folder,
//! or a caller, and so does the demo.

use crate::base::id::DeviceId;
use crate::base::limits;
use crate::base::time::{Stamp, Timestamp};
use crate::domain::actor::Actor;
use crate::domain::checkin::face::{FaceVerdict, Finding, judge};
use crate::domain::checkin::reason::{Direction, Liveness, Mode, Verdict};
use crate::domain::checkin::request::{Credential, FaceEvidence, Occasion, Request};
use crate::domain::checkin::track::{Frame, Track, count_at_the_door, overlap};
use crate::domain::checkin::{self, decision::Decision, scan};
use crate::domain::rule::Attended;
use crate::surface::core::Core;
use crate::vision::gallery::ModelHash;
use crate::vision::worker::{Analysis, EngineError, SourceId, StageTimes, Want};
use std::sync::Arc;

/// Frames with an embedding after which a known face is let in: one more than must agree.
const DECIDE_FRAMES: usize = limits::TRACK_VOTES_MIN + 1;

/// A face that was decided about is still there if its box overlaps the last one by this share.
const SAME_PLACE_OVERLAP_MIN: f32 = 0.3;

/// Who was refused and stays is looked at again after this time, in milliseconds.
const AGAIN_MS: i64 = 5_000;

/// The same code is not decided about again within this time, in milliseconds.
const CODE_AGAIN_MS: i64 = 5_000;

/// Pictures in a row without a code after which it was taken away.
const CODE_GONE_PICTURES: u32 = 5;

/// What a door does with those it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// What people check in to.
    pub occasion: Aim,
    /// Which way they go.
    pub direction: Direction,
    /// Who stands by.
    pub attended: Attended,
    /// Who asks: the device, or the operator's own camera.
    pub actor: Actor,
    /// The device, for the record.
    pub device: Option<DeviceId>,
}

/// What people check in to at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The attendance of the day it is.
    Today,
    /// One occasion.
    Fixed(Occasion),
}

/// What one picture brought.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Faces in the picture.
    pub faces: usize,
    /// Codes in the picture.
    pub codes: usize,
    /// Time spent in each stage.
    pub times: StageTimes,
    /// What was decided with this picture; empty while a face is still followed.
    pub decisions: Vec<Decision>,
}

/// Why a picture brought nothing.
#[derive(Debug)]
pub enum DoorError {
    /// The picture could not be analysed.
    Engine(EngineError),
    /// The check-in failed.
    CheckIn(checkin::Error),
}

impl std::fmt::Display for DoorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(error) => error.fmt(f),
            Self::CheckIn(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DoorError {}

/// Somebody about whom a decision was made and who may still stand there.
#[derive(Debug, Clone, Copy)]
struct Settled {
    place: [f32; 4],
    /// When to look again; never for those who were let in.
    again_at: Option<Timestamp>,
}

/// The door of one camera.
pub struct Door {
    core: Arc<Core>,
    post: Post,
    source: SourceId,
    track: Track,
    settled: Option<Settled>,
    last_code: Option<LastCode>,
}

/// A code that was decided about and may still be held up.
#[derive(Debug, Clone)]
struct LastCode {
    code: String,
    at: Timestamp,
    /// Pictures since that did not show it: one alone may only be blurred.
    missed: u32,
}

impl Door {
    /// A door where nobody stands.
    #[must_use]
    pub fn new(core: Arc<Core>, post: Post) -> Self {
        let source = SourceId::fresh();
        Self {
            core,
            post,
            source,
            track: Track::new(),
            settled: None,
            last_code: None,
        }
    }

    /// Looks at one picture (JPEG, PNG or WebP) and decides about whoever it shows, if there
    /// is enough to decide on. Every decision has been committed on return.
    ///
    /// # Errors
    /// [`DoorError`]; the next picture is looked at all the same.
    pub fn look(&mut self, picture: Vec<u8>) -> Result<Sighting, DoorError> {
        let now = self.core.clock.stamp();
        let pending = self.core.engine.analyse(self.source, picture, Want::door());
        let analysis = pending.wait().map_err(DoorError::Engine)?;
        let mut decisions = Vec::new();
        self.miss_codes(&analysis.codes);
        for code in &analysis.codes {
            if self.is_new_code(code, now.at) {
                decisions.push(self.check_in(Credential::Code(code.clone()), now)?);
            }
        }
        if let (true, Some(model)) = (decisions.is_empty(), self.core.model)
            && analysis.faces_off.is_none()
        {
            decisions.extend(self.follow(&analysis, model, now)?);
        }
        Ok(Sighting {
            faces: analysis.faces.len(),
            codes: analysis.codes.len(),
            times: analysis.times,
            decisions,
        })
    }

    /// Decides now on what the last pictures showed, be it little: what a caller asks for who
    /// sends single pictures, or a visitor who presses a button. One picture alone needs more.
    ///
    /// # Errors
    /// [`DoorError::CheckIn`].
    pub fn conclude(&mut self) -> Result<Decision, DoorError> {
        let now = self.core.clock.stamp();
        let verdict = match self.core.model {
            Some(model) => self.judge(model, now)?,
            None => FaceVerdict::without_comparison(Finding::EngineError),
        };
        self.settle(verdict, now)
    }

    /// The visitor has left.
    pub fn clear(&mut self) {
        self.track.clear();
        self.settled = None;
        self.last_code = None;
    }

    /// Notes which codes are gone: a code that several pictures did not show was taken away.
    fn miss_codes(&mut self, codes: &[String]) {
        if let Some(last) = &mut self.last_code {
            last.missed = if codes.contains(&last.code) {
                0
            } else {
                last.missed + 1
            };
            if last.missed >= CODE_GONE_PICTURES {
                self.last_code = None;
            }
        }
    }

    fn is_new_code(&mut self, code: &str, now: Timestamp) -> bool {
        let held = self.last_code.as_ref().is_some_and(|last| {
            last.code == code && now.since(last.at).as_millis() < CODE_AGAIN_MS
        });
        if !held {
            self.last_code = Some(LastCode {
                code: code.to_owned(),
                at: now,
                missed: 0,
            });
        }
        !held
    }

    /// Adds the picture's face to its track; a decision if the track is ripe for one.
    fn follow(
        &mut self,
        analysis: &Analysis,
        model: ModelHash,
        now: Stamp,
    ) -> Result<Option<Decision>, DoorError> {
        let frame = frame_of(analysis, now.at);
        if self.is_settled(&frame, now.at) {
            return Ok(None);
        }
        self.track.push(frame);
        let frames = self.track.frames().len();
        if self.track.embedded() < DECIDE_FRAMES && frames < limits::TRACK_FRAMES_MAX {
            return Ok(None);
        }
        let verdict = self.judge(model, now)?;
        let known = matches!(verdict.finding, Finding::Match(_));
        let nobody = verdict.finding == Finding::NoFace;
        if nobody || (!known && frames < limits::TRACK_FRAMES_MAX) {
            return Ok(None);
        }
        self.settle(verdict, now).map(Some)
    }

    fn judge(&self, model: ModelHash, now: Stamp) -> Result<FaceVerdict, DoorError> {
        let key = self.occasion(now).key();
        let loaded = (self
            .core
            .galleries
            .get(&self.core.store, &self.core.site, &key, model))
        .map_err(|fault| DoorError::CheckIn(fault.into()))?;
        Ok(judge(
            self.track.frames(),
            &loaded.gallery,
            &self.core.site.rules.face,
        ))
    }

    fn occasion(&self, now: Stamp) -> Occasion {
        match self.post.occasion {
            Aim::Today => Occasion::Daily(self.core.site.zone.day(now.at)),
            Aim::Fixed(occasion) => occasion,
        }
    }

    fn settle(&mut self, verdict: FaceVerdict, now: Stamp) -> Result<Decision, DoorError> {
        let place = self.track.frames().last().and_then(|f| f.face);
        let model = self.core.model.unwrap_or(ModelHash([0; 32]));
        let evidence = FaceEvidence {
            verdict,
            model,
            liveness: Liveness::NotMeasured,
            last_digits: None,
        };
        self.track.clear();
        let decision = self.check_in(Credential::Face(Box::new(evidence)), now)?;
        let inside = matches!(decision.verdict, Verdict::Admitted | Verdict::Already);
        let again = now.at.plus(crate::base::time::Span::from_millis(AGAIN_MS));
        let again_at = (!inside).then_some(again);
        self.settled = place.map(|place| Settled { place, again_at });
        Ok(decision)
    }

    /// Whether the face of this frame is one that was decided about a moment ago.
    fn is_settled(&mut self, frame: &Frame, now: Timestamp) -> bool {
        let (Some(settled), Some(place)) = (&mut self.settled, frame.face) else {
            self.settled = None;
            return false;
        };
        let stays = overlap(settled.place, place) >= SAME_PLACE_OVERLAP_MIN;
        if stays && settled.again_at.is_none_or(|again| now < again) {
            settled.place = place;
            return true;
        }
        self.settled = None;
        false
    }

    fn check_in(&self, credential: Credential, now: Stamp) -> Result<Decision, DoorError> {
        let request = Request {
            occasion: self.occasion(now),
            credential,
            device: self.post.device,
            nonce: self.core.new_id(),
            direction: self.post.direction,
            mode: Mode::Online,
            attended: self.post.attended,
            happened: None,
        };
        self.core
            .write_at(now, self.post.actor, "camera", move |tx, call| {
                scan::check_in(tx, call, &request)
            })
            .map_err(DoorError::CheckIn)
    }
}

/// What a picture shows of the face that stands nearest, in the domain's words.
fn frame_of(analysis: &Analysis, at: Timestamp) -> Frame {
    let Some(nearest) = analysis.faces.first() else {
        return Frame::empty(at);
    };
    let boxes: Vec<_> = analysis.faces.iter().map(|f| f.face.bbox).collect();
    Frame {
        at,
        face: Some(nearest.face.bbox),
        faces: count_at_the_door(&boxes),
        quality: nearest.quality.score,
        issues: nearest.quality.issues.clone(),
        embedding: nearest.embedding.clone(),
    }
}
