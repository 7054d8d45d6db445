//! The daemon's end of the control socket: one command a connection, one line each way. The
//! socket is the owner's alone (mode 0600); whoever may open it is the operator.

use crate::base::cause::Cause;
use crate::base::json;
use crate::base::limits;
use crate::surface::control::{Answer, Command, Refusal, execute, read};
use crate::surface::core::Core;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};

/// Commands that are carried out at once, most.
const COMMANDS_AT_ONCE_MAX: usize = 4;

/// Reads the configuration anew, as the daemon does it.
pub type Reload = Arc<dyn Fn() -> Result<json::Value, Refusal> + Send + Sync>;

/// The socket; its file goes when it is dropped.
#[derive(Debug)]
pub struct Control {
    listener: UnixListener,
    path: PathBuf,
}

impl Drop for Control {
    fn drop(&mut self) {
        // If it cannot be removed, the next start replaces it.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Control {
    /// Makes the socket, in place of one that a killed daemon has left. The caller holds the
    /// store's lock, so no other daemon is using it. It takes its name only once its mode is
    /// right.
    ///
    /// # Errors
    /// If the folder does not exist or may not be written.
    pub fn bind(path: &Path) -> io::Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = PathBuf::from(name);
        match std::fs::remove_file(&new) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&new)?;
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600))?;
        std::fs::rename(&new, path)?;
        Ok(Self {
            listener,
            path: path.to_owned(),
        })
    }

    /// Serves until `stop` turns true, then lets the commands under way end. `reload` reads the
    /// configuration anew.
    pub async fn serve(self, core: Arc<Core>, reload: Reload, mut stop: watch::Receiver<bool>) {
        let places = Arc::new(Semaphore::new(COMMANDS_AT_ONCE_MAX));
        loop {
            let accepted = async {
                let place = Arc::clone(&places).acquire_owned().await.ok()?;
                let (stream, _) = self.listener.accept().await.ok()?;
                Some((stream, place))
            };
            let accepted = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                accepted = accepted => accepted,
            };
            if let Some((stream, place)) = accepted {
                let (core, reload) = (Arc::clone(&core), Arc::clone(&reload));
                tokio::spawn(async move {
                    // Whoever has gone away or is too slow gets no answer; a command that was
                    // begun ends all the same.
                    let _ = converse(stream, core, reload).await;
                    drop(place);
                });
            }
        }
        let all = u32::try_from(COMMANDS_AT_ONCE_MAX).unwrap_or(u32::MAX);
        let drain = Duration::from_millis(limits::DRAIN_MS_MAX);
        let _ = tokio::time::timeout(drain, places.acquire_many(all)).await;
    }
}

/// One exchange: each step has its time.
async fn converse(stream: UnixStream, core: Arc<Core>, reload: Reload) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let limit = Duration::from_millis(limits::CONTROL_MS_MAX);
    let line = tokio::time::timeout(limit, listen(&mut stream)).await??;
    let answer = match line {
        Err(refusal) => Err(refusal),
        Ok(command) => {
            let limit = Duration::from_millis(command.ms_max());
            let done = tokio::task::spawn_blocking(move || {
                if command == Command::Reload {
                    reload()
                } else {
                    execute(&core, command)
                }
            });
            tokio::time::timeout(limit, done)
                .await?
                .unwrap_or_else(|_| Err(Refusal::new(Cause::Internal, "the command failed")))
        }
    };
    let mut text = json::encode(&Answer::from(answer)).unwrap_or_default();
    text.push('\n');
    let answered = async {
        stream.write_all(text.as_bytes()).await?;
        stream.shutdown().await
    };
    tokio::time::timeout(limit, answered).await?
}

/// Reads the whole line before anything is done, so that half a command does nothing.
async fn listen(stream: &mut BufReader<UnixStream>) -> io::Result<Result<Command, Refusal>> {
    let mut line = Vec::new();
    let most = limits::CONTROL_LINE_BYTES_MAX as u64 + 1;
    stream.take(most).read_until(b'\n', &mut line).await?;
    Ok(match line.strip_suffix(b"\n") {
        None => Err(Refusal::new(
            Cause::Invalid,
            "a command is one line that ends",
        )),
        Some(line) => read(line),
    })
}
