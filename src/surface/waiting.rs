//! Faces that only proposed somebody, until the second factor comes: one for each device. They
//! stand apart from the doors, because the digits for the box's own camera are typed on the
//! screen beside it.

use crate::base::id::{DeviceId, Nonce};
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::domain::actor::Actor;
use crate::domain::checkin::request::{Credential, Request};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A check-in whose face proposed somebody.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// As whom the door asked.
    pub actor: Actor,
    /// What it asked.
    pub request: Request,
    /// When.
    pub at: Timestamp,
    /// The nonce that ended it: only its repetition is answered again.
    done: Option<Nonce>,
    /// Digits that were wrong.
    misses: u32,
}

/// The proposals of all devices.
#[derive(Default)]
pub struct Waiting(Mutex<HashMap<DeviceId, Proposal>>);

impl Waiting {
    fn all(&self) -> MutexGuard<'_, HashMap<DeviceId, Proposal>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the check-in of a device's face until its digits come; the one before is forgotten.
    pub fn keep(&self, device: DeviceId, actor: Actor, request: Request, at: Timestamp) {
        let mut all = self.all();
        all.retain(|_, p| is_fresh(p, at));
        let proposal = Proposal {
            actor,
            request,
            at,
            done: None,
            misses: 0,
        };
        all.insert(device, proposal);
    }

    /// Whoever stood before the device is gone, or somebody else was decided about.
    pub fn forget(&self, device: DeviceId) {
        self.all().remove(&device);
    }

    /// The check-in of a device that waits for digits, asked anew with these under this nonce;
    /// as whom; None: none waits.
    #[must_use]
    pub fn find(
        &self,
        device: DeviceId,
        nonce: Nonce,
        digits: &str,
        now: Timestamp,
    ) -> Option<(Actor, Request)> {
        let all = self.all();
        let fits = |p: &&Proposal| is_fresh(p, now) && p.done.is_none_or(|n| n == nonce);
        let proposal = all.get(&device).filter(fits)?;
        let Credential::Face(evidence) = &proposal.request.credential else {
            return None;
        };
        let mut evidence = evidence.clone();
        evidence.last_digits = Some(digits.to_owned());
        let request = Request {
            credential: Credential::Face(evidence),
            nonce,
            ..proposal.request.clone()
        };
        Some((proposal.actor, request))
    }

    /// The digits were wrong; after five of them the face has to be shown again.
    pub fn miss(&self, device: DeviceId) {
        let mut all = self.all();
        let Some(proposal) = all.get_mut(&device) else {
            return;
        };
        proposal.misses += 1;
        if proposal.misses >= limits::PIN_TRIES_MAX {
            all.remove(&device);
        }
    }

    /// The check-in was decided under this nonce: no other digits are taken for it.
    pub fn finish(&self, device: DeviceId, nonce: Nonce) {
        if let Some(proposal) = self.all().get_mut(&device) {
            proposal.done = Some(nonce);
        }
    }
}

fn is_fresh(proposal: &Proposal, now: Timestamp) -> bool {
    now.since(proposal.at).as_millis() <= limits::PROPOSAL_MS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id as _;
    use crate::base::time::Zone;
    use crate::domain::actor::DeviceAccess;
    use crate::domain::checkin::face::{FaceVerdict, Finding};
    use crate::domain::checkin::reason::{Direction, Liveness, Mode};
    use crate::domain::checkin::request::{FaceEvidence, Occasion};
    use crate::domain::rule::Attended;
    use crate::vision::gallery::ModelHash;

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    fn screen() -> DeviceId {
        DeviceId::from_bytes([1; 16])
    }

    fn actor() -> Actor {
        Actor::Device {
            id: screen(),
            access: DeviceAccess::Scan,
        }
    }

    fn request() -> Request {
        let evidence = FaceEvidence {
            verdict: FaceVerdict::without_comparison(Finding::Unknown),
            model: ModelHash([1; 32]),
            liveness: Liveness::NotMeasured,
            last_digits: None,
        };
        Request {
            occasion: Occasion::Daily(Zone::utc().day(at(0))),
            credential: Credential::Face(Box::new(evidence)),
            device: Some(screen()),
            nonce: Nonce::from_bytes([1; 16]),
            direction: Direction::Entry,
            mode: Mode::Online,
            attended: Attended::Unattended,
            happened: None,
        }
    }

    fn digits(found: Option<(Actor, Request)>) -> Option<String> {
        let (_, request) = found?;
        request.credential.face()?.last_digits.clone()
    }

    #[test]
    fn the_digits_go_with_the_face_of_their_own_device() {
        let waiting = Waiting::default();
        let nonce = Nonce::from_bytes([2; 16]);
        waiting.keep(screen(), actor(), request(), at(0));
        let other = DeviceId::from_bytes([2; 16]);
        assert_eq!(waiting.find(other, nonce, "4321", at(1)), None);
        let found = waiting.find(screen(), nonce, "4321", at(1));
        assert_eq!(found.as_ref().map(|(actor, _)| *actor), Some(actor()));
        assert_eq!(found.as_ref().map(|(_, r)| r.nonce), Some(nonce));
        assert_eq!(digits(found).as_deref(), Some("4321"));
        waiting.forget(screen());
        assert_eq!(waiting.find(screen(), nonce, "4321", at(1)), None);
    }

    #[test]
    fn a_face_waits_for_half_a_minute() {
        let waiting = Waiting::default();
        let nonce = Nonce::from_bytes([2; 16]);
        waiting.keep(screen(), actor(), request(), at(0));
        assert!(waiting.find(screen(), nonce, "1", at(30_000)).is_some());
        assert!(waiting.find(screen(), nonce, "1", at(30_001)).is_none());
        waiting.keep(
            DeviceId::from_bytes([3; 16]),
            actor(),
            request(),
            at(40_000),
        );
        assert_eq!(waiting.all().len(), 1, "what is over is forgotten");
    }

    #[test]
    fn five_wrong_digits_end_it() {
        let waiting = Waiting::default();
        let nonce = Nonce::from_bytes([2; 16]);
        waiting.keep(screen(), actor(), request(), at(0));
        for n in 0..5 {
            let found = waiting.find(screen(), nonce, "0000", at(1));
            assert!(found.is_some(), "{n}");
            waiting.miss(screen());
        }
        assert!(waiting.find(screen(), nonce, "4321", at(1)).is_none());
        waiting.miss(screen());
    }

    #[test]
    fn once_decided_only_the_same_question_is_answered_again() {
        let waiting = Waiting::default();
        let [first, second] = [2, 3].map(|n| Nonce::from_bytes([n; 16]));
        waiting.keep(screen(), actor(), request(), at(0));
        waiting.finish(screen(), first);
        assert!(waiting.find(screen(), first, "4321", at(1)).is_some());
        assert!(waiting.find(screen(), second, "4321", at(1)).is_none());
    }
}
