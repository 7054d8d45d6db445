//! The frame: languages and their order, files and tags, refusals as pages.

use super::house::{House, leads, well_formed};

#[test]
fn a_language_is_chosen_by_cookie_browser_and_site_in_this_order() {
    let house = House::set_up();
    let mut browser = house.browser();
    let heading = |page: &str| page.contains("<h1>Sign in</h1>");
    assert!(
        !heading(&browser.page("/sign-in")),
        "the browser asks for Indonesian"
    );
    browser.language = "en-GB,en;q=0.9";
    assert!(heading(&browser.page("/sign-in")));
    browser.language = "fr";
    assert!(!heading(&browser.page("/sign-in")), "the site's own");
    let answer = browser.get("/language/en?to=/sign-in%3Fto%3D/me");
    assert_eq!(leads(&answer), "/sign-in?to=/me");
    assert!(heading(&browser.page("/sign-in")), "chosen");
    browser.get("/language/id");
    browser.language = "en";
    assert!(
        !heading(&browser.page("/sign-in")),
        "a choice goes before the browser"
    );
    assert_eq!(browser.get("/language/fr").status, 404);
}

#[test]
fn a_choice_leads_to_no_other_host() {
    let house = House::set_up();
    let mut browser = house.browser();
    for to in [
        "//evil.example",
        "https://evil.example",
        "%2F%2Fevil.example",
        "/%5Cevil.example",
    ] {
        let answer = browser.get(&format!("/language/en?to={to}"));
        assert_eq!(leads(&answer), "/", "{to}");
    }
}

#[test]
fn files_are_kept_by_their_tag_and_asked_for_without() {
    let house = House::set_up();
    let mut browser = house.browser();
    let page = browser.page("/sign-in");
    let sheet = page
        .split("href=\"/assets/base.css")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let address = format!("/assets/base.css{}", sheet.expect("a style sheet"));
    let tagged = browser.get(&address);
    assert_eq!(tagged.status, 200);
    assert!(
        tagged
            .header("cache-control")
            .expect("kept")
            .contains("immutable")
    );
    assert_eq!(
        tagged.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    for name in ["base.css", "page.js", "icon.svg"] {
        let plain = browser.get(&format!("/assets/{name}"));
        assert_eq!(
            (plain.status, plain.header("cache-control")),
            (200, Some("no-cache"))
        );
        assert!(plain.header("etag").is_some());
    }
    let stale = browser.get("/assets/base.css?v=0000000000000000");
    assert_eq!(stale.header("cache-control"), Some("no-cache"));
    assert_eq!(browser.get("/assets/..%2fmod.rs").status, 404);
}

#[test]
fn what_is_not_there_is_a_page_with_the_requests_number() {
    let house = House::set_up();
    for (language, heading, sentence) in [
        (
            "id",
            "Halaman tidak ditemukan",
            "Tidak ada apa-apa di alamat ini.",
        ),
        ("en", "Page not found", "There is nothing at this address."),
    ] {
        let mut browser = house.browser();
        browser.language = language;
        let answer = browser.get("/tidak/ada");
        assert_eq!(answer.status, 404);
        well_formed(&answer.body);
        assert!(
            answer.body.contains(heading) && answer.body.contains(sentence),
            "{}",
            answer.body
        );
        let number = answer.header("x-request-id").expect("a number");
        assert!(answer.body.contains(number), "{}", answer.body);
    }
    let mut browser = house.browser();
    let answer = browser.get("/api/v1/nothing");
    assert_eq!(
        answer.json()["error"]["code"],
        "missing",
        "programs get JSON"
    );
}

#[test]
fn whoever_has_not_signed_in_is_asked_to() {
    let house = House::set_up();
    let mut browser = house.browser();
    for path in ["/", "/me", "/status", "/settings", "/more", "/kit"] {
        let answer = browser.get(path);
        assert_eq!(leads(&answer), format!("/sign-in?to={path}"));
    }
    let answer = browser.post("/me/password", &[]);
    assert_eq!(answer.status, 401, "a form is not sent twice by signing in");
    well_formed(&answer.body);
}
