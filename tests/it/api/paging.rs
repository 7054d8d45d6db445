//! Every list of the document comes in pages, which together are the whole list.

use super::exchange::json;
use super::house::{House, Key};
use hadir::base::json::Value;
use hadir::domain::actor::DeviceAccess;
use hadir::http::request::Method;
use hadir::surface::document;

/// The heads of all operations that take a cursor.
fn lists(event: &str) -> Vec<String> {
    let entries = document::entries().into_iter();
    let paged = entries
        .filter(|e| e.route.method == Method::Get && e.query.iter().any(|p| p.name == "after"));
    let heads: Vec<String> = paged
        .map(|e| format!("GET {}", e.route.path.replace("{event}", event)))
        .collect();
    assert!(heads.len() >= 6, "{heads:?}");
    heads
}

/// A box with four of everything.
fn filled() -> (House, Key, String) {
    let house = House::unlimited();
    let event = house.desk.event();
    for n in 0..4 {
        let person = house.desk.person(&format!("Orang {n}"));
        house.desk.event();
        house.desk.ticket(event);
        let (_, desk) = house.device(DeviceAccess::Desk);
        let nonce = format!("01JD5Z3N8GQ4X6V7W8Y9Z0A10{n}");
        let body = format!(r#"{{"nonce":"{nonce}","person":"{person}"}}"#);
        let answer = house.call(&desk, "POST /api/v1/check-ins", body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let admin = house.admin();
    (house, admin, event.to_string())
}

fn page(house: &House, key: &Key, head: &str, query: &str) -> (Vec<Value>, Option<String>) {
    let answer = house.call(key, &format!("{head}?{query}"), b"");
    assert_eq!(answer.status, 200, "{head}?{query}: {}", answer.body);
    let page = json(&answer.body);
    let items = page["items"].as_array().expect("items").clone();
    (items, page["next"].as_str().map(str::to_owned))
}

#[test]
fn the_pages_of_every_list_are_the_whole_list() {
    let (house, admin, event) = filled();
    for head in lists(&event) {
        let (whole, next) = page(&house, &admin, &head, "limit=500");
        assert!(whole.len() >= 4 && next.is_none(), "{head}: {whole:?}");
        for limit in [1, 2, 3] {
            let (mut found, mut after) = (Vec::new(), String::new());
            for _ in 0..200 {
                let (items, next) = page(&house, &admin, &head, &format!("limit={limit}{after}"));
                // Today stands before the first page of events.
                assert!(
                    items.len() <= limit + usize::from(after.is_empty()),
                    "{head}"
                );
                found.extend(items);
                let Some(next) = next else { break };
                after = format!("&after={next}");
            }
            assert_eq!(found, whole, "{head} by {limit}");
        }
    }
}

#[test]
fn a_cursor_that_is_none_is_named() {
    let (house, admin, event) = filled();
    for head in lists(&event) {
        for (query, field) in [
            ("after=%20", "after"),
            ("after=x", "after"),
            ("limit=0", "limit"),
        ] {
            let answer = house.call(&admin, &format!("{head}?{query}"), b"");
            assert_eq!(answer.status, 422, "{head}?{query}: {}", answer.body);
            assert_eq!(
                json(&answer.body)["error"]["field"],
                field,
                "{head}?{query}"
            );
        }
    }
}
