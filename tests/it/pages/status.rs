//! The status page: every part with its grade, clocks side by side, nothing secret for support.

use super::house::House;
use hadir::domain::actor::Role;

#[test]
fn every_part_is_there_in_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for (language, sentences) in [
        (
            "id",
            [
                "Ada yang perlu diperhatikan",
                "Penyimpanan data",
                "menulis dan membaca",
                "mati: model tidak ada atau berbeda",
                "cocok dengan server waktu",
                "06.52",
                "Untuk bantuan",
            ],
        ),
        (
            "en",
            [
                "Something needs attention",
                "Storage",
                "writing and reading",
                "off: a model is missing or differs",
                "agrees with a time server",
                "06:52",
                "For support",
            ],
        ),
    ] {
        browser.language = language;
        let page = browser.page("/status");
        for sentence in sentences {
            assert!(page.contains(sentence), "{sentence} in {page}");
        }
    }
}

#[test]
fn the_text_for_support_has_no_place_in_it() {
    let house = House::set_up();
    let page = house.signed_in("sari").page("/status");
    let report = page
        .split("<pre id=\"report\"")
        .nth(1)
        .and_then(|rest| rest.split("</pre>").next());
    let report = report.expect("a report");
    let dir = house.scratch.dir().display().to_string();
    assert!(
        !report.contains(&dir) && !report.contains("127.0.0.1"),
        "{report}"
    );
    assert!(report.contains("off_model"), "{report}");
}

#[test]
fn only_who_runs_the_box_sees_it() {
    let house = House::set_up();
    for role in [Role::User, Role::Teacher, Role::Committee] {
        let login = format!("orang.{role}");
        house.add("Tono", &login, role);
        let mut browser = house.signed_in(&login);
        for path in ["/status", "/settings", "/kit"] {
            let answer = browser.get(path);
            assert_eq!(answer.status, 403, "{role} {path}");
            assert!(answer.body.contains("Tidak diizinkan"), "{}", answer.body);
        }
    }
}
