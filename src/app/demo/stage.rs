//! The box of the demo: a real store in a folder that is thrown away, the real engine, the
//! real camera thread and door; only the pictures are made here and handed in.

use crate::app::camera;
use crate::app::config::{self, Config};
use crate::app::demo::pace::Pace;
use crate::app::demo::picture;
use crate::app::demo::reference;
use crate::app::demo::scene::{At, ENROLLED, Scene, Shown, Who};
use crate::app::error::Failure;
use crate::app::wire;
use crate::base::id::{DeviceId, EventId, PersonId};
use crate::base::json;
use crate::domain::actor::{Actor, DeviceAccess, Role};
use crate::domain::checkin::Decision;
use crate::domain::checkin::reason::Direction;
use crate::domain::checkin::request::Occasion;
use crate::domain::consent::ConsentMeans;
use crate::domain::rule::{Attended, LivenessPolicy};
use crate::host::camera::pushed::{Pusher, pushed};
use crate::host::camera::run::Camera;
use crate::surface::control::{Command, ConsentGiven, Sample, execute};
use crate::surface::core::Core;
use crate::surface::door::{Aim, Door, Post};
use crate::surface::told;
use crate::surface::watch::{Seen, Watch};
use crate::vision::embed::Embedding;
use crate::vision::frame::{Frame, FrameError};
use crate::vision::model::Models;
use crate::vision::worker::{SourceId, StageTimes, Want};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// A picture that has brought nothing after this time means that the box hangs.
const PICTURE_LIMIT: Duration = Duration::from_secs(120);

/// Pictures in which a ticket is held up: a door searches every third one for codes.
const HELD_UP: usize = 3;

/// Pictures of nobody between two scenes: the visitor leaves, the ticket is taken away, which the
/// door has seen after two searches.
const GAP: usize = 6;

/// Least cosine of an enrolled picture to what OpenCV's embedder says of the same portrait: the
/// variants above have 0.85 to 0.99, another person at most 0.24.
const REFERENCE_COSINE_MIN: f32 = 0.7;

/// How the demo is run.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Where models are looked for.
    pub models: Vec<PathBuf>,
    /// A threshold instead of the table's.
    pub threshold: Option<f32>,
    /// What liveness has to show; the demo plays still pictures, so it is advisory there.
    pub liveness: LivenessPolicy,
}

/// How time passes on the box of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// As everywhere: the pages are served beside.
    System,
    /// With each picture by a fixed step.
    OfPictures,
}

/// What one scene came to.
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// The decision, if one was made.
    pub decision: Option<Decision>,
    /// Times of the pictures looked at, summed by stage.
    pub times: StageTimes,
    /// How many pictures that were.
    pub pictures: u32,
    /// What went wrong besides.
    pub error: Option<String>,
}

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the system's folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The box of the demo.
pub struct Stage {
    gates: Vec<(At, Gate)>,
    portraits: [(Who, Frame); 2],
    people: [(Who, PersonId); 2],
    code: String,
    core: Arc<Core>,
    pace: Option<Arc<Pace>>,
    // Dropped last, when the store is closed.
    _folder: Folder,
}

/// A camera with its door.
struct Gate {
    pusher: Pusher,
    seen: Receiver<(u64, Seen)>,
    watch: Watch,
    _camera: Camera,
}

fn portrait(dirs: &[PathBuf], name: &str) -> Result<Frame, Failure> {
    let paths: Vec<PathBuf> = dirs.iter().map(|d| d.join("demo").join(name)).collect();
    let found = paths.iter().find(|p| p.is_file()).ok_or_else(|| {
        let looked: Vec<_> = paths.iter().map(|p| p.display().to_string()).collect();
        Failure::Setup(format!(
            "the demo's picture {name} is missing (looked for {})",
            looked.join(", ")
        ))
    })?;
    let bytes = std::fs::read(found).map_err(Failure::of)?;
    Frame::decode(&bytes).map_err(|e| Failure::Failed(format!("{}: {e}", found.display())))
}

fn folder() -> Result<Folder, Failure> {
    let seed = crate::crypto::random::Seed::from_system().map_err(Failure::of)?;
    let mut chance = crate::crypto::random::Seeded::new(&seed);
    let id: crate::base::id::BoxId =
        crate::crypto::random::new_id(crate::base::time::Timestamp::from_millis(0), &mut chance);
    Ok(Folder(
        std::env::temp_dir().join(format!("hadir-demo-{id}")),
    ))
}

fn setting(config: &mut Config, setting: &Setting, dir: &Path) {
    config.store_dir = dir.to_owned();
    config.master = crate::host::credential::Place::File(dir.join("master.key"));
    config.rules.face.threshold = setting.threshold;
    config.rules.liveness.unattended = setting.liveness;
}

impl Stage {
    /// Builds the box and everything that the scenes need but the enrolments. Its time is the
    /// system's, or passes with the pictures.
    ///
    /// # Errors
    /// [`Failure::Setup`] for a missing model or picture.
    pub fn build(how: &Setting, time: Time) -> Result<Self, Failure> {
        let models = Models::load(&how.models).map_err(|e| Failure::Setup(e.to_string()))?;
        let portraits = [
            (Who::P1, portrait(&how.models, "p1_a.png")?),
            (Who::P2, portrait(&how.models, "p2_a.png")?),
        ];
        let folder = folder()?;
        let mut config = config::build(None, "", &[]).map_err(Failure::Config)?;
        setting(&mut config, how, &folder.0);
        let mut pace = None;
        let core = wire::open_by(&config, Ok(models), |clock| match time {
            Time::System => Arc::new(clock),
            Time::OfPictures => {
                let paced = Arc::new(Pace::new(&clock));
                pace = Some(Arc::clone(&paced));
                paced
            }
        })?;
        let core = Arc::new(core);
        let device = camera::add(&core, "control", "Demo camera")?;
        let event: EventId = field(
            &command(
                &core,
                Command::EventAdd {
                    name: "Demo evening".to_owned(),
                    capacity: Some(100),
                },
            )?,
            "event",
        )?;
        let people = [
            (Who::P1, person(&core, "P1")?),
            (Who::P2, person(&core, "P2")?),
        ];
        let holder = people
            .iter()
            .find(|(w, _)| *w == Who::P1)
            .map(|(_, id)| id.to_string());
        command(
            &core,
            Command::TicketAdd {
                event,
                person: holder,
            },
        )?;
        let ticket = command(
            &core,
            Command::TicketAdd {
                event,
                person: None,
            },
        )?;
        let occasion = Aim::Fixed(Occasion::Event(event));
        Ok(Self {
            gates: vec![
                (At::Today, gate(&core, device, Aim::Today)?),
                (At::Event, gate(&core, device, occasion)?),
            ],
            portraits,
            people,
            code: ticket
                .get("code")
                .and_then(json::Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            core,
            pace,
            _folder: folder,
        })
    }

    /// The box itself.
    #[must_use]
    pub const fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Who this is.
    #[must_use]
    pub fn person(&self, who: Who) -> Option<PersonId> {
        self.people
            .iter()
            .find(|(w, _)| *w == who)
            .map(|(_, id)| *id)
    }

    fn portrait(&self, who: Who) -> Result<&Frame, Failure> {
        let found = self.portraits.iter().find(|(w, _)| *w == who);
        found
            .map(|(_, frame)| frame)
            .ok_or_else(|| Failure::of("a portrait is missing"))
    }

    /// Enrols a person, as `hadir face enroll` does.
    ///
    /// # Errors
    /// [`Failure::Failed`] if the enrolment is refused, or if the portrait is not of the person
    /// that the demo is about.
    pub fn enrol(&self, who: Who) -> Result<(), Failure> {
        let mut samples = Vec::new();
        for variant in ENROLLED {
            let picture = picture::visitor(self.portrait(who)?, *variant).map_err(Failure::of)?;
            let pending = self
                .core
                .engine
                .analyse(SourceId::fresh(), picture, Want::enrolment());
            let analysis = pending.wait().map_err(Failure::of)?;
            let face = analysis.faces.first();
            let embedding = face.and_then(|f| f.embedding.as_ref());
            compare(who, embedding)?;
            samples.push(Sample {
                faces: analysis.faces.len(),
                quality: face.map_or(0.0, |f| f.quality.score),
                issues: face
                    .map(|f| {
                        f.quality
                            .issues
                            .iter()
                            .map(|i| i.code().to_owned())
                            .collect()
                    })
                    .unwrap_or_default(),
                embedding: embedding.map(|e| e.as_slice().to_vec()),
            });
        }
        let person = self
            .person(who)
            .map(|id| id.to_string())
            .unwrap_or_default();
        let consent = ConsentGiven {
            guardian: None,
            means: ConsentMeans::Spoken,
            text_version: "demo-1".to_owned(),
        };
        let model = self.core.model.map(|m| m.to_string()).unwrap_or_default();
        command(
            &self.core,
            Command::FaceEnrol {
                person,
                model,
                samples,
                consent: Some(consent),
                not_same_person: None,
            },
        )?;
        Ok(())
    }

    /// The pictures of a scene.
    ///
    /// # Errors
    /// None that the demo's own portraits can cause.
    pub fn pictures(&self, scene: &Scene) -> Result<Vec<Vec<u8>>, Failure> {
        let made = match scene.shown {
            Shown::Nobody => vec![picture::nobody(); 3],
            Shown::Person(who, variants) => {
                let portrait = self.portrait(who)?;
                variants
                    .iter()
                    .map(|v| picture::visitor(portrait, *v))
                    .collect()
            }
            Shown::Both(variant) => {
                let (one, other) = (self.portrait(Who::P1)?, self.portrait(Who::P2)?);
                vec![picture::visitors(one, other, variant); 5]
            }
            Shown::Ticket => held_up(&self.code),
            Shown::ForeignTicket => held_up("NOT-OF-THIS-BOX"),
        };
        made.into_iter()
            .collect::<Result<_, _>>()
            .map_err(Failure::of)
    }

    /// Plays a scene: hands its pictures in one by one until something is decided. Where the
    /// pictures are used up without a decision, one is asked for, as a visitor does who
    /// presses the button.
    ///
    /// # Errors
    /// If the box hangs.
    pub fn play(&self, scene: &Scene) -> Result<Played, Failure> {
        let gate = self
            .gates
            .iter()
            .find(|(at, _)| *at == scene.at)
            .map(|(_, gate)| gate);
        let gate = gate.ok_or_else(|| Failure::of("a gate is missing"))?;
        let mut played = Played::default();
        for picture in self.pictures(scene)? {
            self.step();
            gate.show(picture, &mut played)?;
            if played.decision.is_some() {
                break;
            }
        }
        if played.decision.is_none() {
            match gate.watch.conclude() {
                Ok(decision) => played.decision = Some(decision),
                Err(error) => played.error = Some(error.to_string()),
            }
        }
        for _ in 0..GAP {
            self.step();
            gate.show_nobody()?;
        }
        Ok(played)
    }

    fn step(&self) {
        if let Some(pace) = &self.pace {
            pace.step();
        }
    }

    /// Nobody stands there, and the cameras go on: one that is silent counts as broken.
    ///
    /// # Errors
    /// If the box hangs.
    pub fn wait(&self) -> Result<(), Failure> {
        self.gates
            .iter()
            .try_for_each(|(_, gate)| gate.show_nobody())
    }
}

impl Gate {
    fn show_nobody(&self) -> Result<(), Failure> {
        let nobody = picture::nobody().map_err(Failure::of)?;
        self.show(nobody, &mut Played::default())
    }

    /// Hands one picture in and waits for what it brings.
    fn show(&self, picture: Vec<u8>, played: &mut Played) -> Result<(), Failure> {
        self.pusher.push(picture);
        let (_, seen) = self
            .seen
            .recv_timeout(PICTURE_LIMIT)
            .map_err(|_| Failure::of("the camera's picture was not looked at in time"))?;
        played.pictures += 1;
        match seen {
            Ok(sighting) => {
                add(&mut played.times, &sighting.times);
                if let Some(decision) = sighting.decisions.into_iter().next() {
                    played.decision = Some(decision);
                }
            }
            Err(error) => played.error = Some(error.to_string()),
        }
        Ok(())
    }
}

fn add(sum: &mut StageTimes, more: &StageTimes) {
    sum.decode_us += more.decode_us;
    sum.codes_us += more.codes_us;
    sum.detect_us += more.detect_us;
    sum.align_us += more.align_us;
    sum.eyes_us += more.eyes_us;
    sum.embed_us += more.embed_us;
}

/// A ticket, held up for as long as a visitor would at least.
fn held_up(code: &str) -> Vec<Result<Vec<u8>, FrameError>> {
    vec![picture::ticket(code); HELD_UP]
}

/// The portrait must be of the person that the demo is about.
fn compare(who: Who, embedding: Option<&Embedding>) -> Result<(), Failure> {
    let numbers = match who {
        Who::P1 => &reference::P1,
        Who::P2 => &reference::P2,
    };
    let wanted = Embedding::mean(&[]).or_else(|| {
        let numbers: Vec<f32> = numbers.iter().map(|n| f32::from(*n)).collect();
        Embedding::from_slice(&numbers).ok()
    });
    let cosine = match (embedding, &wanted) {
        (Some(have), Some(want)) => have.dot(want),
        (None, _) | (_, None) => 0.0,
    };
    if cosine >= REFERENCE_COSINE_MIN {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "the portrait of {who:?} is not of the demo's person: its cosine to the reference is {cosine:.3}, at least {REFERENCE_COSINE_MIN} was expected"
    )))
}

/// Carries a command out on the demo's box.
pub(super) fn command(core: &Core, command: Command) -> Result<json::Value, Failure> {
    execute(core, command).map_err(Failure::of)
}

/// A field of a command's answer.
pub(super) fn field<T: std::str::FromStr>(value: &json::Value, name: &str) -> Result<T, Failure> {
    let text = value
        .get(name)
        .and_then(json::Value::as_str)
        .unwrap_or_default();
    text.parse()
        .map_err(|_| Failure::Failed(format!("the answer has no {name}")))
}

fn person(core: &Core, name: &str) -> Result<PersonId, Failure> {
    let added = command(
        core,
        Command::PersonAdd {
            name: name.to_owned(),
            role: Role::User,
            number: None,
            email: None,
            class: None,
        },
    )?;
    field(&added, "person")
}

fn gate(core: &Arc<Core>, device: DeviceId, aim: Aim) -> Result<Gate, Failure> {
    let (pusher, source) = pushed();
    let camera = Camera::start("demo", Box::new(source)).map_err(Failure::of)?;
    let post = Post {
        occasion: aim,
        direction: Direction::Entry,
        attended: Attended::Unattended,
        actor: Actor::Device {
            id: device,
            access: DeviceAccess::Scan,
        },
        device: Some(device),
    };
    core.live.set_box_camera(device);
    let told_core = Arc::clone(core);
    let door = Door::new(Arc::clone(core), post);
    let (tell, seen): (Sender<(u64, Seen)>, _) = channel();
    let watch = Watch::start(door, camera.latest().clone(), move |number, what| {
        if let Ok(sighting) = &what {
            told::seen(&told_core, device, sighting);
        }
        // Nobody listens any more once the demo ends.
        let _ = tell.send((number, what));
    })
    .map_err(Failure::of)?;
    Ok(Gate {
        pusher,
        seen,
        watch,
        _camera: camera,
    })
}
