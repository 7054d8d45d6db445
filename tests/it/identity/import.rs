//! Accounts of the original: brought over with their hashes, which the next login replaces.

use super::house::House;
use crate::support::boxed::TestBox;
use crate::support::program::{run_with, text};
use hadir::base::json::json;
use hadir::domain::identity::account;
use hadir::domain::surface::Surface;
use hadir::surface::control::{Command, execute};

/// bcrypt of "U*U" (the original implementation's own vector), as old systems keep it.
const HASH: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

fn bring(house: &House, text: &str) -> Result<hadir::base::json::Value, String> {
    let command = Command::ImportTixgo {
        text: text.replace("HASH", HASH),
    };
    execute(&house.desk.core, command).map_err(|refusal| refusal.message)
}

fn hash_of(house: &House, name: &str) -> String {
    let site = house.desk.core.site();
    let found = (house.desk.core.store)
        .read(|view| account::find_candidate(view, &site, Surface::Identity, name));
    let found = found.expect("readable").expect("an account");
    found.hash.expose().clone()
}

#[test]
fn an_account_is_brought_over_and_its_hash_replaced_at_the_next_login() {
    let house = House::new();
    let list = r#"[{"username":"panitia1","password_hash":"HASH"},{"username":"admin1","password_hash":"HASH","role":"admin"}]"#;
    assert_eq!(bring(&house, list), Ok(json!({"added": 2, "kept": 0})));
    assert_eq!(hash_of(&house, "admin1"), HASH);
    let login = |password: &str| {
        house.post(
            "/auth/login",
            &json!({"username": "admin1", "password": password}),
        )
    };
    assert_eq!(login("U*").status, 401);
    assert_eq!(
        hash_of(&house, "admin1"),
        HASH,
        "a wrong password changes nothing"
    );
    let first = login("U*U");
    assert_eq!(first.status, 200, "{}", first.body);
    assert!(hash_of(&house, "admin1").starts_with("$argon2id$"));
    let token = first.json()["access_token"].clone();
    let second = login("U*U");
    assert_eq!(second.status, 200, "{}", second.body);
    let me = house.me(token.as_str().expect("a token"));
    assert_eq!(me, (200, json!({"username": "admin1", "role": "admin"})));
    assert_eq!(
        hash_of(&house, "panitia1"),
        HASH,
        "who has not come keeps the old one"
    );
}

#[test]
fn a_list_can_be_brought_twice_and_a_known_name_is_left_alone() {
    let house = House::new();
    house.register("panitia1", "committee");
    let before = hash_of(&house, "panitia1");
    let table = "username,password_hash,role\npanitia1,HASH,admin\nbaru,HASH,committee\n";
    assert_eq!(bring(&house, table), Ok(json!({"added": 1, "kept": 1})));
    assert_eq!(bring(&house, table), Ok(json!({"added": 0, "kept": 2})));
    assert_eq!(hash_of(&house, "panitia1"), before);
    assert_eq!(house.me(&house.login("panitia1")).1["role"], "committee");
}

#[test]
fn a_list_with_a_mistake_brings_nobody() {
    let house = House::new();
    let list = r#"[{"username":"satu","password_hash":"HASH"},{"username":"dua","password_hash":"plain"}]"#;
    let refused = bring(&house, list).expect_err("refused");
    assert!(
        refused.contains("account 2") && !refused.contains("plain"),
        "{refused}"
    );
    let body = json!({"username": "satu", "password": "U*U"});
    assert_eq!(house.post("/auth/login", &body).status, 401);
}

#[test]
fn the_command_reads_the_standard_input() {
    let subject = TestBox::new("");
    let list = format!(r#"{{"panitia1":{{"password":"{HASH}","role":"committee"}}}}"#);
    let output = run_with(subject.command(&["import", "tixgo"]), &list);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stdout),
        "1 accounts added, 0 were known already\n"
    );
    let output = run_with(subject.command(&["import", "tixgo"]), "nothing");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("username and password_hash"),
        "{}",
        text(&output.stderr)
    );
}
