//! Cookies and where they may come from. A browser sends a cookie along with whatever any page
//! makes it send; so an unsafe request that a cookie authenticates must name the listener's own
//! origin.

use crate::base::cause::Cause;
use crate::http::problem::Problem;
use crate::http::request::Head;

/// The cookie of a person's session.
pub const PERSON: &str = "hadir_native";

/// The cookie of a paired device.
pub const DEVICE: &str = "hadir_device";

/// How a device's bearer token begins.
pub const DEVICE_TOKEN: &str = "hdrd_";

/// How long a browser keeps a cookie, in seconds: 400 days, the most that browsers keep one. The
/// box ends sessions by its own rules.
const KEEP_S: u32 = 400 * 24 * 3600;

/// The value of `Set-Cookie` that hands over a token. `secure`: the client speaks TLS.
#[must_use]
pub fn set_cookie(name: &str, token: &str, secure: bool) -> String {
    cookie(name, token, KEEP_S, secure)
}

/// The value of `Set-Cookie` that takes a cookie away.
#[must_use]
pub fn clear_cookie(name: &str, secure: bool) -> String {
    cookie(name, "", 0, secure)
}

fn cookie(name: &str, value: &str, keep_s: u32, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={keep_s}; HttpOnly; SameSite=Lax{secure}")
}

/// Refuses an unsafe request that a page of another origin made, or may have made.
///
/// # Errors
/// 403 `wrong_origin`.
pub fn check_origin(head: &Head) -> Result<(), Problem> {
    let asked = Asked {
        origin: head.header("origin"),
        site: head.header("sec-fetch-site"),
        host: head.header("host"),
        secure: head.peer.secure,
        cookie: head.cookie(PERSON).is_some() || head.cookie(DEVICE).is_some(),
    };
    if head.method.is_safe() || head.bearer().is_some() || asked.may() {
        return Ok(());
    }
    let message =
        "This request comes from a page of another address. Open the box's own page and try again.";
    Err(Problem::new(Cause::Forbidden, message).with_code("wrong_origin"))
}

/// What a request says of the page that made it.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    origin: Option<&'a str>,
    site: Option<&'a str>,
    host: Option<&'a str>,
    secure: bool,
    cookie: bool,
}

impl Asked<'_> {
    /// A named origin must be our own. Without one the browser must say that it is the same, if
    /// it sent a cookie; a client that is no browser sends neither.
    fn may(&self) -> bool {
        match (self.origin, self.host) {
            (Some(origin), Some(host)) => {
                let scheme = if self.secure { "https" } else { "http" };
                origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))
            }
            (Some(_), None) => false,
            (None, _) => match self.site {
                Some(site) => site == "same-origin",
                None => !self.cookie,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_send_a_cookie_along() {
        let own = Some("http://box:8080");
        let host = Some("box:8080");
        let table = [
            (own, None, host, false, true, true),
            (Some("HTTP://BOX:8080"), None, host, false, true, true),
            (Some("https://box:8080"), None, host, true, true, true),
            (own, None, host, true, true, false),
            (Some("http://box"), None, host, false, true, false),
            (Some("http://box:18081"), None, host, false, true, false),
            (
                Some("http://box:8080.evil.example"),
                None,
                host,
                false,
                true,
                false,
            ),
            (Some("null"), None, host, false, true, false),
            (Some("null"), None, host, false, false, false),
            (own, None, None, false, true, false),
            (None, Some("same-origin"), host, false, true, true),
            (None, Some("same-site"), host, false, true, false),
            (None, Some("cross-site"), host, false, false, false),
            (None, Some("none"), host, false, true, false),
            (None, None, host, false, true, false),
            (None, None, host, false, false, true),
        ];
        for (origin, site, host, secure, cookie, may) in table {
            let asked = Asked {
                origin,
                site,
                host,
                secure,
                cookie,
            };
            assert_eq!(asked.may(), may, "{asked:?}");
        }
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        let set = set_cookie(PERSON, "abc", true);
        assert!(set.starts_with("hadir_native=abc; Path=/; Max-Age="));
        for flag in ["; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(set.contains(flag), "{set}");
        }
        assert!(!set_cookie(PERSON, "abc", false).contains("Secure"));
        assert!(clear_cookie(DEVICE, false).starts_with("hadir_device=; Path=/; Max-Age=0;"));
    }
}
