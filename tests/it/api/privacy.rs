//! Privacy over the interface: the notice, what people ask for and its clock; and two entries of one
//! person that become one.

use super::exchange::{Talk, json};
use super::house::{House, Key};
use hadir::base::json::Value;
use hadir::domain::actor::Role;

const HOURS_72: i64 = 72 * 3_600_000;

fn items(house: &House, key: &Key, head: &str) -> Vec<Value> {
    let answer = house.call(key, head, b"");
    assert_eq!(answer.status, 200, "{head}: {}", answer.body);
    json(&answer.body)["items"]
        .as_array()
        .expect("items")
        .clone()
}

#[test]
fn the_notice_is_everybody_s_and_each_publishing_a_version() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    let get = "GET /api/v1/privacy/notice";
    let put = "PUT /api/v1/privacy/notice";
    talk.send(&Key::Nobody, get, "").refused(404, "no_notice");
    let first = r#"{"version":1,"id":"Kami menyimpan nama.","en":"We keep names.",
        "published_at_ms":1795226400000}"#;
    let text = r#"{"id":"Kami menyimpan nama.","en":" We keep names. "}"#;
    talk.send(&admin, put, text).gets(200, first);
    talk.send(&Key::Nobody, get, "").gets(200, first);
    talk.send(&admin, put, text).refused(409, "notice_same");
    let empty = r#"{"id":"x","en":" "}"#;
    talk.send(&admin, put, empty).refused(422, "notice_empty");
    let long = format!(r#"{{"id":"x","en":"{}"}}"#, "y".repeat(8_001));
    talk.send(&admin, put, &long).refused(422, "notice_long");
    talk.send(&admin, put, r#"{"id":"Dua","en":"Two"}"#);
    assert_eq!(json(&talk.answer().body)["version"], 2);
}

#[test]
fn what_is_asked_for_waits_three_days_and_is_answered() {
    let house = House::new();
    let admin = house.admin();
    let budi = house.desk.person("Budi");
    let own = house.session_of(budi);
    let mut talk = Talk::new(&house);
    let head = format!("POST /api/v1/people/{budi}/claims");
    let asked = r#"{"kind":"correct","note":"Nama saya salah tulis."}"#;
    talk.send(&own, &head, asked);
    assert_eq!(talk.answer().status, 201, "{}", talk.answer().body);
    let made = json(&talk.answer().body)["items"][0].clone();
    assert_eq!(made["state"], "open");
    assert_eq!(made["note"], "Nama saya salah tulis.");
    let (at, due) = (made["made_at_ms"].as_i64(), made["due_at_ms"].as_i64());
    assert_eq!(due.zip(at).map(|(due, at)| due - at), Some(HOURS_72));
    talk.send(&own, &head, asked).refused(409, "claim_waits");
    talk.send(&admin, &head, r#"{"kind":"erase"}"#);
    assert_eq!(talk.answer().status, 201);
    let open = items(&house, &admin, "GET /api/v1/privacy/claims");
    assert_eq!(open.len(), 2);
    let close = |claim: &Value| {
        let id = claim["id"].as_str().expect("an id");
        format!("POST /api/v1/privacy/claims/{id}/close")
    };
    let head = close(&made);
    talk.send(&own, &head, "{}").refused(403, "forbidden");
    talk.send(&admin, &head, r#"{"refused":true}"#)
        .refused(422, "no_reason");
    talk.send(&admin, &head, r#"{"answer":"Sudah dibetulkan."}"#)
        .gets(204, "");
    talk.send(&admin, &head, "{}").refused(404, "no_claim");
    let all = items(&house, &own, &format!("GET /api/v1/people/{budi}/claims"));
    assert_eq!(all.len(), 2);
    let closed = all.iter().find(|claim| claim["id"] == made["id"]);
    let closed = closed.expect("it is there");
    assert_eq!(closed["state"], "done");
    assert_eq!(closed["answer"], "Sudah dibetulkan.");
    assert!(closed["closed_at_ms"].is_i64(), "{closed}");
    let open = items(&house, &admin, "GET /api/v1/privacy/claims");
    assert_eq!(open.len(), 1);
}

#[test]
fn nobody_asks_or_reads_for_another_person() {
    let house = House::new();
    let budi = house.desk.person("Budi");
    for role in [Role::User, Role::Teacher, Role::Committee] {
        let key = house.person(role);
        let head = format!("/api/v1/people/{budi}/claims");
        let asked = house.call(&key, &format!("POST {head}"), br#"{"kind":"erase"}"#);
        assert_eq!(asked.status, 403, "{role}: {}", asked.body);
        let read = house.call(&key, &format!("GET {head}"), b"");
        assert_eq!(read.status, 403, "{role}: {}", read.body);
    }
    let admin = house.admin();
    assert!(items(&house, &admin, "GET /api/v1/privacy/claims").is_empty());
}

#[test]
fn what_cannot_be_asked_for_is_named() {
    let house = House::new();
    let admin = house.admin();
    let budi = house.desk.person("Budi");
    let head = format!("POST /api/v1/people/{budi}/claims");
    for (body, field) in [
        (r#"{"kind":"money"}"#, "kind"),
        (r#"{"kind":"access","note":""}"#, "note"),
        (r#"{"kind":"access","who":"me"}"#, "who"),
    ] {
        let answer = house.call(&admin, &head, body.as_bytes());
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        assert_eq!(json(&answer.body)["error"]["field"], field, "{body}");
    }
    let nobody = "POST /api/v1/people/01JD5Z3N8GQ4X6V7W8Y9Z0A1B2/claims";
    let mut talk = Talk::new(&house);
    talk.send(&admin, nobody, r#"{"kind":"access"}"#)
        .refused(404, "no_person");
}

#[test]
fn two_entries_become_one_and_the_trail_says_so() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    let add = |talk: &mut Talk<'_>, body: &str| {
        talk.send(&admin, "POST /api/v1/people", body);
        let added = json(&talk.answer().body);
        added["id"].as_str().expect("an id").to_owned()
    };
    let gone = add(
        &mut talk,
        r#"{"name":"Budi S.","number":"77","email":"budi@sma.id"}"#,
    );
    let stays = add(&mut talk, r#"{"name":"Budi Santoso","class":"X-1"}"#);
    let head = format!("POST /api/v1/people/{stays}/merge");
    talk.send(&admin, &head, &format!(r#"{{"from":"{gone}"}}"#));
    assert_eq!(talk.answer().status, 200, "{}", talk.answer().body);
    let one = json(&talk.answer().body);
    assert_eq!(one["name"], "Budi Santoso");
    assert_eq!(
        (&one["number"], &one["class"]),
        (&"77".into(), &"X-1".into())
    );
    assert_eq!(one["email"], "budi@sma.id");
    let missing = house.call(&admin, &format!("GET /api/v1/people/{gone}"), b"");
    assert_eq!(missing.status, 404);
    for from in [&gone, &stays] {
        let body = format!(r#"{{"from":"{from}"}}"#);
        talk.send(&admin, &head, &body).refused(404, "no_person");
    }
    let rows = items(
        &house,
        &admin,
        &format!("GET /api/v1/audit?act=person.merge&person={stays}"),
    );
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["detail"], format!("person:{gone}"));
    let last = format!(r#"{{"from":"{}"}}"#, house.admin);
    talk.send(&admin, &head, &last)
        .refused(409, "last_administrator");
}
