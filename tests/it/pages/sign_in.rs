//! Signing in and out without scripts.

use super::house::{House, PASSWORD, leads, well_formed};
use hadir::domain::actor::Role;

#[test]
fn who_signs_in_comes_to_where_they_wanted_to_go() {
    let house = House::set_up();
    let mut browser = house.browser();
    let page = browser.page("/sign-in?to=/me");
    assert!(page.contains("name=\"to\" value=\"/me\""), "{page}");
    let sent = [("login", "Sari"), ("password", PASSWORD), ("to", "/me")];
    let answer = browser.post("/sign-in", &sent);
    assert_eq!(leads(&answer), "/me", "the name is read in small letters");
    let cookie = answer.header("set-cookie").expect("a cookie");
    for flag in ["hadir_native=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(browser.page("/me").contains("Sari Wulandari"));
    assert_eq!(
        leads(&browser.get("/sign-in?to=/me")),
        "/me",
        "nothing more to do there"
    );
    let sent = [
        ("login", "sari"),
        ("password", PASSWORD),
        ("to", "//evil.example"),
    ];
    assert_eq!(leads(&house.browser().post("/sign-in", &sent)), "/");
}

#[test]
fn a_wrong_password_and_an_unknown_name_read_alike_in_both_languages() {
    let house = House::set_up();
    for (language, sentence) in [
        ("id", "Nama pengguna atau kata sandi salah."),
        ("en", "The user name or the password is wrong."),
    ] {
        let mut browser = house.browser();
        browser.language = language;
        let mut pages = Vec::new();
        for login in ["sari", "tidak.ada"] {
            let answer = browser.post("/sign-in", &[("login", login), ("password", "salah benar")]);
            assert_eq!(answer.status, 401);
            well_formed(&answer.body);
            assert!(answer.body.contains(sentence), "{}", answer.body);
            assert!(
                answer.body.contains(&format!("value=\"{login}\"")),
                "the name stays"
            );
            assert!(
                !answer.body.contains("salah benar"),
                "the password does not"
            );
            pages.push(answer.body.replace(login, "NAME"));
        }
        assert_eq!(pages[0], pages[1]);
        assert!(browser.cookies.is_empty());
    }
}

#[test]
fn who_signs_out_is_out() {
    let house = House::set_up();
    house.add("Budi", "budi", Role::Committee);
    let mut browser = house.signed_in("budi");
    let token = browser.cookies["hadir_native"].clone();
    assert!(browser.page("/").contains("Halo, Budi"));
    assert_eq!(leads(&browser.post("/sign-out", &[])), "/sign-in");
    assert!(!browser.cookies.contains_key("hadir_native"));
    browser.cookies.insert("hadir_native".to_owned(), token);
    assert_eq!(
        leads(&browser.get("/")),
        "/sign-in?to=/",
        "the old token is nothing"
    );
}
