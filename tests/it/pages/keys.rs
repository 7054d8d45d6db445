//! Keys of programs by the page: shown once, rotated, revoked, and what the audit trail says of them.

use super::house::{Browser, House, leads, well_formed};
use hadir::base::id::ApiKeyId;
use hadir::base::limits;
use hadir::domain::actor::{Actor, Role, Scope};
use hadir::domain::api_key::{self, ApiKey, NewKey};

/// The text on a page that shows it once.
fn text_of(page: &str) -> String {
    well_formed(page);
    let text = page.split("id=\"secret\"").nth(1).expect("a text");
    let text = text.split('>').nth(1).expect("a text");
    text.split('<').next().expect("a text").to_owned()
}

fn make(browser: &mut Browser<'_>) -> String {
    let sent = [
        ("name", "Laporan <harian>"),
        ("days", "30"),
        ("people.read", "yes"),
        ("attend", "yes"),
    ];
    let answer = browser.post("/keys", &sent);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    text_of(&answer.body)
}

fn only(house: &House) -> ApiKey {
    let core = &house.native().core;
    let all = core.read(Actor::Operator, "test", api_key::list);
    all.expect("keys").remove(0)
}

/// Which key a text opens.
fn opens(house: &House, text: &str) -> Option<ApiKeyId> {
    let core = &house.native().core;
    let (site, now) = (core.site(), core.clock.stamp().at);
    let found = (core.store).read(|view| {
        Ok::<_, hadir::store::Error>(api_key::find(view, &site, text, now).expect("read"))
    });
    found.expect("read").map(|key| key.id)
}

#[test]
fn a_key_is_made_rotated_and_revoked_and_each_text_is_shown_once() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    assert!(browser.page("/keys").contains("Belum ada kunci API."));
    assert!(browser.page("/settings").contains("href=\"/keys\""));
    let first = make(&mut browser);
    assert!(first.starts_with("hdr_"), "{first}");
    let key = only(&house);
    assert_eq!(opens(&house, &first), Some(key.id));
    assert_eq!(key.scopes, [Scope::PeopleRead, Scope::Attend]);
    let page = browser.page("/keys");
    well_formed(&page);
    assert!(page.contains("Laporan &lt;harian&gt;"), "{page}");
    assert!(
        page.contains("melihat data orang, mencatat kehadiran dari daftar"),
        "{page}"
    );
    assert!(
        page.contains("belum pernah dipakai") && !page.contains(&first),
        "{page}"
    );
    let rotated = browser.post(&format!("/keys/{}/rotate", key.id), &[]);
    assert!(rotated.body.contains("satu hari lagi"), "{}", rotated.body);
    let second = text_of(&rotated.body);
    assert!(second != first);
    for text in [&first, &second] {
        assert_eq!(opens(&house, text), Some(key.id));
    }
    let page = browser.page("/keys");
    assert!(page.contains("kunci lama berlaku sampai"), "{page}");
    assert!(!page.contains(&second), "{page}");
    let trail = browser.page("/audit");
    assert!(trail.contains("membuat kunci API") && trail.contains("mengganti kunci API"));
    assert!(
        trail.contains("kunci API Laporan &lt;harian&gt;"),
        "{trail}"
    );
    let revoke = format!("/keys/{}/revoke", key.id);
    assert_eq!(leads(&browser.post(&revoke, &[])), "/keys?done=revoked");
    assert!(
        browser
            .page("/keys?done=revoked")
            .contains("Kunci itu dicabut")
    );
    for text in [&first, &second] {
        assert_eq!(opens(&house, text), None);
    }
    assert!(
        browser
            .page("/audit")
            .contains("kunci API yang sudah dicabut")
    );
    for act in ["rotate", "revoke", "nonsense"] {
        let answer = browser.post(&format!("/keys/{}/{act}", key.id), &[]);
        assert_eq!(answer.status, 404, "{act}");
    }
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_the_rest_is_kept() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for (name, days, scope, sentence) in [
        ("", "30", "scan", "Beri nama."),
        ("Laporan", "", "scan", "Tulis angka dari 1 sampai 366."),
        ("Laporan", "0", "scan", "Tulis angka dari 1 sampai 366."),
        ("Laporan", "367", "scan", "Tulis angka dari 1 sampai 366."),
        ("Laporan", "-1", "scan", "Tulis angka dari 1 sampai 366."),
        ("Laporan", "30", "everything", "Pilih sedikitnya satu."),
    ] {
        let answer = browser.post("/keys", &[("name", name), ("days", days), (scope, "yes")]);
        assert_eq!(answer.status, 422, "{name} {days} {scope}");
        well_formed(&answer.body);
        assert!(
            answer.body.contains(sentence),
            "{sentence}: {}",
            answer.body
        );
        assert!(!answer.body.contains("hdr_"), "{}", answer.body);
        if !name.is_empty() {
            assert!(answer.body.contains("value=\"Laporan\""), "{}", answer.body);
        }
    }
    let core = &house.native().core;
    for _ in 0..limits::API_KEYS_MAX {
        let new = NewKey {
            name: "Laporan".parse().expect("a name"),
            scopes: vec![Scope::Scan],
            days: 1,
        };
        core.write(Actor::Operator, "test", move |tx, call| {
            api_key::make(tx, call, &new)
        })
        .expect("a key");
    }
    let sent = [("name", "Lain"), ("days", "1"), ("scan", "yes")];
    let answer = browser.post("/keys", &sent);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Kunci sudah terlalu banyak."));
    house.hand.advance(24 * 3_600_000);
    let mut browser = house.signed_in("sari");
    assert!(browser.page("/keys").contains("sudah berakhir"));
}

#[test]
fn only_administrators_see_keys() {
    let house = House::set_up();
    house.add("Tono", "tono", Role::Committee);
    let mut browser = house.signed_in("tono");
    assert_eq!(browser.get("/keys").status, 403);
    assert_eq!(browser.post("/keys", &[("name", "x")]).status, 403);
    let one = "/keys/01JD5Z3N8GQ4X6V7W8Y9Z0A1C9";
    for act in ["rotate", "revoke"] {
        assert_eq!(browser.post(&format!("{one}/{act}"), &[]).status, 403);
    }
    assert!(!browser.page("/me").contains("/keys"));
}
