//! Registering: of many who ask for one name one gets it, and nobody gets more by it than the
//! site lets them.

use super::house::{House, PASSWORD, setting};
use hadir::base::json::json;
use hadir::base::text::LoginName;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::person;
use hadir::domain::identity::registration::Policy;
use hadir::domain::identity::role;
use hadir::domain::surface::Surface;
use hadir::http::rate::{Rule, Rules};
use hadir::surface::tixgo::Setting;
use std::sync::Barrier;

#[test]
fn of_parallel_registrations_of_one_name_exactly_one_is_made() {
    const AT_ONCE: usize = 12;
    let house = House::new();
    let begin = Barrier::new(AT_ONCE);
    let statuses: Vec<(usize, u16)> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..AT_ONCE)
            .map(|i| {
                let (house, begin) = (&house, &begin);
                scope.spawn(move || {
                    let password = format!("secret{i}");
                    let body = json!({"username": "rebutan", "password": password});
                    begin.wait();
                    (i, house.post("/auth/register", &body).status)
                })
            })
            .collect();
        asked
            .into_iter()
            .map(|t| t.join().expect("an answer"))
            .collect()
    });
    let made: Vec<usize> = statuses
        .iter()
        .filter(|(_, s)| *s == 200)
        .map(|(i, _)| *i)
        .collect();
    assert_eq!(made.len(), 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|(_, s)| matches!(s, 200 | 409)),
        "{statuses:?}"
    );
    for (i, _) in &statuses {
        let body = json!({"username": "rebutan", "password": format!("secret{i}")});
        let status = house.post("/auth/login", &body).status;
        assert_eq!(status, if made.contains(i) { 200 } else { 401 }, "{i}");
    }
}

#[test]
fn who_may_register_and_as_what_is_a_setting() {
    let with = |open, roles: &[Role]| {
        House::with(Setting {
            policy: Policy {
                open,
                roles: roles.to_vec(),
            },
            ..setting()
        })
    };
    let status = |house: &House, role: &str| {
        let body = json!({"username": format!("orang {role}"), "password": "secret", "role": role});
        house.post("/auth/register", &body).status
    };
    let closed = with(false, &[Role::Committee]);
    assert_eq!(status(&closed, "committee"), 403);
    assert_eq!(
        closed.post("/auth/register", &json!({})).status,
        422,
        "the form goes first"
    );
    let open = with(true, &[Role::Committee]);
    assert_eq!(
        (status(&open, "committee"), status(&open, "admin")),
        (200, 403)
    );
    let login = json!({"username": "orang admin", "password": "secret"});
    assert_eq!(
        open.post("/auth/login", &login).status,
        401,
        "nobody was made"
    );
}

#[test]
fn the_shortest_password_is_a_setting() {
    let house = House::with(Setting {
        password_chars_min: 12,
        ..setting()
    });
    let body = json!({"username": "pendek", "password": "kata sandi1"});
    let answer = house.post("/auth/register", &body);
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(
        answer.body.contains("at least 12 characters"),
        "{}",
        answer.body
    );
}

#[test]
fn a_role_is_held_on_the_surface_where_it_was_given() {
    let house = House::new();
    house.register("bos", "admin");
    let id = house.holder("bos");
    let role_on = |surface| {
        let actor = (house.desk.core.store).read(|v| role::actor_on(v, id, surface, false));
        match actor.expect("readable") {
            Some(Actor::Person { role, .. }) => role,
            other => panic!("{other:?}"),
        }
    };
    for surface in Surface::ALL {
        let want = if *surface == Surface::Identity {
            Role::Admin
        } else {
            Role::User
        };
        assert_eq!(role_on(*surface), want, "{surface}");
    }
}

#[test]
fn a_name_stays_its_person_s_after_the_erasure() {
    let house = House::new();
    house.register("sementara", "committee");
    let id = house.holder("sementara");
    (house
        .desk
        .core
        .write(Actor::Operator, "test", move |tx, c| {
            person::erase(tx, c, id)
        }))
    .expect("erased");
    let again = json!({"username": "sementara", "password": "secret"});
    assert_eq!(house.post("/auth/register", &again).status, 409);
    assert_eq!(house.post("/auth/login", &again).status, 401);
}

#[test]
fn a_name_that_looks_like_another_is_refused() {
    let house = House::new();
    house.register("admin1", "committee");
    for name in [
        "\u{430}dmin1",
        "admin1\u{200B}",
        "\u{FF41}dmin1",
        "   ",
        "adm\u{131}\u{307}n1",
    ] {
        let body = json!({"username": name, "password": "secret"});
        let answer = house.post("/auth/register", &body);
        assert_eq!(answer.status, 422, "{name:?}");
        assert_eq!(
            answer.json()["detail"][0]["loc"],
            json!(["body", "username"])
        );
    }
    for line in ["admin1\r\nx: y", "admin1\0"] {
        let body = json!({"username": line, "password": "secret"});
        assert_eq!(house.post("/auth/register", &body).status, 422, "{line:?}");
    }
}

#[test]
fn the_same_name_and_password_on_another_surface_are_the_same_person() {
    let house = House::new();
    let login = |name: &str| name.parse::<LoginName>().expect("a login");
    let sari = house.person("Sari", Role::Committee);
    let budi = house.person("Budi", Role::Admin);
    house.set_password(sari, Surface::Native, &login("sari"), PASSWORD);
    house.set_password(budi, Surface::Native, &login("budi"), PASSWORD);
    let register = |name: &str, password: &str| {
        let body = json!({"username": name, "password": password});
        assert_eq!(house.post("/auth/register", &body).status, 200, "{name}");
        house.holder(name)
    };
    assert_eq!(register("sari", PASSWORD), sari, "proven");
    assert_ne!(register("budi", "bukan itu"), budi, "not proven");
    let body = json!({"username": "budi", "password": "bukan itu"});
    let token = house.post("/auth/login", &body).json()["access_token"].clone();
    let me = house.me(token.as_str().expect("a token")).1;
    assert_eq!(
        me["role"], "committee",
        "nothing of the administrator's came along"
    );
}

#[test]
fn the_sixth_wrong_password_of_an_address_waits() {
    let house = House::counting();
    let body = json!({"username": "tiada", "password": "salah"});
    for _ in 0..5 {
        assert_eq!(house.post("/auth/login", &body).status, 401);
    }
    let answer = house.post("/auth/login", &body);
    assert_eq!(answer.status, 429, "{answer:?}");
    assert!(answer.json()["detail"].is_string());
    assert!(answer.header("retry-after").is_some());
    assert_eq!(house.send("GET /health", "", "").status, 200);
}

/// What the surface has of its own goes before what holds for all, and is counted apart.
#[test]
fn the_surface_s_own_limits_go_before_those_of_the_box() {
    let own = Rules {
        login: Some(Rule {
            most: 2,
            window_s: 60,
        }),
        ..Rules::default()
    };
    let house = House::with(Setting {
        rates: Some(own),
        ..setting()
    });
    let body = json!({"username": "tiada", "password": "salah"});
    for _ in 0..2 {
        assert_eq!(house.post("/auth/login", &body).status, 401);
    }
    assert_eq!(house.post("/auth/login", &body).status, 429);
    let other = house.post("/auth/register", &json!({}));
    assert_eq!(
        other.header("ratelimit-policy"),
        Some("\"auth\";q=20;w=60"),
        "the pages of this box have no limits"
    );
}

#[test]
fn nobody_learns_by_a_refused_login_which_names_there_are() {
    let house = House::new();
    house.register("ada", "committee");
    let body = |name: &str| json!({"username": name, "password": "salah"});
    let (there, not) = (
        house.post("/auth/login", &body("ada")),
        house.post("/auth/login", &body("tiada")),
    );
    assert_eq!((there.status, &there.body), (not.status, &not.body));
}
