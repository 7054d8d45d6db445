//! Answers that come later: whoever is known from memory is served without a thread that waits,
//! and what was begun goes on to its end whether or not the client stays.

use super::server::Server;
use crate::support::{LONG, eventually};
use hadir::base::cause::Cause;
use hadir::base::id::{Id as _, RequestId};
use hadir::base::json::json;
use hadir::http::lane::Lane as Places;
use hadir::http::problem::Problem;
use hadir::http::reply::Reply;
use hadir::http::request::{Head, Method, Request};
use hadir::http::route::{Access, Lane, Rate, Route, Surface};
use hadir::http::server::Limits;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// A surface that knows whoever says `old` from memory, and refuses whoever says `bad` there.
struct Board {
    gate: Arc<Semaphore>,
    asked: AtomicUsize,
    begun: AtomicUsize,
    done: Arc<AtomicUsize>,
}

impl Surface for Board {
    type Caller = &'static str;

    fn admit(&self, _: &Route<Self>, _: &Head) -> Result<&'static str, Problem> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok("asked")
    }

    fn recall(&self, _: &Route<Self>, head: &Head) -> Option<Result<&'static str, Problem>> {
        match head.header("word")? {
            "old" => Some(Ok("remembered")),
            "bad" => Some(Err(Problem::new(Cause::RateLimited, "Too often."))),
            _ => None,
        }
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
        Reply::refusal(problem, id)
    }
}

fn later(board: &Board, caller: &&'static str, request: Request) -> Result<Reply, Problem> {
    board.begun.fetch_add(1, Ordering::SeqCst);
    let (gate, done, caller) = (Arc::clone(&board.gate), Arc::clone(&board.done), *caller);
    let refuses = request.header("end") == Some("refused");
    Ok(Reply::later(async move {
        let _passed = gate.acquire().await.expect("the gate");
        done.fetch_add(1, Ordering::SeqCst);
        if refuses {
            return Err(Problem::new(Cause::Conflict, "Not any more."));
        }
        Ok(Reply::json(200, &json!({"caller": caller})))
    }))
}

/// A server whose gate lets so many pass at once, with one place for those who come.
fn server(passing: usize, lane: Lane) -> Server<Board> {
    let route = Route {
        method: Method::Post,
        path: "/in",
        access: Access::Known,
        lane,
        rate: Rate::Free,
        body_bytes_max: 100,
        handle: later,
    };
    let board = Board {
        gate: Arc::new(Semaphore::new(passing)),
        asked: AtomicUsize::new(0),
        begun: AtomicUsize::new(0),
        done: Arc::default(),
    };
    Server::start_with(vec![route], Arc::new(board), Limits::default(), |service| {
        service.lanes.check_in = Places::new(1, 0, LONG);
    })
}

fn post(headers: &str) -> String {
    format!("POST /in HTTP/1.0\r\n{headers}Content-Length: 2\r\n\r\n{{}}")
}

#[test]
fn whoever_is_remembered_is_not_asked_about() {
    let server = server(1, Lane::Queued);
    let asked = || server.state.asked.load(Ordering::SeqCst);
    for (word, said, times) in [
        ("", "asked", 1),
        ("Word: new\r\n", "asked", 2),
        ("Word: old\r\n", "remembered", 2),
    ] {
        let answer = server.talk(post(word)).remove(0);
        assert_eq!(answer.status, 200, "{word}");
        assert_eq!(answer.json()["caller"], said, "{word}");
        assert_eq!(asked(), times, "{word}");
    }
    let refused = server.talk(post("Word: bad\r\n")).remove(0);
    assert_eq!(refused.status, 429);
    assert_eq!(server.state.begun.load(Ordering::SeqCst), 3);
}

#[test]
fn other_lanes_ask_every_time_and_may_answer_later_too() {
    let server = server(1, Lane::CheckIn);
    let answer = server.talk(post("Word: old\r\n")).remove(0);
    assert_eq!(answer.json()["caller"], "asked");
}

#[test]
fn an_answer_that_comes_later_may_be_a_refusal() {
    let server = server(1, Lane::Queued);
    for word in ["", "Word: old\r\n"] {
        let answer = server
            .talk(post(&format!("{word}End: refused\r\n")))
            .remove(0);
        assert_eq!(answer.status, 409, "{word}");
        assert_eq!(answer.json()["error"]["code"], "conflict", "{word}");
    }
}

#[test]
fn a_client_that_hangs_up_keeps_its_place_until_the_answer_is_there() {
    for word in ["", "Word: old\r\n"] {
        let server = server(0, Lane::Queued);
        let begun = || server.state.begun.load(Ordering::SeqCst);
        let mut first = server.connect();
        first.send(post(word));
        eventually(LONG, "it has begun", || begun() == 1);
        drop(first);
        let busy = server.talk(post("")).remove(0);
        assert_eq!(busy.status, 503, "the place is taken: {word}");
        server.state.gate.add_permits(1);
        eventually(LONG, "it came to its end", || {
            server.state.done.load(Ordering::SeqCst) == 1
        });
        eventually(LONG, "the place is free", || {
            server.talk(post(""))[0].status == 200
        });
    }
}
