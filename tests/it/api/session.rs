//! Signing in and out, sessions, logins.

use super::exchange::Talk;
use super::house::{House, Key, PASSWORD};
use hadir::domain::actor::{DeviceAccess, Role};

/// The token in the answer's cookie.
fn token(talk: &Talk<'_>) -> String {
    let cookie = talk.answer().header("set-cookie").expect("a cookie");
    let value = cookie.strip_prefix("hadir_native=").expect("its name");
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(
        !cookie.contains("Secure"),
        "the connection is not: {cookie}"
    );
    value.split(';').next().expect("a value").to_owned()
}

#[test]
fn a_session_from_its_beginning_to_its_end() {
    let house = House::new();
    let mut talk = Talk::new(&house);
    talk.know("kepala", house.admin);
    let me = r#"{"person":"<kepala>","role":"admin","supervise":false,"device":null,
        "device_access":null,"language":"id"}"#;
    let body = format!(r#"{{"login":"Kepala","password":"{PASSWORD}"}}"#);
    talk.send(&Key::Nobody, "POST /api/v1/session", &body)
        .gets(201, me);
    let key = Key::Session(token(&talk));
    talk.send(&key, "GET /api/v1/session", "").gets(200, me);
    talk.send(&key, "GET /api/v1/sessions", "").gets(
        200,
        r#"{"items":[{"id":"<id>","current":true,"kind":"pages","opened_at_ms":1795226400000,
            "seen_at_ms":1795226400000,"expires_at_ms":"<number>","address":"127.0.0.1",
            "agent":""}],"next":null}"#,
    );
    talk.send(&key, "DELETE /api/v1/session", "").gets(204, "");
    let cookie = talk.answer().header("set-cookie").expect("a cookie");
    assert!(
        cookie.starts_with("hadir_native=; Path=/; Max-Age=0"),
        "{cookie}"
    );
    talk.send(&key, "GET /api/v1/session", "")
        .refused(401, "unauthenticated");
}

#[test]
fn a_wrong_password_and_a_wrong_name_are_told_alike() {
    let house = House::new();
    let mut talk = Talk::new(&house);
    let mut answers = Vec::new();
    for (login, password) in [("kepala", "kuda laut merah"), ("nobody", PASSWORD)] {
        let body = format!(r#"{{"login":"{login}","password":"{password}"}}"#);
        talk.send(&Key::Nobody, "POST /api/v1/session", &body)
            .refused(401, "wrong_password");
        let error = super::exchange::json(&talk.answer().body);
        answers.push(error["error"]["message"].clone());
    }
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn a_new_login_signs_in_and_ends_the_sessions_before_it() {
    let house = House::new();
    let mut talk = Talk::new(&house);
    let admin = house.admin();
    let teacher = house.person(Role::Teacher);
    talk.send(&teacher, "GET /api/v1/session", "")
        .keep("guru", "person");
    let login = r#"{"login":"guru.matematika","password":"rahasia sekali"}"#;
    talk.send(&admin, "PUT /api/v1/people/<guru>/login", login)
        .gets(204, "");
    talk.send(&teacher, "GET /api/v1/session", "")
        .refused(401, "unauthenticated");
    talk.send(&Key::Nobody, "POST /api/v1/session", login).gets(
        201,
        r#"{"person":"<guru>","role":"teacher","supervise":false,"device":null,
                "device_access":null,"language":"id"}"#,
    );
    let short = r#"{"login":"guru.matematika","password":"pendek"}"#;
    talk.send(&admin, "PUT /api/v1/people/<guru>/login", short)
        .refused(422, "unprocessable");
    let taken = r#"{"login":"KEPALA","password":"rahasia sekali"}"#;
    talk.send(&admin, "PUT /api/v1/people/<guru>/login", taken)
        .refused(409, "login_taken");
    talk.send(&admin, "POST /api/v1/people/<guru>/disable", "");
    talk.send(&Key::Nobody, "POST /api/v1/session", login)
        .refused(403, "disabled");
}

#[test]
fn a_person_ends_a_session_elsewhere_but_nobody_else_s() {
    let house = House::new();
    let mut talk = Talk::new(&house);
    let (here, there) = (house.admin(), house.admin());
    let sessions = |key: &Key| {
        let answer = house.call(key, "GET /api/v1/sessions", b"");
        let items = super::exchange::json(&answer.body)["items"].clone();
        items.as_array().expect("a list").clone()
    };
    let other = sessions(&here)
        .into_iter()
        .find(|s| s["current"] == false)
        .expect("two sessions");
    talk.know("there", other["id"].as_str().expect("an id"));
    let stranger = house.person(Role::Committee);
    talk.send(&stranger, "DELETE /api/v1/sessions/<there>", "")
        .refused(404, "no_session");
    talk.send(&here, "DELETE /api/v1/sessions/<there>", "")
        .gets(204, "");
    talk.send(&there, "GET /api/v1/session", "")
        .refused(401, "unauthenticated");
    assert_eq!(sessions(&here).len(), 1);
}

#[test]
fn a_role_acts_from_the_next_request_on() {
    let house = House::new();
    let mut talk = Talk::new(&house);
    let person = house.person(Role::User);
    talk.send(&person, "GET /api/v1/session", "")
        .keep("orang", "person");
    talk.send(&person, "GET /api/v1/people", "")
        .refused(403, "forbidden");
    talk.send(
        &house.admin(),
        "PUT /api/v1/people/<orang>/role",
        r#"{"role":"teacher"}"#,
    );
    assert_eq!(talk.answer().status, 200);
    talk.send(&person, "GET /api/v1/people", "");
    assert_eq!(talk.answer().status, 200);
    talk.send(&house.admin(), "POST /api/v1/people/<orang>/disable", "");
    talk.send(&person, "GET /api/v1/people", "")
        .refused(401, "unauthenticated");
}

#[test]
fn the_language_of_sentences_is_the_caller_s() {
    let house = House::new();
    let (_, key) = house.device(DeviceAccess::Scan);
    let Key::Device(token) = key else {
        panic!("a device")
    };
    for (lines, wanted) in [
        ("", "id"),
        ("accept-language: en-GB,id;q=0.5\r\n", "en"),
        ("accept-language: de\r\n", "id"),
        ("accept-language: id\r\ncookie: lang=en\r\n", "en"),
        ("cookie: lang=xx\r\n", "id"),
    ] {
        let lines = format!("authorization: Bearer {token}\r\n{lines}");
        let answer = house.send("GET /api/v1/session", &lines, b"");
        assert_eq!(answer.json()["language"], wanted, "{lines}");
    }
}

#[test]
fn guessing_a_password_ends_soon_and_the_right_one_starts_anew() {
    let house = House::new();
    let mut talk = Talk::new(&house);
    let wrong = r#"{"login":"kepala","password":"kuda laut merah"}"#;
    let right = format!(r#"{{"login":"kepala","password":"{PASSWORD}"}}"#);
    let guess = |talk: &mut Talk<'_>, body: &str| {
        talk.send(&Key::Nobody, "POST /api/v1/session", body);
        talk.answer().status
    };
    for _ in 0..4 {
        assert_eq!(guess(&mut talk, wrong), 401);
    }
    assert_eq!(guess(&mut talk, &right), 201);
    for _ in 0..5 {
        assert_eq!(guess(&mut talk, wrong), 401);
    }
    assert_eq!(
        guess(&mut talk, &right),
        429,
        "also the right one has to wait"
    );
    let wait = talk.answer().header("retry-after").expect("how long");
    let seconds: i64 = wait.parse().expect("seconds");
    house.desk.clock.advance((seconds + 1) * 1000);
    assert_eq!(guess(&mut talk, &right), 201);
}
