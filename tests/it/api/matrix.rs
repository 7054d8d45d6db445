//! Who may call which route, written by hand and called completely: every route of the document
//! for a stranger, people of each role and devices of each access.

use super::house::{House, Key};
use hadir::domain::actor::{DeviceAccess, Role};
use hadir::http::route::Access;
use hadir::surface::api::entry::{Answer, Body, Entry, Form};
use hadir::surface::document;
use hadir::surface::live::PREVIEW_TYPE;
use std::collections::BTreeMap;

/// Columns: stranger; user, developer, teacher, committee, admin; scan, desk, supervise.
/// `x` is let in, `1` is 401, `3` is 403.
const TABLE: &[(&str, &str)] = &[
    ("POST /api/v1/session", "1xxxx xxxx"),
    ("GET /api/v1/session", "1xxxx xxxx"),
    ("DELETE /api/v1/session", "1xxxx x111"),
    ("GET /api/v1/sessions", "1xxxx x111"),
    ("DELETE /api/v1/sessions/{session}", "1xxxx x111"),
    ("GET /api/v1/me/second-factor", "1xxxx x111"),
    ("PUT /api/v1/me/second-factor", "1xxxx x111"),
    ("POST /api/v1/me/second-factor/secret", "1xxxx x111"),
    ("POST /api/v1/me/second-factor/codes", "1xxxx x111"),
    ("POST /api/v1/me/second-factor/off", "1xxxx x111"),
    ("DELETE /api/v1/people/{person}/second-factor", "13333 x111"),
    ("GET /api/v1/people", "133xx x111"),
    ("POST /api/v1/people", "13333 x111"),
    ("POST /api/v1/people/import", "13333 x111"),
    ("GET /api/v1/people/{person}", "133xx x111"),
    ("PATCH /api/v1/people/{person}", "13333 x111"),
    ("DELETE /api/v1/people/{person}", "13333 x111"),
    ("GET /api/v1/people/{person}/export", "13333 x111"),
    ("POST /api/v1/people/{person}/merge", "13333 x111"),
    ("GET /api/v1/people/{person}/claims", "13333 x111"),
    ("POST /api/v1/people/{person}/claims", "13333 x111"),
    ("PUT /api/v1/privacy/notice", "13333 x111"),
    ("GET /api/v1/privacy/claims", "13333 x111"),
    ("POST /api/v1/privacy/claims/{claim}/close", "13333 x111"),
    ("POST /api/v1/people/{person}/disable", "13333 x111"),
    ("POST /api/v1/people/{person}/enable", "13333 x111"),
    ("PUT /api/v1/people/{person}/role", "13333 x111"),
    ("PUT /api/v1/people/{person}/login", "13333 x111"),
    ("POST /api/v1/people/{person}/login-link", "13333 x111"),
    ("DELETE /api/v1/people/{person}/sessions", "13333 x111"),
    ("GET /api/v1/people/{person}/consents", "133xx x111"),
    ("POST /api/v1/people/{person}/consents", "133xx x111"),
    (
        "DELETE /api/v1/people/{person}/consents/{purpose}",
        "133xx x111",
    ),
    ("POST /api/v1/people/{person}/face/pictures", "133xx x111"),
    ("DELETE /api/v1/people/{person}/face/pictures", "133xx x111"),
    ("POST /api/v1/people/{person}/face", "133xx x111"),
    ("DELETE /api/v1/people/{person}/face", "133xx x111"),
    ("POST /api/v1/enrol/look", "133xx x111"),
    ("POST /api/v1/kiosk/frame", "11111 1xxx"),
    ("POST /api/v1/kiosk/code", "11111 1xxx"),
    ("POST /api/v1/kiosk/number", "11111 1xxx"),
    ("POST /api/v1/kiosk/help", "11111 1xxx"),
    ("POST /api/v1/kiosk/heartbeat", "11111 1xxx"),
    ("POST /api/v1/kiosk/escape", "11111 1xxx"),
    // Nobody has typed the PIN.
    ("GET /api/v1/kiosk/menu", "11111 1333"),
    ("POST /api/v1/kiosk/options", "11111 1333"),
    ("GET /api/v1/kiosk/state", "11111 1xxx"),
    ("GET /api/v1/kiosk/events", "11111 1xxx"),
    ("GET /api/v1/kiosk/preview", "11111 1xxx"),
    ("GET /api/v1/events", "133xx xxxx"),
    ("POST /api/v1/events", "1333x x111"),
    ("GET /api/v1/events/{event}", "133xx xxxx"),
    ("POST /api/v1/events/{event}/open", "1333x x111"),
    ("POST /api/v1/events/{event}/close", "1333x x111"),
    ("GET /api/v1/events/{event}/tickets", "1333x x111"),
    ("POST /api/v1/events/{event}/tickets", "1333x x111"),
    ("GET /api/v1/tickets/{ticket}/code", "1333x x111"),
    ("GET /api/v1/tickets/{ticket}/qr", "1333x x111"),
    ("POST /api/v1/tickets/{ticket}/revoke", "1333x x111"),
    ("POST /api/v1/tickets/{ticket}/block", "1333x x111"),
    ("POST /api/v1/tickets/{ticket}/unblock", "1333x x111"),
    ("GET /api/v1/occasions", "133xx xxxx"),
    ("GET /api/v1/status", "1xxxx x111"),
    ("GET /api/v1/settings", "13333 x111"),
    ("PATCH /api/v1/settings", "13333 x111"),
    ("GET /api/v1/clock", "1333x x3xx"),
    ("PUT /api/v1/clock", "1333x x3xx"),
    ("GET /api/v1/audit", "13333 x111"),
    ("GET /api/v1/audit/export.csv", "13333 x111"),
    ("GET /api/v1/audit/export.ndjson", "13333 x111"),
    ("GET /api/v1/audit/head", "13333 x111"),
    ("GET /api/v1/check-ins", "133xx x3xx"),
    ("POST /api/v1/check-ins", "133xx xxxx"),
    ("GET /api/v1/check-ins/{nonce}", "133xx xxxx"),
    ("POST /api/v1/check-ins/face", "133xx xxxx"),
    ("POST /api/v1/check-ins/{nonce}/undo", "133xx x3xx"),
    ("GET /api/v1/desk/state", "133xx x3xx"),
    ("GET /api/v1/desk/search", "133xx x3xx"),
    ("GET /api/v1/desk/events", "133xx x3xx"),
    ("POST /api/v1/desk/help/{device}/answer", "133xx x3xx"),
    ("GET /api/v1/desk/history/{nonce}", "133xx x3xx"),
    ("POST /api/v1/desk/reports", "1333x x3xx"),
    ("POST /api/v1/desk/overrides", "13333 x33x"),
    ("POST /api/v1/desk/walk-ins", "1333x x333"),
    ("GET /api/v1/devices", "13333 x111"),
    ("POST /api/v1/devices", "13333 x111"),
    ("DELETE /api/v1/devices/{device}", "13333 x111"),
    ("GET /api/v1/keys", "13333 x111"),
    ("POST /api/v1/keys", "13333 x111"),
    ("POST /api/v1/keys/{key}/rotate", "13333 x111"),
    ("DELETE /api/v1/keys/{key}", "13333 x111"),
    ("GET /api/v1/webhooks", "13333 x111"),
    ("POST /api/v1/webhooks", "13333 x111"),
    ("PATCH /api/v1/webhooks/{webhook}", "13333 x111"),
    ("DELETE /api/v1/webhooks/{webhook}", "13333 x111"),
    ("POST /api/v1/webhooks/{webhook}/test", "13333 x111"),
    ("GET /api/v1/webhooks/{webhook}/deliveries", "13333 x111"),
    (
        "POST /api/v1/webhooks/{webhook}/deliveries/{delivery}/retry",
        "13333 x111",
    ),
];

/// Routes that anybody may call: what they refuse is a password, a code or a link, not
/// the caller.
const FOR_ALL: &[&str] = &[
    "POST /api/v1/session",
    "POST /api/v1/tokens",
    "POST /api/v1/tokens/refresh",
    "POST /api/v1/devices/pair",
    "GET /api/v1/privacy/notice",
    "POST /api/v1/enrol/own/{token}/look",
    "POST /api/v1/enrol/own/{token}/pictures",
    "DELETE /api/v1/enrol/own/{token}/pictures",
    "POST /api/v1/enrol/own/{token}/face",
];

fn head(entry: &Entry) -> String {
    format!("{} {}", entry.route.method.word(), entry.route.path)
}

/// A request of the route that is right in its form, about things that do not exist.
fn request(house: &House, entry: &Entry) -> (String, Vec<u8>) {
    let mut head = head(entry);
    for name in entry.path_names() {
        let value = match name {
            "purpose" => "face",
            "occasion" => "today",
            // Nobody was admitted under it: the example's own nonce may have admitted.
            "nonce" => "01JD5Z3N8GQ4X6V7W8Y9Z0A1C9",
            _ => "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2",
        };
        head = head.replace(&format!("{{{name}}}"), value);
    }
    let pairs: Vec<String> = (entry.query.iter().filter(|p| p.required))
        .map(|p| match p.form {
            Form::Id => format!("{}=01JD5Z3N8GQ4X6V7W8Y9Z0A1B3", p.name),
            Form::Text(_) | Form::Letters => format!("{}=budi", p.name),
            Form::Number(_) | Form::Count => format!("{}=10", p.name),
            Form::Words(words) => format!("{}={}", p.name, words[0]),
            Form::Occasion => format!("{}=today", p.name),
        })
        .collect();
    if !pairs.is_empty() {
        head = format!("{head}?{}", pairs.join("&"));
    }
    let body = match entry.body {
        Body::Nothing => Vec::new(),
        Body::Json(_, example) => example.as_bytes().to_vec(),
        Body::Bytes(_) => house.desk.nobody(),
    };
    (head, body)
}

/// Types of answers that do not end.
const STREAMS: [&str; 2] = ["text/event-stream", PREVIEW_TYPE];

const DEVICES: [DeviceAccess; 3] = [
    DeviceAccess::Scan,
    DeviceAccess::Desk,
    DeviceAccess::Supervise,
];

#[test]
fn every_route_for_every_role() {
    let house = House::new();
    let devices = DEVICES.map(|access| house.device(access).1);
    let wanted: BTreeMap<&str, &str> = TABLE.iter().copied().collect();
    let mut faults = Vec::new();
    for entry in document::entries() {
        let name = head(&entry);
        if FOR_ALL.contains(&name.as_str()) {
            assert_eq!(entry.route.access, Access::Public, "{name}");
            continue;
        }
        let Some(marks) = wanted.get(name.as_str()) else {
            faults.push(format!("{name} has no row"));
            continue;
        };
        let marks: String = marks.split_whitespace().collect();
        // A session each: signing out is among the routes.
        let mut keys = vec![Key::Nobody];
        keys.extend(Role::ALL.iter().map(|role| match role {
            Role::Admin => house.admin(),
            Role::User | Role::Developer | Role::Teacher | Role::Committee => house.person(*role),
        }));
        keys.extend(devices.iter().cloned());
        assert_eq!(marks.len(), keys.len(), "{name}");
        // A stream that was let in does not end; only its refusals are looked at.
        let streams = matches!(entry.answer, Answer::Bytes(kind) if STREAMS.contains(&kind));
        for (i, (key, mark)) in keys.iter().zip(marks.chars()).enumerate() {
            if streams && mark == 'x' {
                continue;
            }
            let (line, body) = request(&house, &entry);
            let answer = house.call(key, &line, &body);
            let got = match answer.status {
                401 => '1',
                403 => '3',
                500.. => '!',
                _ => 'x',
            };
            if got != mark {
                faults.push(format!(
                    "{name} column {i}: {got}, not {mark}: {}",
                    answer.body
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_row_is_a_route() {
    let routes: Vec<String> = document::entries().iter().map(head).collect();
    for (name, _) in TABLE {
        assert!(routes.iter().any(|r| r == name), "{name} is no route");
    }
    for name in FOR_ALL {
        assert!(routes.iter().any(|r| r == name), "{name} is no route");
    }
}

#[test]
fn until_there_is_an_administrator_nothing_is_served() {
    let house = House::without_administrator();
    for entry in document::entries() {
        let (line, body) = request(&house, &entry);
        let answer = house.call(&Key::Nobody, &line, &body);
        assert_eq!(answer.status, 503, "{line}: {}", answer.body);
        assert!(answer.body.contains("\"setup_required\""), "{line}");
    }
    assert_eq!(house.call(&Key::Nobody, "GET /health", b"").status, 200);
}
