//! The audit trail over the interface: in pages, filtered, as files.

use super::exchange::{Talk, json};
use super::house::{House, Key};
use crate::support::{LONG, eventually};
use hadir::base::json::Value;
use hadir::base::limits;
use hadir::base::time::ClockState;
use hadir::crypto::keyring::Purpose;
use hadir::store::audit::{self, Entry};

fn items(house: &House, key: &Key, query: &str) -> Vec<Value> {
    let answer = house.call(key, &format!("GET /api/v1/audit{query}"), b"");
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    json(&answer.body)["items"]
        .as_array()
        .expect("items")
        .clone()
}

fn add(house: &House, key: &Key, name: &str) -> String {
    let body = format!(r#"{{"name":"{name}"}}"#);
    let answer = house.call(key, "POST /api/v1/people", body.as_bytes());
    json(&answer.body)["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_deed_stands_in_the_trail_with_who_and_on_what() {
    let house = House::new();
    let admin = house.admin();
    let budi = add(&house, &admin, "Budi Santoso");
    let rows = items(&house, &admin, &format!("?person={budi}"));
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!(row["act"], "person.add");
    assert_eq!(row["object"], format!("person:{budi}"));
    assert_eq!(row["actor"], format!("person:{}", house.admin));
    assert_eq!(row["surface"], "native");
    assert_eq!(row["detail"], "Budi Santoso");
    assert_eq!(row["sealed"], false);
    assert_eq!(row["clock"], "synced");
    let of_admin = items(&house, &admin, &format!("?person={}", house.admin));
    assert!(
        of_admin.len() >= 2,
        "what the administrator did: {of_admin:?}"
    );
    let erased = house.call(&admin, &format!("DELETE /api/v1/people/{budi}"), b"");
    assert_eq!(erased.status, 204);
    let rows = items(&house, &admin, &format!("?person={budi}&act=person.add"));
    assert_eq!(rows[0]["detail"], Value::Null);
    assert_eq!(rows[0]["sealed"], true);
}

#[test]
fn the_end_is_that_of_the_last_row() {
    let house = House::new();
    let admin = house.admin();
    let last = items(&house, &admin, "?limit=1").remove(0);
    let head = json(&house.call(&admin, "GET /api/v1/audit/head", b"").body);
    assert_eq!(head["count"], last["seq"]);
    assert_eq!(head["link"], last["link"]);
}

#[test]
fn a_filter_that_cannot_be_is_named() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    for (query, field) in [
        ("act=person.fly", "act"),
        ("person=7", "person"),
        ("device=x", "device"),
        ("from_s=-1", "from_s"),
        ("until_s=tomorrow", "until_s"),
        ("who=me", "who"),
    ] {
        for path in ["audit", "audit/export.csv", "audit/export.ndjson"] {
            let head = format!("GET /api/v1/{path}?{query}");
            talk.send(&admin, &head, "").refused(422, "unprocessable");
            assert_eq!(json(&talk.answer().body)["error"]["field"], field, "{head}");
        }
    }
}

#[test]
fn both_files_have_every_row_and_nothing_that_is_sealed() {
    let house = House::new();
    let admin = house.admin();
    add(&house, &admin, "Budi Santoso");
    // A name that is a formula in a spreadsheet is in no file: it is sealed.
    add(&house, &admin, "=1+1");
    let rows = items(&house, &admin, "?limit=500").len();
    let table = house.call(&admin, "GET /api/v1/audit/export.csv", b"");
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let disposition = table.header("content-disposition").expect("a name");
    assert!(disposition.contains("audit.csv"), "{disposition}");
    let lines: Vec<&str> = table.body.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 1 + rows + 1, "header, rows, the export's own");
    assert!(
        lines[0].ends_with("seq,time,clock,actor,surface,request,act,object,detail,sealed,link")
    );
    assert!(lines[lines.len() - 1].contains(",audit.export,audit,csv,no,"));
    let text = house.call(&admin, "GET /api/v1/audit/export.ndjson", b"");
    let all: Vec<Value> = text.body.lines().map(json).collect();
    assert_eq!(all.len(), rows + 2, "and the export of the table");
    for (n, row) in all.iter().enumerate() {
        assert_eq!(row["seq"], n + 1);
    }
    let added = all.iter().find(|row| row["act"] == "person.add");
    assert_eq!(added.expect("a row")["sealed"], true);
    for file in [&table.body, &text.body] {
        assert!(!file.contains("Budi") && !file.contains("1+1"), "{file}");
    }
    let few = house.call(
        &admin,
        "GET /api/v1/audit/export.ndjson?act=person.add",
        b"",
    );
    assert!(
        few.body
            .lines()
            .all(|line| json(line)["act"] == "person.add")
    );
    assert!(few.body.lines().count() >= 3, "{}", few.body);
}

/// More rows than are read at once, and a client that hangs up: the next export has its place.
#[test]
fn a_long_trail_comes_whole_and_a_client_that_leaves_frees_its_place() {
    let house = House::unlimited();
    let admin = house.admin();
    for n in 0..1_050 {
        house.desk.person(&format!("Orang {n}"));
    }
    for _ in 0..6 {
        let mut client = house.server.connect();
        let Key::Session(token) = &admin else {
            panic!("a session")
        };
        client.send(format!(
            "GET /api/v1/audit/export.csv HTTP/1.1\r\nhost: box\r\ncookie: hadir_native={token}\r\n\r\n"
        ));
        drop(client);
    }
    eventually(LONG, "a free place", || {
        let answer = house.call(&admin, "GET /api/v1/audit/export.ndjson", b"");
        let lines = answer.body.lines().count();
        answer.status == 200 && lines > 1_050 && answer.body.contains("audit.export")
    });
}

/// Rows that cost nothing but their link.
fn fill(house: &House, rows: u32) {
    let core = &house.desk.core;
    let (site, now) = (core.site(), core.clock.stamp().at);
    let filled = core.store.write(move |tx| {
        let entry = Entry {
            at: now,
            clock: ClockState::Synced,
            actor: "box".to_owned(),
            origin: "test".to_owned(),
            act: "checkin.decide".to_owned(),
            object: "visit:01JD5Z3N8GQ4X6V7W8Y9Z0A1B2".to_owned(),
            detail: vec![b'x'; 150],
        };
        for _ in 0..rows {
            audit::append(tx, site.keyring.purpose(Purpose::AuditChain), &entry)?;
        }
        Ok::<_, hadir::store::Error>(())
    });
    filled.expect("rows");
}

/// Two clients take nothing of what they asked for; a third one is told to come again, and everybody
/// else is served.
#[test]
fn exports_have_few_places_and_hold_nobody_else_up() {
    let house = House::unlimited();
    let admin = house.admin();
    fill(&house, 40_000);
    let Key::Session(token) = &admin else {
        panic!("a session")
    };
    let mut clients = Vec::new();
    for _ in 0..limits::AUDIT_EXPORTS_MAX {
        let mut client = house.server.connect();
        client.send(format!(
            "GET /api/v1/audit/export.csv HTTP/1.1\r\nhost: box\r\ncookie: hadir_native={token}\r\n\r\n"
        ));
        clients.push(client);
    }
    let mut talk = Talk::new(&house);
    let head = "GET /api/v1/audit/export.csv?act=key.reveal";
    // Each has its place before its row is written.
    eventually(LONG, "both are under way", || {
        items(&house, &admin, "?act=audit.export").len() == limits::AUDIT_EXPORTS_MAX
    });
    talk.send(&admin, head, "").refused(503, "busy");
    assert_eq!(house.call(&admin, "GET /api/v1/people", b"").status, 200);
    assert_eq!(items(&house, &admin, "?limit=1").len(), 1);
    clients.clear();
    eventually(LONG, "a place", || {
        talk.send(&admin, head, "");
        talk.answer().status == 200
    });
}
