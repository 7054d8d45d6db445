//! `hadir mail test`: through the daemon and without one.

use super::smtp::closed;
use crate::ops::client::{Client, person};
use crate::support::boxed::TestBox;
use crate::support::mailbox::{Mailbox, Manner};
use crate::support::program::text;
use crate::support::{LONG, eventually};
use std::os::unix::fs::PermissionsExt as _;

fn section(mailbox: &Mailbox, more: &str) -> String {
    format!(
        "[mail]\nserver = \"127.0.0.1\"\nport = {}\nsender = \"hadir@sekolah.sch.id\"\n{more}",
        mailbox.address.port()
    )
}

fn test(subject: &TestBox) -> std::process::Output {
    subject.run(&["mail", "test", "kepala@sekolah.sch.id"])
}

#[test]
fn a_test_mail_is_sent_by_the_daemon_and_without_it() {
    let mailbox = Mailbox::start(Manner::default());
    let subject = TestBox::new(&section(&mailbox, "tls = \"off\"\n"));
    let alone = subject.json(&["mail", "test", "kepala@sekolah.sch.id"]);
    assert_eq!(
        (&alone["sent"], &alone["to"]),
        (&true.into(), &"kepala@sekolah.sch.id".into())
    );
    let daemon = subject.serve();
    let output = test(&subject);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let port = mailbox.address.port();
    let want = format!("sent: 127.0.0.1:{port} has taken the mail to kepala@sekolah.sch.id\n");
    assert_eq!(text(&output.stdout), want);
    let taken = mailbox.taken();
    assert_eq!(taken.len(), 2);
    assert!(
        taken[1]
            .mail
            .contains("\r\nTo: <kepala@sekolah.sch.id>\r\n"),
        "{}",
        taken[1].mail
    );
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
    drop(daemon);
}

#[test]
fn a_refusal_is_told_with_the_servers_words_and_a_status() {
    let manner = Manner {
        says: vec![("RCPT", b"550 5.1.1 no such user here\r\n".to_vec())],
        ..Manner::default()
    };
    let mailbox = Mailbox::start(manner);
    let subject = TestBox::new(&section(&mailbox, "tls = \"off\"\n"));
    let daemon = subject.serve();
    let (status, told) = subject.refused(&["mail", "test", "kepala@sekolah.sch.id"]);
    assert_eq!(status, Some(1));
    let want = "refused: the mail server refused the receiver: 550 5.1.1 no such user here";
    assert!(told.contains(want), "{told}");
    let (status, told) = subject.refused(&["mail", "test", "kepala"]);
    assert_eq!(status, Some(1));
    assert!(told.contains("expected an e-mail address"), "{told}");
    assert_eq!(daemon.get("/health").0, 200);
}

#[test]
fn without_a_server_it_says_so() {
    let subject = TestBox::new("");
    let (status, told) = subject.refused(&["mail", "test", "kepala@sekolah.sch.id"]);
    assert_eq!(status, Some(1));
    assert!(
        told.contains("no mail server is configured: see [mail]"),
        "{told}"
    );
}

#[test]
fn user_password_and_authority_come_from_files_and_follow_a_reload() {
    let (authority, server, _) = closed();
    let manner = Manner {
        start_tls: Some(server.acceptor()),
        login: Some(("PLAIN", "hadir", "kata sandi surel")),
        ..Manner::default()
    };
    let mailbox = Mailbox::start(manner);
    let subject = TestBox::new("");
    let daemon = subject.serve();
    assert!(
        !test(&subject).status.success(),
        "nothing is configured yet"
    );
    let pem = subject.scratch.write("mail-ca.pem", authority.pem());
    let secret = subject.scratch.write("smtp", "salah\n");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("chmod");
    let more = format!(
        "user = \"hadir\"\nsecret = \"file:{}\"\nauthority = \"{}\"\n",
        secret.display(),
        pem.display()
    );
    let file = subject.scratch.path("hadir.toml");
    let whole = std::fs::read_to_string(&file).expect("the configuration");
    std::fs::write(&file, format!("{whole}\n{}", section(&mailbox, &more))).expect("write");
    let told = subject.json(&["reload"]);
    assert_eq!(told["taken"][0], "mail");
    let (_, told) = subject.refused(&["mail", "test", "kepala@sekolah.sch.id"]);
    assert!(told.contains("refused user and password: 535"), "{told}");
    std::fs::write(&secret, "kata sandi surel\n").expect("write");
    let output = test(&subject);
    assert!(
        output.status.success(),
        "the new password, at once: {}",
        text(&output.stderr)
    );
    assert_eq!(mailbox.taken().len(), 1);
    let written = daemon.running.written();
    assert!(
        !written.contains("kata sandi") && !written.contains("kepala@"),
        "{written}"
    );
}

#[test]
fn what_could_not_be_sent_is_listed_and_tried_again() {
    let refusing = Manner {
        says: vec![("RCPT", b"550 5.1.1 unknown\r\n".to_vec())],
        ..Manner::default()
    };
    let mailbox = Mailbox::start(refusing);
    let subject = TestBox::new(&section(&mailbox, "tls = \"off\"\n"));
    let person = person(&subject, "kepala", "admin");
    let empty = subject.json(&["mail", "list"]);
    assert_eq!(
        (&empty["configured"], &empty["waiting"], &empty["failed"]),
        (&true.into(), &0.into(), &0.into())
    );
    let daemon = subject.serve();
    let client = Client::signed_in(&daemon.address(), "kepala");
    let path = format!("/api/v1/people/{person}");
    let changed = client.ask("PATCH", &path, r#"{"email":"kepala@sekolah.sch.id"}"#);
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(client.ask("POST", "/settings/mail-test", "").status, 303);
    let failed = || subject.json(&["mail", "list"])["failed"] == 1;
    eventually(LONG, "the server refuses", failed);
    let list = subject.json(&["mail", "list"]);
    let mail = &list["mails"][0];
    assert_eq!(
        (&mail["kind"], &mail["again_at"]),
        (&"test".into(), &hadir::base::json::Value::Null)
    );
    assert_eq!(mail["error"], "the mail server refused the receiver: 550");
    assert_eq!(subject.json(&["status"])["mail"]["failed"], 1);
    let shown = text(&subject.run(&["mail", "list"]).stdout);
    assert!(
        shown.starts_with("0 waiting, 1 given up\n") && !shown.contains("kepala@"),
        "{shown}"
    );
    mailbox.become_(Manner::default());
    let id = mail["mail"].as_str().expect("an id");
    assert!(subject.run(&["mail", "retry", id]).status.success());
    eventually(LONG, "the mail comes", || mailbox.taken().len() == 1);
    eventually(LONG, "that is noted", || {
        let list = subject.json(&["mail", "list"]);
        list["waiting"] == 0 && list["failed"] == 0
    });
    let (_, told) = subject.refused(&["mail", "retry", id]);
    assert!(
        told.contains("there is no such mail, or it was sent"),
        "{told}"
    );
    let written = daemon.running.written();
    assert!(
        written.contains("event=mail_given_up") && written.contains("event=mail_sent"),
        "{written}"
    );
    assert!(!written.contains("kepala@"), "{written}");
}
