//! Mails on the pages of settings and status: without a server, waiting, refused, tried again.

use super::house::{Browser, House, leads, well_formed};
use crate::support::delivering::Delivering;
use crate::support::mailbox::{Mailbox, Manner};
use crate::support::{LONG, eventually};
use hadir::domain::actor::Actor;
use hadir::domain::identity::change::{self, Change};
use hadir::domain::mail;
use hadir::surface::post::{MailSetting, MailTls};

fn configure(house: &House, mailbox: &Mailbox) {
    house.native().core.post.configure(Some(MailSetting {
        server: "127.0.0.1".to_owned(),
        port: mailbox.address.port(),
        tls: MailTls::Off,
        sender: "hadir@sch.id".parse().expect("an address"),
        login: None,
        authority: None,
    }));
}

/// Gives the administrator an address.
fn address(house: &House, name: &str) {
    let id = house.find(name);
    let change = Change {
        email: Some(Some("sari@example.id".parse().expect("an address"))),
        ..Change::default()
    };
    (house.native().core)
        .write(Actor::Operator, "test", move |tx, call| {
            change::change(tx, call, id, &change)
        })
        .expect("changed");
}

fn test(browser: &mut Browser<'_>) -> String {
    let answer = browser.post("/settings/mail-test", &[]);
    leads(&answer).to_owned()
}

#[test]
fn a_box_without_a_server_says_so_and_misses_nothing() {
    let house = House::set_up();
    let mut browser = house.signed_in("sari");
    let page = browser.page("/settings");
    well_formed(&page);
    assert!(page.contains("Belum ada peladen surel."), "{page}");
    assert!(
        !page.contains("/settings/mail-test"),
        "there is nothing to try"
    );
    assert!(browser.page("/status").contains("belum disetel"));
}

#[test]
fn a_test_is_sent_to_whoever_asks_and_what_fails_is_tried_again() {
    let house = House::set_up();
    let refusing = Manner {
        says: vec![("RCPT", b"550 5.1.1 <sari@example.id> unknown\r\n".to_vec())],
        ..Manner::default()
    };
    let mailbox = Mailbox::start(refusing);
    configure(&house, &mailbox);
    let mut browser = house.signed_in("sari");
    assert!(
        browser
            .page("/settings")
            .contains("Lewat 127.0.0.1, dari hadir@sch.id.")
    );
    assert_eq!(test(&mut browser), "/settings?done=no-address#mail");
    assert!(
        browser
            .page("/settings?done=no-address")
            .contains("belum punya surel")
    );
    address(&house, "Sari Wulandari");
    assert_eq!(test(&mut browser), "/settings?done=posted#mail");
    assert!(
        browser
            .page("/settings?done=posted")
            .contains("1 menunggu dikirim")
    );
    assert!(browser.page("/status").contains("1 menunggu dikirim"));
    let running = Delivering::start(&house.native().core);
    let counts = || {
        house
            .native()
            .core
            .store
            .read(mail::counts)
            .expect("counts")
    };
    eventually(LONG, "the server refuses", || counts().failed == 1);
    let page = browser.page("/settings");
    assert!(
        page.contains("the mail server refused the receiver: 550"),
        "{page}"
    );
    assert!(
        page.contains("tidak dicoba lagi") && !page.contains("sari@example.id"),
        "{page}"
    );
    assert!(browser.page("/status").contains("1 tidak dapat dikirim"));
    let id = page.split("name=\"mail\" value=\"").nth(1).expect("a mail");
    let id = id.split('"').next().expect("an id").to_owned();
    mailbox.become_(Manner::default());
    let answer = browser.post("/settings/mail-retry", &[("mail", &id)]);
    assert_eq!(leads(&answer), "/settings?done=retried#mail");
    eventually(LONG, "the mail is sent", || !mailbox.taken().is_empty());
    eventually(LONG, "that is noted", || {
        counts() == hadir::store::mails::MailCounts::default()
    });
    assert!(browser.page("/status").contains("semua terkirim"));
    for gone in [id.as_str(), "nonsense", "01JD5Z3N8GQ4X6V7W8Y9Z0A1C9"] {
        let answer = browser.post("/settings/mail-retry", &[("mail", gone)]);
        assert_eq!(leads(&answer), "/settings?done=gone#mail", "{gone}");
    }
    running.stop();
}
