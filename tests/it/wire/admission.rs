//! Who may not come in is told so before a body is waited for; a small body that has come with
//! its head is taken, and the connection with it kept.

use super::server::Server;
use hadir::base::cause::Cause;
use hadir::base::id::{Id as _, RequestId};
use hadir::http::problem::Problem;
use hadir::http::reply::Reply;
use hadir::http::request::{Head, Method, Request};
use hadir::http::route::{Access, Lane, Rate, Route, Surface};
use hadir::http::server::Limits;
use std::sync::Arc;

/// Lets nobody in who does not say the word.
struct Closed;

impl Surface for Closed {
    type Caller = ();

    fn admit(&self, _: &Route<Self>, head: &Head) -> Result<(), Problem> {
        let said = head.header("word") == Some("open");
        let refusal = || Problem::new(Cause::Unauthenticated, "Say the word.");
        said.then_some(()).ok_or_else(refusal)
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
        Reply::refusal(problem, id)
    }
}

fn length(_: &Closed, (): &(), request: Request) -> Result<Reply, Problem> {
    let length = request.body().len();
    Ok(Reply::json(
        200,
        &hadir::base::json::json!({"length": length}),
    ))
}

fn server() -> Server<Closed> {
    let route = Route {
        method: Method::Post,
        path: "/in",
        access: Access::Known,
        lane: Lane::CheckIn,
        rate: Rate::Free,
        body_bytes_max: 1024 * 1024,
        handle: length,
    };
    Server::start(vec![route], Arc::new(Closed), Limits::default())
}

fn post(headers: &str, body: &str) -> String {
    format!("POST /in HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n{body}")
}

#[test]
fn a_stranger_is_refused_without_the_body() {
    let server = server();
    let heads = [
        "Content-Length: 5",
        "Content-Length: 20000",
        "Content-Length: 1048576",
        "Content-Length: 5\r\nExpect: 100-continue",
        "Transfer-Encoding: chunked",
    ];
    for head in heads {
        let mut client = server.connect();
        client.send(post(head, ""));
        let answer = client.read();
        assert_eq!(answer.status, 401, "{head}");
        assert_eq!(answer.header("connection"), Some("close"), "{head}");
    }
}

#[test]
fn a_small_body_that_has_come_does_not_cost_a_stranger_the_connection() {
    let server = server();
    let mut client = server.connect();
    for _ in 0..2 {
        client.send(post("Content-Length: 5", "hello"));
        let answer = client.read();
        assert_eq!((answer.status, answer.header("connection")), (401, None));
    }
    client.send(post("Word: open\r\nContent-Length: 5", "hello"));
    assert_eq!(client.read().json()["length"], 5);
}

#[test]
fn a_body_is_read_whole_however_it_comes() {
    let server = server();
    let sizes = [1, 16 * 1024, 16 * 1024 + 1, 200_000];
    for size in sizes {
        let body = "x".repeat(size);
        let whole = post(&format!("Word: open\r\nContent-Length: {size}"), &body);
        for cut in [whole.len() - size, whole.len() - size / 2, whole.len()] {
            let mut client = server.connect();
            client.send(&whole[..cut]);
            client.send(&whole[cut..]);
            let answer = client.read();
            assert_eq!(answer.status, 200, "{size} cut at {cut}");
            assert_eq!(answer.json()["length"], size, "cut at {cut}");
        }
    }
}
