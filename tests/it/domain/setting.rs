//! Settings: over the configuration's values, by those with the right, kept over a restart.

use super::door::{Door, name};
use super::session::staff;
use hadir::base::cause::Cause;
use hadir::base::limits;
use hadir::base::secret::Secret;
use hadir::base::time::Zone;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::rule::{Address, Language, LivenessPolicy, SecondFactor, SiteKind};
use hadir::domain::setting::{self, Change, Error};
use hadir::domain::setup::{self, Answer};
use hadir::domain::site::Site;
use hadir::store::audit;

fn change_as(door: &Door, actor: Actor, change: Change) -> Result<(), Error> {
    door.act_as(actor, move |tx, call| setting::update(tx, call, &change))
}

fn now(door: &Door) -> Site {
    door.look(|v, _| setting::apply(v, &door.site))
        .expect("readable")
}

fn everything() -> Change {
    Change {
        name: Some(name("SMA Negeri 1 Malang")),
        kind: Some(SiteKind::School),
        language: Some(Language::En),
        zone: Some(Zone::parse("Asia/Makassar").expect("zone")),
        desk_id: Some(name("guru piket")),
        desk_en: Some(name("the duty teacher")),
        address: Some(Address::Kamu),
        unattended: Some(LivenessPolicy::Off),
        attended: Some(LivenessPolicy::Required),
        second_factor: Some(SecondFactor::Required),
        kiosk_pin: Some(Some(Secret::new("$argon2id$pin".to_owned()))),
        logo: Some(Some(b"\x89PNG\r\n\x1a\nlogo".to_vec())),
        backup: Some("/mnt/cadangan".parse().expect("a place")),
        consent_text: Some("2026-1".parse().expect("a version")),
    }
}

#[test]
fn what_is_set_counts_over_the_configuration_and_over_a_restart() {
    let mut door = Door::new();
    let before = now(&door);
    assert_eq!(before.rules, door.site.rules, "nothing is set yet");
    assert_eq!(change_as(&door, Actor::Operator, everything()), Ok(()));
    door.reopen();
    let site = now(&door);
    let rules = &site.rules;
    assert_eq!(rules.name, "SMA Negeri 1 Malang");
    assert_eq!(
        (rules.kind, rules.language),
        (SiteKind::School, Language::En)
    );
    assert_eq!(site.zone.name(), "Asia/Makassar");
    assert_eq!(rules.desk.id, "guru piket");
    assert_eq!(rules.desk.en, "the duty teacher");
    assert_eq!(rules.address, Address::Kamu);
    assert_eq!(rules.liveness.unattended, LivenessPolicy::Off);
    assert_eq!(rules.liveness.attended, LivenessPolicy::Required);
    assert_eq!(rules.face, door.site.rules.face, "what was not named stays");
    let pin = door.look(|v, c| setting::find_kiosk_pin(v, c.site));
    let pin = pin.expect("readable").expect("a pin");
    assert_eq!(pin.expose(), "$argon2id$pin");
    let logo = door.look(|v, _| setting::find_logo(v)).expect("readable");
    assert_eq!(logo.as_deref(), Some(&b"\x89PNG\r\n\x1a\nlogo"[..]));
    assert_eq!(rules.logo.as_ref().map(String::len), Some(16), "its tag");
    let (place, text) = kept(&door);
    assert_eq!(place.as_deref(), Some("/mnt/cadangan"));
    assert_eq!(text.as_deref(), Some("2026-1"));
}

/// Where backups go, and the consent text that was read.
fn kept(door: &Door) -> (Option<String>, Option<String>) {
    let place = door.look(|v, _| setting::find_backup(v)).expect("readable");
    let text = door.look(|v, _| setting::find_consent_text(v));
    let text = text.expect("readable");
    (place.map(|p| p.to_string()), text.map(|t| t.to_string()))
}

#[test]
fn where_backups_go_may_be_decided_later_and_anew() {
    let door = Door::new();
    assert_eq!(kept(&door), (None, None), "nobody was asked yet");
    for place in ["later", "/mnt/usb", "/media/Kartu 1", "later"] {
        let change = Change {
            backup: Some(place.parse().expect("a place")),
            ..Change::default()
        };
        assert_eq!(change_as(&door, Actor::Operator, change), Ok(()));
        assert_eq!(kept(&door).0.as_deref(), Some(place));
    }
}

#[test]
fn another_logo_has_another_tag() {
    let door = Door::new();
    let tag = |bytes: &[u8]| {
        let change = Change {
            logo: Some(Some([b"\x89PNG\r\n\x1a\n", bytes].concat())),
            ..Change::default()
        };
        change_as(&door, Actor::Operator, change).expect("set");
        now(&door).rules.logo.expect("a tag")
    };
    let one = tag(b"one");
    assert_ne!(one, tag(b"two"));
    assert_eq!(one, tag(b"one"));
}

#[test]
fn pin_and_logo_can_be_taken_away() {
    let door = Door::new();
    change_as(&door, Actor::Operator, everything()).expect("set");
    let nothing = Change {
        kiosk_pin: Some(None),
        logo: Some(None),
        ..Change::default()
    };
    change_as(&door, Actor::Operator, nothing).expect("taken away");
    let pin = door.look(|v, c| setting::find_kiosk_pin(v, c.site));
    assert!(pin.expect("readable").is_none());
    assert_eq!(door.look(|v, _| setting::find_logo(v)), Ok(None));
}

#[test]
fn only_administrators_change_settings() {
    let door = Door::new();
    let id = staff(&door, "Sri", Role::Committee);
    let person = |role| Actor::Person {
        id,
        role,
        supervise: true,
    };
    for actor in [Actor::Stranger, person(Role::User), person(Role::Committee)] {
        let refused = change_as(&door, actor, everything()).expect_err("refused");
        assert_eq!(refused.cause(), Cause::Forbidden);
    }
    assert_eq!(now(&door).rules, door.site.rules);
    let admin = person(Role::Admin);
    let refused = change_as(&door, admin, everything());
    assert_eq!(refused, Err(Error::NoFactor), "who requires it has one");
    let rest = Change {
        second_factor: None,
        ..everything()
    };
    assert_eq!(change_as(&door, admin, rest), Ok(()));
}

#[test]
fn a_logo_is_a_small_picture() {
    let door = Door::new();
    let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
    large.resize(limits::LOGO_BYTES_MAX + 1, 0);
    for logo in [large, b"<svg xmlns='x'/>".to_vec(), Vec::new()] {
        let change = Change {
            name: Some(name("Tidak jadi")),
            logo: Some(Some(logo)),
            ..Change::default()
        };
        let refused = change_as(&door, Actor::Operator, change);
        assert_eq!(refused, Err(Error::Logo));
    }
    assert_ne!(now(&door).rules.name, "Tidak jadi", "all or nothing");
}

/// Whatever stands in the table: the site is there, with the configuration's value.
#[test]
fn a_value_that_nobody_can_read_is_left_aside() {
    let door = Door::new();
    change_as(&door, Actor::Operator, everything()).expect("set");
    for (setting, value) in [
        ("site.language", &b"fr"[..]),
        ("site.timezone", b"Mars/Olympus"),
        ("liveness.unattended", b"\xff\xfe"),
        ("site.kind", b""),
    ] {
        let now = door.now().at;
        door.store
            .write(move |tx| hadir::store::settings::insert_setting(tx, setting, value, now))
            .expect("written");
    }
    let site = now(&door);
    assert_eq!(site.rules.language, door.site.rules.language);
    assert_eq!(site.zone.name(), "Asia/Jakarta");
    assert_eq!(
        site.rules.liveness.unattended,
        door.site.rules.liveness.unattended
    );
    assert_eq!(site.rules.kind, door.site.rules.kind);
    assert_eq!(site.rules.address, Address::Kamu, "the others count");
}

#[test]
fn each_change_has_its_audit_row_and_a_repetition_none() {
    let door = Door::new();
    let rows = || {
        door.look(|v, _| audit::list_objects(v, "setting.change"))
            .expect("readable")
            .len()
    };
    let change = || Change {
        name: Some(name("SMA 1")),
        language: Some(Language::En),
        ..Change::default()
    };
    change_as(&door, Actor::Operator, change()).expect("set");
    assert_eq!(rows(), 2);
    change_as(&door, Actor::Operator, change()).expect("set again");
    assert_eq!(rows(), 2);
}

#[test]
fn the_setup_sets_by_its_pass_alone() {
    let door = Door::new();
    let code = door.act(setup::new_code).expect("a code");
    let answer = door.act_as(Actor::Stranger, move |tx, call| {
        setup::try_code(tx, call, code.expose())
    });
    let Ok(Answer::Pass(pass)) = answer else {
        panic!("the code opens");
    };
    let configure = |pass: &str| {
        let (pass, change) = (pass.to_owned(), everything());
        door.act_as(Actor::Stranger, move |tx, call| {
            setup::configure(tx, call, &pass, &change)
        })
    };
    assert_eq!(configure("hdrp_other"), Err(setup::Error::NoPass));
    assert_eq!(configure(pass.expose()), Ok(()));
    assert_eq!(now(&door).rules.kind, SiteKind::School);
    staff(&door, "Kepala", Role::Admin);
    let late = configure(pass.expose()).expect_err("there is an administrator");
    assert_eq!(late.cause(), Cause::Forbidden);
}

/// The running box follows at once: the next request sees it, one under way keeps what it has.
#[test]
fn a_change_takes_effect_without_a_restart() {
    let desk = crate::support::desk::Desk::new();
    let core = &desk.core;
    let before = core.site();
    core.write(Actor::Operator, "test", |tx, call| {
        setting::update(tx, call, &everything())
    })
    .expect("set");
    assert_eq!(
        core.site().rules,
        before.rules,
        "until the site is asked for anew"
    );
    core.refresh_site().expect("readable");
    assert_eq!(core.site().rules.name, "SMA Negeri 1 Malang");
    assert_eq!(core.site().rules.language, Language::En);
    assert_ne!(before.rules.name, core.site().rules.name);
    let seen = core.read(Actor::Operator, "test", |_, call| {
        Ok::<_, Error>(call.site.zone.name().to_owned())
    });
    assert_eq!(seen, Ok("Asia/Makassar".to_owned()), "calls see it");
}
