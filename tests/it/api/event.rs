//! Events and their tickets.

use super::exchange::Talk;
use super::house::House;
use hadir::domain::actor::Role;

#[test]
fn an_event_and_its_tickets() {
    let house = House::new();
    let staff = house.person(Role::Committee);
    let mut talk = Talk::new(&house);
    let body = r#"{"name":"Wisuda 2026","capacity":400,"starts_at_ms":1795226400000}"#;
    talk.send(&staff, "POST /api/v1/events", body)
        .keep("event", "id");
    let event = r#"{"id":"<event>","occasion":"event:<event>","name":"Wisuda 2026",
        "state":"open","capacity":400,"capacity_of":"admitted","entry_rule":"once_per_event",
        "face_allowed":true,"starts_at_ms":1795226400000,"ends_at_ms":null,"inside":0,
        "admitted":0}"#;
    talk.gets(201, event);
    talk.send(&staff, "GET /api/v1/events", "")
        .gets(200, &format!(r#"{{"items":[{event}],"next":null}}"#));
    talk.send(
        &staff,
        "POST /api/v1/events/<event>/tickets",
        r#"{"gates":["utara"]}"#,
    )
    .keep("ticket", "id")
    .keep("code", "code")
    .gets(201, r#"{"id":"<ticket>","code":"<code>"}"#);
    talk.send(&staff, "GET /api/v1/tickets/<ticket>/code", "")
        .gets(200, r#"{"id":"<ticket>","code":"<code>"}"#);
    talk.send(
        &staff,
        "POST /api/v1/events/<event>/tickets",
        r#"{"code":"<code>"}"#,
    )
    .refused(409, "code_taken");
    for (act, state) in [
        ("block", "blocked"),
        ("unblock", "valid"),
        ("revoke", "revoked"),
    ] {
        talk.send(&staff, &format!("POST /api/v1/tickets/<ticket>/{act}"), "")
            .gets(204, "");
        let ticket = format!(
            r#"{{"items":[{{"id":"<ticket>","event":"<event>","holder":null,
                "state":"{state}","settled":true,"answered":true,"valid_from_ms":null,
                "valid_until_ms":null,"gates":["utara"],"created_at_ms":1795226400000}}],
                "next":null}}"#
        );
        talk.send(&staff, "GET /api/v1/events/<event>/tickets", "")
            .gets(200, &ticket);
    }
    let closed = event.replace("\"open\"", "\"closed\"");
    talk.send(&staff, "POST /api/v1/events/<event>/close", "")
        .gets(200, &closed);
    talk.send(&staff, "POST /api/v1/events/<event>/tickets", "{}")
        .refused(409, "event_closed");
    talk.send(&staff, "POST /api/v1/events/<event>/open", "")
        .gets(200, event);
}

#[test]
fn a_ticket_s_picture_is_its_code() {
    let house = House::new();
    let staff = house.person(Role::Committee);
    let mut talk = Talk::new(&house);
    talk.know("event", house.desk.event());
    talk.send(&staff, "POST /api/v1/events/<event>/tickets", "{}")
        .keep("ticket", "id");
    talk.send(&staff, "GET /api/v1/tickets/<ticket>/qr", "");
    let answer = talk.answer();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
    assert!(answer.body.starts_with("<svg ") && answer.body.ends_with("</svg>"));
}

#[test]
fn values_that_cannot_be_are_refused() {
    let house = House::new();
    let staff = house.person(Role::Committee);
    let mut talk = Talk::new(&house);
    talk.know("event", house.desk.event());
    let table = [
        (r#"{"name":""}"#, 422, "unprocessable"),
        (r#"{"name":"X","starts_at_ms":-1}"#, 422, "unprocessable"),
        (r#"{"name":"X","capacity":-1}"#, 422, "unprocessable"),
        (
            r#"{"name":"X","entry_rule":"sometimes"}"#,
            422,
            "unprocessable",
        ),
        (
            r#"{"name":"X","starts_at_ms":5,"ends_at_ms":5}"#,
            400,
            "times",
        ),
    ];
    for (body, status, code) in table {
        talk.send(&staff, "POST /api/v1/events", body)
            .refused(status, code);
    }
    let table = [
        (r#"{"gates":["Pintu Utara"]}"#, 422, "unprocessable"),
        (
            r#"{"holder":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2"}"#,
            404,
            "no_person",
        ),
        (r#"{"valid_from_ms":9,"valid_until_ms":3}"#, 400, "times"),
    ];
    for (body, status, code) in table {
        talk.send(&staff, "POST /api/v1/events/<event>/tickets", body)
            .refused(status, code);
    }
    let missing = "POST /api/v1/events/01JD5Z3N8GQ4X6V7W8Y9Z0A1B2/tickets";
    talk.send(&staff, missing, "{}").refused(404, "no_event");
}

#[test]
fn tickets_come_in_pages() {
    let house = House::new();
    let staff = house.person(Role::Committee);
    let event = house.desk.event();
    for _ in 0..5 {
        house.desk.ticket(event);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..10 {
        let head = format!("GET /api/v1/events/{event}/tickets?limit=2{after}");
        let page = house.call(&staff, &head, b"").json();
        let items = page["items"].as_array().expect("items");
        seen.extend(items.iter().map(|t| t["id"].to_string()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[test]
fn what_is_open_now_is_listed() {
    let house = House::new();
    let staff = house.person(Role::Committee);
    let mut talk = Talk::new(&house);
    talk.know("event", house.desk.event());
    let today = r#"{"occasion":"day:2026-11-21","name":null,"inside":null,"admitted":null,
        "capacity":null}"#;
    let event = r#"{"occasion":"event:<event>","name":"Wisuda","inside":0,"admitted":0,
        "capacity":null}"#;
    talk.send(&staff, "GET /api/v1/occasions", "").gets(
        200,
        &format!(r#"{{"items":[{today},{event}],"next":null}}"#),
    );
    talk.send(&staff, "POST /api/v1/events/<event>/close", "");
    talk.send(&staff, "GET /api/v1/occasions", "")
        .gets(200, &format!(r#"{{"items":[{today}],"next":null}}"#));
}

#[test]
fn the_status_tells_the_box_s_time() {
    let house = House::new();
    let status = house.call(&house.admin(), "GET /api/v1/status", b"").json();
    assert_eq!(status["now_ms"], 1_795_226_400_000_i64);
    assert_eq!(status["zone"], "Asia/Jakarta");
    assert_eq!(status["health"]["store"], "good");
}
