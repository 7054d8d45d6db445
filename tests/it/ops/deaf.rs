//! A parent that reads the daemon's stderr no more: requests are answered all the same, and what
//! could not be told is counted.

use crate::support::LONG;
use crate::support::boxed::{TestBox, listener};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// Ends the daemon whatever happens.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Each request is a line of some 200 bytes; a pipe holds 64 KiB, and the queue a thousand lines.
const REQUESTS: usize = 6_000;

#[test]
fn a_parent_that_stops_reading_holds_no_request_up() {
    let subject = TestBox::new("[limits]\ngeneral = \"off\"\n");
    let mut command = subject.command(&["serve"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut daemon = Guard(command.spawn().expect("the program starts"));
    let mut stderr = BufReader::new(daemon.0.stderr.take().expect("stderr"));
    let mut written = String::new();
    while !written.contains("event=started") {
        assert!(
            stderr.read_line(&mut written).expect("a line") > 0,
            "{written}"
        );
    }
    // From here on nobody reads.
    let stream = TcpStream::connect(listener(&written)).expect("connect");
    stream.set_read_timeout(Some(LONG)).expect("limit");
    let mut answers = BufReader::new(stream.try_clone().expect("a stream"));
    for _ in 0..REQUESTS {
        write!(&stream, "GET /nothing HTTP/1.1\r\nHost: box\r\n\r\n").expect("write");
        assert_eq!(status(&mut answers), 404);
    }
    // Whoever reads again learns how much was lost.
    let mut rest = String::new();
    while !rest.contains("event=entries_dropped") {
        let read = stderr.read_line(&mut rest).expect("a line");
        assert!(read > 0, "the parent was not deaf for long enough");
    }
    let lines = rest.matches("event=request").count();
    let told = rest.lines().find(|l| l.contains("event=entries_dropped"));
    let dropped = told
        .and_then(|line| line.split("rows=").nth(1))
        .and_then(|n| n.trim().parse().ok());
    assert_eq!(dropped, Some(REQUESTS - lines), "none is lost untold");
    // What comes then is whole again.
    let signal = Command::new("kill").arg(daemon.0.id().to_string()).status();
    assert!(signal.expect("kill").success());
    stderr.read_to_string(&mut rest).expect("the rest");
    assert!(rest.contains("event=stopping") && rest.contains("event=stopped"));
    assert!(daemon.0.wait().expect("the end").success());
}

/// Reads an answer to its end, and gives its status.
fn status(answers: &mut impl BufRead) -> u16 {
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        assert!(answers.read_line(&mut head).expect("an answer in time") > 0);
        let line = head.lines().last().unwrap_or_default().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body).expect("a body");
    head.split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .expect("a status")
}
