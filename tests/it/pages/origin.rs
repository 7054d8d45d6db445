//! Cookies ignore ports, so a page on another port of the same machine sends the
//! administrator's cookie along. Every unsafe request of such a page is refused.

use super::house::House;
use hadir::http::request::Method;
use hadir::surface::native::Native;

#[test]
fn a_page_on_another_port_with_the_administrators_cookie_is_refused() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let port = house.server.address.port();
    let origins = [
        format!(
            "http://127.0.0.1:{}",
            if port == 18081 { 18082 } else { 18081 }
        ),
        "http://127.0.0.1".to_owned(),
        "http://evil.example".to_owned(),
        format!("https://127.0.0.1:{port}"),
        "null".to_owned(),
        String::new(),
    ];
    let unsafe_routes: Vec<_> = (Native::routes().into_iter())
        .filter(|route| route.method == Method::Post)
        // An old surface takes no cookie, so a page of another origin gains nothing by one.
        .filter(|route| !route.path.starts_with("/compat/"))
        .collect();
    assert!(unsafe_routes.len() >= 5);
    for route in unsafe_routes {
        let path: Vec<&str> = (route.path.split('/'))
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect();
        let path = path.join("/");
        for origin in &origins {
            browser.origin.clone_from(origin);
            let answer = browser.post(&path, &[]);
            assert_eq!(
                answer.status, 403,
                "{path} from {origin:?}: {}",
                answer.body
            );
        }
    }
    assert!(
        browser.cookies.contains_key("hadir_native"),
        "nobody was signed out"
    );
}

#[test]
fn the_refusal_tells_the_reader_what_happened() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    browser.origin = "http://127.0.0.1:1".to_owned();
    let answer = browser.post("/sign-out", &[]);
    assert!(
        answer
            .body
            .contains("Permintaan ini datang dari halaman lain"),
        "{}",
        answer.body
    );
    browser.language = "en";
    let answer = browser.post("/sign-out", &[]);
    assert!(
        answer.body.contains("This request came from another page"),
        "{}",
        answer.body
    );
}
