//! The second factor: on, asked for, off, lost; and required of all staff.

use super::exchange::{Talk, json};
use super::house::{House, Key, PASSWORD};
use hadir::base::time::{Clock as _, Timestamp};
use hadir::crypto::totp;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::{account, factor};
use hadir::domain::surface::Surface;

const OWN: &str = "/api/v1/me/second-factor";

fn now(house: &House) -> Timestamp {
    house.desk.clock.stamp().at
}

fn sign_in(house: &House, password: &str, code: Option<&str>) -> crate::wire::server::Answer {
    let code = code.map_or(String::new(), |code| format!(r#","code":"{code}""#));
    let body = format!(r#"{{"login":"kepala","password":"{password}"{code}}}"#);
    house.call(&Key::Nobody, "POST /api/v1/session", body.as_bytes())
}

fn code(answer: &crate::wire::server::Answer) -> String {
    let code = json(&answer.body)["error"]["code"].clone();
    code.as_str().unwrap_or_default().to_owned()
}

/// Turns the administrator's on: the secret and the recovery codes.
fn turn_on(house: &House) -> (String, Vec<String>) {
    let mut talk = Talk::new(house);
    let admin = house.admin();
    talk.send(&admin, &format!("POST {OWN}/secret"), "")
        .keep("secret", "secret");
    let offered = json(&talk.answer().body);
    let secret = offered["secret"].as_str().expect("a secret").to_owned();
    let uri = offered["uri"].as_str().expect("a link");
    assert!(
        uri.starts_with("otpauth://totp/hadir:kepala?secret="),
        "{uri}"
    );
    let code = totp::code_at(&secret, now(house)).expect("a code");
    let body = format!(r#"{{"secret":"<secret>","code":"{code}","password":"{PASSWORD}"}}"#);
    talk.send(&admin, &format!("PUT {OWN}"), &body);
    assert_eq!(talk.answer().status, 200, "{}", talk.answer().body);
    let codes = json(&talk.answer().body)["recovery_codes"].clone();
    let codes = codes.as_array().expect("a list").iter();
    let codes: Vec<String> = codes
        .map(|c| c.as_str().expect("a code").to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    house.desk.clock.advance(60_000);
    (secret, codes)
}

#[test]
fn a_second_factor_is_asked_for_from_the_next_sign_in_on() {
    let house = House::unlimited();
    assert_eq!(sign_in(&house, PASSWORD, None).status, 201);
    let (secret, _) = turn_on(&house);
    let without = sign_in(&house, PASSWORD, None);
    assert_eq!(
        (without.status, code(&without).as_str()),
        (401, "code_needed")
    );
    let wrong = sign_in(&house, PASSWORD, Some("000000"));
    assert_eq!((wrong.status, code(&wrong).as_str()), (401, "wrong_code"));
    let typed = totp::code_at(&secret, now(&house)).expect("a code");
    let guess = sign_in(&house, "kuda laut merah", Some(&typed));
    assert_eq!(code(&guess), "wrong_password", "the password comes first");
    assert_eq!(sign_in(&house, PASSWORD, Some(&typed)).status, 201);
    let again = sign_in(&house, PASSWORD, Some(&typed));
    assert_eq!(code(&again), "wrong_code", "a code is taken once");
    house.desk.clock.advance(10 * 60_000);
    let late = sign_in(&house, PASSWORD, Some(&typed));
    assert_eq!(code(&late), "wrong_code");
}

#[test]
fn a_recovery_code_is_good_once_and_new_ones_end_the_old() {
    let house = House::unlimited();
    let mut talk = Talk::new(&house);
    let (_, codes) = turn_on(&house);
    let (one, two) = codes[0].split_at(4);
    let typed = format!("{}-{}", one.to_lowercase(), two.to_lowercase());
    assert_eq!(sign_in(&house, PASSWORD, Some(&typed)).status, 201);
    assert_eq!(code(&sign_in(&house, PASSWORD, Some(&typed))), "wrong_code");
    let admin = house.admin();
    talk.send(&admin, &format!("GET {OWN}"), "")
        .gets(200, r#"{"on":true,"since_ms":"<number>","codes_left":9}"#);
    let body = format!(r#"{{"password":"{PASSWORD}"}}"#);
    talk.send(&admin, &format!("POST {OWN}/codes"), &body);
    assert_eq!(talk.answer().status, 200);
    assert_eq!(
        code(&sign_in(&house, PASSWORD, Some(&codes[1]))),
        "wrong_code"
    );
}

#[test]
fn whoever_finds_an_open_session_does_not_change_the_lock() {
    let house = House::unlimited();
    let mut talk = Talk::new(&house);
    let admin = house.admin();
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let fresh = totp::code_at(secret, now(&house)).expect("a code");
    let put = format!("PUT {OWN}");
    let body = |secret: &str, code: &str, password: &str| {
        format!(r#"{{"secret":"{secret}","code":"{code}","password":"{password}"}}"#)
    };
    talk.send(&admin, &put, &body(secret, &fresh, "tebakan salah"))
        .refused(422, "wrong_password");
    talk.send(&admin, &put, &body(secret, "000000", PASSWORD))
        .refused(422, "wrong_code");
    // A secret that is too short to be one of ours.
    talk.send(&admin, &put, &body("GEZDGNBV", &fresh, PASSWORD))
        .refused(422, "wrong_code");
    turn_on(&house);
    talk.send(&admin, &put, &body(secret, &fresh, PASSWORD))
        .refused(409, "second_factor_on");
    let off = format!("POST {OWN}/off");
    talk.send(&admin, &off, r#"{"password":"tebakan salah"}"#)
        .refused(422, "wrong_password");
    let right = format!(r#"{{"password":"{PASSWORD}"}}"#);
    talk.send(&admin, &off, &right).gets(204, "");
    talk.send(&admin, &off, &right)
        .refused(409, "no_second_factor");
    assert_eq!(sign_in(&house, PASSWORD, None).status, 201);
}

#[test]
fn an_administrator_takes_away_what_somebody_lost() {
    let house = House::unlimited();
    let mut talk = Talk::new(&house);
    turn_on(&house);
    talk.know("kepala", house.admin);
    let other = house.person(Role::Admin);
    let path = "DELETE /api/v1/people/<kepala>/second-factor";
    talk.send(&house.person(Role::Committee), path, "")
        .refused(403, "forbidden");
    talk.send(&other, path, "").gets(204, "");
    talk.send(&other, path, "").refused(409, "no_second_factor");
    assert_eq!(sign_in(&house, PASSWORD, None).status, 201);
}

#[test]
fn a_new_password_from_the_box_itself_is_all_that_is_needed() {
    let house = House::unlimited();
    turn_on(&house);
    let (id, core) = (house.admin, &house.desk.core);
    let login = |actor| {
        let set = core.write(actor, "test", move |tx, call| {
            let login = "kepala".parse().expect("a login");
            account::set_login(tx, call, Surface::Native, id, &login, "$argon2id$other")
        });
        set.expect("a login");
        core.store.read(|view| factor::is_on(view, id))
    };
    let own = Actor::Person {
        id,
        role: Role::Admin,
        supervise: false,
    };
    assert_eq!(login(own), Ok(true), "one's own new password leaves it");
    assert_eq!(login(Actor::Operator), Ok(false));
}

#[test]
fn a_right_password_makes_no_room_for_guesses_at_the_code() {
    let house = House::new();
    turn_on(&house);
    let mut looked_at = 0;
    for n in 0..20 {
        let _ = sign_in(&house, PASSWORD, None);
        let guess = sign_in(&house, PASSWORD, Some(&format!("{n:06}")));
        looked_at += usize::from(guess.status == 401);
    }
    assert_eq!(looked_at, 5);
}

#[test]
fn where_it_is_required_staff_can_do_nothing_else_before() {
    let house = House::unlimited();
    let mut talk = Talk::new(&house);
    let (admin, user, guru, other) = (
        house.admin(),
        house.person(Role::User),
        house.person(Role::Teacher),
        house.person(Role::Admin),
    );
    let required = r#"{"second_factor":"required"}"#;
    talk.send(&admin, "PATCH /api/v1/settings", required)
        .refused(409, "no_second_factor");
    turn_on(&house);
    talk.send(
        &admin,
        "PATCH /api/v1/settings",
        r#"{"second_factor":"required"}"#,
    );
    assert_eq!(talk.answer().status, 200, "{}", talk.answer().body);
    for key in [&other, &guru] {
        talk.send(key, "GET /api/v1/people", "")
            .refused(403, "second_factor_required");
        talk.send(key, "GET /api/v1/occasions", "")
            .refused(403, "second_factor_required");
        talk.send(key, &format!("GET {OWN}"), "");
        assert_eq!(talk.answer().status, 200, "{}", talk.answer().body);
        talk.send(key, "GET /api/v1/session", "");
        assert_eq!(talk.answer().status, 200);
    }
    talk.send(&user, "GET /api/v1/sessions", "");
    assert_eq!(talk.answer().status, 200, "visitors are asked for nothing");
    talk.send(&admin, "GET /api/v1/people", "");
    assert_eq!(talk.answer().status, 200, "who has one works on");
    talk.send(&guru, "DELETE /api/v1/session", "").gets(204, "");
}

#[test]
fn who_is_erased_leaves_no_second_factor() {
    let house = House::unlimited();
    turn_on(&house);
    let (id, core) = (house.admin, &house.desk.core);
    let is_on = || core.store.read(|view| factor::is_on(view, id));
    assert_eq!(is_on(), Ok(true));
    core.erase(Actor::Operator, "test", id).expect("erased");
    assert_eq!(is_on(), Ok(false));
}
