//! Durable check-ins by ticket over HTTP, 32 clients on kept connections, against the same
//! requests to FastAPI on uvicorn, which keeps them in a dict; and the memory of event streams.
//!
//! `benches/http.sh` runs both sides in turn and prints the ratio of docs/performance.md.
//! usage: `http ours` | `http theirs ADDRESS` | `http streams`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a bench stops at the unexpected and measures elapsed time"
)]

use hadir::base::id::{BoxId, Id, Nonce, RequestId};
use hadir::base::time::{Clock, ClockState, Stamp, Timestamp, Zone};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded, new_id};
use hadir::domain::actor::Role;
use hadir::domain::actor::{Actor, DeviceAccess};
use hadir::domain::device::{self, Answer, DeviceKind, NewDevice};
use hadir::domain::identity::{account, person};
use hadir::domain::rule::Rules;
use hadir::domain::site::Site;
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::host::credential::Place;
use hadir::http::rate;
use hadir::http::route::Router;
use hadir::http::server::{Service, serve};
use hadir::store::{Options, Store};
use hadir::surface::core::{Core, Parts};
use hadir::surface::native::Native;
use hadir::vision::model::ModelError;
use hadir::vision::worker::Engine;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

const CLIENTS: usize = 32;
const CHECK_INS: usize = 12_800;
const STREAMS: usize = 500;

/// The time is the system's, as the box takes it.
struct Now;

impl Clock for Now {
    fn stamp(&self) -> Stamp {
        let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
        Stamp {
            at: Timestamp::from_millis(since.as_millis() as i64),
            clock: ClockState::Synced,
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["theirs", address] => {
            let codes = (0..CHECK_INS).map(|i| format!("T-{i:06}")).collect();
            run(
                "theirs",
                address.parse().expect("an address"),
                "x",
                "today",
                codes,
            );
        }
        ["streams"] => streams(),
        _ => ours(),
    }
}

/// A box with a ticket for each check-in, and a paired desk.
struct Ground {
    core: Arc<Core>,
    occasion: String,
    token: String,
    codes: Vec<String>,
}

fn build(dir: &std::path::Path) -> Ground {
    let mut source = Seeded::new(&Seed::from_system().expect("seed"));
    let store = Store::open(&Options::new(dir.to_owned(), BoxId::from_bytes([1; 16])));
    let store = store.expect("store");
    let master = MasterKey::generate(&mut source);
    let (keyring, _) = Keyring::create(&master, &mut source).expect("keys");
    let site = Site {
        keyring: keyring.into(),
        zone: Zone::parse("Asia/Jakarta").expect("zone"),
        box_id: store.box_id(),
        rules: Rules::default(),
    };
    let missing = ModelError::Missing {
        file: "detector.onnx",
        looked: Vec::new(),
    };
    let core = Arc::new(Core::new(Parts {
        store,
        site,
        engine: Engine::start(Err(missing), 1).expect("engine"),
        model: None,
        clock: Arc::new(Now),
        master: Place::File(dir.join("key")),
        seed: Seed::draw(&mut source),
    }));
    prepare(core)
}

fn prepare(core: Arc<Core>) -> Ground {
    let write = Actor::Operator;
    // An administrator, or the box would ask to be set up first.
    core.write(write, "bench", |tx, call| {
        let profile = person::Profile {
            name: "Bench".parse().expect("name"),
            number: None,
            email: None,
            class: None,
            role: Role::Admin,
        };
        let id = person::add(tx, call, &profile).expect("person");
        account::set_login(
            tx,
            call,
            id,
            &"bench".parse().expect("login"),
            "$argon2id$none",
        )
    })
    .expect("administrator");
    let event = core.write(write, "bench", |tx, call| {
        event::create(tx, call, &NewEvent::open("Wisuda".parse().expect("name")))
    });
    let event = event.expect("event");
    let token = core.write(write, "bench", |tx, call| {
        let new = NewDevice {
            name: "Desk".parse().expect("name"),
            kind: DeviceKind::Desk,
            access: DeviceAccess::Desk,
            gate: None,
        };
        let (_, code) = device::offer(tx, call, &new, &device::Options::default())?;
        device::redeem(tx, call, code.expose(), "127.0.0.1")
    });
    let Answer::Paired(_, token) = token.expect("a device") else {
        panic!("the code does")
    };
    let mut codes = Vec::new();
    while codes.len() < CHECK_INS {
        let more = core.write(write, "bench", move |tx, call| {
            let mut made = Vec::new();
            for _ in 0..400 {
                let issued = ticket::issue(tx, call, &NewTicket::plain(event, None))?;
                made.push(issued.code.as_str().to_owned());
            }
            Ok::<_, hadir::domain::ticketing::error::Error>(made)
        });
        codes.extend(more.expect("tickets"));
    }
    Ground {
        core,
        occasion: format!("event:{event}"),
        token: token.expose().clone(),
        codes,
    }
}

fn ours() {
    let dir = std::env::temp_dir().join(format!("hadir-bench-http-{}", std::process::id()));
    let ground = build(&dir);
    let runtime = Runtime::new().expect("runtime");
    let ids = Arc::clone(&ground.core);
    let native = Native::new(Arc::clone(&ground.core)).limited(rate::Rules::OFF);
    let service = Service::new(
        Router::new(Native::routes()),
        Arc::new(native),
        Arc::new(move || ids.new_id::<RequestId>()),
    );
    let (_stop, address) = start(&runtime, service);
    run(
        "ours",
        address,
        &ground.token,
        &ground.occasion,
        ground.codes,
    );
    drop(runtime);
    ground.core.store.close();
    let _ = std::fs::remove_dir_all(&dir);
}

fn start<S: hadir::http::route::Surface>(
    runtime: &Runtime,
    service: Service<S>,
) -> (watch::Sender<bool>, SocketAddr) {
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)));
    let listener = listener.expect("bind");
    let address = listener.local_addr().expect("address");
    let (stop, stopped) = watch::channel(false);
    runtime.spawn(serve(listener, service, stopped));
    (stop, address)
}

/// All codes by all clients, each on its own connection; prints the rate and the times.
fn run(who: &str, address: SocketAddr, token: &str, occasion: &str, codes: Vec<String>) {
    let next = AtomicUsize::new(0);
    let begin = Instant::now();
    let mut times: Vec<u64> = std::thread::scope(|scope| {
        let client = || {
            let mut connection = TcpStream::connect(address).expect("connect");
            connection.set_nodelay(true).expect("no delay");
            let mut times = Vec::new();
            let mut source = Seeded::new(&Seed::from_system().expect("seed"));
            while let Some(code) = codes.get(next.fetch_add(1, Ordering::Relaxed)) {
                let nonce: Nonce = new_id(Now.stamp().at, &mut source);
                let body =
                    format!(r#"{{"nonce":"{nonce}","occasion":"{occasion}","code":"{code}"}}"#);
                let sent = Instant::now();
                write!(
                    connection,
                    "POST /api/v1/check-ins HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                )
                .expect("write");
                let answer = read(&mut connection);
                assert!(answer.contains("\"verdict\":\"admitted\""), "{answer}");
                times.push(sent.elapsed().as_micros() as u64);
            }
            times
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        let all = clients.into_iter();
        all.flat_map(|c| c.join().expect("a client")).collect()
    });
    let rate = times.len() as f64 / begin.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100] as f64 / 1000.0;
    println!(
        "{who} {rate:.0} check-ins/s, p50 {:.2} ms, p99 {:.2} ms, {CLIENTS} clients, {} check-ins",
        at(50),
        at(99),
        times.len()
    );
}

/// One answer with a length.
fn read(connection: &mut impl Read) -> String {
    let mut text = Vec::new();
    let mut part = [0; 4096];
    loop {
        let count = connection.read(&mut part).expect("an answer");
        assert_ne!(count, 0, "closed: {}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&part[..count]);
        let Some(end) = text.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&text[..end]).to_lowercase();
        let length = head.split("content-length: ").nth(1).expect("a length");
        let length: usize = length
            .lines()
            .next()
            .expect("a line")
            .trim()
            .parse()
            .expect("a number");
        if text.len() >= end + 4 + length {
            return String::from_utf8(text)
                .expect("text")
                .replace("\": \"", "\":\"");
        }
    }
}

mod stream {
    //! A surface that has one stream.
    use hadir::base::id::{Id, RequestId};
    use hadir::http::problem::Problem;
    use hadir::http::reply::Reply;
    use hadir::http::request::{Head, Method, Request};
    use hadir::http::route::{Access, Lane, Rate, Route, Surface};
    use hadir::http::stream::{Writer, event, stream};
    use std::sync::Mutex;

    #[derive(Default)]
    pub struct Hub(pub Mutex<Vec<Writer>>);

    impl Surface for Hub {
        type Caller = ();
        fn admit(&self, _: &Route<Self>, _: &Head) -> Result<(), Problem> {
            Ok(())
        }
        fn refuse(&self, _: Option<&Head>, problem: &Problem) -> Reply {
            Reply::refusal(problem, RequestId::from_bytes([0; 16]))
        }
    }

    fn listen(hub: &Hub, (): &(), _: Request) -> Result<Reply, Problem> {
        let (writer, stream) = stream(64);
        assert!(writer.send(event("hello", "{}")));
        hub.0.lock().expect("hub").push(writer);
        Ok(Reply::stream("text/event-stream", stream))
    }

    pub const ROUTE: Route<Hub> = Route {
        method: Method::Get,
        path: "/events",
        access: Access::Open,
        lane: Lane::Ordinary,
        rate: Rate::Free,
        body_bytes_max: 0,
        handle: listen,
    };
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("status");
    let line = status
        .lines()
        .find(|l| l.starts_with("VmRSS:"))
        .expect("VmRSS");
    line.split_whitespace()
        .nth(1)
        .expect("a number")
        .parse()
        .expect("a number")
}

/// Opens the streams, sends an event to all of them, and prints what they take of memory; the
/// clients are in the same process, so it is an upper bound.
fn streams() {
    let runtime = Runtime::new().expect("runtime");
    let hub = Arc::new(stream::Hub::default());
    let router = Router::new(vec![stream::ROUTE]);
    let ids = Arc::new(|| RequestId::from_bytes([1; 16]));
    let (_stop, address) = start(&runtime, Service::new(router, Arc::clone(&hub), ids));
    let before = resident_kib();
    let mut clients = Vec::new();
    for _ in 0..STREAMS {
        let mut client = TcpStream::connect(address).expect("connect");
        write!(client, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n").expect("write");
        wait_for(&mut client, b"event: hello");
        clients.push(client);
    }
    let writers = hub.0.lock().expect("hub");
    let decision = hadir::http::stream::event("decision", &"x".repeat(600));
    assert!(writers.iter().all(|w| w.send(decision.clone())));
    drop(writers);
    for client in &mut clients {
        wait_for(client, b"event: decision");
    }
    let grown = resident_kib() - before;
    println!(
        "streams {STREAMS} open, {:.1} MB more resident (at most 50)",
        grown as f64 / 1024.0
    );
}

fn wait_for(client: &mut TcpStream, wanted: &[u8]) {
    let mut text = Vec::new();
    let mut part = [0; 2048];
    while !text.windows(wanted.len()).any(|w| w == wanted) {
        let count = client.read(&mut part).expect("an event");
        assert_ne!(count, 0, "closed");
        text.extend_from_slice(&part[..count]);
    }
}
