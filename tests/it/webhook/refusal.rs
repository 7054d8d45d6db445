//! Every refusal of the interface and of the page's form, one by one.

use super::told::hook;
use crate::api::exchange::{Talk, json};
use crate::api::house::{House, Key};
use hadir::domain::actor::Role;
use hadir::domain::outbox::Notice;

/// A body, the status it gets, the code, the field.
const BODIES: [(&str, u16, &str, Option<&str>); 14] = [
    (
        r#"{"url":"https://example.id/","events":[]}"#,
        422,
        "no_events",
        Some("events"),
    ),
    (
        r#"{"url":"","events":["event.opened"]}"#,
        422,
        "unprocessable",
        Some("url"),
    ),
    (
        r#"{"url":"example.id","events":["event.opened"]}"#,
        422,
        "unprocessable",
        Some("url"),
    ),
    (
        r#"{"url":"ftp://example.id/","events":["event.opened"]}"#,
        422,
        "unprocessable",
        Some("url"),
    ),
    (
        r#"{"url":"https://u:p@example.id/","events":["event.opened"]}"#,
        422,
        "unprocessable",
        Some("url"),
    ),
    (
        r#"{"url":"https://example.id/#x","events":["event.opened"]}"#,
        422,
        "unprocessable",
        Some("url"),
    ),
    (
        r#"{"url":"https://example.id/","events":["event.exploded"]}"#,
        400,
        "",
        None,
    ),
    (
        r#"{"url":"https://example.id/","events":"event.opened"}"#,
        400,
        "",
        None,
    ),
    (r#"{"url":7,"events":["event.opened"]}"#, 400, "", None),
    (r#"{"url":"https://example.id/"}"#, 400, "", None),
    (r#"{"events":["event.opened"]}"#, 400, "", None),
    (
        r#"{"url":"https://example.id/","events":["event.opened"],"secret":"x"}"#,
        400,
        "",
        None,
    ),
    ("[]", 400, "", None),
    ("{", 400, "", None),
];

#[test]
fn a_body_that_cannot_be_is_refused_with_its_field() {
    let house = House::unlimited();
    let admin = house.admin();
    for (body, status, code, field) in BODIES {
        let answer = house.call(&admin, "POST /api/v1/webhooks", body.as_bytes());
        let told = json(&answer.body);
        // What is no such shape is 400 or 422, as the reader of bodies has it.
        let fits = answer.status == status || (status == 400 && answer.status == 422);
        assert!(fits, "{body}: {} {}", answer.status, answer.body);
        if !code.is_empty() {
            assert_eq!(told["error"]["code"], code, "{body}");
        }
        if let Some(field) = field {
            assert_eq!(told["error"]["field"], field, "{body}: {}", answer.body);
        }
    }
    let list = house.call(&admin, "GET /api/v1/webhooks", b"");
    assert_eq!(list.body.trim(), r#"{"items":[]}"#, "nothing was made");
}

#[test]
fn what_does_not_exist_is_404_and_what_is_no_id_too() {
    let house = House::unlimited();
    let admin = house.admin();
    let (id, _) = hook(&house, "https://example.id/", "\"event.opened\"");
    let nobody = "01JD5Z3N8GQ4X6V7W8Y9Z0A1C9";
    let mut talk = Talk::new(&house);
    for (head, body) in [
        ("PATCH /api/v1/webhooks/<w>", r#"{"on":true}"#),
        ("DELETE /api/v1/webhooks/<w>", ""),
        ("POST /api/v1/webhooks/<w>/test", ""),
        ("GET /api/v1/webhooks/<w>/deliveries", ""),
    ] {
        talk.send(&admin, &head.replace("<w>", nobody), body)
            .refused(404, "no_webhook");
        let answer = house.call(&admin, &head.replace("<w>", "nonsense"), body.as_bytes());
        assert!(
            [400, 404, 422].contains(&answer.status),
            "{head}: {}",
            answer.status
        );
    }
    let retry = |hook: &str, delivery: &str| {
        format!("POST /api/v1/webhooks/{hook}/deliveries/{delivery}/retry")
    };
    for (webhook, delivery) in [(id.as_str(), nobody), (nobody, nobody)] {
        talk.send(&admin, &retry(webhook, delivery), "")
            .refused(404, "no_delivery");
    }
    // A delivery of one webhook is none of another's.
    let (other, _) = hook(&house, "https://example.id/", "\"event.opened\"");
    talk.send(&admin, &format!("POST /api/v1/webhooks/{id}/test"), "")
        .keep("delivery", "delivery");
    let head = format!("POST /api/v1/webhooks/{other}/deliveries/<delivery>/retry");
    talk.send(&admin, &head, "").refused(404, "no_delivery");
    let head = format!("POST /api/v1/webhooks/{id}/deliveries/<delivery>/retry");
    talk.send(&admin, &head, "").gets(204, "");
}

#[test]
fn a_switch_is_on_or_off_and_nothing_else() {
    let house = House::unlimited();
    let admin = house.admin();
    let (id, _) = hook(&house, "https://example.id/", "\"event.opened\"");
    let head = format!("PATCH /api/v1/webhooks/{id}");
    for body in [
        "",
        "{}",
        r#"{"on":"yes"}"#,
        r#"{"on":null}"#,
        r#"{"on":true,"url":"x"}"#,
    ] {
        let answer = house.call(&admin, &head, body.as_bytes());
        assert!(
            [400, 415, 422].contains(&answer.status),
            "{body}: {}",
            answer.status
        );
    }
    let on = || {
        let list = house.call(&admin, "GET /api/v1/webhooks", b"");
        json(&list.body)["items"][0]["on"].clone()
    };
    for (body, want) in [
        ("false", false),
        ("false", false),
        ("true", true),
        ("true", true),
    ] {
        let body = format!("{{\"on\":{body}}}");
        assert_eq!(house.call(&admin, &head, body.as_bytes()).status, 204);
        assert_eq!(on(), want);
    }
}

#[test]
fn whoever_does_not_run_the_box_learns_nothing_of_webhooks() {
    let house = House::unlimited();
    let (id, secret) = hook(
        &house,
        "https://example.id/?token=rahasia",
        "\"event.opened\"",
    );
    let keys = [
        Key::Nobody,
        house.person(Role::User),
        house.person(Role::Developer),
        house.person(Role::Teacher),
        house.person(Role::Committee),
    ];
    for key in &keys {
        for head in [
            "GET /api/v1/webhooks".to_owned(),
            format!("GET /api/v1/webhooks/{id}/deliveries"),
            format!("POST /api/v1/webhooks/{id}/test"),
            format!("DELETE /api/v1/webhooks/{id}"),
            "GET /webhooks".to_owned(),
        ] {
            let answer = house.call(key, &head, b"");
            assert!(
                [303, 401, 403].contains(&answer.status),
                "{head}: {}",
                answer.status
            );
            for told in ["example.id", "rahasia", secret.as_str()] {
                assert!(!answer.body.contains(told), "{head}: {}", answer.body);
            }
        }
    }
    let list = house.call(&house.admin(), "GET /api/v1/webhooks", b"");
    assert!(list.body.contains(&id), "and nothing was done");
}

#[test]
fn every_event_of_the_list_can_be_asked_for() {
    let house = House::unlimited();
    for notice in Notice::ALL {
        hook(&house, "https://example.id/", &format!("\"{notice}\""));
    }
    let list = json(&house.call(&house.admin(), "GET /api/v1/webhooks", b"").body);
    let items = list["items"].as_array().expect("a list");
    let told: Vec<&str> = items
        .iter()
        .map(|i| i["events"][0].as_str().expect("a word"))
        .collect();
    for notice in Notice::ALL {
        assert!(told.contains(&notice.code()), "{notice}");
    }
}
