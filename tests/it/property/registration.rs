//! Any sequence of registering, bringing over, disabling, erasing, demoting and changing
//! passwords on an old surface: a name is one person's for ever, nobody gets more than was given,
//! and a token says the truth exactly as long as the model says so.

use crate::domain::door::Door;
use hadir::base::id::PersonId;
use hadir::base::time::{Span, Timestamp};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::holder::{self, Holder};
use hadir::domain::identity::login::Login;
use hadir::domain::identity::person::{self, PersonState};
use hadir::domain::identity::registration::{self, Error, Newcomer, Policy};
use hadir::domain::identity::{account, bring, role};
use hadir::domain::surface::Surface;
use proptest::prelude::*;

const SURFACE: Surface = Surface::Identity;

/// Two that differ in case alone, one with a blank, one of another script.
const NAMES: [&str; 4] = ["panitia", "Panitia", "bu sri", "админ"];

/// bcrypt of "U*U", as the original keeps it.
const OLD: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

#[derive(Debug, Clone, Copy)]
enum Step {
    Register(usize, Role, bool),
    Bring(usize, usize),
    Disable(usize),
    Enable(usize),
    Erase(usize),
    Give(usize, Role),
    Password(usize),
    Upgrade(usize),
    Token(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..NAMES.len();
    let role = proptest::sample::select(Role::ALL);
    let asked = proptest::sample::select(vec![Role::User, Role::Committee, Role::Admin]);
    prop_oneof![
        8 => (who.clone(), asked, any::<bool>()).prop_map(|(n, r, o)| Step::Register(n, r, o)),
        2 => (who.clone(), who.clone()).prop_map(|(a, b)| Step::Bring(a, b)),
        2 => who.clone().prop_map(Step::Disable),
        2 => who.clone().prop_map(Step::Enable),
        1 => who.clone().prop_map(Step::Erase),
        2 => (who.clone(), role).prop_map(|(n, r)| Step::Give(n, r)),
        2 => who.clone().prop_map(Step::Password),
        2 => who.clone().prop_map(Step::Upgrade),
        5 => who.prop_map(Step::Token),
        3 => (1i64..5_000).prop_map(Step::Wait),
    ]
}

struct Known {
    id: PersonId,
    role: Role,
    hash: String,
    since: Timestamp,
    state: PersonState,
}

/// A token that was given while its person stood like this.
struct Given {
    name: usize,
    role: Role,
    at_s: i64,
}

struct World {
    door: Door,
    names: [Option<Known>; NAMES.len()],
    tokens: Vec<Given>,
    hashes: usize,
}

impl World {
    fn new() -> Self {
        Self {
            door: Door::new(),
            names: std::array::from_fn(|_| None),
            tokens: Vec::new(),
            hashes: 0,
        }
    }

    fn new_hash(&mut self) -> String {
        self.hashes += 1;
        format!("$argon2id$hash {}", self.hashes)
    }

    fn holder(&self, name: usize) -> Holder {
        let found = (self.door).look(|v, c| holder::find(v, c.site, SURFACE, NAMES[name]));
        found.expect("readable")
    }

    fn register(&mut self, name: usize, role: Role, open: bool) {
        let policy = Policy {
            open,
            roles: vec![Role::Committee, Role::Admin],
        };
        let hash = self.new_hash();
        let new = Newcomer {
            surface: SURFACE,
            login: Login::chosen(NAMES[name]).expect("a name"),
            role,
            hash: hash.clone(),
            known: None,
        };
        let made = (self.door).act_as(Actor::Stranger, move |tx, call| {
            registration::register(tx, call, &policy, &new)
        });
        let taken = self.names[name].is_some();
        match (open, role == Role::User, taken) {
            (false, _, _) => assert_eq!(made, Err(Error::Closed)),
            (true, true, _) => assert_eq!(made, Err(Error::Role)),
            (true, false, true) => assert_eq!(made, Err(Error::LoginTaken)),
            (true, false, false) => self.keep(name, role, hash, made.expect("made")),
        }
    }

    fn keep(&mut self, name: usize, role: Role, hash: String, id: PersonId) {
        let since = self.door.now().at;
        self.names[name] = Some(Known {
            id,
            role,
            hash,
            since,
            state: PersonState::Active,
        });
    }

    fn bring(&mut self, one: usize, other: usize) {
        let row = |n: usize| format!(r#"{{"username":"{}","hash":"{OLD}"}}"#, NAMES[n]);
        let rows: Vec<String> = match one == other {
            true => vec![row(one)],
            false => vec![row(one), row(other)],
        };
        let list = bring::read_tixgo(&format!("[{}]", rows.join(","))).expect("a list");
        let done = (self.door).act(move |tx, call| bring::bring(tx, call, SURFACE, &list));
        let outcome = done.expect("brought");
        assert_eq!(outcome.added + outcome.kept, rows.len());
        for name in [one, other] {
            if self.names[name].is_none() {
                let found = (self.door)
                    .look(|v, c| account::find_candidate(v, c.site, SURFACE, NAMES[name]));
                let id = found.expect("readable").expect("brought").person;
                self.keep(name, Role::Committee, OLD.to_owned(), id);
            }
        }
    }

    fn set_state(&mut self, name: usize, state: PersonState) {
        let Some(known) = &mut self.names[name] else {
            return;
        };
        let id = known.id;
        let done = (self.door).act(move |tx, call| match state {
            PersonState::Active => person::set_enabled(tx, call, id, true),
            PersonState::Disabled => person::set_enabled(tx, call, id, false),
            PersonState::Erased => person::erase(tx, call, id),
        });
        assert_eq!(done.is_ok(), known.state != PersonState::Erased);
        if done.is_ok() {
            known.state = state;
        }
    }

    fn give(&mut self, name: usize, held: Role) {
        let Some(known) = &mut self.names[name] else {
            return;
        };
        let id = known.id;
        let done = (self.door).act(move |tx, c| role::give(tx, c, id, SURFACE, held, None));
        assert_eq!(done.is_ok(), known.state != PersonState::Erased);
        if done.is_ok() {
            known.role = held;
        }
    }

    /// Another password, or today's hash of the same one.
    fn rehash(&mut self, name: usize, other: bool) {
        let (hash, now) = (self.new_hash(), self.door.now().at);
        let Some(known) = &mut self.names[name] else {
            return;
        };
        let (id, kept) = (known.id, hash.clone());
        let login = Login::chosen(NAMES[name]).expect("a name");
        let done = (self.door).act(move |tx, call| match other {
            true => account::set_login(tx, call, SURFACE, id, login.clone(), &kept),
            false => account::upgrade_hash(tx, call, SURFACE, id, &kept),
        });
        assert_eq!(done.is_ok(), known.state != PersonState::Erased);
        if done.is_ok() {
            known.hash = hash;
            if other {
                known.since = now;
            }
        }
    }

    fn token(&mut self, name: usize) {
        let Some(known) = &self.names[name] else {
            return;
        };
        if known.state == PersonState::Active {
            self.tokens.push(Given {
                name,
                role: known.role,
                at_s: self.door.now().at.as_millis().div_euclid(1000),
            });
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Register(name, role, open) => self.register(name, role, open),
            Step::Bring(one, other) => self.bring(one, other),
            Step::Disable(name) => self.set_state(name, PersonState::Disabled),
            Step::Enable(name) => self.set_state(name, PersonState::Active),
            Step::Erase(name) => self.set_state(name, PersonState::Erased),
            Step::Give(name, role) => self.give(name, role),
            Step::Password(name) => self.rehash(name, true),
            Step::Upgrade(name) => self.rehash(name, false),
            Step::Token(name) => self.token(name),
            Step::Wait(ms) => self.door.advance(Span::from_millis(ms)),
        }
    }

    /// The store says of each name and each token what the model says.
    fn check(&self) {
        for (name, known) in self.names.iter().enumerate() {
            let found = (self.door)
                .look(|v, c| account::find_candidate(v, c.site, SURFACE, NAMES[name]))
                .expect("readable");
            let Some(known) = known else {
                assert_eq!(self.holder(name), Holder::Nobody);
                assert!(found.is_none());
                continue;
            };
            self.check_holder(name, known);
            let erased = known.state == PersonState::Erased;
            assert_eq!(found.is_none(), erased, "{}", NAMES[name]);
            if let Some(found) = found {
                assert_eq!(found.person, known.id, "one person's for ever");
                assert_eq!(found.hash.expose(), &known.hash);
                assert_eq!((found.state, found.changed_at), (known.state, known.since));
            }
            self.check_elsewhere(known);
        }
        for given in &self.tokens {
            let known = self.names[given.name]
                .as_ref()
                .expect("it was given to somebody");
            let after = given.at_s >= known.since.as_millis().div_euclid(1000);
            let want = known.state == PersonState::Active && after && given.role <= known.role;
            let holder = self.holder(given.name);
            let stands = holder.stands_for(Some(given.role), Some(given.at_s));
            assert_eq!(stands, want, "{}", NAMES[given.name]);
        }
    }

    fn check_holder(&self, name: usize, known: &Known) {
        match self.holder(name) {
            Holder::Known { actor, role, since } => {
                assert_eq!(known.state, PersonState::Active);
                assert_eq!((role, since), (known.role, known.since));
                assert_eq!(actor.person(), Some(known.id));
            }
            Holder::Gone => assert_ne!(known.state, PersonState::Active),
            Holder::Nobody => panic!("{} is somebody's", NAMES[name]),
        }
    }

    /// Nothing of a role goes along to another surface, our own above all.
    fn check_elsewhere(&self, known: &Known) {
        for surface in Surface::ALL.iter().filter(|s| **s != SURFACE) {
            let id = known.id;
            let actor = (self.door).look(|v, _| role::actor_on(v, id, *surface, false));
            if let Some(Actor::Person { role, .. }) = actor.expect("readable") {
                assert_eq!(role, Role::User, "{surface}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_name_is_one_person_s_and_a_token_says_the_truth(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
            world.check();
        }
    }
}
