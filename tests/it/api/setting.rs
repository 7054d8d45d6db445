//! Settings over the interface.

use super::exchange::{Talk, json};
use super::house::House;
use hadir::domain::actor::{DeviceAccess, Role};

#[test]
fn settings_are_changed_in_part_and_count_at_once() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    talk.send(&admin, "GET /api/v1/settings", "");
    let before = json(&talk.answer().body);
    assert_eq!(before["zone"], "Asia/Jakarta");
    assert_eq!(before["kiosk_pin"], false);
    let change = r#"{"name":"  SMA  Negeri 1 ","kind":"school","language":"en",
        "zone":"Asia/Jayapura","desk_id":"Ke meja","desk_en":"To the desk","address":"kamu",
        "unattended":"off","attended":"required","second_factor":"optional","kiosk_pin":"2468"}"#;
    let wanted = r#"{"name":"SMA Negeri 1","kind":"school","language":"en",
        "zone":"Asia/Jayapura","desk_id":"Ke meja","desk_en":"To the desk","address":"kamu",
        "unattended":"off","attended":"required","second_factor":"optional","kiosk_pin":true,"logo":false}"#;
    talk.send(&admin, "PATCH /api/v1/settings", change)
        .gets(200, wanted);
    talk.send(&admin, "PATCH /api/v1/settings", "{}")
        .gets(200, wanted);
    talk.send(&admin, "GET /api/v1/settings", "")
        .gets(200, wanted);
    talk.send(&admin, "GET /api/v1/status", "");
    assert_eq!(
        json(&talk.answer().body)["zone"],
        "Asia/Jayapura",
        "at once"
    );
    let (_, screen) = house.device(DeviceAccess::Scan);
    let escape = "POST /api/v1/kiosk/escape";
    talk.send(&screen, escape, r#"{"pin":"2468"}"#)
        .gets(204, "");
    talk.send(&screen, escape, r#"{"pin":"1357"}"#)
        .refused(403, "wrong_pin");
    talk.send(&admin, "PATCH /api/v1/settings", r#"{"kiosk_pin":null}"#)
        .gets(
            200,
            &wanted.replace("\"kiosk_pin\":true", "\"kiosk_pin\":false"),
        );
    talk.send(&screen, escape, r#"{"pin":"2468"}"#)
        .refused(409, "no_pin");
}

#[test]
fn a_setting_that_cannot_be_is_named_and_nothing_changes() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    talk.send(&admin, "GET /api/v1/settings", "");
    let before = talk.answer().body.clone();
    for (body, field) in [
        (r#"{"language":"en","name":""}"#, "name"),
        (r#"{"language":"en","zone":"Asia/Atlantis"}"#, "zone"),
        (r#"{"language":"de"}"#, "language"),
        (r#"{"kind":"castle"}"#, "kind"),
        (r#"{"unattended":"sometimes"}"#, "unattended"),
        (r#"{"kiosk_pin":"123"}"#, "kiosk_pin"),
        (r#"{"kiosk_pin":"12a4"}"#, "kiosk_pin"),
        (r#"{"logo":true}"#, "logo"),
    ] {
        talk.send(&admin, "PATCH /api/v1/settings", body)
            .refused(422, "unprocessable");
        assert_eq!(json(&talk.answer().body)["error"]["field"], field, "{body}");
    }
    talk.send(&admin, "GET /api/v1/settings", "");
    assert_eq!(talk.answer().body, before);
    let staff = house.person(Role::Committee);
    talk.send(&staff, "GET /api/v1/settings", "")
        .refused(403, "forbidden");
}
