//! The menu of staff on a screen: its PIN, and what it opens.

use super::hall::Hall;
use hadir::base::json::{Value, json};
use hadir::domain::actor::Actor;
use hadir::domain::checkin::reason::Direction;
use hadir::domain::device::{self, Options};
use hadir::store::audit;

#[test]
fn without_a_pin_the_menu_of_staff_stays_shut() {
    let hall = Hall::new();
    assert_eq!(hall.pin("1234"), (409, "no_pin".to_owned()));
}

#[test]
fn five_wrong_pins_wait_for_five_minutes_even_for_the_right_one() {
    let hall = Hall::new();
    hall.set_pin("4711");
    assert_eq!(hall.pin("4711").0, 204);
    for n in 0..5 {
        assert_eq!(hall.pin("0000"), (403, "wrong_pin".to_owned()), "{n}");
    }
    assert_eq!(hall.pin("4711"), (429, "pin_locked".to_owned()));
    hall.desk.clock.advance(5 * 60_000 - 1);
    assert_eq!(hall.pin("4711"), (429, "pin_locked".to_owned()));
    hall.desk.clock.advance(1);
    assert_eq!(hall.pin("4711").0, 204);
}

fn refusal(hall: &Hall, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let bytes = match method {
        "GET" => String::new(),
        _ => body.to_string(),
    };
    let answer = hall.ask(method, path, bytes.as_bytes());
    (answer.status, answer.json()["error"]["code"].clone())
}

#[test]
fn a_shut_menu_neither_tells_nor_changes_anything() {
    let hall = Hall::new();
    hall.set_pin("4711");
    hall.desk.event();
    let body = json!({"event": null, "direction": "exit"});
    let shut = (403, json!("menu_shut"));
    let calls = [
        ("GET", "/api/v1/kiosk/menu"),
        ("POST", "/api/v1/kiosk/options"),
    ];
    let both = |why: &str| {
        for (method, path) in calls {
            assert_eq!(refusal(&hall, method, path, &body), shut, "{path} {why}");
        }
    };
    both("before the PIN");
    hall.pin("0000");
    both("after a wrong one");
    hall.pin("4711");
    hall.desk.clock.advance(5 * 60_000);
    both("after five minutes");
    assert_eq!(hall.options(), Options::default());
}

#[test]
fn staff_choose_the_event_and_the_direction_with_a_row_in_the_audit() {
    let hall = Hall::new();
    hall.set_pin("4711");
    let [event, closed] = [hall.desk.event(), hall.desk.event()];
    let core = &hall.desk.core;
    core.write(Actor::Operator, "test", move |tx, call| {
        hadir::domain::ticketing::event::close(tx, call, closed)
    })
    .expect("closed");
    hall.set(Options {
        diagonal_tenths_inch: Some(101),
        ..Options::default()
    });
    hall.pin("4711");
    let menu = hall.ask("GET", "/api/v1/kiosk/menu", b"").json();
    let offered = json!([{"id": event.to_string(), "name": "Wisuda"}]);
    assert_eq!((&menu["events"], &menu["event"]), (&offered, &Value::Null));
    let address = "https://192.168.1.7";
    assert_eq!(menu["addresses"], json!([address]));
    let code = hadir::surface::qr::data(address).expect("it fits");
    assert_eq!(menu["code"], json!(code));
    assert_eq!(
        (&menu["direction"], &menu["fixed"]),
        (&json!("entry"), &json!(false))
    );
    let body = json!({"event": event.to_string(), "direction": "exit"});
    let state = hall.post("/api/v1/kiosk/options", &body).json();
    assert_eq!(
        (&state["occasion"], &state["direction"]),
        (&json!("Wisuda"), &json!("exit"))
    );
    let kept = hall.options();
    assert_eq!(
        (kept.occasion, kept.direction),
        (Some(event), Direction::Exit)
    );
    assert_eq!(kept.diagonal_tenths_inch, Some(101), "the rest stays");
    // The event it shows stays in the list, though it be closed meanwhile.
    core.write(Actor::Operator, "test", move |tx, call| {
        hadir::domain::ticketing::event::close(tx, call, event)
    })
    .expect("closed");
    let menu = hall.ask("GET", "/api/v1/kiosk/menu", b"").json();
    assert_eq!(
        (&menu["events"], &menu["event"]),
        (&offered, &json!(event.to_string()))
    );
    let changed = (core.store).read(|view| audit::list_objects(view, "device.options"));
    let screen = format!("device:{}", hall.screen);
    let own = changed
        .expect("rows")
        .iter()
        .filter(|o| **o == screen)
        .count();
    assert_eq!(own, 2, "the administrator's change and this one");
}

/// Whoever stands before the box's own screen may have no other way to learn where it is; whoever
/// came over the network knows.
#[test]
fn the_boxs_own_screen_says_where_the_box_is_before_it_is_paired() {
    let hall = Hall::new();
    for (language, lead, label) in [
        (
            "id",
            "Buka perangkat ini dari ponsel",
            "Alamat perangkat sebagai kode QR",
        ),
        (
            "en",
            "Open the box from a phone",
            "The address of the box as a QR code",
        ),
    ] {
        let head = format!("Accept-Language: {language}\r\n");
        let page = hall.send("GET", "/kiosk", &head, b"");
        let code = hadir::surface::qr::svg("https://192.168.1.7", label).into_string();
        assert!(
            page.body.contains(&code) && page.body.contains(lead),
            "{}",
            page.body
        );
        let far = format!("{head}X-Forwarded-For: 192.168.1.20\r\n");
        let page = hall.send("GET", "/kiosk", &far, b"");
        assert!(
            page.status == 200 && !page.body.contains("192.168.1.7"),
            "{}",
            page.body
        );
    }
    let paired = hall.ask("GET", "/kiosk", b"");
    assert!(!paired.body.contains("192.168.1.7"), "only behind the PIN");
}

#[test]
fn what_cannot_be_chosen_is_refused_by_its_field() {
    let hall = Hall::new();
    hall.set_pin("4711");
    hall.pin("4711");
    let event = hall.desk.event().to_string();
    let table = [
        (json!({"event": "x", "direction": "entry"}), 422, "event"),
        (json!({"event": event, "direction": "up"}), 422, "direction"),
        (json!({"event": event}), 422, "direction"),
        (
            json!({"event": event, "direction": "entry", "x": 1}),
            422,
            "x",
        ),
    ];
    for (body, status, field) in table {
        let answer = hall.post("/api/v1/kiosk/options", &body);
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        assert_eq!(answer.json()["error"]["field"], field, "{body}");
    }
    let gone = json!({"event": "00000000000000000000000000", "direction": "entry"});
    assert_eq!(hall.post("/api/v1/kiosk/options", &gone).status, 404);
}

/// The menu is of the screen on which the PIN was typed, and of no other.
#[test]
fn the_pin_opens_one_screen() {
    let hall = Hall::new();
    hall.set_pin("4711");
    hall.pin("4711");
    let (other, code) = super::hall::offer(&hall.desk, Options::default());
    let paired = hall.pair(&code);
    let cookie = paired.header("set-cookie").expect("a cookie");
    let cookie = cookie.split(';').next().expect("a value");
    let head = format!("Cookie: {cookie}\r\nOrigin: http://box\r\n");
    let answer = hall.send("GET", "/api/v1/kiosk/menu", &head, b"");
    assert_eq!(answer.status, 403, "{}", answer.body);
    let found = hall.desk.core.read(Actor::Operator, "test", |view, _| {
        device::get_in_use(view, other)
    });
    assert!(found.is_ok());
}
