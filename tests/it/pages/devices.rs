//! Devices by the page: a code shown once, how they stand, revoked at once.

use super::house::{Browser, House, leads, well_formed};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::device::{self, Answer};

/// Makes a device by the form and returns its code.
fn offer(browser: &mut Browser<'_>, name: &str, kind: &str) -> String {
    let answer = browser.post(
        "/devices",
        &[("name", name), ("kind", kind), ("inches", "10,1")],
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("<svg"), "a QR code: {}", answer.body);
    let code = answer.body.split("id=\"code\">").nth(1).expect("a code");
    code.split('<').next().expect("a code").to_owned()
}

#[test]
fn a_code_pairs_once_and_a_revoked_device_is_refused_at_once() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(browser.page("/devices").contains("Belum ada perangkat"));
    let code = offer(&mut browser, "Gerbang depan", "kiosk");
    assert!(browser.page("/devices").contains("Menunggu kode"));
    let core = &house.native().core;
    let redeem = |code: String| {
        let job = move |tx: &hadir::store::Tx<'_>, call: &mut hadir::domain::site::Call<'_>| {
            device::redeem(tx, call, &code, "192.0.2.1")
        };
        core.write(Actor::Stranger, "native", job)
            .expect("answered")
    };
    let Answer::Paired(found, token) = redeem(code.clone()) else {
        panic!("not paired")
    };
    assert_eq!(found.name, "Gerbang depan");
    assert!(
        matches!(redeem(code), Answer::Refused(_)),
        "a code is for one use"
    );
    let page = browser.page("/devices");
    assert!(
        page.contains("Gerbang depan") && !page.contains("Menunggu kode"),
        "{page}"
    );
    let revoke = format!("/devices/{}/revoke", found.id);
    assert_eq!(leads(&browser.post(&revoke, &[])), "/devices?done=revoked");
    let known = core.read(Actor::Operator, "test", |v, c| {
        device::find_by_token(v, device::token_digest(c.site, token.expose()))
    });
    assert_eq!(known, Ok(None));
    assert!(
        browser
            .page("/devices?done=revoked")
            .contains("langsung ditolak")
    );
    assert_eq!(browser.post(&revoke, &[]).status, 404);
}

#[test]
fn a_new_code_is_made_for_a_device_that_is_in_use() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let first = offer(&mut browser, "Meja", "desk");
    let page = browser.page("/devices");
    let again = page
        .split("action=\"")
        .find(|p| p.starts_with("/devices/") && p.contains("/again\""));
    let again = again
        .expect("a form")
        .split('"')
        .next()
        .expect("a path")
        .to_owned();
    let answer = browser.post(&again, &[]);
    assert_eq!(answer.status, 200);
    assert!(
        !answer.body.contains(&first) && answer.body.contains("/desk"),
        "{}",
        answer.body
    );
    assert!(!browser.page("/devices").contains(&first), "shown once");
}

#[test]
fn what_is_wrong_stands_beside_its_field() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for (fields, sentence) in [
        (
            [("name", ""), ("kind", "kiosk"), ("inches", "")],
            "Nama tidak boleh kosong.",
        ),
        (
            [("name", "Layar"), ("kind", "kiosk"), ("inches", "900")],
            "Tulis angka yang masuk akal.",
        ),
    ] {
        let answer = browser.post("/devices", &fields);
        assert_eq!(answer.status, 422);
        well_formed(&answer.body);
        assert!(
            answer.body.contains(sentence),
            "{sentence} in {}",
            answer.body
        );
    }
    assert!(browser.page("/devices").contains("Belum ada perangkat"));
}

#[test]
fn only_administrators_manage_devices() {
    let house = House::set_up();
    house.add("Panitia", "panitia", Role::Committee);
    let mut browser = house.signed_in("panitia");
    assert_eq!(browser.get("/devices").status, 403);
    let fields = [("name", "Layar"), ("kind", "kiosk")];
    assert_eq!(browser.post("/devices", &fields).status, 403);
}
