//! A webhook from its making to its end: failures, the pauses, off after fifty, on again.

use super::receiver::Receiver;
use super::told::{happen, hook};
use crate::api::exchange::{Talk, json};
use crate::api::house::House;
use crate::domain::door::Door;
use crate::support::delivering::Delivering;
use crate::support::{LONG, eventually};
use hadir::base::limits;
use hadir::base::time::Span;
use hadir::domain::outbox::{Notice, notify};
use hadir::domain::webhook::{self, NewWebhook, Outcome, Work};
use hadir::store::outbox;

#[test]
fn webhooks_are_made_listed_and_removed_over_the_interface() {
    let house = House::unlimited();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    for (url, code) in [
        ("ftp://example.id/", "unprocessable"),
        ("https://u:p@example.id/", "unprocessable"),
        ("", "unprocessable"),
    ] {
        let body = format!(r#"{{"url":"{url}","events":["event.opened"]}}"#);
        talk.send(&admin, "POST /api/v1/webhooks", &body)
            .refused(422, code);
    }
    let url = "https://example.id/x?token=rahasia";
    talk.send(
        &admin,
        "POST /api/v1/webhooks",
        &format!(r#"{{"url":"{url}","events":[]}}"#),
    )
    .refused(422, "no_events");
    let (id, secret) = hook(&house, url, "\"person.erased\",\"event.opened\"");
    let row = format!(
        r#"{{"id":"{id}","url":"https://example.id","events":["person.erased","event.opened"],
            "on":true,"failures":0,"made_at_ms":1795226400000}}"#
    );
    talk.send(&admin, "GET /api/v1/webhooks", "")
        .gets(200, &format!(r#"{{"items":[{row}]}}"#));
    assert!(!talk.answer().body.contains(&secret) && !talk.answer().body.contains("rahasia"));
    talk.send(&admin, &format!("DELETE /api/v1/webhooks/{id}"), "")
        .gets(204, "");
    talk.send(&admin, &format!("DELETE /api/v1/webhooks/{id}"), "")
        .refused(404, "no_webhook");
    talk.send(&admin, &format!("POST /api/v1/webhooks/{id}/test"), "")
        .refused(404, "no_webhook");
    for _ in 0..limits::WEBHOOKS_MAX {
        hook(&house, url, "\"event.opened\"");
    }
    let body = format!(r#"{{"url":"{url}","events":["event.opened"]}}"#);
    talk.send(&admin, "POST /api/v1/webhooks", &body)
        .refused(409, "too_many_webhooks");
}

#[test]
fn a_failed_delivery_is_made_again_later() {
    let house = House::unlimited();
    let receiver = Receiver::start();
    receiver.answers("500 Internal Server Error");
    let (id, _) = hook(&house, &receiver.url(), "\"event.opened\"");
    let running = Delivering::start(&house.desk.core);
    happen(&house);
    let log = || {
        let path = format!("GET /api/v1/webhooks/{id}/deliveries");
        json(&house.call(&house.admin(), &path, b"").body)["items"][0].clone()
    };
    eventually(LONG, "the call fails", || log()["status"] == 500);
    assert_eq!(
        (&log()["state"], &log()["attempts"]),
        (&"waiting".into(), &1.into())
    );
    receiver.answers("200 OK");
    house.desk.clock.advance(60_000);
    eventually(LONG, "it is made again", || log()["state"] == "done");
    let calls = receiver.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].body, calls[1].body);
    assert_eq!(
        calls[0].header("x-hadir-delivery"),
        calls[1].header("x-hadir-delivery")
    );
    running.stop();
}

/// One webhook for `event.opened`.
fn with_hook() -> (Door, hadir::base::id::WebhookId) {
    let door = Door::new();
    let new = NewWebhook {
        url: "https://example.id/".parse().expect("an address"),
        events: vec![Notice::EventOpened],
    };
    let (id, _) = door
        .act(move |tx, call| webhook::create(tx, call, &new))
        .expect("made");
    (door, id)
}

fn tell(door: &Door, notice: Notice) {
    door.act(move |tx, call| notify(tx, call, notice, "{\"x\":1}".to_owned()))
        .expect("told");
}

fn work(door: &Door) -> Work {
    let now = door.now().at;
    door.look(|view, _| webhook::look(view, now)).expect("look")
}

/// Hands out and settles every delivery that is due; says how many.
fn settle(door: &Door, outcome: &Outcome) -> usize {
    door.act(webhook::hand_out).expect("handed out");
    let due = door
        .act(|tx, call| webhook::claim(tx, call))
        .expect("claimed");
    let count = due.len();
    for due in due {
        let outcome = outcome.clone();
        door.act(move |tx, call| webhook::settle(tx, call, &due.delivery, &outcome))
            .expect("settled");
    }
    count
}

fn standing(door: &Door) -> (bool, u32) {
    let hooks = door.look(webhook::list).expect("list");
    (hooks[0].on, hooks[0].failures)
}

#[test]
fn fifty_failures_in_a_row_switch_it_off_and_one_success_forgets_them() {
    let (door, id) = with_hook();
    let failed = Outcome::Failed(Some(500), "the answer was 500".to_owned());
    for _ in 0..limits::WEBHOOK_FAILURES_MAX - 1 {
        tell(&door, Notice::EventOpened);
        assert!(settle(&door, &failed) >= 1);
    }
    assert_eq!(standing(&door), (true, 49));
    tell(&door, Notice::EventOpened);
    settle(&door, &Outcome::Done(200));
    assert_eq!(standing(&door), (true, 0));
    for _ in 0..limits::WEBHOOK_FAILURES_MAX {
        tell(&door, Notice::EventOpened);
        settle(&door, &failed);
    }
    assert_eq!(standing(&door), (false, 50));
    tell(&door, Notice::EventOpened);
    assert_eq!(settle(&door, &failed), 0, "nothing new is meant for it");
    door.act(move |tx, call| webhook::switch(tx, call, id, true))
        .expect("on");
    assert_eq!(standing(&door), (true, 0));
}

#[test]
fn news_that_nobody_wants_is_not_written_or_forgotten_after_a_while() {
    let counts = |door: &Door| door.store.read(outbox::count).expect("count");
    let door = Door::new();
    tell(&door, Notice::EventOpened);
    assert_eq!(counts(&door), outbox::Counts::default());
    let (door, id) = with_hook();
    tell(&door, Notice::EventOpened);
    assert_eq!(counts(&door).waiting, 1);
    door.act(move |tx, call| webhook::switch(tx, call, id, false))
        .expect("off");
    tell(&door, Notice::EventOpened);
    assert_eq!(counts(&door).waiting, 1, "it is off");
    assert_eq!(
        work(&door),
        Work::default(),
        "not at once: that would cost a write each time"
    );
    door.advance(Span::from_millis(limits::NEWS_KEPT_MS));
    assert!(work(&door).news);
    assert_eq!(door.act(webhook::hand_out), Ok(1));
    assert_eq!(counts(&door), outbox::Counts::default());
    assert_eq!(work(&door), Work::default());
    let (door, _) = with_hook();
    tell(&door, Notice::PersonErased);
    assert!(work(&door).news, "somebody may want it");
    assert_eq!(settle(&door, &Outcome::Done(200)), 0);
    tell(&door, Notice::EventOpened);
    assert_eq!(settle(&door, &Outcome::Done(200)), 1);
}

#[test]
fn deliveries_go_with_their_webhook_and_with_time() {
    let (door, id) = with_hook();
    tell(&door, Notice::EventOpened);
    settle(&door, &Outcome::Done(200));
    door.advance(Span::from_millis(limits::DELIVERY_KEPT_MS + 1));
    assert_eq!(door.act(|tx, call| webhook::forget_old(tx, call)), Ok(1));
    tell(&door, Notice::EventOpened);
    door.act(webhook::hand_out).expect("handed out");
    let due = door
        .act(|tx, call| webhook::claim(tx, call))
        .expect("claimed");
    door.act(move |tx, call| webhook::remove(tx, call, id))
        .expect("removed");
    let late = due.into_iter().next().expect("a delivery").delivery;
    let settled = door.act(move |tx, call| webhook::settle(tx, call, &late, &Outcome::Done(200)));
    assert_eq!(settled, Ok(()), "a late answer changes nothing");
    assert_eq!(door.look(webhook::list).expect("list"), []);
}
