//! How the server stops: nobody new, those under way to their end, and not for ever.

use super::server::places;
use super::server::{Hall, Server};
use crate::support::{LONG, eventually};
use hadir::http::server::Limits;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

const WAIT: &str = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

fn at_the_gate(hall: &Hall, count: usize) {
    eventually(LONG, "they stand at the gate", || hall.waiting() == count);
}

fn closed(server: &Server<Hall>) {
    eventually(LONG, "nobody new gets in", || {
        TcpStream::connect(server.address).is_err()
    });
}

#[test]
fn requests_under_way_are_answered_and_then_the_server_ends() {
    let mut server = Server::with(Limits {
        drain: LONG,
        ..Limits::default()
    });
    let mut clients = [server.connect(), server.connect()];
    for client in &mut clients {
        client.send(WAIT);
    }
    at_the_gate(&server.state, 2);
    server.stop();
    closed(&server);
    server.state.open();
    for client in clients {
        let answers = client.read_all();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(
            (answers[0].status, answers[0].json()["waited"].as_bool()),
            (200, Some(true))
        );
    }
    server.end().expect("no panic");
}

#[test]
fn what_is_asked_behind_a_request_under_way_is_not_begun() {
    let mut server = Server::with(Limits {
        drain: LONG,
        ..Limits::default()
    });
    let mut client = server.connect();
    client.send(WAIT);
    at_the_gate(&server.state, 1);
    server.stop();
    closed(&server);
    client.send(WAIT);
    server.state.open();
    let answers = client.read_all();
    assert!((1..=2).contains(&answers.len()), "{answers:?}");
    server.end().expect("no panic");
    assert!(server.state.waiting() <= 2);
}

#[test]
fn a_request_that_does_not_end_does_not_hold_the_stop_up() {
    let limits = Limits {
        drain: Duration::from_millis(50),
        ..Limits::default()
    };
    let mut server = Server::with(limits);
    let hall = Arc::clone(&server.state);
    let mut client = server.connect();
    client.send(WAIT);
    at_the_gate(&hall, 1);
    server.stop();
    server.end().expect("no panic");
    // It still stands there: the server did not wait for it.
    hall.open();
}

#[test]
fn silent_connections_do_not_hold_the_stop_up() {
    let mut server = Server::with(Limits {
        drain: LONG,
        ..Limits::default()
    });
    let mut half = server.connect();
    half.send("GET /hel");
    let mut idle = server.connect();
    idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(idle.read().status, 200);
    server.stop();
    assert_eq!(idle.read_all(), []);
    drop(half);
    server.end().expect("no panic");
}

#[test]
fn whoever_waits_for_a_place_when_the_server_stops_is_let_go() {
    let limits = Limits {
        places: places(1),
        drain: LONG,
        ..Limits::default()
    };
    let mut server = Server::with(limits);
    let mut first = server.connect();
    first.send(WAIT);
    at_the_gate(&server.state, 1);
    let mut second = server.connect();
    second.send(WAIT);
    server.stop();
    closed(&server);
    server.state.open();
    assert_eq!(first.read_all().len(), 1);
    server.end().expect("no panic");
    assert_eq!(second.read_all(), []);
    assert_eq!(server.state.waiting(), 1);
}

/// A mistake of ours ends the process, so that the service manager starts it anew.
#[test]
fn a_panic_of_a_handler_ends_the_server() {
    let mut server = Server::with(Limits::default());
    assert_eq!(server.talk("GET /fail HTTP/1.0\r\n\r\n"), []);
    let error = server.end().expect_err("the panic goes on");
    assert!(error.is_panic());
}
