//! The screen's routes from outside: pairing, pictures, typed numbers, calls for help, events,
//! and what a screen may not.

use super::hall::{Hall, offer};
use crate::support::desk::{Desk, direction, face};
use hadir::base::json::{Value, json};
use hadir::domain::actor::Actor;
use hadir::domain::device::{self, Options};
use hadir::surface::live::Topic;
use hadir::surface::native::Native;
use hadir::vision::frame::FrameError;
use hadir::vision::worker::{EngineError, EngineState};
use std::io::{Read as _, Write as _};

#[test]
fn three_pictures_are_a_decision() {
    let hall = Hall::new();
    hall.desk.enrolled("Budi Santoso", &direction(&[1.0]));
    let shown = || {
        hall.desk
            .faces(vec![face(200.0, 120.0, Some(direction(&[1.0])))])
    };
    let mut last = Value::Null;
    for _ in 0..3 {
        let answer = hall.frame(&shown());
        assert_eq!(answer.status, 200, "{}", answer.body);
        last = answer.json();
        assert_eq!(
            last["seen"]["faces"][0],
            json!([200.0, 100.0, 120.0, 120.0])
        );
    }
    let decision = &last["decisions"][0];
    assert_eq!(
        (&decision["show"], &decision["hold_ms"]),
        (&json!("late"), &json!(6000))
    );
    assert_eq!(decision["liveness"], "not_measured");
    let still = hall.frame(&shown()).json();
    assert_eq!(
        (&still["seen"]["settled"], &still["decisions"]),
        (&json!(true), &json!([]))
    );
    // A moment away is no second visit.
    hall.frame(&hall.desk.nobody());
    for _ in 0..5 {
        assert_eq!(hall.frame(&shown()).json()["decisions"], json!([]));
    }
}

#[test]
fn a_bad_picture_is_refused_and_the_next_one_counts() {
    let hall = Hall::new();
    let bad = hall
        .desk
        .picture(Err(EngineError::Frame(FrameError::Truncated)));
    let answer = hall.frame(&bad);
    assert_eq!(
        (answer.status, &answer.json()["error"]["code"]),
        (422, &json!("bad_picture"))
    );
    assert_eq!(hall.frame(&hall.desk.nobody()).status, 200);
    let panicked = hall.desk.picture(Err(EngineError::Panicked));
    assert_eq!(hall.frame(&panicked).status, 503);
}

#[test]
fn a_code_and_a_number_are_one_check_in_however_often_they_are_sent() {
    let hall = Hall::with(|desk| Options {
        occasion: Some(desk.event()),
        ..Options::default()
    });
    let event = hall.desk.core.read(Actor::Operator, "test", |view, _| {
        device::options(view, hall.screen)
    });
    let event = event.expect("options").occasion.expect("an event");
    let code = hall.desk.ticket(event);
    let body = json!({"nonce": hall.nonce(), "code": code.as_str()});
    let first = hall.post("/api/v1/kiosk/code", &body).json();
    assert_eq!(first["show"], "admitted");
    hall.desk.tick();
    let again = hall.post("/api/v1/kiosk/code", &body).json();
    assert_eq!(first, again, "the same nonce is the same decision");
    let other = json!({"nonce": hall.nonce(), "code": code.as_str()});
    assert_eq!(
        hall.post("/api/v1/kiosk/code", &other).json()["show"],
        "already_ticket"
    );
    let number = json!({"nonce": hall.nonce(), "number": "12345"});
    let unknown = hall.post("/api/v1/kiosk/number", &number).json();
    assert_eq!(
        (&unknown["show"], &unknown["reason"]),
        (&json!("refused"), &json!("unknown_ticket"))
    );
    // Without a face that waits for its digits they are a number like any other.
    let digits = json!({"nonce": hall.nonce(), "number": "2345", "second": true});
    assert_eq!(
        hall.post("/api/v1/kiosk/number", &digits).json()["show"],
        "refused"
    );
}

#[test]
fn what_cannot_be_is_refused_by_its_field() {
    let hall = Hall::new();
    let nonce = hall.nonce();
    let long = "9".repeat(33);
    let table = [
        ("code", json!({"nonce": "short", "code": "A"}), "nonce"),
        ("code", json!({"nonce": nonce, "code": "  "}), "code"),
        ("code", json!({"nonce": nonce}), "code"),
        (
            "code",
            json!({"nonce": nonce, "code": "A", "admit": true}),
            "admit",
        ),
        ("number", json!({"nonce": nonce, "number": long}), "number"),
        ("number", json!({"nonce": nonce, "number": ""}), "number"),
        ("heartbeat", json!({"screen": "<b>"}), "screen"),
        ("heartbeat", json!({"screen": "idle", "name": "x"}), "name"),
    ];
    for (path, body, field) in table {
        let answer = hall.post(&format!("/api/v1/kiosk/{path}"), &body);
        assert_eq!(answer.status, 422, "{path} {body}: {}", answer.body);
        assert_eq!(answer.json()["error"]["field"], field, "{path} {body}");
    }
    assert_eq!(hall.ask("POST", "/api/v1/kiosk/code", b"{").status, 400);
}

#[test]
fn help_reaches_the_desk_once_and_ends_when_staff_come() {
    let hall = Hall::new();
    let live = &hall.desk.core.live;
    let staff = live.listen(&[Topic::Desk]).expect("room");
    for _ in 0..2 {
        assert_eq!(hall.ask("POST", "/api/v1/kiosk/help", b"").status, 204);
    }
    assert_eq!(live.help().len(), 1);
    let told = staff.drain();
    assert_eq!(told.matches("event: help\n").count(), 1, "{told}");
    assert!(told.contains("Pintu utama") && told.contains(&hall.screen.to_string()));
    assert_eq!(
        hall.ask("GET", "/api/v1/kiosk/state", b"").json()["help"],
        true
    );
    assert!(live.answer_help(hall.screen));
    assert_eq!(
        hall.ask("GET", "/api/v1/kiosk/state", b"").json()["help"],
        false
    );
}

#[test]
fn a_heartbeat_is_noted_and_answered_with_how_the_screen_is_to_be() {
    let hall = Hall::new();
    let now = hall.desk.core.clock.stamp().at;
    assert!(!hall.desk.core.live.is_present(hall.screen, now));
    let beat = json!({"screen": "idle", "frame_age_ms": 40, "memory_bytes": null});
    let state = hall.post("/api/v1/kiosk/heartbeat", &beat).json();
    assert!(hall.desk.core.live.is_present(hall.screen, now));
    assert_eq!(
        hall.desk.core.live.sign(hall.screen).map(|s| s.screen),
        Some("idle".to_owned())
    );
    let wanted = [
        ("open", json!(true)),
        ("camera", json!("browser")),
        ("language", json!("id")),
        ("occasion", Value::Null),
        ("direction", json!("entry")),
        ("faces", json!(true)),
        ("zone", json!("Asia/Jakarta")),
        ("version", json!(env!("CARGO_PKG_VERSION"))),
    ];
    for (field, value) in wanted {
        assert_eq!(state[field], value, "{field}");
    }
}

/// The box's own camera is seen by a browser on the box itself, and only where it has one.
#[test]
fn the_box_s_own_camera_is_for_the_box_s_own_screen() {
    let hall = Hall::new();
    assert_eq!(hall.ask("GET", "/api/v1/kiosk/preview", b"").status, 404);
    let camera = hall.desk.device();
    hall.desk.core.live.set_box_camera(camera);
    let state = hall.ask("GET", "/api/v1/kiosk/state", b"").json();
    assert_eq!(state["camera"], "box");
    // Whoever comes through another machine does not stand before the box's camera.
    let far = format!(
        "Cookie: hadir_device={}\r\nX-Forwarded-For: 192.0.2.7\r\n",
        hall.token
    );
    let answer = hall.send("GET", "/api/v1/kiosk/preview", &far, b"");
    assert_eq!(answer.status, 404);
    let answer = hall.send("GET", "/api/v1/kiosk/state", &far, b"").json();
    assert_eq!(answer["camera"], "browser");
    let mut stream = std::net::TcpStream::connect(hall.server.address).expect("connect");
    let limit = Some(crate::support::LONG);
    stream.set_read_timeout(limit).expect("a limit");
    let ask = format!(
        "GET /api/v1/kiosk/events HTTP/1.1\r\nHost: box\r\nCookie: hadir_device={}\r\n\r\n",
        hall.token
    );
    stream.write_all(ask.as_bytes()).expect("written");
    let mut heard = String::new();
    let mut told = false;
    while !heard.contains("event: seen") {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).expect("events in time");
        assert_ne!(count, 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
        if !told && heard.contains("event: hello") {
            told = true;
            hall.desk
                .core
                .live
                .tell(Topic::Screen(camera), "seen", &json!({"faces": []}));
        }
    }
    assert!(
        heard.starts_with("HTTP/1.1 200") && heard.contains("text/event-stream"),
        "{heard}"
    );
}

/// The pictures of the box's camera come as they are, one part each; a screen that is not on the
/// box gets none, and one that stops listening is forgotten.
#[test]
fn the_box_s_pictures_reach_its_own_screen() {
    let hall = Hall::new();
    let camera = hall.desk.device();
    hall.desk.core.live.set_box_camera(camera);
    let mut stream = std::net::TcpStream::connect(hall.server.address).expect("connect");
    let limit = Some(crate::support::LONG);
    stream.set_read_timeout(limit).expect("a limit");
    let ask = format!(
        "GET /api/v1/kiosk/preview HTTP/1.1\r\nHost: box\r\nCookie: hadir_device={}\r\n\r\n",
        hall.token
    );
    stream.write_all(ask.as_bytes()).expect("written");
    let live = &hall.desk.core.live;
    crate::support::eventually(crate::support::LONG, "somebody watches", || {
        live.listeners(Topic::Preview(camera)) == 1
    });
    let picture = b"\xff\xd8 one picture \xff\xd9";
    live.show(camera, picture);
    live.show(hall.desk.device(), b"another camera's");
    live.show(camera, b"\xff\xd8 the next \xff\xd9");
    let mut heard = Vec::new();
    while !heard.windows(8).any(|w| w == b"the next") {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).expect("pictures in time");
        assert_ne!(count, 0);
        heard.extend_from_slice(&bytes[..count]);
    }
    let text = String::from_utf8_lossy(&heard);
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(text.contains("multipart/x-mixed-replace; boundary=hadir-picture"));
    let whole = |part: &[u8]| heard.windows(part.len()).any(|w| w == part);
    let head = format!(
        "--hadir-picture\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
        picture.len()
    );
    assert!(whole(&[head.as_bytes(), picture].concat()), "{text}");
    assert!(!whole(b"another camera's"));
    drop(stream);
    crate::support::eventually(crate::support::LONG, "nobody watches any more", || {
        live.show(camera, picture);
        live.listeners(Topic::Preview(camera)) == 0
    });
}

#[test]
fn the_page_is_the_form_until_it_is_paired() {
    let hall = Hall::new();
    let form = hall.send("GET", "/kiosk", "", b"");
    assert_eq!(form.status, 200);
    assert!(form.body.contains("action=\"/kiosk/pair\"") && !form.body.contains("kiosk.js"));
    let page = hall.ask("GET", "/kiosk", b"");
    assert_eq!(page.status, 200);
    for part in [
        "kiosk.js",
        "id=\"words\"",
        "id=\"sign-turn_left\"",
        "Silakan berdiri",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(!page.body.contains("style=") && !page.body.contains("onclick"));
    for name in [
        "kiosk.js",
        "kiosk.css",
        "kiosk_state.js",
        "kiosk_camera.js",
        "kiosk_sound.js",
        "desk_nonce.js",
    ] {
        assert_eq!(
            hall.send("GET", &format!("/assets/{name}"), "", b"").status,
            200,
            "{name}"
        );
    }
    let aim = hall.ask("GET", "/kiosk?aim", b"");
    assert!(aim.body.contains("id=\"ruler\""));
}

#[test]
fn the_site_s_logo_is_on_the_screen() {
    let with = |logo: Option<String>| {
        let desk = Desk::ruled(EngineState::On, |rules| rules.logo = logo);
        Hall::of(desk).ask("GET", "/kiosk", b"").body
    };
    let page = with(Some("0123abcd".to_owned()));
    assert!(page.contains("<img class=\"logo\" src=\"/logo?v=0123abcd\" alt=\"\">"));
    assert!(!with(None).contains("class=\"logo\""));
}

#[test]
fn wrong_codes_are_told_in_words_and_run_out() {
    let hall = Hall::new();
    let (_, code) = offer(&hall.desk, Options::default());
    for n in 0..5 {
        let wrong = hall.pair("ABCD2345");
        assert!([422, 429].contains(&wrong.status), "{n}: {}", wrong.status);
        if wrong.status == 422 {
            assert!(
                wrong.body.contains("Kode ini tidak berlaku."),
                "{}",
                wrong.body
            );
        } else {
            assert!(n > 0, "the first try is answered");
        }
        assert_eq!(wrong.header("set-cookie"), None);
    }
    let late = hall.pair(&code);
    assert!([422, 429].contains(&late.status), "after five wrong ones");
    assert_eq!(late.header("set-cookie"), None);
}

/// A screen reads no lists and no names; strangers and revoked screens get nothing of it.
#[test]
fn a_screen_has_its_own_rights_and_loses_them_at_once() {
    let hall = Hall::new();
    let routes = Native::routes();
    let own: Vec<_> = routes
        .iter()
        .filter(|r| r.path.starts_with("/api/v1/kiosk/"))
        .collect();
    assert!(own.len() >= 9);
    for route in &own {
        let answer = hall.send(route.method.word(), route.path, "", b"");
        assert_eq!(answer.status, 401, "{} without a token", route.path);
    }
    for path in ["/api/v1/people", "/api/v1/devices", "/api/v1/sessions"] {
        let status = hall.ask("GET", path, b"").status;
        assert!([401, 403, 404, 405].contains(&status), "{path}: {status}");
    }
    let other = format!(
        "Cookie: hadir_device={}\r\nOrigin: http://evil\r\n",
        hall.token
    );
    let cross = hall.send("POST", "/api/v1/kiosk/help", &other, b"");
    assert_eq!(
        cross.status, 403,
        "another origin's page with the screen's cookie"
    );
    let screen = hall.screen;
    hall.desk
        .core
        .write(Actor::Operator, "test", move |tx, call| {
            device::revoke(tx, call, screen)
        })
        .expect("revoked");
    for route in own {
        let body: &[u8] = if route.body_bytes_max > 0 { b"{}" } else { b"" };
        let answer = hall.ask(route.method.word(), route.path, body);
        let code = &answer.json()["error"]["code"];
        assert_eq!(
            (answer.status, code),
            (401, &json!("device_revoked")),
            "{}",
            route.path
        );
    }
    let page = hall.ask("GET", "/kiosk", b"");
    assert!(
        page.body.contains("action=\"/kiosk/pair\""),
        "it may be paired again"
    );
}
