//! Any sequence of signing in, using, ending, disabling, erasing, changing roles and passwords,
//! and of time going by: a token opens exactly if the model says so, with the role of now.

use crate::domain::door::{Door, name};
use hadir::base::id::{PersonId, SessionId};
use hadir::base::limits;
use hadir::base::time::{Span, Timestamp};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::{account, role, session};
use hadir::domain::surface::Surface;
use proptest::prelude::*;

const PEOPLE: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Step {
    SignIn(usize),
    /// Uses the n-th session, counted from the first and round again.
    Use(usize),
    End(usize),
    EndAll(usize),
    Disable(usize),
    Enable(usize),
    Erase(usize),
    Role(usize, Role),
    Password(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    let role = proptest::sample::select(Role::ALL);
    prop_oneof![
        8 => who.clone().prop_map(Step::SignIn),
        6 => (0usize..40).prop_map(Step::Use),
        3 => (0usize..40).prop_map(Step::End),
        1 => who.clone().prop_map(Step::EndAll),
        1 => who.clone().prop_map(Step::Disable),
        2 => who.clone().prop_map(Step::Enable),
        1 => who.clone().prop_map(Step::Erase),
        2 => (who.clone(), role).prop_map(|(p, r)| Step::Role(p, r)),
        1 => who.prop_map(Step::Password),
        3 => (1i64..30 * 3_600_000).prop_map(Step::Wait),
    ]
}

struct Known {
    id: PersonId,
    role: Role,
    disabled: bool,
    erased: bool,
}

struct Held {
    owner: usize,
    id: SessionId,
    token: String,
    opened: Timestamp,
    seen: Timestamp,
    ended: bool,
}

struct World {
    door: Door,
    people: Vec<Known>,
    held: Vec<Held>,
}

impl World {
    fn new() -> Self {
        let door = Door::new();
        let people = (0..PEOPLE).map(|i| add(&door, i)).collect();
        Self {
            door,
            people,
            held: Vec::new(),
        }
    }

    fn now(&self) -> Timestamp {
        self.door.now().at
    }

    fn is_open(&self, held: &Held) -> bool {
        let owner = &self.people[held.owner];
        !held.ended
            && !owner.disabled
            && !owner.erased
            && self.now().since(held.opened).as_millis() < limits::SESSION_MS_MAX
            && self.now().since(held.seen).as_millis() < limits::SESSION_IDLE_MS_MAX
    }

    fn sign_in(&mut self, owner: usize) {
        let known = &self.people[owner];
        let (id, may) = (known.id, !known.disabled && !known.erased);
        let opened = self.door.act_as(Actor::Stranger, move |tx, call| {
            session::open(tx, call, id, Surface::Native, "10.0.0.1", "Peramban")
        });
        assert_eq!(opened.is_ok(), may);
        let Ok(opened) = opened else { return };
        let now = self.now();
        self.held.push(Held {
            owner,
            id: opened.id,
            token: opened.token.expose().clone(),
            opened: now,
            seen: now,
            ended: false,
        });
    }

    fn end_where(&mut self, owner: usize) {
        let own = self.held.iter_mut().filter(|h| h.owner == owner);
        own.for_each(|h| h.ended = true);
    }

    fn touch(&mut self, at: usize) {
        let Some(i) = at.checked_rem(self.held.len()) else {
            return;
        };
        if self.is_open(&self.held[i]) {
            let id = self.held[i].id;
            self.door
                .act(move |tx, call| session::note_seen(tx, call, id))
                .expect("noted");
            self.held[i].seen = self.now();
        }
    }

    fn end(&mut self, at: usize) {
        let Some(i) = at.checked_rem(self.held.len()) else {
            return;
        };
        let id = self.held[i].id;
        // Out of date it may be there still, or have made room for another.
        let done = self.door.act(move |tx, call| session::end(tx, call, id));
        if self.is_open(&self.held[i]) {
            assert_eq!(done, Ok(()));
        }
        self.held[i].ended = true;
    }

    fn set_enabled(&mut self, p: usize, enabled: bool) {
        let id = self.people[p].id;
        let done = self
            .door
            .act(move |tx, call| person::set_enabled(tx, call, id, enabled));
        assert_eq!(done.is_ok(), !self.people[p].erased);
        if done.is_ok() {
            self.people[p].disabled = !enabled;
            if !enabled {
                self.end_where(p);
            }
        }
    }

    fn take(&mut self, step: Step) {
        self.door.advance(Span::from_seconds(1));
        match step {
            Step::SignIn(p) => self.sign_in(p),
            Step::Use(i) => self.touch(i),
            Step::End(i) => self.end(i),
            Step::EndAll(p) => {
                let id = self.people[p].id;
                self.door
                    .act(move |tx, call| session::end_all(tx, call, id))
                    .expect("ended");
                self.end_where(p);
            }
            Step::Disable(p) => self.set_enabled(p, false),
            Step::Enable(p) => self.set_enabled(p, true),
            Step::Erase(p) => {
                let id = self.people[p].id;
                let _ = self.door.act(move |tx, call| person::erase(tx, call, id));
                self.people[p].erased = true;
                self.end_where(p);
            }
            Step::Role(p, role) => {
                let id = self.people[p].id;
                let given = self
                    .door
                    .act(move |tx, call| role::give(tx, call, id, Surface::Native, role, None));
                assert_eq!(given.is_ok(), !self.people[p].erased);
                self.people[p].role = role;
            }
            Step::Password(p) => self.change_password(p),
            Step::Wait(ms) => self.door.advance(Span::from_millis(ms)),
        }
    }

    fn change_password(&mut self, p: usize) {
        let id = self.people[p].id;
        let login = format!("orang{p}")
            .parse::<hadir::base::text::LoginName>()
            .expect("a login name");
        let set = self
            .door
            .act(move |tx, call| account::set_login(tx, call, Surface::Native, id, &login, "hash"));
        assert_eq!(set.is_ok(), !self.people[p].erased);
        self.end_where(p);
    }

    fn compare(&self) {
        for held in &self.held {
            let found = self
                .door
                .look(|v, c| session::find(v, c.site, Surface::Native, &held.token, c.now.at))
                .expect("readable");
            let want = self.is_open(held).then(|| &self.people[held.owner]);
            let found = found.map(|s| (s.id, s.person, s.role));
            assert_eq!(found, want.map(|w| (held.id, w.id, w.role)));
        }
    }
}

fn add(door: &Door, i: usize) -> Known {
    let profile = Profile {
        name: name(&format!("Orang {i}")),
        number: None,
        email: None,
        class: None,
        role: Role::User,
    };
    let id = door
        .act(move |tx, call| person::add(tx, call, &profile))
        .expect("a person");
    Known {
        id,
        role: Role::User,
        disabled: false,
        erased: false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Fewer sessions than make the oldest end.
    #[test]
    fn a_token_opens_what_is_open(steps in proptest::collection::vec(step(), 1..40)) {
        let mut world = World::new();
        let mut signed_in = 0;
        for step in steps {
            signed_in += u32::from(matches!(step, Step::SignIn(_)));
            if signed_in > limits::SESSIONS_PER_PERSON_MAX {
                break;
            }
            world.take(step);
            world.compare();
        }
    }
}
