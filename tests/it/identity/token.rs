//! Tokens that are none, and how one ends before its time.

use super::house::{House, SECRET};
use hadir::base::json::json;
use hadir::crypto::jwt::{Key, sign};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::login::Login;
use hadir::domain::identity::{person, role};
use hadir::domain::surface::Surface;
use hadir::surface::tixgo::State;

fn now_s(house: &House) -> i64 {
    house.desk.clock.truth().as_millis() / 1000
}

/// A token with these claims, signed with this secret.
fn made(secret: &[u8], claims: &str) -> String {
    sign(&Key::new(secret), None, claims).expose().clone()
}

#[test]
fn a_token_minted_with_the_shared_secret_is_believed_without_its_person() {
    let house = House::new();
    let now = now_s(&house);
    let (end, sub) = (now + 60, "portal user");
    let claims = format!(r#"{{"sub":"{sub}","iat":{now},"exp":{end}}}"#);
    let found = house.me(&made(SECRET, &claims));
    assert_eq!(found, (200, json!({"username": sub, "role": ""})));
    let claims = format!(r#"{{"sub":"{sub}","role":"admin","exp":{end}}}"#);
    let found = house.me(&made(SECRET, &claims));
    assert_eq!(found, (200, json!({"username": sub, "role": "admin"})));
}

#[test]
fn whatever_is_no_token_of_the_set_is_refused() {
    let house = House::new();
    let now = now_s(&house);
    let end = now + 60;
    let good = format!(r#"{{"sub":"x","role":"admin","iat":{now},"exp":{end}}}"#);
    let (head, rest) = {
        let token = made(SECRET, &good);
        let (head, rest) = token.split_once('.').expect("parts");
        (head.to_owned(), rest.to_owned())
    };
    // {"alg":"none","typ":"JWT"}
    let none = format!(
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.",
        rest.split('.').next().expect("claims")
    );
    let table = [
        ("alg none", none),
        (
            "another secret",
            made(b"a secret of somebody else, long enough", &good),
        ),
        ("tampered", format!("{head}.{}", rest.replacen('I', "J", 1))),
        ("no end", made(SECRET, r#"{"sub":"x","role":"admin"}"#)),
        (
            "no name",
            made(SECRET, &format!(r#"{{"role":"admin","exp":{end}}}"#)),
        ),
        (
            "empty name",
            made(SECRET, &format!(r#"{{"sub":"","exp":{end}}}"#)),
        ),
        (
            "a number as name",
            made(SECRET, &format!(r#"{{"sub":7,"exp":{end}}}"#)),
        ),
        (
            "made later",
            made(
                SECRET,
                &format!(r#"{{"sub":"x","iat":{end},"exp":{}}}"#, end + 60),
            ),
        ),
        (
            "valid later",
            made(
                SECRET,
                &format!(r#"{{"sub":"x","nbf":{end},"exp":{}}}"#, end + 60),
            ),
        ),
        (
            "for others",
            made(SECRET, &format!(r#"{{"sub":"x","aud":"y","exp":{end}}}"#)),
        ),
        (
            "a session's",
            "hdrs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        ),
        ("too long", "a".repeat(10_000)),
    ];
    for (what, token) in table {
        let found = house.me(&token);
        assert_eq!(found, (401, json!({"detail": "Invalid token"})), "{what}");
    }
    let over = made(SECRET, &format!(r#"{{"sub":"x","exp":{now}}}"#));
    assert_eq!(house.me(&over), (401, json!({"detail": "Token expired"})));
}

#[test]
fn a_token_ends_with_its_person_s_right_to_take_part() {
    let house = House::new();
    house.register("panitia1", "committee");
    let token = house.login("panitia1");
    let id = house.holder("panitia1");
    let core = &house.desk.core;
    let enable = |enabled| {
        core.write(Actor::Operator, "test", move |tx, c| {
            person::set_enabled(tx, c, id, enabled)
        })
        .expect("changed");
    };
    assert_eq!(house.me(&token).0, 200);
    enable(false);
    assert_eq!(house.me(&token), (401, json!({"detail": "Invalid token"})));
    let body = json!({"username": "panitia1", "password": "secret"});
    let answer = house.post("/auth/login", &body);
    assert_eq!(
        (answer.status, answer.json()),
        (401, json!({"detail": "Invalid username/password"}))
    );
    enable(true);
    assert_eq!(house.me(&token).0, 200);
    core.write(Actor::Operator, "test", move |tx, c| {
        person::erase(tx, c, id)
    })
    .expect("erased");
    assert_eq!(house.me(&token).0, 401);
    let claims = format!(r#"{{"sub":"panitia1","exp":{}}}"#, now_s(&house) + 60);
    assert_eq!(
        house.me(&made(SECRET, &claims)).0,
        401,
        "nobody else has the name"
    );
}

#[test]
fn a_token_ends_with_the_password_and_with_the_role_that_it_names() {
    let house = House::new();
    house.register("bos", "admin");
    let id = house.holder("bos");
    let first = house.login("bos");
    house.desk.clock.advance(2_000);
    let login = Login::typed(Surface::Identity, "bos").expect("a name");
    house.set_password(id, Surface::Identity, login, "secret");
    assert_eq!(
        house.me(&first).0,
        401,
        "given before the password was changed"
    );
    let second = house.login("bos");
    assert_eq!(house.me(&second).0, 200);
    house
        .desk
        .core
        .write(Actor::Operator, "test", move |tx, c| {
            role::give(tx, c, id, Surface::Identity, Role::Committee, None)
        })
        .expect("demoted");
    assert_eq!(house.me(&second).0, 401, "the role is not held any more");
    assert_eq!(house.me(&house.login("bos")).1["role"], "committee");
}

#[test]
fn the_own_secret_is_the_box_s_and_stays() {
    let (one, other) = (House::new(), House::new());
    let secret = |house: &House| *State::own_secret(&house.desk.core.site()).expose();
    assert_eq!(secret(&one), secret(&one));
    assert_eq!(
        secret(&one),
        secret(&other),
        "the same seed makes the same keys"
    );
    let mut site = (*one.desk.core.site()).clone();
    let mut chance = Seeded::new(&Seed::from_number(99));
    let master = MasterKey::generate(&mut chance);
    let (keyring, _) = Keyring::create(&master, &mut chance).expect("keys");
    site.keyring = keyring.into();
    assert_ne!(
        *State::own_secret(&site).expose(),
        secret(&one),
        "another box"
    );
}

#[test]
fn a_token_holds_as_long_as_the_setting_says() {
    let house = House::new();
    house.register("panitia1", "committee");
    let token = house.login("panitia1");
    house.desk.clock.advance(7_199_000);
    assert_eq!(house.me(&token).0, 200);
    house.desk.clock.advance(1_000);
    assert_eq!(house.me(&token), (401, json!({"detail": "Token expired"})));
}
