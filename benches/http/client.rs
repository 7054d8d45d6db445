//! The clients: one thread for all of them, so that they take as little of the machine as they
//! can; requests are put together before the clock starts.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::task::{JoinHandle, LocalSet};

/// Runs clients on this thread.
pub fn run<T>(clients: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    LocalSet::new().block_on(&runtime.expect("a runtime"), clients)
}

/// A kept connection.
pub struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
    part: Box<[u8; 16 * 1024]>,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            answer: Vec::new(),
            part: Box::new([0; 16 * 1024]),
        }
    }

    /// Sends a whole request and gives the body of the answer, which must be 200.
    pub async fn ask(&mut self, request: &[u8]) -> &str {
        let (status, body) = self.exchange(request).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Sends a whole request and gives status and body of the answer.
    pub async fn exchange(&mut self, request: &[u8]) -> (u16, &str) {
        self.stream.write_all(request).await.expect("written");
        self.answer.clear();
        loop {
            let count = self.stream.read(&mut self.part[..]).await.expect("a part");
            assert_ne!(
                count,
                0,
                "closed: {}",
                String::from_utf8_lossy(&self.answer)
            );
            self.answer.extend_from_slice(&self.part[..count]);
            if let Some((head, length)) = head_of(&self.answer)
                && self.answer.len() >= head + length
            {
                let text = std::str::from_utf8(&self.answer).expect("text");
                let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
                return (status.expect("a status"), &text[head..]);
            }
        }
    }

    /// Sends a request and hands on the parts of an answer that has no end, as text.
    pub async fn listen(mut self, request: Vec<u8>, mut hear: impl FnMut(&str)) {
        self.stream.write_all(&request).await.expect("written");
        loop {
            let count = self.stream.read(&mut self.part[..]).await.expect("a part");
            assert_ne!(count, 0, "the stream ended");
            hear(&String::from_utf8_lossy(&self.part[..count]));
        }
    }
}

/// Bytes of the head with the empty line, and of the body that it announces.
fn head_of(answer: &[u8]) -> Option<(usize, usize)> {
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).expect("a head");
    let length = head
        .split("\r\n")
        .find_map(|l| l.strip_prefix("content-length: "));
    Some((end + 4, length?.parse().expect("a number")))
}

/// A request with a device's token.
pub fn request(method: &str, path: &str, token: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: box\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends all requests by so many clients, each the next one as soon as it has its answer, which
/// must have `wanted` in it. Gives the times of the answers in milliseconds, and all seconds.
pub fn send_all(
    address: SocketAddr,
    clients: usize,
    requests: Vec<Vec<u8>>,
    wanted: &'static str,
) -> (Vec<f64>, f64) {
    run(async move {
        let mut connections = Vec::new();
        for _ in 0..clients {
            connections.push(Client::connect(address).await);
        }
        let next = std::rc::Rc::new(RefCell::new(requests.into_iter()));
        let begin = Instant::now();
        let tasks: Vec<JoinHandle<Vec<f64>>> = (connections.into_iter())
            .map(|mut client| {
                let next = std::rc::Rc::clone(&next);
                tokio::task::spawn_local(async move {
                    let mut times = Vec::new();
                    loop {
                        let Some(request) = next.borrow_mut().next() else {
                            return times;
                        };
                        let sent = Instant::now();
                        let answer = client.ask(&request).await;
                        times.push(sent.elapsed().as_secs_f64() * 1000.0);
                        assert!(answer.contains(wanted), "{answer}");
                    }
                })
            })
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.expect("a client"));
        }
        (times, begin.elapsed().as_secs_f64())
    })
}
