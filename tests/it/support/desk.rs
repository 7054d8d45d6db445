//! A box in this process: a real store in a scratch directory, keys from a seed, a clock that
//! the test advances, and an engine that sees what the test says a picture shows.

use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, DeviceId, EventId, Id, PersonId};
use hadir::base::text::TicketCode;
use hadir::base::time::{Boot, Clock, ClockState, Look, Span, Stamp, Stretch, Timestamp, Zone};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::consent::{self, Consent, ConsentMeans, ConsentPurpose, Giver};
use hadir::domain::custody;
use hadir::domain::device::{self, DeviceKind, NewDevice};
use hadir::domain::identity::enrol::{self, Picture as Enrolled};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::rule::{Attended, LivenessPolicy, Rules};
use hadir::domain::site::Site;
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::host::credential::Place;
use hadir::store::{Options, Store};
use hadir::surface::core::{Core, Parts};
use hadir::surface::door::{Aim, Door, Post};
use hadir::vision::detect::Face;
use hadir::vision::embed::Embedding;
use hadir::vision::gallery::ModelHash;
use hadir::vision::quality::Quality;
use hadir::vision::worker::{
    Analyse, Analysis, Engine, EngineError, EngineState, FaceSeen, Off, Picture, Want,
};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// The embedder that the engine of these tests pretends to have.
pub const MODEL: ModelHash = ModelHash([7; 32]);

/// 2026-11-21, 09:00 in Jakarta.
const NINE: i64 = 1_795_226_400_000;

/// A clock that only the test moves: 2026-11-21, 09:00 in Jakarta. It may be wrong, as that of a
/// box without a battery.
pub struct TestClock {
    truth: AtomicI64,
    wrong: Mutex<Option<Stretch>>,
}

impl TestClock {
    fn new() -> Self {
        Self {
            truth: AtomicI64::new(NINE),
            wrong: Mutex::new(None),
        }
    }

    /// Lets this many milliseconds pass.
    pub fn advance(&self, ms: i64) {
        self.truth.fetch_add(ms, Ordering::Relaxed);
    }

    /// The true time.
    pub fn truth(&self) -> Timestamp {
        Timestamp::from_millis(self.truth.load(Ordering::Relaxed))
    }

    /// Time since the box was started, which was a minute before the test.
    fn up(&self) -> Span {
        Span::from_millis(self.truth().as_millis() - NINE + 60_000)
    }

    /// Puts the clock back by this much: nobody believes it any more.
    pub fn lose(&self, ms: i64) {
        self.lose_in([1; 16], ms);
    }

    /// The same in another start of the box.
    pub fn lose_in(&self, boot: Boot, ms: i64) {
        *self.wrong.lock().expect("clock") = Some(Stretch {
            from: self.truth().plus(Span::from_millis(-ms)),
            boot,
            up: self.up(),
            slow: false,
        });
    }

    /// Tells the clock the time.
    pub fn find(&self) {
        *self.wrong.lock().expect("clock") = None;
    }
}

impl Clock for TestClock {
    fn stamp(&self) -> Stamp {
        match *self.wrong.lock().expect("clock") {
            None => Stamp {
                at: self.truth(),
                clock: ClockState::Synced,
            },
            Some(stretch) => Stamp {
                at: stretch.at(self.up()),
                clock: ClockState::Unsynced,
            },
        }
    }

    fn look(&self) -> Option<Look> {
        let stamp = self.stamp();
        let right = Stretch {
            from: stamp.at,
            boot: [1; 16],
            up: self.up(),
            slow: false,
        };
        Some(Look {
            stamp,
            up: self.up(),
            stretch: (self.wrong.lock().expect("clock")).unwrap_or(right),
            kept: false,
            next: None,
        })
    }

    fn follow(&self, stretch: Stretch) {
        *self.wrong.lock().expect("clock") = Some(stretch);
    }
}

/// What a picture shows, by its number in the picture's bytes.
#[derive(Default)]
struct Shown(Mutex<Vec<Result<Analysis, EngineError>>>);

impl Analyse for Shown {
    fn analyse(&self, picture: &Picture, _: Want) -> Result<Analysis, EngineError> {
        let Picture::Bytes(bytes) = picture else {
            panic!("bytes are handed in")
        };
        let number: [u8; 8] = bytes.as_slice().try_into().expect("a number");
        let all = self.0.lock().expect("lock");
        all[usize::try_from(u64::from_le_bytes(number)).expect("small")].clone()
    }
}

/// The box.
pub struct Desk {
    /// What surfaces share.
    pub core: Arc<Core>,
    /// Its clock.
    pub clock: Arc<TestClock>,
    shown: Arc<Shown>,
    _scratch: Scratch,
}

/// A direction of which `along` are the first cosines.
pub fn direction(along: &[f32]) -> Embedding {
    let mut numbers = [0.0_f32; 128];
    numbers[..along.len()].copy_from_slice(along);
    numbers[127] = (1.0 - along.iter().map(|a| a * a).sum::<f32>())
        .max(0.0)
        .sqrt();
    Embedding::from_slice(&numbers).expect("a unit vector")
}

/// A face at `left`, `width` pixels wide, of which the embedder says `embedding`.
pub fn face(left: f32, width: f32, embedding: Option<Embedding>) -> FaceSeen {
    FaceSeen {
        face: Face {
            bbox: [left, 100.0, width, width],
            landmarks: [[left, 100.0]; 5],
            score: 0.95,
        },
        quality: Quality {
            score: 0.9,
            issues: Vec::new(),
        },
        yaw: 0.0,
        roll_deg: 0.0,
        openings: None,
        embedding,
    }
}

impl Desk {
    /// A box whose faces are on, with liveness as a demo has it.
    pub fn new() -> Self {
        Self::with(LivenessPolicy::Advisory, EngineState::On)
    }

    /// A box whose models are missing.
    pub fn faces_off() -> Self {
        Self::with(LivenessPolicy::Advisory, EngineState::Off(Off::Panics))
    }

    /// A box with this policy and engine.
    pub fn with(liveness: LivenessPolicy, state: EngineState) -> Self {
        Self::ruled(state, |rules| rules.liveness.unattended = liveness)
    }

    /// A box with this engine and rules of its own.
    pub fn ruled(state: EngineState, change: impl FnOnce(&mut Rules)) -> Self {
        let scratch = Scratch::new();
        let mut chance = Seeded::new(&Seed::from_number(1));
        let store = Store::open(&Options::new(
            scratch.path("store"),
            BoxId::from_bytes([1; 16]),
        ))
        .expect("a store");
        let master = Place::File(scratch.path("master.key"));
        let clock = Arc::new(TestClock::new());
        let keyring = custody::unlock(&store, &master, true, clock.stamp(), &mut chance);
        let mut rules = Rules::default();
        rules.liveness.unattended = LivenessPolicy::Advisory;
        change(&mut rules);
        let site = Site {
            keyring: Arc::new(keyring.expect("keys")),
            zone: Zone::parse("Asia/Jakarta").expect("a zone"),
            box_id: store.box_id(),
            rules,
        };
        let shown = Arc::new(Shown::default());
        let model = (state == EngineState::On).then_some(MODEL);
        let analyser: Arc<dyn Analyse> = Arc::<Shown>::clone(&shown);
        let engine = Engine::start_with(analyser, state, 1).expect("a thread");
        let core = Core::new(Parts {
            store,
            site,
            engine,
            model,
            clock: Arc::<TestClock>::clone(&clock),
            master,
            seed: Seed::from_number(2),
        });
        Self {
            core: Arc::new(core),
            clock,
            shown,
            _scratch: scratch,
        }
    }

    /// Adds a person without a face.
    pub fn person(&self, name: &str) -> PersonId {
        let profile = Profile {
            name: name.parse().expect("a name"),
            number: None,
            email: None,
            class: None,
            role: Role::User,
        };
        self.core
            .write(Actor::Operator, "test", move |tx, call| {
                person::add(tx, call, &profile)
            })
            .expect("a person")
    }

    /// Adds a person whose template is this direction, under a consent.
    pub fn enrolled(&self, name: &str, template: &Embedding) -> PersonId {
        let person = self.person(name);
        self.enrol(person, template);
        person
    }

    /// Gives a person this direction as their template, under a consent.
    pub fn enrol(&self, person: PersonId, template: &Embedding) {
        let consent = Consent {
            person,
            purpose: ConsentPurpose::Face,
            giver: Giver::Person,
            means: ConsentMeans::Paper,
            text_version: "v1".parse().expect("a version"),
        };
        let picture = Enrolled {
            faces: 1,
            quality: 0.9,
            issues: Vec::new(),
            embedding: Some(template.clone()),
        };
        let everybody = self.core.read(Actor::Operator, "test", |view, call| {
            enrol::load_everybody(view, call.site, MODEL)
        });
        let everybody = everybody.expect("a gallery");
        let pictures = vec![picture; 3];
        let candidate = enrol::examine(person, &pictures, &everybody, MODEL).expect("a candidate");
        self.core
            .write(Actor::Operator, "test", move |tx, call| {
                consent::record(tx, call, &consent).expect("a consent");
                enrol::enrol(tx, call, &candidate, None)
            })
            .expect("an enrolment");
    }

    /// Makes an open event.
    pub fn event(&self) -> EventId {
        let new = NewEvent::open("Wisuda".parse().expect("a name"));
        self.core
            .write(Actor::Operator, "test", move |tx, call| {
                event::create(tx, call, &new)
            })
            .expect("an event")
    }

    /// Issues a ticket for whoever shows it.
    pub fn ticket(&self, event: EventId) -> TicketCode {
        let new = NewTicket::plain(event, None);
        self.core
            .write(Actor::Operator, "test", move |tx, call| {
                ticket::issue(tx, call, &new)
            })
            .expect("a ticket")
            .code
    }

    /// A camera that nobody stands beside, as a device.
    pub fn device(&self) -> DeviceId {
        let new = NewDevice {
            name: "Gate".parse().expect("a name"),
            kind: DeviceKind::Camera,
            access: DeviceAccess::Scan,
            gate: None,
        };
        self.core
            .write(Actor::Operator, "test", move |tx, call| {
                device::add(tx, call, &new)
            })
            .expect("a device")
    }

    /// A door with such a camera.
    pub fn door(&self, aim: Aim) -> Door {
        let device = self.device();
        let post = Post {
            occasion: aim,
            direction: hadir::domain::checkin::reason::Direction::Entry,
            attended: Attended::Unattended,
            actor: Actor::Device {
                id: device,
                access: DeviceAccess::Scan,
            },
            device: Some(device),
        };
        Door::new(Arc::clone(&self.core), post)
    }

    /// A picture that shows this.
    pub fn picture(&self, shows: Result<Analysis, EngineError>) -> Vec<u8> {
        let mut all = self.shown.0.lock().expect("lock");
        all.push(shows);
        (all.len() as u64 - 1).to_le_bytes().to_vec()
    }

    /// A picture of these faces, largest first.
    pub fn faces(&self, faces: Vec<FaceSeen>) -> Vec<u8> {
        self.picture(Ok(Analysis {
            faces,
            ..Analysis::default()
        }))
    }

    /// A picture of this code.
    pub fn code(&self, code: &str) -> Vec<u8> {
        self.picture(Ok(Analysis {
            codes: vec![code.to_owned()],
            ..Analysis::default()
        }))
    }

    /// A picture of nobody.
    pub fn nobody(&self) -> Vec<u8> {
        self.faces(Vec::new())
    }

    /// The time between two pictures passes.
    pub fn tick(&self) {
        self.clock.advance(Span::from_millis(100).as_millis());
    }
}
