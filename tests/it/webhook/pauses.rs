//! A delivery from its first attempt to its last: the pauses, what a worker that died leaves, and
//! what of it a webhook counts.

use crate::domain::door::Door;
use hadir::base::id::WebhookId;
use hadir::base::limits;
use hadir::base::time::Span;
use hadir::domain::outbox::{Notice, notify, pause};
use hadir::domain::webhook::{self, Delivery, Due, NewWebhook, Outcome};
use proptest::prelude::*;

fn hooked(count: usize) -> (Door, Vec<WebhookId>) {
    let door = Door::new();
    let make = |number: usize| {
        let new = NewWebhook {
            url: format!("https://penerima{number}.example.id/")
                .parse()
                .expect("an address"),
            events: vec![Notice::EventOpened, Notice::EventClosed],
        };
        let made = door.act(move |tx, call| webhook::create(tx, call, &new));
        made.expect("made").0
    };
    let ids = (0..count).map(make).collect();
    (door, ids)
}

fn tell(door: &Door) {
    door.act(|tx, call| {
        notify(
            tx,
            call,
            Notice::EventOpened,
            "{\"event\":\"x\"}".to_owned(),
        )
    })
    .expect("told");
    door.act(webhook::hand_out).expect("handed out");
}

fn claim(door: &Door) -> Vec<Due> {
    door.act(|tx, call| webhook::claim(tx, call))
        .expect("claimed")
}

fn settle(door: &Door, due: &Due, outcome: &Outcome) {
    let (delivery, outcome) = (due.delivery.clone(), outcome.clone());
    door.act(move |tx, call| webhook::settle(tx, call, &delivery, &outcome))
        .expect("settled");
}

fn log(door: &Door, id: WebhookId) -> Vec<Delivery> {
    door.look(|view, call| webhook::deliveries(view, call, id))
        .expect("the log")
}

fn failed() -> Outcome {
    Outcome::Failed(Some(503), "the answer was 503".to_owned())
}

#[test]
fn each_attempt_waits_longer_and_the_last_gives_up() {
    let (door, ids) = hooked(1);
    tell(&door);
    let mut waited = Vec::new();
    for attempt in 1.. {
        let due = claim(&door);
        assert_eq!(due.len(), 1, "attempt {attempt}");
        assert_eq!(due[0].delivery.attempts, attempt);
        assert!(claim(&door).is_empty(), "it is under way");
        settle(&door, &due[0], &failed());
        let entry = log(&door, ids[0])[0].clone();
        assert_eq!(
            (entry.status, entry.error.as_deref()),
            (Some(503), Some("the answer was 503"))
        );
        let Some(next) = pause(attempt) else {
            assert_eq!(entry.state, "failed");
            break;
        };
        assert_eq!(
            (entry.state.as_str(), entry.due_at),
            ("waiting", door.now().at.plus(next))
        );
        door.advance(Span::from_millis(next.as_millis() - 1));
        assert!(claim(&door).is_empty(), "not before");
        door.advance(Span::from_millis(1));
        waited.push(next.as_millis());
    }
    assert!(waited.is_sorted() && waited.len() == 6, "{waited:?}");
    let (id, delivery) = (ids[0], log(&door, ids[0])[0].id);
    door.act(move |tx, call| webhook::retry(tx, call, id, delivery))
        .expect("again");
    let due = claim(&door);
    assert_eq!(due[0].delivery.attempts, 1, "the pauses begin anew");
    settle(&door, &due[0], &Outcome::Done(202));
    let entry = log(&door, id)[0].clone();
    assert_eq!(
        (entry.state.as_str(), entry.status, entry.error),
        ("done", Some(202), None)
    );
    let again = door.act(move |tx, call| webhook::retry(tx, call, id, delivery));
    assert_eq!(
        again,
        Err(webhook::Error::NoDelivery),
        "what was taken is not sent again"
    );
}

#[test]
fn what_a_worker_that_died_had_taken_out_is_given_out_again() {
    let (door, ids) = hooked(1);
    tell(&door);
    let lost = claim(&door);
    assert_eq!(lost.len(), 1);
    door.advance(Span::from_millis(limits::DELIVERY_CLAIM_MS - 1));
    assert!(claim(&door).is_empty());
    door.advance(Span::from_millis(1));
    let again = claim(&door);
    assert_eq!(again[0].delivery.id, lost[0].delivery.id);
    assert_eq!(again[0].delivery.body, lost[0].delivery.body);
    settle(&door, &again[0], &Outcome::Done(200));
    // The first worker was only slow: its answer comes late and changes nothing.
    settle(&door, &lost[0], &failed());
    assert_eq!(log(&door, ids[0])[0].state, "done");
}

#[test]
fn one_webhook_that_fails_holds_up_no_other() {
    let (door, ids) = hooked(3);
    tell(&door);
    let due = claim(&door);
    assert_eq!(due.len(), 3);
    for due in &due {
        let outcome = match due.delivery.webhook == ids[1] {
            true => failed(),
            false => Outcome::Done(200),
        };
        settle(&door, due, &outcome);
    }
    for hook in door.look(webhook::list).expect("list") {
        assert_eq!(hook.failures, u32::from(hook.id == ids[1]));
    }
    let bodies: Vec<String> = ids
        .iter()
        .map(|id| log(&door, *id)[0].body.clone())
        .collect();
    assert!(
        bodies.iter().all(|body| *body == bodies[0]),
        "the same news: {bodies:?}"
    );
}

#[test]
fn while_it_is_off_nothing_goes_and_what_was_due_goes_when_it_is_on() {
    let (door, ids) = hooked(1);
    let id = ids[0];
    tell(&door);
    door.act(move |tx, call| webhook::switch(tx, call, id, false))
        .expect("off");
    let due = claim(&door);
    assert!(due[0].target.is_none(), "nobody is to be called");
    settle(
        &door,
        &due[0],
        &Outcome::Failed(None, "the webhook is off".to_owned()),
    );
    assert_eq!(
        door.look(webhook::list).expect("list")[0].failures,
        0,
        "that is no failure of its"
    );
    door.act(move |tx, call| webhook::switch(tx, call, id, true))
        .expect("on");
    door.advance(Span::from_seconds(60));
    let due = claim(&door);
    let (url, secret) = due[0].target.as_ref().expect("a target");
    assert_eq!(url.as_str(), "https://penerima0.example.id/");
    assert!(secret.expose().starts_with("hdrw_"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Whatever comes of the deliveries: the count is that of the failures since the last
    /// success, and it is off exactly when that was too many.
    #[test]
    fn the_count_is_that_of_failures_in_a_row(taken in proptest::collection::vec(proptest::bool::weighted(0.02), 40..70)) {
        let (door, _) = hooked(1);
        let (mut row, mut on) = (0u32, true);
        for good in taken {
            tell(&door);
            let due = claim(&door);
            prop_assert_eq!(due.len(), usize::from(on), "what is off is told nothing new");
            for due in &due {
                let outcome = if good { Outcome::Done(200) } else { failed() };
                settle(&door, due, &outcome);
                row = if good { 0 } else { row + 1 };
                on = row < limits::WEBHOOK_FAILURES_MAX;
            }
            let hook = door.look(webhook::list).expect("list").remove(0);
            prop_assert_eq!((hook.failures, hook.on), (row, on));
        }
    }
}
