//! Any sequence of asking, answering, waiting and erasing: what waits is what the model says, in the
//! order in which it is due; nothing waits twice; and of the erased no word is left.

use crate::domain::door::Door;
use hadir::base::id::{ClaimId, PersonId};
use hadir::base::text::Remark;
use hadir::base::time::{Span, Timestamp};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person;
use hadir::domain::privacy::claim::{self, Claim, ClaimKind, ClaimState, Error};
use proptest::prelude::*;

const PEOPLE: usize = 3;
const HOURS_72: i64 = 72 * 3_600_000;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Who asks for what; by themselves or written down by an administrator.
    Ask(usize, usize, bool),
    /// Which of all that was ever asked for is closed: refused, with an answer.
    Close(usize, bool, bool),
    Erase(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    prop_oneof![
        6 => (who.clone(), 0..ClaimKind::ALL.len(), any::<bool>())
            .prop_map(|(p, kind, own)| Step::Ask(p, kind, own)),
        4 => (0..12usize, any::<bool>(), any::<bool>())
            .prop_map(|(n, refused, answer)| Step::Close(n, refused, answer)),
        1 => who.prop_map(Step::Erase),
        2 => (1..50_000_000i64).prop_map(Step::Wait),
    ]
}

/// What the model knows of something that was asked for.
#[derive(Debug, Clone)]
struct Known {
    id: ClaimId,
    person: usize,
    kind: ClaimKind,
    state: ClaimState,
    made_at: Timestamp,
    words: bool,
    answered: bool,
}

struct World {
    door: Door,
    people: [PersonId; PEOPLE],
    erased: [bool; PEOPLE],
    claims: Vec<Known>,
}

impl World {
    fn new() -> Self {
        let door = Door::new();
        let people = ["Budi", "Siti", "Made"].map(|name| door.person(name, None));
        Self {
            door,
            people,
            erased: [false; PEOPLE],
            claims: Vec::new(),
        }
    }

    fn ask(&mut self, p: usize, kind: ClaimKind, own: bool) {
        let person = self.people[p];
        let actor = match own {
            true => Actor::Person {
                id: person,
                role: Role::User,
                supervise: false,
            },
            false => Actor::Operator,
        };
        let note: Remark = format!("tolong {kind}").parse().expect("a remark");
        let made = self.door.act_as(actor, move |tx, call| {
            claim::make(tx, call, person, kind, Some(&note))
        });
        let waits = self.claims.iter().any(|known| {
            known.person == p && known.kind == kind && known.state == ClaimState::Open
        });
        match (self.erased[p], waits) {
            (true, _) => assert_eq!(made, Err(Error::NoPerson)),
            (false, true) => assert_eq!(made, Err(Error::Waits)),
            (false, false) => self.claims.push(Known {
                id: made.expect("asked for"),
                person: p,
                kind,
                state: ClaimState::Open,
                made_at: self.door.now().at,
                words: true,
                answered: false,
            }),
        }
    }

    fn close(&mut self, n: usize, refused: bool, answer: bool) {
        let Some(known) = self.claims.get_mut(n) else {
            return;
        };
        let id = known.id;
        let text = answer.then(|| "sudah dilihat".parse::<Remark>().expect("a remark"));
        let closed = self
            .door
            .act(move |tx, call| claim::close(tx, call, id, refused, text.as_ref()));
        if refused && !answer {
            assert_eq!(closed, Err(Error::NoReason));
        } else if known.state == ClaimState::Open {
            assert_eq!(closed, Ok(()));
            known.answered = answer;
            known.state = match refused {
                true => ClaimState::Refused,
                false => ClaimState::Done,
            };
        } else {
            assert_eq!(closed, Err(Error::NoClaim));
        }
    }

    fn erase(&mut self, p: usize) {
        let id = self.people[p];
        let done = self.door.act(move |tx, call| person::erase(tx, call, id));
        assert_eq!(done.is_ok(), !self.erased[p]);
        self.erased[p] = true;
        for known in self.claims.iter_mut().filter(|known| known.person == p) {
            (known.words, known.answered) = (false, false);
            if known.state == ClaimState::Open {
                known.state = ClaimState::Done;
            }
        }
    }

    fn same(&self, found: &Claim) {
        let known = self.claims.iter().find(|known| known.id == found.id);
        let known = known.expect("one that was asked for");
        assert_eq!(found.person, self.people[known.person]);
        assert_eq!((found.kind, found.state), (known.kind, known.state));
        assert_eq!(found.made_at, known.made_at);
        assert_eq!(found.due_at.since(found.made_at).as_millis(), HOURS_72);
        assert_eq!(found.closed_at.is_none(), known.state == ClaimState::Open);
        let note = known.words.then(|| format!("tolong {}", known.kind));
        assert_eq!(found.note, note);
        assert_eq!(found.answer.is_some(), known.answered);
    }

    fn look(&self) {
        let open = self
            .door
            .look(|view, call| claim::list_open(view, call, 100));
        let open = open.expect("what waits");
        assert!(open.windows(2).all(|two| two[0].due_at <= two[1].due_at));
        let waits = |known: &&Known| known.state == ClaimState::Open;
        assert_eq!(open.len(), self.claims.iter().filter(waits).count());
        open.iter().for_each(|found| self.same(found));
        for (p, id) in self.people.into_iter().enumerate() {
            let own = self.door.look(|view, call| claim::list(view, call, id));
            let own = own.expect("one's own");
            let all = self.claims.iter().filter(|known| known.person == p);
            assert_eq!(own.len(), all.count());
            own.iter().for_each(|found| self.same(found));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_waits_is_what_was_asked_for_and_not_answered(
        steps in proptest::collection::vec(step(), 1..25),
    ) {
        let mut world = World::new();
        for step in steps {
            match step {
                Step::Ask(p, kind, own) => world.ask(p, ClaimKind::ALL[kind], own),
                Step::Close(n, refused, answer) => world.close(n, refused, answer),
                Step::Erase(p) => world.erase(p),
                Step::Wait(ms) => world.door.advance(Span::from_millis(ms)),
            }
            world.look();
        }
    }
}
