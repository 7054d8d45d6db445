//! The notice and what people ask for: who may, until when, and what an erasure leaves.

use super::door::Door;
use hadir::base::id::{Id as _, PersonId};
use hadir::base::text::Remark;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person;
use hadir::domain::privacy::claim::{self, Claim, ClaimKind, ClaimState, Error};
use hadir::domain::privacy::notice;
use hadir::domain::rule::Language;
use hadir::domain::trail::{self, Subject, Told, Wanted};
use std::sync::Barrier;

const HOURS_72: i64 = 72 * 3_600_000;

fn someone(id: PersonId, role: Role) -> Actor {
    Actor::Person {
        id,
        role,
        supervise: false,
    }
}

fn remark(text: &str) -> Remark {
    text.parse().expect("a remark")
}

fn ask(door: &Door, actor: Actor, person: PersonId, kind: ClaimKind) -> Result<(), Error> {
    let note = remark("namanya salah");
    door.act_as(actor, move |tx, call| {
        claim::make(tx, call, person, kind, Some(&note)).map(|_| ())
    })
}

fn own(door: &Door, id: PersonId) -> Vec<Claim> {
    door.look(|view, call| claim::list(view, call, id))
        .expect("a list")
}

fn open(door: &Door) -> Vec<Claim> {
    door.look(|view, call| claim::list_open(view, call, 9))
        .expect("a list")
}

#[test]
fn it_has_three_days_and_is_closed_with_an_answer() {
    let door = Door::new();
    let budi = door.person("Budi", None);
    let user = someone(budi, Role::User);
    ask(&door, user, budi, ClaimKind::Correct).expect("asked");
    assert_eq!(
        ask(&door, user, budi, ClaimKind::Correct),
        Err(Error::Waits)
    );
    door.advance(Span::from_seconds(60));
    ask(&door, user, budi, ClaimKind::Access).expect("another one");
    let all = open(&door);
    let kinds: Vec<ClaimKind> = all.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [ClaimKind::Correct, ClaimKind::Access], "due first");
    assert_eq!(all[0].due_at.since(all[0].made_at).as_millis(), HOURS_72);
    assert_eq!(all[0].note.as_deref(), Some("namanya salah"));
    let id = all[0].id;
    let refuse = door.act(move |tx, call| claim::close(tx, call, id, true, None));
    assert_eq!(refuse, Err(Error::NoReason));
    let answer = remark("sudah dibetulkan");
    door.act(move |tx, call| claim::close(tx, call, id, false, Some(&answer)))
        .expect("closed");
    let again = door.act(move |tx, call| claim::close(tx, call, id, false, None));
    assert_eq!(again, Err(Error::NoClaim));
    let all = own(&door, budi);
    let closed = all.iter().find(|one| one.id == id).expect("it is there");
    assert_eq!(closed.state, ClaimState::Done);
    assert_eq!(closed.answer.as_deref(), Some("sudah dibetulkan"));
    assert_eq!(open(&door).len(), 1);
    // The same may be asked for again now.
    ask(&door, user, budi, ClaimKind::Correct).expect("asked");
}

#[test]
fn everybody_asks_for_themselves_and_administrators_for_all() {
    let door = Door::new();
    let (budi, ani) = (door.person("Budi", None), door.person("Ani", None));
    for role in Role::ALL {
        let other = someone(ani, *role);
        let may = *role == Role::Admin;
        assert_eq!(
            ask(&door, other, budi, ClaimKind::Erase).is_ok(),
            may,
            "{role}"
        );
        let listed = door.look_as(other, |v, c| claim::list(v, c, budi));
        assert_eq!(listed.is_ok(), may, "{role}");
        let waiting = door.look_as(other, |v, c| claim::list_open(v, c, 9));
        assert_eq!(waiting.is_ok(), may, "{role}");
        let published = door.act_as(other, |tx, c| notice::publish(tx, c, "Teks", "Text"));
        assert_eq!(published.is_ok(), may, "{role}");
    }
    let id = open(&door)[0].id;
    let user = someone(budi, Role::User);
    let closed = door.act_as(user, move |tx, c| claim::close(tx, c, id, false, None));
    assert!(
        matches!(closed, Err(Error::Fault(_))),
        "not one's own either"
    );
}

#[test]
fn erasing_takes_the_words_and_closes_what_was_open() {
    let door = Door::new();
    let budi = door.person("Budi", None);
    ask(&door, Actor::Operator, budi, ClaimKind::Erase).expect("asked");
    door.act(move |tx, call| person::erase(tx, call, budi))
        .expect("erased");
    assert!(open(&door).is_empty());
    let left = own(&door, budi);
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].state, &left[0].note), (ClaimState::Done, &None));
    let late = ask(&door, Actor::Operator, budi, ClaimKind::Access);
    assert_eq!(late, Err(Error::NoPerson));
    let nobody = PersonId::from_bytes([9; 16]);
    assert_eq!(
        ask(&door, Actor::Operator, nobody, ClaimKind::Access),
        Err(Error::NoPerson)
    );
}

#[test]
fn each_notice_is_a_version_and_the_last_one_counts() {
    let door = Door::new();
    let find = |door: &Door| door.store.read(notice::find).expect("read");
    assert_eq!(find(&door), None);
    let publish = |id: &'static str, en: &'static str| {
        door.act(move |tx, call| notice::publish(tx, call, id, en))
    };
    assert_eq!(publish("Satu", "One"), Ok(1));
    assert_eq!(publish("Satu ", "One"), Err(notice::Error::Same));
    assert_eq!(publish("Dua\n\nBaris", "Two"), Ok(2));
    assert_eq!(publish("", "x"), Err(notice::Error::Empty(Language::Id)));
    assert_eq!(publish("x", " "), Err(notice::Error::Empty(Language::En)));
    let now = find(&door).expect("a notice");
    assert_eq!((now.version, now.text(Language::Id)), (2, "Dua\n\nBaris"));
    assert_eq!(now.published_at, door.now().at);
}

/// Runs the same from many threads at once, and gives what came of each.
fn at_once<T: Send>(count: usize, act: impl Fn() -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    act()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread"))
            .collect()
    })
}

#[test]
fn of_many_who_ask_or_answer_at_once_one_does() {
    let door = Door::new();
    let budi = door.person("Budi", None);
    let user = someone(budi, Role::User);
    let asked = at_once(20, || ask(&door, user, budi, ClaimKind::Pause));
    assert_eq!(asked.iter().filter(|done| done.is_ok()).count(), 1);
    let others = asked.iter().filter(|done| **done == Err(Error::Waits));
    assert_eq!(others.count(), 19);
    let id = open(&door)[0].id;
    let closed = at_once(20, || {
        door.act(move |tx, call| claim::close(tx, call, id, false, None))
    });
    assert_eq!(closed.iter().filter(|done| done.is_ok()).count(), 1);
    assert_eq!(own(&door, budi).len(), 1);
    assert!(open(&door).is_empty());
}

#[test]
fn the_trail_says_what_was_asked_for_and_never_in_which_words() {
    let door = Door::new();
    let budi = door.person("Budi", None);
    ask(&door, someone(budi, Role::User), budi, ClaimKind::Object).expect("asked");
    let id = open(&door)[0].id;
    let answer = remark("panitia melihatnya sendiri");
    door.act(move |tx, call| claim::close(tx, call, id, true, Some(&answer)))
        .expect("closed");
    let wanted = Wanted {
        subject: Some(Subject::Person(budi)),
        ..Wanted::default()
    };
    let page = door.look(|view, call| trail::list(view, call, &wanted, None, 9));
    let rows = page.expect("rows").items;
    let told: Vec<(&str, &Told)> = rows.iter().map(|r| (r.act.as_str(), &r.told)).collect();
    let want = [
        ("claim.close", &Told::Plain("object refused".to_owned())),
        ("claim.make", &Told::Plain("object".to_owned())),
    ];
    assert_eq!(told[..2], want);
    assert_eq!(rows[1].actor, format!("person:{budi}"));
    assert_eq!(rows[0].actor, "operator");
}
