//! Where a webhook may lead: every way of writing the box itself, its link, a metadata service; and
//! the texts that are addresses at all.

use hadir::domain::webhook::HookUrl;
use hadir::http::call::{CallError, Post, Reach, post};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn allowed(ip: impl Into<IpAddr>) -> bool {
    Reach::outside().allows(ip.into())
}

/// The addresses of IPv6 that stand for one of IPv4.
fn disguises(ip: Ipv4Addr) -> [Ipv6Addr; 4] {
    let [a, b, c, d] = ip.octets();
    let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    [
        ip.to_ipv6_mapped(),
        Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
        Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
    ]
}

#[test]
fn what_lies_beside_the_forbidden_is_not_forbidden() {
    let table: [(&str, bool); 24] = [
        ("126.255.255.255", true),
        ("127.0.0.0", false),
        ("127.255.255.255", false),
        ("128.0.0.0", true),
        ("169.253.255.255", true),
        ("169.254.0.0", false),
        ("169.254.255.255", false),
        ("169.255.0.0", true),
        ("0.255.255.255", false),
        ("1.0.0.0", true),
        ("223.255.255.255", true),
        ("224.0.0.0", false),
        ("239.255.255.255", false),
        ("255.255.255.255", false),
        ("100.100.100.199", true),
        ("100.100.100.200", false),
        ("10.0.0.1", true),
        ("172.16.0.1", true),
        ("fe7f::1", true),
        ("fe80::", false),
        ("febf:ffff::1", false),
        ("fec0::1", true),
        ("fd00:ec2::253", true),
        ("fd00:ec2::254", false),
    ];
    for (text, want) in table {
        let ip: IpAddr = text.parse().expect(text);
        assert_eq!(allowed(ip), want, "{text}");
    }
}

proptest! {
    /// An address of IPv4 is judged alike however it is written.
    #[test]
    fn a_disguise_changes_nothing(bits in any::<u32>()) {
        let ip = Ipv4Addr::from(bits);
        for other in disguises(ip) {
            prop_assert_eq!(allowed(ip), allowed(other), "{} as {}", ip, other);
        }
    }

    #[test]
    fn no_address_of_the_box_itself_is_allowed(low in any::<[u8; 3]>(), link in any::<[u8; 2]>()) {
        let [b, c, d] = low;
        let own = Ipv4Addr::new(127, b, c, d);
        let linked = Ipv4Addr::new(169, 254, link[0], link[1]);
        for ip in [own, linked, Ipv4Addr::new(0, b, c, d)] {
            prop_assert!(!allowed(ip));
            prop_assert!(disguises(ip).iter().all(|other| !allowed(*other)));
        }
    }

    /// What is taken is an address that a call can be made of, or leads nowhere.
    #[test]
    fn what_is_taken_has_a_host_and_no_user(text in "(https?://)?[a-z0-9.:@/#?\\[\\] -]{0,40}") {
        if let Ok(url) = text.parse::<HookUrl>() {
            let rest = url.as_str().split("://").nth(1).expect("a scheme");
            let authority = rest.split(['/', '?']).next().expect("a host");
            prop_assert!(!authority.is_empty() && !authority.contains('@'));
            prop_assert!(!url.as_str().contains(['#', ' ']));
            prop_assert!(url.shown().ends_with(authority));
        }
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "\\PC{0,60}") {
        let _ = text.parse::<HookUrl>();
    }
}

#[test]
fn texts_are_taken_or_refused() {
    let table: [(&str, bool); 26] = [
        ("https://example.id", true),
        ("http://example.id/", true),
        ("https://example.id:8443/a/b?c=d&e=%20", true),
        ("  https://example.id/  ", true),
        ("https://192.168.1.9/x", true),
        ("https://[2001:db8::9]/x", true),
        ("https://[2001:db8::9]:8443", true),
        ("https://gateway_1.lan/x", true),
        ("https://EXAMPLE.id/", true),
        ("HTTPS://example.id/", false),
        ("//example.id/", false),
        ("https:/example.id/", false),
        ("https://", false),
        ("https:///x", false),
        ("https://:443/", false),
        ("https://example.id:/", false),
        ("https://example.id:0/", false),
        ("https://example.id:65536/", false),
        ("https://example.id:443:443/", false),
        ("https://user@example.id/", false),
        ("https://example.id/#part", false),
        ("https://exa\u{301}mple.id/", false),
        ("https://example.id/\"x", false),
        ("https://example.id\\@other.id/", false),
        ("file:///etc/passwd", false),
        ("javascript:alert(1)", false),
    ];
    for (text, want) in table {
        assert_eq!(text.parse::<HookUrl>().is_ok(), want, "{text}");
    }
}

/// Written as numbers of other kinds, and as names: what counts is where it leads.
#[tokio::test]
async fn the_box_is_not_called_by_any_of_its_names() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    listener.set_nonblocking(true).expect("mode");
    let port = listener.local_addr().expect("address").port();
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
    ] {
        let url = format!("http://{host}:{port}/x");
        let call = Post {
            url: &url,
            headers: &[],
            body: "{}",
        };
        let got = post(&call, None, Reach::outside()).await;
        // A resolver may not know a form; it must not lead anywhere then.
        let refused = matches!(got, Err(CallError::Forbidden | CallError::Name));
        assert!(refused, "{host}: {got:?}");
    }
    assert!(listener.accept().is_err(), "nobody came");
}
