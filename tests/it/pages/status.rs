//! The status page: every part with its grade, clocks side by side, nothing secret for support.

use super::house::House;
use hadir::domain::actor::Role;

#[test]
fn every_part_is_there_in_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.says(
        "/status",
        &[
            "Ada yang perlu diperhatikan",
            "Penyimpanan data",
            "menulis dan membaca",
            "mati: model tidak ada atau berbeda",
            "cocok dengan server waktu",
            "06.52",
            "Untuk bantuan",
        ],
        &[
            "Something needs attention",
            "Storage",
            "writing and reading",
            "off: a model is missing or differs",
            "agrees with a time server",
            "06:52",
            "For support",
        ],
    );
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

#[test]
fn what_a_person_without_a_shell_needs_is_there() {
    let house = House::listening("0.0.0.0:8443");
    house.add("Sari Wulandari", "sari", Role::Admin);
    let mut browser = house.signed_in("sari");
    let answer = browser.get("/status");
    assert_eq!(answer.status, 200);
    let dir = house.scratch.path("store").display().to_string();
    for part in [
        concat!(env!("CARGO_PKG_VERSION"), ", berumur 0 hari"),
        "apt list --upgradable",
        "Alamat perangkat ini",
        ":8443</code>",
        "Alamat perangkat sebagai kode QR",
        "Nama perangkat tidak diumumkan di jaringan.",
        "tidak memakai sertifikat buatannya sendiri",
        "Ditetapkan di konfigurasi",
        "0.0.0.0:8443",
        "nilai bawaan berlaku",
        dir.as_str(),
        "07.00; terlambat setelah 07.15",
        "0,45: cukup untuk 1 orang di perangkat ini",
        " kosong</small>",
    ] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    house.hand.advance(214 * 24 * 3_600_000);
    let mut browser = house.signed_in("sari");
    let page = browser.get("/status").body;
    assert!(
        page.contains("berumur 213 hari") || page.contains("berumur 214 hari"),
        "{page}"
    );
}

#[test]
fn the_day_of_the_release_is_that_of_the_changelog() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md");
    let text = std::fs::read_to_string(path).expect("the changelog");
    let newest = text
        .lines()
        .find(|line| line.starts_with("## [") && !line.contains("Unreleased"));
    let date = newest
        .and_then(|line| line.rsplit(' ').next())
        .expect("a date");
    let house = House::set_up();
    let page = house.signed_in("sari").page("/status");
    assert!(page.contains(&format!("released {date}")), "{date}");
}

#[test]
fn what_the_configuration_settled_is_said_in_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.says(
        "/status",
        &[
            "Perangkat ini hanya dapat dibuka dari dirinya sendiri.",
            "Ditetapkan di konfigurasi",
            "Berkas konfigurasi",
            "terlambat setelah 07.15",
            "Ambang kemiripan yang berlaku",
            "tidak bertanya ke mana pun",
        ],
        &[
            "This box can only be opened on itself.",
            "Set in the configuration",
            "Configuration file",
            "late after 07:15",
            "Similarity threshold in force",
            "asks nobody whether there is a newer version",
        ],
    );
}

/// The backups have a line: none yet, on the same drive, too old.
#[test]
fn how_backups_stand_is_said_in_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.says(
        "/status",
        &["Belum ada cadangan."],
        &["There is no backup yet."],
    );
    let core = &house.native().core;
    hadir::surface::backup::create::create(core, None, None).expect("a backup");
    browser.says(
        "/status",
        &["ada di penyimpan yang sama dengan data"],
        &["is on the same drive as the data"],
    );
    let mut last = core.shelf.last(&core.store).expect("the last one");
    last.same_drive = false;
    core.shelf.set_last(last.clone());
    browser.says(
        "/status",
        &["Cadangan terakhir terbukti dapat dipulihkan: "],
        &["The last backup is proven by restoring it: "],
    );
    last.made_ms -= 5 * 86_400_000;
    core.shelf.set_last(last);
    browser.says("/status", &["sudah 5 hari: "], &["is 5 days old: "]);
    browser.says("/", &["sudah 5 hari. Periksa"], &["is 5 days old. Check"]);
}
