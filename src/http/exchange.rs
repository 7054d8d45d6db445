//! One request and its answer: whence it came, its route, who calls, the body within its
//! limits, the handler in its lane, the answer as the client wants it, one line in the log.

use crate::base::cause::Cause;
use crate::base::id::RequestId;
use crate::base::limits;
use crate::http::form::Form;
use crate::http::forward;
use crate::http::lane::Lanes;
use crate::http::pack::Asked;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, Response};
use crate::http::request::{Head, Method, Peer, Request};
use crate::http::route::{Found, Lane, Rate, Route, Surface};
use crate::http::service::{Redirect, Service};
use crate::journal::fields;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinError, JoinHandle};

/// Answers one request.
pub async fn answer<S: Surface>(
    service: &Service<S>,
    peer: Peer,
    request: http::Request<Incoming>,
) -> Response {
    #[allow(
        clippy::disallowed_methods,
        reason = "how long an answer took is measured here"
    )]
    let begun = std::time::Instant::now();
    let id = (service.ids)();
    let only_head = request.method() == http::Method::HEAD;
    let peer = forward::peer(peer, request.headers(), &service.trusted);
    let mut line = Line {
        id,
        route: "none",
        quiet: false,
        code: None,
    };
    let reply = respond(service, peer, &mut line, request).await;
    line.write(&reply, begun.elapsed());
    reply.into_response(id, only_head)
}

/// What the log says of a request: the pattern of its path, since the path itself may hold what
/// nobody should read there.
struct Line {
    id: RequestId,
    route: &'static str,
    /// Many come each second, and a success among them says nothing.
    quiet: bool,
    code: Option<&'static str>,
}

impl Line {
    fn write(&self, reply: &Reply, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let (status, bytes) = (reply.status(), reply.length().unwrap_or(0));
        if self.quiet && status < 400 {
            tracing::debug!(
                { fields::EVENT } = "request",
                { fields::REQUEST } = %self.id, { fields::ROUTE } = self.route,
                { fields::OUTCOME } = status, { fields::DURATION_US } = took_us,
                "A request was answered."
            );
            return;
        }
        tracing::info!(
            { fields::EVENT } = "request",
            { fields::REQUEST } = %self.id, { fields::ROUTE } = self.route,
            { fields::OUTCOME } = status, { fields::DURATION_US } = took_us,
            { fields::BYTES } = bytes, { fields::CAUSE } = self.code.unwrap_or("none"),
            "A request was answered."
        );
    }
}

async fn respond<S: Surface>(
    service: &Service<S>,
    peer: Peer,
    line: &mut Line,
    request: http::Request<Incoming>,
) -> Reply {
    let asked = Asked::of(request.method(), request.headers());
    let (parts, body) = request.into_parts();
    let method = Method::of(&parts.method);
    let query = Form::read(parts.uri.query().unwrap_or_default());
    let broken = query.as_ref().err().cloned();
    let mut head = Head {
        id: line.id,
        method: method.unwrap_or(Method::Get),
        path: parts.uri.path().to_owned(),
        peer,
        params: Vec::new(),
        query: query.unwrap_or_default(),
        headers: parts.headers,
    };
    if let Some(redirect) = &service.redirect
        && let Some(reply) = redirected(redirect, &head, parts.uri.query())
    {
        return reply.closing_if(!body.is_end_stream());
    }
    let unread = !body.is_end_stream();
    if let Some(reply) = service.state.early(parts.method.as_str(), &head) {
        return service.state.finish(&head, reply).closing_if(unread);
    }
    let reply = routed(service, line, &asked, &mut head, (method, broken), body).await;
    service.state.finish(&head, reply)
}

/// Finds the route of a request and lets it answer. `broken`: what is wrong with the query.
async fn routed<S: Surface>(
    service: &Service<S>,
    line: &mut Line,
    asked: &Asked,
    head: &mut Head,
    (method, broken): (Option<Method>, Option<Problem>),
    body: Incoming,
) -> Reply {
    let unread = !body.is_end_stream();
    let refuse = |head: &Head, problem: &Problem| service.state.refuse(Some(head), problem);
    let route = match service.router.find(method, &head.path) {
        Found::Route(route, params) => {
            head.params = params;
            route
        }
        Found::OtherMethod(allow) => {
            let problem = Problem::invalid("The address does not take this method.");
            let mut reply = refuse(head, &problem).with_header("allow", allow);
            reply.status = 405;
            return reply.closing_if(unread);
        }
        Found::Nothing => return refuse(head, &Problem::missing()).closing_if(unread),
    };
    line.route = route.path;
    line.quiet = route.lane == Lane::Memory || matches!(route.rate, Rate::Poll);
    let done = match broken {
        Some(problem) => Err((problem, unread)),
        None => run(service, &route, head, asked, body).await,
    };
    done.unwrap_or_else(|(problem, unread)| {
        line.code = Some(problem.code);
        refuse(head, &problem).closing_if(unread)
    })
}

/// The answer to a client that should speak TLS: the same address with it. What would change
/// something is refused, since a browser would send it again without asking.
fn redirected(redirect: &Redirect, head: &Head, query: Option<&str>) -> Option<Reply> {
    let open = redirect
        .open
        .iter()
        .any(|begin| head.path.starts_with(begin));
    if head.peer.secure || head.peer.loopback || open {
        return None;
    }
    let Some(name) = head.header("host").and_then(name_of) else {
        let problem = Problem::invalid("The Host header names no host.");
        return Some(Reply::refusal(&problem, head.id));
    };
    let port = match redirect.port {
        443 => String::new(),
        port => format!(":{port}"),
    };
    let query = query.map(|q| format!("?{q}")).unwrap_or_default();
    let to = format!("https://{name}{port}{}{query}", head.path);
    if head.method.is_safe() {
        return Some(Reply::see_other(&to).with_status(308));
    }
    let problem = Problem::new(
        Cause::Forbidden,
        format!("Send this to https://{name}{port}."),
    )
    .with_code("tls_required");
    Some(Reply::refusal(&problem, head.id))
}

/// The name or address in a `Host` header, without the port.
fn name_of(host: &str) -> Option<&str> {
    let name = match host.rfind(']') {
        Some(end) => host.get(..=end)?,
        None => host.split(':').next()?,
    };
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b);
    (!name.is_empty() && name.bytes().all(fits)).then_some(name)
}

/// The refusal, and whether a part of the body was not read.
type Refused = (Problem, bool);

async fn run<S: Surface>(
    service: &Service<S>,
    route: &Route<S>,
    head: &Head,
    asked: &Asked,
    body: Incoming,
) -> Result<Reply, Refused> {
    if body.is_end_stream() {
        let whole = handle_at_once(service, route, head, asked, Vec::new());
        return whole.await.map_err(|p| (p, false));
    }
    if route.body_bytes_max == 0 {
        let problem = Problem::new(Cause::TooLarge, "The address takes no body.");
        return Err((problem, true));
    }
    let mut body = std::pin::pin!(read(body, route, &service.lanes, service.limits.body));
    let come = match comes_at_once(head) {
        true => poll_once(body.as_mut()).await,
        false => None,
    };
    if let Some(Ok((body, _room))) = come {
        let whole = handle_at_once(service, route, head, asked, body);
        return whole.await.map_err(|p| (p, false));
    }
    let (state, taken, admitted) = (Arc::clone(&service.state), *route, head.clone());
    let place = service.lanes.enter(route.lane).await;
    let place = place.map_err(|p| (p, true))?;
    let admit = work(route.lane, move || {
        let _held = place;
        state.admit(&taken, &admitted)
    });
    let caller = admit.await.map_err(|p| (p, true))?;
    let (body, _room) = match come {
        Some(done) => done?,
        None => body.await?,
    };
    let place = service.lanes.enter(route.lane).await;
    let place = place.map_err(|p| (p, false))?;
    let (state, head, asked) = (Arc::clone(&service.state), head.clone(), asked.clone());
    let handled = answered(route.lane, place, asked, move || {
        let reply = (taken.handle)(&state, &caller, Request { head, body })?;
        Ok(state.tell(&caller, reply))
    });
    handled.await.map_err(|p| (p, false))
}

/// Whether the body may be looked for before it is known who calls: a small one, which most
/// often has come with its head, and for which no client waits to be asked.
fn comes_at_once(head: &Head) -> bool {
    let length = head.header("content-length").and_then(|n| n.parse().ok());
    let small = length.is_some_and(|n: usize| n <= limits::BODY_AT_ONCE_BYTES_MAX);
    small && head.header("expect").is_none()
}

/// What the future has already; None: it would have to be waited for.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        })
    })
    .await
}

/// Lets the caller in and runs the handler, on one thread after the other.
async fn handle_at_once<S: Surface>(
    service: &Service<S>,
    route: &Route<S>,
    head: &Head,
    asked: &Asked,
    body: Vec<u8>,
) -> Result<Reply, Problem> {
    let place = service.lanes.enter(route.lane).await?;
    let (head, asked) = (head.clone(), asked.clone());
    if route.lane == Lane::Queued
        && let Some(caller) = service.state.recall(route, &head)
    {
        let reply = (route.handle)(&service.state, &caller?, Request { head, body })?;
        return whole(Given::of(reply, place, asked)).await;
    }
    let (state, route) = (Arc::clone(&service.state), *route);
    answered(route.lane, place, asked, move || {
        let caller = state.admit(&route, &head)?;
        let reply = (route.handle)(&state, &caller, Request { head, body })?;
        Ok(state.tell(&caller, reply))
    })
    .await
}

/// What a handler gave.
enum Given {
    /// An answer.
    Whole(Reply),
    /// An answer that comes later.
    Later(JoinHandle<Result<Reply, Problem>>),
}

impl Given {
    /// An answer that comes later goes on to its end by itself, and keeps its place until then.
    fn of(reply: Reply, place: Option<OwnedSemaphorePermit>, asked: Asked) -> Self {
        match reply.into_later() {
            Err(reply) => Self::Whole(reply.fitted(&asked)),
            Ok(later) => Self::Later(tokio::spawn(async move {
                let done = later.await;
                drop(place);
                Ok(done?.fitted(&asked))
            })),
        }
    }
}

/// Runs a handler in its lane and gives its answer as the client wants it.
async fn answered(
    lane: Lane,
    place: Option<OwnedSemaphorePermit>,
    asked: Asked,
    handle: impl FnOnce() -> Result<Reply, Problem> + Send + 'static,
) -> Result<Reply, Problem> {
    let given = work(lane, move || Ok(Given::of(handle()?, place, asked)));
    whole(given.await?).await
}

async fn whole(given: Given) -> Result<Reply, Problem> {
    match given {
        Given::Whole(reply) => Ok(reply),
        Given::Later(later) => joined(later.await),
    }
}

/// Runs what may block on a thread for such things. It goes on to its end when the client hangs
/// up, and keeps until then what it owns. A panic is a mistake of ours and ends the process as
/// everywhere.
async fn work<T: Send + 'static>(
    lane: Lane,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    if lane == Lane::Memory {
        return work();
    }
    joined(tokio::task::spawn_blocking(work).await)
}

/// What a task came to.
fn joined<T>(ended: Result<Result<T, Problem>, JoinError>) -> Result<T, Problem> {
    match ended {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Problem::new(Cause::Stopping, "The box is stopping.")),
        },
    }
}

async fn read<S: Surface>(
    body: Incoming,
    route: &Route<S>,
    lanes: &Lanes,
    limit: Duration,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), Refused> {
    let most = route.body_bytes_max;
    let too_large = || {
        let message = format!("The body is longer than {most} bytes.");
        (Problem::new(Cause::TooLarge, message), true)
    };
    let hint = body.size_hint();
    if hint.lower() > most as u64 {
        return Err(too_large());
    }
    let wanted = hint.upper().and_then(|n| usize::try_from(n).ok());
    let room = lanes.room(wanted.unwrap_or(most).min(most));
    let room = room.map_err(|p| (p, true))?;
    let whole = http_body_util::Limited::new(body, most).collect();
    match tokio::time::timeout(limit, whole).await {
        Ok(Ok(whole)) => Ok((whole.to_bytes().to_vec(), room)),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err((Problem::invalid("The body broke off."), true)),
        Err(_) => Err((Problem::new(Cause::Slow, "The body came too slowly."), true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_host_header_has_no_port_and_nothing_strange() {
        let table = [
            ("hadir.local", Some("hadir.local")),
            ("hadir.local:8080", Some("hadir.local")),
            ("10.0.0.5:80", Some("10.0.0.5")),
            ("[fd00::1]", Some("[fd00::1]")),
            ("[fd00::1]:80", Some("[fd00::1]")),
            ("", None),
            (":80", None),
            ("a b", None),
            ("a/b", None),
            ("user@host", None),
            ("\"><script>", None),
            ("é", None),
        ];
        for (host, want) in table {
            assert_eq!(name_of(host), want, "{host:?}");
        }
    }
}
