//! Keys of programs: what each opens, how it is rotated, how it ends.

use super::exchange::{Talk, json};
use super::house::{House, Key};
use hadir::base::limits;
use hadir::domain::actor::Scope;
use hadir::http::rate::{Rule, Rules};
use hadir::http::route::Access;
use hadir::surface::api::entry::{Body, Entry, Form};
use hadir::surface::document;

/// Makes a key and gives its id and text.
fn make(house: &House, scopes: &str, days: u16) -> (String, String) {
    let body = format!(r#"{{"name":"Laporan","scopes":[{scopes}],"days":{days}}}"#);
    let answer = house.call(&house.admin(), "POST /api/v1/keys", body.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.body);
    let made = json(&answer.body);
    let text = |key: &str| made[key].as_str().expect(key).to_owned();
    (text("key"), text("token"))
}

fn with(text: &str) -> Key {
    Key::Device(text.to_owned()) // as a bearer token
}

fn status(house: &House, text: &str, head: &str) -> u16 {
    house.call(&with(text), head, b"").status
}

#[test]
fn a_key_is_made_listed_used_and_revoked() {
    let house = House::unlimited();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    for (body, code) in [
        (r#"{"name":"x","scopes":[]}"#, "no_scopes"),
        (r#"{"name":"x","scopes":["scan"],"days":0}"#, "key_days"),
        (r#"{"name":"x","scopes":["scan"],"days":367}"#, "key_days"),
        (r#"{"name":"","scopes":["scan"]}"#, "unprocessable"),
    ] {
        talk.send(&admin, "POST /api/v1/keys", body)
            .refused(422, code);
    }
    let (id, text) = make(&house, "\"attend\",\"people.read\"", 30);
    assert!(text.starts_with("hdr_") && text.len() == 47);
    let row = |seen: &str| {
        format!(
            r#"{{"items":[{{"id":"{id}","name":"Laporan","scopes":["people.read","attend"],
                "made_at_ms":1795226400000,"expires_at_ms":1797818400000,"seen_at_ms":{seen},
                "old_until_ms":null}}]}}"#
        )
    };
    talk.send(&admin, "GET /api/v1/keys", "")
        .gets(200, &row("null"));
    assert_eq!(status(&house, &text, "GET /api/v1/people"), 200);
    talk.send(&admin, "GET /api/v1/keys", "")
        .gets(200, &row("1795226400000"));
    assert!(!talk.answer().body.contains(&text));
    talk.send(&admin, &format!("DELETE /api/v1/keys/{id}"), "")
        .gets(204, "");
    talk.send(&with(&text), "GET /api/v1/people", "")
        .refused(401, "wrong_key");
    talk.send(&admin, &format!("DELETE /api/v1/keys/{id}"), "")
        .refused(404, "no_key");
    talk.send(&admin, &format!("POST /api/v1/keys/{id}/rotate"), "")
        .refused(404, "no_key");
}

/// A program has a class of its own, by its key; its guesses at passwords do not.
#[test]
fn a_key_is_counted_by_itself_and_for_longer() {
    let house = House::new();
    let (_, text) = make(&house, "\"people.read\"", 30);
    for _ in 0..101 {
        assert_eq!(status(&house, &text, "GET /api/v1/people"), 200);
    }
    let answer = house.call(&with(&text), "GET /api/v1/people", b"");
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some("\"api_key\";q=1000;w=3600")
    );
    let told = answer.header("ratelimit").expect("what is left");
    assert!(told.starts_with("\"api_key\";r=898;t="), "{told}");
}

/// A door that a program keeps is not shut by what its key may do in an hour.
#[test]
fn check_ins_with_a_key_are_counted_as_check_ins() {
    let house = House::with(Rules {
        api_key: Some(Rule {
            most: 1,
            window_s: 3600,
        }),
        ..Rules::OFF
    });
    let (_, text) = make(&house, "\"people.read\",\"scan\"", 30);
    assert_eq!(status(&house, &text, "GET /api/v1/people"), 200);
    assert_eq!(status(&house, &text, "GET /api/v1/people"), 429);
    for n in 1..4 {
        let body = format!(r#"{{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B{n}","code":"TIADA-KODE"}}"#);
        let answer = house.call(&with(&text), "POST /api/v1/check-ins", body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(json(&answer.body)["reason"], "unknown_ticket");
    }
}

#[test]
fn after_a_rotation_both_texts_hold_for_a_day_and_then_the_new_one_alone() {
    let house = House::unlimited();
    let (id, first) = make(&house, "\"people.read\"", 30);
    let rotate = || {
        let answer = house.call(
            &house.admin(),
            &format!("POST /api/v1/keys/{id}/rotate"),
            b"",
        );
        json(&answer.body)["token"]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    let holds = |text: &str| status(&house, text, "GET /api/v1/people") == 200;
    let second = rotate();
    assert!(holds(&first) && holds(&second) && first != second);
    house.desk.clock.advance(limits::API_KEY_OVERLAP_MS - 1);
    assert!(holds(&first) && holds(&second));
    house.desk.clock.advance(1);
    assert!(!holds(&first) && holds(&second));
    let third = rotate();
    assert!(holds(&second) && holds(&third));
    let fourth = rotate();
    assert!(
        !holds(&second) && holds(&third) && holds(&fourth),
        "only the last one overlaps"
    );
}

#[test]
fn a_key_ends_with_its_day_also_while_it_is_rotated() {
    let house = House::unlimited();
    let (id, text) = make(&house, "\"people.read\"", 1);
    house.desk.clock.advance(23 * 3_600_000);
    let answer = house.call(
        &house.admin(),
        &format!("POST /api/v1/keys/{id}/rotate"),
        b"",
    );
    let newer = json(&answer.body)["token"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert_eq!(status(&house, &text, "GET /api/v1/people"), 200);
    house.desk.clock.advance(3_600_000);
    for ended in [&text, &newer] {
        assert_eq!(status(&house, ended, "GET /api/v1/people"), 401);
    }
}

#[test]
fn a_key_opens_no_page_and_is_nobody_who_signed_in() {
    let house = House::unlimited();
    let scopes: Vec<String> = Scope::ALL.iter().map(|s| format!("\"{s}\"")).collect();
    let (_, text) = make(&house, &scopes.join(","), 30);
    for page in [
        "GET /people",
        "GET /settings",
        "GET /me",
        "GET /webhooks",
        "GET /",
    ] {
        let answer = house.call(&with(&text), page, b"");
        assert!(answer.status >= 300, "{page}: {}", answer.status);
        assert!(!answer.body.contains("Kepala Sekolah"), "{page}");
    }
    for personal in ["GET /api/v1/sessions", "DELETE /api/v1/session"] {
        let status = status(&house, &text, personal);
        assert!([401, 403].contains(&status), "{personal}: {status}");
    }
    for wrong in ["hdr_", "hdr_x", &text[..46], &format!("{text}x")] {
        let answer = house.call(&with(wrong), "GET /api/v1/people", b"");
        assert_eq!(answer.status, 401, "{wrong}");
    }
    // Beside a cookie the key counts: what a program sends is not lent a person's rights.
    let Key::Session(cookie) = house.admin() else {
        panic!("a session");
    };
    let lines = format!(
        "authorization: Bearer {text}\r\ncookie: hadir_native={cookie}\r\norigin: http://box\r\n"
    );
    assert_eq!(house.send("GET /api/v1/settings", &lines, b"").status, 403);
}

/// Whoever can change where an administrator's mails go, or make a link for a password, comes in as
/// that administrator: a key does neither.
#[test]
fn a_key_for_people_touches_no_staff_and_makes_no_way_in() {
    let house = House::unlimited();
    let (_, text) = make(&house, "\"people.write\"", 30);
    let key = with(&text);
    let call = |head: &str, body: &str| house.call(&key, head, body.as_bytes());
    let made = call("POST /api/v1/people", r#"{"name":"Budi","role":"user"}"#);
    assert_eq!(made.status, 201, "{}", made.body);
    let budi = json(&made.body)["id"].as_str().expect("an id").to_owned();
    let admin = house.admin;
    let email = r#"{"email":"penipu@contoh.id"}"#;
    let changed = call(&format!("PATCH /api/v1/people/{budi}"), email);
    assert_eq!(changed.status, 200, "{}", changed.body);
    let email = r#"{"email":"penipu2@contoh.id"}"#;
    let login = r#"{"login":"penipu","password":"kuda laut biru"}"#;
    let merge = format!(r#"{{"from":"{admin}"}}"#);
    let refused = [
        (format!("PATCH /api/v1/people/{admin}"), email),
        (format!("DELETE /api/v1/people/{admin}"), ""),
        (format!("POST /api/v1/people/{admin}/disable"), ""),
        (format!("PUT /api/v1/people/{admin}/login"), login),
        (format!("PUT /api/v1/people/{budi}/login"), login),
        (format!("POST /api/v1/people/{admin}/login-link"), ""),
        (format!("POST /api/v1/people/{budi}/login-link"), ""),
        (format!("DELETE /api/v1/people/{admin}/second-factor"), ""),
        (format!("DELETE /api/v1/people/{admin}/sessions"), ""),
        (format!("POST /api/v1/people/{budi}/merge"), merge.as_str()),
        (format!("GET /api/v1/people/{budi}/export"), ""),
        (
            format!("PUT /api/v1/people/{budi}/role"),
            r#"{"role":"admin"}"#,
        ),
        (
            "POST /api/v1/people".to_owned(),
            r#"{"name":"Penipu","role":"admin"}"#,
        ),
    ];
    for (head, body) in refused {
        let answer = call(&head, body);
        let no = [401, 403].contains(&answer.status);
        assert!(no, "{head}: {} {}", answer.status, answer.body);
    }
    let read = house.call(&house.admin(), &format!("GET /api/v1/people/{admin}"), b"");
    assert!(!read.body.contains("penipu"), "{}", read.body);
    let gone = call(&format!("DELETE /api/v1/people/{budi}"), "");
    assert_eq!(gone.status, 204, "{}", gone.body);
}

/// A request of the route that is right in its form, about things that do not exist.
fn request(entry: &Entry) -> (String, Vec<u8>) {
    let mut head = format!("{} {}", entry.route.method.word(), entry.route.path);
    for name in entry.path_names() {
        let value = match name {
            "purpose" => "face",
            _ => "01JD5Z3N8GQ4X6V7W8Y9Z0A1C9",
        };
        head = head.replace(&format!("{{{name}}}"), value);
    }
    let pairs = entry
        .query
        .iter()
        .filter(|p| p.required)
        .map(|p| match p.form {
            Form::Id => format!("{}=01JD5Z3N8GQ4X6V7W8Y9Z0A1B3", p.name),
            Form::Text(_) | Form::Letters => format!("{}=budi", p.name),
            Form::Number(_) | Form::Count => format!("{}=10", p.name),
            Form::Words(words) => format!("{}={}", p.name, words[0]),
            Form::Occasion => format!("{}=today", p.name),
        });
    let pairs: Vec<String> = pairs.collect();
    if !pairs.is_empty() {
        head = format!("{head}?{}", pairs.join("&"));
    }
    let body = match entry.body {
        Body::Nothing | Body::Bytes(_) => Vec::new(),
        Body::Json(_, example) => example.as_bytes().to_vec(),
    };
    (head, body)
}

/// What no key may do, whatever it is for.
const NEVER: [&str; 8] = [
    "manage_accounts",
    "read_audit",
    "manage_roles",
    "manage_keys",
    "manage_settings",
    "manage_devices",
    "manage_faces",
    "set_clock",
];

/// Every route whose right no key has refuses a key of all scopes; a key of no use elsewhere is
/// refused by every route that asks for a right.
#[test]
fn every_route_for_a_key() {
    let house = House::unlimited();
    let scopes: Vec<String> = Scope::ALL.iter().map(|s| format!("\"{s}\"")).collect();
    let (_, all) = make(&house, &scopes.join(","), 30);
    let (_, little) = make(&house, "\"webhooks\"", 30);
    let mut looked = 0;
    for entry in document::entries() {
        if entry.right.is_empty() || entry.route.access == Access::Device {
            continue;
        }
        let (head, body) = request(&entry);
        if NEVER.contains(&entry.right) {
            let answer = house.call(&with(&all), &head, &body);
            // 401 where only somebody who has signed in has anything of their own.
            let refused = [401, 403].contains(&answer.status);
            assert!(refused, "{head}: {} {}", answer.status, answer.body);
            looked += 1;
        }
        if entry.right != "manage_webhooks" {
            let answer = house.call(&with(&little), &head, &body);
            assert!(
                [401, 403, 404, 422].contains(&answer.status),
                "{head}: {} {}",
                answer.status,
                answer.body
            );
            assert!(
                answer.status != 404 || entry.right == "scan" || !head.starts_with("GET"),
                "{head}"
            );
        }
    }
    assert!(looked >= 20, "{looked}");
}
