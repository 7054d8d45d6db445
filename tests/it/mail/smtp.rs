//! Conversations with a mail server of the tests' own: what it takes, what it refuses, what a
//! hostile one can do.

use crate::support::mailbox::{Mailbox, Manner};
use hadir::base::secret::Secret;
use hadir::base::text::Email;
use hadir::base::time::{Span, Timestamp};
use hadir::crypto::certificate::{Authority, Names};
use hadir::crypto::random::{Seed, Seeded};
use hadir::crypto::tls::{self, Connector};
use hadir::http::smtp::{Security, Server, SmtpError, send};

const MAIL: &str = "Subject: x\r\n\r\nbaris\r\n.\r\n..titik\r\n";

fn email(text: &str) -> Email {
    text.parse().expect("an address")
}

/// The server's certificate for loopback, and a client that believes it.
pub fn closed() -> (Authority, tls::Server, Connector) {
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    let now = Timestamp::from_millis(i64::try_from(since.as_millis()).expect("fits"));
    let mut entropy = Seeded::new(&Seed::from_number(12));
    let authority = Authority::create(
        "mail of the test",
        now.plus(Span::from_seconds(-60)),
        &mut entropy,
    );
    let authority = authority.expect("authority");
    let names = Names::read(["127.0.0.1", "localhost"]).expect("names");
    let certificate = authority.issue(&names, now, &mut entropy).expect("issue");
    let server = tls::Server::new(&certificate).expect("server");
    let client = tls::connector(authority.pem().as_bytes()).expect("client");
    (authority, server, client)
}

async fn mail_to(
    mailbox: &Mailbox,
    security: Security,
    login: Option<(&str, &str)>,
) -> Result<(), SmtpError> {
    let server = Server {
        host: "127.0.0.1",
        port: mailbox.address.port(),
        security,
        login: login.map(|(user, word)| (user, Secret::new(word.to_owned()))),
    };
    send(
        &server,
        &email("hadir@sch.id"),
        &email("budi@example.id"),
        MAIL,
    )
    .await
}

async fn plain(manner: Manner) -> (Mailbox, Result<(), SmtpError>) {
    let mailbox = Mailbox::start(manner);
    let sent = mail_to(&mailbox, Security::Loopback, None).await;
    (mailbox, sent)
}

#[tokio::test]
async fn a_mail_comes_as_it_was_sent() {
    let (mailbox, sent) = plain(Manner::default()).await;
    assert_eq!(sent, Ok(()));
    let taken = mailbox.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].mail, MAIL, "dots at the beginning of lines too");
    assert_eq!(
        (taken[0].from.as_str(), taken[0].to.as_str()),
        ("<hadir@sch.id>", "<budi@example.id>")
    );
    assert_eq!(mailbox.heard()[0], "EHLO [127.0.0.1]");
}

#[tokio::test]
async fn with_starttls_only_the_first_word_is_in_the_clear() {
    let (_, server, client) = closed();
    for (ways, user, word) in [
        ("PLAIN LOGIN", "hadir", "rahasia ü"),
        ("login", "hadir", "rahasia"),
    ] {
        let manner = Manner {
            start_tls: Some(server.acceptor()),
            login: Some((ways, user, word)),
            ..Manner::default()
        };
        let mailbox = Mailbox::start(manner);
        let security = Security::StartTls(client.clone());
        assert_eq!(
            mail_to(&mailbox, security, Some((user, word))).await,
            Ok(()),
            "{ways}"
        );
        assert_eq!(mailbox.taken().len(), 1);
        let heard = mailbox.heard();
        let clear: Vec<_> = heard.iter().filter(|l| !l.starts_with('*')).collect();
        assert_eq!(clear, ["EHLO [127.0.0.1]", "STARTTLS"]);
    }
}

#[tokio::test]
async fn with_tls_nothing_is_in_the_clear() {
    let (_, server, client) = closed();
    let manner = Manner {
        tls: Some(server.acceptor()),
        ..Manner::default()
    };
    let mailbox = Mailbox::start(manner);
    assert_eq!(mail_to(&mailbox, Security::Tls(client), None).await, Ok(()));
    assert!(mailbox.heard().iter().all(|l| l.starts_with('*')));
}

#[tokio::test]
async fn a_server_that_is_not_the_one_meant_hears_no_password() {
    let (_, server, _) = closed();
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    let now = Timestamp::from_millis(i64::try_from(since.as_millis()).expect("fits"));
    let other = Authority::create("another", now, &mut Seeded::new(&Seed::from_number(13)));
    let other = tls::connector(other.expect("authority").pem().as_bytes()).expect("client");
    let starting = Manner {
        start_tls: Some(server.acceptor()),
        login: Some(("PLAIN", "u", "p")),
        ..Manner::default()
    };
    let mailbox = Mailbox::start(starting);
    let sent = mail_to(
        &mailbox,
        Security::StartTls(other.clone()),
        Some(("u", "p")),
    )
    .await;
    assert!(matches!(sent, Err(SmtpError::Tls(_))), "{sent:?}");
    let heard = mailbox.heard().join("\n");
    assert!(
        !heard.contains("AUTH") && !heard.contains("MAIL"),
        "{heard}"
    );
    // One that offers no encryption at all: somebody between may have taken the offer away.
    let mailbox = Mailbox::start(Manner::default());
    let sent = mail_to(&mailbox, Security::StartTls(other), Some(("u", "p"))).await;
    assert_eq!(sent, Err(SmtpError::NoTls));
    assert!(!mailbox.heard().join("\n").contains("AUTH"));
}

/// What stands behind the answer to STARTTLS would count as said by the right server.
#[tokio::test]
async fn words_put_behind_starttls_are_no_answer() {
    let (_, server, client) = closed();
    let manner = Manner {
        start_tls: Some(server.acceptor()),
        says: vec![("STARTTLS", b"220 begin\r\n250 all is well\r\n".to_vec())],
        ..Manner::default()
    };
    let mailbox = Mailbox::start(manner);
    let sent = mail_to(&mailbox, Security::StartTls(client), None).await;
    assert_eq!(sent, Err(SmtpError::NoMailServer));
}

#[tokio::test]
async fn a_refusal_is_told_with_its_step_code_and_words() {
    let table: [(&str, &[u8], &str, bool); 7] = [
        (
            "GREETING",
            b"554 go away\r\n",
            "the mail server refused the greeting: 554 go away",
            false,
        ),
        (
            "EHLO",
            b"421 too busy\r\n",
            "the mail server refused EHLO: 421 too busy",
            false,
        ),
        (
            "MAIL",
            b"550 not from you\r\n",
            "the mail server refused the sender: 550 not from you",
            false,
        ),
        (
            "RCPT",
            b"550-no\r\n550 such user\r\n",
            "the mail server refused the receiver: 550 no such user",
            true,
        ),
        (
            "RCPT",
            b"450 later\r\n",
            "the mail server refused the receiver: 450 later",
            false,
        ),
        (
            "DATA",
            b"452 full\r\n",
            "the mail server refused the mail: 452 full",
            false,
        ),
        (
            ".",
            b"554 spam\r\n",
            "the mail server refused the mail: 554 spam",
            true,
        ),
    ];
    for (begin, answer, told, is_final) in table {
        let manner = Manner {
            says: vec![(begin, answer.to_vec())],
            ..Manner::default()
        };
        let (mailbox, sent) = plain(manner).await;
        let error = sent.expect_err(told);
        assert_eq!(
            (error.to_string().as_str(), error.is_final()),
            (told, is_final)
        );
        assert_eq!(mailbox.taken(), []);
    }
}

#[tokio::test]
async fn a_wrong_password_and_unknown_ways_are_refusals() {
    let manner = |ways| Manner {
        login: Some((ways, "u", "right")),
        ..Manner::default()
    };
    for (ways, want) in [("PLAIN", "535"), ("LOGIN", "535"), ("XOAUTH2", "known way")] {
        let mailbox = Mailbox::start(manner(ways));
        let sent = mail_to(&mailbox, Security::Loopback, Some(("u", "wrong"))).await;
        let error = sent.expect_err(ways);
        assert!(
            error.to_string().contains(want) && !error.is_final(),
            "{error}"
        );
    }
}

/// Endless lines, endless answers, another protocol, silence at the end: an error each, in
/// bounded memory.
#[tokio::test]
async fn what_is_no_mail_server_is_left() {
    let table: [(&str, Vec<u8>); 6] = [
        ("GREETING", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        ("GREETING", vec![b'x'; 100_000]),
        ("EHLO", b"250-x\r\n".repeat(5_000)),
        (
            "EHLO",
            [b"250 ".to_vec(), vec![b'a'; 5_000], b"\r\n".to_vec()].concat(),
        ),
        ("MAIL", b"\xff\xfe\xfd\r\n".to_vec()),
        ("RCPT", b"\r\n".to_vec()),
    ];
    for (begin, answer) in table {
        let manner = Manner {
            says: vec![(begin, answer)],
            ..Manner::default()
        };
        let (_, sent) = plain(manner).await;
        assert_eq!(sent, Err(SmtpError::NoMailServer), "{begin}");
    }
}

#[tokio::test]
async fn where_nobody_listens_is_told() {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let port = free.local_addr().expect("address").port();
    drop(free);
    let server = |host, security| Server {
        host,
        port,
        security,
        login: None,
    };
    let (from, to) = (email("hadir@sch.id"), email("budi@example.id"));
    let sent = send(&server("127.0.0.1", Security::Loopback), &from, &to, MAIL).await;
    assert!(matches!(sent, Err(SmtpError::Unreachable(_))), "{sent:?}");
    let sent = send(
        &server("no-such-host.invalid", Security::Loopback),
        &from,
        &to,
        MAIL,
    )
    .await;
    assert!(matches!(sent, Err(SmtpError::Unreachable(_))), "{sent:?}");
}
