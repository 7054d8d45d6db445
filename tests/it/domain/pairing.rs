//! Pairing devices: codes that are wrong, late, used, guessed; tokens that end.

use super::door::{Door, name};
use hadir::base::cause::Cause;
use hadir::base::id::{DeviceId, EventId, Id};
use hadir::base::limits;
use hadir::base::time::Span;
use hadir::domain::actor::{Actor, DeviceAccess};
use hadir::domain::checkin::reason::Direction;
use hadir::domain::checkin::{self};
use hadir::domain::device::{self, Answer, Device, DeviceKind, Error, NewDevice, Options, Refusal};
use hadir::domain::rule::Language;

fn kiosk(text: &str) -> NewDevice {
    NewDevice {
        name: name(text),
        kind: DeviceKind::Kiosk,
        access: DeviceAccess::Scan,
        gate: None,
    }
}

fn offer(door: &Door, text: &str) -> (DeviceId, String) {
    let new = kiosk(text);
    let (id, code) = door
        .act(move |tx, call| device::offer(tx, call, &new, &Options::default()))
        .expect("an offer");
    (id, code.expose().clone())
}

fn redeem(door: &Door, code: &str, address: &str) -> Result<(Device, String), Refusal> {
    let (code, address) = (code.to_owned(), address.to_owned());
    let answer = door.act_as(Actor::Stranger, move |tx, call| {
        device::redeem(tx, call, &code, &address)
    });
    match answer.expect("an answer") {
        Answer::Paired(device, token) => Ok((device, token.expose().clone())),
        Answer::Refused(refusal) => Err(refusal),
    }
}

fn find(door: &Door, token: &str) -> Option<DeviceId> {
    door.look(|v, c| device::find_by_token(v, device::token_digest(c.site, token)))
        .expect("readable")
        .map(|d| d.id)
}

#[test]
fn a_code_pairs_one_device_once() {
    let door = Door::new();
    let (id, code) = offer(&door, "Gerbang utara");
    let (device, token) = redeem(&door, &code.to_lowercase(), "10.0.0.1").expect("paired");
    assert_eq!((device.id, device.access), (id, DeviceAccess::Scan));
    assert!(token.starts_with("hdrd_"));
    assert_eq!(find(&door, &token), Some(id));
    let again = redeem(&door, &code, "10.0.0.1").expect_err("used");
    assert_eq!(
        again,
        Refusal::Wrong { left: 5 },
        "nothing is offered: no guess"
    );
    assert_eq!(find(&door, &format!("{token}x")), None);
    assert_eq!(find(&door, ""), None);
}

#[test]
fn a_code_lives_ten_minutes() {
    let door = Door::new();
    let (_, code) = offer(&door, "Gerbang");
    door.advance(Span::from_millis(limits::PAIRING_CODE_MS_MAX));
    assert!(redeem(&door, &code, "10.0.0.1").is_err());
    let (_, code) = offer(&door, "Gerbang");
    door.advance(Span::from_millis(limits::PAIRING_CODE_MS_MAX - 1));
    assert!(redeem(&door, &code, "10.0.0.1").is_ok());
}

#[test]
fn an_address_that_guesses_is_locked_out_for_a_while_and_others_are_not() {
    let mut door = Door::new();
    let (_, code) = offer(&door, "Gerbang");
    for left in (0..5).rev() {
        let refused = redeem(&door, "ZZZZZZZZ", "10.0.0.1").expect_err("wrong");
        assert_eq!(refused, Refusal::Wrong { left });
    }
    door.reopen();
    let refused = redeem(&door, &code, "10.0.0.1").expect_err("even the right one");
    assert!(matches!(refused, Refusal::TooOften { .. }));
    assert!(redeem(&door, &code, "10.0.0.2").is_ok(), "another address");
    door.advance(Span::from_millis(limits::PAIRING_CODE_MS_MAX));
    let (_, code) = offer(&door, "Gerbang");
    assert!(redeem(&door, &code, "10.0.0.1").is_ok(), "after the while");
}

#[test]
fn twenty_wrong_codes_from_anywhere_end_the_offer() {
    let door = Door::new();
    let (_, code) = offer(&door, "Gerbang");
    for i in 0..limits::PAIRING_TRIES_MAX {
        assert!(redeem(&door, "no code at all", &format!("10.0.0.{i}")).is_err());
    }
    assert!(redeem(&door, &code, "10.0.1.1").is_err(), "it is gone");
    let (_, later) = offer(&door, "Gerbang");
    assert!(redeem(&door, &later, "10.0.1.1").is_ok());
}

#[test]
fn many_with_one_code_pair_one() {
    let door = Door::new();
    let (_, code) = offer(&door, "Gerbang");
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..12)
            .map(|i| {
                let (door, code) = (&door, &code);
                scope.spawn(move || redeem(door, code, &format!("10.0.0.{i}")).is_ok())
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().expect("a thread"))
            .collect()
    });
    assert_eq!(answers.iter().filter(|paired| **paired).count(), 1);
}

#[test]
fn a_revoked_device_is_refused_in_the_next_transaction() {
    let door = Door::new();
    let event = door.event();
    let issued = door.ticket(event, None);
    let (id, code) = offer(&door, "Gerbang");
    let (device, token) = redeem(&door, &code, "10.0.0.1").expect("paired");
    let (_, other) = {
        let (_, code) = offer(&door, "Lain");
        redeem(&door, &code, "10.0.0.1").expect("paired")
    };
    door.act(move |tx, call| device::revoke(tx, call, id))
        .expect("revoked");
    assert_eq!(find(&door, &token), None);
    assert!(find(&door, &other).is_some());
    let actor = Actor::Device {
        id: device.id,
        access: device.access,
    };
    let refused = door.check_in_as(actor, &door.code(event, issued.code.as_str()));
    assert_eq!(refused, Err(checkin::Error::NoDevice));
    let again = door.act(move |tx, call| device::offer_again(tx, call, id));
    assert!(matches!(again, Err(Error::NoDevice)), "for ever");
}

#[test]
fn an_offer_of_a_revoked_device_does_not_pair() {
    let door = Door::new();
    let (id, code) = offer(&door, "Gerbang");
    door.act(move |tx, call| device::revoke(tx, call, id))
        .expect("revoked");
    assert!(redeem(&door, &code, "10.0.0.1").is_err());
}

#[test]
fn a_device_paired_again_has_a_new_token_only() {
    let door = Door::new();
    let (id, code) = offer(&door, "Gerbang");
    let (_, old) = redeem(&door, &code, "10.0.0.1").expect("paired");
    let code = door
        .act(move |tx, call| device::offer_again(tx, call, id))
        .expect("offered");
    assert_eq!(find(&door, &old), Some(id), "until the code is used");
    let (_, new) = redeem(&door, code.expose(), "10.0.0.9").expect("paired");
    assert_eq!(find(&door, &old), None);
    assert_eq!(find(&door, &new), Some(id));
}

#[test]
fn options_are_kept_and_change_by_staff_or_by_the_device_itself() {
    let door = Door::new();
    let event = door.event();
    let (id, _) = offer(&door, "Gerbang");
    let get = || door.look(|v, _| device::options(v, id)).expect("readable");
    assert_eq!(get(), Options::default());
    let wanted = Options {
        occasion: Some(event),
        direction: Direction::Exit,
        diagonal_tenths_inch: Some(156),
        distance_cm: Some(100),
        language: Some(Language::En),
    };
    let change = |actor: Actor, options: Options| {
        door.act_as(actor, move |tx, call| {
            device::update_options(tx, call, id, &options)
        })
    };
    let own = Actor::Device {
        id,
        access: DeviceAccess::Scan,
    };
    assert_eq!(change(own, wanted), Ok(()));
    assert_eq!(get(), wanted);
    let other = Actor::Device {
        id: DeviceId::from_bytes([7; 16]),
        access: DeviceAccess::Supervise,
    };
    for actor in [other, Actor::Stranger] {
        let refused = change(actor, Options::default()).expect_err("refused");
        assert_eq!(refused.cause(), Cause::Forbidden);
    }
    let nowhere = Options {
        occasion: Some(EventId::from_bytes([9; 16])),
        ..wanted
    };
    assert_eq!(change(Actor::Operator, nowhere), Err(Error::NoEvent));
    assert_eq!(get(), wanted);
}

#[test]
fn the_list_says_how_each_device_stands() {
    let door = Door::new();
    let (offered, _) = offer(&door, "Menunggu");
    let (paired, code) = offer(&door, "Terpasang");
    redeem(&door, &code, "10.0.0.1").expect("paired");
    let list = |actor| door.look_as(actor, |v, c| device::list_standing(v, c, None, 10));
    let all = list(Actor::Operator).expect("the list");
    let of = |id| all.iter().find(|l| l.device.id == id).expect("listed");
    assert!(of(offered).offered_until.is_some() && of(offered).paired_at.is_none());
    assert!(of(paired).offered_until.is_none() && of(paired).paired_at.is_some());
    door.advance(Span::from_millis(limits::PAIRING_CODE_MS_MAX));
    let all = list(Actor::Operator).expect("the list");
    assert!(all.iter().all(|l| l.offered_until.is_none()));
    assert!(list(Actor::Stranger).is_err());
}
