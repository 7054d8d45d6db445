//! The keys of `[mail]`: what each takes, what it does, what it refuses; and that what it names is
//! looked at when a mail is sent.

use crate::settings::key::read;
use crate::support::boxed::TestBox;
use hadir::host::credential::Place;
use hadir::surface::post::{MailSetting, MailTls};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

const WHOLE: &str = "[mail]\nserver = \"smtp.sch.id\"\nsender = \"hadir@sch.id\"\n";

fn setting(more: &str) -> MailSetting {
    let config = read(&format!("{WHOLE}{more}")).unwrap_or_else(|told| panic!("{more}: {told:?}"));
    config.mail.expect("a server")
}

#[test]
fn each_key_does_what_it_says() {
    let usual = setting("");
    assert_eq!((usual.server.as_str(), usual.port), ("smtp.sch.id", 587));
    assert_eq!(
        (usual.tls, usual.login, usual.authority),
        (MailTls::StartTls, None, None)
    );
    assert_eq!(usual.sender.as_str(), "hadir@sch.id");
    assert_eq!(setting("tls = \"tls\"\n").port, 465);
    assert_eq!(setting("tls = \"tls\"\nport = 2465\n").port, 2465);
    let login = setting("user = \"u\"\nsecret = \"credential:hadir.smtp\"\n").login;
    let place = Place::Credential("hadir.smtp".to_owned());
    assert_eq!(login, Some(("u".to_owned(), place)));
    let authority = setting("authority = \"/etc/hadir/ca.pem\"\n").authority;
    assert_eq!(authority.as_deref(), Some(Path::new("/etc/hadir/ca.pem")));
    assert_eq!(read("").expect("good").mail, None);
    assert_eq!(read("[mail]\n").expect("good").mail, None);
}

#[test]
fn a_server_in_the_clear_is_this_machine_alone() {
    for own in ["127.0.0.1", "127.8.8.8", "::1", "localhost"] {
        let text = format!("[mail]\nserver = \"{own}\"\nsender = \"h@sch.id\"\ntls = \"off\"\n");
        let mail = read(&text).expect(own).mail.expect("a server");
        assert_eq!((mail.tls, mail.port), (MailTls::Off, 25), "{own}");
    }
    for other in [
        "smtp.sch.id",
        "192.168.1.5",
        "localhost.sch.id",
        "::2",
        "0.0.0.0",
    ] {
        let text = format!("[mail]\nserver = \"{other}\"\nsender = \"h@sch.id\"\ntls = \"off\"\n");
        let told = read(&text).expect_err(other);
        assert!(
            told[0].contains("only for a server on this machine"),
            "{told:?}"
        );
    }
}

#[test]
fn every_mistake_is_named_with_its_line() {
    let table: [(&str, &str); 14] = [
        ("server = ''", "mail.server: \"\" is no server"),
        ("server = 'a b'", "is no server"),
        ("server = 'smtp://x'", "is no server"),
        ("server = 7", "in quotation marks"),
        (
            "sender = 'hadir'",
            "mail.sender: expected an e-mail address",
        ),
        ("sender = \"h@sch.id\\r\\nBcc: x@x.id\"", "mail.sender: "),
        ("port = 0", "mail.port is a number from 1 to 65535"),
        ("port = 65536", "mail.port is a number from 1 to 65535"),
        ("port = '25'", "mail.port is a number"),
        ("tls = 'ssl'", "allowed: \"starttls\", \"tls\", \"off\""),
        ("user = ''", "mail.user: a user's name is wanted"),
        (
            "secret = 'rahasia-4711'",
            "mail.secret: a secret is named as",
        ),
        ("authority = 1", "in quotation marks"),
        ("relay = 'x'", "mail.relay is not a key"),
    ];
    for (line, want) in table {
        let key = line.split(' ').next().expect("a key");
        let kept = WHOLE.lines().filter(|l| !l.starts_with(&format!("{key} ")));
        let text = kept.collect::<Vec<_>>().join("\n") + "\n" + line + "\n";
        let told = read(&text).expect_err(line).join("\n");
        assert!(told.contains(want), "{line}: {told}");
        assert!(!told.contains("rahasia-4711"), "a secret is not repeated");
        let number = text.lines().count();
        assert!(
            told.contains(&format!("h.toml:{number}: ")),
            "{line}: {told}"
        );
    }
}

#[test]
fn what_the_configuration_names_is_looked_at_when_a_mail_goes() {
    let subject = TestBox::new("[mail]\nserver = \"127.0.0.1\"\nport = 9\nsender = \"h@sch.id\"\n");
    let file = subject.scratch.path("hadir.toml");
    let whole = std::fs::read_to_string(&file).expect("the configuration");
    let secret = subject.scratch.write("smtp", "kata sandi surel");
    let pem = subject.scratch.write("ca.pem", "no certificate");
    let refused = |more: &str| {
        std::fs::write(&file, format!("{whole}{more}")).expect("write");
        let (status, told) = subject.refused(&["mail", "test", "kepala@sch.id"]);
        assert_eq!(status, Some(1), "{told}");
        assert!(!told.contains("kata sandi"), "{told}");
        told
    };
    let missing = refused("authority = \"/nowhere/ca.pem\"\n");
    assert!(
        missing.contains("the authorities in /nowhere/ca.pem: "),
        "{missing}"
    );
    let empty = refused(&format!("authority = \"{}\"\n", pem.display()));
    assert!(
        empty.contains("no authority's certificate is in it"),
        "{empty}"
    );
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o644)).expect("chmod");
    let named = format!("user = \"u\"\nsecret = \"file:{}\"\n", secret.display());
    let open = refused(&named);
    assert!(
        open.contains("mail.secret: ") && open.contains("chmod 600"),
        "{open}"
    );
    let gone = refused("user = \"u\"\nsecret = \"file:/nowhere/smtp\"\n");
    assert!(
        gone.contains("mail.secret: /nowhere/smtp does not exist"),
        "{gone}"
    );
    let alone = refused("user = \"u\"\nsecret = \"credential:hadir.smtp\"\n");
    assert!(alone.contains("no credentials were handed over"), "{alone}");
    let silent = refused("tls = \"off\"\n");
    assert!(
        silent.contains("the mail server cannot be reached"),
        "{silent}"
    );
}
