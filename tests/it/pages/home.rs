//! The home page: what to do next, what needs attention, today; each role sees its own.

use super::house::{House, MORNING, leads};
use hadir::base::time::Timestamp;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::checkin::decision::Decision;
use hadir::domain::checkin::reason::{Direction, Mode, Verdict};
use hadir::domain::checkin::request::{Credential, Occasion, Request};
use hadir::domain::checkin::scan;
use hadir::domain::rule::Attended;
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::http::problem::Problem;

fn open_event(house: &House, name: &str, capacity: Option<u32>) {
    let mut new = NewEvent::open(name.parse().expect("a name"));
    new.capacity = capacity;
    new.starts_at = Some(Timestamp::from_millis(MORNING));
    let made = house
        .native()
        .core
        .write(Actor::Operator, "cli", move |tx, call| {
            event::create(tx, call, &new).map_err(Problem::from)
        });
    made.expect("an event");
}

#[test]
fn the_checklist_begins_empty_and_follows_what_is_done() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let page = browser.page("/");
    assert!(
        page.contains("Mulai dari sini") && page.contains("1 dari 9 selesai"),
        "{page}"
    );
    assert!(page.contains("Belum ada acara yang dibuka."));
    assert!(
        page.contains("<a class=\"button\" href=\"/people/import\">Impor daftar</a>"),
        "{page}"
    );
    house.add("Budi", "budi", Role::User);
    open_event(&house, "Wisuda 2026", Some(500));
    let page = browser.page("/");
    assert!(page.contains("3 dari 9 selesai"), "{page}");
    assert!(
        !page.contains("<a class=\"button\" href=\"/people/import\">Impor daftar</a>"),
        "{page}"
    );
    assert!(page.contains("Wisuda 2026") && page.contains("<progress max=\"500\" value=\"0\""));
}

#[test]
fn it_speaks_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.says(
        "/",
        &[
            "Halo, Sari",
            "Hari ini",
            "Perlu perhatian",
            "Pengenalan wajah mati.",
            "Di dalam",
        ],
        &[
            "Hello, Sari",
            "Today",
            "Needs attention",
            "Face recognition is off.",
            "Inside",
        ],
    );
}

#[test]
fn each_role_sees_what_it_may_do() {
    let house = House::set_up();
    open_event(&house, "Wisuda 2026", None);
    for (role, login, has, has_not) in [
        (
            Role::Committee,
            "panitia",
            vec!["Hari ini", "/desk", "/events"],
            vec!["Mulai dari sini", "/settings"],
        ),
        (
            Role::Teacher,
            "guru",
            vec!["Hari ini", "/people"],
            vec!["/events\"", "/status\""],
        ),
        (
            Role::User,
            "siswa",
            vec!["Buka akun saya"],
            vec!["Hari ini", "/desk", "Wisuda", "/people"],
        ),
    ] {
        house.add("Tono", login, role);
        let page = house.signed_in(login).page("/");
        // Troubles link to the status page for whoever sees them.
        for text in has {
            assert!(page.contains(text), "{role}: {text} in {page}");
        }
        for text in has_not {
            assert!(!page.contains(text), "{role}: {text} in {page}");
        }
    }
}

/// Each item of the list is done by doing it, and one by one.
#[test]
fn each_first_step_is_ticked_by_doing_it() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let mut done = 1;
    let folder = house.scratch.path("copies");
    std::fs::create_dir(&folder).expect("a folder");
    let folder = folder.display().to_string();
    let backup = [
        ("place", "other"),
        ("folder", folder.as_str()),
        ("same", "yes"),
    ];
    let skip = vec![("skip", "yes")];
    let steps = [
        ("/settings/backup", backup.to_vec(), 0),
        ("/settings/consent", vec![], 1),
        (
            "/people/new",
            vec![("name", "Budi Santoso"), ("number", "17")],
            1,
        ),
        (
            "/events",
            vec![
                ("name", "Wisuda"),
                ("rule", "once_per_event"),
                ("open", "yes"),
            ],
            1,
        ),
        (
            "/devices",
            vec![("name", "Pintu"), ("kind", "kiosk"), ("access", "scan")],
            1,
        ),
        ("/setup/language", skip.clone(), 0),
        ("/setup/site", skip.clone(), 0),
        ("/setup/backup", skip.clone(), 0),
        ("/setup/samples", skip, 0),
    ];
    for (path, sent, counts) in steps {
        let answer = browser.post(path, &sent);
        assert!(answer.status < 400, "{path}: {}", answer.body);
        if path == "/settings/backup" {
            // The place alone is no backup.
            let page = browser.page("/");
            assert!(page.contains("1 dari 9 selesai"), "{page}");
            let core = &house.native().core;
            hadir::surface::backup::create::create(core, None, None).expect("a backup");
            done += 1;
        }
        done += counts;
        let want = format!("{done} dari 9 selesai");
        let page = browser.page("/");
        assert!(page.contains(&want), "{path}: {want} in {page}");
    }
}

/// Somebody with this number comes in, to the attendance of the day.
fn attend(house: &House, number: &str) {
    assert_eq!(decide(house, number).verdict, Verdict::Admitted);
}

fn decide(house: &House, number: &str) -> Decision {
    let core = &house.native().core;
    let day = core.site().zone.day(core.clock.stamp().at);
    let request = Request {
        nonce: core.new_id(),
        occasion: Occasion::Daily(day),
        credential: Credential::Number(number.to_owned()),
        device: None,
        direction: Direction::Entry,
        mode: Mode::Online,
        attended: Attended::Attended,
        happened: None,
    };
    let decided = core.write(Actor::Operator, "cli", move |tx, call| {
        scan::check_in(tx, call, &request)
    });
    decided.expect("a decision")
}

#[test]
fn the_day_of_a_school_and_its_last_scans_are_there() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let page = browser.page("/");
    assert!(
        !page.contains("Presensi hari ini"),
        "no school, no scan yet"
    );
    assert!(page.contains("Belum ada pindaian."), "{page}");
    let sent = [
        ("name", "SMA 1"),
        ("kind", "school"),
        ("language", "id"),
        ("zone", "Asia/Jakarta"),
    ];
    browser.post("/settings/site", &sent);
    browser.post("/people/new", &[("name", "Budi Santoso"), ("number", "17")]);
    let page = browser.page("/");
    assert!(page.contains("Presensi hari ini"), "{page}");
    assert!(page.contains("<dt>Belum hadir</dt><dd>2</dd>"), "{page}");
    attend(&house, "17");
    let page = browser.page("/");
    assert!(page.contains("<dt>Hadir</dt><dd>1</dd>"), "{page}");
    assert!(page.contains("<dt>Belum hadir</dt><dd>1</dd>"), "{page}");
    assert!(
        page.contains("Budi Santoso") && page.contains("Diterima"),
        "{page}"
    );
}

#[test]
fn samples_are_told_with_all_that_is_attached_and_go_with_one_button() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(!browser.page("/").contains("/samples"));
    browser.post("/setup/samples", &[("samples", "yes")]);
    for path in ["/", "/settings"] {
        assert!(browser.page(path).contains("href=\"/samples\""), "{path}");
    }
    let page = browser.page("/samples");
    assert!(
        page.contains("Ayu Lestari (contoh)") && page.contains("Tidak ada hal lain"),
        "{page}"
    );
    let id = house.find("Ayu Lestari (contoh)");
    let consent = [("giver", "person"), ("means", "paper"), ("agreed", "yes")];
    browser.post(&format!("/people/{id}/consent"), &consent);
    let page = browser.page("/samples");
    assert!(
        page.contains("Ayu Lestari (contoh): 1 persetujuan, 0 wajah"),
        "{page}"
    );
    let answer = browser.post("/samples/remove", &[]);
    assert_eq!(leads(&answer), "/?done=samples");
    let page = browser.page("/?done=samples");
    assert!(page.contains("Data contoh sudah dihapus."), "{page}");
    assert!(!page.contains("Acara contoh") && !page.contains("href=\"/samples\""));
    assert!(!browser.page("/people").contains("contoh"));
    assert!(browser.page("/samples").contains("Tidak ada data contoh."));
}

#[test]
fn open_events_have_their_numbers_and_closed_ones_none() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.post("/setup/samples", &[("samples", "yes")]);
    open_event(&house, "Rapat orang tua", None);
    browser.says(
        "/",
        &[
            "0 dari 3 diterima, 0 di dalam",
            "<dt>Peserta</dt><dd>3</dd>",
            "Rapat orang tua",
        ],
        &[
            "0 of 3 admitted, 0 inside",
            "<dt>Expected</dt><dd>3</dd>",
            "Rapat orang tua",
        ],
    );
    let events = house
        .native()
        .core
        .read(Actor::Operator, "cli", |v, c| event::list(v, c, None, 10));
    for event in events.expect("events") {
        let closed = browser.post(&format!("/events/{}/close", event.id), &[]);
        assert_eq!(closed.status, 303, "{}", closed.body);
    }
    browser.language = "id";
    let page = browser.page("/");
    assert!(page.contains("Belum ada acara yang dibuka."), "{page}");
    assert!(page.contains("<dt>Peserta</dt><dd>0</dd>"), "{page}");
}

#[test]
fn scans_are_told_by_what_came_of_them() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.post("/people/new", &[("name", "Budi Santoso"), ("number", "17")]);
    attend(&house, "17");
    let again = decide(&house, "17");
    assert_eq!(again.verdict, Verdict::Already);
    let unknown = decide(&house, "99");
    assert_ne!(unknown.verdict, Verdict::Admitted);
    let page = browser.page("/");
    let list = page.split("id=\"scans\"").nth(1).expect("the list");
    let list = list.split("</section>").next().expect("its end");
    for part in ["Diterima", "Sudah tercatat", "06.52"] {
        assert!(list.contains(part), "{part} in {list}");
    }
    assert_eq!(list.matches("Budi Santoso").count(), 2, "{list}");
    // Whoever may not see names at all has no such list.
    house.add("Wati", "wati", Role::User);
    let page = house.signed_in("wati").page("/");
    assert!(
        !page.contains("Budi") && !page.contains("id=\"scans\""),
        "{page}"
    );
}

#[test]
fn a_screen_that_fell_silent_is_told_to_who_manages_devices() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let fields = [
        ("name", "Pintu utara"),
        ("kind", "kiosk"),
        ("access", "scan"),
    ];
    let made = browser.post("/devices", &fields);
    assert!(made.status < 400, "{}", made.body);
    let core = &house.native().core;
    let devices = core.read(Actor::Operator, "cli", |v, c| {
        hadir::domain::device::list(v, c, None, 10)
    });
    let id = devices.expect("devices")[0].id;
    let told = "Layar presensi Pintu utara tidak terdengar lagi.";
    assert!(!browser.page("/").contains(told), "it was never heard");
    let sign = hadir::surface::live::Sign {
        at: core.clock.stamp().at,
        screen: "idle".to_owned(),
        frame_age_ms: None,
        memory_bytes: None,
    };
    core.live.note(id, sign);
    assert!(!browser.page("/").contains(told), "it was heard just now");
    house.hand.advance(60_000);
    let page = browser.page("/");
    assert!(
        page.contains(told) && page.contains("href=\"/devices\""),
        "{page}"
    );
    let revoked = browser.post(&format!("/devices/{id}/revoke"), &[]);
    assert_eq!(revoked.status, 303, "{}", revoked.body);
    assert!(!browser.page("/").contains(told), "it is in use no more");
}

#[test]
fn what_is_attached_to_the_samples_is_said_in_both_languages() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.post("/setup/samples", &[("samples", "yes")]);
    let bima = house.find("Bima Pratama (contoh)");
    let fields = [("name", "Bima Sakti"), ("number", "CONTOH-2")];
    assert_eq!(
        browser.post(&format!("/people/{bima}"), &fields).status,
        303
    );
    browser.says(
        "/samples",
        &[
            "Hapus data contoh",
            "Bima Sakti: datanya sudah diubah",
            "Ada hal nyata",
        ],
        &[
            "Remove the sample data",
            "Bima Sakti: was changed",
            "Real things are attached",
        ],
    );
    browser.post("/samples/remove", &[]);
    let answer = browser.post("/samples/remove", &[]);
    assert_eq!(answer.status, 404, "{}", answer.body);
    // They may be added anew.
    browser.post("/setup/samples", &[("samples", "yes")]);
    assert!(browser.page("/people").contains("Bima Pratama (contoh)"));
}
