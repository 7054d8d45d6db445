//! Any sequence of offers, right and wrong codes from several addresses, revocations and time
//! going by: a code pairs exactly if the model says so, and so does each token go on.

use crate::domain::door::{Door, name};
use hadir::base::id::DeviceId;
use hadir::base::limits;
use hadir::base::time::{Span, Timestamp};
use hadir::domain::actor::{Actor, DeviceAccess};
use hadir::domain::device::{self, Answer, DeviceKind, NewDevice, Options};
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    Offer,
    /// A new code for the n-th device, counted from the first and round again.
    Again(usize),
    /// The code that the n-th device was given last, from an address.
    Type(usize, usize),
    Guess(usize),
    Revoke(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Offer),
        2 => (0usize..9).prop_map(Step::Again),
        6 => (0usize..9, 0usize..6).prop_map(|(d, a)| Step::Type(d, a)),
        9 => (0usize..6).prop_map(Step::Guess),
        1 => (0usize..9).prop_map(Step::Revoke),
        1 => (1i64..12 * 60_000).prop_map(Step::Wait),
    ]
}

struct Known {
    id: DeviceId,
    code: String,
    /// Until when the code pairs, and how often wrong ones were typed meanwhile.
    offer: Option<(Timestamp, u32)>,
    tokens: Vec<String>,
    revoked: bool,
}

struct World {
    door: Door,
    devices: Vec<Known>,
    /// Wrong tries of each address, and when the first of them was.
    tries: [Option<(u32, Timestamp)>; 6],
}

fn window() -> Span {
    Span::from_millis(limits::PAIRING_CODE_MS_MAX)
}

impl World {
    fn new() -> Self {
        Self {
            door: Door::new(),
            devices: Vec::new(),
            tries: [None; 6],
        }
    }

    fn now(&self) -> Timestamp {
        self.door.now().at
    }

    fn is_offered(&self, known: &Known) -> bool {
        known.offer.is_some_and(|(until, tries)| {
            self.now() < until && tries < limits::PAIRING_TRIES_MAX && !known.revoked
        })
    }

    fn is_locked_out(&self, address: usize) -> bool {
        self.tries[address].is_some_and(|(tries, since)| {
            tries >= limits::PAIRING_TRIES_PER_ADDRESS_MAX && self.now() < since.plus(window())
        })
    }

    fn offer(&mut self) {
        let new = NewDevice {
            name: name("Gerbang"),
            kind: DeviceKind::Kiosk,
            access: DeviceAccess::Scan,
            gate: None,
        };
        let (id, code) = self
            .door
            .act(move |tx, call| device::offer(tx, call, &new, &Options::default()))
            .expect("an offer");
        self.devices.push(Known {
            id,
            code: code.expose().clone(),
            offer: Some((self.now().plus(window()), 0)),
            tokens: Vec::new(),
            revoked: false,
        });
    }

    fn again(&mut self, i: usize) {
        let id = self.devices[i].id;
        let code = self
            .door
            .act(move |tx, call| device::offer_again(tx, call, id));
        assert_eq!(code.is_ok(), !self.devices[i].revoked);
        if let Ok(code) = code {
            self.devices[i].code = code.expose().clone();
            self.devices[i].offer = Some((self.now().plus(window()), 0));
        }
    }

    fn redeem(&self, code: String, address: usize) -> Option<String> {
        let from = format!("10.0.0.{address}");
        let answer = self.door.act_as(Actor::Stranger, move |tx, call| {
            device::redeem(tx, call, &code, &from)
        });
        match answer.expect("an answer") {
            Answer::Paired(_, token) => Some(token.expose().clone()),
            Answer::Refused(_) => None,
        }
    }

    fn count_wrong(&mut self, address: usize) {
        let now = self.now();
        let open: Vec<bool> = self.devices.iter().map(|d| self.is_offered(d)).collect();
        if !open.contains(&true) {
            return;
        }
        for (device, _) in self.devices.iter_mut().zip(open).filter(|(_, open)| *open) {
            if let Some((_, tries)) = &mut device.offer {
                *tries += 1;
            }
        }
        let fresh = self.tries[address].filter(|(_, since)| now < since.plus(window()));
        let (tries, since) = fresh.unwrap_or((0, now));
        self.tries[address] = Some((tries + 1, since));
    }

    fn type_code(&mut self, i: usize, address: usize) {
        let locked = self.is_locked_out(address);
        let right = self.is_offered(&self.devices[i]);
        let token = self.redeem(self.devices[i].code.clone(), address);
        assert_eq!(token.is_some(), right && !locked);
        match token {
            Some(token) => {
                // The new token is the one that goes on.
                self.devices[i].tokens = vec![token];
                self.devices[i].offer = None;
            }
            None if !locked => self.count_wrong(address),
            None => {}
        }
    }

    fn take(&mut self, step: Step) {
        self.door.advance(Span::from_seconds(1));
        let at = |i: usize| i.checked_rem(self.devices.len());
        match step {
            Step::Offer => self.offer(),
            Step::Again(i) => {
                if let Some(i) = at(i) {
                    self.again(i);
                }
            }
            Step::Type(i, address) => {
                if let Some(i) = at(i) {
                    self.type_code(i, address);
                }
            }
            Step::Guess(address) => {
                let locked = self.is_locked_out(address);
                assert_eq!(self.redeem("not a code".to_owned(), address), None);
                if !locked {
                    self.count_wrong(address);
                }
            }
            Step::Revoke(i) => {
                if let Some(i) = at(i) {
                    let id = self.devices[i].id;
                    let _ = self.door.act(move |tx, call| device::revoke(tx, call, id));
                    self.devices[i].revoked = true;
                    self.devices[i].tokens.clear();
                }
            }
            Step::Wait(ms) => self.door.advance(Span::from_millis(ms)),
        }
    }

    fn compare(&self, gone: &[String]) {
        let find = |token: &str| {
            self.door
                .look(|v, c| device::find_by_token(v, device::token_digest(c.site, token)))
                .expect("readable")
                .map(|d| d.id)
        };
        for known in &self.devices {
            for token in &known.tokens {
                assert_eq!(find(token), Some(known.id));
            }
        }
        for token in gone {
            assert_eq!(find(token), None);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_code_pairs_what_is_offered(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        let mut ever: Vec<String> = Vec::new();
        for step in steps {
            world.take(step);
            let held: Vec<String> = world.devices.iter().flat_map(|d| d.tokens.clone()).collect();
            let gone: Vec<String> = ever.iter().filter(|t| !held.contains(t)).cloned().collect();
            world.compare(&gone);
            ever.extend(held.into_iter().filter(|t| !ever.contains(t)).collect::<Vec<_>>());
        }
    }
}
