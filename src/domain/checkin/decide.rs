//! The rules of a door, pure: what is known of the person, the ticket and the occasion comes
//! in, a ruling goes out. Each rule is a small function that rules or passes on; their order is
//! the order of [`RULES`].

use crate::base::id::DeviceId;
use crate::base::time::{LocalDay, Timestamp};
use crate::domain::checkin::reason::{Direction, Means, Mode, Reason, Verdict};
use crate::store::events::{CapacityOf, EntryRule, EventRow, EventState};
use crate::store::people::PersonState;
use crate::store::tickets::{TicketRow, TicketState};
use crate::store::visits::Presence;

/// All that the rules ask for.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// By what the subject is known.
    pub means: Means,
    /// Which way it goes.
    pub direction: Direction,
    /// Whether this is a decision or the report of one.
    pub mode: Mode,
    /// When it happens.
    pub at: Timestamp,
    /// The day at the site on which it happens.
    pub today: LocalDay,
    /// Whether the clock may be believed: if not, no rule about time refuses.
    pub synced: bool,
    /// The event; None: a day of attendance.
    pub event: Option<&'a EventRow>,
    /// The day of attendance; None: an event.
    pub day: Option<LocalDay>,
    /// Whether the person may take part; None: a ticket without a holder.
    pub person: Option<PersonState>,
    /// The ticket, where there is one.
    pub ticket: Option<&'a TicketRow>,
    /// Where the subject stands; None: it was never here.
    pub presence: Option<&'a Presence>,
    /// The day at the site of the subject's last entry.
    pub entry_day: Option<LocalDay>,
    /// The gate of the device.
    pub gate: Option<&'a str>,
}

/// What the rules say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What.
    pub verdict: Verdict,
    /// Why; None: admitted.
    pub reason: Option<Reason>,
    /// What else there is to know.
    pub detail: Option<String>,
    /// First entry, for `already`.
    pub first: Option<Timestamp>,
    /// Device of the first entry.
    pub first_by: Option<DeviceId>,
    /// From when on, for `not_yet_valid`.
    pub opens: Option<Timestamp>,
    /// The rule that a reported fact went against.
    pub conflict: Option<Reason>,
}

impl Ruling {
    /// A ruling with a verdict and its reason.
    #[must_use]
    pub const fn new(verdict: Verdict, reason: Option<Reason>) -> Self {
        Self {
            verdict,
            reason,
            detail: None,
            first: None,
            first_by: None,
            opens: None,
            conflict: None,
        }
    }

    /// A refusal.
    #[must_use]
    pub const fn refused(reason: Reason) -> Self {
        Self::new(Verdict::Refused, Some(reason))
    }

    /// Something for the desk.
    #[must_use]
    pub const fn attention(reason: Reason) -> Self {
        Self::new(Verdict::Attention, Some(reason))
    }

    /// The same with a detail.
    #[must_use]
    pub fn with(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }
}

type Rule = fn(&Situation<'_>) -> Option<Ruling>;

/// The rules, in their order. An exit is asked only who it is: whoever is inside gets out.
const RULES: [(Rule, bool); 9] = [
    (person, true),
    (ticket_state, true),
    (event_state, false),
    (means_allowed, false),
    (gate, false),
    (window, false),
    (conditions, false),
    (again, false),
    (capacity, false),
];

/// Rules on a subject that has been found. A report of what happened without the box stays
/// admitted even against a rule, which is then noted as its conflict; the erased alone stay out.
#[must_use]
pub fn decide(s: &Situation<'_>) -> Ruling {
    let objection = RULES
        .iter()
        .filter(|(_, also_exit)| s.direction == Direction::Entry || *also_exit)
        .find_map(|(rule, _)| rule(s));
    match objection {
        None => admitted(s),
        Some(ruling) if s.mode == Mode::Offline && s.person != Some(PersonState::Erased) => {
            Ruling {
                conflict: ruling.reason,
                ..admitted(s)
            }
        }
        Some(ruling) => ruling,
    }
}

fn admitted(s: &Situation<'_>) -> Ruling {
    let ruling = Ruling::new(Verdict::Admitted, None);
    let inside = s.presence.is_some_and(|p| p.inside);
    if s.direction == Direction::Exit && !inside {
        return ruling.with("no_entry"); // let out all the same, and noted
    }
    ruling
}

fn person(s: &Situation<'_>) -> Option<Ruling> {
    match s.person {
        Some(PersonState::Erased) if s.ticket.is_some() => {
            Some(Ruling::refused(Reason::TicketRevoked))
        }
        Some(PersonState::Erased | PersonState::Disabled) => {
            Some(Ruling::refused(Reason::NotPermitted).with("person"))
        }
        Some(PersonState::Active) | None => None,
    }
}

fn ticket_state(s: &Situation<'_>) -> Option<Ruling> {
    let (Some(event), ticket) = (s.event, s.ticket) else {
        return None;
    };
    let Some(ticket) = ticket else {
        return Some(Ruling::refused(Reason::NotPermitted).with("no_ticket"));
    };
    if ticket.event != event.id {
        let right = format!("event:{}", ticket.event);
        return Some(Ruling::refused(Reason::WrongEvent).with(right));
    }
    match ticket.state {
        TicketState::Revoked => Some(Ruling::refused(Reason::TicketRevoked)),
        TicketState::Blocked => Some(Ruling::refused(Reason::TicketBlocked)),
        TicketState::Valid => None,
    }
}

fn event_state(s: &Situation<'_>) -> Option<Ruling> {
    let event = s.event?;
    (event.state != EventState::Open).then(|| Ruling::refused(Reason::EventClosed))
}

fn means_allowed(s: &Situation<'_>) -> Option<Ruling> {
    let face = s.means == Means::Face && s.event.is_some_and(|e| !e.face_allowed);
    face.then(|| Ruling::refused(Reason::NotPermitted).with("face"))
}

fn gate(s: &Situation<'_>) -> Option<Ruling> {
    let (gates, here) = (s.ticket?.gates.as_deref()?, s.gate?);
    let allowed = gates.split(',').any(|g| g.trim() == here);
    (!allowed).then(|| Ruling::refused(Reason::NotPermitted).with(format!("gate:{gates}")))
}

/// Times of the event, of the ticket, and the day itself. Nobody is refused for an unsynced clock.
fn window(s: &Situation<'_>) -> Option<Ruling> {
    if !s.synced {
        return None;
    }
    if let Some(day) = s.day {
        return match s.today.cmp(&day) {
            std::cmp::Ordering::Less => Some(Ruling::refused(Reason::NotYetValid)),
            std::cmp::Ordering::Greater => Some(Ruling::refused(Reason::Expired)),
            std::cmp::Ordering::Equal => None,
        };
    }
    let starts = [
        s.event.and_then(|e| e.starts_at),
        s.ticket.and_then(|t| t.valid_from),
    ];
    let ends = [
        s.event.and_then(|e| e.ends_at),
        s.ticket.and_then(|t| t.valid_until),
    ];
    let opens = starts.into_iter().flatten().max();
    if opens.is_some_and(|t| s.at < t) {
        let mut ruling = Ruling::refused(Reason::NotYetValid);
        ruling.opens = opens;
        return Some(ruling);
    }
    let closes = ends.into_iter().flatten().min();
    closes
        .is_some_and(|t| s.at >= t)
        .then(|| Ruling::refused(Reason::Expired))
}

fn conditions(s: &Situation<'_>) -> Option<Ruling> {
    let ticket = s.ticket?;
    if !ticket.settled {
        return Some(Ruling::attention(Reason::NotSettled));
    }
    (!ticket.answered).then(|| Ruling::attention(Reason::AnswersMissing))
}

/// The entry rule: may this subject, which has been here, come in again?
fn again(s: &Situation<'_>) -> Option<Ruling> {
    let before = s.presence.filter(|p| p.entries > 0)?;
    let rule = s.event.map_or(EntryRule::OncePerEvent, |e| e.entry_rule);
    let may = match rule {
        EntryRule::OncePerEvent => false,
        EntryRule::OncePerDay => s.entry_day != Some(s.today),
        EntryRule::AfterExit => !before.inside,
        EntryRule::Any => true,
    };
    (!may).then(|| Ruling {
        first: before.first_at,
        first_by: before.first_by,
        ..Ruling::new(Verdict::Already, Some(Reason::AlreadyAdmitted))
    })
}

/// The room: counts are those of the transaction, so that the last place is given once.
fn capacity(s: &Situation<'_>) -> Option<Ruling> {
    let event = s.event?;
    let most = event.capacity?;
    let before = s.presence.copied().unwrap_or_default();
    let full = match event.capacity_of {
        CapacityOf::Inside => event.inside >= most && !before.inside,
        CapacityOf::Admitted => event.admitted >= most && before.entries == 0,
    };
    full.then(|| Ruling::refused(Reason::CapacityReached).with(format!("capacity:{most}")))
}
