//! Proxies: what one says about its client counts only if the proxy is trusted, and a request
//! that carries such words from anywhere else is never taken for one of this machine.

use crate::http::request::Peer;
use http::HeaderMap;
use std::net::IpAddr;
use std::str::FromStr;

/// A network: an address and how many of its first bits matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("\"{text}\" is no address or network such as 10.0.0.1 or 10.0.0.0/8");
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
        if bits > most {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl Network {
    /// Whether the address lies in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                same(a.to_bits().into(), b.to_bits().into(), 32, self.bits)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128, self.bits),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn same(a: u128, b: u128, width: u8, bits: u8) -> bool {
    let differ = (a ^ b).checked_shr(u32::from(width - bits));
    differ.unwrap_or(0) == 0
}

const WORDS: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Who calls, by the connection and by what a proxy before it says (`X-Forwarded-For`, the last
/// address that is no trusted proxy; `X-Forwarded-Proto`).
#[must_use]
pub fn peer(connection: Peer, headers: &HeaderMap, trusted: &[Network]) -> Peer {
    if !WORDS.iter().any(|word| headers.contains_key(*word)) {
        return connection;
    }
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(connection.address) {
        return Peer {
            loopback: false,
            ..connection
        };
    }
    let lines = headers.get_all("x-forwarded-for").into_iter();
    let told: Vec<IpAddr> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|item| item.trim().parse().ok())
        .collect();
    let client = told
        .iter()
        .rev()
        .find(|a| !is_trusted(**a))
        .or_else(|| told.first());
    let scheme = headers
        .get("x-forwarded-proto")
        .and_then(|v| v.to_str().ok());
    Peer {
        address: client.map_or(connection.address, |a| a.to_canonical()),
        loopback: false,
        secure: scheme.map_or(connection.secure, |s| s.eq_ignore_ascii_case("https")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn seen(from: &str, lines: &[(&'static str, &str)]) -> Peer {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a value"));
        }
        let connection = Peer {
            address: address(from),
            loopback: address(from).is_loopback(),
            secure: false,
        };
        let trusted = [
            "127.0.0.1".parse().expect("one"),
            "10.0.0.0/8".parse().expect("many"),
        ];
        peer(connection, &headers, &trusted)
    }

    #[test]
    fn without_a_proxy_the_connection_counts() {
        let peer = seen("127.0.0.1", &[("x-other", "1.2.3.4")]);
        assert!(peer.loopback && !peer.secure);
    }

    #[test]
    fn a_stranger_s_words_only_take_away() {
        for name in WORDS {
            let peer = seen("192.168.1.5", &[(name, "127.0.0.1")]);
            assert_eq!(peer.address, address("192.168.1.5"), "{name}");
            assert!(!peer.loopback && !peer.secure, "{name}");
        }
        let peer = seen("::1", &[("x-forwarded-proto", "https")]);
        assert!(
            !peer.loopback && !peer.secure,
            "not from this machine itself"
        );
    }

    #[test]
    fn a_trusted_proxy_names_its_client() {
        let table = [
            ("5.6.7.8", "5.6.7.8"),
            ("1.1.1.1, 5.6.7.8", "5.6.7.8"),
            ("5.6.7.8, 10.1.2.3, 127.0.0.1", "5.6.7.8"),
            ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
            ("rubbish", "127.0.0.1"),
            ("127.0.0.1", "127.0.0.1"),
        ];
        for (line, want) in table {
            let peer = seen(
                "127.0.0.1",
                &[("x-forwarded-for", line), ("x-forwarded-proto", "HTTPS")],
            );
            assert_eq!(peer.address, address(want), "{line}");
            assert!(peer.secure && !peer.loopback, "{line}");
        }
    }

    #[test]
    fn networks_are_read_and_compared() {
        let table = [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ];
        for (network, inside, want) in table {
            let network: Network = network.parse().expect(network);
            assert_eq!(
                network.contains(address(inside)),
                want,
                "{network:?} {inside}"
            );
        }
        for wrong in [
            "",
            "10.0.0.0/33",
            "10.0.0.0/x",
            "a.b",
            "::/129",
            "10.0.0.0/-1",
        ] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
