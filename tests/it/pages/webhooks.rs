//! Webhooks by the page: a secret shown once, a test, a log, switched off, removed.

use super::house::{Browser, House, leads, well_formed};
use crate::support::delivering::Delivering;
use crate::support::{LONG, eventually};
use crate::webhook::receiver::Receiver;
use hadir::base::id::WebhookId;
use hadir::base::limits;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::outbox::Notice;
use hadir::domain::webhook::{self, NewWebhook};

/// Makes a webhook by the form and returns its secret.
fn make(browser: &mut Browser<'_>, url: &str) -> String {
    let sent = [
        ("url", url),
        ("event.opened", "yes"),
        ("checkin.admitted", "yes"),
    ];
    let answer = browser.post("/webhooks", &sent);
    assert_eq!(answer.status, 200, "{}", answer.body);
    well_formed(&answer.body);
    let secret = answer.body.split("id=\"secret\"").nth(1).expect("a secret");
    let secret = secret.split('>').nth(1).expect("a secret");
    secret.split('<').next().expect("a secret").to_owned()
}

/// The page, well formed but for the webhook's own address, which stands in it.
fn look(browser: &mut Browser<'_>, query: &str, url: &str) -> String {
    let answer = browser.get(&format!("/webhooks{query}"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let shown = url.split("/hadir").next().expect("an address");
    well_formed(&answer.body.replace(shown, ""));
    answer.body
}

fn only(house: &House) -> WebhookId {
    let core = &house.native().core;
    let all = core.read(Actor::Operator, "test", webhook::list);
    all.expect("webhooks")[0].id
}

#[test]
fn a_webhook_is_made_tried_switched_off_and_removed() {
    let house = House::set_up();
    let receiver = Receiver::start();
    let mut browser = house.signed_in("sari");
    assert!(browser.page("/webhooks").contains("Belum ada webhook."));
    let secret = make(&mut browser, &receiver.url());
    assert!(secret.starts_with("hdrw_"), "{secret}");
    let page = look(&mut browser, "", &receiver.url());
    assert!(page.contains("checkin.admitted, event.opened"), "{page}");
    assert!(
        !page.contains(&secret) && !page.contains("rahasia"),
        "shown once, and no token"
    );
    let id = only(&house);
    let act = |act: &str| format!("/webhooks/{id}/{act}");
    let running = Delivering::start(&house.native().core);
    assert_eq!(
        leads(&browser.post(&act("test"), &[])),
        "/webhooks?done=test"
    );
    assert!(look(&mut browser, "?done=test", &receiver.url()).contains("sedang dikirim"));
    eventually(LONG, "the receiver is called", || {
        !receiver.calls().is_empty()
    });
    let log = || {
        let core = &house.native().core;
        let all = core.read(Actor::Operator, "test", |v, c| {
            webhook::deliveries(v, c, id)
        });
        all.expect("deliveries")
    };
    eventually(LONG, "the log tells", || log()[0].state == "done");
    assert!(look(&mut browser, "", &receiver.url()).contains("diterima"));
    receiver.answers("500 Internal Server Error");
    house.hand.advance(1); // so that the log has the second one first
    browser.post(&act("test"), &[]);
    eventually(LONG, "the trial fails", || log()[0].state == "failed");
    let page = look(&mut browser, "", &receiver.url());
    assert!(
        page.contains("the answer was 500") && page.contains("Kirim lagi"),
        "{page}"
    );
    receiver.answers("200 OK");
    let again = log()[0].id.to_string();
    let sent = [("delivery", again.as_str())];
    assert_eq!(
        leads(&browser.post(&act("again"), &sent)),
        "/webhooks?done=again"
    );
    eventually(LONG, "it is sent again", || log()[0].state == "done");
    assert_eq!(
        browser.post(&act("again"), &sent).status,
        404,
        "it was taken"
    );
    assert_eq!(leads(&browser.post(&act("off"), &[])), "/webhooks?done=off");
    let page = look(&mut browser, "?done=off", &receiver.url());
    assert!(
        page.contains("Hidupkan") && page.contains("badge warn"),
        "{page}"
    );
    assert_eq!(leads(&browser.post(&act("on"), &[])), "/webhooks?done=on");
    assert!(look(&mut browser, "", &receiver.url()).contains("Matikan"));
    assert_eq!(
        leads(&browser.post(&act("remove"), &[])),
        "/webhooks?done=remove"
    );
    assert!(look(&mut browser, "", &receiver.url()).contains("Belum ada webhook."));
    for gone in ["test", "on", "remove", "nonsense"] {
        assert_eq!(browser.post(&act(gone), &[]).status, 404, "{gone}");
    }
    running.stop();
}

#[test]
fn what_is_wrong_stands_beside_its_field() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    for (url, event, sentence) in [
        ("", "event.opened", "Tulis alamat seperti"),
        (
            "javascript:alert(1)",
            "event.opened",
            "Tulis alamat seperti",
        ),
        (
            "https://u:p@example.id/",
            "event.opened",
            "Tulis alamat seperti",
        ),
        ("https://example.id/", "nothing", "Pilih sedikitnya satu."),
    ] {
        let answer = browser.post("/webhooks", &[("url", url), (event, "yes")]);
        assert_eq!(answer.status, 422, "{url}");
        if !url.is_empty() {
            well_formed(&answer.body.replace(url, ""));
        }
        assert!(
            answer.body.contains(sentence),
            "{sentence} in {}",
            answer.body
        );
    }
    let core = &house.native().core;
    for _ in 0..limits::WEBHOOKS_MAX {
        let new = NewWebhook {
            url: "https://example.id/".parse().expect("an address"),
            events: vec![Notice::EventOpened],
        };
        core.write(Actor::Operator, "test", move |tx, call| {
            webhook::create(tx, call, &new)
        })
        .expect("made");
    }
    let sent = [("url", "https://example.id/"), ("event.opened", "yes")];
    let answer = browser.post("/webhooks", &sent);
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("sudah terlalu banyak"),
        "{}",
        answer.body
    );
}

#[test]
fn only_administrators_see_webhooks() {
    let house = House::set_up();
    house.add("Panitia", "panitia", Role::Committee);
    let mut browser = house.signed_in("panitia");
    assert_eq!(browser.get("/webhooks").status, 403);
    let sent = [("url", "https://example.id/"), ("event.opened", "yes")];
    assert_eq!(browser.post("/webhooks", &sent).status, 403);
    assert_eq!(
        browser
            .post("/webhooks/01JD5Z3N8GQ4X6V7W8Y9Z0A1C9/test", &[])
            .status,
        403
    );
    let mut stranger = house.browser();
    assert!(stranger.get("/webhooks").status >= 300);
}
