//! Requests that go out: for now, opening a stream that a camera sends.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::TokioIo;
use std::fmt;
use std::time::Duration;
use tokio::net::TcpStream;

/// Why an outgoing request failed.
#[derive(Debug)]
pub enum ClientError {
    /// The address is not `http://HOST[:PORT]/PATH`.
    Address,
    /// Nothing came within the limit.
    Slow,
    /// The connection failed; the text says how.
    Connection(String),
    /// The other side answered with this status.
    Status(u16),
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("the address is not http://HOST[:PORT]/PATH"),
            Self::Slow => f.write_str("no answer in time"),
            Self::Connection(why) => f.write_str(why),
            Self::Status(status) => write!(f, "the answer was {status}"),
        }
    }
}

impl std::error::Error for ClientError {}

/// A body that is read as it comes.
#[derive(Debug)]
pub struct Stream {
    content_type: String,
    body: hyper::body::Incoming,
    connection: tokio::task::JoinHandle<()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Stream {
    /// Sends `GET url` and waits at most `limit` for the head of the answer.
    ///
    /// # Errors
    /// Each variant of [`ClientError`].
    pub async fn open(url: &str, limit: Duration) -> Result<Self, ClientError> {
        tokio::time::timeout(limit, Self::connect(url))
            .await
            .unwrap_or(Err(ClientError::Slow))
    }

    async fn connect(url: &str) -> Result<Self, ClientError> {
        let uri: http::Uri = url.parse().map_err(|_| ClientError::Address)?;
        let host = uri.host().filter(|_| uri.scheme_str() == Some("http"));
        let host = host.ok_or(ClientError::Address)?;
        let authority = uri.authority().map_or(host, |a| a.as_str());
        if uri.port().is_none() && !authority.ends_with(host) {
            return Err(ClientError::Address); // something that is no port stands behind the host
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let broken = |e: &dyn fmt::Display| ClientError::Connection(e.to_string());
        let stream = TcpStream::connect((bare, uri.port_u16().unwrap_or(80)))
            .await
            .map_err(|e| broken(&e))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|e| broken(&e))?;
        let connection = tokio::spawn(async move {
            // Its end is seen by whoever reads the body.
            let _ = connection.await;
        });
        let target = uri
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str);
        let request = http::Request::get(target)
            .header(http::header::HOST, authority)
            .body(Empty::<Bytes>::new())
            .map_err(|_| ClientError::Address)?;
        let response = sender.send_request(request).await.map_err(|e| broken(&e));
        let response = response.inspect_err(|_| connection.abort())?;
        if !response.status().is_success() {
            connection.abort();
            return Err(ClientError::Status(response.status().as_u16()));
        }
        let kind = response.headers().get(http::header::CONTENT_TYPE);
        let content_type = kind
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            content_type,
            body: response.into_body(),
            connection,
        })
    }

    /// The answer's Content-Type; empty if it has none.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The next bytes, waiting for at most `limit`; None at the end of the stream. A read that
    /// was too slow loses nothing: the next one goes on.
    ///
    /// # Errors
    /// [`ClientError::Slow`], [`ClientError::Connection`].
    pub async fn read(&mut self, limit: Duration) -> Result<Option<Vec<u8>>, ClientError> {
        loop {
            let frame = tokio::time::timeout(limit, self.body.frame()).await;
            match frame.map_err(|_| ClientError::Slow)? {
                None => return Ok(None),
                Some(Err(e)) => return Err(ClientError::Connection(e.to_string())),
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes.to_vec()));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    const LONG: Duration = Duration::from_secs(20);

    /// A server that reads a request, answers with these bytes and closes; its address, and
    /// what it was asked.
    async fn server(answer: &'static [u8]) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
        let address = listener.local_addr().expect("address");
        let task = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a client");
            let mut request = vec![0; 4096];
            let n = stream.read(&mut request).await.expect("a request");
            stream.write_all(answer).await.expect("an answer");
            String::from_utf8_lossy(&request[..n]).into_owned()
        });
        (format!("http://{address}/a/b?c=d"), task)
    }

    #[tokio::test]
    async fn a_stream_is_read_to_its_end() {
        let (url, task) =
            server(b"HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 6\r\n\r\nabcdef")
                .await;
        let mut stream = Stream::open(&url, LONG).await.expect("open");
        assert_eq!(stream.content_type(), "text/x");
        let mut all = Vec::new();
        while let Some(bytes) = stream.read(LONG).await.expect("bytes") {
            all.extend(bytes);
        }
        assert_eq!(all, b"abcdef");
        let asked = task.await.expect("task");
        assert!(asked.starts_with("GET /a/b?c=d HTTP/1.1\r\n"), "{asked}");
        assert!(asked.to_lowercase().contains("host: 127.0.0.1:"), "{asked}");
    }

    #[tokio::test]
    async fn a_cut_answer_is_an_error_and_not_an_end() {
        let (url, _task) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").await;
        let mut stream = Stream::open(&url, LONG).await.expect("open");
        let mut end = stream.read(LONG).await;
        while let Ok(Some(_)) = end {
            end = stream.read(LONG).await;
        }
        assert!(matches!(end, Err(ClientError::Connection(_))), "{end:?}");
    }

    #[tokio::test]
    async fn statuses_and_nonsense_are_errors() {
        let (url, _task) = server(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").await;
        assert!(matches!(
            Stream::open(&url, LONG).await,
            Err(ClientError::Status(503))
        ));
        let (url, _task) = server(b"SSH-2.0-OpenSSH\r\n").await;
        assert!(matches!(
            Stream::open(&url, LONG).await,
            Err(ClientError::Connection(_))
        ));
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_left() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
        let url = format!("http://{}/", listener.local_addr().expect("address"));
        let opened = Stream::open(&url, Duration::from_millis(50)).await;
        assert!(matches!(opened, Err(ClientError::Slow)));
    }

    #[tokio::test]
    async fn addresses_of_other_kinds_are_refused() {
        for url in [
            "",
            "nonsense",
            "/path",
            "https://127.0.0.1/",
            "ftp://127.0.0.1/",
            "http://",
        ] {
            let opened = Stream::open(url, LONG).await;
            assert!(matches!(opened, Err(ClientError::Address)), "{url}");
        }
    }
}
