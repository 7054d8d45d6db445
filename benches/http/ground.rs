//! A box that serves: a real store on the disk, the routes of the program, people, tickets and
//! paired devices. It tells what there is, a line for each, and serves until its input ends.

use hadir::base::id::{BoxId, DeviceId, EventId, Id, PersonId, RequestId};
use hadir::base::secret::Secret;
use hadir::base::text::TicketCode;
use hadir::base::time::{Clock, ClockState, Stamp, Timestamp, Zone};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::password::Passwords;
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::consent::{self, Consent, ConsentMeans, ConsentPurpose, Giver};
use hadir::domain::device::{self, Answer, DeviceKind, NewDevice};
use hadir::domain::identity::enrol::{self, Picture as Enrolled};
use hadir::domain::identity::gallery::load_everybody;
use hadir::domain::identity::login::Login;
use hadir::domain::identity::registration::Policy;
use hadir::domain::identity::{account, person};
use hadir::domain::rule::{LivenessPolicy, Rules};
use hadir::domain::site::Site;
use hadir::domain::surface::Surface;
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::host::credential::Place;
use hadir::http::rate;
use hadir::http::route::Router;
use hadir::http::server::{Service, serve as listen};
use hadir::store::{Options, Store};
use hadir::surface::core::{Core, Parts};
use hadir::surface::native::Native;
use hadir::surface::tixgo::{Setting, State};
use hadir::vision::model::{ModelError, Models};
use hadir::vision::worker::{Engine, SourceId, Want};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Threads of the daemon's runtime and of its inference, as on a box of two cores.
const THREADS: usize = 2;

/// The time is the system's, as the box takes it.
struct Now;

impl Clock for Now {
    fn stamp(&self) -> Stamp {
        let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
        Stamp {
            at: Timestamp::from_millis(since.as_millis() as i64),
            clock: ClockState::Synced,
        }
    }
}

/// The networks of the repository.
pub fn models() -> Models {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    Models::load(&[dir]).expect("the models of the repository")
}

/// The picture of one face, 640 x 480.
pub fn picture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/single_640x480.jpg")
}

/// An empty box with an administrator, or it would ask to be set up first.
pub fn open(dir: &Path, models: Result<Models, ModelError>) -> Arc<Core> {
    let mut source = Seeded::new(&Seed::from_system().expect("seed"));
    let store = Store::open(&Options::new(dir.join("store"), BoxId::from_bytes([1; 16])));
    let store = store.expect("store");
    let master = MasterKey::generate(&mut source);
    let (keyring, _) = Keyring::create(&master, &mut source).expect("keys");
    let mut rules = Rules::default();
    rules.liveness.unattended = LivenessPolicy::Advisory;
    let site = Site {
        keyring: keyring.into(),
        zone: Zone::parse("Asia/Jakarta").expect("zone"),
        box_id: store.box_id(),
        rules,
    };
    let model = models.as_ref().ok().map(Models::embedder_hash);
    let core = Arc::new(Core::new(Parts {
        store,
        site,
        engine: Engine::start(models, THREADS).expect("engine"),
        model,
        clock: Arc::new(Now),
        master: Place::File(dir.join("key")),
        seed: Seed::draw(&mut source),
    }));
    let admin = core.write(Actor::Operator, "bench", |tx, call| {
        let id = person::add(tx, call, &profile("Bench", Role::Admin)).expect("person");
        let login = "bench"
            .parse::<hadir::base::text::LoginName>()
            .expect("login");
        account::set_login(tx, call, Surface::Native, id, &login, "$argon2id$none")
    });
    admin.expect("administrator");
    core
}

/// A box whose faces are off.
pub fn faceless(dir: &Path) -> Arc<Core> {
    let missing = ModelError::Missing {
        file: "detector.onnx",
        looked: Vec::new(),
    };
    open(dir, Err(missing))
}

fn profile(name: &str, role: Role) -> person::Profile {
    person::Profile {
        name: name.parse().expect("name"),
        number: None,
        email: None,
        class: None,
        role,
    }
}

/// An event, and so many people with a ticket each.
pub fn tickets(core: &Core, count: usize) -> (EventId, Vec<TicketCode>) {
    let event = core.write(Actor::Operator, "bench", |tx, call| {
        event::create(tx, call, &NewEvent::open("Wisuda".parse().expect("name")))
    });
    let event = event.expect("event");
    let mut codes = Vec::new();
    while codes.len() < count {
        let from = codes.len();
        let more = core.write(Actor::Operator, "bench", move |tx, call| {
            let mut made = Vec::new();
            for i in from..(from + 400).min(count) {
                let profile = profile(&format!("Orang {i}"), Role::User);
                let person = person::add(tx, call, &profile).expect("person");
                let new = NewTicket::plain(event, Some(person));
                made.push(ticket::issue(tx, call, &new)?.code);
            }
            Ok::<_, hadir::domain::ticketing::error::Error>(made)
        });
        codes.extend(more.expect("tickets"));
    }
    (event, codes)
}

/// A paired device and its token.
pub fn device(core: &Core, kind: DeviceKind, options: device::Options) -> (DeviceId, String) {
    let paired = core.write(Actor::Operator, "bench", move |tx, call| {
        let new = NewDevice {
            name: "Pintu".parse().expect("name"),
            kind,
            access: match kind {
                DeviceKind::Desk => DeviceAccess::Desk,
                DeviceKind::Kiosk | DeviceKind::Camera => DeviceAccess::Scan,
            },
            gate: None,
        };
        let (id, code) = device::offer(tx, call, &new, &options)?;
        Ok::<_, device::Error>((id, device::redeem(tx, call, code.expose(), "127.0.0.1")?))
    });
    match paired.expect("a device") {
        (id, Answer::Paired(_, token)) => (id, token.expose().clone()),
        (_, Answer::Refused(_)) => panic!("the code does"),
    }
}

/// Enrols the person of the reference picture.
fn enrol_reference(core: &Core) -> PersonId {
    let bytes = std::fs::read(picture()).expect("the picture");
    let seen = core
        .engine
        .analyse(SourceId::fresh(), bytes, Want::enrolment())
        .wait()
        .expect("a picture");
    let model = core.model.expect("a model");
    core.write(Actor::Operator, "bench", move |tx, call| {
        let person = person::add(tx, call, &profile("Eileen", Role::User)).expect("person");
        let consent = Consent {
            person,
            purpose: ConsentPurpose::Face,
            giver: Giver::Person,
            means: ConsentMeans::Paper,
            text_version: "v1".parse().expect("version"),
        };
        consent::record(tx, call, &consent).expect("consent");
        let pictures = vec![Enrolled::seen(&seen); 3];
        let everybody = load_everybody(tx, call.site, model).expect("gallery");
        let candidate = enrol::examine(person, &pictures, &everybody, model)?;
        enrol::enrol(tx, call, &candidate, None)?;
        Ok::<_, enrol::Error>(person)
    })
    .expect("an enrolment")
}

fn tell(name: &str, fact: impl std::fmt::Display) {
    println!("{name} {fact}");
}

fn furnish(kind: &str, dir: &Path) -> Arc<Core> {
    let screens = |core: &Core, count: usize, occasion| {
        for _ in 0..count {
            let options = device::Options {
                occasion,
                ..device::Options::default()
            };
            tell("screen", device(core, DeviceKind::Kiosk, options).1);
        }
    };
    if kind == "screens" {
        let core = open(dir, Ok(models()));
        enrol_reference(&core);
        screens(&core, super::kiosk::SCREENS, None);
        return core;
    }
    let core = faceless(dir);
    let count = match kind {
        "tickets" => super::rate::check_ins(),
        "logins" => super::login::check_ins(),
        _ => super::stream::CHECK_INS,
    };
    let (event, codes) = tickets(&core, count);
    tell("occasion", format!("event:{event}"));
    tell(
        "desk",
        device(&core, DeviceKind::Desk, device::Options::default()).1,
    );
    if kind == "logins" {
        account_of_all(&core);
    }
    screens(&core, super::stream::SCREENS, Some(event));
    codes.iter().for_each(|code| tell("code", code.as_str()));
    core
}

/// The account of the surface `identity` with which all sign in.
fn account_of_all(core: &Core) {
    let mut chance = Seeded::new(&core.draw_seed());
    let password = Secret::new(super::login::PASSWORD.to_owned());
    let hash = Passwords::default().hash(&password, &mut chance);
    let hash = hash.expect("a hash");
    let made = core.write(Actor::Operator, "bench", move |tx, call| {
        let id = person::add(tx, call, &profile("Panitia", Role::User)).expect("person");
        let login = Login::chosen(super::login::NAME).expect("a name");
        account::set_login(tx, call, Surface::Identity, id, login, &hash)
    });
    made.expect("an account");
}

/// The surface `identity`, where nobody registers.
fn identity(core: &Core) -> State {
    let setting = Setting {
        policy: Policy {
            open: false,
            roles: Vec::new(),
        },
        password_chars_min: 4,
        token_s: 7200,
        origins: Vec::new(),
        rates: None,
    };
    State::new(setting, State::own_secret(&core.site()).expose())
}

/// Serves a box of this kind: `tickets`, `streams`, `screens`, `logins`.
pub fn serve(kind: &str, dir: &Path) {
    tell("kind", kind);
    let core = furnish(kind, dir);
    core.store.checkpoint().expect("checkpoint");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .expect("runtime");
    let ids = Arc::clone(&core);
    let native = Native::new(Arc::clone(&core)).limited(rate::Rules::OFF);
    let native = native.with_identity(Some(identity(&core)));
    let service = Service::new(
        Router::new(Native::routes()),
        Arc::new(native),
        Arc::new(move || ids.new_id::<RequestId>()),
    );
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)));
    let listener = listener.expect("bind");
    tell("address", listener.local_addr().expect("address"));
    let (_stop, stopped) = watch::channel(false);
    runtime.spawn(listen(listener, service, stopped));
    println!("ready");
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    runtime.shutdown_background();
    core.store.close();
}
