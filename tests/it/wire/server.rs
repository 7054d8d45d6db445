//! A server with routes of the test's own, and a client that writes bytes.

use crate::support::LONG;
use hadir::base::id::{Id, RequestId};
use hadir::base::json::{Value, decode, json};
use hadir::http::door::Places;
use hadir::http::problem::Problem;
use hadir::http::reply::{Keep, Reply};
use hadir::http::request::{Head, Method, Request};
use hadir::http::route::{Access, Handler, Lane, Rate, Route, Router, Surface};
use hadir::http::server::{Limits, Service, serve};
use hadir::http::stream::Writer;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

/// What the test's routes work on: a gate before `/wait`, and who stands there.
#[derive(Default)]
pub struct Hall {
    open: Mutex<bool>,
    opened: Condvar,
    waiting: AtomicUsize,
    /// The ends of the streams that are open.
    pub writers: Mutex<Vec<Writer>>,
}

impl Hall {
    /// Lets all go on.
    pub fn open(&self) {
        *self.open.lock().expect("gate") = true;
        self.opened.notify_all();
    }

    /// How many have come to the gate so far.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

impl Surface for Hall {
    type Caller = ();

    fn admit(&self, _: &Route<Self>, _: &Head) -> Result<(), Problem> {
        Ok(())
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
        Reply::refusal(problem, id)
    }
}

fn hello(_: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &json!({"hello": true})))
}

fn wait(hall: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
    hall.waiting.fetch_add(1, Ordering::SeqCst);
    let gate = hall.open.lock().expect("gate");
    let limit = hall.opened.wait_timeout_while(gate, LONG, |open| !*open);
    let waited = !limit.expect("gate").1.timed_out();
    Ok(Reply::json(200, &json!({"waited": waited})))
}

fn fail(_: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
    panic!("a mistake of a handler, made on purpose")
}

const fn route(
    method: Method,
    path: &'static str,
    lane: Lane,
    handle: Handler<Hall>,
) -> Route<Hall> {
    Route {
        method,
        path,
        access: Access::Open,
        lane,
        rate: Rate::Free,
        body_bytes_max: 0,
        handle,
    }
}

fn echo(_: &Hall, (): &(), request: Request) -> Result<Reply, Problem> {
    let text = String::from_utf8_lossy(request.body()).into_owned();
    let peer = request.peer;
    Ok(Reply::json(
        200,
        &json!({
            "text": text, "to": request.param("to"), "q": request.query("q"),
            "address": peer.address.to_string(), "loopback": peer.loopback,
            "secure": peer.secure,
        }),
    ))
}

/// A page of this many bytes, with a tag.
pub const PAGE_BYTES: usize = 40_000;

fn page(_: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
    let page = Reply::html(
        200,
        "hadir, ".repeat(PAGE_BYTES / 7 + 1)[..PAGE_BYTES].to_owned(),
    );
    Ok(page.tagged("v1").kept(Keep::Ask))
}

/// More than the buffers of a connection hold.
pub const FLOOD_BYTES: usize = 32 * 1024 * 1024;

fn flood(_: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
    Ok(Reply::bytes("image/jpeg", vec![7; FLOOD_BYTES]))
}

fn stream(hall: &Hall, (): &(), _: Request) -> Result<Reply, Problem> {
    let (writer, stream) = hadir::http::stream::stream(8);
    assert!(writer.send(hadir::http::stream::event("hello", "{}")));
    hall.writers.lock().expect("writers").push(writer);
    Ok(Reply::stream("text/event-stream", stream))
}

/// The routes of the tests.
fn routes() -> Vec<Route<Hall>> {
    vec![
        route(Method::Get, "/hello", Lane::Memory, hello),
        route(Method::Post, "/act", Lane::Memory, hello),
        route(Method::Get, "/both", Lane::Memory, hello),
        route(Method::Post, "/both", Lane::Memory, hello),
        route(Method::Get, "/wait", Lane::Ordinary, wait),
        route(Method::Get, "/fail", Lane::Memory, fail),
        route(Method::Get, "/page", Lane::Memory, page),
        route(Method::Get, "/flood", Lane::Ordinary, flood),
        route(Method::Get, "/stream", Lane::Ordinary, stream),
        route(Method::Get, "/echo/{to}", Lane::Memory, echo),
        Route {
            body_bytes_max: 1000,
            ..route(Method::Post, "/echo/{to}", Lane::Ordinary, echo)
        },
        route(Method::Post, "/enter", Lane::CheckIn, hello),
    ]
}

/// So many connections at once; the next ones wait as long as a test does.
pub fn places(all: usize) -> Places {
    Places {
        all,
        wait: LONG,
        ..Places::default()
    }
}

/// A running server; it ends with the value.
pub struct Server<S: Surface> {
    pub address: SocketAddr,
    pub state: Arc<S>,
    pub alive: Arc<AtomicU64>,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
    runtime: Option<Runtime>,
}

impl Server<Hall> {
    /// Serves the test's routes.
    pub fn with(limits: Limits) -> Self {
        Self::start(routes(), Arc::new(Hall::default()), limits)
    }

    /// The same with a service that the test changes before it runs.
    pub fn changed(change: impl FnOnce(&mut Service<Hall>)) -> Self {
        let hall = Arc::new(Hall::default());
        Self::start_with(routes(), hall, Limits::default(), change)
    }
}

impl<S: Surface> Server<S> {
    /// Serves these routes on a free port of loopback; request ids count from one.
    pub fn start(routes: Vec<Route<S>>, state: Arc<S>, limits: Limits) -> Self {
        Self::start_with(routes, state, limits, |_| {})
    }

    /// The same with a service that the test changes before it runs.
    pub fn start_with(
        routes: Vec<Route<S>>,
        state: Arc<S>,
        limits: Limits,
        change: impl FnOnce(&mut Service<S>),
    ) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(3)
            .enable_all()
            .build()
            .expect("runtime");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))
            .expect("listener");
        let address = listener.local_addr().expect("address");
        let next = AtomicU64::new(1);
        let ids = move || {
            let number = u128::from(next.fetch_add(1, Ordering::SeqCst));
            RequestId::from_bytes(number.to_be_bytes())
        };
        let alive = Arc::<AtomicU64>::default();
        let mut service = Service::new(Router::new(routes), Arc::clone(&state), Arc::new(ids));
        service.limits = limits;
        service.alive = Arc::clone(&alive);
        change(&mut service);
        let (stop, stopped) = watch::channel(false);
        let task = Some(runtime.spawn(serve(listener, service, stopped)));
        Self {
            address,
            state,
            alive,
            stop,
            task,
            runtime: Some(runtime),
        }
    }

    /// Tells the server to stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until the server has ended.
    pub fn end(&mut self) -> Result<(), JoinError> {
        let task = self.task.take().expect("it ends once");
        let runtime = self.runtime.as_ref().expect("runtime");
        runtime.block_on(async {
            tokio::time::timeout(LONG, task)
                .await
                .expect("the server ends in time")
        })
    }

    /// A new connection.
    pub fn connect(&self) -> Client {
        Client::new(TcpStream::connect(self.address).expect("connect"))
    }

    /// Sends bytes over a new connection and reads until the server closes it.
    pub fn talk(&self, bytes: impl AsRef<[u8]>) -> Vec<Answer> {
        let mut client = self.connect();
        client.send(bytes);
        client.read_all()
    }

    /// Whether a plain request is answered well.
    pub fn is_well(&self) -> bool {
        let answers = self.talk("GET /hello HTTP/1.0\r\n\r\n");
        matches!(answers.as_slice(), [answer] if answer.status == 200)
    }
}

impl<S: Surface> Drop for Server<S> {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The value of a header; None if there is none, or more than one. Of cookies, of which there
    /// may be more, the first.
    pub fn header(&self, name: &str) -> Option<&str> {
        match *self.headers(name) {
            [value] => Some(value),
            [first, ..] if name == "set-cookie" => Some(first),
            [..] => None,
        }
    }

    /// All values of a header.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).collect()
    }

    /// The number of the request that it answers.
    pub fn number(&self) -> u128 {
        let id: RequestId = self
            .header("x-request-id")
            .expect("an id")
            .parse()
            .expect("an id");
        u128::from_be_bytes(id.to_bytes())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        decode(self.body.as_bytes(), 100_000).expect("JSON")
    }

    /// Takes the first answer off; `head`: it has no body.
    fn take(text: &mut &str, head: bool) -> Option<Self> {
        let (top, rest) = text.split_once("\r\n\r\n")?;
        let mut lines = top.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<_> = lines
            .filter_map(|l| l.split_once(": "))
            .map(|(n, v)| (n.to_lowercase(), v.to_owned()))
            .collect();
        let mut answer = Self {
            status,
            headers,
            body: String::new(),
        };
        if answer.header("transfer-encoding") == Some("chunked") && !head {
            let (body, rest) = whole(rest)?;
            answer.body = body;
            *text = rest;
            return Some(answer);
        }
        let length = answer
            .header("content-length")
            .map_or(0, |l| l.parse().expect("a length"));
        let (body, rest) = rest.split_at_checked(if head { 0 } else { length })?;
        answer.body = body.to_owned();
        *text = rest;
        Some(answer)
    }
}

/// A body in chunks and what follows it; None: its last chunk has not come.
fn whole(mut text: &str) -> Option<(String, &str)> {
    let mut body = String::new();
    loop {
        let (length, rest) = text.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).expect("a length");
        let (chunk, rest) = rest.split_at_checked(length)?;
        text = rest.strip_prefix("\r\n")?;
        body.push_str(chunk);
        if length == 0 {
            return Some((body, text));
        }
    }
}

/// A connection of a client.
pub struct Client {
    stream: TcpStream,
    rest: String,
}

impl Client {
    fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(LONG)).expect("a limit");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            rest: String::new(),
        }
    }

    /// Sends bytes; a server that has closed already is the test's matter.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref());
    }

    /// Whether the server still takes bytes.
    pub fn takes(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Says that nothing more comes.
    pub fn finish(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
    }

    /// Reads one answer, and leaves the connection open.
    pub fn read(&mut self) -> Answer {
        loop {
            let mut text = self.rest.as_str();
            if let Some(answer) = Answer::take(&mut text, false) {
                self.rest = text.to_owned();
                return answer;
            }
            let mut bytes = [0; 4096];
            let count = self.stream.read(&mut bytes).expect("an answer in time");
            assert_ne!(count, 0, "closed before the answer: {:?}", self.rest);
            self.rest
                .push_str(std::str::from_utf8(&bytes[..count]).expect("text"));
        }
    }

    /// Reads until the server closes.
    pub fn read_all(self) -> Vec<Answer> {
        self.read_to_end(false)
    }

    /// Reads answers to HEAD until the server closes.
    pub fn read_heads(self) -> Vec<Answer> {
        self.read_to_end(true)
    }

    fn read_to_end(mut self, head: bool) -> Vec<Answer> {
        let mut bytes = Vec::new();
        // A reset is an end too; a server that does neither is found by the limit.
        if let Err(error) = self.stream.read_to_end(&mut bytes) {
            let kind = error.kind();
            assert_eq!(kind, std::io::ErrorKind::ConnectionReset, "{error}");
        }
        self.rest.push_str(&String::from_utf8(bytes).expect("text"));
        let mut text = self.rest.as_str();
        let answers = std::iter::from_fn(|| Answer::take(&mut text, head)).collect();
        assert_eq!(text, "", "bytes behind the last answer");
        answers
    }
}
