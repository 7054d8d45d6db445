//! A box in this process behind a listener of its own, people of every role who have signed in,
//! and devices of every kind.

use crate::support::desk::Desk;
use crate::wire::server::{Answer, Server};
use hadir::base::id::{DeviceId, PersonId};
use hadir::base::secret::Secret;
use hadir::crypto::password::Passwords;
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::device::{self, DeviceKind, NewDevice, Options};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::{account, session};
use hadir::domain::surface::Surface;
use hadir::http::rate::Rules;
use hadir::http::server::Limits;
use hadir::surface::native::Native;
use std::sync::Arc;

/// The administrator's password.
pub const PASSWORD: &str = "kuda laut biru";

/// With what a request says who sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// Nothing.
    Nobody,
    /// The token of a session, in the cookie, from a page of our own.
    Session(String),
    /// The token of a device.
    Device(String),
}

/// The box.
pub struct House {
    /// Its inside.
    pub desk: Desk,
    /// Its listener.
    pub server: Server<Native>,
    /// What its handlers work on.
    pub native: Arc<Native>,
    /// Its administrator, who signs in as `kepala` with [`PASSWORD`].
    pub admin: PersonId,
}

fn profile(name: &str, role: Role) -> Profile {
    Profile {
        name: name.parse().expect("a name"),
        number: None,
        email: None,
        class: None,
        role,
    }
}

fn serve(desk: &Desk, rules: Rules) -> (Server<Native>, Arc<Native>) {
    let native = Arc::new(Native::new(Arc::clone(&desk.core)).limited(rules));
    let server = Server::start(Native::routes(), Arc::clone(&native), Limits::default());
    (server, native)
}

impl House {
    /// A box that is set up.
    pub fn new() -> Self {
        Self::with(Rules::default())
    }

    /// The same, and anybody may do anything as often as they like.
    pub fn unlimited() -> Self {
        Self::with(Rules::OFF)
    }

    /// The same within these limits.
    pub fn with(rules: Rules) -> Self {
        let desk = Desk::new();
        let mut chance = Seeded::new(&Seed::from_number(7));
        let secret = Secret::new(PASSWORD.to_owned());
        let hash = Passwords::new(1)
            .hash(&secret, &mut chance)
            .expect("a hash");
        let admin = desk
            .core
            .write(Actor::Operator, "test", move |tx, call| {
                let id = person::add(tx, call, &profile("Kepala Sekolah", Role::Admin))?;
                let login = "kepala"
                    .parse::<hadir::base::text::LoginName>()
                    .expect("a login");
                account::set_login(tx, call, Surface::Native, id, &login, &hash).expect("a login");
                Ok::<_, person::Error>(id)
            })
            .expect("an administrator");
        let (server, native) = serve(&desk, rules);
        Self {
            desk,
            server,
            native,
            admin,
        }
    }

    /// A box that has no administrator.
    pub fn without_administrator() -> Self {
        let desk = Desk::new();
        let admin = desk.person("Nobody");
        let (server, native) = serve(&desk, Rules::default());
        Self {
            desk,
            server,
            native,
            admin,
        }
    }

    /// A session of a person.
    pub fn session_of(&self, person: PersonId) -> Key {
        let opened = self
            .desk
            .core
            .write(Actor::Stranger, "native", move |tx, call| {
                session::open(tx, call, person, Surface::Native, "127.0.0.1", "test")
            });
        Key::Session(opened.expect("a session").token.expose().clone())
    }

    /// A session of the administrator.
    pub fn admin(&self) -> Key {
        self.session_of(self.admin)
    }

    /// A session of a new person with this role.
    pub fn person(&self, role: Role) -> Key {
        let new = profile(&format!("Orang {role}"), role);
        let id = self
            .desk
            .core
            .write(Actor::Operator, "test", move |tx, call| {
                person::add(tx, call, &new)
            });
        self.session_of(id.expect("a person"))
    }

    /// A paired device that may do this.
    pub fn device(&self, access: DeviceAccess) -> (DeviceId, Key) {
        let new = NewDevice {
            name: format!("Pintu {access}").parse().expect("a name"),
            kind: match access {
                DeviceAccess::Scan => DeviceKind::Kiosk,
                DeviceAccess::Desk | DeviceAccess::Supervise => DeviceKind::Desk,
            },
            access,
            gate: None,
        };
        let core = &self.desk.core;
        let (id, code) = core
            .write(Actor::Operator, "test", move |tx, call| {
                device::offer(tx, call, &new, &Options::default())
            })
            .expect("an offer");
        let paired = core.write(Actor::Stranger, "test", move |tx, call| {
            device::redeem(tx, call, code.expose(), "127.0.0.1")
        });
        match paired.expect("an answer") {
            device::Answer::Paired(_, token) => (id, Key::Device(token.expose().clone())),
            device::Answer::Refused(refusal) => panic!("{refusal:?}"),
        }
    }

    /// Sends a request with further header lines and gives the answer.
    pub fn send(&self, head: &str, lines: &str, body: &[u8]) -> Answer {
        let top = format!(
            "{head} HTTP/1.1\r\nhost: box\r\nconnection: close\r\ncontent-length: {}\r\n{lines}\r\n",
            body.len()
        );
        let answers = self.server.talk([top.as_bytes(), body].concat());
        assert_eq!(answers.len(), 1, "{head}: {answers:?}");
        answers.into_iter().next().expect("one answer")
    }

    /// Sends a request, `head` being method and path, as whoever holds the key.
    pub fn call(&self, key: &Key, head: &str, body: &[u8]) -> Answer {
        let lines = match key {
            Key::Nobody => String::new(),
            Key::Session(token) => {
                format!("cookie: hadir_native={token}\r\norigin: http://box\r\n")
            }
            Key::Device(token) => format!("authorization: Bearer {token}\r\n"),
        };
        self.send(head, &lines, body)
    }
}
