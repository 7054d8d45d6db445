//! A box that serves the surface on a listener of its own, and on ours.

use crate::support::desk::Desk;
use crate::wire::server::{Answer, Server};
use hadir::base::id::PersonId;
use hadir::base::json::{Value, json};
use hadir::base::secret::Secret;
use hadir::base::text::LoginName;
use hadir::crypto::password::Passwords;
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::account;
use hadir::domain::identity::login::Login;
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::registration::Policy;
use hadir::domain::surface::Surface;
use hadir::http::rate::Rules;
use hadir::http::server::Limits;
use hadir::surface::identity::{Identity, routes};
use hadir::surface::native::Native;
use hadir::surface::tixgo::{Setting, State};
use std::sync::Arc;

/// The secret that the set shares.
pub const SECRET: &[u8] = b"a secret that the whole set shares";

/// The administrator's password on the native surface.
pub const PASSWORD: &str = "kuda laut biru";

/// What a test says of the surface: anybody may register, as both.
pub fn setting() -> Setting {
    Setting {
        policy: Policy {
            open: true,
            roles: vec![Role::Committee, Role::Admin],
        },
        password_chars_min: 4,
        token_s: 7200,
        origins: vec!["http://localhost:3000".to_owned()],
        rates: None,
    }
}

/// The hash of a password.
pub fn hash(password: &str) -> String {
    let mut chance = Seeded::new(&Seed::from_number(7));
    let secret = Secret::new(password.to_owned());
    (Passwords::new(1).hash(&secret, &mut chance)).expect("a hash")
}

/// The box.
pub struct House {
    pub desk: Desk,
    /// What the handlers of both listeners work on.
    pub native: Arc<Native>,
    /// The surface's own listener.
    pub own: Server<Identity>,
    /// Our listener, which has the surface below a path.
    pub ours: Server<Native>,
}

impl House {
    /// A box with an administrator, who signs in on the pages as `kepala`.
    pub fn new() -> Self {
        Self::with(setting())
    }

    /// The same with a surface that the test says more about.
    pub fn with(setting: Setting) -> Self {
        let house = Self::bare(setting);
        house.administrator();
        house
    }

    fn administrator(&self) {
        let id = self.person("Kepala Sekolah", Role::Admin);
        let login: LoginName = "kepala".parse().expect("a login");
        self.set_password(id, Surface::Native, &login, PASSWORD);
    }

    /// The same with the limits of the design.
    pub fn counting() -> Self {
        let house = Self::limited(setting(), Rules::default());
        house.administrator();
        house
    }

    /// A box that nobody has set up.
    pub fn bare(setting: Setting) -> Self {
        Self::limited(setting, Rules::OFF)
    }

    fn limited(setting: Setting, rules: Rules) -> Self {
        let desk = Desk::new();
        let native = Native::new(Arc::clone(&desk.core)).limited(rules);
        let native = native.with_identity(Some(State::new(setting, SECRET)));
        let native = Arc::new(native);
        let identity = Arc::new(Identity(Arc::clone(&native)));
        Self {
            own: Server::start(routes(), identity, Limits::default()),
            ours: Server::start(Native::routes(), Arc::clone(&native), Limits::default()),
            native,
            desk,
        }
    }

    /// Adds a person with a native role.
    pub fn person(&self, name: &str, role: Role) -> PersonId {
        let profile = Profile {
            name: name.parse().expect("a name"),
            number: None,
            email: None,
            class: None,
            role,
        };
        let added = (self.desk.core).write(Actor::Operator, "test", move |tx, call| {
            person::add(tx, call, &profile)
        });
        added.expect("a person")
    }

    /// Gives a person a login.
    pub fn set_password(
        &self,
        id: PersonId,
        surface: Surface,
        login: impl Into<Login>,
        password: &str,
    ) {
        let (login, hash) = (login.into(), hash(password));
        let set = (self.desk.core).write(Actor::Operator, "test", move |tx, call| {
            account::set_login(tx, call, surface, id, login.clone(), &hash)
        });
        set.expect("a login");
    }

    /// Who has this name on the surface.
    pub fn holder(&self, name: &str) -> PersonId {
        let site = self.desk.core.site();
        let found = (self.desk.core.store)
            .read(|view| account::find_candidate(view, &site, Surface::Identity, name));
        found.expect("readable").expect("an account").person
    }

    /// Sends a request to the surface's own listener.
    pub fn send(&self, head: &str, lines: &str, body: &str) -> Answer {
        send(&self.own, head, lines, body)
    }

    /// Sends a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let lines = "content-type: application/json\r\n";
        self.send(&format!("POST {path}"), lines, &body.to_string())
    }

    /// Registers somebody with the password `secret`.
    pub fn register(&self, name: &str, role: &str) {
        let body = json!({"username": name, "password": "secret", "role": role});
        let answer = self.post("/auth/register", &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// A token of somebody whose password is `secret`.
    pub fn login(&self, name: &str) -> String {
        let answer = self.post(
            "/auth/login",
            &json!({"username": name, "password": "secret"}),
        );
        assert_eq!(answer.status, 200, "{}", answer.body);
        let token = answer.json()["access_token"].clone();
        token.as_str().expect("a token").to_owned()
    }

    /// Status and body of `/auth/me` with a token.
    pub fn me(&self, token: &str) -> (u16, Value) {
        let lines = format!("authorization: Bearer {token}\r\n");
        let answer = self.send("GET /auth/me", &lines, "");
        (answer.status, answer.json())
    }
}

/// Sends a request with further header lines and gives the answer.
pub fn send<S: hadir::http::route::Surface>(
    server: &Server<S>,
    head: &str,
    lines: &str,
    body: &str,
) -> Answer {
    let length = match body {
        "" => String::new(),
        body => format!("content-length: {}\r\n", body.len()),
    };
    let bytes =
        format!("{head} HTTP/1.1\r\nhost: box\r\nconnection: close\r\n{length}{lines}\r\n{body}");
    let mut client = server.connect();
    client.send(bytes);
    let answers = match head.starts_with("HEAD ") {
        true => client.read_heads(),
        false => client.read_all(),
    };
    assert_eq!(answers.len(), 1, "{head}: {answers:?}");
    answers.into_iter().next().expect("one answer")
}
