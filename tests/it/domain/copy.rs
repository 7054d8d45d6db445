//! The copy of one person's data: who may have it, what stands in it, and what does not.

use super::door::{Door, axis};
use hadir::base::id::{Id, PersonId};
use hadir::base::json::Value;
use hadir::base::secret::Secret;
use hadir::crypto::totp;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::consent::{self, ConsentPurpose};
use hadir::domain::identity::login::Login;
use hadir::domain::identity::person::{self, Error};
use hadir::domain::identity::{account, copy, factor, refresh};
use hadir::domain::mail::{self, Letter, MailKind};
use hadir::domain::privacy::claim::{self, ClaimKind};
use hadir::domain::surface::Surface;
use hadir::domain::trail;
use hadir::domain::{actor, fault::Fault};

fn someone(id: PersonId, role: Role) -> Actor {
    Actor::Person {
        id,
        role,
        supervise: false,
    }
}

fn collect(door: &Door, actor: Actor, id: PersonId) -> Result<Value, Error> {
    door.look_as(actor, |view, call| copy::collect(view, call, id))
}

#[test]
fn it_has_what_the_box_keeps_and_the_face_as_a_fact_only() {
    let door = Door::new();
    let budi = door.enrolled("Budi Santoso", &axis(1));
    let event = door.event();
    let ticket = door.ticket(event, Some(budi));
    let request = door.code(event, ticket.code.as_str());
    door.check_in(&request).expect("a decision");
    let copy = collect(&door, Actor::Operator, budi).expect("a copy");
    assert_eq!(copy["form"], "hadir.person.1");
    assert_eq!(copy["person"]["name"], "Budi Santoso");
    assert_eq!(copy["person"]["id"], budi.to_string());
    assert_eq!(copy["consents"][0]["purpose"], "face");
    assert_eq!(copy["tickets"][0]["state"], "valid");
    assert_eq!(copy["tickets"][0]["id"], ticket.id.to_string());
    assert_eq!(copy["attendance"].as_array().expect("rows").len(), 1);
    assert_eq!(copy["attendance"][0]["means"], "code");
    assert_eq!(copy["attendance"][0]["event"], copy["tickets"][0]["event"]);
    assert!(copy["face"]["pictures"].as_u64() >= Some(3), "{copy}");
    let text = copy.to_string();
    assert!(
        !text.contains("template") && !text.contains("embedding"),
        "{text}"
    );
    assert!(
        !text.contains(ticket.code.as_str()),
        "the code would open a door"
    );
}

#[test]
fn everybody_has_their_own_and_administrators_have_all() {
    let door = Door::new();
    let (budi, ani) = (door.person("Budi", None), door.person("Ani", None));
    for role in Role::ALL {
        assert!(collect(&door, someone(budi, *role), budi).is_ok(), "{role}");
        let of_another = collect(&door, someone(budi, *role), ani);
        assert_eq!(of_another.is_ok(), *role == Role::Admin, "{role}");
        let begun = door.act_as(someone(budi, *role), move |tx, c| copy::begin(tx, c, ani));
        assert_eq!(begun.is_ok(), *role == Role::Admin, "{role}");
        let about = door.look_as(someone(budi, *role), |v, c| trail::about(v, c, ani, 1, 9));
        assert_eq!(about.is_ok(), *role == Role::Admin, "{role}");
    }
    let stranger = collect(&door, Actor::Stranger, budi);
    assert!(matches!(
        stranger,
        Err(Error::Fault(Fault::Denied(actor::Denied { .. })))
    ));
}

#[test]
fn the_trail_tells_the_kind_of_who_did_it_and_no_other_person() {
    let door = Door::new();
    let (budi, ani) = (door.person("Budi", None), door.person("Ani", None));
    let admin = someone(ani, Role::Admin);
    door.act_as(admin, move |tx, call| {
        person::set_enabled(tx, call, budi, false)
    })
    .expect("disabled");
    door.act_as(someone(budi, Role::User), move |tx, call| {
        copy::begin(tx, call, budi)
    })
    .expect("begun");
    let rows = door
        .look(|view, call| trail::about(view, call, budi, 1, 99))
        .expect("rows");
    let deeds = copy::deeds(budi, &rows);
    let told: Vec<(&str, &str, &str)> = deeds
        .iter()
        .map(|d| {
            let text = |key: &str| d[key].as_str().expect("a text");
            (text("act"), text("by"), text("on"))
        })
        .collect();
    let want = [
        ("person.add", "operator", "self"),
        ("person.disable", "person", "self"),
        ("person.export", "self", "self"),
    ];
    assert_eq!(told, want);
    let text = Value::Array(deeds).to_string();
    assert!(!text.contains(&ani.to_string()), "{text}");
}

#[test]
fn of_the_erased_there_is_none() {
    let door = Door::new();
    let budi = door.person("Budi", None);
    door.act(move |tx, call| person::erase(tx, call, budi))
        .expect("erased");
    assert_eq!(collect(&door, Actor::Operator, budi), Err(Error::NoPerson));
    let begun = door.act(move |tx, call| copy::begin(tx, call, budi));
    assert_eq!(begun, Err(Error::NoPerson));
    let nobody = PersonId::from_bytes([9; 16]);
    assert_eq!(
        collect(&door, Actor::Operator, nobody),
        Err(Error::NoPerson)
    );
}

/// One's own consent is withdrawn by oneself; somebody else's by nobody without the right.
#[test]
fn a_consent_is_withdrawn_by_whom_it_is_of() {
    let door = Door::new();
    let budi = door.enrolled("Budi", &axis(1));
    let ani = door.person("Ani", None);
    let withdraw = |who: PersonId| {
        door.act_as(someone(who, Role::User), move |tx, call| {
            consent::withdraw(tx, call, budi, ConsentPurpose::Face)
        })
    };
    assert!(matches!(withdraw(ani), Err(consent::Error::Fault(_))));
    withdraw(budi).expect("withdrawn");
    assert_eq!(withdraw(budi), Err(consent::Error::NotInForce));
    let copy = collect(&door, Actor::Operator, budi).expect("a copy");
    assert!(copy["face"].is_null(), "{copy}");
}

/// What guards the way in, what was asked for and what was written is named; nothing of it opens
/// anything.
#[test]
fn it_names_logins_factor_requests_and_mails_and_gives_no_secret() {
    let door = Door::new();
    let (budi, ani) = (door.person("Budi", None), door.person("Ani", None));
    for (surface, name) in [(Surface::Native, "budi"), (Surface::Identity, "Budi Lama")] {
        let login = Login::typed(surface, name).expect("a login");
        let set = door.act(move |tx, call| {
            account::set_login(tx, call, surface, budi, login.clone(), "$argon2id$x")
        });
        set.expect("a login");
    }
    // After the logins: a new password from the command line takes the factor away.
    let secret = Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned());
    let code = totp::code_at(secret.expose(), door.now().at).expect("a code");
    let codes = door.act_as(someone(budi, Role::Committee), move |tx, call| {
        factor::turn_on(tx, call, &secret, &code)
    });
    let codes = codes.expect("a factor");
    door.act_as(Actor::Stranger, move |tx, call| {
        refresh::open(tx, call, budi, Surface::Native, "192.168.1.7", "program/1")
    })
    .expect("a session");
    let note = "Saya pindah sekolah".parse().expect("a remark");
    door.act_as(someone(budi, Role::User), move |tx, call| {
        claim::make(tx, call, budi, ClaimKind::Erase, Some(&note))
    })
    .expect("a request");
    let letter = Letter {
        to: "budi@sekolah.sch.id".parse().expect("an address"),
        subject: "Kata sandi".to_owned(),
        text: "https://box/sign-in/link#geheim".to_owned(),
    };
    door.act(move |tx, call| mail::post(tx, call, MailKind::PasswordReset, Some(budi), &letter))
        .expect("a mail");
    let copy = collect(&door, someone(budi, Role::User), budi).expect("a copy");
    assert_eq!(copy["second_factor"]["recovery_codes_left"], 10);
    let logins = copy["logins"].as_array().expect("logins");
    let told: Vec<_> = logins
        .iter()
        .map(|l| (&l["surface"], &l["login"]))
        .collect();
    let want = [("identity", "Budi Lama"), ("native", "budi")];
    for (found, (surface, login)) in told.iter().zip(want) {
        assert_eq!(
            (found.0, found.1),
            (&Value::from(surface), &Value::from(login))
        );
    }
    assert_eq!(told.len(), 2);
    assert_eq!(copy["sessions"][0]["kind"], "tokens");
    assert_eq!(copy["requests"][0]["note"], "Saya pindah sekolah");
    assert_eq!(copy["requests"][0]["state"], "open");
    assert_eq!(copy["mails"][0]["kind"], "password.reset");
    let text = copy.to_string();
    let codes = codes.iter().map(|code| code.expose().as_str());
    for secret in codes.chain(["GEZDGNBV", "geheim", "argon2", "hdrr_"]) {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let of_ani = collect(&door, Actor::Operator, ani).expect("a copy");
    for of in ["second_factor", "requests", "mails", "logins", "sessions"] {
        let empty = of_ani[of].as_array().is_none_or(Vec::is_empty);
        assert!(
            empty && (of_ani[of].is_null() || of_ani[of].is_array()),
            "{of}: {of_ani}"
        );
    }
}
