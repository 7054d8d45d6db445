//! The command line's end of the control socket.

use crate::base::json::{self, JsonError};
use crate::base::limits;
use crate::surface::control::{Answer, Command};
use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// Longest answer, in bytes: a list of all people.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Why the daemon gave no answer.
#[derive(Debug)]
pub enum ClientError {
    /// No daemon listens there.
    NoDaemon,
    /// It may not be opened, or the connection broke.
    Io(io::Error),
    /// The command or the answer is not of its form.
    Form(JsonError),
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDaemon => f.write_str("no daemon listens there"),
            Self::Io(error) => write!(f, "{error}"),
            Self::Form(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ClientError {}

fn connect(path: &Path) -> Result<UnixStream, ClientError> {
    const NOBODY: [io::ErrorKind; 2] = [io::ErrorKind::NotFound, io::ErrorKind::ConnectionRefused];
    UnixStream::connect(path).map_err(|e| {
        if NOBODY.contains(&e.kind()) {
            ClientError::NoDaemon
        } else {
            ClientError::Io(e)
        }
    })
}

/// Sends a command and waits for its answer.
///
/// # Errors
/// [`ClientError`]. With `Io` it is not known whether the command was carried out.
pub fn send(path: &Path, command: &Command) -> Result<Answer, ClientError> {
    let mut stream = connect(path)?;
    let limit = Some(Duration::from_millis(command.ms_max()));
    let mut line = json::encode(command).map_err(ClientError::Form)?;
    if line.len() > limits::CONTROL_LINE_BYTES_MAX {
        return Err(ClientError::Form(JsonError::TooLarge(
            limits::CONTROL_LINE_BYTES_MAX,
        )));
    }
    line.push('\n');
    let mut exchange = || {
        stream.set_read_timeout(limit)?;
        stream.set_write_timeout(limit)?;
        stream.write_all(line.as_bytes())?;
        stream.shutdown(Shutdown::Write)?;
        let mut answer = Vec::new();
        (&mut stream)
            .take(ANSWER_BYTES_MAX as u64 + 1)
            .read_to_end(&mut answer)?;
        Ok(answer)
    };
    let answer = exchange().map_err(ClientError::Io)?;
    json::decode(&answer, ANSWER_BYTES_MAX).map_err(ClientError::Form)
}
