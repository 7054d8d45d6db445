//! What a receiver is sent, and that it can be sure of who sent it.

use super::receiver::{Call, Receiver};
use crate::api::exchange::{Talk, json};
use crate::api::house::House;
use crate::support::delivering::Delivering;
use crate::support::{LONG, eventually};
use hadir::base::secret::Secret;
use hadir::crypto::signature::sign;
use hadir::http::call::Reach;

/// Makes a webhook and gives its id and secret.
pub fn hook(house: &House, url: &str, events: &str) -> (String, String) {
    let body = format!(r#"{{"url":"{url}","events":[{events}]}}"#);
    let answer = house.call(&house.admin(), "POST /api/v1/webhooks", body.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.body);
    let made = json(&answer.body);
    let text = |key: &str| made[key].as_str().expect(key).to_owned();
    (text("webhook"), text("secret"))
}

/// Something that happens: an event is opened.
pub fn happen(house: &House) {
    let body = br#"{"name":"Wisuda"}"#;
    let answer = house.call(&house.admin(), "POST /api/v1/events", body);
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = json(&answer.body)["id"].as_str().expect("an id").to_owned();
    let answer = house.call(
        &house.admin(),
        &format!("POST /api/v1/events/{id}/open"),
        b"",
    );
    assert!(answer.status < 300, "{}", answer.body);
}

fn wait(receiver: &Receiver, count: usize) -> Vec<Call> {
    eventually(LONG, "the calls come", || receiver.calls().len() >= count);
    receiver.calls()
}

/// As a receiver does it that reads docs/webhooks.md.
fn is_genuine(call: &Call, secret: &str) -> bool {
    let (at, signed) = (call.header("x-hadir-signature").split_once(','))
        .and_then(|(t, v1)| t.strip_prefix("t=").zip(v1.strip_prefix("v1=")))
        .expect("a signature");
    sign(
        &Secret::new(secret.to_owned()),
        format!("{at}.{}", call.body).as_bytes(),
    ) == signed
}

#[test]
fn a_receiver_is_told_what_it_asked_for_and_can_check_it() {
    let house = House::unlimited();
    let (receiver, other) = (Receiver::start(), Receiver::start());
    happen(&house); // before there is a webhook: told to nobody
    house.desk.clock.advance(1);
    let (_, secret) = hook(&house, &receiver.url(), "\"event.opened\",\"event.closed\"");
    hook(&house, &other.url(), "\"person.erased\"");
    assert!(secret.starts_with("hdrw_") && secret.len() == 48);
    let running = Delivering::start(&house.desk.core);
    happen(&house);
    let calls = wait(&receiver, 1);
    let call = &calls[0];
    assert_eq!(call.line, "POST /hadir?token=rahasia HTTP/1.1");
    assert_eq!(call.header("content-type"), "application/json");
    assert_eq!(call.header("x-hadir-event"), "event.opened");
    assert!(is_genuine(call, &secret));
    assert!(!is_genuine(call, "hdrw_another"));
    let mut changed = call.clone();
    changed.body = changed.body.replace("opened", "closed");
    assert!(!is_genuine(&changed, &secret));
    let body = call.json();
    assert_eq!(
        (&body["event"], &body["at"]),
        (&"event.opened".into(), &"2026-11-21T02:00:00.001Z".into())
    );
    assert!(body["data"]["event"].is_string() && body["id"].is_string() && body["box"].is_string());
    eventually(LONG, "nothing waits", || {
        let work = (house.desk.core.store)
            .read(|v| hadir::domain::webhook::look(v, house.desk.clock.truth()));
        work.expect("look") == hadir::domain::webhook::Work::default()
    });
    assert_eq!((receiver.calls().len(), other.calls().len()), (1, 0));
    running.stop();
}

#[test]
fn the_test_button_calls_also_what_is_off_and_the_log_tells() {
    let house = House::unlimited();
    let admin = house.admin();
    let receiver = Receiver::start();
    let (id, secret) = hook(&house, &receiver.url(), "\"event.opened\"");
    let running = Delivering::start(&house.desk.core);
    let mut talk = Talk::new(&house);
    let at = format!("/api/v1/webhooks/{id}");
    talk.send(&admin, &format!("PATCH {at}"), r#"{"on":false}"#)
        .gets(204, "");
    talk.send(&admin, &format!("POST {at}/test"), "");
    let delivery = json(&talk.answer().body)["delivery"]
        .as_str()
        .expect("an id")
        .to_owned();
    let calls = wait(&receiver, 1);
    assert_eq!(calls[0].header("x-hadir-event"), "webhook.test");
    assert_eq!(calls[0].header("x-hadir-delivery"), delivery);
    assert!(is_genuine(&calls[0], &secret));
    let log = || {
        let answer = house.call(&admin, &format!("GET {at}/deliveries"), b"");
        json(&answer.body)["items"][0].clone()
    };
    eventually(LONG, "the log tells", || log()["state"] == "done");
    assert_eq!(
        (&log()["status"], &log()["attempts"]),
        (&204.into(), &1.into())
    );
    receiver.answers("302 Found\r\nLocation: http://127.0.0.1:1/");
    house.desk.clock.advance(1); // so that the log has the second one first
    talk.send(&admin, &format!("POST {at}/test"), "");
    eventually(LONG, "the trial fails", || log()["state"] == "failed");
    assert_eq!(log()["error"], "the answer was 302", "nothing is followed");
    assert_eq!(receiver.calls().len(), 2);
    running.stop();
}

/// A webhook of the box itself would let whoever may make one read what only the box may.
#[test]
fn the_box_itself_is_not_called() {
    let house = House::unlimited();
    let receiver = Receiver::start();
    let running = Delivering::within(&house.desk.core, Reach::outside());
    let urls = [
        receiver.url(),
        receiver.url().replace("127.0.0.1", "localhost"),
        receiver.url().replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        receiver.url().replace("127.0.0.1", "2130706433"),
    ];
    for url in urls {
        let (id, _) = hook(&house, &url, "\"event.opened\"");
        house.call(
            &house.admin(),
            &format!("POST /api/v1/webhooks/{id}/test"),
            b"",
        );
        let log = || {
            let answer = house.call(
                &house.admin(),
                &format!("GET /api/v1/webhooks/{id}/deliveries"),
                b"",
            );
            json(&answer.body)["items"][0].clone()
        };
        eventually(LONG, "the trial fails", || log()["state"] == "failed");
        let error = log()["error"].as_str().expect("an error").to_owned();
        assert!(error.contains("leads to this box"), "{url}: {error}");
    }
    assert_eq!(receiver.calls().len(), 0);
    running.stop();
}
