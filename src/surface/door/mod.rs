//! A door: the pictures of one camera become check-ins. Codes decide at once; a face is
//! followed until enough frames agree, and a visitor who stays is not decided about again.
//!
//! Every camera takes this way, whether its pictures come from a device, a stream, a folder,
//! or a caller, and so does the demo. Where the site requires a living head, the visitor is
//! asked for two actions first ([`trial`]).

pub mod codes;
mod second;
mod sighting;
pub mod trial;
pub mod view;

use crate::base::id::{DeviceId, PersonId};
use crate::base::limits;
use crate::base::time::{Span, Stamp, Timestamp};
use crate::crypto::random::{Entropy as _, Seeded};
use crate::domain::actor::Actor;
use crate::domain::checkin::face::{FaceVerdict, Finding, judge};
use crate::domain::checkin::reason::{Direction, Liveness, Mode, Reason, Verdict};
use crate::domain::checkin::request::{Credential, FaceEvidence, Occasion, Request};
use crate::domain::checkin::track::{Frame, Track, count_at_the_door, overlap};
use crate::domain::checkin::{decision::Decision, scan};
use crate::domain::rule::{Attended, LivenessPolicy};
use crate::surface::core::Core;
use crate::surface::live::Topic;
use crate::vision::gallery::ModelHash;
use crate::vision::liveness::Signal;
use crate::vision::worker::{Analysis, EngineState, Picture, SourceId, Want};
pub use second::complete;
pub use sighting::{DoorError, Sighting};

use codes::Codes;
use std::sync::Arc;
use trial::{Rate, Standing, TRIES_MAX, Trial};
use view::View;

/// Frames with an embedding after which a known face is let in: one more than must agree.
const DECIDE_FRAMES: usize = limits::TRACK_VOTES_MIN + 1;

/// A face that was decided about is still there if its box overlaps the last one by this share.
const SAME_PLACE_OVERLAP_MIN: f32 = 0.3;

/// Of the JPEG that a screen shows of raw pixels, 1 to 100.
const PREVIEW_QUALITY: u8 = 75;

/// Who was refused and stays is looked at again after this time, in milliseconds.
const AGAIN_MS: i64 = 5_000;

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

/// Somebody about whom a decision was made and who may still stand there.
#[derive(Debug, Clone, Copy)]
struct Settled {
    place: [f32; 4],
    /// When to look again; never for those who were let in.
    again_at: Option<Timestamp>,
}

/// Somebody who was let in and has only just gone out of the picture.
#[derive(Debug, Clone, Copy)]
struct Gone {
    person: PersonId,
    seen_at: Timestamp,
}

/// The door of one camera.
pub struct Door {
    core: Arc<Core>,
    post: Post,
    source: SourceId,
    track: Track,
    settled: Option<Settled>,
    codes: Codes,
    rate: Rate,
    trial: Option<Trial>,
    tries: u8,
    linger_ms: i64,
    gone: Option<Gone>,
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
            codes: Codes::default(),
            rate: Rate::default(),
            trial: None,
            tries: 0,
            linger_ms: 0,
            gone: None,
        }
    }

    /// The same, where somebody who was let in and comes back within this time is not decided
    /// about again: a screen need not say "already recorded" to whoever turned their head.
    #[must_use]
    pub const fn lingering(mut self, ms: i64) -> Self {
        self.linger_ms = ms;
        self
    }

    /// What this door is.
    #[must_use]
    pub const fn post(&self) -> &Post {
        &self.post
    }

    /// Shows a picture to those who watch this camera. Raw pixels are compressed for them, and
    /// only if there are any.
    pub fn show(&self, picture: &Picture) {
        let Some(device) = self.post.device else {
            return;
        };
        match picture {
            Picture::Bytes(file) => self.core.live.show(device, file),
            Picture::Frame(frame) => {
                let watched = self.core.live.listeners(Topic::Preview(device)) > 0;
                if let Some(Ok(file)) = watched.then(|| frame.encode_jpeg(PREVIEW_QUALITY)) {
                    self.core.live.show(device, &file);
                }
            }
        }
    }

    /// Looks at one picture (JPEG, PNG, WebP or decoded) and decides about whoever it shows, if there
    /// is enough to decide on. Every decision has been committed on return.
    ///
    /// # Errors
    /// [`DoorError`]; the next picture is looked at all the same.
    pub fn look(&mut self, picture: impl Into<Picture>) -> Result<Sighting, DoorError> {
        let now = self.core.clock.stamp();
        let want = self.want(now.at);
        let pending = self.core.engine.analyse(self.source, picture, want);
        let analysis = pending.wait().map_err(DoorError::Engine)?;
        let mut decisions = Vec::new();
        let mut view = View::of(&analysis);
        if want.codes {
            self.codes.note(&analysis.codes);
        }
        for code in &analysis.codes {
            if self.codes.is_new(code, now.at) {
                decisions.push(self.check_in(Credential::Code(code.clone()), now)?);
            }
        }
        if let (true, Some(model)) = (decisions.is_empty(), self.core.model)
            && analysis.faces_off.is_none()
        {
            decisions.extend(self.follow(&analysis, model, now, &mut view)?);
        }
        Ok(Sighting {
            faces: analysis.faces.len(),
            codes: analysis.codes.len(),
            times: analysis.times,
            decisions,
            view,
        })
    }

    /// What is wanted of the next picture.
    fn want(&mut self, now: Timestamp) -> Want {
        self.rate.note(now);
        let faces_off = self.core.faces() != EngineState::On;
        let pressing = self.track.embedded() + 1 >= DECIDE_FRAMES;
        Want {
            codes: self.codes.search(now, pressing) || faces_off,
            eyes: self.trial.as_ref().is_some_and(Trial::wants_eyes),
            ..Want::door()
        }
    }

    /// Decides now on what the last pictures showed, be it little: what a caller asks for who
    /// sends single pictures, or a visitor who presses a button. One picture alone needs more.
    ///
    /// # Errors
    /// [`DoorError::CheckIn`].
    pub fn conclude(&mut self) -> Result<Decision, DoorError> {
        let now = self.core.clock.stamp();
        let verdict = match self.core.model {
            Some(model) => self.judge(self.track.frames(), model, now)?,
            None => FaceVerdict::without_comparison(Finding::EngineError),
        };
        self.settle(verdict, Liveness::NotMeasured, now)
    }

    /// The visitor has left.
    pub fn clear(&mut self) {
        self.track.clear();
        self.settled = None;
        self.codes.clear();
        self.trial = None;
        self.tries = 0;
        self.gone = None;
        self.forget_proposal();
    }

    /// Adds the picture's face to its track; a decision if the track is ripe for one.
    fn follow(
        &mut self,
        analysis: &Analysis,
        model: ModelHash,
        now: Stamp,
        view: &mut View,
    ) -> Result<Option<Decision>, DoorError> {
        let frame = frame_of(analysis, now.at);
        if self.is_settled(&frame, now.at) {
            *view = std::mem::take(view).settled();
            return Ok(None);
        }
        if self.must_prove() {
            return self.prove(&frame, analysis, model, now, view);
        }
        self.track.push(frame);
        let frames = self.track.frames().len();
        if self.track.embedded() < DECIDE_FRAMES && frames < limits::TRACK_FRAMES_MAX {
            return Ok(None);
        }
        let verdict = self.judge(self.track.frames(), model, now)?;
        if self.lingers(&verdict, now.at) {
            *view = std::mem::take(view).settled();
            return Ok(None);
        }
        let known = matches!(verdict.finding, Finding::Match(_));
        let nobody = verdict.finding == Finding::NoFace;
        if nobody || (!known && frames < limits::TRACK_FRAMES_MAX) {
            return Ok(None);
        }
        self.settle(verdict, Liveness::NotMeasured, now).map(Some)
    }

    /// Whether a face alone decides nothing here, a living head has to be shown.
    fn must_prove(&self) -> bool {
        let policy = self.core.site().rules.liveness.of(self.post.attended);
        policy == LivenessPolicy::Required
    }

    /// Asks for the actions, and decides once they were seen, or were not within two tries.
    fn prove(
        &mut self,
        frame: &Frame,
        analysis: &Analysis,
        model: ModelHash,
        now: Stamp,
        view: &mut View,
    ) -> Result<Option<Decision>, DoorError> {
        self.track.push(frame.clone());
        if self.trial.is_none() && self.is_back(frame, model, now)? {
            *view = std::mem::take(view).settled();
            return Ok(None);
        }
        let Some(mut trial) = self.trial.take().or_else(|| self.begin(frame)) else {
            return Ok(None);
        };
        let liveness = match trial.take(frame, signal_of(analysis, now.at).as_ref()) {
            Standing::Going(asked) => {
                view.asked = Some(asked);
                self.trial = Some(trial);
                return Ok(None);
            }
            Standing::Left => {
                self.tries = 0;
                return Ok(None);
            }
            Standing::Ended(liveness) => liveness,
        };
        self.tries += 1;
        if liveness != Liveness::Pass && self.tries < TRIES_MAX {
            return Ok(None); // the next picture begins the next try
        }
        self.tries = 0;
        let proven = trial.frames();
        let frames = if proven.is_empty() {
            self.track.frames()
        } else {
            proven
        };
        let verdict = self.judge(frames, model, now)?;
        self.settle(verdict, liveness, now).map(Some)
    }

    /// Whether somebody is back who was let in a moment ago: nothing is asked of them again.
    fn is_back(&mut self, frame: &Frame, model: ModelHash, now: Stamp) -> Result<bool, DoorError> {
        if self.gone.is_none() || !Trial::may_begin(frame) {
            return Ok(false);
        }
        let verdict = self.judge(std::slice::from_ref(frame), model, now)?;
        Ok(self.lingers(&verdict, now.at))
    }

    /// A new trial, if somebody stands there who can be asked.
    fn begin(&mut self, frame: &Frame) -> Option<Trial> {
        if frame.face.is_none() {
            self.tries = 0;
        }
        if !Trial::may_begin(frame) {
            return None;
        }
        let mut drawn = [0; 2];
        Seeded::new(&self.core.draw_seed()).fill(&mut drawn);
        Some(Trial::draw(drawn, self.rate.per_second(), self.tries + 1))
    }

    fn judge(
        &self,
        frames: &[Frame],
        model: ModelHash,
        now: Stamp,
    ) -> Result<FaceVerdict, DoorError> {
        let key = self.occasion(now).key();
        let loaded = (self
            .core
            .galleries
            .get(&self.core.store, &self.core.site(), &key, model))
        .map_err(|fault| DoorError::CheckIn(fault.into()))?;
        Ok(judge(frames, &loaded.gallery, &self.core.site().rules.face))
    }

    /// What people check in to at this time.
    #[must_use]
    pub fn occasion(&self, now: Stamp) -> Occasion {
        match self.post.occasion {
            Aim::Today => Occasion::Daily(self.core.site().zone.day(now.at)),
            Aim::Fixed(occasion) => occasion,
        }
    }

    fn settle(
        &mut self,
        verdict: FaceVerdict,
        liveness: Liveness,
        now: Stamp,
    ) -> Result<Decision, DoorError> {
        let place = self.track.frames().last().and_then(|f| f.face);
        let model = self.core.model.unwrap_or(ModelHash([0; 32]));
        let evidence = FaceEvidence {
            verdict,
            model,
            liveness,
            last_digits: None,
        };
        self.track.clear();
        self.trial = None;
        let decision = self.decide_face(evidence, now)?;
        let inside = matches!(decision.verdict, Verdict::Admitted | Verdict::Already);
        let again_at = (!inside).then_some(now.at.plus(Span::from_millis(AGAIN_MS)));
        self.settled = place.map(|place| Settled { place, again_at });
        self.gone = (decision.person.filter(|_| inside)).map(|person| Gone {
            person,
            seen_at: now.at,
        });
        Ok(decision)
    }

    /// Whether this is the person who was let in last and was away for a moment only.
    fn lingers(&mut self, verdict: &FaceVerdict, now: Timestamp) -> bool {
        let (Finding::Match(person), Some(gone)) = (&verdict.finding, self.gone) else {
            return false;
        };
        let away_ms = now.since(gone.seen_at).as_millis();
        if gone.person != *person || away_ms >= self.linger_ms {
            return false;
        }
        let place = self.track.frames().last().and_then(|f| f.face);
        self.settled = place.map(|place| Settled {
            place,
            again_at: None,
        });
        self.track.clear();
        self.gone = Some(Gone {
            seen_at: now,
            ..gone
        });
        true
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
            if let Some(gone) = &mut self.gone {
                gone.seen_at = now;
            }
            return true;
        }
        self.settled = None;
        false
    }

    fn check_in(&self, credential: Credential, now: Stamp) -> Result<Decision, DoorError> {
        self.ask(self.request(credential, now), now)
    }

    /// Checks a face in; if it only proposes somebody, it waits for the last digits.
    fn decide_face(&self, evidence: FaceEvidence, now: Stamp) -> Result<Decision, DoorError> {
        let request = self.request(Credential::Face(Box::new(evidence)), now);
        let decision = self.ask(request.clone(), now)?;
        match self.post.device {
            Some(device) if decision.reason == Some(Reason::SecondFactor) => {
                (self.core.waiting).keep(device, self.post.actor, request, now.at);
            }
            _ => self.forget_proposal(),
        }
        Ok(decision)
    }

    fn forget_proposal(&self) {
        if let Some(device) = self.post.device {
            self.core.waiting.forget(device);
        }
    }

    fn request(&self, credential: Credential, now: Stamp) -> Request {
        Request {
            occasion: self.occasion(now),
            credential,
            device: self.post.device,
            nonce: self.core.new_id(),
            direction: self.post.direction,
            mode: Mode::Online,
            attended: self.post.attended,
            happened: None,
        }
    }

    fn ask(&self, request: Request, now: Stamp) -> Result<Decision, DoorError> {
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

/// What a living head is judged by; None: no face.
fn signal_of(analysis: &Analysis, at: Timestamp) -> Option<Signal> {
    let nearest = analysis.faces.first()?;
    Some(Signal {
        at,
        yaw: nearest.yaw,
        opening: nearest.openings.map(|[left, right]| (left + right) / 2.0),
        bbox: nearest.face.bbox,
        embedding: nearest.embedding.clone(),
    })
}
