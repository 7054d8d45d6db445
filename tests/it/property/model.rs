//! A door in memory, written for clearness alone: what each operation must answer, worked out
//! anew from the whole history every time.

use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::ticketing::event::{CapacityOf, EntryRule};

/// An operation on tickets 0 to 3 (0 and 1 have holders, 2 and 3 have none).
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Enter(usize),
    Leave(usize),
    /// Undoes the n-th decision, counted from the first and round again.
    Undo(usize),
    /// Sends the n-th request again.
    Replay(usize),
    Revoke(usize),
    Block(usize),
    Unblock(usize),
    Close,
    Open,
    EraseHolder(usize),
    NextDay,
}

/// What was answered, as far as the model foresees it.
pub type Answer = (Verdict, Option<Reason>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Valid,
    Blocked,
    Revoked,
}

#[derive(Debug, Clone, Copy)]
struct Passage {
    ticket: usize,
    entry: bool,
    day: u32,
    undone: bool,
}

/// The door in memory.
pub struct Model {
    pub rule: EntryRule,
    pub capacity: usize,
    pub capacity_of: CapacityOf,
    open: bool,
    day: u32,
    states: [State; 4],
    erased: [bool; 2],
    /// One for each decision: its answer, and the passage if it was an admission.
    decisions: Vec<(Answer, Option<usize>)>,
    passages: Vec<Passage>,
}

impl Model {
    pub fn new(rule: EntryRule, capacity: usize, capacity_of: CapacityOf) -> Self {
        Self {
            rule,
            capacity,
            capacity_of,
            open: true,
            day: 0,
            states: [State::Valid; 4],
            erased: [false; 2],
            decisions: Vec::new(),
            passages: Vec::new(),
        }
    }

    pub fn decisions(&self) -> usize {
        self.decisions.len()
    }

    pub fn answer(&self, decision: usize) -> Answer {
        self.decisions[decision].0
    }

    fn of(&self, ticket: usize) -> impl Iterator<Item = &Passage> {
        self.passages
            .iter()
            .filter(move |p| p.ticket == ticket && !p.undone)
    }

    fn is_inside(&self, ticket: usize) -> bool {
        self.of(ticket).last().is_some_and(|p| p.entry)
    }

    fn was_admitted(&self, ticket: usize) -> bool {
        self.of(ticket).any(|p| p.entry)
    }

    /// How many tickets are inside, and how many were admitted.
    pub fn counts(&self) -> (u32, u32) {
        let inside = (0..4).filter(|t| self.is_inside(*t)).count();
        let admitted = (0..4).filter(|t| self.was_admitted(*t)).count();
        (
            u32::try_from(inside).expect("few"),
            u32::try_from(admitted).expect("few"),
        )
    }

    fn refusal(&self, ticket: usize) -> Option<Reason> {
        match self.states[ticket] {
            State::Revoked => Some(Reason::TicketRevoked),
            State::Blocked => Some(Reason::TicketBlocked),
            State::Valid => None,
        }
    }

    fn may_enter(&self, ticket: usize) -> Answer {
        if let Some(reason) = self.refusal(ticket) {
            return (Verdict::Refused, Some(reason));
        }
        if !self.open {
            return (Verdict::Refused, Some(Reason::EventClosed));
        }
        let entries = || self.of(ticket).filter(|p| p.entry);
        let again = match self.rule {
            EntryRule::OncePerEvent => self.was_admitted(ticket),
            EntryRule::OncePerDay => entries().any(|p| p.day == self.day),
            EntryRule::AfterExit => self.is_inside(ticket),
            EntryRule::Any => false,
        };
        if again {
            return (Verdict::Already, Some(Reason::AlreadyAdmitted));
        }
        let (inside, admitted) = self.counts();
        let full = match self.capacity_of {
            CapacityOf::Inside => inside as usize >= self.capacity && !self.is_inside(ticket),
            CapacityOf::Admitted => {
                admitted as usize >= self.capacity && !self.was_admitted(ticket)
            }
        };
        if full {
            return (Verdict::Refused, Some(Reason::CapacityReached));
        }
        (Verdict::Admitted, None)
    }

    /// Somebody comes or goes with a ticket.
    pub fn pass(&mut self, ticket: usize, entry: bool) -> Answer {
        let answer = match (entry, self.refusal(ticket)) {
            (true, _) => self.may_enter(ticket),
            (false, Some(reason)) => (Verdict::Refused, Some(reason)),
            (false, None) => (Verdict::Admitted, None),
        };
        let passage = (answer.0 == Verdict::Admitted).then_some(self.passages.len());
        if passage.is_some() {
            self.passages.push(Passage {
                ticket,
                entry,
                day: self.day,
                undone: false,
            });
        }
        self.decisions.push((answer, passage));
        answer
    }

    /// Undoes a decision; false if it is no admission or was undone before.
    pub fn undo(&mut self, decision: usize) -> bool {
        match self.decisions[decision].1 {
            Some(passage) => !std::mem::replace(&mut self.passages[passage].undone, true),
            None => false,
        }
    }

    /// Revokes a ticket; false if it was revoked before.
    pub fn revoke(&mut self, ticket: usize) -> bool {
        std::mem::replace(&mut self.states[ticket], State::Revoked) != State::Revoked
    }

    /// Blocks or unblocks a ticket; false if it is revoked.
    pub fn block(&mut self, ticket: usize, blocked: bool) -> bool {
        let may = self.states[ticket] != State::Revoked;
        if may {
            self.states[ticket] = if blocked {
                State::Blocked
            } else {
                State::Valid
            };
        }
        may
    }

    pub fn set_open(&mut self, open: bool) {
        self.open = open;
    }

    pub fn next_day(&mut self) {
        self.day += 1;
    }

    /// Erases the holder of ticket 0 or 1; false if that was done before.
    pub fn erase(&mut self, holder: usize) -> bool {
        self.states[holder] = State::Revoked;
        !std::mem::replace(&mut self.erased[holder], true)
    }
}
