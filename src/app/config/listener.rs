//! `[[listener]]`: the addresses on which the box answers.

use crate::app::config::document::{Place, Table};
use crate::app::config::section::{Problems, Section};
use crate::crypto::certificate::Names;
use crate::domain::surface::Surface;
use crate::host::credential;
use crate::http::forward::Network;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Port of the pages and of our own interface in development.
const NATIVE_PORT: u16 = 8080;

/// Port of the surface `identity` in development, which its clients know.
const IDENTITY_PORT: u16 = 18081;

/// Whose certificate a listener shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// None: it speaks plain HTTP.
    Off,
    /// That of the box's own authority.
    Box,
    /// One that somebody brought.
    Files {
        /// The certificate and its chain, PEM.
        cert: PathBuf,
        /// Where its private key is, PEM.
        key: credential::Place,
    },
}

/// One address and what is served there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The address.
    pub address: SocketAddr,
    /// The setting that names it, for messages.
    pub key: String,
    /// What it serves.
    pub surface: Surface,
    /// Whose certificate it shows.
    pub tls: Tls,
    /// Proxies before it, whose words about their clients count.
    pub trusted_proxies: Vec<Network>,
}

/// Reads all listeners; without any, ours on loopback, and in development those of the old
/// surfaces too.
pub fn listeners(root: &mut Table, development: bool, problems: &mut Problems) -> Vec<Listener> {
    let Some(sections) = Section::take_list(root, "listener", problems) else {
        let own = [
            (Surface::Native, NATIVE_PORT),
            (Surface::Identity, IDENTITY_PORT),
        ];
        let count = if development { own.len() } else { 1 };
        let listeners = own.into_iter().take(count).enumerate();
        return listeners
            .map(|(number, (surface, port))| Listener {
                address: SocketAddr::from(([127, 0, 0, 1], port)),
                key: format!("listener.{number}.address"),
                surface,
                tls: Tls::Off,
                trusted_proxies: Vec::new(),
            })
            .collect();
    };
    let mut listeners: Vec<Listener> = Vec::new();
    for section in sections {
        if let Some(listener) = listener(section, &listeners, problems) {
            listeners.push(listener);
        }
    }
    listeners
}

fn listener(
    mut section: Section,
    others: &[Listener],
    problems: &mut Problems,
) -> Option<Listener> {
    let key = section.full("address");
    let place = section.place("address");
    let address = section.parsed_with("address", problems, |text| {
        text.parse::<SocketAddr>()
            .map_err(|_| format!("\"{text}\" is not an address and port such as 127.0.0.1:8080"))
    });
    let served = [Surface::Native, Surface::Identity].map(|s| (s.code(), s));
    let surface = section.choice("surface", problems, &served);
    let tls = tls(&mut section, problems);
    let trusted_proxies = section.list("trusted_proxies", problems);
    if place.is_none() {
        problems.add(&Place::Line(1), format!("{key} is missing"));
    }
    section.finish(problems);
    let address = address?;
    if address.port() != 0 && others.iter().any(|o| o.address == address) {
        let place = place.unwrap_or(Place::Line(1));
        problems.add(
            &place,
            format!("{key}: another listener has {address} already"),
        );
        return None;
    }
    Some(Listener {
        address,
        key,
        surface: surface.unwrap_or(Surface::Native),
        tls,
        trusted_proxies,
    })
}

/// `tls = "off"`, `tls = "box"` or `tls = { cert = "PATH", key = "file:PATH" }`.
fn tls(section: &mut Section, problems: &mut Problems) -> Tls {
    let place = section.place("tls").unwrap_or(Place::Line(1));
    let Some(mut files) = section.inner("tls") else {
        let own = section.choice("tls", problems, &[("off", false), ("box", true)]);
        return if own == Some(true) {
            Tls::Box
        } else {
            Tls::Off
        };
    };
    let (whole, named) = (files.place("cert").is_some(), files.place("key").is_some());
    if !(whole && named) {
        let name = section.full("tls");
        problems.add(&place, format!("{name} needs both cert and key"));
    }
    let cert = files.parsed("cert", problems);
    let key = files.parsed("key", problems);
    files.finish(problems);
    match (cert, key) {
        (Some(cert), Some(key)) => Tls::Files { cert, key },
        (_, _) => Tls::Off,
    }
}

/// A name or address of the box.
struct BoxName(String);

impl FromStr for BoxName {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match Names::read([text]) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err(format!("\"{text}\" is neither a host name nor an address")),
        }
    }
}

/// Reads `[tls]`.
pub fn names(root: &mut Table, problems: &mut Problems) -> Vec<String> {
    let mut section = Section::take(root, "tls", problems);
    let names: Vec<BoxName> = section.list("names", problems);
    section.finish(problems);
    names.into_iter().map(|name| name.0).collect()
}

#[cfg(test)]
impl Listener {
    /// A listener for the tests of others, with no proxy before it.
    pub(in crate::app) fn at(address: &str, tls: Tls) -> Self {
        Self {
            address: address.parse().expect("address"),
            key: "listener.0.address".to_owned(),
            surface: Surface::Native,
            tls,
            trusted_proxies: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document::parse;

    fn read(text: &str) -> (Vec<Listener>, Vec<String>) {
        let (mut root, list) = parse("f", text);
        let mut problems = Problems::new("f", list);
        let got = listeners(&mut root, true, &mut problems);
        (
            got,
            problems
                .into_list()
                .iter()
                .map(ToString::to_string)
                .collect(),
        )
    }

    #[test]
    fn certificates_are_the_boxs_or_files() {
        let one = |tls: &str| {
            read(&format!(
                "[[listener]]\naddress = \"[::]:443\"\ntls = {tls}\n"
            ))
        };
        let files = Tls::Files {
            cert: "/a.pem".into(),
            key: credential::Place::File("/a.key".into()),
        };
        let good = [
            ("\"off\"", Tls::Off),
            ("\"box\"", Tls::Box),
            ("{ cert = \"/a.pem\", key = \"file:/a.key\" }", files),
        ];
        for (text, tls) in good {
            let (got, problems) = one(text);
            assert_eq!(
                (&got[0].tls, problems.len()),
                (&tls, 0),
                "{text}: {problems:?}"
            );
        }
        let bad = [
            (
                "\"on\"",
                "f:3: listener.0.tls: \"on\" is not allowed; allowed: \"off\", \"box\"",
            ),
            (
                "{ cert = \"/a\" }",
                "f:3: listener.0.tls needs both cert and key",
            ),
            (
                "{ cert = \"/a\", key = \"KEY\" }",
                "f:3: listener.0.tls.key: ",
            ),
            (
                "{ cert = \"/a\", key = \"file:/b\", ca = \"\" }",
                "f:3: listener.0.tls.ca",
            ),
            ("7", "f:3: listener.0.tls is a text in quotation marks"),
        ];
        for (text, want) in bad {
            let (_, problems) = one(text);
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert!(problems[0].starts_with(want), "{text}: {problems:?}");
        }
    }

    #[test]
    fn addresses_are_read_and_doubles_refused() {
        let (got, problems) = read(
            "[[listener]]\naddress = \"127.0.0.1:1\"\ntls = \"off\"\n[[listener]]\naddress = \"127.0.0.1:1\"\n[[listener]]\nsurface = \"chat\"\n",
        );
        assert_eq!(got.len(), 1);
        assert_eq!(
            problems,
            [
                "f:1: listener.2.address is missing",
                "f:5: listener.1.address: another listener has 127.0.0.1:1 already",
                "f:7: listener.2.surface: \"chat\" is not allowed; allowed: \"native\", \"identity\"",
            ]
        );
    }

    #[test]
    fn development_has_the_old_surfaces_and_a_box_says_which() {
        let without = |development| {
            let (mut root, list) = parse("f", "");
            let found = listeners(&mut root, development, &mut Problems::new("f", list));
            let told = |l: &Listener| format!("{} {} {}", l.key, l.surface, l.address);
            found.iter().map(told).collect::<Vec<_>>()
        };
        let own = "listener.0.address native 127.0.0.1:8080".to_owned();
        let identity = "listener.1.address identity 127.0.0.1:18081".to_owned();
        assert_eq!(without(false), std::slice::from_ref(&own));
        assert_eq!(without(true), [own, identity]);
        let text = "[[listener]]\naddress = \"127.0.0.1:1\"\nsurface = \"identity\"\n";
        let (got, problems) = read(text);
        assert_eq!((got[0].surface, problems), (Surface::Identity, Vec::new()));
    }

    #[test]
    fn proxies_are_addresses_or_networks() {
        let text = |list: &str| {
            format!("[[listener]]\naddress = \"127.0.0.1:1\"\ntrusted_proxies = {list}\n")
        };
        let (got, problems) = read(&text("[\"10.0.0.0/8\", \"::1\"]"));
        assert_eq!((got[0].trusted_proxies.len(), problems), (2, Vec::new()));
        let (_, problems) = read(&text("[\"here\"]"));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with("f:3: listener.0.trusted_proxies: \"here\" is no"));
        let (_, problems) = read(&text("true"));
        assert_eq!(
            problems,
            ["f:3: listener.0.trusted_proxies is a list of texts"]
        );
    }
}
