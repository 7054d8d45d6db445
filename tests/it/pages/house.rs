//! A box without models behind a server, and a browser that keeps cookies and runs no script.

use crate::support::scratch::Scratch;
use crate::wire::server::{Answer, Server};
use hadir::base::id::{BoxId, Id, PersonId};
use hadir::base::time::{Clock, ClockState, Stamp, Timestamp, Zone};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::account;
use hadir::domain::identity::person::{self, Person, Profile};
use hadir::domain::rule::Rules;
use hadir::domain::setup;
use hadir::domain::site::Site;
use hadir::domain::surface::Surface;
use hadir::host::credential::Place;
use hadir::http::problem::Problem;
use hadir::http::server::Limits;
use hadir::store::{Options, Store};
use hadir::surface::core::{Core, Parts};
use hadir::surface::native::Native;
use hadir::surface::started::{Door, Started};
use hadir::vision::gallery::ModelHash;
use hadir::vision::model::ModelError;
use hadir::vision::worker::Engine;
use std::collections::BTreeMap;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 21 November 2026, 06.52 in Jakarta.
pub const MORNING: i64 = 1_795_218_720_000;

/// A password that the rules allow.
pub const PASSWORD: &str = "kuda laut biru";

/// A clock that a test sets.
pub struct Hand {
    at: AtomicI64,
}

impl Hand {
    /// Lets time pass.
    pub fn advance(&self, ms: i64) {
        self.at.fetch_add(ms, Ordering::SeqCst);
    }
}

struct Shared(Arc<Hand>);

impl Clock for Shared {
    fn stamp(&self) -> Stamp {
        Stamp {
            at: Timestamp::from_millis(self.0.at.load(Ordering::SeqCst)),
            clock: ClockState::Synced,
        }
    }
}

/// An engine without models.
fn blind() -> Engine {
    let missing = ModelError::Missing {
        file: "detector.onnx",
        looked: Vec::new(),
    };
    Engine::start(Err(missing), 1).expect("engine")
}

/// The box and the server before it.
pub struct House {
    pub scratch: Scratch,
    pub server: Server<Native>,
    pub hand: Arc<Hand>,
}

impl House {
    /// A box that nobody has set up.
    pub fn fresh() -> Self {
        Self::with(blind(), None)
    }

    /// A box that nobody has set up, which says that it listens there with TLS.
    pub fn listening(address: &str) -> Self {
        let door = Door {
            address: address.parse().expect("an address"),
            secure: true,
        };
        let started = Started {
            doors: vec![door],
            ..Started::default()
        };
        Self::started(blind(), None, started)
    }

    /// The same with these eyes.
    pub fn with(engine: Engine, model: Option<ModelHash>) -> Self {
        Self::started(engine, model, Started::default())
    }

    fn started(engine: Engine, model: Option<ModelHash>, started: Started) -> Self {
        let scratch = Scratch::new();
        let options = Options::new(scratch.path("store"), BoxId::from_bytes([9; 16]));
        let store = Store::open(&options).expect("store");
        let seed = Seed::from_number(1);
        let mut chance = Seeded::new(&seed);
        let master = MasterKey::generate(&mut chance);
        let (keyring, _) = Keyring::create(&master, &mut chance).expect("keys");
        let key = scratch.path("master.key");
        let file = std::fs::OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(&key);
        std::io::Write::write_all(
            &mut file.expect("key file"),
            master.to_file_text().expose().as_bytes(),
        )
        .expect("key");
        let site = Site {
            keyring: keyring.into(),
            zone: Zone::parse("Asia/Jakarta").expect("zone"),
            box_id: store.box_id(),
            rules: Rules::default(),
        };
        let hand = Arc::new(Hand {
            at: AtomicI64::new(MORNING),
        });
        let core = Core::new(Parts {
            store,
            site,
            engine,
            model,
            clock: Arc::new(Shared(Arc::clone(&hand))),
            master: Place::File(key),
            seed,
        });
        core.set_ready(true);
        // Here the pages are tried, as often as a test likes; the limits have tests of their own.
        let native = Native::new(Arc::new(core)).limited(hadir::http::rate::Rules::OFF);
        let native = Arc::new(native.started(started));
        let server = Server::start(Native::routes(), native, Limits::default());
        Self {
            scratch,
            server,
            hand,
        }
    }

    /// A box with the administrator Sari, who signs in as `sari`.
    pub fn set_up() -> Self {
        let house = Self::fresh();
        house.add("Sari Wulandari", "sari", Role::Admin);
        house
    }

    /// The box's inside.
    pub fn native(&self) -> &Native {
        &self.server.state
    }

    /// A setup code, as the command line makes it.
    pub fn code(&self) -> String {
        let made = self
            .native()
            .core
            .write(Actor::Operator, "cli", setup::new_code);
        made.expect("a code").expose().clone()
    }

    /// Adds a person who signs in with [`PASSWORD`].
    pub fn add(&self, name: &str, login: &str, role: Role) -> PersonId {
        let native = self.native();
        let profile = Profile {
            name: name.parse().expect("a name"),
            number: None,
            email: None,
            class: None,
            role,
        };
        let mut chance = Seeded::new(&native.core.draw_seed());
        let secret = hadir::base::secret::Secret::new(PASSWORD.to_owned());
        let hash = native.passwords.hash(&secret, &mut chance).expect("hash");
        let login: hadir::base::text::LoginName = login.parse().expect("a login");
        let added = native.core.write(Actor::Operator, "cli", move |tx, call| {
            let id = person::add(tx, call, &profile)?;
            account::set_login(tx, call, Surface::Native, id, &login, &hash)?;
            Ok::<_, Problem>(id)
        });
        added.expect("a person")
    }

    /// Adds a person who does not sign in.
    pub fn add_only(&self, name: &str) -> PersonId {
        let profile = Profile {
            name: name.parse().expect("a name"),
            number: None,
            email: None,
            class: None,
            role: Role::User,
        };
        let core = &self.native().core;
        let added = core.write(Actor::Operator, "cli", move |tx, call| {
            person::add(tx, call, &profile)
        });
        added.expect("a person")
    }

    /// A person as staff see them.
    pub fn person(&self, id: PersonId) -> Person {
        let core = &self.native().core;
        core.read(Actor::Operator, "test", |v, c| person::find(v, c, id))
            .expect("a person")
    }

    /// Everybody, in the order in which they were added.
    pub fn people(&self) -> Vec<Person> {
        let core = &self.native().core;
        let all = core.read(Actor::Operator, "test", |v, c| {
            person::list(v, c, None, 100)
        });
        all.expect("people")
    }

    /// Who is called this.
    pub fn find(&self, name: &str) -> PersonId {
        let found = self.people().into_iter().find(|p| p.name == name);
        found.expect(name).id
    }

    /// A browser that has been nowhere yet, in Indonesian.
    pub fn browser(&self) -> Browser<'_> {
        Browser {
            house: self,
            cookies: BTreeMap::new(),
            language: "id",
            origin: format!("http://{}", self.server.address),
        }
    }

    /// A browser in which this person has signed in.
    pub fn signed_in(&self, login: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.post("/sign-in", &[("login", login), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }
}

/// A browser without scripts.
pub struct Browser<'a> {
    house: &'a House,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
    /// The origin of the page whose forms it sends.
    pub origin: String,
}

fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric();
    text.bytes()
        .map(|b| match b {
            b if plain(b) => char::from(b).to_string(),
            b' ' => "+".to_owned(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

impl Browser<'_> {
    fn ask(&mut self, line: &str, more: &str, body: &str) -> Answer {
        let host = self.house.server.address;
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let cookies = match cookies.join("; ") {
            none if none.is_empty() => String::new(),
            some => format!("Cookie: {some}\r\n"),
        };
        let language = self.language;
        let answers = self.house.server.talk(format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept-Language: {language}\r\n\
             {cookies}{more}\r\n{body}"
        ));
        let answer = answers.into_iter().next().expect("an answer");
        for cookie in answer.headers("set-cookie") {
            let pair = cookie.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Opens a page; does not follow.
    pub fn get(&mut self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), "", "")
    }

    /// Sends a form; does not follow.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = (fields.iter())
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let body = pairs.join("&");
        let origin = match self.origin.as_str() {
            "" => String::new(),
            origin => format!("Origin: {origin}\r\n"),
        };
        let more = format!(
            "{origin}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.ask(&format!("POST {path}"), &more, &body)
    }

    /// Sends what a script sends.
    pub fn bring(&mut self, line: &str, content_type: &str, body: &str) -> Answer {
        let origin = self.origin.clone();
        let more = format!(
            "Origin: {origin}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.ask(line, &more, body)
    }

    /// Opens a page in both languages and looks for sentences of each.
    pub fn says(&mut self, path: &str, indonesian: &[&str], english: &[&str]) {
        for (language, sentences) in [("id", indonesian), ("en", english)] {
            self.language = language;
            let page = self.page(path);
            for sentence in sentences {
                assert!(page.contains(sentence), "{sentence} in {page}");
            }
        }
    }

    /// Opens a page that must be there, and returns it.
    pub fn page(&mut self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        well_formed(&answer.body);
        answer.body
    }
}

/// Where an answer leads to.
pub fn leads(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").expect("a location")
}

/// What is asked of every page: one title, one heading, labels, no inline script or style, no
/// address of another host.
pub fn well_formed(page: &str) {
    let count = |text: &str| page.matches(text).count();
    assert!(page.starts_with("<!DOCTYPE html><html lang=\""), "{page}");
    assert_eq!(count("<h1"), 1, "one heading: {page}");
    assert_eq!(count("<main id=\"content\""), 1, "one main part: {page}");
    assert_eq!(count("<title>"), 1);
    for banned in [
        " style=\"",
        "<style",
        " onclick",
        " onload",
        "javascript:",
        "http://",
        "https://",
    ] {
        // The name of the format of drawings is an address that nobody opens; so are examples in words.
        let text = page.replace("http://www.w3.org/2000/svg", "");
        let text = text
            .replace(" https://contoh.id/", " ")
            .replace(" https://example.id/", " ");
        assert!(!text.contains(banned), "{banned} in {page}");
    }
    for script in page.split("<script").skip(1) {
        let data = script.starts_with(" type=\"application/json\"");
        assert!(data || script.contains(" src=\"/assets/"), "{script}");
    }
    for input in page.split("<input ").skip(1) {
        let tag = input.split('>').next().unwrap_or_default();
        if tag.contains("type=\"hidden\"") || tag.contains("type=\"radio\"") {
            continue;
        }
        let id = tag
            .split("id=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let id = id.unwrap_or_else(|| panic!("an input without an id: {tag}"));
        assert!(
            page.contains(&format!(" for=\"{id}\"")),
            "no label for {id}"
        );
    }
    references(page);
}

fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let mark = format!(" {attribute}=\"");
    let rest = page.split(mark.as_str()).skip(1);
    rest.filter_map(|rest| rest.split('"').next()).collect()
}

/// Ids are there once, and what points to one points to one that is there.
fn references(page: &str) {
    let ids = values(page, "id");
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "the id {id} twice in {page}");
    }
    for attribute in [
        "for",
        "list",
        "aria-labelledby",
        "aria-describedby",
        "data-copy",
    ] {
        for id in values(page, attribute).iter().flat_map(|v| v.split(' ')) {
            assert!(
                ids.contains(&id),
                "{attribute} {id} leads nowhere in {page}"
            );
        }
    }
    for button in page.split("<button").skip(1) {
        let text = button.split("</button>").next().unwrap_or_default();
        let inside = text.split_once('>').map_or("", |(_, inside)| inside);
        assert!(!inside.is_empty(), "a button without a word: {text}");
    }
}
