//! A request as handlers see it.

use crate::base::id::RequestId;

/// The methods that routes take. `HEAD` is answered wherever `GET` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes.
    Post,
}

impl Method {
    /// The method of a request line; None for one that no route takes.
    pub(in crate::http) fn of(method: &http::Method) -> Option<Self> {
        match *method {
            http::Method::GET | http::Method::HEAD => Some(Self::Get),
            http::Method::POST => Some(Self::Post),
            _ => None,
        }
    }
}

/// A request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its id, which is in the answer's `X-Request-Id` and in the log.
    pub id: RequestId,
}
