//! A decision as our own clients get it: the codes, the sentence in the reader's language, the
//! name as far as the reader may see it. Numbers of a face are for staff.

use crate::base::id::{Nonce, PersonId, TicketId};
use crate::base::time::Timestamp;
use crate::domain::actor::Actor;
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::reason::{Direction, Liveness, Means, Mode, Reason, Standing, Verdict};
use crate::domain::checkin::wording::{self, Language, Speaker};
use crate::domain::identity::name;
use crate::surface::api::shape::{
    DirectionText, IdText, LivenessText, MeansText, ModeText, OccasionText, ReasonText,
    StandingText, VerdictText,
};
use crate::surface::core::Core;
use crate::surface::known::Known;
use schemars::JsonSchema;
use serde::Serialize;

/// A decision about one check-in.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Decision")]
pub struct DecisionShape {
    /// Names the decision for ever.
    #[schemars(with = "IdText")]
    pub nonce: Nonce,
    /// To what.
    #[schemars(with = "OccasionText")]
    pub occasion: String,
    /// What was decided.
    #[schemars(with = "VerdictText")]
    pub verdict: Verdict,
    /// Why; null: admitted.
    #[schemars(with = "Option<ReasonText>")]
    pub reason: Option<Reason>,
    /// What the visitor reads.
    pub sentence: String,
    /// What to do now; null: nothing.
    pub next_step: Option<String>,
    /// Who: whole for staff, masked for others.
    pub name: Option<String>,
    /// When it happened, in milliseconds since 1970.
    pub at_ms: i64,
    /// `already`: when the first entry was.
    pub first_at_ms: Option<i64>,
    /// `not_yet_valid`: from when on.
    pub opens_at_ms: Option<i64>,
    /// Which way.
    #[schemars(with = "DirectionText")]
    pub direction: Direction,
    /// By what.
    #[schemars(with = "MeansText")]
    pub means: Means,
    /// Whether the box decided or was told.
    #[schemars(with = "ModeText")]
    pub mode: Mode,
    /// The box's sequence number; null: only counted, not kept.
    pub sequence: Option<u64>,
    /// On a day of attendance: present or late.
    #[schemars(with = "Option<StandingText>")]
    pub standing: Option<Standing>,
    /// Minutes after the day's start, if late.
    pub late_minutes: Option<u32>,
    /// What is known of a living person having stood there; null: no face was shown.
    #[schemars(with = "Option<LivenessText>")]
    pub liveness: Option<Liveness>,
    /// `clock_unsynced`: its times and lateness are provisional. Not there if they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<ReasonText>")]
    pub advisory: Option<Reason>,
    /// What only staff get.
    #[serde(flatten)]
    pub staff: Option<StaffShape>,
}

/// The part of a decision that only staff get.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StaffShape {
    /// Who; of an ambiguous face the first candidate.
    #[schemars(with = "Option<IdText>")]
    pub person: Option<PersonId>,
    /// Of an ambiguous face the second candidate.
    #[schemars(with = "Option<IdText>")]
    pub rival: Option<PersonId>,
    /// With which ticket.
    #[schemars(with = "Option<IdText>")]
    pub ticket: Option<TicketId>,
    /// What else there is to know: issues of a picture, a gate, the right event.
    pub detail: Option<String>,
    /// Cosine of the best person.
    pub cosine: Option<f32>,
    /// Cosine of the best other person.
    pub second: Option<f32>,
    /// The threshold in force.
    pub threshold: Option<f32>,
    /// A report of an admission that these rules would have refused: why.
    #[schemars(with = "Option<ReasonText>")]
    pub conflict: Option<Reason>,
}

/// The decision as `actor` may see it, in `language`.
#[must_use]
pub fn shown(
    core: &Core,
    actor: &Actor,
    language: Language,
    decision: &Decision,
    known: &Known,
) -> DecisionShape {
    let staff = actor.read_name().is_ok();
    let own = matches!(decision.verdict, Verdict::Admitted | Verdict::Already);
    // Of whom somebody else is told "refused", nobody but staff learns the name.
    let whole = known.name.as_deref().filter(|_| own || staff);
    let name = whole.map(|whole| name::for_reader(actor, whole));
    let site = core.site();
    let greeting = name.as_deref().filter(|_| own).map(name::greeting);
    let speaker = Speaker {
        language,
        desk: &site.rules.desk,
        address: site.rules.address,
        zone: &site.zone,
        greeting,
    };
    let said = wording::sentence(&speaker, decision);
    let ms = |t: Option<Timestamp>| t.map(Timestamp::as_millis);
    DecisionShape {
        nonce: decision.nonce,
        occasion: decision.occasion.to_string(),
        verdict: decision.verdict,
        reason: decision.reason,
        sentence: said.text,
        next_step: said.next_step,
        name,
        at_ms: decision.at.as_millis(),
        first_at_ms: ms(decision.first),
        opens_at_ms: ms(decision.opens),
        direction: decision.direction,
        means: decision.means,
        mode: decision.mode,
        sequence: decision.sequence,
        standing: decision.arrival.map(|a| a.standing),
        late_minutes: decision.arrival.map(|a| a.late_minutes),
        advisory: decision.advisory(),
        liveness: decision.liveness,
        staff: staff.then(|| for_staff(decision)),
    }
}

fn for_staff(decision: &Decision) -> StaffShape {
    StaffShape {
        person: decision.person,
        rival: decision.rival,
        ticket: decision.ticket,
        detail: decision.detail.clone(),
        cosine: decision.cosine,
        second: decision.second,
        threshold: decision.threshold,
        conflict: decision.conflict,
    }
}
