//! Logins of the surface that the operator gives: the way in where nobody registers.

use super::house::{House, hash, setting};
use crate::support::boxed::TestBox;
use crate::support::program::{run_with, text};
use hadir::base::id::PersonId;
use hadir::base::json::{Value, json};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::registration::Policy;
use hadir::domain::identity::role;
use hadir::domain::surface::Surface;
use hadir::surface::control::{Command, Refusal, execute};
use hadir::surface::tixgo::Setting;

/// A box where nobody registers, and a person of it.
fn closed() -> (House, PersonId) {
    let house = House::with(Setting {
        policy: Policy {
            open: false,
            roles: Vec::new(),
        },
        ..setting()
    });
    let id = house.person("Panitia Satu", Role::User);
    (house, id)
}

fn give(house: &House, person: &str, login: &str, role: Role) -> Result<Value, Refusal> {
    let command = Command::PersonLogin {
        person: person.to_owned(),
        surface: Surface::Identity,
        login: login.to_owned(),
        role,
        hash: hash("secret"),
    };
    execute(&house.desk.core, command)
}

#[test]
fn the_operator_gives_a_login_where_registration_is_closed() {
    let (house, id) = closed();
    let given = give(&house, &id.to_string(), "Panitia 1", Role::Committee).expect("given");
    assert_eq!(given["surface"], "identity");
    assert_eq!(house.holder("Panitia 1"), id);
    let me = house.me(&house.login("Panitia 1"));
    assert_eq!(
        me,
        (200, json!({"username": "Panitia 1", "role": "committee"}))
    );
    let native = (house.desk.core.store).read(|v| role::actor_on(v, id, Surface::Native, false));
    let Some(Actor::Person { role, .. }) = native.expect("readable") else {
        panic!("no person");
    };
    assert_eq!(role, Role::User, "the role holds there alone");
}

#[test]
fn another_login_takes_the_place_of_the_one_before() {
    let (house, id) = closed();
    let person = id.to_string();
    give(&house, &person, "lama", Role::Admin).expect("given");
    let token = house.login("lama");
    house.desk.clock.advance(1_000);
    give(&house, &person, "baru", Role::Committee).expect("given");
    assert_eq!(house.me(&token).0, 401, "the old name is nobody's any more");
    let body = json!({"username": "lama", "password": "secret"});
    assert_eq!(house.post("/auth/login", &body).status, 401);
    assert_eq!(house.me(&house.login("baru")).1["role"], "committee");
    let other = house.person("Orang Lain", Role::User);
    let taken = give(&house, &other.to_string(), "lama", Role::Committee);
    assert_eq!(taken.expect_err("it was somebody's").code, "conflict");
}

#[test]
fn what_cannot_be_a_login_there_changes_nothing() {
    let (house, id) = closed();
    let person = id.to_string();
    for name in [
        "",
        "ab",
        "   ",
        "\u{430}dmin1",
        "a\u{200B}bc",
        &"a".repeat(51),
    ] {
        let refused = give(&house, &person, name, Role::Admin).expect_err(name);
        assert_eq!(refused.code, "unprocessable", "{name:?}");
    }
    let nobody = give(&house, "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2", "siapa", Role::Admin);
    assert_eq!(nobody.expect_err("nobody").code, "missing");
    let roles = (house.desk.core.store).read(|v| role::actor_on(v, id, Surface::Identity, false));
    let Some(Actor::Person { role, .. }) = roles.expect("readable") else {
        panic!("no person");
    };
    assert_eq!(role, Role::User, "neither login nor role");
}

#[test]
fn the_command_takes_a_short_password_and_none_beyond_72_bytes() {
    let subject = TestBox::new("");
    subject.json(&["person", "add", "Panitia Satu", "--number", "P1"]);
    let arguments = [
        "person",
        "login",
        "P1",
        "panitia1",
        "--surface",
        "identity",
        "--password-stdin",
    ];
    let run = |password: &str| {
        let output = run_with(subject.command(&arguments), password);
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let long = format!("{}\n", "a".repeat(73));
    for (password, why) in [("abc\n", "too short"), (long.as_str(), "at most 72 bytes")] {
        let (status, _, told) = run(password);
        assert_eq!(status, Some(1), "{told}");
        assert!(told.contains(why), "{told}");
    }
    let (status, told, wrong) = run("secret\n");
    assert_eq!(status, Some(0), "{wrong}");
    assert!(told.ends_with("signs in as panitia1\n"), "{told}");
    let mut other = arguments;
    other[5] = "chat";
    let output = run_with(subject.command(&other), "secret\n");
    assert_eq!(output.status.code(), Some(64), "{}", text(&output.stderr));
}
