//! A request as handlers see it: its head, known before a byte of the body is read, and the
//! bounded body.

use crate::base::id::{Id, RequestId};
use crate::base::json::{self, JsonError};
use crate::http::form::Form;
use crate::http::problem::Problem;
use std::net::IpAddr;
use std::ops::Deref;
use std::str::FromStr;

/// The methods that routes take. `HEAD` is answered wherever `GET` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes or does something.
    Post,
    /// Replaces something.
    Put,
    /// Changes a part of something.
    Patch,
    /// Takes something away.
    Delete,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The method of a request line; None for one that no route takes.
    pub(in crate::http) fn of(method: &http::Method) -> Option<Self> {
        match *method {
            http::Method::GET | http::Method::HEAD => Some(Self::Get),
            http::Method::POST => Some(Self::Post),
            http::Method::PUT => Some(Self::Put),
            http::Method::PATCH => Some(Self::Patch),
            http::Method::DELETE => Some(Self::Delete),
            _ => None,
        }
    }

    /// As in a request line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it changes nothing by itself (RFC 9110, section 9.2.1).
    #[must_use]
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get)
    }
}

/// Where a request came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The client's address; behind a trusted proxy what the proxy says it is.
    pub address: IpAddr,
    /// Whether the connection is to this machine itself and came through no proxy.
    pub loopback: bool,
    /// Whether the client speaks TLS.
    pub secure: bool,
}

/// All of a request but its body.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its id, which is in the answer's `X-Request-Id` and in the log.
    pub id: RequestId,
    /// The method.
    pub method: Method,
    /// The path as sent, without the query.
    pub path: String,
    /// From where.
    pub peer: Peer,
    pub(in crate::http) params: Vec<(&'static str, String)>,
    pub(in crate::http) query: Form,
    pub(in crate::http) headers: http::HeaderMap,
}

impl Head {
    /// A part of the path by the name it has in the route's pattern; empty if it has none.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        let found = self.params.iter().find(|(n, _)| *n == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// A part of the path that is an id.
    ///
    /// # Errors
    /// 404: what is no id names nothing.
    pub fn id_param<T: Id + FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.param(name).parse().map_err(|_| Problem::missing())
    }

    /// A value of the query, the first of this name.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// The names in the query.
    pub fn query_names(&self) -> impl Iterator<Item = &str> {
        self.query.names()
    }

    /// A header by its name in lower case, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// A cookie's value.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(http::header::COOKIE).into_iter();
        let pairs = lines
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(';'));
        let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The token of `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        let value = self.header("authorization")?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    pub(in crate::http) head: Head,
    pub(in crate::http) body: Vec<u8>,
}

impl Deref for Request {
    type Target = Head;
    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Request {
    /// The body, at most as long as the route allows.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Takes the body out, for a picture that is handed on.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// The body as the form of a page.
    ///
    /// # Errors
    /// 400 for another type, for what is no form and for what is not UTF-8.
    pub fn form(&self) -> Result<Form, Problem> {
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let message = "The body is no form: application/x-www-form-urlencoded was expected.";
            return Err(Problem::invalid(message));
        }
        let text = std::str::from_utf8(&self.body)
            .map_err(|_| Problem::invalid("The form is not UTF-8."))?;
        Form::read(text)
    }

    /// The body as JSON of this shape.
    ///
    /// # Errors
    /// 400 for what is no JSON, with the place; 422 for another shape, with the field.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        json::decode(&self.body, self.body.len()).map_err(|error| match error {
            JsonError::Shape(ref what) => Problem::shape(what),
            JsonError::TooLarge(_)
            | JsonError::TooDeep
            | JsonError::Encoding
            | JsonError::Syntax(..) => Problem::invalid(error.to_string()),
        })
    }
}
