//! The settings: what is changed is in force with the next request, and in the store.

use super::house::{House, leads, well_formed};
use hadir::domain::rule::{Address, Language, LivenessPolicy, SiteKind};

#[test]
fn the_name_is_above_the_next_page_and_stays() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.page("/settings");
    let sent = [
        ("name", "SMA Negeri <1>"),
        ("kind", "school"),
        ("language", "en"),
        ("zone", "Asia/Jayapura"),
    ];
    assert_eq!(
        leads(&browser.post("/settings/site", &sent)),
        "/settings?done=yes"
    );
    let page = browser.page("/settings?done=yes");
    assert!(
        page.contains("Sudah disimpan.") && page.contains("SMA Negeri &lt;1&gt;"),
        "{page}"
    );
    let site = house.native().core.site();
    assert_eq!(site.rules.name, "SMA Negeri <1>");
    assert_eq!(
        (site.rules.kind, site.rules.language),
        (SiteKind::School, Language::En)
    );
    assert_eq!(site.zone.name(), "Asia/Jayapura");
    assert!(
        browser.page("/status").contains("08.52"),
        "the new zone's time"
    );
    house
        .native()
        .core
        .refresh_site()
        .expect("read from the store");
    assert_eq!(house.native().core.site().rules.name, "SMA Negeri <1>");
}

#[test]
fn words_liveness_and_pin_are_kept() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(browser.page("/settings").contains("Belum ada PIN"));
    let sent = [
        ("address", "kamu"),
        ("desk_id", "guru piket"),
        ("desk_en", "the duty teacher"),
    ];
    assert_eq!(browser.post("/settings/speech", &sent).status, 303);
    let sent = [("unattended", "advisory"), ("attended", "off")];
    assert_eq!(browser.post("/settings/faces", &sent).status, 303);
    assert_eq!(
        browser.post("/settings/pin", &[("pin", "482913")]).status,
        303
    );
    let rules = house.native().core.site().rules.clone();
    assert_eq!(rules.address, Address::Kamu);
    assert_eq!(
        (rules.desk.id.as_str(), rules.desk.en.as_str()),
        ("guru piket", "the duty teacher")
    );
    assert_eq!(rules.liveness.unattended, LivenessPolicy::Advisory);
    assert_eq!(rules.liveness.attended, LivenessPolicy::Off);
    let page = browser.page("/settings");
    assert!(
        page.contains("Sudah ada PIN.") && !page.contains("482913"),
        "{page}"
    );
}

#[test]
fn what_cannot_be_is_said_and_changes_nothing() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let before = house.native().core.site().rules.clone();
    let site = |name, zone| {
        vec![
            ("name", name),
            ("zone", zone),
            ("kind", "school"),
            ("language", "en"),
        ]
    };
    let long = "a".repeat(200);
    for (part, sent, field, sentence) in [
        ("site", site(" ", "UTC"), "name", "Nama tidak boleh kosong."),
        (
            "site",
            site(&long, "UTC"),
            "name",
            "paling banyak 120 karakter",
        ),
        (
            "site",
            site("x", "Asia/Atlantis"),
            "zone",
            "Zona waktu itu tidak dikenal.",
        ),
        (
            "speech",
            vec![("address", "anda"), ("desk_id", ""), ("desk_en", "x")],
            "desk_id",
            "tidak boleh kosong",
        ),
        (
            "pin",
            vec![("pin", "12a4")],
            "pin",
            "PIN terdiri atas 4 sampai 12 angka.",
        ),
        (
            "pin",
            vec![("pin", "123")],
            "pin",
            "PIN terdiri atas 4 sampai 12 angka.",
        ),
    ] {
        let answer = browser.post(&format!("/settings/{part}"), &sent);
        assert_eq!(answer.status, 422, "{part}");
        well_formed(&answer.body);
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains(sentence),
            "{sentence} in {}",
            answer.body
        );
    }
    assert_eq!(house.native().core.site().rules, before);
    assert_eq!(browser.post("/settings/nonsense", &[]).status, 404);
}

#[test]
fn the_thresholds_are_told_in_the_numbers_of_the_language() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(
        browser
            .page("/settings")
            .contains("<td class=\"number\">0,45</td>")
    );
    browser.language = "en";
    let page = browser.page("/settings");
    assert!(page.contains("<td class=\"number\">0.45</td>"), "{page}");
    assert!(page.contains("Similarity thresholds") && page.contains("Recovery kit"));
}

#[test]
fn the_logo_is_above_every_page_until_it_is_removed() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(!browser.page("/").contains("/logo?v="));
    let answer = browser.bring("POST /settings/logo", "image/webp", "RIFF1234WEBPVP8 ");
    assert_eq!(answer.status, 204, "{}", answer.body);
    assert!(browser.page("/").contains("<img src=\"/logo?v="));
    assert!(house.browser().page("/sign-in").contains("/logo?v="));
    let large = "RIFF1234WEBP".to_owned() + &"x".repeat(128 * 1024);
    let answer = browser.bring("POST /settings/logo", "image/webp", &large);
    assert_eq!(answer.status, 413, "{}", answer.body);
    let answer = browser.post("/settings/logo/remove", &[]);
    assert_eq!(leads(&answer), "/settings?done=yes");
    assert!(!browser.page("/").contains("/logo?v="));
    assert_eq!(browser.get("/logo").status, 404);
}

#[test]
fn the_place_of_backups_is_changed_and_what_is_wrong_with_it_stays_in_sight() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let folder = house.scratch.path("copies");
    std::fs::create_dir(&folder).expect("a folder");
    let path = folder.display().to_string();
    let mut sent = vec![("place", "other"), ("folder", path.as_str())];
    let answer = browser.post("/settings/backup", &sent);
    assert_eq!(
        answer.status, 422,
        "the drive of the data has to be agreed to"
    );
    well_formed(&answer.body);
    assert!(answer.body.contains("id=\"same\""), "{}", answer.body);
    sent.push(("same", "yes"));
    assert_eq!(
        leads(&browser.post("/settings/backup", &sent)),
        "/settings?done=yes"
    );
    let warned = "hilang bersama.";
    let page = browser.page("/settings");
    assert!(page.contains(&path) && page.contains(warned), "{page}");
    std::fs::remove_dir(&folder).expect("removed");
    let page = browser.page("/settings");
    assert!(
        page.contains("Folder ini tidak ada"),
        "the drive was pulled: {page}"
    );
}

#[test]
fn the_consent_text_is_read_once() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(
        browser
            .page("/settings")
            .contains("Sudah saya baca, teks ini sesuai")
    );
    assert_eq!(browser.post("/settings/consent", &[]).status, 303);
    let page = browser.page("/settings");
    assert!(page.contains("Sudah dibaca: teks 2026-1"), "{page}");
    assert!(!page.contains("Sudah saya baca, teks ini sesuai"));
}
