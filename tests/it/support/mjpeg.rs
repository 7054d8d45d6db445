//! A camera on loopback that serves MJPEG as a script says, and then cuts the connection.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// What the server does with one connection.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sends the head of an MJPEG answer.
    Head,
    /// Sends these bytes as they are.
    Raw(Vec<u8>),
    /// Sends a whole part; `true`: with its length.
    Part(Vec<u8>, bool),
    /// Sends nothing more, but keeps the connection until the client leaves.
    Hang,
}

/// Serves each connection by the next script; the last script is used again and again.
pub fn serve(scripts: Vec<Vec<Act>>) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = listener.local_addr().expect("address");
    std::thread::spawn(move || {
        for round in 0.. {
            let Ok((stream, _)) = listener.accept() else {
                return;
            };
            let script = scripts
                .get(round)
                .or(scripts.last())
                .cloned()
                .unwrap_or_default();
            std::thread::spawn(move || {
                // A client that leaves early is part of the tests.
                let _ = play(stream, &script);
            });
        }
    });
    address
}

fn play(mut stream: TcpStream, script: &[Act]) -> std::io::Result<()> {
    let mut request = [0; 1024];
    let _ = stream.read(&mut request)?;
    for act in script {
        match act {
            Act::Head => stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--cut\r\n\r\n",
            )?,
            Act::Raw(bytes) => stream.write_all(bytes)?,
            Act::Part(bytes, counted) => {
                let length = if *counted { format!("Content-Length: {}\r\n", bytes.len()) } else { String::new() };
                stream.write_all(format!("--cut\r\nContent-Type: image/jpeg\r\n{length}\r\n").as_bytes())?;
                stream.write_all(bytes)?;
                stream.write_all(b"\r\n")?;
            }
            Act::Hang => {
                stream.set_read_timeout(Some(Duration::from_secs(60)))?;
                let _ = stream.read(&mut request)?;
            }
        }
    }
    Ok(())
}
