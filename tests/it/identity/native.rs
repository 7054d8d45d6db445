//! Whoever registered as administrator of the old set is nobody on our own surface.

use super::house::{House, PASSWORD, send};
use hadir::base::text::LoginName;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::session;
use hadir::domain::surface::Surface;
use hadir::http::route::Access;
use hadir::surface::document;
use hadir::surface::native::Native;

fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{') {
        Some("purpose}") => "face",
        Some(_) => "01JD5Z3N8GQ4X6V7W8Y9Z0A1B2",
        None => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Every route that is not for everybody, with the token in each place where one can stand.
#[test]
fn an_administrator_of_identity_is_refused_by_every_native_route() {
    let house = House::new();
    house.register("bos", "admin");
    let token = house.login("bos");
    let lines = [
        format!("authorization: Bearer {token}\r\n"),
        format!("cookie: hadir_native={token}\r\norigin: http://box\r\n"),
        format!("cookie: hadir_device={token}\r\norigin: http://box\r\n"),
    ];
    let routes: Vec<_> = (Native::routes().into_iter())
        .filter(|r| !matches!(r.access, Access::Open | Access::Public))
        .collect();
    assert!(routes.len() > 60, "{}", routes.len());
    for route in &routes {
        let head = format!("{} {}", route.method.word(), filled(route.path));
        for line in &lines {
            let answer = send(&house.ours, &head, line, "");
            // A page sends whoever is not signed in to the page for that.
            let sent = answer.status == 303
                && answer
                    .header("location")
                    .is_some_and(|to| to.starts_with("/sign-in"));
            let refused = matches!(answer.status, 401 | 403) || sent;
            assert!(refused, "{head} {line}: {answer:?}");
        }
    }
}

/// The same person with a session of our own: nothing of the role came along.
#[test]
fn a_session_of_that_administrator_has_no_native_right() {
    let house = House::new();
    house.register("bos", "admin");
    let id = house.holder("bos");
    let login: LoginName = "bos".parse().expect("a login");
    house.set_password(id, Surface::Native, &login, PASSWORD);
    let opened = house
        .desk
        .core
        .write(Actor::Stranger, "test", move |tx, call| {
            session::open(tx, call, id, Surface::Native, "127.0.0.1", "test")
        });
    let opened = opened.expect("a session");
    let token = opened.token.expose();
    let lines = format!("cookie: hadir_native={token}\r\norigin: http://box\r\n");
    let staff = document::entries();
    let staff = staff.iter().filter(|entry| !entry.right.is_empty());
    let mut called = 0;
    for entry in staff.filter(|e| matches!(e.route.access, Access::Person | Access::Known)) {
        let head = format!("{} {}", entry.route.method.word(), filled(entry.route.path));
        let answer = send(&house.ours, &head, &lines, "");
        // What is asked for the right only after the body is read is refused for the body here.
        let refused = matches!(answer.status, 400 | 403 | 422);
        assert!(refused, "{head}: {answer:?}");
        called += usize::from(answer.status == 403);
    }
    assert!(called > 15, "{called}");
}

#[test]
fn the_login_of_one_surface_is_none_on_the_other() {
    let house = House::new();
    house.register("bos", "admin");
    let body = r#"{"login":"bos","password":"secret"}"#;
    let answer = send(&house.ours, "POST /api/v1/session", "", body);
    assert_eq!(answer.status, 401, "{answer:?}");
    let body = hadir::base::json::json!({"username": "kepala", "password": PASSWORD});
    assert_eq!(house.post("/auth/login", &body).status, 401);
    let admin = house.person("Kepala", Role::Admin);
    let opened = house
        .desk
        .core
        .write(Actor::Stranger, "test", move |tx, call| {
            session::open(tx, call, admin, Surface::Native, "127.0.0.1", "test")
        });
    let opened = opened.expect("a session");
    assert_eq!(
        house.me(opened.token.expose()).0,
        401,
        "a session is no token of the set"
    );
    let lines = format!("cookie: hadir_native={}\r\n", opened.token.expose());
    assert_eq!(house.send("GET /auth/me", &lines, "").status, 401);
}
