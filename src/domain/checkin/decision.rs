//! What a check-in answers, and its stored form. A decision read back is the decision made.

use crate::base::id::{BoxId, DeviceId, Nonce, PersonId, TicketId};
use crate::base::json::{Value, json};
use crate::base::time::{ClockState, Timestamp};
use crate::domain::checkin::reason::{Direction, Liveness, Means, Mode, Reason, Standing, Verdict};
use crate::domain::checkin::request::Occasion;
use crate::domain::checkin::threshold;
use crate::store::people::Digest;
use crate::store::visits::VisitRow;

/// How an arrival stands to the start of a day of attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// In time or late.
    pub standing: Standing,
    /// Minutes after the day's start, if late.
    pub late_minutes: u32,
    /// The clock was not to be believed: to be computed again once it is.
    pub provisional: bool,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Names the decision for ever.
    pub nonce: Nonce,
    /// The box that decided.
    pub box_id: BoxId,
    /// The box's sequence number; None: only counted, not kept.
    pub sequence: Option<u64>,
    /// To what.
    pub occasion: Occasion,
    /// At which device.
    pub device: Option<DeviceId>,
    /// By what.
    pub means: Means,
    /// Which way.
    pub direction: Direction,
    /// Whether the box decided or was told.
    pub mode: Mode,
    /// What was decided.
    pub verdict: Verdict,
    /// Why; None: admitted.
    pub reason: Option<Reason>,
    /// What else there is to know, for staff: issues of a picture, a gate, the right event.
    pub detail: Option<String>,
    /// Who; of an ambiguous face the first candidate.
    pub person: Option<PersonId>,
    /// Of an ambiguous face the second candidate.
    pub rival: Option<PersonId>,
    /// With which ticket.
    pub ticket: Option<TicketId>,
    /// When it happened.
    pub at: Timestamp,
    /// When the box heard of it.
    pub arrived: Timestamp,
    /// Whether these times may be believed.
    pub clock: ClockState,
    /// `already`: when the first entry was.
    pub first: Option<Timestamp>,
    /// `already`: at which device.
    pub first_by: Option<DeviceId>,
    /// `not_yet_valid`: from when on.
    pub opens: Option<Timestamp>,
    /// On a day of attendance: present or late.
    pub arrival: Option<Arrival>,
    /// What is known of a living person having stood there; None: no face was shown.
    pub liveness: Option<Liveness>,
    /// Cosine of the best person.
    pub cosine: Option<f32>,
    /// Cosine of the best other person.
    pub second: Option<f32>,
    /// The threshold in force.
    pub threshold: Option<f32>,
    /// A report of an admission that these rules would have refused: why.
    pub conflict: Option<Reason>,
}

impl Decision {
    /// What the visitor need not care about, but staff may: the clock.
    #[must_use]
    pub const fn advisory(&self) -> Option<Reason> {
        match self.clock {
            ClockState::Synced => None,
            ClockState::Unsynced => Some(Reason::ClockUnsynced),
        }
    }

    /// The confidence that is shown for a face, 0.40 to 1.00.
    #[must_use]
    pub fn confidence(&self) -> Option<f32> {
        Some(threshold::confidence(self.cosine?, self.threshold?))
    }

    /// The row under which the decision is kept.
    #[must_use]
    pub fn to_row(&self, contents: Digest) -> VisitRow {
        let late = self.arrival.filter(|a| a.standing == Standing::Late);
        VisitRow {
            nonce: self.nonce,
            contents,
            box_id: self.box_id,
            occasion: self.occasion.key(),
            device: self.device,
            means: self.means,
            direction: self.direction,
            mode: self.mode,
            verdict: self.verdict,
            reason: self.reason,
            detail: self.detail.clone(),
            person: self.person,
            ticket: self.ticket,
            rival: self.rival,
            happened_at: self.at,
            arrived_at: self.arrived,
            synced: self.clock == ClockState::Synced,
            first_at: self.first,
            first_by: self.first_by,
            opens_at: self.opens,
            standing: self.arrival.map(|a| a.standing),
            late_min: late.map(|a| a.late_minutes),
            liveness: self.liveness,
            cosine: self.cosine,
            second: self.second,
            threshold: self.threshold,
            conflict: self.conflict,
        }
    }

    /// The decision of a kept row; None if its occasion is neither an event nor a day.
    #[must_use]
    pub fn from_row(sequence: u64, row: &VisitRow) -> Option<Self> {
        let arrival = row.standing.map(|standing| Arrival {
            standing,
            late_minutes: row.late_min.unwrap_or(0),
            provisional: !row.synced,
        });
        Some(Self {
            nonce: row.nonce,
            box_id: row.box_id,
            sequence: Some(sequence),
            occasion: Occasion::of(&row.occasion)?,
            device: row.device,
            means: row.means,
            direction: row.direction,
            mode: row.mode,
            verdict: row.verdict,
            reason: row.reason,
            detail: row.detail.clone(),
            person: row.person,
            rival: row.rival,
            ticket: row.ticket,
            at: row.happened_at,
            arrived: row.arrived_at,
            clock: if row.synced {
                ClockState::Synced
            } else {
                ClockState::Unsynced
            },
            first: row.first_at,
            first_by: row.first_by,
            opens: row.opens_at,
            arrival,
            liveness: row.liveness,
            cosine: row.cosine,
            second: row.second,
            threshold: row.threshold,
            conflict: row.conflict,
        })
    }

    /// The decision as JSON: codes, ids and times (RFC 3339, UTC); no names.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let text = |t: &dyn std::fmt::Display| t.to_string();
        let score = |v: f32| (f64::from(v) * 10_000.0).round() / 10_000.0;
        json!({
            "nonce": text(&self.nonce),
            "box": text(&self.box_id),
            "sequence": self.sequence,
            "occasion": text(&self.occasion),
            "device": self.device.map(|d| text(&d)),
            "means": self.means,
            "direction": self.direction,
            "mode": self.mode,
            "verdict": self.verdict,
            "reason": self.reason,
            "advisory": self.advisory(),
            "detail": self.detail,
            "person": self.person.map(|p| text(&p)),
            "rival": self.rival.map(|p| text(&p)),
            "ticket": self.ticket.map(|t| text(&t)),
            "at": text(&self.at),
            "arrived": text(&self.arrived),
            "clock": match self.clock { ClockState::Synced => "synced", ClockState::Unsynced => "unsynced" },
            "first": self.first.map(|t| text(&t)),
            "first_by": self.first_by.map(|d| text(&d)),
            "opens": self.opens.map(|t| text(&t)),
            "standing": self.arrival.map(|a| a.standing),
            "late_minutes": self.arrival.map(|a| a.late_minutes),
            "provisional": self.arrival.map(|a| a.provisional),
            "liveness": self.liveness,
            "cosine": self.cosine.map(score),
            "second": self.second.map(score),
            "threshold": self.threshold.map(score),
            "confidence": self.confidence().map(score),
            "conflict": self.conflict,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{EventId, Id};
    use proptest::prelude::*;
    use proptest::sample::select;

    fn time() -> impl Strategy<Value = Timestamp> {
        (0i64..4_000_000_000_000).prop_map(Timestamp::from_millis)
    }

    fn id<T: Id + std::fmt::Debug>() -> impl Strategy<Value = T> {
        any::<[u8; 16]>().prop_map(T::from_bytes)
    }

    fn occasion() -> impl Strategy<Value = Occasion> {
        prop_oneof![
            id::<EventId>().prop_map(Occasion::Event),
            time().prop_map(|t| Occasion::Daily(crate::base::time::Zone::utc().day(t))),
        ]
    }

    fn arrival(synced: bool) -> impl Strategy<Value = Option<Arrival>> {
        let late = prop_oneof![Just(0u32), 1u32..600];
        proptest::option::of(late.prop_map(move |late_minutes| Arrival {
            standing: if late_minutes > 0 {
                Standing::Late
            } else {
                Standing::Present
            },
            late_minutes,
            provisional: !synced,
        }))
    }

    fn who() -> impl Strategy<
        Value = (
            Option<PersonId>,
            Option<PersonId>,
            Option<TicketId>,
            Option<DeviceId>,
        ),
    > {
        let maybe = || proptest::option::of(id());
        (
            maybe(),
            maybe(),
            proptest::option::of(id()),
            proptest::option::of(id()),
        )
    }

    fn scores() -> impl Strategy<Value = [Option<f32>; 3]> {
        let score = || proptest::option::of(-1f32..1.0);
        (score(), score(), score()).prop_map(|(a, b, c)| [a, b, c])
    }

    fn decision() -> impl Strategy<Value = Decision> {
        let words = (
            select(Means::ALL),
            select(Direction::ALL),
            select(Mode::ALL),
            select(Verdict::ALL),
            proptest::option::of(select(Reason::ALL)),
            proptest::option::of(select(Liveness::ALL)),
        );
        let synced = any::<bool>();
        (
            words,
            who(),
            scores(),
            (time(), time(), occasion()),
            synced.prop_flat_map(|s| (Just(s), arrival(s))),
        )
            .prop_map(
                |(words, who, scores, (at, arrived, occasion), (synced, arrival))| Decision {
                    nonce: Nonce::from_bytes([1; 16]),
                    box_id: BoxId::from_bytes([2; 16]),
                    sequence: Some(7),
                    occasion,
                    device: who.3,
                    means: words.0,
                    direction: words.1,
                    mode: words.2,
                    verdict: words.3,
                    reason: words.4,
                    detail: words.4.map(|r| r.to_string()),
                    person: who.0,
                    rival: who.1,
                    ticket: who.2,
                    at,
                    arrived,
                    clock: if synced {
                        ClockState::Synced
                    } else {
                        ClockState::Unsynced
                    },
                    first: words.4.map(|_| at),
                    first_by: who.3,
                    opens: words.5.map(|_| arrived),
                    arrival,
                    liveness: words.5,
                    cosine: scores[0],
                    second: scores[1],
                    threshold: scores[2],
                    conflict: words.4,
                },
            )
    }

    proptest! {
        #[test]
        fn a_decision_read_back_is_the_decision_made(made in decision()) {
            let row = made.to_row([3; 16]);
            prop_assert_eq!(Decision::from_row(7, &row), Some(made));
        }

        /// The JSON names all that is there, codes as they are stored, and no name of anybody.
        #[test]
        fn json_has_the_codes(made in decision()) {
            let json = made.to_json();
            prop_assert_eq!(json["verdict"].as_str(), Some(made.verdict.code()));
            prop_assert_eq!(json["reason"].as_str(), made.reason.map(Reason::code));
            prop_assert_eq!(json["clock"] == "unsynced", made.advisory().is_some());
            prop_assert_eq!(json["confidence"].is_null(), made.cosine.is_none() || made.threshold.is_none());
            prop_assert!(json.get("name").is_none());
        }
    }

    #[test]
    fn an_occasion_that_is_none_is_not_made_up() {
        let at = Timestamp::from_millis(0);
        let day = Occasion::Daily(crate::base::time::Zone::utc().day(at));
        assert_eq!(Occasion::of(&day.key()), Some(day));
    }
}
