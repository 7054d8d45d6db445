//! Staff set the clock from a paired phone: who may, what is asked, what stands in the audit.

use crate::api::exchange::{Talk, json};
use crate::api::house::{House, Key};
use hadir::base::json::json;
use hadir::base::time::ClockState;
use hadir::domain::actor::{DeviceAccess, Role};
use hadir::store::audit;

const HOUR: i64 = 3_600_000;

fn put(house: &House, key: &Key, now_ms: i64) -> (u16, String) {
    let body = json!({"now_ms": now_ms}).to_string();
    let answer = house.call(key, "PUT /api/v1/clock", body.as_bytes());
    (answer.status, answer.body)
}

#[test]
fn a_paired_phone_says_what_the_time_is() {
    let house = House::new();
    let (id, phone) = house.device(DeviceAccess::Desk);
    house.desk.clock.lose(HOUR);
    let now = house.desk.clock.truth().as_millis();
    let (status, body) = put(&house, &phone, now);
    assert_eq!(status, 200, "{body}");
    let told = json(&body);
    assert_eq!(told["synced"], false, "{body}");
    assert_eq!(told["now_ms"], now);
    assert_eq!(told["set"]["by"], format!("device:{id}"));
    assert_eq!(told["set"]["ahead_ms"], HOUR);
    let stamp = house.desk.core.clock.stamp();
    assert_eq!(
        (stamp.at.as_millis(), stamp.clock),
        (now, ClockState::Unsynced)
    );
    let deeds = |act: &'static str| {
        let read = move |view: &hadir::store::View<'_>| audit::list_objects(view, act);
        house.desk.core.store.read(read).expect("read")
    };
    assert_eq!(deeds("clock.set"), ["clock:box"]);
    // It ends by itself.
    house.desk.clock.find();
    hadir::surface::clock::Keeper::default().tick(&house.desk.core);
    let mut talk = Talk::new(&house);
    talk.send(&phone, "GET /api/v1/clock", "");
    let told = json(&talk.answer().body);
    assert_eq!(
        (&told["synced"], &told["set"]),
        (&json!(true), &json!(null))
    );
    let (status, body) = put(&house, &phone, now + HOUR);
    assert_eq!(
        (status, json(&body)["error"]["code"].clone()),
        (409, json!("clock_synced"))
    );
}

#[test]
fn what_cannot_be_the_time_is_refused() {
    let house = House::new();
    let (_, phone) = house.device(DeviceAccess::Supervise);
    house.desk.clock.lose(HOUR);
    let shown = house.desk.core.clock.stamp().at.as_millis();
    for (now_ms, status, code) in [
        (shown - 1, 409, "clock_behind"),
        (0, 422, "clock_range"),
        (i64::MAX, 422, "clock_range"),
        (i64::MIN, 422, "clock_range"),
        (shown + 21 * 366 * 24 * HOUR, 422, "clock_range"),
    ] {
        let (got, body) = put(&house, &phone, now_ms);
        assert_eq!(
            (got, json(&body)["error"]["code"].clone()),
            (status, json!(code)),
            "{now_ms}"
        );
    }
    assert_eq!(
        house.desk.core.clock.stamp().at.as_millis(),
        shown,
        "nothing was set"
    );
}

fn post(house: &House, key: &Key, path: &str, body: &str) -> (u16, String) {
    let who = match key {
        Key::Device(token) => format!("authorization: Bearer {token}\r\n"),
        Key::Nobody | Key::Session(_) => panic!("a device sends forms here"),
    };
    let lines = format!("{who}content-type: application/x-www-form-urlencoded\r\n");
    let answer = house.send(&format!("POST {path}"), &lines, body.as_bytes());
    (answer.status, answer.body)
}

#[test]
fn the_page_shows_the_difference_before_it_is_set() {
    let house = House::unlimited();
    let (_, phone) = house.device(DeviceAccess::Desk);
    let staff = house.person(Role::Committee);
    house.desk.clock.lose(15 * HOUR + 5 * 60_000);
    for key in [&phone, &staff] {
        let desk = house.call(key, "GET /desk?occasion=today", b"").body;
        assert!(desk.contains("href=\"/clock\""), "the way there: {desk}");
        let page = house.call(key, "GET /clock", b"").body;
        assert!(page.contains("belum dicocokkan"), "{page}");
        assert!(page.contains("data-phone-time"), "{page}");
    }
    let shown = house.desk.core.clock.stamp().at.as_millis();
    let now = house.desk.clock.truth().as_millis();
    let asked = format!("now_ms={now}");
    let (status, page) = post(&house, &phone, "/clock/compare", &asked);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("15 jam 5 menit"), "{page}");
    let ahead = format!("ahead_ms={}", now - shown);
    assert!(
        page.contains(&format!("value=\"{}\"", now - shown)),
        "{page}"
    );
    assert_eq!(
        house.desk.core.clock.stamp().at.as_millis(),
        shown,
        "not yet"
    );
    // It takes somebody ten seconds to confirm: they are not lost.
    house.desk.clock.advance(10_000);
    assert_eq!(post(&house, &phone, "/clock", &ahead).0, 303);
    assert_eq!(house.desk.core.clock.stamp().at, house.desk.clock.truth());
    let page = house.call(&phone, "GET /clock", b"").body;
    assert!(
        page.contains("Pintu desk memajukan jam 15 jam 5 menit"),
        "{page}"
    );
}

#[test]
fn the_page_says_what_is_wrong_with_a_time() {
    let house = House::unlimited();
    let (_, phone) = house.device(DeviceAccess::Desk);
    house.desk.clock.lose(0);
    let now = house.desk.clock.truth().as_millis();
    for (form, status, says) in [
        (format!("now_ms={}", now + 500), 200, "Keduanya sama"),
        (
            "date=2026-11-21+08:59%3A".to_owned(),
            422,
            "Isi tanggal dan jam",
        ),
        ("date=2026-11-21+09:00".to_owned(), 200, "Keduanya sama"),
        ("date=2026-11-21T11:30".to_owned(), 200, "2 jam 30 menit"),
        (
            "date=2026-11-21+08:30".to_owned(),
            200,
            "30 menit di belakang",
        ),
        ("now_ms=5".to_owned(), 200, "tidak mungkin"),
        ("date=besok".to_owned(), 422, "Isi tanggal dan jam"),
        (String::new(), 422, "Isi tanggal dan jam"),
    ] {
        let (got, page) = post(&house, &phone, "/clock/compare", &form);
        assert_eq!(got, status, "{form}: {page}");
        assert!(page.contains(says), "{form}: {page}");
    }
    let (status, page) = post(&house, &phone, "/clock", "ahead_ms=-5000");
    assert_eq!(status, 422, "{page}");
    assert_eq!(house.desk.core.clock.stamp().at.as_millis(), now);
    house.desk.clock.find();
    assert_eq!(post(&house, &phone, "/clock", "ahead_ms=5000").0, 303);
    assert_eq!(
        house.desk.core.clock.stamp().at.as_millis(),
        now,
        "it is right"
    );
}
