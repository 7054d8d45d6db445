//! The mails that wait are sent by the box itself: also when the server comes late, and never
//! so that anybody waits for it.

use crate::api::house::House;
use crate::support::delivering::Delivering;
use crate::support::mailbox::{Mailbox, Manner};
use crate::support::{LONG, eventually};
use hadir::base::id::NoticeId;
use hadir::domain::actor::Actor;
use hadir::domain::mail::{self, Letter, MailKind};
use hadir::store::mails;
use hadir::surface::post::{MailSetting, MailTls};

fn setting(port: u16) -> MailSetting {
    MailSetting {
        server: "127.0.0.1".to_owned(),
        port,
        tls: MailTls::Off,
        sender: "hadir@sch.id".parse().expect("an address"),
        login: None,
        authority: None,
    }
}

fn post(house: &House, to: &str) -> NoticeId {
    let letter = Letter {
        to: to.parse().expect("an address"),
        subject: "Tautan".to_owned(),
        text: "Halo\n".to_owned(),
    };
    let admin = house.admin;
    let posted = (house.desk.core).write(Actor::Operator, "test", move |tx, call| {
        mail::post(tx, call, MailKind::PasswordReset, Some(admin), &letter)
    });
    posted.expect("posted")
}

fn state(house: &House, id: NoticeId) -> (String, Option<String>) {
    let found = house
        .desk
        .core
        .store
        .read(|view| mails::find_state(view, id));
    found.expect("read").expect("a mail")
}

#[test]
fn mails_wait_for_a_server_and_go_when_it_is_there() {
    let house = House::new();
    let core = &house.desk.core;
    let running = Delivering::start(core);
    let early = post(&house, "budi@example.id");
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let port = closed.local_addr().expect("address").port();
    drop(closed);
    core.post.configure(Some(setting(port)));
    eventually(LONG, "the attempt fails", || {
        state(&house, early).1.is_some()
    });
    let (now, error) = state(&house, early);
    let error = error.expect("an error");
    assert_eq!(
        (now.as_str(), error.as_str()),
        ("waiting", "the mail server cannot be reached")
    );
    let answer = house.call(&house.admin(), "GET /api/v1/status", b"");
    assert_eq!(answer.status, 200, "a dead mail server fails no request");
    let refusing = Manner {
        says: vec![("RCPT", b"450 4.2.1 <budi@example.id> later\r\n".to_vec())],
        ..Manner::default()
    };
    let mailbox = Mailbox::start(refusing);
    core.post.configure(Some(setting(mailbox.address.port())));
    house.desk.clock.advance(60_000);
    let refused = Some("the mail server refused the receiver: 450".to_owned());
    eventually(LONG, "the server refuses", || {
        state(&house, early).1 == refused
    });
    mailbox.become_(Manner::default());
    house.desk.clock.advance(300_000);
    eventually(LONG, "the mail is sent", || {
        state(&house, early).0 == "sent"
    });
    let taken = mailbox.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].mail.contains("\r\nTo: <budi@example.id>\r\n"));
    running.stop();
}

#[test]
fn a_mail_that_can_never_go_is_given_up_at_once_and_can_be_tried_again() {
    let house = House::new();
    let core = &house.desk.core;
    let refusing = Manner {
        says: vec![("RCPT TO:<hilang", b"550 5.1.1 unknown\r\n".to_vec())],
        ..Manner::default()
    };
    let mailbox = Mailbox::start(refusing);
    core.post.configure(Some(setting(mailbox.address.port())));
    let (lost, found) = (
        post(&house, "hilang@example.id"),
        post(&house, "ada@example.id"),
    );
    let running = Delivering::start(core);
    eventually(LONG, "both are settled", || {
        state(&house, lost).0 == "failed" && state(&house, found).0 == "sent"
    });
    let counts = core.store.read(mail::counts).expect("counts");
    assert_eq!((counts.waiting, counts.failed), (0, 1));
    mailbox.become_(Manner::default());
    core.write(Actor::Operator, "test", move |tx, call| {
        mail::retry(tx, call, lost)
    })
    .expect("retried");
    eventually(LONG, "it goes", || state(&house, lost).0 == "sent");
    assert_eq!(mailbox.taken().len(), 2);
    running.stop();
}
