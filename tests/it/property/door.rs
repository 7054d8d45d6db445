//! Any sequence of comings, goings, undoings, revocations, closings, erasures and repetitions:
//! the store answers and counts as the model does, and keeps every decision as it was given.

use super::model::{Model, Step};
use crate::domain::door::Door;
use hadir::base::id::{EventId, PersonId};
use hadir::base::time::Span;
use hadir::crypto::keyring::Purpose;
use hadir::domain::checkin::reason::{Direction, UndoReason};
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::checkin::{Decision, Request};
use hadir::domain::identity::person;
use hadir::domain::ticketing::capacity;
use hadir::domain::ticketing::event::{self, CapacityOf, EntryRule};
use hadir::domain::ticketing::ticket::{self, Issued};
use hadir::store::{audit, visits};
use proptest::prelude::*;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..4usize).prop_map(Step::Enter),
        4 => (0..4usize).prop_map(Step::Leave),
        3 => (0..40usize).prop_map(Step::Undo),
        2 => (0..40usize).prop_map(Step::Replay),
        1 => (0..4usize).prop_map(Step::Revoke),
        1 => (0..4usize).prop_map(Step::Block),
        2 => (0..4usize).prop_map(Step::Unblock),
        1 => Just(Step::Close),
        2 => Just(Step::Open),
        1 => (0..2usize).prop_map(Step::EraseHolder),
        1 => Just(Step::NextDay),
    ]
}

/// A real door beside the model.
struct Pair {
    door: Door,
    event: EventId,
    holders: [PersonId; 2],
    tickets: Vec<Issued>,
    told: Vec<(Request, Decision)>,
    model: Model,
}

impl Pair {
    fn new(rule: EntryRule, capacity: usize, capacity_of: CapacityOf) -> Self {
        let door = Door::new();
        let holders = [door.person("Budi", None), door.person("Siti", None)];
        let event = door.event_with(|new| {
            new.entry_rule = rule;
            new.capacity = Some(u32::try_from(capacity).expect("small"));
            new.capacity_of = capacity_of;
        });
        let owner = [Some(holders[0]), Some(holders[1]), None, None];
        let tickets = owner
            .iter()
            .map(|holder| door.ticket(event, *holder))
            .collect();
        Self {
            door,
            event,
            holders,
            tickets,
            told: Vec::new(),
            model: Model::new(rule, capacity, capacity_of),
        }
    }

    fn pass(&mut self, ticket: usize, direction: Direction) {
        let mut request = self
            .door
            .code(self.event, self.tickets[ticket].code.as_str());
        request.direction = direction;
        let decision = self.door.decide(&request);
        let want = self.model.pass(ticket, direction == Direction::Entry);
        assert_eq!((decision.verdict, decision.reason), want);
        self.told.push((request, decision));
    }

    fn undo(&mut self, n: usize) {
        if self.told.is_empty() {
            return;
        }
        let n = n % self.told.len();
        let wish = Undo {
            nonce: self.told[n].0.nonce,
            reason: UndoReason::Test,
            remark: None,
        };
        let done = self.door.act(move |tx, call| undo::undo(tx, call, &wish));
        assert_eq!(done.is_ok(), self.model.undo(n));
    }

    fn replay(&self, n: usize) {
        if let Some((request, decision)) = self.told.get(n % self.told.len().max(1)) {
            assert_eq!(self.door.decide(request), *decision);
        }
    }

    fn take(&mut self, step: Step) {
        self.door.advance(Span::from_seconds(1));
        let (door, event) = (&self.door, self.event);
        match step {
            Step::Enter(ticket) => self.pass(ticket, Direction::Entry),
            Step::Leave(ticket) => self.pass(ticket, Direction::Exit),
            Step::Undo(n) => self.undo(n),
            Step::Replay(n) => self.replay(n),
            Step::Revoke(t) => {
                let id = self.tickets[t].id;
                let done = door.act(move |tx, call| ticket::revoke(tx, call, id));
                assert_eq!(done.is_ok(), self.model.revoke(t));
            }
            Step::Block(t) => {
                let id = self.tickets[t].id;
                let done = door.act(move |tx, call| ticket::block(tx, call, id));
                assert_eq!(done.is_ok(), self.model.block(t, true));
            }
            Step::Unblock(t) => {
                let id = self.tickets[t].id;
                let done = door.act(move |tx, call| ticket::unblock(tx, call, id));
                assert_eq!(done.is_ok(), self.model.block(t, false));
            }
            Step::Close => {
                door.act(move |tx, call| event::close(tx, call, event))
                    .expect("closed");
                self.model.set_open(false);
            }
            Step::Open => {
                door.act(move |tx, call| event::open(tx, call, event))
                    .expect("opened");
                self.model.set_open(true);
            }
            Step::EraseHolder(holder) => {
                let id = self.holders[holder];
                let done = door.act(move |tx, call| person::erase(tx, call, id));
                assert_eq!(done.is_ok(), self.model.erase(holder));
            }
            Step::NextDay => {
                door.advance(Span::from_seconds(24 * 3_600));
                self.model.next_day();
            }
        }
    }

    fn compare(&self) {
        let event = self.event;
        let fill = self
            .door
            .look(|v, c| capacity::fill(v, c, event))
            .expect("an event");
        assert_eq!((fill.inside, fill.admitted), self.model.counts());
        assert_eq!(self.told.len(), self.model.decisions());
        for (n, (_, decision)) in self.told.iter().enumerate() {
            assert_eq!((decision.verdict, decision.reason), self.model.answer(n));
        }
    }

    /// After a restart all decisions are what they were, and the audit chain is whole.
    fn reopen_and_compare(mut self) {
        self.door.reopen();
        self.compare();
        for n in 0..self.told.len() {
            self.replay(n);
        }
        let rows = self
            .door
            .look(|v, _| visits::list_visits(v, 0, 500))
            .expect("visits");
        assert_eq!(rows.len(), self.told.len());
        let chain = self.door.site.keyring.purpose(Purpose::AuditChain);
        let whole = self
            .door
            .look(|v, _| audit::verify(v, chain))
            .expect("readable");
        assert!(matches!(whole, audit::Verdict::Whole(_)), "{whole:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_door_is_the_model(
        rule in proptest::sample::select(EntryRule::ALL),
        capacity_of in proptest::sample::select(CapacityOf::ALL),
        capacity in 1usize..5,
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        let mut pair = Pair::new(rule, capacity, capacity_of);
        for step in steps {
            pair.take(step);
            pair.compare();
        }
        pair.reopen_and_compare();
    }
}
