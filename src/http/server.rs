//! One listener: accepts connections while there is room and refuses the rest at once, speaks
//! TLS where it is asked to, and on stop waits until the requests under way are answered.

use crate::http::door::{Door, Knock};
use crate::http::exchange::answer;
use crate::http::patient::Patient;
use crate::http::request::Peer;
use crate::http::route::Surface;
use crate::journal::fields;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

pub use crate::http::service::{Ids, Limits, Redirect, Service};

/// Pause after an accept that failed because the system has no more descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Longest head of a request, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// What whoever finds no room is told; it is sent in one packet, without reading anything.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\
    Content-Length: 0\r\nConnection: close\r\n\r\n";

/// First byte of a TLS handshake record (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// How often the accept loop shows that it is alive when nobody connects.
const BEAT: Duration = Duration::from_secs(1);

/// Serves until `stop` turns true or its sender is gone, then drains.
pub async fn serve<S: Surface>(
    listener: TcpListener,
    service: Service<S>,
    mut stop: watch::Receiver<bool>,
) {
    let service = Arc::new(service);
    let door = Door::new(service.limits.places);
    let mut tasks = JoinSet::new();
    while let Some(accepted) = accept(&listener, &service, &mut stop).await {
        if let Some((stream, address)) = accepted {
            let own = address.ip().is_loopback()
                || service.trusted.iter().any(|n| n.contains(address.ip()));
            let (service, stop) = (Arc::clone(&service), stop.clone());
            match door.knock(address.ip(), own) {
                Knock::Full => refuse(&stream),
                Knock::In(place) => {
                    tasks.spawn(async move {
                        meet(stream, address, service, stop).await;
                        drop(place);
                    });
                }
                Knock::Wait(before) => {
                    let mut stop = stop;
                    tasks.spawn(async move {
                        // Who still waits when the box stops is let go without an answer.
                        let place = tokio::select! {
                            biased;
                            () = stopped(&mut stop) => return,
                            place = before.place() => place,
                        };
                        match place {
                            Some(_place) => meet(stream, address, service, stop).await,
                            None => refuse(&stream),
                        }
                    });
                }
            }
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

/// Tells a connection that there is no room. It fits into the system's buffer of a new
/// connection, so nothing is waited for; if not, closing says it too.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(FULL);
}

/// A panic in a connection is a mistake of ours and ends the listener, which ends the process.
fn pass_on(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}

/// One round of the accept loop: None when it is to stop, Some(None) when nobody came.
async fn accept<S: Surface>(
    listener: &TcpListener,
    service: &Service<S>,
    stop: &mut watch::Receiver<bool>,
) -> Option<Option<(TcpStream, SocketAddr)>> {
    service.alive.fetch_add(1, Ordering::Relaxed);
    let next = async {
        match listener.accept().await {
            Ok(accepted) => Some(accepted),
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

/// Speaks TLS with a new connection if the listener does, then HTTP. A client that speaks HTTP
/// where TLS is spoken is sent to the right address.
async fn meet<S: Surface>(
    stream: TcpStream,
    address: SocketAddr,
    service: Arc<Service<S>>,
    stop: watch::Receiver<bool>,
) {
    // Answers are small and written at once; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let peer = Peer {
        address: address.ip().to_canonical(),
        loopback: address.ip().to_canonical().is_loopback(),
        secure: false,
    };
    let Some(tls) = &service.tls else {
        return converse(stream, peer, service, stop).await;
    };
    let mut first = [0];
    let begin = tokio::time::timeout(service.limits.header, stream.peek(&mut first));
    match begin.await {
        Ok(Ok(1..)) if first == [HANDSHAKE] => {}
        Ok(Ok(1..)) => return converse(stream, peer, service, stop).await,
        Ok(Ok(_) | Err(_)) | Err(_) => return,
    }
    let handshake = tokio::time::timeout(service.limits.header, tls.accept(stream));
    // One that fails is the client's matter: most often it does not trust the box yet.
    if let Ok(Ok(stream)) = handshake.await {
        let peer = Peer {
            secure: true,
            ..peer
        };
        converse(stream, peer, service, stop).await;
    }
}

/// Serves one connection; after the stop it ends with the answer that is under way.
async fn converse<S: Surface>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: Peer,
    service: Arc<Service<S>>,
    mut stop: watch::Receiver<bool>,
) {
    let limits = service.limits;
    let answer = hyper::service::service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(answer(&service, peer, request).await) }
    });
    let stream = Patient::new(stream, limits.write);
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id, RequestId};
    use crate::base::json;
    use crate::http::problem::Problem;
    use crate::http::reply::Reply;
    use crate::http::request::{Head, Method, Request};
    use crate::http::route::{Access, Handler, Lane, Rate, Route, Router};
    use std::sync::atomic::AtomicU64;
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

    fn service() -> Service<Plain> {
        let routes = vec![route("/hello", hello), route("/broken", broken)];
        let ids = Arc::new(|| RequestId::from_bytes([1; 16]));
        Service::new(Router::new(routes), Arc::new(Plain), ids)
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
        let mut service = service();
        service.limits = limits;
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
        let mut service = service();
        service.alive = Arc::clone(&alive);
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
