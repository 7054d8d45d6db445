//! Signing in: logins, sessions and how they end.

use super::door::{Door, name};
use hadir::base::cause::Cause;
use hadir::base::id::{PersonId, SessionId};
use hadir::base::limits;
use hadir::base::text::LoginName;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::session::{self, Session};
use hadir::domain::identity::{account, role};
use hadir::domain::surface::Surface;

pub fn login(text: &str) -> LoginName {
    text.parse().expect("a login name")
}

/// A person with a role and a login; the hash is only a text here.
pub fn staff(door: &Door, who: &str, role: Role) -> PersonId {
    let profile = Profile {
        name: name(who),
        number: None,
        email: None,
        class: None,
        role,
    };
    let id = door
        .act(move |tx, call| person::add(tx, call, &profile))
        .expect("a person");
    set_login(door, Actor::Operator, id, &format!("{who}.login")).expect("a login");
    id
}

fn set_login(door: &Door, actor: Actor, id: PersonId, text: &str) -> Result<(), account::Error> {
    let login = login(text);
    door.act_as(actor, move |tx, call| {
        account::set_login(tx, call, Surface::Native, id, &login, "$argon2id$hash")
    })
}

pub fn sign_in(door: &Door, person: PersonId) -> (SessionId, String) {
    let opened = door
        .act_as(Actor::Stranger, move |tx, call| {
            session::open(
                tx,
                call,
                person,
                Surface::Native,
                "192.168.1.7",
                "Mozilla/5.0 \u{7}Firefox",
            )
        })
        .expect("a session");
    (opened.id, opened.token.expose().clone())
}

pub fn find(door: &Door, surface: Surface, token: &str) -> Option<Session> {
    door.look(|v, c| session::find(v, c.site, surface, token, c.now.at))
        .expect("readable")
}

fn actor(id: PersonId, role: Role) -> Actor {
    Actor::Person {
        id,
        role,
        supervise: false,
    }
}

#[test]
fn a_login_is_found_by_its_name_and_by_nothing_else() {
    let door = Door::new();
    let id = staff(&door, "Sri", Role::Teacher);
    let find = |surface: Surface, text: &str| {
        door.look(|v, c| account::find_candidate(v, c.site, surface, text))
            .expect("readable")
    };
    let found = find(Surface::Native, " SRI.Login ").expect("found");
    assert_eq!(found.person, id);
    assert_eq!(found.hash.expose(), "$argon2id$hash");
    for (surface, text) in [
        (Surface::Native, "sri"),
        (Surface::Chat, "sri.login"),
        (Surface::Native, ""),
        (Surface::Native, "sri.login\0"),
    ] {
        assert!(find(surface, text).is_none(), "{surface} {text}");
    }
    let shown = door.look(|v, c| account::find_login(v, c, Surface::Native, id));
    assert_eq!(shown, Ok(Some("sri.login".to_owned())));
}

#[test]
fn a_login_name_is_one_persons() {
    let door = Door::new();
    let (sri, adi) = (
        staff(&door, "Sri", Role::Teacher),
        staff(&door, "Adi", Role::User),
    );
    let taken = set_login(&door, Actor::Operator, adi, "Sri.Login");
    assert_eq!(taken, Err(account::Error::LoginTaken));
    assert_eq!(
        set_login(&door, Actor::Operator, sri, "SRI.login"),
        Ok(()),
        "one's own name again"
    );
    let other = set_login(&door, actor(adi, Role::User), sri, "lain");
    assert_eq!(other.expect_err("refused").cause(), Cause::Forbidden);
    assert_eq!(
        set_login(&door, actor(adi, Role::User), adi, "adi2"),
        Ok(())
    );
    let nobody = set_login(&door, Actor::Stranger, adi, "adi3");
    assert_eq!(nobody.expect_err("refused").cause(), Cause::Forbidden);
    door.act(move |tx, call| person::erase(tx, call, adi))
        .expect("erased");
    let gone = set_login(&door, Actor::Operator, adi, "adi4");
    assert_eq!(gone, Err(account::Error::NoPerson));
}

#[test]
fn a_session_knows_its_person_and_the_role_of_now() {
    let door = Door::new();
    let id = staff(&door, "Sri", Role::Teacher);
    let (_, token) = sign_in(&door, id);
    let found = find(&door, Surface::Native, &token).expect("a session");
    assert_eq!((found.person, found.role), (id, Role::Teacher));
    assert_eq!(found.address, "192.168.1.7");
    assert_eq!(found.agent, "Mozilla/5.0 Firefox");
    assert_eq!(found.actor(), actor(id, Role::Teacher));
    door.act(move |tx, call| role::give(tx, call, id, Surface::Native, Role::Committee, None))
        .expect("given");
    let found = find(&door, Surface::Native, &token).expect("a session");
    assert_eq!(found.role, Role::Committee);
    assert!(
        find(&door, Surface::Chat, &token).is_none(),
        "of another surface"
    );
    assert!(find(&door, Surface::Native, &format!("{token}x")).is_none());
    assert!(find(&door, Surface::Native, "").is_none());
}

#[test]
fn an_ended_session_is_refused_at_once() {
    let door = Door::new();
    let (sri, adi) = (
        staff(&door, "Sri", Role::Teacher),
        staff(&door, "Adi", Role::User),
    );
    let (first, token) = sign_in(&door, sri);
    let (_, second) = sign_in(&door, sri);
    let by = |actor: Actor, id| door.act_as(actor, move |tx, call| session::end(tx, call, id));
    let other = by(actor(adi, Role::User), first);
    assert_eq!(other, Err(session::Error::NoSession), "another's session");
    assert_eq!(by(actor(sri, Role::Teacher), first), Ok(()));
    assert!(find(&door, Surface::Native, &token).is_none());
    assert!(find(&door, Surface::Native, &second).is_some());
    assert_eq!(
        by(actor(sri, Role::Teacher), first),
        Err(session::Error::NoSession)
    );
    let all = door.act(move |tx, call| session::end_all(tx, call, sri));
    assert_eq!(all, Ok(1));
    assert!(find(&door, Surface::Native, &second).is_none());
}

/// Disabling, erasing and a new password end what was open, in their own commit.
#[test]
fn what_happens_to_the_person_happens_to_the_sessions() {
    let door = Door::new();
    for deed in 0..3 {
        let id = staff(&door, &format!("Orang{deed}"), Role::Admin);
        let (_, token) = sign_in(&door, id);
        assert!(find(&door, Surface::Native, &token).is_some());
        match deed {
            0 => door
                .act(move |tx, call| person::set_enabled(tx, call, id, false))
                .expect("disabled"),
            1 => door
                .act(move |tx, call| person::erase(tx, call, id))
                .expect("erased"),
            _ => set_login(&door, Actor::Operator, id, "nama.baru").expect("changed"),
        }
        assert!(
            find(&door, Surface::Native, &token).is_none(),
            "deed {deed}"
        );
        if deed < 2 {
            let again = door.act_as(Actor::Stranger, move |tx, call| {
                session::open(tx, call, id, Surface::Native, "", "")
            });
            assert!(matches!(again, Err(session::Error::NoPerson)), "{deed}");
        }
    }
    // Enabled again, the old token is still nothing.
    let id = staff(&door, "Kembali", Role::User);
    let (_, token) = sign_in(&door, id);
    for enabled in [false, true] {
        door.act(move |tx, call| person::set_enabled(tx, call, id, enabled))
            .expect("changed");
    }
    assert!(find(&door, Surface::Native, &token).is_none());
}

#[test]
fn a_session_ends_by_age_and_by_idleness() {
    let door = Door::new();
    let id = staff(&door, "Sri", Role::Teacher);
    let (session, token) = sign_in(&door, id);
    let half = Span::from_millis(limits::SESSION_IDLE_MS_MAX / 2);
    let rounds = limits::SESSION_MS_MAX / half.as_millis();
    for _ in 1..rounds {
        door.advance(half);
        let found = find(&door, Surface::Native, &token).expect("it goes on while it is used");
        assert!(found.is_stale(door.now().at));
        door.act(move |tx, call| session::note_seen(tx, call, session))
            .expect("noted");
        let found = find(&door, Surface::Native, &token).expect("it goes on");
        assert!(!found.is_stale(door.now().at));
    }
    door.advance(half);
    assert!(
        find(&door, Surface::Native, &token).is_none(),
        "seven days are over"
    );
    let (_, token) = sign_in(&door, id);
    door.advance(Span::from_millis(limits::SESSION_IDLE_MS_MAX - 1));
    assert!(find(&door, Surface::Native, &token).is_some());
    door.advance(Span::from_millis(1));
    assert!(
        find(&door, Surface::Native, &token).is_none(),
        "idle for a day"
    );
}

#[test]
fn the_oldest_of_too_many_sessions_ends() {
    let door = Door::new();
    let id = staff(&door, "Sri", Role::Teacher);
    let count = limits::SESSIONS_PER_PERSON_MAX as usize;
    let tokens: Vec<String> = (0..=count)
        .map(|_| {
            door.advance(Span::from_millis(1));
            sign_in(&door, id).1
        })
        .collect();
    assert!(find(&door, Surface::Native, &tokens[0]).is_none());
    for token in &tokens[1..] {
        assert!(find(&door, Surface::Native, token).is_some());
    }
    let list = |actor: Actor| door.look_as(actor, |v, c| session::list(v, c, id));
    let own = list(actor(id, Role::Teacher)).expect("one's own");
    assert_eq!(own.len(), count);
    assert!(own.is_sorted_by_key(|s| s.opened_at));
    let stranger = list(Actor::Stranger).expect_err("refused");
    assert_eq!(stranger.cause(), Cause::Forbidden);
}

#[test]
fn only_an_administrator_with_a_login_counts_as_one() {
    let door = Door::new();
    let has = || {
        door.look(|v, _| account::has_administrator(v))
            .expect("readable")
    };
    assert!(!has());
    staff(&door, "Sri", Role::Committee);
    let without = Profile {
        name: name("Tanpa Sandi"),
        number: None,
        email: None,
        class: None,
        role: Role::Admin,
    };
    let without = door
        .act(move |tx, call| person::add(tx, call, &without))
        .expect("a person");
    assert!(!has(), "nobody can sign in as one");
    let other = staff(&door, "Chat", Role::User);
    door.act(move |tx, call| role::give(tx, call, other, Surface::Chat, Role::Admin, None))
        .expect("given");
    assert!(!has(), "an administrator of another surface");
    set_login(&door, Actor::Operator, without, "kepala").expect("a login");
    assert!(has());
    door.act(move |tx, call| person::erase(tx, call, without))
        .expect("erased");
    assert!(!has());
}

#[test]
fn an_upgraded_hash_keeps_login_and_sessions() {
    let door = Door::new();
    let id = staff(&door, "Sri", Role::Teacher);
    let (_, token) = sign_in(&door, id);
    door.act(move |tx, call| account::upgrade_hash(tx, call, Surface::Native, id, "$argon2id$new"))
        .expect("upgraded");
    assert!(find(&door, Surface::Native, &token).is_some());
    let found = door
        .look(|v, c| account::find_candidate(v, c.site, Surface::Native, "sri.login"))
        .expect("readable")
        .expect("found");
    assert_eq!(found.hash.expose(), "$argon2id$new");
}
