//! The few kinds of answers.

use crate::base::id::RequestId;
use crate::base::json;
use crate::http::error_table;
use crate::http::guard;
use crate::http::pack::{self, Asked};
use crate::http::problem::{Left, Problem, Quota};
use crate::http::stream::Stream;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

pub use crate::http::guard::Keep;

/// An answer that comes later.
pub(in crate::http) type Later = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;

enum Content {
    Whole(Cow<'static, [u8]>),
    Stream(Stream),
    Later(Later),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(bytes) => f.debug_tuple("Whole").field(bytes).finish(),
            Self::Stream(stream) => f.debug_tuple("Stream").field(stream).finish(),
            Self::Later(_) => f.write_str("Later"),
        }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub(in crate::http) status: u16,
    pub(in crate::http) content_type: &'static str,
    content: Content,
    pub(in crate::http) keep: Keep,
    pub(in crate::http) tag: Option<String>,
    pub(in crate::http) close: bool,
    secret: bool,
    weak: bool,
    headers: Vec<(&'static str, String)>,
}

const JSON: &str = "application/json; charset=utf-8";

impl Reply {
    fn new(status: u16, content_type: &'static str, content: Content) -> Self {
        Self {
            status,
            content_type,
            content,
            keep: Keep::Never,
            tag: None,
            close: false,
            secret: false,
            weak: false,
            headers: Vec::new(),
        }
    }

    /// A JSON answer with this status.
    #[must_use]
    pub fn json(status: u16, value: &json::Value) -> Self {
        let text = format!("{value}\n").into_bytes();
        Self::new(status, JSON, Content::Whole(text.into()))
    }

    /// A JSON answer made from a type of ours. A value that cannot be JSON is an error of ours.
    #[must_use]
    pub fn of<T: serde::Serialize>(status: u16, value: &T) -> Self {
        match json::encode(value) {
            Ok(text) => Self::new(
                status,
                JSON,
                Content::Whole((text + "\n").into_bytes().into()),
            ),
            Err(_) => Self::json(500, &json::json!({"error": {"code": "internal"}})),
        }
    }

    /// A page.
    #[must_use]
    pub fn html(status: u16, page: String) -> Self {
        let page = Content::Whole(page.into_bytes().into());
        Self::new(status, "text/html; charset=utf-8", page)
    }

    /// Bytes of this type: a picture, a file.
    #[must_use]
    pub fn bytes(content_type: &'static str, bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        Self::new(200, content_type, Content::Whole(bytes.into()))
    }

    /// Nothing to say: 204.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(204, "", Content::Whole(Cow::Borrowed(&[])))
    }

    /// Look there, with `GET`: 303. `to` is a path of this listener.
    #[must_use]
    pub fn see_other(to: &str) -> Self {
        let mut reply = Self::new(303, "", Content::Whole(Cow::Borrowed(&[])));
        reply.headers.push(("location", to.to_owned()));
        reply
    }

    /// A body that is written over time; `text/event-stream` or
    /// `multipart/x-mixed-replace; boundary=…`.
    #[must_use]
    pub fn stream(content_type: &'static str, stream: Stream) -> Self {
        Self::new(200, content_type, Content::Stream(stream))
    }

    /// The answer that this gives once it is done. It goes on to its end also when the client
    /// hangs up, and must not block.
    #[must_use]
    pub fn later(answer: impl Future<Output = Result<Self, Problem>> + Send + 'static) -> Self {
        Self::new(200, "", Content::Later(Box::pin(answer)))
    }

    /// What has to be waited for, if the answer comes later; else the answer.
    pub(in crate::http) fn into_later(self) -> Result<Later, Self> {
        match self.content {
            Content::Later(later) => Ok(later),
            content @ (Content::Whole(_) | Content::Stream(_)) => Err(Self { content, ..self }),
        }
    }

    /// A refusal: `{"error": {"code", "message", "field"?, "request"}}`.
    #[must_use]
    pub fn refusal(problem: &Problem, request: RequestId) -> Self {
        let outcome = error_table::outcome(problem.cause);
        let mut error = json::json!({
            "code": problem.code,
            "message": problem.message,
            "request": request.to_string(),
        });
        if let (Some(field), Some(map)) = (&problem.field, error.as_object_mut()) {
            map.insert("field".to_owned(), json::json!(field));
        }
        Self::json(outcome.status, &json::json!({"error": error})).of_problem(problem)
    }

    /// The same with the status and the waiting time of a problem: for refusals as pages.
    #[must_use]
    pub fn of_problem(mut self, problem: &Problem) -> Self {
        let outcome = error_table::outcome(problem.cause);
        self.status = outcome.status;
        if let Some(quota) = problem.quota {
            let (name, wait) = (quota.name, problem.retry_after_s.unwrap_or(0));
            let policy = format!("\"{name}\";q={};w={}", quota.most, quota.window_s);
            self.headers.push(("ratelimit-policy", policy));
            self.headers
                .push(("ratelimit", format!("\"{name}\";r=0;t={wait}")));
        }
        if let Some(seconds) = problem.retry_after_s.or(outcome.retry_after_s) {
            self.headers.push(("retry-after", seconds.to_string()));
        }
        self
    }

    /// The same with what the caller may still do, unless the answer tells of a limit already.
    #[must_use]
    pub fn with_left(mut self, left: &Left) -> Self {
        if self.headers.iter().any(|(name, _)| *name == "ratelimit") {
            return self;
        }
        let Quota {
            name,
            most,
            window_s,
        } = left.of;
        let policy = format!("\"{name}\";q={most};w={window_s}");
        let now = format!("\"{name}\";r={};t={}", left.requests, left.reset_s);
        self.headers.push(("ratelimit-policy", policy));
        self.headers.push(("ratelimit", now));
        self
    }

    /// The same with another status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with another header. A value that cannot be one is left out.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, for keeping so long.
    #[must_use]
    pub const fn kept(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// The same with a tag of its contents, for `If-None-Match`; without quotation marks.
    #[must_use]
    pub fn tagged(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }

    /// The same, never compressed: something in it is secret, and a caller could choose another
    /// part of it.
    #[must_use]
    pub const fn with_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The same answer, after which the connection is closed.
    #[must_use]
    pub const fn closing(mut self) -> Self {
        self.close = true;
        self
    }

    pub(in crate::http) const fn closing_if(mut self, unread: bool) -> Self {
        self.close = self.close || unread;
        self
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The body, if it is whole: for tests of handlers.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        match &self.content {
            Content::Whole(bytes) => bytes,
            Content::Stream(_) | Content::Later(_) => &[],
        }
    }

    /// Bytes of the body, if it is whole.
    pub(in crate::http) fn length(&self) -> Option<usize> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes.len()),
            Content::Stream(_) | Content::Later(_) => None,
        }
    }

    /// The same as this client wants it: nothing if it has it already, compressed where that
    /// pays. Takes a moment for a long text.
    pub(in crate::http) fn fitted(mut self, asked: &Asked) -> Self {
        if self.status != 200 {
            return self;
        }
        if self.tag.as_ref().is_some_and(|tag| asked.has(tag)) {
            self.status = 304;
            self.content_type = "";
            self.content = Content::Whole(Cow::Borrowed(&[]));
            return self;
        }
        let Content::Whole(bytes) = &self.content else {
            return self;
        };
        if self.secret || !pack::pays(self.content_type, bytes.len()) {
            return self;
        }
        self.headers.push(("vary", "Accept-Encoding".to_owned()));
        if asked.packed
            && let Some(packed) = pack::gzip(bytes)
        {
            self.content = Content::Whole(packed.into());
            self.headers.push(("content-encoding", "gzip".to_owned()));
            self.weak = true;
        }
        self
    }

    /// The answer as hyper sends it. `head`: only the head was asked for.
    pub(in crate::http) fn into_response(self, request: RequestId, head: bool) -> Response {
        let length = self.length();
        let mut headers = HeaderMap::new();
        if let Some(length) = length.filter(|_| !matches!(self.status, 204 | 304)) {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        if !self.content_type.is_empty() {
            let kind = HeaderValue::from_static(self.content_type);
            headers.insert(header::CONTENT_TYPE, kind);
        }
        if let Ok(id) = HeaderValue::from_str(&request.to_string()) {
            headers.insert("x-request-id", id);
        }
        let weak = if self.weak { "W/" } else { "" };
        let tag = self.tag.map(|t| format!("{weak}\"{t}\""));
        if let Some(Ok(tag)) = tag.map(|t| HeaderValue::from_str(&t)) {
            headers.insert(header::ETAG, tag);
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        if self.close {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        guard::defaults(&mut headers, self.content_type, self.keep);
        let body = match self.content {
            _ if head => Full::new(Bytes::new()).boxed_unsync(),
            Content::Whole(Cow::Borrowed(bytes)) => {
                Full::new(Bytes::from_static(bytes)).boxed_unsync()
            }
            Content::Whole(Cow::Owned(bytes)) => Full::new(Bytes::from(bytes)).boxed_unsync(),
            Content::Stream(stream) => Parts(stream).boxed_unsync(),
            // The exchange has waited for it before.
            Content::Later(_) => Full::new(Bytes::new()).boxed_unsync(),
        };
        let mut response = http::Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = headers;
        response
    }
}

/// An answer as hyper takes it.
pub(in crate::http) type Response = http::Response<UnsyncBoxBody<Bytes, Infallible>>;

/// A stream as a body.
struct Parts(Stream);

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
        let part = self.0.0.poll_recv(cx);
        part.map(|part| part.map(|bytes| Ok(hyper::body::Frame::data(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::cause::Cause;
    use crate::base::id::Id;

    #[test]
    fn a_refusal_has_its_code_its_request_and_when_to_try_again() {
        let id = RequestId::from_bytes([7; 16]);
        let problem = Problem::new(Cause::Busy, "Busy.").with_field("x");
        let reply = Reply::refusal(&problem, id);
        let body = String::from_utf8_lossy(reply.body()).into_owned();
        assert!(
            body.contains("\"busy\"") && body.contains("\"field\":\"x\""),
            "{body}"
        );
        let response = reply.into_response(id, false);
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(response.headers()["x-request-id"], id.to_string());
    }

    #[test]
    fn a_limit_that_is_reached_is_told_in_headers() {
        let mut problem = Problem::new(Cause::RateLimited, "Too many.");
        problem.retry_after_s = Some(17);
        problem.quota = Some(crate::http::problem::Quota {
            name: "login",
            most: 5,
            window_s: 900,
        });
        let id = RequestId::from_bytes([7; 16]);
        let response = Reply::refusal(&problem, id).into_response(id, false);
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()["retry-after"], "17");
        assert_eq!(
            response.headers()["ratelimit-policy"],
            "\"login\";q=5;w=900"
        );
        assert_eq!(response.headers()["ratelimit"], "\"login\";r=0;t=17");
    }

    #[test]
    fn what_has_a_secret_is_not_compressed() {
        let asked = Asked::of(
            &http::Method::GET,
            &[(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"))]
                .into_iter()
                .collect(),
        );
        let page = || Reply::html(200, "hadir ".repeat(1000));
        assert!(page().fitted(&asked).length() < Some(1000));
        assert_eq!(page().with_secret().fitted(&asked).length(), Some(6000));
        let stored = page()
            .tagged("a")
            .fitted(&asked)
            .into_response(RequestId::from_bytes([7; 16]), false);
        assert_eq!(stored.headers()["etag"], "W/\"a\"");
        assert_eq!(stored.headers()["vary"], "Accept-Encoding");
    }
}
