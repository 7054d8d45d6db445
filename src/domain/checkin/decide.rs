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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{EventId, Id, TicketId};
    use crate::base::time::Zone;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_218_720_000);

    fn later(hours: i64) -> Timestamp {
        Timestamp::from_millis(NOW.as_millis() + hours * 3_600_000)
    }

    fn event() -> EventRow {
        EventRow {
            id: EventId::from_bytes([1; 16]),
            name: "Seminar".to_owned(),
            state: EventState::Open,
            capacity: None,
            capacity_of: CapacityOf::Inside,
            entry_rule: EntryRule::OncePerEvent,
            face_allowed: true,
            starts_at: None,
            ends_at: None,
            inside: 0,
            admitted: 0,
            created_at: NOW,
        }
    }

    fn ticket() -> TicketRow {
        TicketRow {
            id: TicketId::from_bytes([2; 16]),
            event: EventId::from_bytes([1; 16]),
            holder: None,
            state: TicketState::Valid,
            settled: true,
            answered: true,
            valid_from: None,
            valid_until: None,
            gates: None,
            created_at: NOW,
        }
    }

    fn situation<'a>(event: &'a EventRow, ticket: &'a TicketRow) -> Situation<'a> {
        Situation {
            means: Means::Code,
            direction: Direction::Entry,
            mode: Mode::Online,
            at: NOW,
            today: Zone::utc().day(NOW),
            synced: true,
            event: Some(event),
            day: None,
            person: None,
            ticket: Some(ticket),
            presence: None,
            entry_day: None,
            gate: None,
        }
    }

    fn entered(inside: bool) -> Presence {
        Presence {
            entries: 1,
            inside,
            first_at: Some(NOW),
            first_by: None,
            entry_at: Some(NOW),
        }
    }

    /// Each row spoils one thing of a good ticket.
    #[test]
    fn one_fault_gives_its_own_reason() {
        type Spoil = fn(&mut EventRow, &mut TicketRow);
        let table: [(Spoil, Option<Reason>); 14] = [
            (|_, _| (), None),
            (
                |e, _| e.state = EventState::Draft,
                Some(Reason::EventClosed),
            ),
            (
                |e, _| e.state = EventState::Closed,
                Some(Reason::EventClosed),
            ),
            (
                |e, _| e.starts_at = Some(later(1)),
                Some(Reason::NotYetValid),
            ),
            (|e, _| e.starts_at = Some(NOW), None),
            (|e, _| e.ends_at = Some(NOW), Some(Reason::Expired)),
            (|e, _| e.ends_at = Some(later(1)), None),
            (|e, _| e.capacity = Some(0), Some(Reason::CapacityReached)),
            (
                |_, t| t.state = TicketState::Blocked,
                Some(Reason::TicketBlocked),
            ),
            (
                |_, t| t.state = TicketState::Revoked,
                Some(Reason::TicketRevoked),
            ),
            (
                |_, t| t.event = EventId::from_bytes([9; 16]),
                Some(Reason::WrongEvent),
            ),
            (|_, t| t.settled = false, Some(Reason::NotSettled)),
            (|_, t| t.answered = false, Some(Reason::AnswersMissing)),
            (
                |_, t| t.valid_from = Some(later(1)),
                Some(Reason::NotYetValid),
            ),
        ];
        for (i, (spoil, want)) in table.into_iter().enumerate() {
            let (mut event, mut ticket) = (event(), ticket());
            spoil(&mut event, &mut ticket);
            let ruling = decide(&situation(&event, &ticket));
            assert_eq!(ruling.reason, want, "row {i}");
            assert_eq!(
                ruling.verdict == Verdict::Admitted,
                want.is_none(),
                "row {i}"
            );
        }
    }

    /// Of several faults the one that a later repair would not cure is told first.
    #[test]
    fn the_first_rule_speaks() {
        let (mut event, mut ticket) = (event(), ticket());
        let mut order = Vec::new();
        event.state = EventState::Closed;
        event.starts_at = Some(later(1));
        event.capacity = Some(0);
        ticket.state = TicketState::Revoked;
        ticket.settled = false;
        let mut ask = |event: &EventRow, ticket: &TicketRow| {
            order.extend(decide(&situation(event, ticket)).reason);
        };
        ask(&event, &ticket);
        ticket.state = TicketState::Valid;
        ask(&event, &ticket);
        event.state = EventState::Open;
        ask(&event, &ticket);
        event.starts_at = None;
        ask(&event, &ticket);
        ticket.settled = true;
        ask(&event, &ticket);
        use Reason::{CapacityReached, EventClosed, NotSettled, NotYetValid, TicketRevoked};
        assert_eq!(
            order,
            [
                TicketRevoked,
                EventClosed,
                NotYetValid,
                NotSettled,
                CapacityReached
            ]
        );
    }

    #[test]
    fn the_later_start_and_the_earlier_end_count() {
        let (mut event, mut ticket) = (event(), ticket());
        event.starts_at = Some(later(1));
        ticket.valid_from = Some(later(2));
        assert_eq!(decide(&situation(&event, &ticket)).opens, Some(later(2)));
        event.starts_at = None;
        ticket.valid_from = None;
        event.ends_at = Some(later(5));
        ticket.valid_until = Some(later(1));
        let mut late = situation(&event, &ticket);
        late.at = later(2);
        assert_eq!(decide(&late).reason, Some(Reason::Expired));
    }

    #[test]
    fn a_gate_that_is_not_known_asks_for_none() {
        let (event, mut ticket) = (event(), ticket());
        ticket.gates = Some("utara,timur".to_owned());
        for (gate, may) in [
            (None, true),
            (Some("timur"), true),
            (Some("barat"), false),
            (Some("utar"), false),
        ] {
            let mut here = situation(&event, &ticket);
            here.gate = gate;
            assert_eq!(decide(&here).verdict == Verdict::Admitted, may, "{gate:?}");
        }
    }

    #[test]
    fn the_room_counts_whoever_comes_back_once() {
        let (mut event, ticket) = (event(), ticket());
        event.entry_rule = EntryRule::Any;
        event.capacity = Some(1);
        event.inside = 1;
        event.admitted = 1;
        for (capacity_of, presence, may) in [
            (CapacityOf::Inside, None, false),
            (CapacityOf::Inside, Some(entered(true)), true),
            (CapacityOf::Inside, Some(entered(false)), false),
            (CapacityOf::Admitted, None, false),
            (CapacityOf::Admitted, Some(entered(true)), true),
            (CapacityOf::Admitted, Some(entered(false)), true),
        ] {
            event.capacity_of = capacity_of;
            let mut again = situation(&event, &ticket);
            again.presence = presence.as_ref();
            let admitted = decide(&again).verdict == Verdict::Admitted;
            assert_eq!(admitted, may, "{capacity_of} {presence:?}");
        }
    }

    #[test]
    fn a_day_is_only_itself() {
        let zone = Zone::utc();
        let (event, ticket) = (event(), ticket());
        let mut daily = situation(&event, &ticket);
        daily.event = None;
        daily.ticket = None;
        daily.person = Some(PersonState::Active);
        for (hours, want) in [
            (-24, Some(Reason::Expired)),
            (0, None),
            (24, Some(Reason::NotYetValid)),
        ] {
            daily.day = Some(zone.day(later(hours)));
            assert_eq!(decide(&daily).reason, want, "{hours}");
        }
        daily.synced = false;
        assert_eq!(decide(&daily).reason, None);
    }

    fn any_situation() -> impl Strategy<Value = (EventRow, TicketRow, Option<Presence>, u16)> {
        let an_event = (
            proptest::sample::select(EventState::ALL),
            proptest::sample::select(EntryRule::ALL),
            proptest::sample::select(CapacityOf::ALL),
            proptest::option::of(0u32..3),
            0u32..3,
            proptest::option::of(-2i64..2),
        );
        let a_ticket = (
            proptest::sample::select(TicketState::ALL),
            any::<[bool; 3]>(),
            proptest::option::of(-2i64..2),
        );
        let presence = proptest::option::of(any::<bool>());
        (an_event, a_ticket, presence, any::<u16>()).prop_map(|(e, t, p, flags)| {
            let made = EventRow {
                state: e.0,
                entry_rule: e.1,
                capacity_of: e.2,
                capacity: e.3,
                inside: e.4,
                admitted: e.4,
                starts_at: e.5.map(later),
                ..event()
            };
            let issued = TicketRow {
                state: t.0,
                settled: t.1[0],
                answered: t.1[1],
                event: if t.1[2] {
                    made.id
                } else {
                    EventId::from_bytes([9; 16])
                },
                valid_until: t.2.map(later),
                ..ticket()
            };
            (made, issued, p.map(entered), flags)
        })
    }

    proptest! {
        /// An admission has no reason and everything else has one; the erased never come in, by
        /// no flag; a clock that is not set refuses nobody for the time; who is inside gets out.
        #[test]
        fn what_always_holds((event, ticket, presence, flags) in any_situation()) {
            let mut s = situation(&event, &ticket);
            s.presence = presence.as_ref();
            s.entry_day = presence.map(|_| s.today);
            s.synced = flags & 1 != 0;
            s.mode = if flags & 2 != 0 { Mode::Offline } else { Mode::Online };
            s.direction = if flags & 4 != 0 { Direction::Exit } else { Direction::Entry };
            s.person = match flags >> 3 & 3 {
                0 => None,
                1 => Some(PersonState::Active),
                2 => Some(PersonState::Disabled),
                _ => Some(PersonState::Erased),
            };
            let ruling = decide(&s);
            prop_assert_eq!(ruling.verdict == Verdict::Admitted, ruling.reason.is_none());
            prop_assert!(ruling.conflict.is_none() || s.mode == Mode::Offline);
            if s.person == Some(PersonState::Erased) {
                prop_assert_ne!(ruling.verdict, Verdict::Admitted);
            } else if s.mode == Mode::Offline {
                prop_assert_eq!(ruling.verdict, Verdict::Admitted);
            }
            if !s.synced {
                let by_time = [Some(Reason::NotYetValid), Some(Reason::Expired)];
                prop_assert!(!by_time.contains(&ruling.reason) && !by_time.contains(&ruling.conflict));
            }
            let valid = ticket.state == TicketState::Valid && ticket.event == event.id;
            let able = !matches!(s.person, Some(PersonState::Disabled | PersonState::Erased));
            if s.direction == Direction::Exit && valid && able {
                prop_assert_eq!(ruling.verdict, Verdict::Admitted);
            }
        }
    }
}
