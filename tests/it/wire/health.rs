//! `/health` and `/ready` of a whole box, as it starts, serves, fills its disk and stops.

use super::server::{Answer, Server};
use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, Id, NoticeId};
use hadir::base::time::{Clock, ClockState, Stamp, Timestamp, Zone};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::rule::Rules;
use hadir::domain::site::Site;
use hadir::host::credential::Place;
use hadir::http::server::Limits;
use hadir::store::{Error, Options, Store, outbox};
use hadir::surface::core::{Core, Parts};
use hadir::surface::native::Native;
use hadir::vision::model::ModelError;
use hadir::vision::worker::Engine;
use std::sync::Arc;

struct Fixed(ClockState);

impl Clock for Fixed {
    fn stamp(&self) -> Stamp {
        Stamp {
            at: Timestamp::from_millis(1_795_218_720_000),
            clock: self.0,
        }
    }
}

/// A box without models, and the server before it.
struct House {
    scratch: Scratch,
    server: Server<Native>,
}

impl House {
    fn new(clock: ClockState, pages_max: Option<u32>) -> Self {
        let scratch = Scratch::new();
        let mut options = Options::new(scratch.path("rahasia"), BoxId::from_bytes([9; 16]));
        options.pages_max = pages_max;
        let store = Store::open(&options).expect("store");
        let seed = Seed::from_number(1);
        let mut chance = Seeded::new(&seed);
        let master = MasterKey::generate(&mut chance);
        let (keyring, _) = Keyring::create(&master, &mut chance).expect("keys");
        let site = Site {
            keyring: keyring.into(),
            zone: Zone::utc(),
            box_id: store.box_id(),
            rules: Rules::default(),
        };
        let missing = ModelError::Missing {
            file: "detector.onnx",
            looked: vec![scratch.path("rahasia")],
        };
        let core = Core::new(Parts {
            store,
            site,
            engine: Engine::start(Err(missing), 1).expect("engine"),
            model: None,
            clock: Arc::new(Fixed(clock)),
            master: Place::File(scratch.path("rahasia.key")),
            seed,
        });
        let server = Server::start(
            Native::routes(),
            Arc::new(Native::new(Arc::new(core))),
            Limits::default(),
        );
        Self { scratch, server }
    }

    fn get(&self, path: &str) -> Answer {
        let answers = self.server.talk(format!("GET {path} HTTP/1.0\r\n\r\n"));
        assert_eq!(answers.len(), 1, "{answers:?}");
        let body = &answers[0].body;
        let inside = self.scratch.dir().display().to_string();
        assert!(
            !body.contains(&inside) && !body.contains("rahasia"),
            "{body}"
        );
        answers.into_iter().next().expect("an answer")
    }

    fn fill(&self) {
        let store = &self.server.state.core.store;
        for number in 0u128.. {
            let row = outbox::Row {
                id: NoticeId::from_bytes(number.to_be_bytes()),
                kind: "test".to_owned(),
                payload: vec![7; 20_000],
                made_at: Timestamp::from_millis(1),
                due_at: Timestamp::from_millis(1),
                attempts: 0,
            };
            match store.write(move |tx| outbox::insert(tx, &row)) {
                Ok(()) => assert!(number < 1000, "the disk never gets full"),
                Err(error) => {
                    assert_eq!(error, Error::Full);
                    return;
                }
            }
        }
    }
}

#[test]
fn ready_follows_the_box() {
    let house = House::new(ClockState::Synced, None);
    for (ready, status) in [(false, 503), (true, 200), (false, 503)] {
        house.server.state.core.set_ready(ready);
        let answer = house.get("/ready");
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("retry-after").is_some(), !ready);
        let code = if ready { None } else { Some("stopping") };
        assert_eq!(answer.json()["error"]["code"].as_str(), code);
        assert_eq!(house.get("/health").json()["ready"].as_bool(), Some(ready));
    }
}

#[test]
fn a_box_without_models_is_degraded_and_alive() {
    let house = House::new(ClockState::Synced, None);
    let answer = house.get("/health");
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(body["status"], "degraded");
    assert_eq!(body["store"], "good");
    assert_eq!(body["faces"], "off_model");
    assert_eq!(body["clock"], "synced");
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(body["cameras"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_clock_that_nobody_has_set_is_told() {
    let house = House::new(ClockState::Unsynced, None);
    assert_eq!(house.get("/health").json()["clock"], "unsynced");
}

#[test]
fn a_full_disk_is_a_failing_box_that_still_answers() {
    let house = House::new(ClockState::Synced, Some(300));
    house.server.state.core.set_ready(true);
    assert_eq!(house.get("/health").status, 200);
    house.fill();
    let answer = house.get("/health");
    assert_eq!(answer.status, 503);
    let body = answer.json();
    assert_eq!(
        (body["status"].as_str(), body["store"].as_str()),
        (Some("failing"), Some("full"))
    );
    assert_eq!(house.get("/ready").status, 200, "it serves: reads go on");
}

#[test]
fn every_id_of_the_box_is_a_new_one() {
    let house = House::new(ClockState::Synced, None);
    let core = &house.server.state.core;
    let ids: Vec<NoticeId> = (0..100).map(|_| core.new_id()).collect();
    let mut told_apart = ids.clone();
    told_apart.sort_unstable();
    told_apart.dedup();
    assert_eq!(told_apart.len(), ids.len());
}

#[test]
fn both_are_for_reading_only() {
    let house = House::new(ClockState::Synced, None);
    for path in ["/health", "/ready"] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
            let answers = house
                .server
                .talk(format!("{method} {path} HTTP/1.0\r\n\r\n"));
            assert_eq!(
                (answers[0].status, answers[0].header("allow")),
                (405, Some("GET, HEAD"))
            );
        }
        let answers = house.server.talk(format!("GET {path}/ HTTP/1.0\r\n\r\n"));
        assert_eq!(answers[0].status, 404);
    }
}
