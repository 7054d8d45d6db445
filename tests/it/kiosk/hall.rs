//! A box that serves and one paired screen, for the tests from outside.

use crate::support::desk::Desk;
use crate::wire::server::{Answer, Server};
use hadir::base::id::{DeviceId, Nonce, PersonId};
use hadir::base::json::{Value, json};
use hadir::base::secret::Secret;
use hadir::crypto::password::Passwords;
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, DeviceAccess, Role};
use hadir::domain::device::{self, DeviceKind, NewDevice, Options};
use hadir::domain::identity::account;
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::setting::{self, Change};
use hadir::domain::surface::Surface;
use hadir::http::server::Limits;
use hadir::surface::native::Native;
use hadir::surface::started::{Door, Started};
use std::sync::Arc;

/// A box that serves, with one screen that is paired.
pub struct Hall {
    /// The box.
    pub desk: Desk,
    /// What serves it.
    pub server: Server<Native>,
    /// The screen.
    pub screen: DeviceId,
    /// Its token.
    pub token: String,
}

/// Where the box says that it listens.
const DOOR: &str = "192.168.1.7:443";

/// The form of a PHC string; nobody signs in with it here.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZWhhc2hzb21laGFzaHNvbWVoYXNoc29tZWhhc2g";

fn administrator(desk: &Desk) {
    let profile = Profile {
        name: "Rina".parse().expect("a name"),
        number: None,
        email: None,
        class: None,
        role: Role::Admin,
    };
    let made = desk.core.write(Actor::Operator, "test", move |tx, call| {
        let id = person::add(tx, call, &profile).expect("a person");
        let login = "rina"
            .parse::<hadir::base::text::LoginName>()
            .expect("a login name");
        account::set_login(tx, call, Surface::Native, id, &login, HASH)
    });
    made.expect("an administrator");
}

pub fn offer(desk: &Desk, options: Options) -> (DeviceId, String) {
    let new = NewDevice {
        name: "Pintu utama".parse().expect("a name"),
        kind: DeviceKind::Kiosk,
        access: DeviceAccess::Scan,
        gate: None,
    };
    let (id, code) = desk
        .core
        .write(Actor::Operator, "test", move |tx, call| {
            device::offer(tx, call, &new, &options)
        })
        .expect("an offer");
    (id, code.expose().clone())
}

impl Hall {
    pub fn new() -> Self {
        Self::with(|_| Options::default())
    }

    /// Over a box of one's own.
    pub fn of(desk: Desk) -> Self {
        Self::over(desk, |_| Options::default())
    }

    /// With a screen that is to do this.
    pub fn with(options: impl FnOnce(&Desk) -> Options) -> Self {
        Self::over(Desk::new(), options)
    }

    fn over(desk: Desk, options: impl FnOnce(&Desk) -> Options) -> Self {
        administrator(&desk);
        let options = options(&desk);
        let door = Door {
            address: DOOR.parse().expect("an address"),
            secure: true,
        };
        let started = Started {
            doors: vec![door],
            ..Started::default()
        };
        Self::serve(desk, options, started)
    }

    /// With a box that was started like this.
    pub fn started(desk: Desk, started: Started) -> Self {
        if !(desk.core.store.read(account::has_administrator)).expect("readable") {
            administrator(&desk);
        }
        Self::serve(desk, Options::default(), started)
    }

    fn serve(desk: Desk, options: Options, started: Started) -> Self {
        let native = Native::new(Arc::clone(&desk.core)).started(started);
        let native = Arc::new(native);
        let server = Server::start(Native::routes(), native, Limits::default());
        let (screen, code) = offer(&desk, options);
        let mut hall = Self {
            desk,
            server,
            screen,
            token: String::new(),
        };
        let paired = hall.pair(&code);
        assert_eq!(paired.status, 303, "{}", paired.body);
        let cookie = paired.header("set-cookie").expect("a cookie");
        for part in [
            "hadir_device=hdrd_",
            "; HttpOnly",
            "; SameSite=Lax",
            "; Path=/",
        ] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        let value = cookie.split(';').next().and_then(|c| c.split_once('='));
        hall.token = value.expect("a value").1.to_owned();
        hall
    }

    pub fn pair(&self, code: &str) -> Answer {
        let body = format!("code={code}");
        let head = "Content-Type: application/x-www-form-urlencoded\r\n";
        self.send("POST", "/kiosk/pair", head, body.as_bytes())
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: box\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let answers = self.server.talk([head.as_bytes(), body].concat());
        assert_eq!(answers.len(), 1, "{answers:?}");
        answers.into_iter().next().expect("an answer")
    }

    /// As the screen's page asks.
    pub fn ask(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let cookie = format!(
            "Cookie: hadir_device={}\r\nOrigin: http://box\r\nContent-Type: application/json\r\n",
            self.token
        );
        self.send(method, path, &cookie, body)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, body.to_string().as_bytes())
    }

    pub fn frame(&self, picture: &[u8]) -> Answer {
        self.desk.tick();
        self.ask("POST", "/api/v1/kiosk/frame", picture)
    }

    pub fn nonce(&self) -> String {
        self.desk.core.new_id::<Nonce>().to_string()
    }

    /// Types a number on the screen: what is decided.
    pub fn number(&self, number: &str) -> Value {
        let body = json!({"nonce": self.nonce(), "number": number});
        self.told("/api/v1/kiosk/number", &body)
    }

    /// Shows a code to a reader beside the screen: what is decided.
    pub fn code(&self, code: &str) -> Value {
        let body = json!({"nonce": self.nonce(), "code": code});
        self.told("/api/v1/kiosk/code", &body)
    }

    fn told(&self, path: &str, body: &Value) -> Value {
        self.desk.tick();
        let answer = self.post(path, body);
        assert_eq!(answer.status, 200, "{body}: {}", answer.body);
        answer.json()
    }

    /// Sets the PIN of staff.
    pub fn set_pin(&self, pin: &str) {
        let mut chance = Seeded::new(&Seed::from_number(9));
        let hash = Passwords::new(1).hash(&Secret::new(pin.to_owned()), &mut chance);
        let hash = hash.expect("a hash");
        let change = move || Change {
            kiosk_pin: Some(Some(Secret::new(hash.clone()))),
            ..Change::default()
        };
        let set = self
            .desk
            .core
            .write(Actor::Operator, "test", move |tx, call| {
                setting::update(tx, call, &change())
            });
        set.expect("a PIN");
    }

    /// Types the PIN of staff: the status, and the code of a refusal.
    pub fn pin(&self, pin: &str) -> (u16, String) {
        let answer = self.post("/api/v1/kiosk/escape", &json!({"pin": pin}));
        let code = match answer.status {
            204 => String::new(),
            _ => answer.json()["error"]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        };
        (answer.status, code)
    }

    /// What the screen is to do, as an administrator would set it.
    pub fn set(&self, options: Options) {
        let screen = self.screen;
        let set = self
            .desk
            .core
            .write(Actor::Operator, "test", move |tx, call| {
                device::update_options(tx, call, screen, &options)
            });
        set.expect("options");
    }

    /// What the screen does now.
    pub fn options(&self) -> Options {
        let read = (self.desk.core).read(Actor::Operator, "test", |view, _| {
            device::options(view, self.screen)
        });
        read.expect("options")
    }

    /// Somebody with this number.
    pub fn numbered(&self, name: &str, number: &str) -> PersonId {
        let profile = Profile {
            name: name.parse().expect("a name"),
            number: Some(number.parse().expect("a number")),
            email: None,
            class: None,
            role: Role::User,
        };
        let added = self
            .desk
            .core
            .write(Actor::Operator, "test", move |tx, call| {
                person::add(tx, call, &profile)
            });
        added.expect("a person")
    }
}
