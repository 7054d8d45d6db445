//! Guessing passwords on the surface ends soon, and nobody is locked out by the guesses of others.

use super::house::{House, send};
use hadir::base::json::json;
use hadir::surface::throttle::Try;
use std::net::{IpAddr, Ipv4Addr};

const LOGIN: &str = "POST /auth/login";

/// Status, and the cookie that a browser would keep, of a login with a password.
fn login(house: &House, name: &str, password: &str, cookie: &str) -> (u16, Option<String>) {
    let lines = format!("content-type: application/json\r\n{cookie}");
    let body = json!({"username": name, "password": password}).to_string();
    let answer = house.send(LOGIN, &lines, &body);
    let mark = answer.headers("set-cookie").into_iter().next();
    let mark = mark.map(|line| line.split(';').next().unwrap_or_default().to_owned());
    (answer.status, mark)
}

/// How many guesses at a name of this surface are looked at, of ten from each of these addresses.
fn guesses(house: &House, name: &str, from: std::ops::RangeInclusive<u8>) -> usize {
    let name = format!("identity\0{name}");
    let one = |n: u8| IpAddr::from(Ipv4Addr::new(10, 0, 0, n));
    from.flat_map(|n| (0..10).map(move |_| n))
        .filter(|n| Try::count(&house.native, one(*n), "", &name).is_ok())
        .count()
}

#[test]
fn guessing_at_one_name_leaves_the_others_and_other_addresses_alone() {
    let house = House::counting();
    for name in ["ada", "budi"] {
        house.register(name, "committee");
    }
    for _ in 0..5 {
        assert_eq!(login(&house, "ada", "salah", "").0, 401);
    }
    assert_eq!(login(&house, "ada", "secret", "").0, 429);
    assert_eq!(login(&house, "budi", "secret", "").0, 200, "another name");
    assert_eq!(guesses(&house, "ada", 1..=1), 5, "another address");
    // A name of ours is another name.
    let ours = Try::count(&house.native, Ipv4Addr::LOCALHOST.into(), "", "ada");
    assert!(ours.is_ok());
}

#[test]
fn a_browser_that_is_known_comes_in_while_twenty_addresses_guess() {
    let house = House::counting();
    for name in ["ada", "budi"] {
        house.register(name, "committee");
    }
    let (status, mark) = login(&house, "ada", "secret", "");
    let mark = mark.expect("a mark");
    assert_eq!(status, 200);
    assert!(mark.starts_with("hadir_known_identity="), "{mark}");
    for name in ["ada", "budi"] {
        assert_eq!(guesses(&house, name, 1..=20), 100, "{name}");
        assert_eq!(login(&house, name, "secret", "").0, 429, "{name}");
    }
    let known = format!("cookie: {mark}\r\n");
    assert_eq!(
        login(&house, "budi", "secret", &known).0,
        429,
        "not its name"
    );
    for _ in 0..5 {
        assert_eq!(login(&house, "ada", "salah", &known).0, 401);
    }
    assert_eq!(
        login(&house, "ada", "secret", &known).0,
        429,
        "it guesses, too"
    );
    house.desk.clock.advance(30 * 60_000);
    assert_eq!(login(&house, "ada", "secret", &known).0, 200);
}

#[test]
fn a_mark_of_ours_is_none_here_and_none_of_here_is_ours() {
    let house = House::counting();
    house.register("kepala", "committee");
    let (_, mark) = login(&house, "kepala", "secret", "");
    let value = mark
        .as_deref()
        .and_then(|m| m.split_once('='))
        .expect("a mark")
        .1
        .to_owned();
    assert_eq!(guesses(&house, "kepala", 1..=20), 100);
    let renamed = format!("cookie: hadir_known={value}\r\n");
    assert_eq!(login(&house, "kepala", "secret", &renamed).0, 429);
    for _ in 0..5 {
        let stranger = Ipv4Addr::LOCALHOST.into();
        assert!(Try::count(&house.native, stranger, &value, "kepala").is_ok());
    }
    let stranger = Ipv4Addr::LOCALHOST.into();
    assert!(Try::count(&house.native, stranger, &value, "kepala").is_err());
    assert!(
        Try::count(
            &house.native,
            Ipv4Addr::new(10, 0, 0, 1).into(),
            &value,
            "kepala"
        )
        .is_ok(),
        "it was counted as a stranger of that address, and not by the mark"
    );
}

#[test]
fn every_answer_says_what_may_still_be_done() {
    let house = House::counting();
    let body = |name: &str| {
        json!({"username": name, "password": "secret", "role": "committee"}).to_string()
    };
    let lines = "content-type: application/json\r\n";
    let own = house.send("POST /auth/register", lines, &body("ada"));
    let ours = send(
        &house.ours,
        "POST /compat/identity/auth/register",
        lines,
        &body("budi"),
    );
    for (answer, left) in [(own, 19), (ours, 18)] {
        assert_eq!(answer.status, 200, "{answer:?}");
        let policy = answer.header("ratelimit-policy");
        assert_eq!(policy, Some("\"auth\";q=20;w=60"));
        let told = answer.header("ratelimit").expect("what is left");
        assert!(told.starts_with(&format!("\"auth\";r={left};t=")), "{told}");
    }
    for _ in 0..5 {
        assert_eq!(login(&house, "ada", "salah", "").0, 401);
    }
    let body = json!({"username": "ada", "password": "salah"});
    let refused = house.post("/auth/login", &body);
    assert_eq!(refused.status, 429);
    let policy = refused.header("ratelimit-policy");
    assert_eq!(policy, Some("\"login\";q=5;w=900"));
}

#[test]
fn a_name_that_nobody_has_costs_as_many_hashes() {
    let house = House::new();
    house.register("ada", "committee");
    let hashes = |path: &str, name: &str, password: &str| {
        let before = house.native.passwords.done();
        let body = json!({"username": name, "password": password});
        let status = house.post(path, &body).status;
        (status, house.native.passwords.done() - before)
    };
    for (name, password, wanted) in [
        ("ada", "salah", (401, 1)),
        ("tiada", "salah", (401, 1)),
        ("tiada", "secret", (401, 1)),
        ("ada", "secret", (200, 1)),
    ] {
        assert_eq!(hashes("/auth/login", name, password), wanted, "{name}");
    }
    // Registering looks whether the name and the password are somebody's of ours.
    let of_nobody = hashes("/auth/register", "baru", "salah sekali");
    assert_eq!(of_nobody.0, 200);
    assert_eq!(
        hashes("/auth/register", "kepala", "salah sekali"),
        of_nobody
    );
}
