//! The desk over HTTP on the built program: who gets the page and the state, what a scan does
//! to both, reports and walk-ins.

use super::prepare::{Prepared, code_of};
use crate::support::boxed::{Daemon, TestBox};
use hadir::base::json::{Value, decode, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A desk that speaks HTTP.
struct Desk {
    subject: TestBox,
    daemon: Daemon,
    prepared: Prepared,
}

impl Desk {
    fn new() -> Self {
        let subject = TestBox::without_key("");
        let prepared = Prepared::with(&subject, 1, 3);
        let daemon = subject.serve();
        Self {
            subject,
            daemon,
            prepared,
        }
    }

    /// Sends a request as the desk's device; gives status, head and body.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, String, String) {
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(self.daemon.address()).expect("connect");
        let limit = Some(Duration::from_secs(30));
        stream.set_read_timeout(limit).expect("limit");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: box\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
            self.prepared.tokens[0],
            text.len()
        )
        .expect("write");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
        (
            status.expect("a status"),
            head.to_ascii_lowercase(),
            body.to_owned(),
        )
    }

    fn json(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, _, text) = self.ask(method, path, body);
        let value = decode(text.as_bytes(), 1024 * 1024);
        (status, value.unwrap_or_else(|e| panic!("{e}: {text}")))
    }

    fn state(&self) -> Value {
        let path = format!("/api/v1/desk/state?occasion={}", self.prepared.event);
        let (status, state) = self.json("GET", &path, None);
        assert_eq!(status, 200, "{state}");
        state
    }
}

const FIRST: &str = "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2";
const SECOND: &str = "01JD5Z3N8GQ4X6V7W8Y9Z0A1B3";

#[test]
fn the_page_and_all_that_it_loads_are_served_and_to_staff_only() {
    let desk = Desk::new();
    let path = format!("/desk?occasion={}", desk.prepared.event);
    let (status, head, page) = desk.ask("GET", &path, None);
    assert_eq!(status, 200, "{page}");
    assert!(head.contains("text/html"), "{head}");
    assert!(
        page.contains("Wisuda") && page.contains("data-occasion=\"event:"),
        "{page}"
    );
    assert!(
        !page.contains("id=\"walk-in\""),
        "a device makes no tickets"
    );
    let (_, _, choice) = desk.ask("GET", "/desk", None);
    assert!(choice.contains(&path.replace('&', "&amp;")), "{choice}");
    let scripts = [
        "", "_card", "_decode", "_line", "_nonce", "_queue", "_repeat", "_scan",
    ];
    let more = ["_show", "_sound", "_store", "_wedge"];
    for name in scripts.iter().chain(&more) {
        let (status, head, _) = desk.ask("GET", &format!("/assets/desk{name}.js"), None);
        assert_eq!(status, 200, "{name}");
        assert!(head.contains("text/javascript"), "{name}: {head}");
    }
    for name in ["decode.js", "index.js"] {
        let (status, head, _) = desk.ask("GET", &format!("/assets/qr-0.7.0/{name}"), None);
        assert_eq!(status, 200, "{name}");
        assert!(head.contains("immutable"), "{name}: {head}");
    }
    assert_eq!(desk.ask("GET", "/assets/qr-0.7.0/LICENSE-MIT", None).0, 404);
    assert_eq!(desk.daemon.get("/api/v1/desk/state").0, 401);
    assert_eq!(desk.ask("GET", "/desk?occasion=tomorrow", None).0, 422);
}

#[test]
fn a_scan_is_in_the_list_and_the_numbers_and_leaves_both_when_undone() {
    let desk = Desk::new();
    let before = desk.state();
    assert_eq!(before["counts"]["expected"], 3, "{before}");
    assert_eq!(before["recent"], json!([]));
    let scan = json!({"nonce": FIRST, "occasion": desk.prepared.event, "code": code_of(0)});
    let (status, decision) = desk.json("POST", "/api/v1/check-ins", Some(&scan));
    assert_eq!(
        (status, &decision["verdict"]),
        (200, &json!("admitted")),
        "{decision}"
    );
    let state = desk.state();
    assert_eq!(state["recent"][0]["nonce"], FIRST, "{state}");
    assert_eq!(state["counts"]["inside"], 1);
    assert_eq!(state["counts"]["per_ten_minutes"][0]["entries"], 1);
    let why = json!({"reason": "double"});
    let (status, undone) = desk.json(
        "POST",
        &format!("/api/v1/check-ins/{FIRST}/undo"),
        Some(&why),
    );
    assert_eq!(status, 200, "{undone}");
    let state = desk.state();
    assert_eq!(state["recent"][0]["undone"], true, "{state}");
    assert_eq!(state["counts"]["inside"], 0);
    assert_eq!(state["counts"]["per_ten_minutes"], json!([]));
}

#[test]
fn a_report_stands_for_the_scan_that_was_not_answered() {
    let desk = Desk::new();
    let scan = json!({"nonce": FIRST, "occasion": desk.prepared.event, "code": code_of(1)});
    assert_eq!(desk.json("POST", "/api/v1/check-ins", Some(&scan)).0, 200);
    let mut report = scan;
    report["instead_of"] = json!(FIRST);
    report["nonce"] = json!(SECOND);
    report["happened_at_ms"] = json!(1_795_226_400_000_i64);
    let (status, stands) = desk.json("POST", "/api/v1/desk/reports", Some(&report));
    assert_eq!(status, 200, "{stands}");
    assert_eq!(
        (&stands["nonce"], &stands["mode"]),
        (&json!(FIRST), &json!("online"))
    );
    assert_eq!(desk.state()["counts"]["admitted"], 1);
    // The same for a scan that never arrived.
    report["code"] = json!(code_of(2));
    report["instead_of"] = json!("01JD5Z3N8GQ4X6V7W8Y9Z0A1B4");
    let (status, kept) = desk.json("POST", "/api/v1/desk/reports", Some(&report));
    assert_eq!(status, 200, "{kept}");
    assert_eq!(
        (&kept["nonce"], &kept["mode"]),
        (&json!(SECOND), &json!("offline"))
    );
    assert_eq!(desk.state()["counts"]["admitted"], 2);
    report["more"] = json!(1);
    let (status, refused) = desk.json("POST", "/api/v1/desk/reports", Some(&report));
    assert_eq!((status, &refused["error"]["field"]), (422, &json!("more")));
}

#[test]
fn a_desk_device_is_refused_walk_ins() {
    let desk = Desk::new();
    let wish =
        json!({"nonce": FIRST, "occasion": desk.prepared.event, "code": "7K3M9QXW2P4R8T6V5YAB"});
    let (status, refused) = desk.json("POST", "/api/v1/desk/walk-ins", Some(&wish));
    assert_eq!(
        (status, &refused["error"]["code"]),
        (403, &json!("forbidden")),
        "{refused}"
    );
}

#[test]
fn people_are_found_from_three_letters_and_admitted_by_picking_them() {
    let desk = Desk::new();
    let search = |text: &str| {
        let path = format!("/api/v1/desk/search?occasion=today&q={text}");
        desk.json("GET", &path, None)
    };
    let (status, few) = search("bu");
    assert_eq!(
        (status, &few["error"]["field"]),
        (422, &json!("q")),
        "{few}"
    );
    let (_, namesakes) = search("san%20bud");
    let classes: Vec<_> = namesakes["items"]
        .as_array()
        .expect("items")
        .iter()
        .collect();
    let classes: Vec<_> = classes.iter().map(|hit| hit["class"].clone()).collect();
    assert_eq!(classes, [json!("X IPA 1"), json!("X IPA 2")], "{namesakes}");
    assert_eq!(search("nobody").1["items"], json!([]));
    let (_, found) = search("2026-003");
    let hit = &found["items"][0];
    assert_eq!(
        (&hit["name"], &hit["inside"]),
        (&json!("Sinta Dewi Lestari"), &json!(false))
    );
    assert_eq!(hit["tickets"], Value::Null);
    let scan = json!({"nonce": FIRST, "occasion": "today", "person": hit["person"]});
    let (status, decision) = desk.json("POST", "/api/v1/check-ins", Some(&scan));
    assert_eq!(
        (status, &decision["verdict"]),
        (200, &json!("admitted")),
        "{decision}"
    );
    assert_eq!(decision["name"], "Sinta Dewi Lestari");
    let (_, found) = search("lestari");
    assert_eq!(found["items"][0]["inside"], true, "{found}");
    assert_eq!(found["items"][0]["first_at_ms"], decision["at_ms"]);
    let (_, state) = desk.json("GET", "/api/v1/desk/state?occasion=today", None);
    assert_eq!(state["counts"]["expected"], 4, "{state}");
    assert_eq!(state["recent"][0]["name"], "Sinta Dewi Lestari");
}

/// An event stream that stays open; what it says is read line by line.
struct Events(std::io::BufReader<TcpStream>);

impl Events {
    fn open(desk: &Desk) -> Self {
        let mut stream = TcpStream::connect(desk.daemon.address()).expect("connect");
        let limit = Some(Duration::from_secs(30));
        stream.set_read_timeout(limit).expect("limit");
        write!(
            stream,
            "GET /api/v1/desk/events?occasion={} HTTP/1.1\r\nHost: box\r\nAuthorization: Bearer {}\r\n\r\n",
            desk.prepared.event, desk.prepared.tokens[0]
        )
        .expect("write");
        Self(std::io::BufReader::new(stream))
    }

    /// Whether the stream ends before the second sign of life from here on: one comes every ten
    /// seconds, and may have come while the test did something else.
    fn ends(mut self) -> bool {
        let mut line = String::new();
        let mut pulses = 0;
        loop {
            line.clear();
            let read = std::io::BufRead::read_line(&mut self.0, &mut line).expect("a line");
            pulses += u32::from(line.starts_with("event: pulse"));
            if read == 0 || pulses > 1 {
                return read == 0;
            }
        }
    }

    /// The data of the next event of this name.
    fn next(&mut self, name: &str) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            let read = std::io::BufRead::read_line(&mut self.0, &mut line).expect("a line");
            assert!(read > 0, "the stream has ended before {name}");
            if line.trim_end() == format!("event: {name}") {
                line.clear();
                std::io::BufRead::read_line(&mut self.0, &mut line).expect("a line");
                let data = line.trim_end().strip_prefix("data: ").expect("data");
                return decode(data.as_bytes(), 65536).expect("json");
            }
        }
    }
}

#[test]
fn an_open_desk_hears_of_scans_undos_and_calls_at_once() {
    let desk = Desk::new();
    let mut events = Events::open(&desk);
    events.next("hello");
    let scan = json!({"nonce": FIRST, "occasion": desk.prepared.event, "code": code_of(0)});
    assert_eq!(desk.json("POST", "/api/v1/check-ins", Some(&scan)).0, 200);
    let told = events.next("decision");
    assert_eq!(
        (&told["nonce"], &told["verdict"]),
        (&json!(FIRST), &json!("admitted"))
    );
    let why = json!({"reason": "test"});
    assert_eq!(
        desk.json(
            "POST",
            &format!("/api/v1/check-ins/{FIRST}/undo"),
            Some(&why)
        )
        .0,
        200
    );
    assert_eq!(events.next("undo")["nonce"], FIRST);
    assert_eq!(desk.ask("POST", "/api/v1/kiosk/help", None).0, 204);
    let device = events.next("help")["device"]
        .as_str()
        .expect("a device")
        .to_owned();
    let calls = desk.state()["help"].clone();
    assert_eq!(
        (&calls[0]["device"], &calls[0]["name"]),
        (&json!(device), &json!("Meja 0"))
    );
    let answer = format!("/api/v1/desk/help/{device}/answer");
    assert_eq!(desk.ask("POST", &answer, None).0, 204);
    assert_eq!(events.next("helped")["device"], device);
    assert_eq!(desk.state()["help"], json!([]));
    assert_eq!(
        desk.ask("POST", &answer, None).0,
        404,
        "somebody else was there first"
    );
}

/// Names go over the stream: it ends with the right to see them.
#[test]
fn the_stream_of_a_desk_ends_when_it_is_revoked() {
    let desk = Desk::new();
    let mut events = Events::open(&desk);
    events.next("hello");
    let devices = desk.subject.json(&["device", "list"]);
    let id = devices["devices"][0]["device"].as_str().expect("a device");
    desk.subject.json(&["device", "revoke", id]);
    assert!(events.ends());
    assert_eq!(desk.ask("GET", "/api/v1/desk/state", None).0, 401);
}

#[test]
fn who_was_in_already_is_told_with_where_and_when() {
    let desk = Desk::new();
    let scan = |nonce: &str| {
        let body = json!({"nonce": nonce, "occasion": "today", "number": "2026-003"});
        let (status, decision) = desk.json("POST", "/api/v1/check-ins", Some(&body));
        assert_eq!(status, 200, "{decision}");
        decision
    };
    let first = scan(FIRST);
    assert_eq!(scan(SECOND)["verdict"], "already");
    let path = |nonce: &str| format!("/api/v1/desk/history/{nonce}");
    let (status, told) = desk.json("GET", &path(SECOND), None);
    assert_eq!(status, 200, "{told}");
    assert_eq!(
        (&told["class"], &told["number"]),
        (&json!("X IPA 1"), &json!("2026-003"))
    );
    let items = told["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "{told}");
    assert_eq!(
        (&items[0]["nonce"], &items[0]["at_ms"], &items[0]["device"]),
        (&json!(FIRST), &first["at_ms"], &json!("Meja 0"))
    );
    assert_eq!(
        (&items[0]["gate"], &items[0]["staff"]),
        (&Value::Null, &Value::Null)
    );
    let (_, own) = desk.json("GET", &path(FIRST), None);
    assert_eq!(own["items"], json!([]), "not itself");
    let (status, missing) = desk.json("GET", &path("01JD5Z3N8GQ4X6V7W8Y9Z0A1B9"), None);
    assert_eq!(
        (status, &missing["error"]["code"]),
        (404, &json!("no_visit"))
    );
}

#[test]
fn a_steward_s_desk_may_not_overrule() {
    let desk = Desk::new();
    let wish = json!({"nonce": SECOND, "instead_of": FIRST, "remark": "Tas tertinggal"});
    let (status, refused) = desk.json("POST", "/api/v1/desk/overrides", Some(&wish));
    assert_eq!(
        (status, &refused["error"]["code"]),
        (403, &json!("forbidden")),
        "{refused}"
    );
    let wordless = json!({"nonce": SECOND, "instead_of": FIRST, "remark": ""});
    let (status, refused) = desk.json("POST", "/api/v1/desk/overrides", Some(&wordless));
    assert_eq!(
        (status, &refused["error"]["field"]),
        (422, &json!("remark")),
        "{refused}"
    );
}

#[test]
fn a_hit_names_the_entry_that_an_undo_takes_back() {
    let desk = Desk::new();
    let hit = || {
        let (_, found) = desk.json("GET", "/api/v1/desk/search?occasion=today&q=lestari", None);
        found["items"][0].clone()
    };
    assert_eq!(hit()["visit"], Value::Null);
    let scan = json!({"nonce": FIRST, "occasion": "today", "person": hit()["person"]});
    let (_, decision) = desk.json("POST", "/api/v1/check-ins", Some(&scan));
    let inside = hit();
    assert_eq!(
        (&inside["visit"], &inside["entry_at_ms"]),
        (&json!(FIRST), &decision["at_ms"])
    );
    let undo = format!("/api/v1/check-ins/{FIRST}/undo");
    let (status, refused) = desk.json("POST", &undo, Some(&json!({"reason": "other"})));
    assert_eq!(
        (status, &refused["error"]["code"]),
        (400, &json!("remark_missing"))
    );
    let why = json!({"reason": "left_at_once"});
    assert_eq!(desk.json("POST", &undo, Some(&why)).0, 200);
    let outside = hit();
    assert_eq!(
        (&outside["inside"], &outside["visit"]),
        (&json!(false), &Value::Null)
    );
}

#[test]
fn the_numbers_are_told_by_gate() {
    let desk = Desk::new();
    let scan = json!({"nonce": FIRST, "occasion": desk.prepared.event, "code": code_of(0)});
    assert_eq!(desk.json("POST", "/api/v1/check-ins", Some(&scan)).0, 200);
    let gates = desk.state()["counts"]["per_gate"].clone();
    assert_eq!(gates, json!([{"gate": "Meja 0", "entries": 1}]));
}

#[test]
fn what_the_page_offers_is_what_its_device_may() {
    let desk = Desk::new();
    let path = format!("/desk?occasion={}", desk.prepared.event);
    let (_, _, page) = desk.ask("GET", &path, None);
    assert!(page.contains("data-report=\"yes\""), "{page}");
    assert!(page.contains("data-override=\"no\""), "{page}");
    assert!(!page.contains("id=\"override\""));
    for name in ["_gone", "_leave", "_left", "_search"] {
        let (status, _, _) = desk.ask("GET", &format!("/assets/desk{name}.js"), None);
        assert_eq!(status, 200, "{name}");
    }
}
