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
            .header(
                http::header::HOST,
                uri.authority().map_or(host, |a| a.as_str()),
            )
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
