//! How the program was started: what the pages of an administrator without a shell tell of it.

use crate::base::secret::Secret;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// A listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether it speaks TLS.
    pub secure: bool,
}

/// What the configuration settled for as long as the program runs.
#[derive(Debug, Clone, Default)]
pub struct Started {
    /// The file of the configuration; None: the program's defaults.
    pub file: Option<PathBuf>,
    /// Names of the variables of the environment that override it.
    pub variables: Vec<String>,
    /// The listeners.
    pub doors: Vec<Door>,
    /// The token by which the box's own screen pairs itself; None: it has none.
    pub own_screen: Option<Secret<String>>,
}

impl Started {
    /// The addresses for browsers of other devices: of each listener that they can reach, with
    /// `names` as the box's names and addresses. Those with TLS first.
    #[must_use]
    pub fn addresses(&self, names: &[String]) -> Vec<String> {
        let mut doors: Vec<Door> = self.doors.clone();
        doors.retain(|door| !door.address.ip().is_loopback());
        doors.sort_by_key(|door| !door.secure);
        let mut all = Vec::new();
        for door in doors {
            match door.address.ip() {
                ip if ip.is_unspecified() => {
                    let seen = names.iter().filter(|name| is_outside(name));
                    all.extend(seen.map(|name| door.address_of(name)));
                }
                ip => all.push(door.address_of(&ip.to_string())),
            }
        }
        all.dedup();
        all
    }
}

/// The address for a phone, which may not know names of the local network: the first with plain
/// digits, else the first.
#[must_use]
pub fn for_phones(addresses: &[String]) -> Option<&String> {
    let digits = |address: &&String| {
        let host = address.split("://").nth(1).unwrap_or_default();
        host.bytes()
            .all(|b| b.is_ascii_digit() || b".:".contains(&b))
    };
    addresses.iter().find(digits).or_else(|| addresses.first())
}

/// Whether a name or address leads here from another device.
fn is_outside(name: &str) -> bool {
    let local = |ip: IpAddr| match ip {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unicast_link_local(),
    };
    name != "localhost" && !name.parse::<IpAddr>().is_ok_and(local)
}

impl Door {
    fn address_of(&self, name: &str) -> String {
        let (scheme, usual) = match self.secure {
            true => ("https", 443),
            false => ("http", 80),
        };
        let name = match name.contains(':') {
            true => format!("[{name}]"),
            false => name.to_owned(),
        };
        match self.address.port() {
            port if port == usual => format!("{scheme}://{name}"),
            port => format!("{scheme}://{name}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(doors: &[(&str, bool)]) -> Started {
        let door = |(address, secure): &(&str, bool)| Door {
            address: address.parse().expect("an address"),
            secure: *secure,
        };
        Started {
            doors: doors.iter().map(door).collect(),
            ..Started::default()
        }
    }

    #[test]
    fn addresses_lead_here_from_another_device() {
        let names = [
            "localhost",
            "hadir.local",
            "192.168.1.7",
            "127.0.0.1",
            "fe80::1",
            "fd00::7",
        ];
        let names = names.map(str::to_owned);
        let box_of_a_school = started(&[("0.0.0.0:80", false), ("[::]:443", true)]);
        assert_eq!(
            box_of_a_school.addresses(&names),
            [
                "https://hadir.local",
                "https://192.168.1.7",
                "https://[fd00::7]",
                "http://hadir.local",
                "http://192.168.1.7",
                "http://[fd00::7]",
            ]
        );
        let phones = box_of_a_school.addresses(&names);
        assert_eq!(for_phones(&phones), Some(&phones[1]));
        assert_eq!(for_phones(&phones[..1]), Some(&phones[0]));
        assert_eq!(for_phones(&[]), None);
        let one = started(&[("10.0.0.5:8443", true), ("127.0.0.1:8080", false)]);
        assert_eq!(one.addresses(&names), ["https://10.0.0.5:8443"]);
        let development = started(&[("127.0.0.1:8080", false)]);
        assert_eq!(development.addresses(&names), [""; 0]);
    }
}
