//! Refresh tokens: each for one use, a second use ends the session, a lost answer is given again.

use super::door::Door;
use super::session::{find, staff};
use hadir::base::id::{PersonId, SessionId};
use hadir::base::limits;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::refresh::{self, Answer};
use hadir::domain::identity::session::{self, Session};
use hadir::domain::identity::{account, person};
use hadir::domain::surface::Surface;

fn open(door: &Door, person: PersonId) -> (SessionId, String) {
    let opened = door.act_as(Actor::Stranger, move |tx, call| {
        refresh::open(
            tx,
            call,
            person,
            Surface::Native,
            "192.168.1.7",
            "program/1",
        )
    });
    let opened = opened.expect("a session");
    (opened.id, opened.token.expose().clone())
}

fn rotate_on(door: &Door, surface: Surface, token: &str) -> Answer {
    let token = token.to_owned();
    let answer = door.act_as(Actor::Stranger, move |tx, call| {
        refresh::rotate(tx, call, surface, &token)
    });
    answer.expect("an answer")
}

fn rotate(door: &Door, token: &str) -> Answer {
    rotate_on(door, Surface::Native, token)
}

fn next(door: &Door, token: &str) -> String {
    match rotate(door, token) {
        Answer::Good(good) => good.token.expose().clone(),
        other @ (Answer::Unknown | Answer::Reused) => panic!("{other:?}"),
    }
}

fn goes_on(door: &Door, id: SessionId) -> Option<Session> {
    door.look(move |v, c| session::find_signed(v, c.site, Surface::Native, id, c.now.at))
        .expect("readable")
}

#[test]
fn each_token_brings_the_next_and_a_second_use_ends_the_session() {
    let door = Door::new();
    let sari = staff(&door, "Sari", Role::Admin);
    let (id, first) = open(&door, sari);
    let second = next(&door, &first);
    let third = next(&door, &second);
    assert!(first != second && second != third);
    assert!(goes_on(&door, id).is_some());
    assert!(matches!(rotate(&door, &first), Answer::Reused));
    assert!(goes_on(&door, id).is_none(), "the session has ended");
    for token in [&first, &second, &third] {
        assert!(matches!(rotate(&door, token), Answer::Unknown), "{token}");
    }
}

#[test]
fn an_answer_that_was_lost_is_given_again_for_a_minute() {
    let door = Door::new();
    let sari = staff(&door, "Sari", Role::Admin);
    let (id, first) = open(&door, sari);
    let second = next(&door, &first);
    door.advance(Span::from_millis(limits::REFRESH_GRACE_MS));
    assert_eq!(next(&door, &first), second, "the same token");
    door.advance(Span::from_millis(1));
    assert!(matches!(rotate(&door, &first), Answer::Reused));
    assert!(goes_on(&door, id).is_none());
}

#[test]
fn twenty_at_once_are_one_family_and_no_alarm() {
    let door = Door::new();
    let sari = staff(&door, "Sari", Role::Admin);
    let (id, first) = open(&door, sari);
    let answers: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| next(&door, &first)))
            .collect();
        all.into_iter()
            .map(|one| one.join().expect("an answer"))
            .collect()
    });
    assert!(
        answers.iter().all(|token| *token == answers[0]),
        "{answers:?}"
    );
    assert!(goes_on(&door, id).is_some());
    let sessions = door.look(move |v, c| session::list(v, c, sari));
    assert_eq!(sessions.expect("a list").len(), 1);
    next(&door, &answers[7]);
}

#[test]
fn guesses_and_changed_tokens_end_nothing() {
    let door = Door::new();
    let sari = staff(&door, "Sari", Role::Admin);
    let (id, first) = open(&door, sari);
    let (other, of_other) = open(&door, sari);
    let mixed = of_other.replace(&other.to_string(), &id.to_string());
    let later = format!("{first}0");
    let mut flipped = first.clone().into_bytes();
    flipped[40] = if flipped[40] == b'a' { b'b' } else { b'a' };
    let flipped = String::from_utf8(flipped).expect("text");
    let negative = format!("{}-1", &first[..first.len() - 1]);
    for token in [
        mixed.as_str(),
        &later,
        &flipped,
        &negative,
        "",
        "hdrr_",
        "é",
    ] {
        assert!(matches!(rotate(&door, token), Answer::Unknown), "{token}");
    }
    assert!(matches!(
        rotate_on(&door, Surface::Identity, &first),
        Answer::Unknown
    ));
    assert!(goes_on(&door, id).is_some());
    next(&door, &first);
}

#[test]
fn a_token_sleeps_for_days_and_ends_with_whatever_ends_sessions() {
    let door = Door::new();
    let day = Span::from_millis(24 * 3_600_000);
    let sari = staff(&door, "Sari", Role::Admin);
    let budi = staff(&door, "Budi", Role::Committee);
    let (id, first) = open(&door, sari);
    door.advance(day);
    door.advance(day);
    let second = next(&door, &first);
    assert!(
        find(&door, Surface::Native, &second).is_none(),
        "it is no cookie"
    );
    let (_, of_budi) = open(&door, budi);
    let off = |enabled| {
        door.act(move |tx, call| person::set_enabled(tx, call, budi, enabled))
            .expect("a state");
    };
    off(false);
    assert!(matches!(rotate(&door, &of_budi), Answer::Unknown));
    off(true);
    let login = "sari.login".parse().expect("a login");
    door.act(move |tx, call| {
        account::set_login(tx, call, Surface::Native, sari, &login, "$argon2id$other")
    })
    .expect("a new password");
    assert!(goes_on(&door, id).is_none());
    assert!(matches!(rotate(&door, &second), Answer::Unknown));
    let (_, again) = open(&door, sari);
    for _ in 0..7 {
        door.advance(day);
    }
    assert!(
        matches!(rotate(&door, &again), Answer::Unknown),
        "after a week"
    );
}
