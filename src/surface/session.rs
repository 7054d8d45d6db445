//! Who calls: tokens, cookies, and where cookies may come from. A browser sends a cookie along with
//! whatever any page makes it send; so an unsafe request that a cookie authenticates must name the listener's own
//! origin.

use crate::base::cause::Cause;
use crate::domain::actor::Actor;
use crate::domain::device::{self, Device};
use crate::domain::identity::session;
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::http::request::Head;
use crate::surface::access;
use crate::surface::native::{Caller, Native, unknown};
use crate::surface::program;

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

/// Ends the caller's session.
///
/// # Errors
/// 401 if there is none, and those of the box.
pub fn sign_out(native: &Native, caller: &Caller) -> Result<(), Problem> {
    let id = caller.session.as_ref().ok_or_else(unknown)?.id;
    native.write(caller, move |tx, call| session::end(tx, call, id))
}

/// Fills in who calls: the device and the person of a request's token or cookies.
///
/// # Errors
/// 401 `device_revoked` for a device's token that is not known any more; those of the box.
pub fn identify(native: &Native, head: &Head, caller: &mut Caller) -> Result<(), Problem> {
    let core = &native.core;
    let site = core.site();
    if let Some(text) = program::key_of(head) {
        return program::identify(native, text, caller);
    }
    let bearer = head.bearer();
    if let Some(token) = bearer.filter(|token| access::is_form(token)) {
        identify_signed(native, token, caller)?;
        return note_seen(native, caller);
    }
    let device = bearer.or_else(|| head.cookie(DEVICE));
    if let Some(token) = device.filter(|t| !t.is_empty()) {
        let (token, asked) = (device::token_digest(&site, token), core.devices.round());
        let found = (core.store).read(|view| device::find_by_token(view, token))?;
        if let Some(device) = &found {
            core.devices.keep(asked, token, device.clone());
        }
        caller.device_revoked = found.is_none();
        caller.device = found;
    }
    if let (None, Some(token)) = (bearer, head.cookie(PERSON)) {
        identify_session(native, token, caller)?;
    }
    if let (None, Some(device)) = (caller.actor, &caller.device) {
        caller.actor = Some(Actor::Device {
            id: device.id,
            access: device.access,
        });
    }
    note_seen(native, caller)
}

/// The device that calls with a token of its own and nobody else, if it called lately.
#[must_use]
pub fn recall(native: &Native, head: &Head) -> Option<Device> {
    let token = match (head.bearer(), head.cookie(PERSON)) {
        (Some(token), _) => token,
        (None, None) => head.cookie(DEVICE)?,
        (None, Some(_)) => return None,
    };
    let site = native.core.site();
    (native.core.devices).find(&device::token_digest(&site, token))
}

/// Fills in the person of a session's token; one that is not in force fills in nobody.
///
/// # Errors
/// Those of the box.
pub fn identify_session(native: &Native, token: &str, caller: &mut Caller) -> Result<(), Problem> {
    let core = &native.core;
    let (site, now) = (core.site(), core.clock.stamp());
    let found =
        (core.store).read(|view| session::find(view, &site, Surface::Native, token, now.at))?;
    caller.actor = found.as_ref().map(session::Session::actor);
    caller.session = found;
    Ok(())
}

/// Fills in the person of an access token; one that does not hold fills in nobody.
fn identify_signed(native: &Native, token: &str, caller: &mut Caller) -> Result<(), Problem> {
    let core = &native.core;
    let (site, now) = (core.site(), core.clock.stamp().at);
    let Some((person, id)) = access::read(&site, token, now) else {
        return Ok(());
    };
    let found =
        (core.store).read(|view| session::find_signed(view, &site, Surface::Native, id, now))?;
    let found = found.filter(|session| session.person == person);
    caller.actor = found.as_ref().map(session::Session::actor);
    caller.session = found;
    Ok(())
}

/// Notes that a session is used, once in a while.
fn note_seen(native: &Native, caller: &Caller) -> Result<(), Problem> {
    let now = native.core.clock.stamp().at;
    let stale = caller.session.as_ref().filter(|s| s.is_stale(now));
    let Some(id) = stale.map(|s| s.id) else {
        return Ok(());
    };
    native.write(caller, move |tx, call| session::note_seen(tx, call, id))
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
