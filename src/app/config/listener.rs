//! `[[listener]]`: the addresses on which the box answers.

use crate::app::config::document::{Place, Table};
use crate::app::config::section::{Problems, Section};
use std::net::SocketAddr;

/// Port of the pages and of our own interface in development.
const NATIVE_PORT: u16 = 8080;

/// One address and what is served there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The address.
    pub address: SocketAddr,
    /// The setting that names it, for messages.
    pub key: String,
}

fn native(address: SocketAddr, key: String) -> Listener {
    Listener { address, key }
}

/// Reads all listeners; without any, the development default.
pub fn listeners(root: &mut Table, problems: &mut Problems) -> Vec<Listener> {
    let Some(sections) = Section::take_list(root, "listener", problems) else {
        let address = SocketAddr::from(([127, 0, 0, 1], NATIVE_PORT));
        return vec![native(address, "listener.0.address".to_owned())];
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
    section.choice("surface", problems, &[("native", ())]);
    section.choice("tls", problems, &[("off", ())]);
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
    Some(native(address, key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document::parse;

    fn read(text: &str) -> (Vec<Listener>, Vec<String>) {
        let (mut root, list) = parse("f", text);
        let mut problems = Problems::new("f", list);
        let got = listeners(&mut root, &mut problems);
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
                "f:7: listener.2.surface: \"chat\" is not allowed; allowed: \"native\"",
            ]
        );
    }
}
