//! The first start: codes that are wrong, late, used, guessed; the one administrator.

use super::door::{Door, name};
use super::session::{login, sign_in, staff};
use hadir::base::cause::Cause;
use hadir::base::id::PersonId;
use hadir::base::limits;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::{account, session};
use hadir::domain::setup::{self, Answer, Error, Refusal, Step};
use hadir::domain::surface::Surface;

fn new_code(door: &Door) -> String {
    let code = door.act(setup::new_code).expect("a code");
    code.expose().clone()
}

fn try_code(door: &Door, code: &str) -> Result<String, Refusal> {
    let code = code.to_owned();
    let answer = door.act_as(Actor::Stranger, move |tx, call| {
        setup::try_code(tx, call, &code)
    });
    match answer.expect("an answer") {
        Answer::Pass(pass) => Ok(pass.expose().clone()),
        Answer::Refused(refusal) => Err(refusal),
    }
}

/// A code of the right form that is not this one.
fn another(code: &str) -> String {
    let first = if code.starts_with('0') { '1' } else { '0' };
    format!("{first}{}", &code[1..])
}

fn has_pass(door: &Door, pass: &str) -> bool {
    door.look(|v, c| setup::find_pass(v, c.site, pass, c.now.at))
        .expect("readable")
}

fn profile(who: &str) -> Profile {
    Profile {
        name: name(who),
        number: None,
        email: None,
        class: None,
        role: Role::User,
    }
}

fn create(door: &Door, pass: &str, who: &str) -> Result<PersonId, Error> {
    let (pass, profile) = (pass.to_owned(), profile(who));
    let login = login(&format!("{who}.admin"));
    door.act_as(Actor::Stranger, move |tx, call| {
        setup::create_administrator(tx, call, &pass, &profile, &login, "$argon2id$hash")
    })
}

#[test]
fn the_way_from_code_to_administrator() {
    let door = Door::new();
    let code = new_code(&door);
    assert_eq!(code.len(), 8);
    let pass = try_code(
        &door,
        &format!(" {}-{} ", &code[..4], code[4..].to_lowercase()),
    )
    .expect("the code opens");
    assert!(has_pass(&door, &pass));
    let step = |step, actor| {
        let pass = pass.clone();
        door.act_as(actor, move |tx, call| {
            setup::finish_step(tx, call, &pass, step)
        })
    };
    assert_eq!(step(Step::Language, Actor::Stranger), Ok(()));
    assert_eq!(step(Step::Site, Actor::Stranger), Ok(()));
    let progress = || door.look(|v, _| setup::progress(v)).expect("readable");
    assert_eq!(progress().done, [Step::Language, Step::Site]);
    assert_eq!(progress().next(), Some(Step::Administrator));
    assert!(!progress().administrator);
    let id = create(&door, &pass, "Sri").expect("the administrator");
    assert!(progress().administrator);
    assert!(!has_pass(&door, &pass), "the pass ended");
    let refused = step(Step::Backup, Actor::Stranger).expect_err("not by the pass any more");
    assert_eq!(refused.cause(), Cause::Forbidden);
    let (_, token) = sign_in(&door, id);
    let found = door
        .look(|v, c| session::find(v, c.site, Surface::Native, &token, c.now.at))
        .expect("readable")
        .expect("a session");
    assert_eq!(found.role, Role::Admin, "whatever the form said");
    assert_eq!(step(Step::Backup, found.actor()), Ok(()));
    assert_eq!(step(Step::Samples, found.actor()), Ok(()));
    assert_eq!(progress().done, Step::ALL);
    assert_eq!(progress().next(), None);
}

#[test]
fn a_wrong_code_is_counted_and_the_fifth_ends_it() {
    let mut door = Door::new();
    let code = new_code(&door);
    let wrong = another(&code);
    for left in (1..limits::SETUP_CODE_TRIES_MAX).rev() {
        assert_eq!(try_code(&door, &wrong), Err(Refusal::Wrong { left }));
    }
    door.reopen();
    assert_eq!(
        try_code(&door, "kein Code"),
        Err(Refusal::UsedUp),
        "the count outlives a restart"
    );
    assert_eq!(
        try_code(&door, &code),
        Err(Refusal::UsedUp),
        "nor the right one"
    );
    let fresh = new_code(&door);
    assert!(try_code(&door, &fresh).is_ok());
}

#[test]
fn a_code_is_entered_once() {
    let door = Door::new();
    let code = new_code(&door);
    let pass = try_code(&door, &code).expect("it opens");
    assert_eq!(try_code(&door, &code), Err(Refusal::UsedUp));
    assert!(has_pass(&door, &pass), "the first one goes on");
    assert!(!has_pass(&door, &format!("{pass}A")));
    assert!(!has_pass(&door, ""));
}

#[test]
fn code_and_pass_have_their_time() {
    let door = Door::new();
    assert_eq!(
        try_code(&door, "00000000"),
        Err(Refusal::Expired),
        "none yet"
    );
    let code = new_code(&door);
    door.advance(Span::from_millis(limits::SETUP_CODE_MS_MAX));
    assert_eq!(try_code(&door, &code), Err(Refusal::Expired));
    let code = new_code(&door);
    door.advance(Span::from_millis(limits::SETUP_CODE_MS_MAX - 1));
    let pass = try_code(&door, &code).expect("in time");
    door.advance(Span::from_millis(limits::SETUP_PASS_MS_MAX));
    assert!(!has_pass(&door, &pass));
    assert_eq!(create(&door, &pass, "Sri"), Err(Error::NoPass));
}

#[test]
fn a_newer_code_ends_the_older_one_and_its_pass() {
    let door = Door::new();
    let first = new_code(&door);
    let second = new_code(&door);
    assert!(matches!(
        try_code(&door, &first),
        Err(Refusal::Wrong { .. })
    ));
    let pass = try_code(&door, &second).expect("it opens");
    new_code(&door);
    assert!(
        !has_pass(&door, &pass),
        "whoever stands at the box has the last word"
    );
}

#[test]
fn only_the_box_itself_makes_codes() {
    let door = Door::new();
    let admin = Actor::Person {
        id: staff(&door, "Sri", Role::Committee),
        role: Role::Admin,
        supervise: true,
    };
    for actor in [Actor::Stranger, admin] {
        let refused = door.act_as(actor, setup::new_code).expect_err("refused");
        assert_eq!(refused.cause(), Cause::Forbidden);
    }
}

#[test]
fn after_the_administrator_nothing_of_the_setup_opens() {
    let door = Door::new();
    let code = new_code(&door);
    let pass = try_code(&door, &code).expect("it opens");
    create(&door, &pass, "Sri").expect("the administrator");
    assert_eq!(create(&door, &pass, "Adi"), Err(Error::Done));
    assert_eq!(try_code(&door, &code), Err(Refusal::Done));
    assert_eq!(door.act(setup::new_code).expect_err("done"), Error::Done);
}

#[test]
fn of_many_at_once_one_becomes_the_administrator() {
    let door = Door::new();
    let pass = try_code(&door, &new_code(&door)).expect("it opens");
    let made: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|i| {
                let (door, pass) = (&door, &pass);
                scope.spawn(move || create(door, pass, &format!("Orang{i}")))
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().expect("a thread"))
            .collect()
    });
    assert_eq!(made.iter().filter(|m| m.is_ok()).count(), 1);
    assert!(made.iter().all(|m| m.is_ok() || *m == Err(Error::Done)));
    let people = door
        .look(|v, c| person::list(v, c, None, 100))
        .expect("people");
    assert_eq!(people.len(), 1, "the others left nothing behind");
}

/// Many guess at once: five tries are five tries, and the code does not open afterwards.
#[test]
fn guessing_at_once_gains_nothing() {
    let door = Door::new();
    let code = new_code(&door);
    let wrong = another(&code);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| try_code(&door, &wrong)))
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().expect("a thread"))
            .collect()
    });
    let wrong = |a: &&Result<String, Refusal>| matches!(a, Err(Refusal::Wrong { .. }));
    assert_eq!(answers.iter().filter(wrong).count(), 4);
    assert_eq!(try_code(&door, &code), Err(Refusal::UsedUp));
    assert!(
        !door
            .look(|v, _| account::has_administrator(v))
            .expect("readable")
    );
}
