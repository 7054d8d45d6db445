//! A door to test with: a real store in a scratch directory, keys from a seed, a clock that the
//! test moves, faces that are axes of the embedding space.

use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, DeviceId, EventId, Id, Nonce, PersonId, RequestId, TicketId};
use hadir::base::text::{Name, Remark};
use hadir::base::time::{ClockState, LocalDay, Span, Stamp, Timestamp, Zone};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Entropy, Seed, Seeded};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::checkin::face::{self, FaceVerdict};
use hadir::domain::checkin::reason::{Direction, Liveness, Mode};
use hadir::domain::checkin::track::Frame;
use hadir::domain::checkin::{Credential, Decision, Error, FaceEvidence, Occasion, Request, scan};
use hadir::domain::consent::{self, Consent, ConsentMeans, ConsentPurpose, Giver};
use hadir::domain::device::{self, DeviceKind, NewDevice};
use hadir::domain::identity::enrol::{self, Loaded, Picture};
use hadir::domain::identity::gallery;
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::outbox::Notice;
use hadir::domain::rule::{Attended, LivenessPolicy, Rules};
use hadir::domain::site::{Call, Site};
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, Issued, NewTicket};
use hadir::domain::webhook::{self, NewWebhook};
use hadir::store::{self, Options, Store, Tx, View, webhooks};
use hadir::vision::embed::{EMBEDDING_FLOATS, Embedding};
use hadir::vision::gallery::ModelHash;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// The model that the test's faces are of.
pub const MODEL: ModelHash = ModelHash([7; 32]);

/// 2026-11-21 06:52 in Jakarta.
pub const MORNING: Timestamp = Timestamp::from_millis(1_795_218_720_000);

/// A store with its keys, clock and chance.
pub struct Door {
    pub scratch: Scratch,
    pub store: Store,
    pub site: Site,
    now: Mutex<Stamp>,
    next: AtomicU64,
}

fn open(scratch: &Scratch) -> Store {
    let options = Options::new(scratch.path("store"), BoxId::from_bytes([9; 16]));
    Store::open(&options).expect("store")
}

/// A direction with these cosines to the first axes.
pub fn direction(along: &[f32]) -> Embedding {
    let mut numbers = [0f32; EMBEDDING_FLOATS];
    let rest: f32 = 1.0 - along.iter().map(|a| a * a).sum::<f32>();
    numbers[..along.len()].copy_from_slice(along);
    numbers[EMBEDDING_FLOATS - 1] = rest.max(0.0).sqrt();
    Embedding::from_slice(&numbers).expect("a direction")
}

/// The face of number `i`: at right angles to all others.
pub fn axis(i: usize) -> Embedding {
    let mut along = vec![0f32; i + 1];
    along[i] = 1.0;
    direction(&along)
}

/// A good frame of a face.
pub fn frame(embedding: &Embedding) -> Frame {
    Frame {
        face: Some([0.0, 0.0, 100.0, 100.0]),
        faces: 1,
        quality: 0.9,
        embedding: Some(embedding.clone()),
        ..Frame::empty(MORNING)
    }
}

/// A good picture of a face.
pub fn picture(embedding: &Embedding) -> Picture {
    Picture {
        faces: 1,
        quality: 0.9,
        issues: Vec::new(),
        embedding: Some(embedding.clone()),
    }
}

pub fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

impl Door {
    /// An empty store whose kiosks do not ask for liveness.
    pub fn new() -> Self {
        let mut rules = Rules::default();
        rules.liveness.unattended = LivenessPolicy::Advisory;
        Self::with_rules(rules)
    }

    pub fn with_rules(rules: Rules) -> Self {
        let scratch = Scratch::new();
        let store = open(&scratch);
        let mut entropy = Seeded::new(&Seed::from_number(1));
        let master = MasterKey::generate(&mut entropy);
        let (keyring, _) = Keyring::create(&master, &mut entropy).expect("keys");
        let site = Site {
            keyring: keyring.into(),
            zone: Zone::parse("Asia/Jakarta").expect("zone"),
            box_id: store.box_id(),
            rules,
        };
        let now = Stamp {
            at: MORNING,
            clock: ClockState::Synced,
        };
        Self {
            scratch,
            store,
            site,
            now: Mutex::new(now),
            next: AtomicU64::new(100),
        }
    }

    /// Has a webhook, without which news is written for nobody.
    pub fn tells_somebody(&self) {
        let any = |view: &View<'_>, _: &Call<'_>| webhooks::find_any_on(view);
        if self.look(any).expect("webhooks") {
            return;
        }
        let new = NewWebhook {
            url: "https://example.id/".parse().expect("an address"),
            events: vec![Notice::CheckInAdmitted],
        };
        self.act(move |tx, call| webhook::create(tx, call, &new))
            .expect("a webhook");
    }

    /// Closes the store and opens its file again.
    pub fn reopen(&mut self) {
        self.store.close();
        // Dropped before the file is opened again: the lock goes with it.
        let elsewhere = Scratch::new();
        self.store = open(&elsewhere);
        self.store = open(&self.scratch);
    }

    pub fn now(&self) -> Stamp {
        *self.now.lock().expect("clock")
    }

    pub fn advance(&self, span: Span) {
        let mut now = self.now.lock().expect("clock");
        now.at = now.at.plus(span);
    }

    pub fn set_clock(&self, clock: ClockState) {
        self.now.lock().expect("clock").clock = clock;
    }

    pub fn today(&self) -> LocalDay {
        self.site.zone.day(self.now().at)
    }

    /// A number that was not given before.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A nonce that was not given before.
    pub fn nonce(&self) -> Nonce {
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&self.number().to_be_bytes());
        Nonce::from_bytes(bytes)
    }

    /// Does something in a write transaction as an actor.
    pub fn act_as<T, E>(
        &self,
        actor: Actor,
        act: impl Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
    {
        let (site, now, seed) = (
            self.site.clone(),
            self.now(),
            Seed::from_number(self.number()),
        );
        self.store.write(move |tx| {
            let mut entropy = Seeded::new(&seed);
            act(tx, &mut call(&site, now, &actor, &mut entropy))
        })
    }

    /// Does something in a write transaction as the operator.
    pub fn act<T, E>(
        &self,
        act: impl Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<store::Error> + Send + 'static,
    {
        self.act_as(Actor::Operator, act)
    }

    /// Reads as an actor.
    pub fn look_as<T, E: From<store::Error>>(
        &self,
        actor: Actor,
        look: impl FnOnce(&View<'_>, &Call<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut entropy = Seeded::new(&Seed::from_number(self.number()));
        let call = call(&self.site, self.now(), &actor, &mut entropy);
        self.store.read(|view| look(view, &call))
    }

    /// Reads as the operator.
    pub fn look<T, E: From<store::Error>>(
        &self,
        look: impl FnOnce(&View<'_>, &Call<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.look_as(Actor::Operator, look)
    }

    /// A person with this name and number.
    pub fn person(&self, who: &str, number: Option<&str>) -> PersonId {
        let profile = Profile {
            name: name(who),
            number: number.map(|n| n.parse().expect("a number")),
            email: None,
            class: None,
            role: Role::User,
        };
        self.act(move |tx, call| person::add(tx, call, &profile))
            .expect("a person")
    }

    /// Records the person's own consent for faces.
    pub fn consent(&self, person: PersonId) {
        let consent = Consent {
            person,
            purpose: ConsentPurpose::Face,
            giver: Giver::Person,
            means: ConsentMeans::Screen,
            text_version: "2026-1".parse().expect("a version"),
        };
        self.act(move |tx, call| consent::record(tx, call, &consent))
            .expect("a consent");
    }

    /// Enrols a face of three like pictures.
    pub fn enrol(
        &self,
        person: PersonId,
        face: &Embedding,
        not_same: Option<&str>,
    ) -> Result<(), enrol::Error> {
        let pictures = vec![picture(face); 3];
        self.enrol_pictures(person, &pictures, MODEL, not_same)
    }

    pub fn enrol_pictures(
        &self,
        person: PersonId,
        pictures: &[Picture],
        model: ModelHash,
        not_same: Option<&str>,
    ) -> Result<(), enrol::Error> {
        let everybody = self
            .look(|v, c| enrol::load_everybody(v, c.site, model))
            .expect("gallery");
        let candidate = enrol::examine(person, pictures, &everybody, model)?;
        let reason: Option<Remark> = not_same.map(|r| r.parse().expect("a remark"));
        self.act(move |tx, call| enrol::enrol(tx, call, &candidate, reason.as_ref()))
    }

    /// A person with consent and face.
    pub fn enrolled(&self, who: &str, face: &Embedding) -> PersonId {
        let person = self.person(who, None);
        self.consent(person);
        self.enrol(person, face, None).expect("enrolled");
        person
    }

    pub fn gallery(&self, occasion: Occasion) -> Loaded {
        self.look(|v, c| gallery::load_gallery(v, c.site, &occasion.key(), MODEL))
            .expect("gallery")
    }

    pub fn event_with(&self, change: impl FnOnce(&mut NewEvent)) -> EventId {
        let mut new = NewEvent::open(name("Seminar"));
        change(&mut new);
        self.act(move |tx, call| event::create(tx, call, &new))
            .expect("an event")
    }

    pub fn event(&self) -> EventId {
        self.event_with(|_| ())
    }

    pub fn ticket_with(&self, event: EventId, change: impl FnOnce(&mut NewTicket)) -> Issued {
        let mut new = NewTicket::plain(event, None);
        change(&mut new);
        self.act(move |tx, call| ticket::issue(tx, call, &new))
            .expect("a ticket")
    }

    pub fn ticket(&self, event: EventId, holder: Option<PersonId>) -> Issued {
        self.ticket_with(event, |new| new.holder = holder)
    }

    pub fn revoke(&self, id: TicketId) {
        self.act(move |tx, call| ticket::revoke(tx, call, id))
            .expect("revoked");
    }

    pub fn device(&self, access: DeviceAccess, gate: Option<&str>) -> Actor {
        let new = NewDevice {
            name: name("Gate"),
            kind: DeviceKind::Kiosk,
            access,
            gate: gate.map(|g| g.parse().expect("a gate")),
        };
        let id: DeviceId = self
            .act(move |tx, call| device::add(tx, call, &new))
            .expect("device");
        Actor::Device { id, access }
    }

    /// A request at no device, to come in, decided here and now, with a new nonce.
    pub fn request(&self, occasion: Occasion, credential: Credential) -> Request {
        Request {
            occasion,
            credential,
            device: None,
            nonce: self.nonce(),
            direction: Direction::Entry,
            mode: Mode::Online,
            attended: Attended::Unattended,
            happened: None,
        }
    }

    pub fn code(&self, event: EventId, code: &str) -> Request {
        self.request(Occasion::Event(event), Credential::Code(code.to_owned()))
    }

    /// A request with two frames of a face, judged against the occasion's gallery of now.
    pub fn face(&self, occasion: Occasion, face: &Embedding) -> Request {
        let loaded = self.gallery(occasion);
        let frames = [frame(face), frame(face)];
        let verdict = face::judge(&frames, &loaded.gallery, &self.site.rules.face);
        self.request(occasion, evidence(verdict))
    }

    pub fn check_in_as(&self, actor: Actor, request: &Request) -> Result<Decision, Error> {
        let mut request = request.clone();
        request.device = actor.device().or(request.device);
        self.act_as(actor, move |tx, call| scan::check_in(tx, call, &request))
    }

    pub fn check_in(&self, request: &Request) -> Result<Decision, Error> {
        self.check_in_as(Actor::Operator, request)
    }

    /// The decision on a request that must get one.
    pub fn decide(&self, request: &Request) -> Decision {
        self.check_in(request).expect("a decision")
    }
}

/// A verdict as a credential, liveness not measured.
pub fn evidence(verdict: FaceVerdict) -> Credential {
    Credential::Face(Box::new(FaceEvidence {
        verdict,
        model: MODEL,
        liveness: Liveness::NotMeasured,
        last_digits: None,
    }))
}

fn call<'a>(
    site: &'a Site,
    now: Stamp,
    actor: &'a Actor,
    entropy: &'a mut dyn Entropy,
) -> Call<'a> {
    Call {
        site,
        now,
        actor,
        surface: "test",
        entropy,
        request: RequestId::from_bytes([0; 16]),
        deeds: Vec::new(),
    }
}
