//! Check-ins read back: one by its nonce, and those of an occasion.

use super::checkin::{BODY, Gate, NONCE};
use super::exchange::{Talk, json};
use super::house::House;
use hadir::base::json::Value;
use hadir::domain::actor::DeviceAccess;

#[test]
fn a_check_in_is_read_back_as_it_was_answered() {
    let gate = Gate::new();
    let (desk, mut talk) = (&gate.desk, gate.talk());
    talk.send(desk, "POST /api/v1/check-ins", BODY);
    let answered = json(&talk.answer().body);
    let read = |talk: &mut Talk<'_>| {
        talk.send(desk, "GET /api/v1/check-ins/<nonce>", "");
        let Value::Object(mut read) = json(&talk.answer().body) else {
            panic!("no object")
        };
        let (undone, device) = (read.remove("undone"), read.remove("device"));
        assert!(device.is_some_and(|d| d.is_string()), "which desk");
        (Value::Object(read), undone.expect("whether undone"))
    };
    assert_eq!(read(&mut talk), (answered.clone(), false.into()));
    let undo = "POST /api/v1/check-ins/<nonce>/undo";
    talk.send(desk, undo, r#"{"reason":"wrong_person"}"#);
    assert_eq!(read(&mut talk), (answered, true.into()));
    let unknown = "GET /api/v1/check-ins/01JD5Z3N8GQ4X6V7W8Y9Z0A1B9";
    talk.send(desk, unknown, "").refused(404, "no_visit");
    talk.send(desk, "GET /api/v1/check-ins/x", "")
        .refused(404, "missing");
}

#[test]
fn a_kiosk_reads_its_own_check_ins_and_no_other_s() {
    let house = House::new();
    let person = house.desk.person("Muhammad Rizky Pratama");
    let admin = house.admin();
    let (_, kiosk) = house.device(DeviceAccess::Scan);
    let (_, other) = house.device(DeviceAccess::Scan);
    let mut talk = Talk::new(&house);
    talk.know("person", person).know("nonce", NONCE);
    talk.send(
        &admin,
        "PATCH /api/v1/people/<person>",
        r#"{"number":"2026001"}"#,
    );
    let body = r#"{"nonce":"<nonce>","number":"2026001"}"#;
    talk.send(&kiosk, "POST /api/v1/check-ins", body);
    let head = "GET /api/v1/check-ins/<nonce>";
    talk.send(&kiosk, head, "");
    let own = json(&talk.answer().body);
    assert_eq!(own["name"], "M. Rizky P.", "{own}");
    assert!(own.get("person").is_none(), "{own}");
    talk.send(&other, head, "").refused(404, "no_visit");
    talk.send(&admin, head, "");
    assert_eq!(json(&talk.answer().body)["person"], person.to_string());
}

/// Nonces of a list, page by page.
fn nonces(house: &House, query: &str) -> Vec<String> {
    let (key, mut found, mut after) = (house.admin(), Vec::new(), String::new());
    for _ in 0..10 {
        let head = format!("GET /api/v1/check-ins?limit=2{query}{after}");
        let answer = house.call(&key, &head, b"");
        assert_eq!(answer.status, 200, "{head}: {}", answer.body);
        let page = json(&answer.body);
        let items = page["items"].as_array().expect("items").clone();
        assert!(items.len() <= 2);
        let nonce = |item: &Value| item["nonce"].as_str().expect("a nonce").to_owned();
        found.extend(items.iter().map(nonce));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
    panic!("the pages have no end")
}

#[test]
fn the_check_ins_of_an_occasion_come_in_pages_and_by_what_is_wanted() {
    let house = House::new();
    let (one, two) = (
        house.desk.person("Ayu Lestari"),
        house.desk.person("Budi Santoso"),
    );
    let (desk, desk_key) = house.device(DeviceAccess::Desk);
    let (_, other) = house.device(DeviceAccess::Desk);
    let nonce = |n: usize| format!("01JD5Z3N8GQ4X6V7W8Y9Z0A10{n}");
    for (n, key, person) in [
        (1, &desk_key, one),
        (2, &other, two),
        (3, &desk_key, two),
        (4, &other, one),
        (5, &desk_key, one),
    ] {
        let body = format!(r#"{{"nonce":"{}","person":"{person}"}}"#, nonce(n));
        let answer = house.call(key, "POST /api/v1/check-ins", body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let table: [(String, &[usize]); 7] = [
        (String::new(), &[5, 4, 3, 2, 1]),
        ("&verdict=admitted".to_owned(), &[2, 1]),
        ("&verdict=refused".to_owned(), &[]),
        (format!("&person={one}"), &[5, 4, 1]),
        (format!("&device={desk}"), &[5, 3, 1]),
        (format!("&device={desk}&person={two}&verdict=already"), &[3]),
        ("&occasion=day:2026-11-20".to_owned(), &[]),
    ];
    for (query, wanted) in table {
        let wanted: Vec<String> = wanted.iter().map(|n| nonce(*n)).collect();
        assert_eq!(nonces(&house, &query), wanted, "{query}");
    }
    let mut talk = Talk::new(&house);
    for (query, field) in [
        ("verdict=maybe", "verdict"),
        ("person=me", "person"),
        ("after=x", "after"),
    ] {
        talk.send(&other, &format!("GET /api/v1/check-ins?{query}"), "")
            .refused(422, "unprocessable");
        assert_eq!(
            json(&talk.answer().body)["error"]["field"],
            field,
            "{query}"
        );
    }
}
