//! Connections: kept, shared by several requests, cut off, limited in number.

use super::server::places;
use super::server::{Answer, Server};
use crate::support::{LONG, eventually};
use hadir::http::server::Limits;
use std::sync::atomic::Ordering;
use std::time::Duration;

const HELLO: &str = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

fn short(ms: u64) -> Limits {
    Limits {
        header: Duration::from_millis(ms),
        ..Limits::default()
    }
}

#[test]
fn requests_sent_together_are_answered_in_their_order() {
    let server = Server::with(Limits::default());
    let lines = [
        "GET /hello",
        "GET /x",
        "DELETE /hello",
        "POST /act",
        "GET /both",
    ];
    let mut bytes: String = lines
        .map(|l| format!("{l} HTTP/1.1\r\nHost: a\r\n\r\n"))
        .concat();
    bytes.push_str("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    bytes.push_str(HELLO);
    let answers = server.talk(bytes);
    let statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    assert_eq!(
        statuses,
        [200, 404, 405, 200, 200, 200],
        "none after the last one"
    );
    let numbers: Vec<u128> = answers.iter().map(Answer::number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_connection_is_kept_for_the_next_request_also_after_a_refusal() {
    let server = Server::with(Limits::default());
    let mut client = server.connect();
    for round in 1..=20u128 {
        client.send(if round.is_multiple_of(2) {
            HELLO
        } else {
            "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
        });
        let answer = client.read();
        let want = if round.is_multiple_of(2) { 200 } else { 404 };
        assert_eq!((answer.status, answer.number()), (want, round));
    }
}

#[test]
fn a_request_that_comes_byte_by_byte_is_one_request() {
    let server = Server::with(Limits::default());
    let mut client = server.connect();
    for byte in HELLO.bytes() {
        client.send([byte]);
    }
    let answer = client.read();
    assert_eq!((answer.status, answer.number()), (200, 1));
}

#[test]
fn line_ends_without_carriage_return_and_lines_before_a_request_are_taken() {
    let server = Server::with(Limits::default());
    for bytes in [
        "GET /hello HTTP/1.0\n\n",
        "\r\n\r\nGET /hello HTTP/1.0\r\n\r\n",
    ] {
        let answers = server.talk(bytes);
        assert_eq!(answers.len(), 1, "{bytes:?}");
        assert_eq!(answers[0].status, 200, "{bytes:?}");
    }
}

#[test]
fn requests_cut_off_anywhere_give_their_place_back() {
    let limits = Limits {
        places: places(1),
        ..Limits::default()
    };
    let server = Server::with(limits);
    for end in 0..HELLO.len() {
        let mut client = server.connect();
        client.send(&HELLO[..end]);
        drop(client);
    }
    assert!(server.is_well());
}

#[test]
fn a_sender_who_trickles_is_cut_off_although_something_always_comes() {
    let server = Server::with(short(60));
    let mut client = server.connect();
    client.send("GET /hello HTTP/1.1\r\nX: ");
    eventually(LONG, "the connection is closed", || !client.takes(b"x"));
    assert!(server.is_well());
}

#[test]
fn a_connection_that_asks_nothing_more_is_closed() {
    let server = Server::with(short(60));
    let mut client = server.connect();
    client.send(HELLO);
    assert_eq!(client.read().status, 200);
    // Reading ends only because the server closes.
    let rest = client.read_all();
    assert!(rest.iter().all(|a| a.status == 408), "{rest:?}");
}

#[test]
fn those_beyond_the_limit_wait_until_a_place_is_free() {
    let limits = Limits {
        places: places(2),
        ..Limits::default()
    };
    let server = Server::with(limits);
    let (mut first, mut second) = (server.connect(), server.connect());
    for client in [&mut first, &mut second] {
        client.send(HELLO);
        assert_eq!(client.read().status, 200);
    }
    let mut third = server.connect();
    third.send(HELLO);
    // Both places are taken: these are answered before the one who came earlier.
    for number in 3..=20 {
        first.send(HELLO);
        assert_eq!(first.read().number(), number);
    }
    drop(second);
    assert_eq!(third.read().number(), 21);
}

#[test]
fn a_crowd_is_served_by_a_few_places() {
    let limits = Limits {
        places: places(4),
        ..Limits::default()
    };
    let server = Server::with(limits);
    std::thread::scope(|scope| {
        let visitors: Vec<_> = (0..40).map(|_| scope.spawn(|| server.is_well())).collect();
        for visitor in visitors {
            assert!(visitor.join().expect("a visitor"));
        }
    });
    let last = server.talk("GET /hello HTTP/1.0\r\n\r\n");
    assert_eq!(last[0].number(), 41, "each was one request");
}

#[test]
fn the_accept_loop_shows_that_it_is_alive() {
    let server = Server::with(Limits::default());
    for _ in 0..3 {
        let before = server.alive.load(Ordering::SeqCst);
        assert!(server.is_well());
        eventually(LONG, "another round", || {
            server.alive.load(Ordering::SeqCst) > before
        });
    }
}
