//! The address of a page for another device, as links and QR codes carry it.

use crate::http::request::Head;

/// The address of `path` on the listener that was asked: its scheme and the name by which it
/// was asked for. A name with anything odd in it is left out, and the path stands alone.
#[must_use]
pub fn address(head: &Head, path: &str) -> String {
    of(
        head.peer.secure,
        head.header("host").unwrap_or_default(),
        path,
    )
}

fn of(secure: bool, host: &str, path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b);
    if host.is_empty() || !host.bytes().all(plain) {
        return path.to_owned();
    }
    let scheme = if secure { "https" } else { "http" };
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_the_listener_that_was_asked() {
        assert_eq!(
            of(true, "hadir.local", "/kiosk"),
            "https://hadir.local/kiosk"
        );
        assert_eq!(of(false, "[::1]:8080", "/desk"), "http://[::1]:8080/desk");
        for odd in ["", "evil.example/x?", "a b", "a\"b"] {
            assert_eq!(of(true, odd, "/kiosk"), "/kiosk", "{odd}");
        }
    }
}
