//! Looking people up over the interface.

use super::exchange::{Talk, json};
use super::house::House;
use hadir::domain::actor::Role;

fn names(talk: &Talk<'_>) -> Vec<String> {
    let page = json(&talk.answer().body);
    assert!(page["next"].is_null(), "one page: {page}");
    let items = page["items"].as_array().expect("items").iter();
    items
        .map(|p| p["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn people_are_found_by_parts_of_name_class_and_number() {
    let house = House::new();
    let (admin, teacher) = (house.admin(), house.person(Role::Teacher));
    let mut talk = Talk::new(&house);
    for (name, number, class) in [
        ("Budi Santoso", "2026001", "XII-1"),
        ("Budi Hartono", "2026002", "XII-2"),
        ("Siti Aminah", "2025001", "XII-1"),
    ] {
        let body = format!(r#"{{"name":"{name}","number":"{number}","class":"{class}"}}"#);
        talk.send(&admin, "POST /api/v1/people", &body);
        assert_eq!(talk.answer().status, 201);
    }
    let table: [(&str, &[&str]); 6] = [
        ("budi", &["Budi Hartono", "Budi Santoso"]),
        ("san%20bud", &["Budi Santoso"]),
        ("2025", &["Siti Aminah"]),
        ("xii-1", &["Budi Santoso", "Siti Aminah"]),
        ("nobody", &[]),
        ("budi&limit=1", &["Budi Hartono"]),
    ];
    for (letters, wanted) in table {
        talk.send(
            &teacher,
            &format!("GET /api/v1/people?search={letters}"),
            "",
        );
        assert_eq!(names(&talk), wanted, "{letters}");
    }
    talk.send(&teacher, "GET /api/v1/people?search=siti", "");
    let whole = json(&talk.answer().body)["items"][0].clone();
    let id = whole["id"].as_str().expect("an id").to_owned();
    talk.send(&teacher, &format!("GET /api/v1/people/{id}"), "");
    assert_eq!(json(&talk.answer().body), whole, "as it is read elsewhere");
    talk.send(&admin, &format!("DELETE /api/v1/people/{id}"), "");
    talk.send(&teacher, "GET /api/v1/people?search=siti", "");
    assert!(names(&talk).is_empty(), "who was erased is not found");
}

#[test]
fn a_search_has_bounds_and_needs_the_right() {
    let house = House::new();
    let (teacher, visitor) = (house.person(Role::Teacher), house.person(Role::User));
    let mut talk = Talk::new(&house);
    let long = format!("search={}", "a".repeat(65));
    for (query, field) in [
        ("search=ab", "search"),
        ("search=", "search"),
        ("search=%20%20%20", "search"),
        (long.as_str(), "search"),
        ("search=budi&after=01JD5Z3N8GQ4X6V7W8Y9Z0A1B2", "after"),
    ] {
        talk.send(&teacher, &format!("GET /api/v1/people?{query}"), "")
            .refused(422, "unprocessable");
        assert_eq!(
            json(&talk.answer().body)["error"]["field"],
            field,
            "{query}"
        );
    }
    talk.send(&visitor, "GET /api/v1/people?search=budi", "")
        .refused(403, "forbidden");
}
