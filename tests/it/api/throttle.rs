//! Guessing passwords ends soon, and nobody is locked out by the guesses of others.

use super::house::{House, Key, PASSWORD};
use hadir::domain::actor::DeviceAccess;
use hadir::http::rate::Rules;
use hadir::surface::native::Native;
use hadir::surface::throttle::{Try, marked};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

const NAME: &str = "kepala";

fn native(house: &House) -> Native {
    Native::new(Arc::clone(&house.desk.core)).limited(Rules::default())
}

fn address(n: u8) -> IpAddr {
    Ipv4Addr::new(10, 0, 0, n).into()
}

/// How many guesses at a name from an address are looked at, of so many.
fn guesses(native: &Native, from: u8, login: &str, of: usize) -> usize {
    let counted = (0..of).filter(|_| Try::count(native, address(from), "", login).is_ok());
    counted.count()
}

#[test]
fn a_stranger_guesses_five_times_at_a_name_and_fifty_times_at_all() {
    let house = House::new();
    let native = native(&house);
    assert_eq!(guesses(&native, 1, NAME, 100), 5);
    let names = (0..100).map(|n| format!("nama{n}"));
    let more: usize = names.map(|name| guesses(&native, 1, &name, 1)).sum();
    assert_eq!(more, 45, "an address has fifty");
    assert_eq!(
        guesses(&native, 2, NAME, 100),
        5,
        "another address has its own"
    );
}

#[test]
fn one_address_does_not_lock_out_the_others() {
    let house = House::new();
    let native = native(&house);
    // What was refused must not use up the name at all addresses.
    assert_eq!(guesses(&native, 1, NAME, 1000), 5);
    assert_eq!(guesses(&native, 2, NAME, 1), 1);
    assert_eq!(
        guesses(&native, 1, "sari", 1),
        1,
        "the address may try another"
    );
}

#[test]
fn a_browser_that_is_known_comes_in_while_twenty_addresses_guess() {
    let house = House::new();
    let native = native(&house);
    let marks = marked(&native, "", NAME);
    let all = |of: std::ops::RangeInclusive<u8>| -> usize {
        of.map(|from| guesses(&native, from, NAME, 10)).sum()
    };
    assert_eq!(all(1..=19), 95);
    assert_eq!(
        guesses(&native, 199, NAME, 1),
        1,
        "nineteen keep nobody out"
    );
    assert_eq!(all(20..=60), 4, "all strangers together have a hundred");
    assert_eq!(guesses(&native, 200, NAME, 1), 0);
    let own = || Try::count(&native, address(1), &marks, " Kepala ");
    for _ in 0..5 {
        assert!(own().is_ok(), "also from the address of a guesser");
    }
    assert!(
        own().is_err(),
        "the browser guesses no more than five times either"
    );
    house.desk.clock.advance(30 * 60_000);
    own().expect("it may again").succeeded();
    for _ in 0..5 {
        assert!(own().is_ok());
    }
}

#[test]
fn a_mark_is_good_for_its_name_alone_and_cannot_be_made() {
    let house = House::new();
    let native = native(&house);
    let marks = marked(&native, "", "sari");
    assert_eq!(guesses(&native, 1, NAME, 9), 5);
    let forged = "a".repeat(75);
    for marks in [marks.as_str(), "", "....", forged.as_str()] {
        assert!(
            Try::count(&native, address(1), marks, NAME).is_err(),
            "{marks}"
        );
    }
    assert!(Try::count(&native, address(1), &marks, "sari").is_ok());
}

#[test]
fn a_browser_keeps_the_marks_of_four_people() {
    let house = House::new();
    let native = native(&house);
    let mut marks = String::new();
    for n in 0..6 {
        marks = marked(&native, &marks, &format!("nama{n}"));
        assert_eq!(
            marks,
            marked(&native, &marks, &format!("nama{n}")),
            "once each"
        );
    }
    assert_eq!(marks.split('.').count(), 4);
    let forged = marked(&native, "x; Path=/evil\r\n", "sari");
    assert_eq!(forged.split('.').count(), 1, "{forged}");
}

#[test]
fn who_signs_in_as_themselves_in_between_guesses_no_more_often() {
    let house = House::new();
    let native = native(&house);
    let mut looked_at = 0;
    for _ in 0..30 {
        looked_at += guesses(&native, 1, NAME, 1);
        if let Ok(own) = Try::count(&native, address(1), "", "sari") {
            own.succeeded();
        }
    }
    assert_eq!(looked_at, 5);
}

#[test]
fn who_signs_in_keeps_a_mark_out_of_reach_of_scripts() {
    let house = House::new();
    let body = format!(r#"{{"login":"{NAME}","password":"{PASSWORD}"}}"#);
    let answer = house.call(&Key::Nobody, "POST /api/v1/session", body.as_bytes());
    assert_eq!(answer.status, 201);
    let cookies = answer.headers("set-cookie");
    let mark = (cookies.iter()).find_map(|c| c.strip_prefix("hadir_known="));
    let mark = mark.unwrap_or_else(|| panic!("a mark: {cookies:?}"));
    assert!(mark.contains("; HttpOnly; SameSite=Lax"), "{mark}");
    let cookie = mark.split(';').next().expect("a value");
    let wrong = format!(r#"{{"login":"{NAME}","password":"salah sekali"}}"#);
    let guess = |body: &str| {
        house
            .send("POST /api/v1/session", "", body.as_bytes())
            .status
    };
    for _ in 0..5 {
        assert_eq!(guess(&wrong), 401);
    }
    assert_eq!(guess(&body), 429);
    let lines = format!("cookie: hadir_known={cookie}\r\norigin: http://box\r\n");
    let known = house.send("POST /api/v1/session", &lines, body.as_bytes());
    assert_eq!(known.status, 201, "{}", known.body);
}

#[test]
fn a_password_asked_for_again_is_counted_by_the_session() {
    let house = House::new();
    let (stolen, own) = (house.admin(), house.admin());
    let guess = |key: &Key| {
        let Key::Session(token) = key else {
            panic!("a session")
        };
        let lines = format!(
            "cookie: hadir_native={token}\r\norigin: http://box\r\n\
             content-type: application/x-www-form-urlencoded\r\n"
        );
        house.send("POST /me/password", &lines, b"current=x").status
    };
    let refused = (0..7).filter(|_| guess(&stolen) == 429).count();
    assert_eq!(refused, 2);
    assert_eq!(guess(&own), 422, "the other session goes on");
}

#[test]
fn every_answer_says_what_may_still_be_done() {
    let house = House::new();
    let admin = house.admin();
    for left in [99, 98] {
        let answer = house.call(&admin, "GET /api/v1/people", b"");
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"general\";q=100;w=60")
        );
        let told = answer.header("ratelimit").expect("what is left");
        assert!(
            told.starts_with(&format!("\"general\";r={left};t=")),
            "{told}"
        );
    }
    let guess = br#"{"login":"kepala","password":"kuda laut merah"}"#;
    for _ in 0..5 {
        house.call(&Key::Nobody, "POST /api/v1/session", guess);
    }
    let refused = house.call(&Key::Nobody, "POST /api/v1/session", guess);
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.header("ratelimit-policy"),
        Some("\"login\";q=5;w=900")
    );
    assert!(refused.header("retry-after").is_some());
}

/// How many passwords are hashed or checked for an answer.
fn hashes(house: &House, head: &str, body: &str) -> (u16, u64) {
    let before = house.native.passwords.done();
    let answer = house.call(&Key::Nobody, head, body.as_bytes());
    (answer.status, house.native.passwords.done() - before)
}

#[test]
fn a_name_that_nobody_has_costs_as_many_hashes() {
    let house = House::unlimited();
    house.call(&Key::Nobody, "POST /api/v1/session", b"{}");
    for path in ["/api/v1/session", "/api/v1/tokens"] {
        for (login, password, wanted) in [
            (NAME, "kuda laut merah", (401, 1)),
            ("tidak.ada", "kuda laut merah", (401, 1)),
            ("tidak.ada", PASSWORD, (401, 1)),
            ("", "", (401, 1)),
            (NAME, PASSWORD, (201, 1)),
        ] {
            let body = format!(r#"{{"login":"{login}","password":"{password}"}}"#);
            let found = hashes(&house, &format!("POST {path}"), &body);
            assert_eq!(found, wanted, "{path}: {login:?}, {password:?}");
        }
    }
}

#[test]
fn fifty_who_sign_in_at_once_keep_nobody_from_checking_in() {
    let house = House::unlimited();
    let (admin, (_, desk)) = (house.admin(), house.device(DeviceAccess::Desk));
    let body = format!(r#"{{"login":"{NAME}","password":"{PASSWORD}"}}"#);
    let signed_in = std::thread::scope(|scope| {
        let send = || house.call(&Key::Nobody, "POST /api/v1/session", body.as_bytes());
        let crowd: Vec<_> = (0..50)
            .map(|_| scope.spawn(move || send().status))
            .collect();
        for n in 0..60 {
            let answer = house.call(&admin, "GET /api/v1/people", b"");
            assert_eq!(answer.status, 200, "{}", answer.body);
            let nonce = format!("01JD5Z3N8GQ4X6V7W8Y9Z0{n:04}");
            let scan = format!(r#"{{"nonce":"{nonce}","occasion":"today","code":"TIADA"}}"#);
            let answer = house.call(&desk, "POST /api/v1/check-ins", scan.as_bytes());
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        let signed_in = crowd.into_iter().map(|one| one.join().expect("an answer"));
        signed_in.collect::<Vec<_>>()
    });
    // Who waits too long in the line for passwords is told to come again, and nothing else.
    assert!(signed_in.contains(&201), "{signed_in:?}");
    let told = |status: &u16| [201, 503].contains(status);
    assert!(signed_in.iter().all(told), "{signed_in:?}");
}
