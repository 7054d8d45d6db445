//! A request as handlers see it: its head, known before a byte of the body is read, and the
//! bounded body.

use crate::base::id::{Id, RequestId};
use crate::base::json::{self, JsonError, Object};
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

    /// The body as a JSON object of this shape.
    ///
    /// # Errors
    /// 400 for what is no JSON, with the place; 422 for another shape, with the field.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        let read = json::decode::<Object<T>>(&self.body, self.body.len());
        read.map(|o| o.0).map_err(|error| match error {
            JsonError::Shape(ref what) => Problem::shape(what),
            JsonError::TooLarge(_)
            | JsonError::TooDeep
            | JsonError::Encoding
            | JsonError::Syntax(..) => Problem::invalid(error.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PersonId;
    use serde::Deserialize;

    fn request(lines: &[(&'static str, &str)], body: &[u8]) -> Request {
        let mut headers = http::HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a value"));
        }
        Request {
            head: Head {
                id: RequestId::from_bytes([1; 16]),
                method: Method::Post,
                path: "/x".to_owned(),
                peer: Peer {
                    address: [127, 0, 0, 1].into(),
                    loopback: true,
                    secure: false,
                },
                params: vec![("person", "nobody".to_owned())],
                query: Form::read("q=a+b&q=c").expect("a query"),
                headers,
            },
            body: body.to_vec(),
        }
    }

    #[test]
    fn cookies_are_found_by_their_whole_name_in_all_lines() {
        let lines = [
            ("cookie", "a=1; hadir_native=abc; b="),
            ("cookie", "xlang=no; lang=en"),
        ];
        let request = request(&lines, b"");
        assert_eq!(request.cookie("hadir_native"), Some("abc"));
        assert_eq!(request.cookie("lang"), Some("en"));
        assert_eq!(request.cookie("b"), Some(""));
        assert_eq!(request.cookie("native"), None);
    }

    #[test]
    fn only_a_bearer_s_token_is_one() {
        let token = |value: &str| {
            let request = request(&[("authorization", value)], b"");
            request.bearer().map(str::to_owned)
        };
        assert_eq!(token("Bearer hdrd_x"), Some("hdrd_x".to_owned()));
        assert_eq!(token("bearer  hdrd_x "), Some("hdrd_x".to_owned()));
        for value in ["Basic hdrd_x", "hdrd_x", "Bearer", ""] {
            assert_eq!(token(value), None, "{value:?}");
        }
    }

    #[test]
    fn parts_queries_and_ids_are_read() {
        let request = request(&[], b"");
        assert_eq!(
            (request.param("person"), request.param("other")),
            ("nobody", "")
        );
        assert_eq!(
            (request.query("q"), request.query("p")),
            (Some("a b"), None)
        );
        assert_eq!(request.query_names().collect::<Vec<_>>(), ["q", "q"]);
        let id = request.id_param::<PersonId>("person");
        assert_eq!(id.expect_err("no id").code, "missing");
    }

    #[test]
    fn a_form_is_read_only_as_a_form() {
        let kind = (
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        );
        let form = request(&[kind], b"name=Siti+A&day=1")
            .form()
            .expect("a form");
        assert_eq!((form.text("name"), form.text("day")), ("Siti A", "1"));
        let refused = [
            request(&[("content-type", "application/json")], b"name=x"),
            request(&[], b"name=x"),
            request(&[kind], b"name=\xff"),
            request(&[kind], b"name=%zz"),
        ];
        for request in refused {
            assert_eq!(request.form().expect_err("no form").code, "invalid");
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[allow(dead_code, reason = "only its shape is looked at")]
        name: String,
    }

    #[test]
    fn a_shape_that_is_wrong_names_its_field_and_repeats_no_value() {
        let table: [(&[u8], &str, Option<&str>); 8] = [
            (b"[\"a\"]", "unprocessable", Some("body")),
            (
                b"{\"name\":\"a\",\"secret\":1}",
                "unprocessable",
                Some("secret"),
            ),
            (b"{}", "unprocessable", Some("name")),
            (
                b"{\"name\":\"a\",\"name\":\"b\"}",
                "unprocessable",
                Some("name"),
            ),
            (b"{\"name\":12345}", "unprocessable", None),
            (b"{\"name\":", "invalid", None),
            (b"\xff", "invalid", None),
            (b"", "invalid", None),
        ];
        for (body, code, field) in table {
            let problem = request(&[], body).json::<Shape>().expect_err("refused");
            assert_eq!(problem.code, code, "{problem:?}");
            if field.is_some() {
                assert_eq!(problem.field.as_deref(), field, "{problem:?}");
            }
            assert!(!problem.message.contains("12345"), "{problem:?}");
        }
        assert!(request(&[], b"{\"name\":\"a\"}").json::<Shape>().is_ok());
    }

    #[test]
    fn json_that_is_nested_too_deep_is_refused_without_a_panic() {
        let deep = "[".repeat(10_000);
        let problem = request(&[], deep.as_bytes()).json::<Shape>();
        assert_eq!(problem.expect_err("too deep").code, "invalid");
    }
}
