//! Pages by role, written by hand: what each sees, what is refused, what leads to signing in.
//! A page without a row fails.

use super::house::{Browser, House, well_formed};
use hadir::domain::actor::Role;
use hadir::http::request::Method;
use hadir::surface::pages;

/// What a page answers: `o` it is there, `x` refused, `>` it leads elsewhere. The columns:
/// nobody, user, developer, teacher, committee, admin.
const PAGES: [(&str, &str); 17] = [
    ("/", ">ooooo"),
    ("/audit", ">xxxxo"),
    ("/audit/export", ">xxxxo"),
    ("/clock", ">xxxoo"),
    ("/keys", ">xxxxo"),
    ("/kit", ">xxxxo"),
    ("/me", ">ooooo"),
    ("/me/second-factor", ">ooooo"),
    ("/more", ">ooooo"),
    ("/privacy", "oooooo"),
    ("/samples", ">xxxxo"),
    ("/settings", ">xxxxo"),
    ("/setup", ">xxxx>"),
    ("/setup/finished", ">ooooo"),
    ("/sign-in", "o>>>>>"),
    ("/status", ">xxxxo"),
    ("/webhooks", ">xxxxo"),
];

/// Forms by role, sent empty: `x` refused, `!` the form again or the work was done.
const FORMS: [(&str, &str); 20] = [
    ("/clock", "xxxx!!"),
    ("/clock/compare", "xxxx!!"),
    ("/keys", "xxxxx!"),
    ("/kit", "xxxxx!"),
    ("/me/password", "x!!!!!"),
    ("/privacy/claims", "x!!!!!"),
    ("/privacy/notice", "xxxxx!"),
    ("/me/second-factor", "x!!!!!"),
    ("/settings/access", "xxxxx!"),
    ("/settings/backup", "xxxxx!"),
    ("/settings/consent", "xxxxx!"),
    ("/settings/logo", "xxxxx!"),
    ("/settings/logo/remove", "xxxxx!"),
    ("/settings/faces", "xxxxx!"),
    ("/settings/mail-retry", "xxxxx!"),
    ("/settings/mail-test", "xxxxx!"),
    ("/settings/pin", "xxxxx!"),
    ("/settings/site", "xxxxx!"),
    ("/settings/speech", "xxxxx!"),
    ("/webhooks", "xxxxx!"),
];

fn roles(house: &House) -> Vec<Browser<'_>> {
    let mut all = vec![house.browser()];
    for role in Role::ALL {
        let login = format!("orang.{role}");
        house.add("Tono", &login, *role);
        all.push(house.signed_in(&login));
    }
    all
}

fn mark(status: u16) -> char {
    match status {
        200 => 'o',
        303 => '>',
        401 | 403 => 'x',
        other => panic!("the status {other}"),
    }
}

#[test]
fn who_may_open_what() {
    let house = House::set_up();
    let mut browsers = roles(&house);
    for (path, want) in PAGES {
        let got: String = (browsers.iter_mut())
            .map(|browser| {
                let answer = browser.get(path);
                if answer.status != 303 && path != "/audit/export" {
                    well_formed(&answer.body);
                }
                mark(answer.status)
            })
            .collect();
        assert_eq!(got, want, "{path}");
    }
}

#[test]
fn who_may_send_what() {
    let house = House::set_up();
    let mut browsers = roles(&house);
    for (path, want) in FORMS {
        let got: String = (browsers.iter_mut())
            .map(|browser| match browser.post(path, &[]).status {
                401 | 403 => 'x',
                303 | 422 => '!',
                other => panic!("{path}: the status {other}"),
            })
            .collect();
        assert_eq!(got, want, "{path}");
    }
}

#[test]
fn every_page_of_ours_has_a_row() {
    let elsewhere = [
        "/people",
        "/enrol",
        "/events",
        "/devices",
        "/trust",
        "/logo",
        // Not there without a mail server: pages::link.
        "/sign-in/forgotten",
        "/kiosk",
        "/desk",
        "/language",
        "/assets",
        "/api",
    ];
    for route in pages::routes() {
        let path = route.path;
        let others = elsewhere.iter().any(|start| path.starts_with(start));
        if route.method != Method::Get || path.contains('{') || others {
            continue;
        }
        assert!(
            PAGES.iter().any(|(row, _)| *row == path),
            "no row for {path}"
        );
    }
}

#[test]
fn the_navigation_has_the_words_of_the_glossary() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let table = [
        ("/", "Beranda", "Home"),
        ("/desk", "Meja panitia", "Desk"),
        ("/people", "Orang", "People"),
        ("/enrol", "Pendaftaran wajah", "Face enrolment"),
        ("/events", "Acara", "Events"),
        ("/devices", "Perangkat", "Devices"),
        ("/settings", "Pengaturan", "Settings"),
        ("/status", "Keadaan", "Status"),
        ("/audit", "Jejak audit", "Audit trail"),
        ("/trust", "Sertifikat", "Certificate"),
        ("/privacy", "Privasi", "Privacy"),
        ("/me", "Akun saya", "My account"),
    ];
    for (language, at) in [("id", 0), ("en", 1)] {
        browser.language = language;
        let page = browser.page("/more");
        let list = page.split("<ul class=\"links\">").nth(1).expect("a list");
        for (path, id, en) in table {
            let link = list.split(&format!("<a href=\"{path}\">")).nth(1);
            let link = link.and_then(|rest| rest.split("</a>").next());
            let word = [id, en][at];
            assert!(link.expect(path).ends_with(word), "{path}: {word}");
        }
    }
}

#[test]
fn the_current_page_is_marked_once() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for path in ["/", "/settings", "/status", "/me", "/more"] {
        let page = browser.page(path);
        let mark = format!("<a href=\"{path}\" aria-current=\"page\">");
        assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "{path}");
        assert!(page.contains(&mark), "{path}");
    }
    let page = browser.page("/kit");
    assert!(
        !page.contains("aria-current=\"page\""),
        "no entry of its own"
    );
}
