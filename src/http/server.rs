//! One listener: accepts connections up to a limit, gives each request an id, finds its
//! route, and on stop waits until the requests under way are answered.

use crate::base::cause::Cause;
use crate::base::id::RequestId;
use crate::base::limits;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, Response};
use crate::http::request::{Head, Method, Peer, Request};
use crate::http::route::{Found, Lane, Route, Router, Surface, decode};
use crate::journal::fields;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinError, JoinSet};

/// Pause after an accept that failed because the system has no more descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Longest head of a request, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// The limits of a listener.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Time for the head of a request, also for the next one of the same connection.
    pub header: Duration,
    /// Time that a stop waits for requests under way.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: limits::CONNECTIONS_MAX,
            header: Duration::from_millis(limits::HEADER_MS_MAX),
            drain: Duration::from_millis(limits::DRAIN_MS_MAX),
        }
    }
}

/// Makes request ids.
pub type Ids = dyn Fn() -> RequestId + Send + Sync;

/// What a listener serves.
pub struct Service<S: Surface> {
    /// The table of routes.
    pub router: Arc<Router<S>>,
    /// What handlers work on.
    pub state: Arc<S>,
    /// Where request ids come from.
    pub ids: Arc<Ids>,
    /// Limits.
    pub limits: Limits,
    /// Counts the rounds of the accept loop, for the watchdog.
    pub alive: Arc<AtomicU64>,
}

impl<S: Surface> Clone for Service<S> {
    fn clone(&self) -> Self {
        Self {
            router: Arc::clone(&self.router),
            state: Arc::clone(&self.state),
            ids: Arc::clone(&self.ids),
            limits: self.limits,
            alive: Arc::clone(&self.alive),
        }
    }
}

/// How often the accept loop shows that it is alive when nobody connects.
const BEAT: Duration = Duration::from_secs(1);

/// Serves until `stop` turns true or its sender is gone, then drains.
pub async fn serve<S: Surface>(
    listener: TcpListener,
    service: Service<S>,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(service.limits.connections));
    let mut tasks = JoinSet::new();
    while let Some(accepted) = accept(&listener, &service, &places, &mut stop).await {
        if let Some((stream, address, place)) = accepted {
            let (service, stop) = (service.clone(), stop.clone());
            tasks.spawn(async move {
                converse(stream, address, service, stop).await;
                drop(place);
            });
        }
        while let Some(ended) = tasks.try_join_next() {
            pass_on(ended);
        }
    }
    drop(listener);
    let drained = async {
        while let Some(ended) = tasks.join_next().await {
            pass_on(ended);
        }
    };
    // What takes longer is cut off with the set of tasks.
    if tokio::time::timeout(service.limits.drain, drained)
        .await
        .is_err()
    {
        tracing::warn!("Some requests were cut off: they took longer than the drain's limit.");
    }
}

/// A panic in a connection is a mistake of ours and ends the listener, which ends the process.
fn pass_on(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}

/// A connection and its place among those that may be open.
type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

/// One round of the accept loop: None when it is to stop, Some(None) when nobody came.
async fn accept<S: Surface>(
    listener: &TcpListener,
    service: &Service<S>,
    places: &Arc<Semaphore>,
    stop: &mut watch::Receiver<bool>,
) -> Option<Option<Accepted>> {
    service.alive.fetch_add(1, Ordering::Relaxed);
    let next = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        match listener.accept().await {
            Ok((stream, address)) => Some((stream, address, place)),
            Err(error) => {
                tracing::warn!({ fields::ERROR } = %error, "A connection could not be accepted.");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                None
            }
        }
    };
    tokio::select! {
        biased;
        () = stopped(stop) => None,
        accepted = next => Some(accepted),
        () = tokio::time::sleep(BEAT) => Some(None),
    }
}

/// Returns when the listener is to stop.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that whoever would say so is gone.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves one connection; after the stop it ends with the answer that is under way.
async fn converse<S: Surface>(
    stream: TcpStream,
    address: SocketAddr,
    service: Service<S>,
    mut stop: watch::Receiver<bool>,
) {
    let header = service.limits.header;
    let peer = Peer {
        address: address.ip(),
        loopback: address.ip().is_loopback(),
        secure: false,
    };
    let answer = hyper::service::service_fn(move |request| {
        let service = service.clone();
        async move { Ok::<_, Infallible>(answer(&service, peer, request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = std::pin::pin!(connection);
    // A connection that breaks is the client's matter, in both cases.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stopped(&mut stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Finds the route, lets the surface admit the caller, reads the body within its limits, runs the
/// handler in its lane.
async fn answer<S: Surface>(
    service: &Service<S>,
    peer: Peer,
    request: http::Request<Incoming>,
) -> Response {
    let id = (service.ids)();
    let only_head = request.method() == http::Method::HEAD;
    let path = request.uri().path().to_owned();
    let reply = respond(service, peer, id, request).await;
    tracing::debug!(
        { fields::REQUEST } = %id,
        { fields::ROUTE } = path,
        { fields::OUTCOME } = reply.status(),
        "A request was answered."
    );
    reply.into_response(id, only_head)
}

async fn respond<S: Surface>(
    service: &Service<S>,
    peer: Peer,
    id: RequestId,
    request: http::Request<Incoming>,
) -> Reply {
    let (parts, body) = request.into_parts();
    let method = Method::of(&parts.method);
    let mut head = Head {
        id,
        method: method.unwrap_or(Method::Get),
        path: parts.uri.path().to_owned(),
        peer,
        params: Vec::new(),
        query: query(parts.uri.query().unwrap_or_default()),
        headers: parts.headers,
    };
    let state = &service.state;
    let route = match service.router.find(method, &head.path) {
        Found::Route(route, params) => {
            head.params = params;
            route
        }
        Found::OtherMethod(allow) => {
            let problem = Problem::invalid("The address does not take this method.");
            let mut reply = state
                .refuse(Some(&head), &problem)
                .with_header("allow", allow);
            reply.status = 405;
            return reply.closing_if(!body.is_end_stream());
        }
        Found::Nothing => {
            let reply = state.refuse(Some(&head), &Problem::missing());
            return reply.closing_if(!body.is_end_stream());
        }
    };
    match run(service, &route, &head, body).await {
        Ok(reply) => reply,
        Err((problem, unread)) => state.refuse(Some(&head), &problem).closing_if(unread),
    }
}

/// The refusal, and whether a part of the body was not read.
type Refused = (Problem, bool);

async fn run<S: Surface>(
    service: &Service<S>,
    route: &Route<S>,
    head: &Head,
    body: Incoming,
) -> Result<Reply, Refused> {
    let unread = !body.is_end_stream();
    if unread && route.body_bytes_max == 0 {
        let problem = Problem::new(Cause::TooLarge, "The address takes no body.");
        return Err((problem, true));
    }
    let state = Arc::clone(&service.state);
    let (route, admitted) = (*route, head.clone());
    if route.lane == Lane::Memory {
        let caller = state.admit(&route, head).map_err(|p| (p, unread))?;
        let body = read(body, &route).await?;
        let request = Request {
            head: admitted,
            body,
        };
        return (route.handle)(&state, &caller, request).map_err(|p| (p, false));
    }
    let caller = blocking(move || state.admit(&route, &admitted))
        .await
        .map_err(|p| (p, unread))?;
    let body = read(body, &route).await?;
    let (state, head) = (Arc::clone(&service.state), head.clone());
    let handled = blocking(move || (route.handle)(&state, &caller, Request { head, body })).await;
    handled.map_err(|p| (p, false))
}

/// Runs what may block on a thread for such things. It goes on to its end when the client hangs
/// up. A panic is a mistake of ours and ends the process as everywhere.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Problem::new(Cause::Stopping, "The box is stopping.")),
        },
    }
}

async fn read<S: Surface>(body: Incoming, route: &Route<S>) -> Result<Vec<u8>, Refused> {
    let most = route.body_bytes_max;
    let too_large = || {
        let message = format!("The body is longer than {most} bytes.");
        (Problem::new(Cause::TooLarge, message), true)
    };
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let whole = http_body_util::Limited::new(body, most).collect();
    let limit = Duration::from_millis(limits::BODY_MS_MAX);
    match tokio::time::timeout(limit, whole).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err((Problem::invalid("The body broke off."), true)),
        Err(_) => Err((
            Problem::new(Cause::Invalid, "The body came too slowly."),
            true,
        )),
    }
}

fn query(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let read = |text: &str| decode(&text.replace('+', " ")).unwrap_or_default();
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (read(name), read(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::base::json;
    use crate::http::route::{Access, Handler, Rate};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    fn hello(_: &Plain, (): &(), _: Request) -> Result<Reply, Problem> {
        Ok(Reply::json(200, &json::json!({"hello": true})))
    }

    fn broken(_: &Plain, (): &(), _: Request) -> Result<Reply, Problem> {
        panic!("a handler that meets the impossible");
    }

    struct Plain;

    impl Surface for Plain {
        type Caller = ();

        fn admit(&self, _: &Route<Self>, _: &Head) -> Result<(), Problem> {
            Ok(())
        }

        fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
            let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
            Reply::refusal(problem, id)
        }
    }

    const fn route(path: &'static str, handle: Handler<Plain>) -> Route<Plain> {
        Route {
            method: Method::Get,
            path,
            access: Access::Open,
            lane: Lane::Memory,
            rate: Rate::Free,
            body_bytes_max: 0,
            handle,
        }
    }

    async fn start(
        limits: Limits,
    ) -> (
        std::net::SocketAddr,
        watch::Sender<bool>,
        tokio::task::JoinHandle<()>,
    ) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
        let address = listener.local_addr().expect("address");
        let service = Service {
            router: Arc::new(Router::new(vec![
                route("/hello", hello),
                route("/broken", broken),
            ])),
            state: Arc::new(Plain),
            ids: Arc::new(|| RequestId::from_bytes([1; 16])),
            limits,
            alive: Arc::default(),
        };
        let (stop, stopped) = watch::channel(false);
        (
            address,
            stop,
            tokio::spawn(serve(listener, service, stopped)),
        )
    }

    async fn exchange(address: std::net::SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("connect");
        stream.write_all(text.as_bytes()).await.expect("write");
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        tokio::time::timeout(Duration::from_secs(20), read)
            .await
            .expect("time")
            .expect("read");
        answer
    }

    #[tokio::test]
    async fn requests_get_their_route_or_a_refusal() {
        let (address, _stop, _task) = start(Limits::default()).await;
        let table = [
            (
                "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "200",
            ),
            (
                "HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "200",
            ),
            ("GET /hello?x=1 HTTP/1.0\r\n\r\n", "200"),
            (
                "POST /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "405",
            ),
            (
                "GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "404",
            ),
            (
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n",
                "413",
            ),
            ("GET /hello HTTP/9.9\r\n\r\n", "505"),
            ("nonsense\r\n\r\n", "400"),
        ];
        for (request, status) in table {
            let answer = exchange(address, request).await;
            let got = answer.split(' ').nth(1).unwrap_or_default();
            let fits = got == status || (status == "505" && got == "400");
            assert!(fits, "{request:?} gave {answer:?}");
        }
        let answer = exchange(address, table[0].0).await;
        assert!(
            answer.to_lowercase().contains("x-request-id: 0"),
            "{answer}"
        );
    }

    #[tokio::test]
    async fn a_slow_sender_is_cut_off() {
        let limits = Limits {
            header: Duration::from_millis(50),
            ..Limits::default()
        };
        let (address, _stop, _task) = start(limits).await;
        for begin in ["", "GET /hel", "GET /hello HTTP/1.1\r\nHost: a\r\nX-"] {
            exchange(address, begin).await; // ends only because the server closes
        }
    }

    #[tokio::test]
    async fn a_flood_of_connections_waits_its_turn() {
        let limits = Limits {
            connections: 2,
            header: Duration::from_millis(100),
            ..Limits::default()
        };
        let (address, _stop, _task) = start(limits).await;
        let mut silent = Vec::new();
        for _ in 0..10 {
            silent.push(TcpStream::connect(address).await.expect("connect"));
        }
        let answer = exchange(address, "GET /hello HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    }

    #[tokio::test]
    async fn a_stop_ends_the_listener_and_idle_connections() {
        let (address, stop, task) = start(Limits::default()).await;
        let mut idle = TcpStream::connect(address).await.expect("connect");
        idle.write_all(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .expect("write");
        let mut first = [0; 12];
        idle.read_exact(&mut first).await.expect("answer");
        stop.send(true).expect("send");
        tokio::time::timeout(Duration::from_secs(20), task)
            .await
            .expect("time")
            .expect("task");
        assert!(TcpStream::connect(address).await.is_err());
    }

    /// The supervisor waits for the listener's task; a listener that hid a panic would leave a
    /// box that answers some requests and is broken inside.
    #[tokio::test]
    async fn a_panic_in_a_handler_ends_the_listener() {
        let (address, _stop, task) = start(Limits::default()).await;
        exchange(address, "GET /broken HTTP/1.0\r\n\r\n").await;
        let ended = tokio::time::timeout(Duration::from_secs(20), task)
            .await
            .expect("time");
        assert!(ended.expect_err("a panic").is_panic());
    }

    #[tokio::test]
    async fn the_accept_loop_shows_that_it_is_alive() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
        let alive = Arc::<AtomicU64>::default();
        let service = Service {
            router: Arc::new(Router::new(vec![
                route("/hello", hello),
                route("/broken", broken),
            ])),
            state: Arc::new(Plain),
            ids: Arc::new(|| RequestId::from_bytes([1; 16])),
            limits: Limits::default(),
            alive: Arc::clone(&alive),
        };
        let (_stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve(listener, service, stopped));
        let beats = async {
            while alive.load(Ordering::Relaxed) < 2 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), beats)
            .await
            .expect("two rounds");
        task.abort();
    }
}
