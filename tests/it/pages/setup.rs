//! The setup without scripts: the code, five steps that may be left and taken up again, the
//! first administrator, and what happens to everybody else meanwhile.

use super::house::{House, PASSWORD, leads, well_formed};

const MINUTE: i64 = 60_000;

#[test]
fn a_new_user_comes_from_the_code_to_the_home_page() {
    let house = House::fresh();
    let mut browser = house.browser();
    assert_eq!(leads(&browser.get("/")), "/setup");
    let page = browser.page("/setup");
    assert!(page.contains("hadir setup-code") && !page.contains(&house.code()));

    let answer = browser.post("/setup", &[("code", &house.code().to_lowercase())]);
    assert_eq!(leads(&answer), "/setup");
    let cookie = answer.header("set-cookie").expect("a pass");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    assert_eq!(leads(&browser.get("/setup")), "/setup/language");

    let page = browser.page("/setup/language");
    assert!(
        page.contains("Langkah 1 dari 5") && page.contains("06.52"),
        "{page}"
    );
    let sent = [("language", "id"), ("zone", "Asia/Makassar")];
    assert_eq!(
        leads(&browser.post("/setup/language", &sent)),
        "/setup/site"
    );

    browser.page("/setup/site");
    let sent = [("name", "SMA Negeri 1 Malang"), ("kind", "school")];
    assert_eq!(
        leads(&browser.post("/setup/site", &sent)),
        "/setup/administrator"
    );

    let page = browser.page("/setup/administrator");
    assert!(
        page.contains("SMA Negeri 1 Malang"),
        "the name is in force at once"
    );
    let sent = [
        ("name", "Sari Wulandari"),
        ("login", "sari"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    assert_eq!(
        leads(&browser.post("/setup/administrator", &sent)),
        "/setup/backup"
    );
    assert!(browser.cookies.contains_key("hadir_native"), "signed in");

    assert!(browser.page("/setup/backup").contains("Folder data"));
    assert_eq!(leads(&browser.post("/setup/backup", &[])), "/setup/samples");
    browser.page("/setup/samples");
    let answer = browser.post("/setup/samples", &[("samples", "yes")]);
    assert_eq!(leads(&answer), "/setup/finished");
    assert!(browser.page("/setup/finished").contains("href=\"/kit\""));

    let page = browser.page("/");
    assert!(
        page.contains("Halo, Sari") && page.contains("Acara contoh"),
        "{page}"
    );
    assert_eq!(leads(&browser.get("/setup")), "/setup/finished");
}

#[test]
fn until_then_pages_lead_to_the_setup_and_programs_are_told() {
    let house = House::fresh();
    let mut browser = house.browser();
    for path in ["/", "/settings", "/me", "/sign-in", "/status"] {
        assert_eq!(leads(&browser.get(path)), "/setup", "{path}");
    }
    for path in ["/setup", "/assets/base.css", "/health"] {
        assert_ne!(browser.get(path).status, 303, "{path}");
    }
    let answer = browser.get("/api/v1/people");
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["error"]["code"], "setup_required");
}

#[test]
fn wrong_old_and_used_codes_are_told_apart_in_both_languages() {
    let table = [
        (
            "id",
            "Sisa percobaan: 4.",
            "Kode berlaku 30 menit",
            "sudah dipakai atau terlalu sering salah",
        ),
        (
            "en",
            "Tries left: 4.",
            "Codes last 30 minutes",
            "was used or tried too often",
        ),
    ];
    for (language, wrong, old, used) in table {
        let house = House::fresh();
        let mut browser = house.browser();
        browser.language = language;
        let mut told = |code: &str, sentence: &str| {
            let answer = browser.post("/setup", &[("code", code)]);
            assert_eq!(answer.status, 422, "{}", answer.body);
            well_formed(&answer.body);
            assert!(
                answer.body.contains(sentence),
                "{sentence} in {}",
                answer.body
            );
        };
        told("ABCDEFGH", old);
        let code = house.code();
        told("ABCDEFGH", wrong);
        for _ in 0..4 {
            house.browser().post("/setup", &[("code", "nonsense")]);
        }
        told(&code, used);
        let code = house.code();
        house.hand.advance(31 * MINUTE);
        told(&code, old);
    }
}

#[test]
fn the_boxs_own_screen_shows_a_code_that_opens_the_setup() {
    let house = House::fresh();
    let mut browser = house.browser();
    let page = browser.page("/setup");
    assert!(page.contains("action=\"/setup/screen\""), "{page}");
    let older = house.code();
    let answer = browser.post("/setup/screen", &[]);
    assert_eq!(answer.status, 200);
    well_formed(&answer.body);
    let code = answer.body.split("id=\"setup-code\">").nth(1);
    let code = code.and_then(|rest| rest.split('<').next());
    let code = code.expect("a code").to_owned();
    assert_ne!(code, older, "a new one each time");
    assert_eq!(browser.post("/setup", &[("code", &older)]).status, 422);
    assert_eq!(leads(&browser.post("/setup", &[("code", &code)])), "/setup");

    // A page of another port on the box itself is not the box's own page.
    let mut stranger = house.browser();
    stranger.origin = "http://127.0.0.1:1".to_owned();
    assert_eq!(stranger.post("/setup/screen", &[]).status, 403);
    let done = House::set_up();
    let answer = done.browser().post("/setup/screen", &[]);
    assert_eq!(answer.status, 409, "{}", answer.body);
}

#[test]
fn steps_may_be_left_skipped_and_taken_up_again() {
    let house = House::fresh();
    let mut browser = house.browser();
    assert_eq!(
        leads(&browser.get("/setup/site")),
        "/setup",
        "not without a pass"
    );
    assert_eq!(
        leads(&browser.post("/setup/site", &[("name", "x")])),
        "/setup"
    );
    browser.post("/setup", &[("code", &house.code())]);
    let answer = browser.post("/setup/language", &[("skip", "yes")]);
    assert_eq!(leads(&answer), "/setup/site");
    let pass = browser.cookies.clone();

    let mut other = house.browser();
    other.cookies = pass;
    assert_eq!(
        leads(&other.get("/setup")),
        "/setup/site",
        "it goes on elsewhere"
    );
    let page = other.page("/setup/language");
    assert!(page.contains("<li class=\"done\""), "{page}");

    house.hand.advance(3 * 60 * MINUTE);
    let page = other.page("/setup");
    assert!(page.contains("Waktu persiapan sudah habis."), "{page}");
    other.post("/setup", &[("code", &house.code())]);
    assert_eq!(
        leads(&other.get("/setup")),
        "/setup/site",
        "what was done stays done"
    );
    assert_eq!(other.get("/setup/nonsense").status, 404);
}

#[test]
fn what_cannot_be_is_said_beside_its_field() {
    let house = House::fresh();
    let mut browser = house.browser();
    browser.post("/setup", &[("code", &house.code())]);
    let good = [
        ("name", "Sari"),
        ("login", "sari"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    let table = [
        (
            "/setup/language",
            vec![("zone", "Asia/Atlantis")],
            "zone",
            "Zona waktu itu tidak dikenal.",
        ),
        (
            "/setup/site",
            vec![("name", "  ")],
            "name",
            "Nama tidak boleh kosong.",
        ),
        (
            "/setup/administrator",
            vec![("name", "")],
            "name",
            "Nama tidak boleh kosong.",
        ),
        (
            "/setup/administrator",
            vec![("login", "s!")],
            "login",
            "Nama pengguna terdiri atas",
        ),
        (
            "/setup/administrator",
            vec![("password", "pendek")],
            "password",
            "terlalu pendek",
        ),
        (
            "/setup/administrator",
            vec![("again", "lain")],
            "again",
            "Kedua kata sandi berbeda.",
        ),
    ];
    for (path, changed, field, sentence) in table {
        let mut sent: Vec<(&str, &str)> = good.to_vec();
        for (name, value) in changed {
            sent.retain(|(n, _)| *n != name);
            sent.push((name, value));
        }
        let answer = browser.post(path, &sent);
        assert_eq!(answer.status, 422, "{path}");
        well_formed(&answer.body);
        let error = format!("id=\"{field}-error\"");
        assert!(answer.body.contains(&error), "{error} in {}", answer.body);
        assert!(
            answer.body.contains(sentence),
            "{sentence} in {}",
            answer.body
        );
        assert!(
            !answer.body.contains(PASSWORD),
            "a password is never sent back"
        );
    }
    assert_eq!(leads(&browser.get("/")), "/setup", "nobody was made");
}

#[test]
fn an_administrator_ends_the_pass_and_comes_back_by_signing_in() {
    let house = House::fresh();
    let mut browser = house.browser();
    browser.post("/setup", &[("code", &house.code())]);
    let pass = browser.cookies.clone();
    let sent = [
        ("name", "Sari Wulandari"),
        ("login", "sari"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    browser.post("/setup/administrator", &sent);
    let mut thief = house.browser();
    thief.cookies = pass;
    assert_eq!(leads(&thief.get("/setup/site")), "/sign-in?to=/setup");
    assert_eq!(
        leads(&thief.post("/setup/administrator", &sent)),
        "/sign-in?to=/setup"
    );
    let answer = thief.post("/setup", &[("code", "ABCDEFGH")]);
    assert_eq!(leads(&answer), "/sign-in", "no code opens it any more");
    let mut back = house.signed_in("sari");
    assert_eq!(
        leads(&back.get("/setup")),
        "/setup/language",
        "skipped steps wait"
    );
}
