//! What the box is called: its host name, the same as `.local` (multicast DNS), `localhost`,
//! and every address of its network interfaces.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const HOST_NAME: &str = "/etc/hostname";
/// All IPv4 routes of the kernel, its own addresses among them; readable under
/// `ProcSubset=pid`, as it lies below the process.
const IPV4: &str = "/proc/self/net/fib_trie";
/// All IPv6 addresses of the interfaces.
const IPV6: &str = "/proc/self/net/if_inet6";

/// Names and addresses as texts, without repetition. What cannot be read is left out.
#[must_use]
pub fn of_this_box() -> Vec<String> {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let mut all = names(&read(HOST_NAME));
    let addresses = [ipv4(&read(IPV4)), ipv6(&read(IPV6))].concat();
    all.extend(addresses.iter().map(ToString::to_string));
    for local in [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ] {
        if !addresses.contains(&local) {
            all.push(local.to_string());
        }
    }
    all
}

fn names(host_name: &str) -> Vec<String> {
    let whole = host_name.trim().to_ascii_lowercase();
    let short = whole.split('.').next().unwrap_or_default();
    let mut names = vec!["localhost".to_owned()];
    if !short.is_empty() && short != "localhost" {
        names.extend([format!("{short}.local"), short.to_owned()]);
        if whole != short {
            names.push(whole);
        }
    }
    names.dedup();
    names
}

/// The addresses that a line `/32 host LOCAL` follows.
fn ipv4(trie: &str) -> Vec<IpAddr> {
    let mut found: Vec<IpAddr> = Vec::new();
    let mut last = None;
    for line in trie.lines().map(str::trim) {
        if let Some(leaf) = line.strip_prefix("|-- ") {
            last = leaf.parse::<Ipv4Addr>().ok().map(IpAddr::V4);
        } else if line == "/32 host LOCAL"
            && let Some(address) = last
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

/// 32 hexadecimal digits, then index, prefix length, scope, flags and interface. Addresses of
/// one link (`fe80::`) are left out: no browser can open them.
fn ipv6(table: &str) -> Vec<IpAddr> {
    let address = |line: &str| {
        let digits = line.split_ascii_whitespace().next()?;
        let bits = u128::from_str_radix(digits, 16).ok()?;
        let address = Ipv6Addr::from_bits(bits);
        (digits.len() == 32 && !address.is_unicast_link_local()).then_some(IpAddr::V6(address))
    };
    table.lines().filter_map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_has_its_forms() {
        let table: [(&str, &[&str]); 4] = [
            ("Hadir\n", &["localhost", "hadir.local", "hadir"]),
            (
                "box.sma1.sch.id",
                &["localhost", "box.local", "box", "box.sma1.sch.id"],
            ),
            ("localhost\n", &["localhost"]),
            ("", &["localhost"]),
        ];
        for (text, want) in table {
            assert_eq!(names(text), want, "{text}");
        }
    }

    #[test]
    fn own_addresses_are_found_among_the_routes() {
        let trie = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n     \
                    |-- 127.0.0.1\n           /32 host LOCAL\n           |-- 192.168.1.7\n              \
                    /32 host LOCAL\n        |-- 192.168.1.255\n           /32 link BROADCAST\nLocal:\n           \
                    |-- 192.168.1.7\n              /32 host LOCAL\n";
        let want: Vec<IpAddr> = ["127.0.0.1", "192.168.1.7"]
            .map(|a| a.parse().expect("address"))
            .into();
        assert_eq!(ipv4(trie), want);
        assert!(ipv4("nonsense\n/32 host LOCAL").is_empty());
    }

    #[test]
    fn addresses_of_one_link_are_left_out() {
        let table = "fe8000000000000000fc00fffe000001 04 40 20 80     eth0\n\
                     fd000000000000000000000000000002 04 40 00 82     eth0\n\
                     zz 1\n00 1\n00000000000000000000000000000001 01 80 10 80       lo\n";
        let want: Vec<IpAddr> = ["fd00::2", "::1"]
            .map(|a| a.parse().expect("address"))
            .into();
        assert_eq!(ipv6(table), want);
    }

    #[test]
    fn this_machine_can_be_reached_by_itself() {
        let all = of_this_box();
        for name in ["localhost", "127.0.0.1", "::1"] {
            assert_eq!(
                all.iter().filter(|n| *n == name).count(),
                1,
                "{name}: {all:?}"
            );
        }
    }
}
