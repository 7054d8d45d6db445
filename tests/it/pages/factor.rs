//! The second factor on the pages: set up, asked for, required.

use super::house::{Browser, House, PASSWORD, leads, well_formed};
use hadir::base::time::Timestamp;
use hadir::crypto::totp;
use hadir::domain::actor::Role;

fn now(house: &House) -> Timestamp {
    house.native().core.clock.stamp().at
}

fn hidden(page: &str, name: &str) -> String {
    let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
    let rest = page
        .split(&mark)
        .nth(1)
        .unwrap_or_else(|| panic!("{name} in {page}"));
    rest.split('"').next().expect("a value").to_owned()
}

/// Sets the second step up: the secret, and the page with the recovery codes.
fn set_up(house: &House, browser: &mut Browser<'_>) -> (String, String) {
    let page = browser.page("/me/second-factor");
    let secret = hidden(&page, "secret");
    let code = totp::code_at(&secret, now(house)).expect("a code");
    let sent = [
        ("what", "on"),
        ("secret", secret.as_str()),
        ("code", code.as_str()),
        ("password", PASSWORD),
    ];
    let answer = browser.post("/me/second-factor", &sent);
    assert_eq!(answer.status, 200, "{}", answer.body);
    well_formed(&answer.body);
    house.hand.advance(60_000);
    (secret, answer.body)
}

#[test]
fn the_second_step_is_set_up_with_the_app_and_then_asked_for() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(browser.page("/me").contains("belum dipasang"));
    let (secret, codes) = set_up(&house, &mut browser);
    assert_eq!(codes.matches("<li><code>").count(), 10, "{codes}");
    assert!(browser.page("/me").contains("Sisa kode pemulihan: 10."));
    let mut phone = house.browser();
    let sent = [("login", "sari"), ("password", PASSWORD), ("to", "/me")];
    let asked = phone.post("/sign-in", &sent);
    assert_eq!(asked.status, 200);
    well_formed(&asked.body);
    assert!(
        asked.body.contains("Ketik kode dari aplikasi"),
        "{}",
        asked.body
    );
    assert!(phone.cookies.is_empty(), "nobody has signed in yet");
    let pass = hidden(&asked.body, "pass");
    let send = |phone: &mut Browser<'_>, pass: &str, code: &str| {
        let sent = [
            ("login", "sari"),
            ("pass", pass),
            ("code", code),
            ("to", "/me"),
        ];
        phone.post("/sign-in/code", &sent)
    };
    let wrong = send(&mut phone, &pass, "000000");
    assert_eq!(wrong.status, 401);
    well_formed(&wrong.body);
    assert!(wrong.body.contains("Kode tidak cocok."), "{}", wrong.body);
    let code = totp::code_at(&secret, now(&house)).expect("a code");
    assert_eq!(leads(&send(&mut phone, &pass, &code)), "/me");
    assert_eq!(phone.get("/me").status, 200);
}

#[test]
fn a_pass_is_good_for_five_minutes_one_name_and_one_password() {
    let house = House::set_up();
    house.add("Budi", "budi", Role::Committee);
    let mut browser = house.signed_in("sari");
    let (secret, _) = set_up(&house, &mut browser);
    let mut phone = house.browser();
    let asked = phone.post("/sign-in", &[("login", "sari"), ("password", PASSWORD)]);
    let pass = hidden(&asked.body, "pass");
    let mut send = |login: &str, pass: &str| {
        let code = totp::code_at(&secret, now(&house)).expect("a code");
        let sent = [("login", login), ("pass", pass), ("code", code.as_str())];
        let answer = phone.post("/sign-in/code", &sent);
        assert_eq!(answer.status, 401, "{login}");
        assert!(answer.body.contains("Terlalu lama."), "{}", answer.body);
        assert!(phone.cookies.is_empty());
    };
    let later = format!("fffffffffff0{}", &pass[12..]);
    send("budi", &pass);
    send("sari", &later);
    send("sari", "");
    send("nobody", &pass);
    house.hand.advance(5 * 60_000);
    send("sari", &pass);
}

#[test]
fn required_of_all_staff_it_comes_before_everything_else() {
    let house = House::set_up();
    house.add("Budi", "budi", Role::User);
    let mut browser = house.signed_in("sari");
    let sent = [("second_factor", "required")];
    let first = browser.post("/settings/access", &sent);
    assert_eq!(
        leads(&first),
        "/me/second-factor",
        "nobody locks themselves out"
    );
    set_up(&house, &mut browser);
    let saved = browser.post("/settings/access", &sent);
    assert_eq!(leads(&saved), "/settings?done=yes");
    house.add("Ketua", "ketua", Role::Admin);
    let mut browser = house.signed_in("ketua");
    assert_eq!(leads(&browser.get("/people")), "/me/second-factor");
    assert_eq!(leads(&browser.get("/me")), "/me/second-factor");
    browser.says(
        "/me/second-factor",
        &["Di sini semua petugas memakai langkah kedua."],
        &["All staff use a second step here."],
    );
    assert_eq!(house.signed_in("budi").get("/me").status, 200);
    set_up(&house, &mut browser);
    assert_eq!(browser.get("/people").status, 200);
}

#[test]
fn it_is_turned_off_with_the_password_alone_not_with_a_session() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let wrong = [
        ("what", "on"),
        ("secret", "x"),
        ("code", "1"),
        ("password", "salah"),
    ];
    let answer = browser.post("/me/second-factor", &wrong);
    assert_eq!(answer.status, 422);
    well_formed(&answer.body);
    let wrong = [
        ("what", "on"),
        ("secret", "x"),
        ("code", "1"),
        ("password", PASSWORD),
    ];
    let answer = browser.post("/me/second-factor", &wrong);
    assert!(answer.body.contains("id=\"code-error\""), "{}", answer.body);
    set_up(&house, &mut browser);
    let off = |password| [("what", "off"), ("password", password)];
    assert_eq!(browser.post("/me/second-factor", &off("salah")).status, 422);
    let renewed = browser.post(
        "/me/second-factor",
        &[("what", "codes"), ("password", PASSWORD)],
    );
    assert_eq!(renewed.body.matches("<li><code>").count(), 10);
    assert_eq!(
        leads(&browser.post("/me/second-factor", &off(PASSWORD))),
        "/me/second-factor?done=off"
    );
    assert!(
        browser
            .page("/me/second-factor?done=off")
            .contains("sudah dimatikan")
    );
    let again = house.signed_in("sari").get("/me");
    assert_eq!(again.status, 200, "the password alone is enough again");
}
