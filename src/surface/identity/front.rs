//! The front of the surface: what is answered before a route is looked for, who is let in, the
//! form of a refusal, and what other origins' pages may see.

use crate::base::cause::Cause;
use crate::http::problem::{Left, Problem};
use crate::http::rate::Subject;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::http::route::{Access, Lane, Rate, Route, Surface};
use crate::surface::identity::answer::{detail, limiter, refusal, state};
use crate::surface::identity::table::{Identity, PATHS};
use crate::surface::native::Native;

/// How long a browser may keep what a preflight has told it, in seconds.
const PREFLIGHT_S: &str = "600";

/// All methods, as a preflight lists them.
const METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

impl Surface for Identity {
    /// What the caller may still do in the class of the route.
    type Caller = Option<Left>;

    fn admit(&self, route: &Route<Self>, head: &Head) -> Result<Option<Left>, Problem> {
        admit(&self.0, (route.lane, route.access, route.rate), head)
    }

    fn tell(&self, left: &Option<Left>, reply: Reply) -> Reply {
        match left {
            Some(left) => reply.with_left(left),
            None => reply,
        }
    }

    fn refuse(&self, _: Option<&Head>, problem: &Problem) -> Reply {
        refuse(problem)
    }

    fn early(&self, method: &str, head: &Head) -> Option<Reply> {
        early(&self.0, "", method, head)
    }

    fn finish(&self, head: &Head, reply: Reply) -> Reply {
        finish(&self.0, head, reply)
    }
}

/// Counts strangers by their address, and waits for the setup of the box. Gives what a stranger
/// may still do; nothing of polls, which nobody waits for.
///
/// # Errors
/// 429, and 503 `setup_required`.
pub fn admit(
    native: &Native,
    (lane, access, rate): (Lane, Access, Rate),
    head: &Head,
) -> Result<Option<Left>, Problem> {
    if lane == Lane::Memory {
        return Ok(None);
    }
    let mut left = None;
    // Who signs in is counted with the name, where the name is read.
    if rate != Rate::Login {
        let now = native.core.clock.stamp().at;
        let stranger = Subject::address(head.peer.address);
        let limiter = limiter(native);
        limiter.count(rate, stranger, now)?;
        if rate != Rate::Poll {
            left = limiter.left(rate, stranger, now);
        }
    }
    if access != Access::Open && !native.is_set_up()? {
        let message = "The box is not set up yet. Open its page and enter the setup code.";
        return Err(Problem::new(Cause::SetupRequired, message));
    }
    Ok(left)
}

/// A refusal in the form of this surface.
#[must_use]
pub fn refuse(problem: &Problem) -> Reply {
    refusal(problem)
}

/// What a path and a method are answered with before a route is looked for: a preflight, a path
/// with a stroke too many, a method that the path does not take. `mount`: where the surface begins.
#[must_use]
pub fn early(native: &Native, mount: &'static str, method: &str, head: &Head) -> Option<Reply> {
    let state = state(native).ok()?;
    let path = head.path.strip_prefix(mount)?;
    if let (Some(origin), true, Some(_)) = (
        head.header("origin"),
        method == "OPTIONS",
        head.header("access-control-request-method"),
    ) {
        return Some(preflight(state.allows(origin), head));
    }
    let named = |wanted: &str| PATHS.iter().find(|(_, path)| *path == wanted);
    if let Some((takes, _)) = named(path) {
        let wrong = method != takes.word();
        return wrong.then(|| detail(405, "Method Not Allowed").with_header("allow", takes.word()));
    }
    let (_, without) = named(path.trim_end_matches('/'))?;
    let there = format!("{mount}{without}");
    Some(
        Reply::empty()
            .with_status(307)
            .with_header("location", there),
    )
}

/// The answer to a browser that asks whether a page may ask. The headers for its origin are those
/// of every answer.
fn preflight(allowed: bool, head: &Head) -> Reply {
    let (status, text) = match allowed {
        true => (200, "OK"),
        false => (400, "Disallowed CORS origin"),
    };
    let mut reply = Reply::bytes("text/plain; charset=utf-8", text.as_bytes())
        .with_status(status)
        .with_header("access-control-allow-methods", METHODS)
        .with_header("access-control-max-age", PREFLIGHT_S);
    if let Some(asked) = head.header("access-control-request-headers") {
        reply = reply.with_header("access-control-allow-headers", asked);
    }
    reply
}

/// Tells a browser whether the page that asked may see the answer.
#[must_use]
pub fn finish(native: &Native, head: &Head, reply: Reply) -> Reply {
    let (Some(origin), Ok(state)) = (head.header("origin"), state(native)) else {
        return reply;
    };
    let reply = reply.with_header("vary", "Origin");
    if !state.allows(origin) {
        return reply;
    }
    reply
        .with_header("access-control-allow-origin", origin)
        .with_header("access-control-allow-credentials", "true")
}
