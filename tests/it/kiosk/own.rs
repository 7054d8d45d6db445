//! The box's own screen: it pairs itself by the token that the package made, from the box alone,
//! and not any more once an administrator has revoked it.

use crate::kiosk::hall::Hall;
use crate::support::desk::Desk;
use crate::wire::server::Answer;
use hadir::base::json::Value;
use hadir::base::secret::Secret;
use hadir::domain::actor::Actor;
use hadir::domain::device;
use hadir::surface::started::Started;

const TOKEN: &str = "6f1d2c3b4a5968778695a4b3c2d1e0f06f1d2c3b4a5968778695a4b3c2d1e0f0";

fn hall(token: Option<&str>) -> Hall {
    Hall::started(
        Desk::new(),
        Started {
            own_screen: token.map(|t| Secret::new(t.to_owned())),
            ..Started::default()
        },
    )
}

fn show(hall: &Hall, token: &str, more: &str) -> Answer {
    let head = format!("Content-Type: application/x-www-form-urlencoded\r\n{more}");
    hall.send(
        "POST",
        "/kiosk/own",
        &head,
        format!("token={token}").as_bytes(),
    )
}

fn token_of(paired: &Answer) -> String {
    assert_eq!(paired.status, 303, "{}", paired.body);
    assert_eq!(paired.header("location"), Some("/kiosk"));
    let cookie = paired.header("set-cookie").expect("a cookie");
    assert!(
        cookie.contains("HttpOnly") && !cookie.contains(TOKEN),
        "{cookie}"
    );
    let value = cookie.split(';').next().and_then(|c| c.split_once('='));
    value.expect("a value").1.to_owned()
}

/// Who calls with this device token; None: nobody.
fn known(hall: &Hall, token: &str) -> Option<Value> {
    let head = format!("Authorization: Bearer {token}\r\n");
    let answer = hall.send("GET", "/api/v1/session", &head, b"");
    (answer.status == 200).then(|| answer.json())
}

#[test]
fn the_box_s_own_screen_pairs_itself_as_one_device() {
    let hall = hall(Some(TOKEN));
    let first = token_of(&show(&hall, TOKEN, ""));
    let device = known(&hall, &first).expect("known");
    assert_eq!(device["device_access"], "scan");
    // The screen starts anew: the same device, a new token, and the older one is nothing.
    let second = token_of(&show(&hall, TOKEN, ""));
    assert_eq!(
        known(&hall, &second).expect("known")["device"],
        device["device"]
    );
    assert_ne!(first, second);
    assert!(known(&hall, &first).is_none(), "the older token");
    assert!(
        known(&hall, TOKEN).is_none(),
        "the file's token is no device's"
    );
    let page = hall.send(
        "GET",
        "/kiosk",
        &format!("Cookie: hadir_device={second}\r\n"),
        b"",
    );
    assert!(page.body.contains("kiosk.js"));
}

#[test]
fn a_wrong_token_pairs_nothing() {
    let hall = hall(Some(TOKEN));
    for wrong in [
        "",
        "0",
        &TOKEN[1..],
        &TOKEN.replace('6', "7"),
        &format!("{TOKEN}0"),
    ] {
        let refused = show(&hall, wrong, "");
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.header("set-cookie").is_none());
    }
    let without = self::hall(None);
    assert_eq!(show(&without, TOKEN, "").status, 404);
    assert_eq!(show(&without, "", "").status, 404);
}

#[test]
fn only_the_box_itself_may_and_no_other_page() {
    let hall = hall(Some(TOKEN));
    // A proxy on the box speaks for others, so it is not the box.
    for through in [
        "X-Forwarded-For: 192.168.1.7\r\n",
        "Forwarded: for=192.168.1.7\r\n",
    ] {
        assert_eq!(show(&hall, TOKEN, through).status, 403, "{through}");
    }
    let foreign = "Origin: http://elsewhere\r\n";
    assert_eq!(show(&hall, TOKEN, foreign).status, 403);
    let form = |more: &str| hall.send("GET", "/kiosk", more, b"").body;
    assert!(form("").contains("action=\"/kiosk/own\"") && form("").contains("own.js"));
    assert!(!form("X-Forwarded-For: 192.168.1.7\r\n").contains("/kiosk/own"));
    let script = hall.send("GET", "/assets/own.js", "", b"");
    assert!(
        script.body.contains("location.hash"),
        "the token comes behind the fragment"
    );
}

#[test]
fn a_revoked_screen_stays_out_until_it_has_another_token() {
    let hall = hall(Some(TOKEN));
    let token = token_of(&show(&hall, TOKEN, ""));
    let id = known(&hall, &token).expect("known")["device"].clone();
    let id = id.as_str().expect("an id").parse().expect("an id");
    (hall.desk.core)
        .write(Actor::Operator, "test", move |tx, call| {
            device::revoke(tx, call, id)
        })
        .expect("revoked");
    assert!(known(&hall, &token).is_none());
    let refused = show(&hall, TOKEN, "");
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("dicabut") && refused.header("set-cookie").is_none());
    let desk = hall.desk;
    drop(hall.server);
    let other = TOKEN.replace('6', "7");
    let anew = Hall::started(
        desk,
        Started {
            own_screen: Some(Secret::new(other.clone())),
            ..Started::default()
        },
    );
    let token = token_of(&show(&anew, &other, ""));
    assert_ne!(
        known(&anew, &token).expect("known")["device"],
        id.to_string()
    );
}
