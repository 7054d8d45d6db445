//! A receiver on loopback: keeps what it is sent and answers as a test says.

use hadir::base::json::{Value, decode};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A call that came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// The request line.
    pub line: String,
    /// The headers, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Call {
    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).expect("the header")
    }

    /// The body, read.
    pub fn json(&self) -> Value {
        decode(self.body.as_bytes(), 65_536).expect("json")
    }
}

/// The receiver; it ends with the test's process.
pub struct Receiver {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
    answer: Arc<Mutex<String>>,
}

impl Receiver {
    /// Starts one that takes everything.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
        let receiver = Self {
            address: listener.local_addr().expect("address"),
            calls: Arc::default(),
            answer: Arc::new(Mutex::new("204 No Content".to_owned())),
        };
        let (calls, answer) = (Arc::clone(&receiver.calls), Arc::clone(&receiver.answer));
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let answer = answer.lock().expect("lock").clone();
                if let Some(call) = serve(stream, &answer) {
                    calls.lock().expect("lock").push(call);
                }
            }
        });
        receiver
    }

    /// Answers so from the next call on: status and reason, perhaps with headers.
    pub fn answers(&self, answer: &str) {
        answer.clone_into(&mut self.answer.lock().expect("lock"));
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}/hadir?token=rahasia", self.address)
    }

    /// What came in.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("lock").clone()
    }
}

fn serve(stream: TcpStream, answer: &str) -> Option<Call> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut stream = reader.into_inner();
    let end = "Connection: close\r\nContent-Length: 0\r\n\r\n";
    write!(stream, "HTTP/1.1 {answer}\r\n{end}").ok()?;
    Some(Call {
        line: line.trim_end().to_owned(),
        headers,
        body: String::from_utf8(body).expect("text"),
    })
}
