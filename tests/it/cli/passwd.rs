//! `hadir person passwd`: the way in for whoever has lost a password.

use crate::support::boxed::TestBox;
use crate::support::desk::Desk;
use crate::support::program::{run_with, text};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::{account, session};
use hadir::domain::surface::Surface;
use hadir::surface::control::{Command, execute};

fn passwd(person: &str, login: Option<&str>, hash: &str) -> Command {
    Command::PersonPasswd {
        person: person.to_owned(),
        login: login.map(ToOwned::to_owned),
        hash: hash.to_owned(),
    }
}

fn add(desk: &Desk) -> String {
    let command = Command::PersonAdd {
        name: "Sinta Dewi".to_owned(),
        role: Role::Admin,
        number: Some("2026-1".to_owned()),
        email: None,
        class: None,
    };
    let added = execute(&desk.core, command).expect("added");
    added["person"].as_str().expect("an id").to_owned()
}

#[test]
fn a_new_password_keeps_the_login_and_ends_the_sessions() {
    let desk = Desk::new();
    let id = add(&desk).parse().expect("an id");
    let none = execute(&desk.core, passwd("2026-1", None, "hash")).expect_err("no login yet");
    assert_eq!(none.code, "unprocessable");
    assert!(none.message.contains("--login"), "{none}");
    let made = execute(&desk.core, passwd("2026-1", Some("Sinta"), "first")).expect("made");
    assert_eq!(made["login"], "Sinta");
    let core = &desk.core;
    let opened = core
        .write(Actor::Stranger, "test", move |tx, call| {
            session::open(tx, call, id, Surface::Native, "", "")
        })
        .expect("a session");
    let find = || {
        core.read(Actor::Stranger, "test", |view, call| {
            session::find(
                view,
                call.site,
                Surface::Native,
                opened.token.expose(),
                call.now.at,
            )
        })
        .expect("readable")
    };
    assert!(find().is_some());
    execute(core, passwd("2026-1", None, "second")).expect("changed");
    assert!(find().is_none(), "whoever had the old password is out");
    let found = core
        .read(Actor::Stranger, "test", |view, call| {
            account::find_candidate(view, call.site, Surface::Native, "sinta")
        })
        .expect("readable")
        .expect("the login stayed");
    assert_eq!(found.hash.expose(), "second");
    let bad = execute(core, passwd("2026-1", Some("a b"), "x")).expect_err("no login name");
    assert_eq!(bad.code, "invalid");
    let nobody = execute(core, passwd("2026-9", Some("x.y"), "x")).expect_err("nobody");
    assert_eq!(nobody.code, "missing");
}

#[test]
fn the_password_comes_by_the_standard_input_and_is_hashed_before_it_travels() {
    let subject = TestBox::new("");
    subject.json(&[
        "person", "add", "Sinta", "--number", "2026-1", "--role", "admin",
    ]);
    let run = |input: &str| {
        let arguments = [
            "person",
            "passwd",
            "2026-1",
            "--login",
            "sinta",
            "--password-stdin",
        ];
        run_with(subject.command(&arguments), input)
    };
    for short in ["", "\n", "pendek\n"] {
        let output = run(short);
        assert!(!output.status.success());
        assert!(text(&output.stderr).contains("at least"), "{output:?}");
    }
    let too_long = format!("{}\n", "x".repeat(5000));
    assert!(!run(&too_long).status.success());
    let output = run("sandi-Kamboja-0099\nwhat follows is not read\n");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("signs in as sinta"));
    assert!(!text(&output.stdout).contains("Kamboja"));
}
