//! Listening sockets that the service manager hands over (sd_listen_fds(3)).

use crate::support::LONG;
use crate::support::boxed::{Daemon, TestBox};
use crate::support::program::Running;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

/// Moves the socket from stdin to where handed-over sockets begin, and becomes the daemon.
const HAND_OVER: &str =
    r#"exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" "$@""#;

fn socket() -> (TcpListener, SocketAddr) {
    let socket = TcpListener::bind("127.0.0.1:0").expect("bind");
    let address = socket.local_addr().expect("address");
    (socket, address)
}

/// Starts the daemon with a socket handed over; the test keeps it open, as systemd does.
fn serve(subject: &TestBox, socket: &TcpListener, address: SocketAddr) -> Daemon {
    let daemon = subject.command(&["serve"]);
    let mut command = Command::new("sh");
    command.arg("-c").arg(HAND_OVER).arg(daemon.get_program());
    command.args(daemon.get_args());
    command.env("HADIR_LISTENER__0__ADDRESS", address.to_string());
    let handed: OwnedFd = socket.try_clone().expect("clone").into();
    let mut running = Running::start_with(command, Stdio::from(handed));
    running.wait_for("event=started");
    Daemon { running }
}

#[test]
fn a_handed_over_socket_is_served_and_outlives_the_daemon() {
    let subject = TestBox::new("");
    let (socket, address) = socket();
    let mut daemon = serve(&subject, &socket, address);
    assert_eq!(daemon.address(), address.to_string());
    assert_eq!(daemon.get("/health").0, 200);
    daemon.running.signal("KILL");
    daemon.running.end();
    let mut waiting = TcpStream::connect(address).expect("the socket still takes visitors");
    waiting.set_read_timeout(Some(LONG)).expect("limit");
    write!(
        waiting,
        "GET /health HTTP/1.1\r\nHost: box\r\nConnection: close\r\n\r\n"
    )
    .expect("write");
    let _again = serve(&subject, &socket, address);
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

#[test]
fn a_socket_that_nobody_asks_for_is_told() {
    let subject = TestBox::new("");
    let (foreign, elsewhere) = socket();
    let (own, address) = socket();
    drop(own); // free again
    let mut daemon = serve(&subject, &foreign, address);
    daemon
        .running
        .wait_for("no listener of the configuration asks for");
    assert!(daemon.running.written().contains(&elsewhere.to_string()));
    assert_eq!(daemon.get("/health").0, 200);
}
