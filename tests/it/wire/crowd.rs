//! Crowds and dawdlers: floods of connections, half bodies, clients that take nothing. Those
//! inside go on, and whoever finds no room is told so at once.

use super::server::{Client, Hall, Server, places};
use crate::support::{LONG, eventually};
use hadir::http::door::Places;
use hadir::http::lane::Lane;
use hadir::http::server::Limits;
use std::time::Duration;

const HELLO: &str = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

fn inside(server: &Server<Hall>, count: usize) -> Vec<Client> {
    let mut clients: Vec<Client> = (0..count).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(HELLO);
        assert_eq!(client.read().status, 200);
    }
    clients
}

fn limits(places: Places) -> Limits {
    Limits {
        places,
        ..Limits::default()
    }
}

#[test]
fn whoever_finds_no_room_is_refused_at_once() {
    let server = Server::with(limits(Places {
        waiting: 0,
        ..places(2)
    }));
    let mut guests = inside(&server, 2);
    // Nothing is sent: the refusal waits for nothing.
    let answers = server.connect().read_all();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].status, 503);
    assert_eq!(answers[0].header("retry-after"), Some("1"));
    assert_eq!(answers[0].header("connection"), Some("close"));
    guests[0].send(HELLO);
    assert_eq!(guests[0].read().status, 200);
    drop(guests);
    eventually(LONG, "their places are free", || server.is_well());
}

#[test]
fn those_who_wait_too_long_are_refused() {
    let server = Server::with(limits(Places {
        wait: Duration::from_millis(20),
        ..places(1)
    }));
    let _guest = inside(&server, 1);
    let answers = server.connect().read_all();
    assert_eq!(answers[0].status, 503);
}

#[test]
fn one_address_does_not_take_all_places() {
    let server = Server::with(limits(Places {
        per_own: 2,
        ..places(50)
    }));
    let guests = inside(&server, 2);
    assert_eq!(server.connect().read_all()[0].status, 503);
    drop(guests);
    eventually(LONG, "their places are free", || server.is_well());
}

/// The files that a process may open bound the test, not the server: so it comes in waves.
#[test]
fn slow_ten_thousand_connections_leave_those_inside_alone() {
    let server = Server::with(limits(Places {
        waiting: 4,
        wait: Duration::from_millis(50),
        ..places(16)
    }));
    let mut guests = inside(&server, 16);
    let mut refused = 0;
    for _ in 0..100 {
        let wave: Vec<Client> = (0..100).map(|_| server.connect()).collect();
        for guest in &mut guests {
            guest.send(HELLO);
            assert_eq!(guest.read().status, 200);
        }
        refused += wave
            .into_iter()
            .map(Client::read_all)
            .filter(|answers| answers.iter().any(|a| a.status == 503))
            .count();
    }
    assert!(refused >= 9_000, "{refused} were told; others met a reset");
    drop(guests);
    eventually(LONG, "their places are free", || server.is_well());
}

#[test]
fn half_a_body_is_given_up() {
    let server = Server::with(Limits {
        body: Duration::from_millis(50),
        ..Limits::default()
    });
    for head in ["Content-Length: 5", "Transfer-Encoding: chunked"] {
        let begin = format!("POST /echo/x HTTP/1.1\r\nHost: a\r\n{head}\r\n\r\n2\r\n");
        let answers = server.talk(begin);
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(answers[0].status, 408);
        assert_eq!(answers[0].json()["error"]["code"], "too_slow");
        assert_eq!(answers[0].header("connection"), Some("close"));
    }
    assert!(server.is_well());
}

#[test]
fn a_client_that_takes_nothing_is_cut_off() {
    let server = Server::with(Limits {
        write: Duration::from_millis(100),
        places: Places {
            waiting: 0,
            ..places(1)
        },
        ..Limits::default()
    });
    let mut dawdler = server.connect();
    dawdler.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n");
    eventually(LONG, "the place is free although the client stays", || {
        server.is_well()
    });
    drop(dawdler);
}

#[test]
fn a_stream_nobody_takes_ends_for_its_writer() {
    let server = Server::with(Limits::default());
    let mut client = server.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    let hall = &server.state;
    eventually(LONG, "the stream is open", || {
        hall.writers.lock().expect("writers").len() == 1
    });
    drop(client);
    eventually(LONG, "the writer is told", || {
        let writers = hall.writers.lock().expect("writers");
        writers[0].is_closed() || !writers[0].send("data: x\n\n")
    });
}

fn with_lanes(ordinary: Lane) -> Server<Hall> {
    Server::changed(|service| {
        service.lanes.ordinary = ordinary;
    })
}

#[test]
fn a_full_lane_says_so_and_check_ins_go_on() {
    let server = with_lanes(Lane::new(1, 0, LONG));
    let mut first = server.connect();
    first.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    eventually(LONG, "it stands at the gate", || {
        server.state.waiting() == 1
    });
    let answers = server.talk("GET /wait HTTP/1.0\r\n\r\n");
    assert_eq!(answers[0].status, 503);
    assert_eq!(answers[0].json()["error"]["code"], "busy");
    assert_eq!(answers[0].header("retry-after"), Some("1"));
    let check_in = server.talk("POST /enter HTTP/1.0\r\n\r\n");
    assert_eq!(
        check_in[0].status, 200,
        "check-ins have places of their own"
    );
    assert!(server.is_well(), "and what comes from memory needs none");
    server.state.open();
    assert_eq!(first.read().status, 200);
}

#[test]
fn a_client_that_hangs_up_keeps_its_place_until_its_work_is_done() {
    let server = with_lanes(Lane::new(1, 0, LONG));
    let mut first = server.connect();
    first.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    eventually(LONG, "it stands at the gate", || {
        server.state.waiting() == 1
    });
    drop(first);
    assert_eq!(server.talk("GET /wait HTTP/1.0\r\n\r\n")[0].status, 503);
    server.state.open();
    eventually(LONG, "the place is free", || {
        server.talk("GET /wait HTTP/1.0\r\n\r\n")[0].status == 200
    });
}
