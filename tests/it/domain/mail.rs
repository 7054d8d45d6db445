//! Mails: sealed until they are sent, tried again with growing pauses, gone with their person.

use super::door::{Door, name};
use hadir::base::id::{NoticeId, PersonId};
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::mail::{self, Due, Letter, MailKind, Outcome};
use hadir::domain::outbox::pause;

fn person(door: &Door, email: Option<&str>) -> PersonId {
    let profile = Profile {
        name: name("Sinta Dewi"),
        number: None,
        email: email.map(|e| e.parse().expect("an address")),
        class: None,
        role: Role::Admin,
    };
    door.act(move |tx, call| person::add(tx, call, &profile))
        .expect("a person")
}

fn letter() -> Letter {
    Letter {
        to: "sinta@example.id".parse().expect("an address"),
        subject: "Tautan".to_owned(),
        text: "https://hadir.local/x\n".to_owned(),
    }
}

fn post(door: &Door, person: Option<PersonId>) -> NoticeId {
    door.act(move |tx, call| mail::post(tx, call, MailKind::PasswordReset, person, &letter()))
        .expect("posted")
}

fn claim(door: &Door) -> Vec<Due> {
    door.act(|tx, call| mail::claim(tx, call)).expect("claimed")
}

fn settle(door: &Door, due: &Due, outcome: Outcome) {
    let due = due.clone();
    door.act(move |tx, call| mail::settle(tx, call, &due, &outcome))
        .expect("settled");
}

fn admin(id: PersonId) -> Actor {
    Actor::Person {
        id,
        role: Role::Admin,
        supervise: false,
    }
}

#[test]
fn a_letter_comes_out_as_it_was_put_in() {
    let door = Door::new();
    let who = person(&door, None);
    for person in [Some(who), None] {
        let id = post(&door, person);
        let due = claim(&door);
        assert_eq!(due.len(), 1);
        assert_eq!(
            (due[0].id, due[0].attempt, due[0].letter.clone()),
            (id, 1, Some(letter()))
        );
        assert_eq!(claim(&door), [], "it is being sent");
        settle(&door, &due[0], Outcome::Sent);
    }
    let standing = door.look(mail::standing).expect("standing");
    assert_eq!(standing, mail::Standing::default());
}

#[test]
fn failures_are_tried_again_with_growing_pauses_and_given_up_at_the_end() {
    let door = Door::new();
    let id = post(&door, None);
    let mut attempt = 0;
    loop {
        let due = claim(&door);
        attempt += 1;
        assert_eq!(due.len(), 1, "attempt {attempt}");
        assert_eq!(due[0].attempt, attempt);
        settle(&door, &due[0], Outcome::Later("silence".to_owned()));
        let standing = door.look(mail::standing).expect("standing");
        assert_eq!(standing.troubled[0].error, "silence");
        let Some(pause) = pause(attempt) else {
            assert!(mail::is_last(attempt));
            assert_eq!((standing.counts.waiting, standing.counts.failed), (0, 1));
            assert_eq!(standing.troubled[0].again_at, None);
            break;
        };
        assert_eq!(
            standing.troubled[0].again_at,
            Some(door.now().at.plus(pause))
        );
        door.advance(Span::from_millis(pause.as_millis() - 1));
        assert_eq!(claim(&door), []);
        door.advance(Span::from_millis(1));
    }
    door.act(move |tx, call| mail::retry(tx, call, id))
        .expect("retried");
    let due = claim(&door);
    assert_eq!(due[0].attempt, 1, "the pauses begin anew");
    settle(&door, &due[0], Outcome::Never("refused".to_owned()));
    assert_eq!(
        door.look(|view, _| mail::counts(view))
            .expect("counts")
            .failed,
        1
    );
    door.advance(Span::from_seconds(31 * 24 * 3_600));
    assert_eq!(
        door.act(|tx, call| mail::forget_old(tx, call))
            .expect("forgotten"),
        1
    );
    let gone = door.act(move |tx, call| mail::retry(tx, call, id));
    assert_eq!(gone, Err(mail::Error::NoMail));
}

#[test]
fn mails_go_with_their_person_and_a_late_answer_changes_nothing() {
    let door = Door::new();
    let who = person(&door, Some("sinta@example.id"));
    post(&door, Some(who));
    let due = claim(&door);
    door.act(move |tx, call| person::erase(tx, call, who))
        .expect("erased");
    settle(&door, &due[0], Outcome::Later("silence".to_owned()));
    settle(&door, &due[0], Outcome::Sent);
    door.advance(Span::from_seconds(3600));
    assert_eq!(claim(&door), []);
    assert_eq!(
        door.look(mail::standing).expect("standing"),
        mail::Standing::default()
    );
}

#[test]
fn a_test_mail_goes_to_whoever_asks_and_only_staff_may() {
    let door = Door::new();
    let (with, without) = (person(&door, Some("sinta@example.id")), person(&door, None));
    door.act_as(admin(with), mail::post_test).expect("posted");
    let due = claim(&door);
    let letter = due[0].letter.clone().expect("a letter");
    assert_eq!(letter.to.as_str(), "sinta@example.id");
    let refused = door.act_as(admin(without), mail::post_test);
    assert_eq!(refused, Err(mail::Error::NoAddress));
    let user = Actor::Person {
        id: with,
        role: Role::Committee,
        supervise: true,
    };
    for refused in [
        door.act_as(user, mail::post_test).map(|_| ()),
        door.act_as(user, |tx, call| mail::retry(tx, call, due_id())),
        door.look_as(user, mail::standing)
            .map(|_| ())
            .map_err(Into::into),
        door.act_as(user, mail::note_test).map_err(Into::into),
    ] {
        assert!(refused.is_err_and(|e| e.cause() == hadir::base::cause::Cause::Forbidden));
    }
}

fn due_id() -> NoticeId {
    hadir::base::id::Id::from_bytes([1; 16])
}
