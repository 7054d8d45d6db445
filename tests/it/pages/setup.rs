//! The setup without scripts: the code, five steps that may be left and taken up again, the
//! first administrator, and what happens to everybody else meanwhile.

use super::house::{House, PASSWORD, leads, well_formed};
use hadir::domain::actor::Role;
use hadir::domain::setting;

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
    let answer = browser.post("/setup/backup", &[("place", "later")]);
    assert_eq!(leads(&answer), "/setup/samples");
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

/// What is kept of the choice of a place for backups.
fn place(house: &House) -> Option<String> {
    let found = house.native().core.store.read(setting::find_backup);
    found.expect("readable").map(|place| place.to_string())
}

#[test]
fn the_place_of_backups_is_looked_at_and_the_same_drive_is_agreed_to() {
    let house = House::fresh();
    let mut browser = house.browser();
    browser.post("/setup", &[("code", &house.code())]);
    let folder = |name: &str| house.scratch.path(name).display().to_string();
    std::fs::create_dir(folder("copies")).expect("a folder");
    std::fs::write(folder("file"), "x").expect("a file");
    let table = [
        (
            "other",
            "copies".to_owned(),
            "Tulis alamat folder yang lengkap",
        ),
        ("other", folder("nothing"), "Folder ini tidak ada"),
        ("other", folder("file"), "Ini bukan folder."),
        ("other", folder("store"), "ada di dalam folder data"),
        (
            "other",
            "/proc/self".to_owned(),
            "hadir tidak dapat menulis",
        ),
        ("other", folder("copies"), "penyimpan yang sama dengan data"),
        ("", String::new(), "Pilih salah satu."),
    ];
    for (choice, typed, sentence) in table {
        let sent = [("place", choice), ("folder", typed.as_str())];
        let answer = browser.post("/setup/backup", &sent);
        assert_eq!(answer.status, 422, "{typed}");
        well_formed(&answer.body);
        assert!(
            answer.body.contains(sentence),
            "{sentence} in {}",
            answer.body
        );
        assert_eq!(place(&house), None, "{typed}: nothing is kept");
    }
    let copies = folder("copies");
    let agreed = [
        ("place", "other"),
        ("folder", copies.as_str()),
        ("same", "yes"),
    ];
    assert_eq!(
        leads(&browser.post("/setup/backup", &agreed)),
        "/setup/samples"
    );
    assert_eq!(place(&house), Some(copies.clone()));
    assert!(
        browser.page("/setup/backup").contains(&copies),
        "it is there again"
    );
    let later = [("place", "later"), ("folder", "")];
    assert_eq!(browser.post("/setup/backup", &later).status, 303);
    assert_eq!(place(&house).as_deref(), Some("later"));
}

const PNG: &str = "\u{7f}PNG";

#[test]
fn a_logo_is_taken_by_the_holder_of_the_pass_alone() {
    let house = House::fresh();
    let mut browser = house.browser();
    assert_eq!(browser.get("/logo").status, 404, "there is none yet");
    let jpeg = "\u{0}";
    let refused = browser.bring("POST /setup/logo", "image/png", PNG);
    assert_eq!(refused.status, 403, "{}", refused.body);
    browser.post("/setup", &[("code", &house.code())]);
    for nothing in [PNG, jpeg, "<svg onload=alert(1)>", ""] {
        let answer = browser.bring("POST /setup/logo", "image/png", nothing);
        assert_eq!(answer.status, 422, "{nothing:?}: {}", answer.body);
    }
    let answer = browser.bring("POST /setup/logo", "image/webp", "RIFF1234WEBPVP8 ");
    assert_eq!(answer.status, 204, "{}", answer.body);
    let shown = browser.get("/logo");
    assert_eq!(shown.header("content-type"), Some("image/webp"));
    assert_eq!(shown.body, "RIFF1234WEBPVP8 ");
    let page = browser.page("/setup/site");
    let tag = house
        .native()
        .core
        .site()
        .rules
        .logo
        .clone()
        .expect("a tag");
    assert!(
        page.contains(&format!("<img src=\"/logo?v={tag}\" alt=\"\">")),
        "{page}"
    );
    assert!(page.contains("Mengganti logo memerlukan skrip."), "{page}");
    let kept = browser.get(&format!("/logo?v={tag}"));
    assert!(
        kept.header("cache-control")
            .is_some_and(|c| c.contains("immutable"))
    );
}

#[test]
fn the_code_comes_behind_the_fragment_only() {
    let house = House::listening("192.168.1.7:443");
    let answer = house.browser().post("/setup/screen", &[]);
    let page = &answer.body;
    let code = page.split("id=\"setup-code\">").nth(1).expect("a code");
    let code = code.split('<').next().expect("its end");
    let want = hadir::surface::qr::svg(
        &format!("https://192.168.1.7/setup#code={code}"),
        "Alamat persiapan dengan kodenya sebagai kode QR",
    );
    assert!(page.contains(&want.into_string()), "{page}");
    assert!(
        page.contains("<strong>https://192.168.1.7/setup</strong>"),
        "{page}"
    );
    assert_eq!(
        page.matches(code).count(),
        1,
        "only where it is read: {page}"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn a_screen_that_asks_by_itself_does_not_end_anybody_s_steps() {
    let house = House::fresh();
    let mut browser = house.browser();
    let renew = |house: &House| house.browser().post("/setup/screen", &[("renew", "yes")]);
    let first = renew(&house).body;
    assert!(first.contains("id=\"setup-code\""), "{first}");
    let code = house.code();
    assert_eq!(leads(&browser.post("/setup", &[("code", &code)])), "/setup");
    let busy = renew(&house).body;
    assert!(!busy.contains("setup-code"), "{busy}");
    assert!(busy.contains("Perangkat ini sedang disiapkan"), "{busy}");
    assert!(busy.contains(" data-own-screen"), "{busy}");
    assert_eq!(
        leads(&browser.get("/setup")),
        "/setup/language",
        "the steps go on"
    );
    // Whoever presses the button means it.
    let pressed = house.browser().post("/setup/screen", &[]).body;
    assert!(pressed.contains("id=\"setup-code\""), "{pressed}");
    assert_eq!(
        browser.get("/setup/language").status,
        303,
        "the pass has ended"
    );
    // When the time for the steps is over, the screen shows a code again.
    let code = house.code();
    assert_eq!(leads(&browser.post("/setup", &[("code", &code)])), "/setup");
    house.hand.advance(121 * MINUTE);
    let after = renew(&house).body;
    assert!(after.contains("id=\"setup-code\""), "{after}");
}

/// What the script of the box's own screen relies on: it asks for /kiosk until that is there.
#[test]
fn the_box_s_own_screen_can_tell_that_the_setup_was_done_elsewhere() {
    let house = House::fresh();
    for page in [
        house.browser().get("/setup"),
        house.browser().post("/setup/screen", &[]),
    ] {
        assert!(page.body.contains(" data-own-screen"), "{}", page.body);
        assert!(page.body.contains("/assets/setup.js"), "{}", page.body);
    }
    assert_eq!(leads(&house.browser().get("/kiosk")), "/setup");
    house.add("Sari Wulandari", "sari", Role::Admin);
    assert_eq!(house.browser().get("/kiosk").status, 200);
}

#[test]
fn who_comes_back_is_taken_to_the_first_open_step() {
    let house = House::fresh();
    let mut browser = house.browser();
    browser.post("/setup", &[("code", &house.code())]);
    let name = [("name", "SMA 1"), ("kind", "school")];
    assert_eq!(browser.post("/setup/site", &name).status, 303);
    assert_eq!(leads(&browser.get("/setup")), "/setup/language");
    browser.post("/setup/language", &[("skip", "yes")]);
    assert_eq!(leads(&browser.get("/setup")), "/setup/administrator");
    assert_eq!(
        leads(&browser.get("/setup/samples")),
        "/setup/administrator"
    );
    let sent = [("samples", "yes")];
    let answer = browser.post("/setup/samples", &sent);
    assert_eq!(
        leads(&answer),
        "/setup/administrator",
        "not before there is one"
    );
    browser.post("/setup/backup", &[("skip", "yes")]);
    assert_eq!(place(&house), None, "skipped is not decided");
}

/// Whichever steps were done, and in whichever order: `/setup` leads to the first open one, from
/// this browser and from another with the same pass.
#[test]
fn every_order_of_the_steps_leads_on() {
    let order = ["language", "site", "backup"];
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for turns in orders {
        let house = House::fresh();
        let mut browser = house.browser();
        browser.post("/setup", &[("code", &house.code())]);
        let mut done = Vec::new();
        for turn in turns {
            let step = order[turn];
            let answer = browser.post(&format!("/setup/{step}"), &[("skip", "yes")]);
            assert_eq!(answer.status, 303, "{step}: {}", answer.body);
            done.push(step);
            let all = ["language", "site", "administrator", "backup"];
            let open = all.iter().find(|step| !done.contains(*step));
            let want = format!("/setup/{}", open.expect("the administrator is open"));
            assert_eq!(leads(&browser.get("/setup")), want, "{turns:?} {done:?}");
            let mut other = house.browser();
            other.cookies = browser.cookies.clone();
            assert_eq!(leads(&other.get("/setup")), want, "elsewhere");
        }
    }
}

#[test]
fn the_steps_say_what_they_ask_in_both_languages() {
    let house = House::fresh();
    let mut browser = house.browser();
    browser.post("/setup", &[("code", &house.code())]);
    browser.says(
        "/setup/backup",
        &[
            "Ke mana cadangan disimpan?",
            "Tentukan nanti",
            "hadir membuat cadangan setiap malam",
            "Belum ada cadangan.",
            "Folder data",
        ],
        &[
            "Where do backups go?",
            "Decide later",
            "hadir makes a backup every night",
            "There is no backup yet.",
            "Data folder",
        ],
    );
    browser.says(
        "/setup/site",
        &["Nama dan kegunaan", "PNG, JPEG, atau WebP"],
        &["Name and purpose", "PNG, JPEG or WebP"],
    );
    let page = browser.page("/setup/backup");
    assert!(page.contains("value=\"later\" checked"), "{page}");
}

#[test]
fn a_logo_of_another_origin_is_refused_and_one_too_large_too() {
    let house = House::fresh();
    let mut browser = house.browser();
    browser.post("/setup", &[("code", &house.code())]);
    let own = browser.origin.clone();
    browser.origin = "http://127.0.0.1:1".to_owned();
    let answer = browser.bring("POST /setup/logo", "image/webp", "RIFF1234WEBPVP8 ");
    assert_eq!(answer.status, 403, "{}", answer.body);
    browser.origin = own;
    let large = "RIFF1234WEBP".to_owned() + &"x".repeat(128 * 1024);
    let answer = browser.bring("POST /setup/logo", "image/webp", &large);
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert_eq!(browser.get("/logo").status, 404, "none was kept");
    let largest = "RIFF1234WEBP".to_owned() + &"x".repeat(128 * 1024 - 12);
    let answer = browser.bring("POST /setup/logo", "image/webp", &largest);
    assert_eq!(answer.status, 204, "{}", answer.body);
}
