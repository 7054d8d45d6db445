//! Whoever loses a right loses the open streams with it, within a second and whichever way the
//! right was taken: by the interface, by a page, by a command.

use crate::ops::client::{Client, Listening, pair, person};
use crate::support::boxed::TestBox;
use crate::support::desk::Desk;
use crate::support::program::root;
use crate::support::scratch::Scratch;
use hadir::base::id::{DeviceId, PersonId, SessionId};
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::device::{self, Answer};
use hadir::domain::identity::{account, person as people, role, session};
use hadir::domain::surface::Surface;
use hadir::http::stream::Stream;
use hadir::store::Tx;
use hadir::surface::live::{Owner, Topic};
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(1);

/// The stream ended by what was done and not by the next sign of life, and in time.
fn ended(stream: &Listening, what: &str) {
    let took = stream.end(what);
    assert!(
        !stream.read().contains("event: pulse"),
        "{what}: {}",
        stream.read()
    );
    assert!(took < WITHIN, "{what} took {took:?}");
}

/// A box with a camera of its own, so that there are pictures to watch.
fn with_camera(camera: &Scratch) -> TestBox {
    let picture = root().join("tests/reference/none_320x240.jpg");
    camera.write("a.jpg", std::fs::read(picture).expect("a picture"));
    TestBox::new(&format!(
        "[camera]\nsource = \"files:{}\"\npause_ms = 50\n",
        camera.dir().display()
    ))
}

#[test]
fn a_revoked_device_loses_its_next_request_its_events_and_its_pictures() {
    let camera = Scratch::new();
    let subject = with_camera(&camera);
    person(&subject, "kepala", "admin");
    let daemon = subject.serve();
    let address = daemon.address();
    let admin = Client::signed_in(&address, "kepala");
    let (other, token) = pair(&subject, &address, "kiosk");
    let stays = Client::device(&address, &token).listen("/api/v1/kiosk/events");
    for way in ["interface", "page", "command"] {
        let (id, token) = pair(&subject, &address, "kiosk");
        let screen = Client::device(&address, &token);
        let events = screen.listen("/api/v1/kiosk/events");
        let pictures = screen.listen("/api/v1/kiosk/preview");
        assert_eq!(screen.ask("GET", "/api/v1/session", "").status, 200);
        match way {
            "interface" => {
                let path = format!("/api/v1/devices/{id}");
                assert_eq!(admin.ask("DELETE", &path, "").status, 204);
            }
            "page" => {
                let path = format!("/devices/{id}/revoke");
                assert_eq!(admin.ask("POST", &path, "").status, 303);
            }
            _ => assert_eq!(subject.json(&["device", "revoke", &id])["revoked"], true),
        }
        let refused = screen.ask("GET", "/api/v1/session", "");
        assert_eq!(refused.status, 401, "{way}");
        assert_eq!(refused.body["error"]["code"], "device_revoked", "{way}");
        ended(&events, way);
        ended(&pictures, way);
    }
    assert!(!stays.has_ended(), "{other} was not revoked");
}

#[test]
fn a_session_that_ends_takes_the_desk_s_stream_along() {
    let subject = TestBox::new("");
    person(&subject, "kepala", "admin");
    let helpers = ["satu", "dua", "tiga", "empat", "lima"];
    let ids = helpers.map(|login| person(&subject, login, "committee"));
    let daemon = subject.serve();
    let address = daemon.address();
    let admin = Client::signed_in(&address, "kepala");
    let clients = helpers.map(|login| Client::signed_in(&address, login));
    let streams = clients.each_ref().map(|c| c.listen("/api/v1/desk/events"));
    let elsewhere = Client::signed_in(&address, "satu").listen("/api/v1/desk/events");
    assert_eq!(clients[0].ask("DELETE", "/api/v1/session", "").status, 204);
    ended(&streams[0], "signed out");
    assert!(!elsewhere.has_ended(), "the other session goes on");
    let all = format!("/api/v1/people/{}/sessions", ids[1]);
    assert_eq!(admin.ask("DELETE", &all, "").status, 204);
    ended(&streams[1], "signed out everywhere");
    let disable = format!("/api/v1/people/{}/disable", ids[2]);
    assert_eq!(admin.ask("POST", &disable, "").status, 200);
    ended(&streams[2], "disabled");
    subject.json(&["person", "erase", &ids[3]]);
    ended(&streams[3], "erased");
    let demote = format!("/api/v1/people/{}/role", ids[4]);
    assert!(admin.ask("PUT", &demote, "{\"role\":\"user\"}").status < 300);
    ended(&streams[4], "without the role");
    for client in &clients[..4] {
        assert_eq!(client.ask("GET", "/api/v1/desk/events", "").status, 401);
    }
    assert_eq!(clients[4].ask("GET", "/api/v1/desk/events", "").status, 403);
    assert!(!elsewhere.has_ended());
}

/// A box in this process, with a helper who has two sessions and a screen that is paired.
struct Hall {
    desk: Desk,
    helper: PersonId,
    sessions: [SessionId; 2],
    screen: DeviceId,
}

impl Hall {
    fn new() -> Self {
        let desk = Desk::new();
        let helper = desk.person("Sari");
        let open = || {
            let opened = desk.core.write(Actor::Stranger, "test", move |tx, call| {
                session::open(tx, call, helper, Surface::Native, "", "")
            });
            opened.expect("a session").id
        };
        let (sessions, screen) = ([open(), open()], desk.device());
        Self {
            desk,
            helper,
            sessions,
            screen,
        }
    }

    fn open(&self, session: Option<usize>, device: bool) -> Stream {
        let owner = Owner {
            device: device.then_some(self.screen),
            session: session.map(|n| self.sessions[n]),
            person: session.map(|_| self.helper),
        };
        let stream = self.desk.core.live.listen_as(owner, &[Topic::Desk]);
        stream.expect("room")
    }

    fn act<E>(
        &self,
        act: impl Fn(&Tx<'_>, &mut hadir::domain::site::Call<'_>) -> Result<(), E> + Send + 'static,
    ) where
        E: std::fmt::Debug + From<hadir::store::Error> + Send + 'static,
    {
        self.desk
            .core
            .write(Actor::Operator, "test", act)
            .expect("done");
    }
}

/// Which streams end with which deed: the first and the second session's, the screen's. No time
/// passes and no sign of life is given: it is the deed that ends them, before its answer.
#[test]
fn a_deed_ends_its_streams_before_it_is_answered() {
    type Deed = fn(&Hall);
    let table: [(&str, Deed, [bool; 3]); 8] = [
        (
            "one session",
            |h| {
                let id = h.sessions[0];
                h.act(move |tx, call| session::end(tx, call, id));
            },
            [true, false, false],
        ),
        (
            "all sessions",
            |h| {
                let p = h.helper;
                h.act(move |tx, call| session::end_all(tx, call, p).map(|_| ()));
            },
            [true, true, false],
        ),
        (
            "disabled",
            |h| {
                let p = h.helper;
                h.act(move |tx, call| people::set_enabled(tx, call, p, false));
            },
            [true, true, false],
        ),
        (
            "erased",
            |h| {
                let p = h.helper;
                h.act(move |tx, call| people::erase(tx, call, p));
            },
            [true, true, false],
        ),
        (
            "a role",
            |h| {
                let p = h.helper;
                h.act(move |tx, call| {
                    role::give(tx, call, p, Surface::Native, Role::Committee, None)
                });
            },
            [true, true, false],
        ),
        (
            "a password",
            |h| {
                let p = h.helper;
                h.act(move |tx, call| {
                    let sari = "sari"
                        .parse::<hadir::base::text::LoginName>()
                        .expect("a login");
                    account::set_login(tx, call, Surface::Native, p, &sari, "hash")
                });
            },
            [true, true, false],
        ),
        (
            "revoked",
            |h| {
                let d = h.screen;
                h.act(move |tx, call| device::revoke(tx, call, d));
            },
            [false, false, true],
        ),
        (
            "nothing",
            |h| {
                h.desk.event();
            },
            [false; 3],
        ),
    ];
    for (name, deed, end) in table {
        let hall = Hall::new();
        let streams = [
            hall.open(Some(0), false),
            hall.open(Some(1), false),
            hall.open(None, true),
        ];
        assert!(streams.iter().all(|s| !s.has_ended()));
        deed(&hall);
        let got = streams.each_ref().map(Stream::has_ended);
        assert_eq!(got, end, "{name}");
    }
}

#[test]
fn a_device_that_pairs_anew_ends_the_streams_of_its_old_token() {
    let hall = Hall::new();
    let (screen, core) = (hall.screen, &hall.desk.core);
    let stream = hall.open(None, true);
    let code = core.write(Actor::Operator, "test", move |tx, call| {
        device::offer_again(tx, call, screen)
    });
    let code = code.expect("a code");
    assert!(
        !stream.has_ended(),
        "the old token is in force until the new one is there"
    );
    let paired = core.write(Actor::Stranger, "test", move |tx, call| {
        device::redeem(tx, call, code.expose(), "127.0.0.1")
    });
    assert!(matches!(paired, Ok(Answer::Paired(..))));
    assert!(stream.has_ended());
}

/// A call for help stands until somebody comes; nobody comes to a screen that is no more.
#[test]
fn a_revoked_screen_calls_no_more() {
    let hall = Hall::new();
    let (screen, core) = (hall.screen, &hall.desk.core);
    let desk = hall.open(Some(0), false);
    assert!(core.live.call_help(screen, core.clock.stamp().at).is_some());
    hall.act(move |tx, call| device::revoke(tx, call, screen));
    assert_eq!(core.live.help(), []);
    assert!(desk.drain().contains("event: helped"));
}

#[test]
fn a_session_whose_time_is_over_ends_its_streams_at_the_next_sign_of_life() {
    let hall = Hall::new();
    let core = &hall.desk.core;
    let streams = [hall.open(Some(0), false), hall.open(None, true)];
    hall.desk
        .clock
        .advance(Span::from_seconds(23 * 3600).as_millis());
    core.pulse();
    assert_eq!(streams.each_ref().map(Stream::has_ended), [false, false]);
    hall.desk
        .clock
        .advance(Span::from_seconds(2 * 3600).as_millis());
    core.pulse();
    assert_eq!(streams.each_ref().map(Stream::has_ended), [true, false]);
}
