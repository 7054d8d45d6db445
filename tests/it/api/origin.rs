//! A page of another origin with the administrator's cookie: every unsafe route refuses.

use super::house::{House, Key};
use hadir::http::request::Method;
use hadir::surface::document;

fn cookie(house: &House) -> String {
    let Key::Session(token) = house.admin() else {
        panic!("a session")
    };
    format!("cookie: hadir_native={token}\r\n")
}

#[test]
fn no_unsafe_route_serves_a_page_of_another_origin() {
    let house = House::new();
    let cookie = cookie(&house);
    let others = [
        "origin: http://box:18081\r\n",
        "origin: https://box\r\n",
        "origin: null\r\n",
        "sec-fetch-site: cross-site\r\n",
        "sec-fetch-site: same-site\r\n",
        "",
    ];
    for entry in document::entries() {
        if entry.route.method == Method::Get {
            continue;
        }
        let path = entry.route.path.replace(['{', '}'], "");
        let head = format!("{} {path}", entry.route.method.word());
        for other in others {
            let answer = house.send(&head, &format!("{cookie}{other}"), b"");
            assert_eq!(answer.status, 403, "{head} {other}: {}", answer.body);
            assert_eq!(answer.json()["error"]["code"], "wrong_origin", "{head}");
        }
    }
}

#[test]
fn a_page_of_our_own_is_served() {
    let house = House::new();
    for own in ["origin: http://box\r\n", "sec-fetch-site: same-origin\r\n"] {
        let lines = format!("{}{own}", cookie(&house));
        let answer = house.send("DELETE /api/v1/session", &lines, b"");
        assert_eq!(answer.status, 204, "{own}: {}", answer.body);
    }
}

#[test]
fn reading_needs_no_origin() {
    let house = House::new();
    let lines = format!("{}origin: http://elsewhere\r\n", cookie(&house));
    let answer = house.send("GET /api/v1/session", &lines, b"");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let allowed = answer.header("access-control-allow-origin");
    assert_eq!(allowed, None, "another origin may ask and cannot read");
}
