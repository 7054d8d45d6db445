//! A box that is set up before its daemon starts: an administrator, an event with tickets whose
//! codes the test knows, desks with their tokens. And what its store has kept, afterwards.

use crate::support::boxed::TestBox;
use hadir::base::id::BoxId;
use hadir::base::id::Id as _;
use hadir::base::secret::Secret;
use hadir::base::time::{ClockState, Stamp, Timestamp, Zone};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::custody;
use hadir::domain::device::{self, DeviceKind, NewDevice, Options};
use hadir::domain::identity::account;
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::rule::Rules;
use hadir::domain::site::{Call, Site};
use hadir::domain::surface::Surface;
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::host::credential::Place;
use hadir::store::{self, Store, Tx, visits};
use std::sync::Arc;

/// The time at which it was prepared: 2026-11-21, 09:00 in Jakarta.
const NOW: Stamp = Stamp {
    at: Timestamp::from_millis(1_795_226_400_000),
    clock: ClockState::Synced,
};

/// What was prepared.
pub struct Prepared {
    /// The occasion, as the interface names it.
    pub event: String,
    /// The tokens of the desks.
    pub tokens: Vec<String>,
}

/// The code of a ticket by its number.
pub fn code_of(number: usize) -> String {
    format!("TIKET-{number:05}")
}

fn open(subject: &TestBox) -> Store {
    let options = store::Options::new(subject.scratch.path("store"), BoxId::from_bytes([1; 16]));
    Store::open(&options).expect("a store")
}

impl Prepared {
    /// A box with so many desks and tickets.
    pub fn with(subject: &TestBox, desks: usize, tickets: usize) -> Self {
        let store = open(subject);
        let mut chance = Seeded::new(&Seed::from_number(1));
        let master = Place::File(subject.scratch.path("master.key"));
        let keyring = custody::unlock(&store, &master, true, NOW, &mut chance);
        let site = Site {
            keyring: Arc::new(keyring.expect("keys")),
            zone: Zone::parse("Asia/Jakarta").expect("a zone"),
            box_id: store.box_id(),
            rules: Rules::default(),
        };
        let made = store.write(move |tx| -> Result<_, store::Error> {
            let mut entropy = Seeded::new(&Seed::from_number(2));
            let mut call = Call {
                site: &site,
                now: NOW,
                actor: &Actor::Operator,
                surface: "test",
                entropy: &mut entropy,
                request: hadir::base::id::RequestId::from_bytes([3; 16]),
                deeds: Vec::new(),
            };
            administrator(tx, &mut call);
            visitors(tx, &mut call);
            let event = sell(tx, &mut call, tickets);
            let tokens = (0..desks).map(|n| desk(tx, &mut call, n)).collect();
            Ok(Self { event, tokens })
        });
        store.close();
        made.expect("prepared")
    }
}

fn administrator(tx: &Tx<'_>, call: &mut Call<'_>) {
    let profile = Profile {
        name: "Ratna".parse().expect("a name"),
        number: None,
        email: None,
        class: None,
        role: Role::Admin,
    };
    let person = person::add(tx, call, &profile).expect("a person");
    let login = "ratna"
        .parse::<hadir::base::text::LoginName>()
        .expect("a login name");
    account::set_login(tx, call, Surface::Native, person, &login, "no password").expect("a login");
}

/// Two namesakes and somebody else.
fn visitors(tx: &Tx<'_>, call: &mut Call<'_>) {
    let all = [
        ("Budi Santoso", "2026-001", "X IPA 1"),
        ("Budi Santoso", "2026-002", "X IPA 2"),
        ("Sinta Dewi Lestari", "2026-003", "X IPA 1"),
    ];
    for (name, number, class) in all {
        let profile = Profile {
            name: name.parse().expect("a name"),
            number: Some(number.parse().expect("a number")),
            email: None,
            class: Some(class.parse().expect("a class")),
            role: Role::User,
        };
        person::add(tx, call, &profile).expect("a person");
    }
}

fn sell(tx: &Tx<'_>, call: &mut Call<'_>, tickets: usize) -> String {
    let new = NewEvent::open("Wisuda".parse().expect("a name"));
    let event = event::create(tx, call, &new).expect("an event");
    for number in 0..tickets {
        let new = NewTicket {
            code: Some(code_of(number).parse().expect("a code")),
            ..NewTicket::plain(event, None)
        };
        ticket::issue(tx, call, &new).expect("a ticket");
    }
    format!("event:{event}")
}

fn desk(tx: &Tx<'_>, call: &mut Call<'_>, number: usize) -> String {
    let new = NewDevice {
        name: format!("Meja {number}").parse().expect("a name"),
        kind: DeviceKind::Desk,
        access: DeviceAccess::Desk,
        gate: None,
    };
    let (_, code) = device::offer(tx, call, &new, &Options::default()).expect("an offer");
    let answer = device::redeem(tx, call, code.expose(), "127.0.0.1").expect("an answer");
    match answer {
        device::Answer::Paired(_, token) => Secret::expose(&token).clone(),
        device::Answer::Refused(refusal) => panic!("{refusal:?}"),
    }
}

/// A visit as the store has kept it.
pub struct Kept {
    pub nonce: String,
    pub sequence: u64,
    pub verdict: String,
    pub ticket: Option<String>,
}

/// All visits of a box whose daemon has ended.
pub fn visits(subject: &TestBox) -> Vec<Kept> {
    let store = open(subject);
    let rows = store.read(|view| visits::list_visits(view, 0, 100_000));
    let kept = rows.expect("visits").into_iter().map(|stored| Kept {
        nonce: stored.row.nonce.to_string(),
        sequence: stored.seq,
        verdict: stored.row.verdict.code().to_owned(),
        ticket: stored.row.ticket.map(|t| t.to_string()),
    });
    let kept = kept.collect();
    store.close();
    kept
}
