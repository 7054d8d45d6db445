//! What is asked of a check-in.

use crate::base::id::{DeviceId, EventId, Nonce, PersonId};
use crate::base::time::{LocalDay, Timestamp};
use crate::domain::checkin::face::FaceVerdict;
use crate::domain::checkin::reason::{Direction, Liveness, Means, Mode};
use crate::domain::rule::Attended;
use crate::store::visits::OccasionKey;
use crate::vision::gallery::ModelHash;
use std::fmt;

/// What somebody checks in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// An event, with tickets.
    Event(EventId),
    /// The attendance of a day, for everybody.
    Daily(LocalDay),
}

impl Occasion {
    /// The occasion as it is stored.
    #[must_use]
    pub fn key(self) -> OccasionKey {
        match self {
            Self::Event(event) => OccasionKey::event(event),
            Self::Daily(day) => OccasionKey::day(day),
        }
    }

    /// The occasion of a stored key; None if it is neither.
    #[must_use]
    pub fn of(key: &OccasionKey) -> Option<Self> {
        (key.as_event().map(Self::Event)).or_else(|| key.as_day().map(Self::Daily))
    }
}

impl fmt::Display for Occasion {
    /// `event:ID` or `day:2026-11-21`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => write!(f, "event:{event}"),
            Self::Daily(day) => write!(f, "day:{day}"),
        }
    }
}

/// What a face showed.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceEvidence {
    /// Who it is, judged against the occasion's gallery.
    pub verdict: FaceVerdict,
    /// The model that made the probe and the gallery.
    pub model: ModelHash,
    /// What is known of a living person having stood there.
    pub liveness: Liveness,
    /// The last digits of the person's number, at least four, where the face only proposes.
    pub last_digits: Option<String>,
}

/// By what somebody wants to be known.
#[derive(Debug, Clone, PartialEq)]
pub enum Credential {
    /// The face.
    Face(Box<FaceEvidence>),
    /// A ticket's code.
    Code(String),
    /// Picked from the list by staff.
    Person(PersonId),
    /// A typed number.
    Number(String),
}

impl Credential {
    /// The kind of it.
    #[must_use]
    pub const fn means(&self) -> Means {
        match self {
            Self::Face(_) => Means::Face,
            Self::Code(_) => Means::Code,
            Self::Person(_) => Means::Person,
            Self::Number(_) => Means::Number,
        }
    }

    /// The face evidence, if it is a face.
    #[must_use]
    pub const fn face(&self) -> Option<&FaceEvidence> {
        match self {
            Self::Face(evidence) => Some(evidence),
            Self::Code(_) | Self::Person(_) | Self::Number(_) => None,
        }
    }
}

/// One check-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// To what.
    pub occasion: Occasion,
    /// By what.
    pub credential: Credential,
    /// At which device; None: the command line or a page.
    pub device: Option<DeviceId>,
    /// The client's key for this one intent: a repetition gets the same decision.
    pub nonce: Nonce,
    /// Which way.
    pub direction: Direction,
    /// Whether the box decides or is told.
    pub mode: Mode,
    /// Who stands by. A device that nobody stands beside cannot claim somebody does.
    pub attended: Attended,
    /// When it happened, for a report made later ([`Mode::Offline`]); else it is now.
    pub happened: Option<Timestamp>,
}

impl Request {
    /// The bytes of all that the nonce is bound to.
    #[must_use]
    pub fn contents(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        let mut part = |p: &[u8]| {
            bytes.extend_from_slice(&(p.len() as u64).to_le_bytes());
            bytes.extend_from_slice(p);
        };
        part(self.occasion.key().as_bytes());
        part(self.credential.means().code().as_bytes());
        match &self.credential {
            Credential::Face(evidence) => {
                part(&evidence.model.0);
                part(evidence.liveness.code().as_bytes());
                let probe = evidence.verdict.probe.as_ref();
                part(
                    &probe
                        .map(crate::vision::embed::Embedding::to_bytes)
                        .unwrap_or_default(),
                );
                part(
                    evidence
                        .last_digits
                        .as_deref()
                        .unwrap_or_default()
                        .as_bytes(),
                );
            }
            Credential::Code(code) => part(code.trim().as_bytes()),
            Credential::Person(person) => part(person.to_string().as_bytes()),
            Credential::Number(number) => part(number.trim().as_bytes()),
        }
        part(
            self.device
                .map(|d| d.to_string())
                .unwrap_or_default()
                .as_bytes(),
        );
        part(self.direction.code().as_bytes());
        part(self.mode.code().as_bytes());
        let happened = self.happened.map(Timestamp::as_millis);
        part(&happened.map(i64::to_le_bytes).unwrap_or_default());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;

    fn request(code: &str) -> Request {
        Request {
            occasion: Occasion::Event(EventId::from_bytes([1; 16])),
            credential: Credential::Code(code.to_owned()),
            device: None,
            nonce: Nonce::from_bytes([2; 16]),
            direction: Direction::Entry,
            mode: Mode::Online,
            attended: Attended::Unattended,
            happened: None,
        }
    }

    #[test]
    fn every_part_of_a_request_is_in_its_contents() {
        let base = request("ABCD");
        let mut others = vec![request("ABCE"); 6];
        others[1].occasion = Occasion::Event(EventId::from_bytes([3; 16]));
        others[2].credential = Credential::Number("ABCD".to_owned());
        others[3].device = Some(DeviceId::from_bytes([1; 16]));
        others[4].direction = Direction::Exit;
        others[5].mode = Mode::Offline;
        for other in others {
            assert_ne!(other.contents(), base.contents(), "{other:?}");
        }
        assert_eq!(request(" ABCD ").contents(), base.contents());
    }

    #[test]
    fn occasions_survive_being_stored() {
        let day = "2026-11-21".parse().expect("day");
        for occasion in [
            Occasion::Daily(day),
            Occasion::Event(EventId::from_bytes([1; 16])),
        ] {
            assert_eq!(Occasion::of(&occasion.key()), Some(occasion));
        }
    }
}
