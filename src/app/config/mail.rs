//! `[mail]`: the server that mails go through.

use crate::app::config::document::Table;
use crate::app::config::section::{Problems, Section};
use crate::host::credential::Place;
use crate::surface::post::{MailSetting, MailTls};
use std::net::IpAddr;
use std::path::PathBuf;

/// The words of `tls`, and the port that goes with each.
const TLS: [(&str, MailTls, u16); 3] = [
    ("starttls", MailTls::StartTls, 587),
    ("tls", MailTls::Tls, 465),
    ("off", MailTls::Off, 25),
];

/// Reads `[mail]`; None: no mails.
pub fn mail(root: &mut Table, problems: &mut Problems) -> Option<MailSetting> {
    let mut section = Section::take(root, "mail", problems);
    let first = [
        "server",
        "sender",
        "port",
        "tls",
        "user",
        "secret",
        "authority",
    ]
    .into_iter()
    .find_map(|key| section.place(key));
    let place = section.place("tls").or_else(|| section.place("server"));
    let server = section.parsed_with("server", problems, host);
    let sender = section.parsed("sender", problems);
    let words = TLS.map(|(word, tls, _)| (word, tls));
    let tls = section
        .choice("tls", problems, &words)
        .unwrap_or(MailTls::StartTls);
    let port = port(&mut section, tls, problems);
    let login = login(&mut section, problems);
    let authority = section.parsed::<PathBuf>("authority", problems);
    section.finish(problems);
    let first = first?;
    let (Some(server), Some(sender)) = (server, sender) else {
        problems.add(&first, "[mail] needs server and sender".to_owned());
        return None;
    };
    if let Some(place) = place.filter(|_| tls == MailTls::Off && !is_own(&server)) {
        problems.add(
            &place,
            "mail.tls: \"off\" is only for a server on this machine, such as 127.0.0.1".to_owned(),
        );
    }
    Some(MailSetting {
        server,
        port,
        tls,
        sender,
        login,
        authority,
    })
}

/// Whether the name can only be this machine.
fn is_own(server: &str) -> bool {
    server == "localhost" || server.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn host(text: &str) -> Result<String, String> {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let name = !text.is_empty() && text.len() <= 253 && text.bytes().all(good);
    let is_one = name || text.parse::<IpAddr>().is_ok();
    is_one.then(|| text.to_owned()).ok_or_else(|| {
        format!("\"{text}\" is no server: write a name or an address, the port as mail.port")
    })
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and 65535"
)]
fn port(section: &mut Section, tls: MailTls, problems: &mut Problems) -> u16 {
    let usual = TLS
        .iter()
        .find(|(_, of, _)| *of == tls)
        .map_or(587, |(_, _, port)| *port);
    let place = section.place("port");
    let Some(number) = section.number("port", problems, 1.0, 65_535.0) else {
        return usual;
    };
    if let Some(place) = place.filter(|_| number.fract() != 0.0) {
        problems.add(&place, "mail.port is a whole number".to_owned());
    }
    number as u16
}

fn login(section: &mut Section, problems: &mut Problems) -> Option<(String, Place)> {
    let place = section.place("user").or_else(|| section.place("secret"));
    let user = section.parsed_with("user", problems, |text| {
        let good = !text.is_empty() && text.len() <= 254 && !text.chars().any(char::is_control);
        good.then(|| text.to_owned())
            .ok_or("a user's name is wanted")
    });
    let wrong = section.place("secret");
    let secret = section.parsed::<Place>("secret", problems);
    match (user, secret) {
        (Some(user), Some(secret)) => Some((user, secret)),
        (None, None) => None,
        (Some(_), None) if wrong.is_some() => None, // said already
        (Some(_), None) | (None, Some(_)) => {
            if let Some(place) = place {
                problems.add(&place, "mail.user and mail.secret go together".to_owned());
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document;

    fn read(text: &str) -> (Option<MailSetting>, Vec<String>) {
        let (mut root, list) = document::parse("f", &format!("[mail]\n{text}"));
        let mut problems = Problems::new("f", list);
        let setting = mail(&mut root, &mut problems);
        let told = problems
            .into_list()
            .iter()
            .map(ToString::to_string)
            .collect();
        (setting, told)
    }

    #[test]
    fn a_server_and_a_sender_are_enough() {
        let (setting, told) = read("server = \"smtp.sch.id\"\nsender = \"hadir@sch.id\"\n");
        assert_eq!(told, [] as [String; 0]);
        let setting = setting.expect("a setting");
        assert_eq!((setting.port, setting.tls), (587, MailTls::StartTls));
        assert_eq!(read("").0, None);
        for (tls, port) in [("tls", 465), ("off", 25), ("starttls", 587)] {
            let text = format!("server = \"::1\"\nsender = \"h@sch.id\"\ntls = \"{tls}\"\n");
            assert_eq!(read(&text).0.map(|s| s.port), Some(port));
        }
    }

    #[test]
    fn what_cannot_be_is_named() {
        let whole = "server = \"smtp.sch.id\"\nsender = \"h@sch.id\"\n";
        for (text, want) in [
            (
                "server = \"smtp.sch.id\"\n".to_owned(),
                "f:2: [mail] needs server and sender",
            ),
            (
                "server = \"smtp.sch.id:25\"\nsender = \"h@sch.id\"\n".to_owned(),
                "f:2: mail.server: ",
            ),
            (
                "server = \"x\"\nsender = \"h\"\n".to_owned(),
                "f:3: mail.sender: ",
            ),
            (
                format!("{whole}tls = \"off\"\n"),
                "f:4: mail.tls: \"off\" is only",
            ),
            (
                format!("{whole}tls = \"on\"\n"),
                "f:4: mail.tls: \"on\" is not allowed",
            ),
            (format!("{whole}port = 0\n"), "f:4: mail.port is a number"),
            (
                format!("{whole}port = 25.5\n"),
                "f:4: mail.port is a whole number",
            ),
            (
                format!("{whole}user = \"u\"\n"),
                "f:4: mail.user and mail.secret go together",
            ),
            (
                format!("{whole}secret = \"file:/x\"\n"),
                "f:4: mail.user and mail.secret go together",
            ),
            (
                format!("{whole}user = \"u\"\nsecret = \"hunter2\"\n"),
                "f:5: mail.secret: a secret is named",
            ),
            (
                format!("{whole}sendr = \"x\"\n"),
                "f:4: mail.sendr is not a key",
            ),
        ] {
            let told = read(&text).1;
            assert!(told.iter().any(|t| t.starts_with(want)), "{text}: {told:?}");
            assert!(!told.join(" ").contains("hunter2"));
        }
    }
}
