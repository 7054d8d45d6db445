//! The few kinds of answers.

use crate::base::cause::Cause;
use crate::base::id::RequestId;
use crate::base::json;
use crate::http::error_table;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use http_body_util::Full;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    body: String,
    retry_after_s: Option<u32>,
    allow: Option<&'static str>,
    close: bool,
}

impl Reply {
    /// A JSON answer with this status. A value that cannot be JSON is an error of ours: 500.
    #[must_use]
    pub fn json(status: u16, value: &json::Value) -> Self {
        Self {
            status,
            body: format!("{value}\n"),
            retry_after_s: None,
            allow: None,
            close: false,
        }
    }

    /// A refusal: `{"error": {"code", "message", "request"}}`. `message` is for the caller and
    /// tells nothing of the inside.
    #[must_use]
    pub fn refusal(cause: Cause, message: &str, request: RequestId) -> Self {
        let outcome = error_table::outcome(cause);
        let body = json::json!({"error": {
            "code": cause.code(),
            "message": message,
            "request": request.to_string(),
        }});
        let mut reply = Self::json(outcome.status, &body);
        reply.retry_after_s = outcome.retry_after_s;
        reply
    }

    /// The refusal of a method that the path does not take.
    #[must_use]
    pub fn wrong_method(allow: &'static str, request: RequestId) -> Self {
        let mut reply = Self::refusal(
            Cause::Invalid,
            "The address does not take this method.",
            request,
        );
        reply.status = 405;
        reply.allow = Some(allow);
        reply
    }

    /// The same answer, after which the connection is closed.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.close = true;
        self
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The answer as hyper sends it. `head`: only the head was asked for.
    pub(in crate::http) fn into_response(
        self,
        request: RequestId,
        head: bool,
    ) -> http::Response<Full<Bytes>> {
        let length = self.body.len();
        let body = if head {
            Bytes::new()
        } else {
            Bytes::from(self.body)
        };
        let mut response = http::Response::new(Full::new(body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let nosniff = HeaderValue::from_static("nosniff");
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
        if let Ok(id) = HeaderValue::from_str(&request.to_string()) {
            headers.insert("x-request-id", id);
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if self.close {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;

    #[test]
    fn a_refusal_has_its_code_its_request_and_when_to_try_again() {
        let id = RequestId::from_bytes([7; 16]);
        let response = Reply::refusal(Cause::Busy, "Busy.", id).into_response(id, false);
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(response.headers()["x-request-id"], id.to_string());
        let head = Reply::refusal(Cause::Missing, "No.", id).into_response(id, true);
        assert_ne!(
            head.headers()["content-length"],
            "0",
            "the length that GET would have"
        );
    }
}
