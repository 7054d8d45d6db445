//! Any day of coming and going of people who are in the list several times, and any merging of them:
//! nobody's passages are lost, where each stands follows from the passages, and the counts of the
//! event are those of whoever stands there.

use crate::domain::door::Door;
use hadir::base::id::{EventId, Id as _, PersonId, TicketId};
use hadir::base::time::Span;
use hadir::domain::checkin::presence;
use hadir::domain::checkin::reason::Direction;
use hadir::domain::checkin::{Credential, Occasion};
use hadir::domain::identity::person::Error;
use hadir::domain::merge;
use hadir::domain::ticketing::event;
use hadir::store::dossiers;
use hadir::store::visits::{self, OccasionKey, Presence};
use proptest::prelude::*;

const ENTRIES: usize = 4;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody picked from the list comes to the day or to the event, in or out.
    Pass(usize, bool, Direction),
    /// Somebody shows a ticket.
    Show(usize, Direction),
    Merge(usize, usize),
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![2 => Just(Direction::Entry), 1 => Just(Direction::Exit)]
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..ENTRIES;
    prop_oneof![
        5 => (who.clone(), any::<bool>(), direction()).prop_map(|(p, day, d)| Step::Pass(p, day, d)),
        3 => (who.clone(), direction()).prop_map(|(p, d)| Step::Show(p, d)),
        2 => (who.clone(), who).prop_map(|(from, into)| Step::Merge(from, into)),
    ]
}

struct World {
    door: Door,
    event: EventId,
    people: [PersonId; ENTRIES],
    tickets: Vec<(TicketId, String)>,
    /// Whose each entry's passages and ticket are now; None: it was merged away.
    owner: [usize; ENTRIES],
    gone: [bool; ENTRIES],
    /// Admissions by the list so far, by who has them now.
    passed: [usize; ENTRIES],
}

impl World {
    fn new() -> Self {
        let door = Door::new();
        let event = door.event();
        let names = ["Budi", "Budi S.", "Budi Santoso", "B. Santoso"];
        let people = names.map(|name| door.person(name, None));
        let tickets = people.map(|id| door.ticket(event, Some(id)));
        let tickets = tickets.map(|issued| (issued.id, issued.code.as_str().to_owned()));
        Self {
            door,
            event,
            people,
            tickets: tickets.to_vec(),
            owner: [0, 1, 2, 3],
            gone: [false; ENTRIES],
            passed: [0; ENTRIES],
        }
    }

    fn pass(&mut self, p: usize, day: bool, direction: Direction) {
        if self.gone[p] {
            return;
        }
        let occasion = match day {
            true => Occasion::Daily(self.door.today()),
            false => Occasion::Event(self.event),
        };
        let mut request = self
            .door
            .request(occasion, Credential::Person(self.people[p]));
        request.direction = direction;
        let decision = self.door.decide(&request);
        if decision.verdict.code() == "admitted" && decision.ticket.is_none() {
            self.passed[p] += 1;
        }
    }

    fn show(&self, p: usize, direction: Direction) {
        let mut request = self.door.code(self.event, &self.tickets[p].1);
        request.direction = direction;
        self.door.decide(&request);
    }

    fn merge(&mut self, from: usize, into: usize) {
        let (a, b) = (self.people[from], self.people[into]);
        let merged = self.door.act(move |tx, call| merge::merge(tx, call, a, b));
        if from == into || self.gone[from] || self.gone[into] {
            assert_eq!(merged, Err(Error::NoPerson));
            return;
        }
        assert_eq!(merged, Ok(()));
        self.gone[from] = true;
        self.passed[into] += std::mem::take(&mut self.passed[from]);
        for owner in &mut self.owner {
            if *owner == from {
                *owner = into;
            }
        }
    }

    fn stands(&self, key: &OccasionKey, subject: [u8; 16]) -> Presence {
        let found = self
            .door
            .store
            .read(|v| visits::find_presence(v, key, subject));
        found.expect("read").unwrap_or_default()
    }

    fn look(&self) {
        let store = &self.door.store;
        let day = OccasionKey::day(self.door.today());
        let event = OccasionKey::event(self.event);
        let (mut inside, mut admitted) = (0, 0);
        let people = self.people.iter().map(|id| id.to_bytes());
        let tickets = self.tickets.iter().map(|(id, _)| id.to_bytes());
        for subject in people.chain(tickets) {
            for key in [&day, &event] {
                let passages = store.read(|v| visits::list_passages(v, key, subject));
                let want = presence::fold(&passages.expect("read"));
                assert_eq!(self.stands(key, subject), want);
            }
            let at_event = self.stands(&event, subject);
            inside += u32::from(at_event.inside);
            admitted += u32::from(at_event.entries > 0);
        }
        let row = self.door.look(|v, c| event::find(v, c, self.event));
        let row = row.expect("the event");
        assert_eq!((row.inside, row.admitted), (inside, admitted));
        for (p, id) in self.people.into_iter().enumerate() {
            let own = store.read(|v| dossiers::list_passed(v, id.to_bytes()));
            assert_eq!(own.expect("read").len(), self.passed[p]);
            let held = store.read(|v| dossiers::list_held(v, id)).expect("read");
            let owned = self.owner.iter().filter(|owner| **owner == p).count();
            assert_eq!(held.len(), owned, "tickets go with their person");
            assert!(held.iter().all(|ticket| ticket.state == "valid"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn merging_loses_nothing_and_counts_stay_true(
        steps in proptest::collection::vec(step(), 1..25),
    ) {
        let mut world = World::new();
        for step in steps {
            match step {
                Step::Pass(p, day, direction) => world.pass(p, day, direction),
                Step::Show(p, direction) => world.show(p, direction),
                Step::Merge(from, into) => world.merge(from, into),
            }
            world.door.advance(Span::from_seconds(30));
            world.look();
        }
    }
}
